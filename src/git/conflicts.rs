//! Conflicts in git's index, so that `git status` and merge tools know them.
//!
//! They look as after a `git merge`: stage 1 is what both sides came from, 2 the user's, 3 the
//! template's. It decides what the index is to say, and stores the contents; it writes no index.

use std::path::Path;

use crate::error::Result;
use crate::git::entries::Entries;
use crate::git::index::{IndexChange, failed};
use crate::git::work_tree::WorkTree;
use crate::tree::{Entry, ProjectPath};

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

/// Plans to put conflicts into the index of the project's repository.
///
/// There is nothing to do without a repository, at a path that it ignores, or where it has a
/// folder in the place of a file.
pub fn plan_conflicts(root: &Path, conflicts: &[Conflict]) -> Result<Vec<IndexChange>> {
    if conflicts.is_empty() {
        return Ok(Vec::new());
    }
    let Some(work_tree) = WorkTree::find(root)? else {
        return Ok(Vec::new());
    };
    let plan = || {
        let entries = Entries::read(&work_tree)?;
        let mut changes = Vec::new();
        for conflict in conflicts {
            changes.extend(plan(&work_tree, &entries, conflict)?);
        }
        Ok(changes)
    };
    plan().map_err(|reason: String| failed(root, reason))
}

/// Plans to put one conflict into the index, if it can be there.
fn plan(
    work_tree: &WorkTree,
    entries: &Entries,
    conflict: &Conflict,
) -> Result<Option<IndexChange>, String> {
    let path = work_tree.path(conflict.path.as_str());
    let before = entries.versions(&path);
    let is_tracked = !before.is_empty() || !entries.committed(&path).is_empty();
    let is_ignored = !is_tracked && work_tree.ignores(&conflict.path);
    if is_ignored || entries.collide(&conflict.path) {
        return Ok(None);
    }
    let sides = [&conflict.base, &conflict.yours, &conflict.desired];
    let mut after = Vec::new();
    for (stage, side) in (1..).zip(sides) {
        if let Some(entry) = side {
            after.push(entries.store(&path, stage, entry)?);
        }
    }
    Ok(Some(IndexChange {
        path: conflict.path.clone(),
        before,
        after,
    }))
}

#[cfg(test)]
mod tests;
