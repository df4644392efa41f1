//! What git's index says of single paths: read and written as a whole.
//!
//! A change of a project writes down what the index said before and after it, so that each can be
//! given back: versions, stages and flags. What the index knows of the disk is left out; git looks
//! again.

use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::git::entries::Entries;
use crate::git::work_tree::WorkTree;
use crate::tree::ProjectPath;

/// One version of a file in the index.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Staged {
    pub(super) stage: u16,
    pub(super) mode: u32,
    pub(super) id: String,
    #[serde(default)]
    pub(super) flags: u16,
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
    pub(super) fn new(stage: u16, mode: u32, id: String) -> Self {
        Staged {
            stage,
            mode,
            id,
            flags: 0,
        }
    }

    /// Adds what the user says of it.
    pub(super) fn with_flags(self, flags: u16) -> Self {
        Staged { flags, ..self }
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
    let entries = Entries::read(&work_tree).map_err(|reason| failed(root, reason))?;
    let is_as_left = |change: &&IndexChange| {
        entries.versions(&work_tree.path(change.path.as_str())) == change.after
    };
    let plan = changes.iter().filter(is_as_left).map(|change| {
        let mut back = change.clone().reversed();
        if !back
            .after
            .iter()
            .all(|version| entries.has_content(version))
        {
            back.after = entries.committed(&work_tree.path(back.path.as_str()));
        }
        back
    });
    Ok(plan.collect())
}

/// Says what a run that wrote nothing down did to the index: the conflicts of these paths are its
/// own, and before them they were as in the last commit.
pub fn assume_conflicts(root: &Path, paths: &[ProjectPath]) -> Result<Vec<IndexChange>> {
    let Some(work_tree) = WorkTree::find(root)? else {
        return Ok(Vec::new());
    };
    let entries = Entries::read(&work_tree).map_err(|reason| failed(root, reason))?;
    let mut assumed = Vec::new();
    for path in paths {
        let place = work_tree.path(path.as_str());
        let after = entries.versions(&place);
        if after.iter().any(|version| version.stage > 0) {
            assumed.push(IndexChange {
                path: (*path).clone(),
                before: entries.committed(&place),
                after,
            });
        }
    }
    Ok(assumed)
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
        let mut entries = Entries::read(&work_tree)?;
        let mut is_changed = false;
        for change in changes {
            is_changed |= apply(&work_tree, &mut entries, change)?;
        }
        if is_changed {
            entries.write()?;
        }
        Ok(())
    };
    write().map_err(|reason: String| failed(root, reason))
}

fn apply(
    work_tree: &WorkTree,
    entries: &mut Entries,
    change: &IndexChange,
) -> Result<bool, String> {
    let path = work_tree.path(change.path.as_str());
    let is_blocked = !change.after.is_empty() && entries.collide(&change.path);
    if change.before == change.after || entries.versions(&path) != change.before || is_blocked {
        return Ok(false);
    }
    entries.replace(&path, &change.after)?;
    Ok(true)
}

/// Says that the index can't be read or written.
pub(super) fn failed(root: &Path, reason: impl std::fmt::Display) -> Error {
    Error::failed(format!(
        "can't change git's index of '{}': {reason}",
        root.display()
    ))
}
