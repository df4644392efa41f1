//! Work of the user's that is in no commit yet.

use std::path::Path;

use git2::StatusOptions;

use crate::error::Result;
use crate::file::listing;
use crate::git::work_tree::{WorkTree, git_path, unreadable};

/// Lists the files of a project that differ from the last commit, in order: changed, staged,
/// deleted, in conflict, or neither tracked nor ignored.
///
/// The paths are relative to `root` with `/` between names. Without a repository there are none;
/// before the first commit, every file is one. What lies in submodules isn't looked at.
pub fn uncommitted(root: &Path) -> Result<Vec<String>> {
    let Some(work_tree) = WorkTree::find(root)? else {
        return Ok(Vec::new());
    };
    // It is only looked at, for the rules that git reads.
    listing::list(root, |_| true)?;
    let mut options = StatusOptions::new();
    options
        .include_untracked(true)
        .recurse_untracked_dirs(true)
        .exclude_submodules(true);
    if let Some(prefix) = work_tree.prefix() {
        options.pathspec(prefix).disable_pathspec_match(true);
    }
    let statuses = work_tree
        .repository
        .statuses(Some(&mut options))
        .map_err(|error| unreadable(root, &error))?;
    let prefix = work_tree.prefix().map(git_path).unwrap_or_default();
    let mut paths: Vec<String> = statuses
        .iter()
        .filter_map(|status| below(&prefix, status.path_bytes()))
        .collect();
    paths.sort();
    paths.dedup();
    Ok(paths)
}

/// Gives a path of the repository as the folder sees it, if it lies there.
fn below(folder: &[u8], path: &[u8]) -> Option<String> {
    let path = if folder.is_empty() {
        path
    } else {
        path.strip_prefix(folder)?.strip_prefix(b"/")?
    };
    Some(String::from_utf8_lossy(path).into_owned())
}

#[cfg(test)]
mod tests;
