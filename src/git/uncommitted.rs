//! Work of the user's that is in no commit yet.

use std::path::Path;

use git2::{IndexEntryExtendedFlag, Repository, StatusOptions};

use crate::error::Result;
use crate::file::listing;
use crate::git::work_tree::{Asked, WorkTree, unreadable};

/// Lists the files of a project that differ from the last commit, in order: changed, staged,
/// deleted, in conflict, or neither tracked nor ignored.
///
/// The paths are relative to `root` with `/` between names. Without a repository there are none;
/// before the first commit, every file is one. What lies in submodules isn't looked at, and what a
/// sparse checkout leaves out is as it was.
pub fn uncommitted(root: &Path) -> Result<Vec<String>> {
    let Some(work_tree) = WorkTree::find(root)? else {
        return Ok(Vec::new());
    };
    // It is only looked at, for the rules that git reads.
    listing::list(root, |_| true)?;
    let paths = match &work_tree.asked {
        Asked::Library(repository) => {
            statuses(repository, &work_tree).map_err(|error| unreadable(root, error.message()))?
        }
        Asked::Program(program) => {
            let printed = program.run(&[
                "status",
                "--porcelain",
                "-z",
                "--untracked-files=all",
                "--ignore-submodules=all",
                "--no-renames",
                "--",
                ".",
            ]);
            let printed = printed.map_err(|refusal| unreadable(root, refusal))?;
            // Two letters and a space stand before every path.
            let lines = printed.split(|byte| *byte == 0);
            lines
                .filter_map(|line| line.get(3..))
                .map(<[u8]>::to_vec)
                .collect()
        }
    };
    Ok(work_tree.inside(paths.iter().map(Vec::as_slice)))
}

/// Lists the paths of a project that have more than one version in git's index, in order: a merge,
/// or what works like one, left a conflict there.
pub fn unmerged(root: &Path) -> Result<Vec<String>> {
    let Some(work_tree) = WorkTree::find(root)? else {
        return Ok(Vec::new());
    };
    let paths = match &work_tree.asked {
        Asked::Library(repository) => {
            conflicts(repository).map_err(|error| unreadable(root, error.message()))?
        }
        Asked::Program(program) => {
            let printed = program.run(&["ls-files", "--unmerged", "-z", "--full-name"]);
            let printed = printed.map_err(|refusal| unreadable(root, refusal))?;
            let lines = printed.split(|byte| *byte == 0);
            // Mode, object and stage stand before a tab.
            let path = |line: &[u8]| {
                let tab = line.iter().position(|byte| *byte == b'\t')?;
                Some(line[tab + 1..].to_vec())
            };
            lines.filter_map(path).collect()
        }
    };
    Ok(work_tree.inside(paths.iter().map(Vec::as_slice)))
}

/// Lists what differs from the last commit.
fn statuses(repository: &Repository, work_tree: &WorkTree) -> Result<Vec<Vec<u8>>, git2::Error> {
    let mut options = StatusOptions::new();
    options
        .include_untracked(true)
        .recurse_untracked_dirs(true)
        .exclude_submodules(true);
    if let Some(prefix) = work_tree.prefix() {
        options.pathspec(prefix).disable_pathspec_match(true);
    }
    let index = repository.index()?;
    let is_left_out = |path: &[u8]| {
        let found = index.find_prefix(path).ok().and_then(|at| index.get(at));
        found.is_some_and(|entry| {
            let flags = IndexEntryExtendedFlag::from_bits_truncate(entry.flags_extended);
            entry.path == path && flags.is_skip_worktree()
        })
    };
    let statuses = repository.statuses(Some(&mut options))?;
    let changed = statuses.iter().filter(|status| {
        !(status.status() == git2::Status::WT_DELETED && is_left_out(status.path_bytes()))
    });
    Ok(changed.map(|status| status.path_bytes().to_vec()).collect())
}

/// Lists what the index has more than one version of.
fn conflicts(repository: &Repository) -> Result<Vec<Vec<u8>>, git2::Error> {
    let index = repository.index()?;
    let mut paths = Vec::new();
    for conflict in index.conflicts()? {
        let conflict = conflict?;
        let sides = [conflict.ancestor, conflict.our, conflict.their];
        paths.extend(sides.into_iter().flatten().map(|entry| entry.path));
    }
    Ok(paths)
}

#[cfg(test)]
mod tests;
