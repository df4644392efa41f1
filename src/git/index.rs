//! What git's index says of single paths: read and written as a whole.
//!
//! A change of a project writes down what the index said before and after it, so that each can be
//! given back: versions, stages and flags. What the index knows of the disk is left out; git looks
//! again.

use std::path::Path;

use git2::{Index, IndexEntry, IndexTime, ObjectType, Oid, Repository};
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::git::work_tree::{WorkTree, git_path};
use crate::tree::ProjectPath;

/// All stages that an entry can have.
const STAGES: [u16; 4] = [0, 1, 2, 3];

/// Where the stage begins in the flags of an entry.
const STAGE_SHIFT: u16 = 12;

/// The flag that an entry is taken for unchanged; it is the first of both sets of flags.
const ASSUMED: u16 = 0x8000;

/// The other flags that are the user's: to be added, and left out of the folder.
const EXTENDED: u16 = 0x6000;

/// One version of a file in the index.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Staged {
    stage: u16,
    mode: u32,
    id: String,
    #[serde(default)]
    flags: u16,
}

/// What becomes of one path in the index.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IndexChange {
    /// The path in the project.
    pub path: ProjectPath,
    /// Its versions before, in the order of their stages.
    pub before: Vec<Staged>,
    /// Its versions afterwards.
    pub after: Vec<Staged>,
}

impl IndexChange {
    /// Makes the change that takes this one back.
    #[must_use]
    pub fn reversed(self) -> Self {
        IndexChange {
            path: self.path,
            before: self.after,
            after: self.before,
        }
    }
}

impl Staged {
    /// Describes a version with the id of its content.
    pub(super) fn new(stage: u16, mode: u32, id: Oid) -> Self {
        Staged {
            stage,
            mode,
            id: id.to_string(),
            flags: 0,
        }
    }

    fn of(entry: &IndexEntry, stage: u16) -> Self {
        Staged {
            flags: entry.flags & ASSUMED | entry.flags_extended & EXTENDED,
            ..Staged::new(stage, entry.mode, entry.id)
        }
    }

    /// Makes the entry, without anything that the disk says about it.
    fn entry(&self, repository: &Repository, path: &Path) -> Result<IndexEntry, git2::Error> {
        let id = Oid::from_str(&self.id)?;
        if id == Oid::hash_object(ObjectType::Blob, b"")? {
            // Git doesn't store it for a file that is only to be added.
            repository.blob(b"")?;
        }
        Ok(IndexEntry {
            ctime: IndexTime::new(0, 0),
            mtime: IndexTime::new(0, 0),
            dev: 0,
            ino: 0,
            mode: self.mode,
            uid: 0,
            gid: 0,
            file_size: 0,
            id,
            flags: self.stage << STAGE_SHIFT | self.flags & ASSUMED,
            flags_extended: self.flags & EXTENDED,
            path: git_path(path),
        })
    }

    /// Tells whether the repository still has the content.
    fn is_stored(&self, repository: &Repository) -> bool {
        let is_empty = |id| Oid::hash_object(ObjectType::Blob, b"").is_ok_and(|empty| empty == id);
        let objects = repository.odb();
        Oid::from_str(&self.id)
            .is_ok_and(|id| is_empty(id) || objects.is_ok_and(|objects| objects.exists(id)))
    }
}

/// Plans to give back what the index said before changes, where nobody changed it since then.
///
/// What the user staged meanwhile stays. A version that git doesn't have any more is given back as
/// it is in the last commit.
pub fn plan_return(root: &Path, changes: &[IndexChange]) -> Result<Vec<IndexChange>> {
    if changes.is_empty() {
        return Ok(Vec::new());
    }
    let Some(work_tree) = WorkTree::find(root)? else {
        return Ok(Vec::new());
    };
    let repository = &work_tree.repository;
    let plan = || {
        let index = repository.index()?;
        let is_as_left = |change: &&IndexChange| {
            versions(&index, &work_tree.path(change.path.as_str())) == change.after
        };
        let plan = changes.iter().filter(is_as_left).map(|change| {
            let mut back = change.clone().reversed();
            if !back
                .after
                .iter()
                .all(|version| version.is_stored(repository))
            {
                back.after = committed(repository, &work_tree.path(back.path.as_str()));
            }
            back
        });
        Ok(plan.collect())
    };
    plan().map_err(|error| failed(root, &error))
}

/// Says what a run that wrote nothing down did to the index: the conflicts of these paths are its
/// own, and before them they were as in the last commit.
pub fn assume_conflicts(root: &Path, paths: &[ProjectPath]) -> Result<Vec<IndexChange>> {
    let Some(work_tree) = WorkTree::find(root)? else {
        return Ok(Vec::new());
    };
    let assume = || {
        let index = work_tree.repository.index()?;
        let mut assumed = Vec::new();
        for path in paths {
            let place = work_tree.path(path.as_str());
            let after = versions(&index, &place);
            if after.iter().any(|version| version.stage > 0) {
                assumed.push(IndexChange {
                    path: path.clone(),
                    before: committed(&work_tree.repository, &place),
                    after,
                });
            }
        }
        Ok(assumed)
    };
    assume().map_err(|error| failed(root, &error))
}

/// Changes the index, all at once; a path that isn't as it was to be before is left alone.
pub fn change_index(root: &Path, changes: &[IndexChange]) -> Result<()> {
    if changes.is_empty() {
        return Ok(());
    }
    let Some(work_tree) = WorkTree::find(root)? else {
        return Ok(());
    };
    let write = || {
        let mut index = work_tree.repository.index()?;
        let mut is_changed = false;
        for change in changes {
            is_changed |= apply(&work_tree, &mut index, change)?;
        }
        if is_changed {
            index.write()?;
        }
        Ok(())
    };
    write().map_err(|error| failed(root, &error))
}

fn apply(
    work_tree: &WorkTree,
    index: &mut Index,
    change: &IndexChange,
) -> Result<bool, git2::Error> {
    let path = work_tree.path(change.path.as_str());
    let is_blocked = !change.after.is_empty() && collides(work_tree, index, &change.path);
    if change.before == change.after || versions(index, &path) != change.before || is_blocked {
        return Ok(false);
    }
    for version in &change.before {
        index.remove(&path, version.stage.into())?;
    }
    for version in &change.after {
        index.add(&version.entry(&work_tree.repository, &path)?)?;
    }
    Ok(true)
}

/// Gives all versions of a path.
pub(super) fn versions(index: &Index, path: &Path) -> Vec<Staged> {
    let found = |stage: u16| {
        let entry = index.get_path(path, stage.into())?;
        Some(Staged::of(&entry, stage))
    };
    STAGES.into_iter().filter_map(found).collect()
}

/// Gives the version of a path that the last commit has.
pub(super) fn committed(repository: &Repository, path: &Path) -> Vec<Staged> {
    let tree = repository.head().and_then(|head| head.peel_to_tree());
    let entry = tree.and_then(|tree| tree.get_path(path));
    let mode = |entry: &git2::TreeEntry<'_>| u32::try_from(entry.filemode()).unwrap_or_default();
    entry.map_or_else(
        |_| Vec::new(),
        |entry| vec![Staged::new(0, mode(&entry), entry.id())],
    )
}

/// Tells whether the index has a folder at a path, or a file above it.
pub(super) fn collides(work_tree: &WorkTree, index: &Index, path: &ProjectPath) -> bool {
    let mut below = git_path(&work_tree.path(path.as_str()));
    below.push(b'/');
    let is_folder = index.find_prefix(below).is_ok();
    let has_file = |folder| index.get_path(&work_tree.path(folder), 0).is_some();
    is_folder || path.folders().any(has_file)
}

/// Says that the index can't be read or written.
pub(super) fn failed(root: &Path, error: &git2::Error) -> Error {
    Error::failed(format!(
        "can't change git's index of '{}': {}",
        root.display(),
        error.message()
    ))
}
