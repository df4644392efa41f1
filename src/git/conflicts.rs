//! Conflicts in git's index, so that `git status` and merge tools know them.
//!
//! They look as after a `git merge`: stage 1 is what both sides came from, 2 the user's, 3 the
//! template's. Only the index and the objects change, never a file of the project.

use std::io::Write;
use std::path::Path;

use git2::{Index, IndexEntry, IndexTime, Oid, Repository};

use crate::error::{Error, Result};
use crate::git::stage::mode_of;
use crate::git::work_tree::{WorkTree, git_path};
use crate::tree::{Entry, ProjectPath};

/// The stage of the user's side.
const YOURS: u16 = 2;

/// The stages of a conflict.
const STAGES: [u16; 3] = [1, YOURS, 3];

/// Where the stage begins in the flags of an entry.
const STAGE_SHIFT: u16 = 12;

/// The time of the user's side of a conflict, in seconds, when git had the file before; otherwise
/// it is 0. Git doesn't read it, and keeps it.
const TRACKED: i32 = 1;

/// A path where both sides changed something, with what each has; a side without it has no file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// The path in the project.
    pub path: ProjectPath,
    /// What both sides came from.
    pub base: Option<Entry>,
    /// What the user has.
    pub yours: Option<Entry>,
    /// What the template wants.
    pub desired: Option<Entry>,
}

/// Puts conflicts into the index of the project's repository, and tells whether there were any.
///
/// There are none without a repository, at a path that it ignores, or where it has a folder in
/// the place of a file.
pub fn mark_conflicts(root: &Path, conflicts: &[Conflict]) -> Result<bool> {
    change_index(root, |work_tree, index| {
        let mut changed = false;
        for conflict in conflicts {
            changed |= mark(work_tree, index, conflict)?;
        }
        Ok(changed)
    })
}

/// Takes conflicts out of the index again, when the project is as it was before them.
///
/// A file that git had before gets the content of `before` there, so that it is neither changed
/// nor in conflict. A path that isn't in conflict any more, because the user resolved it, stays as
/// it is.
pub fn clear_conflicts(root: &Path, paths: &[(ProjectPath, Option<Entry>)]) -> Result<()> {
    change_index(root, |work_tree, index| {
        let mut changed = false;
        for (path, before) in paths {
            changed |= clear(work_tree, index, path, before.as_ref())?;
        }
        Ok(changed)
    })?;
    Ok(())
}

/// Changes the index on disk, if there is one and something to change, and tells whether.
fn change_index(
    root: &Path,
    change: impl FnOnce(&WorkTree, &mut Index) -> Result<bool, git2::Error>,
) -> Result<bool> {
    let Some(work_tree) = WorkTree::find(root)? else {
        return Ok(false);
    };
    let changed = || {
        let mut index = work_tree.repository.index()?;
        let changed = change(&work_tree, &mut index)?;
        if changed {
            index.write()?;
        }
        Ok(changed)
    };
    changed().map_err(|error: git2::Error| {
        Error::failed(format!(
            "can't change git's index of '{}': {}",
            root.display(),
            error.message()
        ))
    })
}

/// Puts one conflict into the index, and tells whether it could.
fn mark(work_tree: &WorkTree, index: &mut Index, conflict: &Conflict) -> Result<bool, git2::Error> {
    let path = work_tree.path(conflict.path.as_str());
    let is_tracked = was_tracked(work_tree, index, &path) || has_stage(index, &path, 0);
    if !is_tracked && work_tree.ignores(&conflict.path) || collides(work_tree, index, conflict) {
        return Ok(false);
    }
    remove(index, &path)?;
    let sides = [&conflict.base, &conflict.yours, &conflict.desired];
    for (stage, side) in STAGES.into_iter().zip(sides) {
        if let Some(entry) = side {
            let mut staged = staged(&work_tree.repository, &path, entry)?;
            staged.flags = stage << STAGE_SHIFT;
            if stage == YOURS && is_tracked {
                staged.mtime = IndexTime::new(TRACKED, 0);
            }
            index.add(&staged)?;
        }
    }
    Ok(true)
}

/// Takes one conflict out of the index, and tells whether there was one.
fn clear(
    work_tree: &WorkTree,
    index: &mut Index,
    path: &ProjectPath,
    before: Option<&Entry>,
) -> Result<bool, git2::Error> {
    let path = work_tree.path(path.as_str());
    if !STAGES.iter().any(|stage| has_stage(index, &path, *stage)) {
        return Ok(false);
    }
    let was_tracked = was_tracked(work_tree, index, &path);
    remove(index, &path)?;
    if let Some(before) = before.filter(|_| was_tracked) {
        index.add(&staged(&work_tree.repository, &path, before)?)?;
    }
    Ok(true)
}

/// Tells whether git had a file before it was in conflict.
fn was_tracked(work_tree: &WorkTree, index: &Index, path: &Path) -> bool {
    let yours = index.get_path(path, YOURS.into());
    yours.is_some_and(|entry| entry.mtime.seconds() == TRACKED)
        || is_committed(&work_tree.repository, path)
}

/// Tells whether the last commit has a file.
fn is_committed(repository: &Repository, path: &Path) -> bool {
    let tree = repository.head().and_then(|head| head.peel_to_tree());
    tree.is_ok_and(|tree| tree.get_path(path).is_ok())
}

/// Tells whether the index has a folder at the path of a conflict, or a file above it.
fn collides(work_tree: &WorkTree, index: &Index, conflict: &Conflict) -> bool {
    let mut below = git_path(&work_tree.path(conflict.path.as_str()));
    below.push(b'/');
    let is_folder = index.find_prefix(below).is_ok();
    let mut folders = conflict.path.folders();
    is_folder || folders.any(|folder| has_stage(index, &work_tree.path(folder), 0))
}

/// Tells whether the index has a file at a stage.
fn has_stage(index: &Index, path: &Path, stage: u16) -> bool {
    index.get_path(path, stage.into()).is_some()
}

/// Takes a path out of the index at all stages.
fn remove(index: &mut Index, path: &Path) -> Result<(), git2::Error> {
    for stage in [0].into_iter().chain(STAGES) {
        if has_stage(index, path, stage) {
            index.remove(path, stage.into())?;
        }
    }
    Ok(())
}

/// Makes the entry of a file at stage 0, without anything that the disk says about it.
fn staged(repository: &Repository, path: &Path, entry: &Entry) -> Result<IndexEntry, git2::Error> {
    Ok(IndexEntry {
        ctime: IndexTime::new(0, 0),
        mtime: IndexTime::new(0, 0),
        dev: 0,
        ino: 0,
        mode: mode_of(entry),
        uid: 0,
        gid: 0,
        file_size: 0,
        id: store(repository, path, &entry.bytes)?,
        flags: 0,
        flags_extended: 0,
        path: git_path(path),
    })
}

/// Stores a file's content as `git add` would: with the line endings that its rules ask for.
fn store(repository: &Repository, path: &Path, bytes: &[u8]) -> Result<Oid, git2::Error> {
    let filtered = || {
        let mut writer = repository.blob_writer(Some(path)).ok()?;
        writer.write_all(bytes).ok()?;
        writer.commit().ok()
    };
    match filtered() {
        Some(id) => Ok(id),
        None => repository.blob(bytes),
    }
}

#[cfg(test)]
mod tests;
