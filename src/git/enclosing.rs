//! The repository that a folder lies in.

use std::env;
use std::path::{Path, PathBuf};

use git2::Repository;

use crate::error::Result;
use crate::file::repository;
use crate::git::work_tree::WorkTree;

/// Finds the repository that a folder would be part of, and gives its working folder.
///
/// The folder need not be there yet. One that the repository ignores is no part of it.
pub fn enclosing_repository(folder: &Path) -> Result<Option<PathBuf>> {
    let folder = std::path::absolute(folder)?;
    let Some(above) = folder.ancestors().find(|above| above.is_dir()) else {
        return Ok(None);
    };
    let Ok(real) = above.canonicalize() else {
        return Ok(None);
    };
    repository::refuse_endless_around(&real)?;
    let missing = folder.strip_prefix(above).unwrap_or(Path::new(""));
    Ok(find(&real, missing))
}

/// Finds the repository of a folder that is there, for what is missing below it.
fn find(above: &Path, missing: &Path) -> Option<PathBuf> {
    let git = Repository::discover_path(above, ceilings()).ok()?;
    let Ok(found) = WorkTree::find(above) else {
        // It is there, though we may not look into it.
        return Some(git.parent().unwrap_or(&git).to_owned());
    };
    let Some(work_tree) = found else {
        return Some(git);
    };
    // The empty end makes it a folder to git's rules.
    let inside = work_tree.path("").join(missing).join("");
    let is_ignored = !inside.as_os_str().is_empty() && work_tree.ignores_path(&inside);
    let depth = work_tree.path("").components().count();
    let root = above.ancestors().nth(depth);
    root.filter(|_| !is_ignored).map(Path::to_owned)
}

/// Gives the folders where the search ends.
pub(super) fn ceilings() -> Vec<PathBuf> {
    env::var_os("GIT_CEILING_DIRECTORIES")
        .map(|folders| env::split_paths(&folders).collect())
        .unwrap_or_default()
}
