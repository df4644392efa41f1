//! What lies in a folder and isn't ignored.
//!
//! The rules are git's, and are read from the folder itself, which can be one that somebody sent.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use ignore::{DirEntry, WalkBuilder};

use super::{refuse_endless, repository};

/// The files of rules that libraries read in every folder.
const RULES: [&str; 2] = [".gitignore", ".gitattributes"];

/// The largest file of rules, in bytes.
pub(super) const MAX_RULES: u64 = 4 * 1024 * 1024;

/// Lists what isn't a folder and isn't ignored, in no order; git's own folders are left out, and so
/// are folders that aren't wanted.
///
/// Fails where somebody who reads the rules would hang. What can't be listed is left out.
pub fn list(
    root: &Path,
    is_wanted: impl Fn(&DirEntry) -> bool + Send + Sync + 'static,
) -> io::Result<Vec<PathBuf>> {
    // Above a project, ignore files are about it only when they are in one repository with it: a
    // home folder can have one, too.
    let is_in_repository = root.ancestors().any(|folder| folder.join(".git").exists());
    repository::refuse_endless_around(root)?;
    refuse_endless_rules(root)?;
    if is_in_repository {
        root.ancestors().try_for_each(refuse_endless_rules)?;
    }
    let refused = Arc::new(Mutex::new(None));
    let refusal = Arc::clone(&refused);
    let walk = WalkBuilder::new(root)
        .hidden(false)
        .require_git(is_in_repository)
        .parents(is_in_repository)
        .ignore(false)
        .filter_entry(move |entry| {
            if entry.file_name() == ".git" || !is_wanted(entry) {
                return false;
            }
            if !entry.file_type().is_some_and(|kind| kind.is_dir()) {
                return true;
            }
            let Err(error) = refuse_endless_rules(entry.path()) else {
                return true;
            };
            *refusal.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
            false
        })
        .build();
    let listed = walk
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_some_and(|kind| !kind.is_dir()))
        .map(DirEntry::into_path)
        .collect();
    let refused = refused
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .take();
    refused.map_or(Ok(listed), Err)
}

/// Fails where a library that reads the rules of a folder would hang.
pub(super) fn refuse_endless_rules(folder: &Path) -> io::Result<()> {
    RULES
        .iter()
        .try_for_each(|name| refuse_endless(&folder.join(name), MAX_RULES))
}
