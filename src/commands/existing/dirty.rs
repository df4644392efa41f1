//! Whose work it is that no commit has.

use std::path::Path;

use super::node_at;
use crate::error::{Error, Result};
use crate::git;
use crate::project::change::OwnWork;
use crate::tree::ProjectPath;

/// How many paths a message names.
const SHOWN: usize = 5;

/// Refuses to go on over work of the user's that no commit has.
///
/// A file is not the user's work when our own changes alone lead from the last commit to what is
/// in the folder and in the index: they are remembered, and `undo` gives back what was before.
pub fn refuse_uncommitted(root: &Path) -> Result<()> {
    let mut uncommitted = git::uncommitted(root)?;
    let own = OwnWork::read(root)?;
    if !uncommitted.is_empty() && !own.is_empty() {
        let kept = git::kept(root, &uncommitted)?;
        let mut left = Vec::new();
        for (name, kept) in uncommitted.into_iter().zip(kept) {
            if !is_explained(root, &own, (&name, kept))? {
                left.push(name);
            }
        }
        uncommitted = left;
    }
    if uncommitted.is_empty() {
        return Ok(());
    }
    Err(Error::failed(format!(
        "there is uncommitted work in the project: {}",
        shown(&uncommitted)
    ))
    .hint("commit it first, or go on with --allow-dirty; 'pyscaffold undo' gives it back then"))
}

/// Tells whether a file is as our changes made it of what git has; fails where they left a conflict.
fn is_explained(
    root: &Path,
    own: &OwnWork,
    (name, kept): (&str, Option<git::Kept>),
) -> Result<bool> {
    let Ok(path) = ProjectPath::parse(name) else {
        return Ok(false);
    };
    let found = node_at(root, &path)?;
    if let Some(found) = &found
        && let Some(title) = own.open_conflict(&path, found)
    {
        return Err(left_open(title, name));
    }
    let Some(kept) = kept else {
        return Ok(false);
    };
    let committed = kept.committed.as_ref();
    let mut versions = vec![found.as_ref()];
    if committed.is_some() || kept.staged.is_some() {
        versions.push(kept.staged.as_ref());
    }
    Ok(own.explains(&path, committed, &versions))
}

/// Says that a change of ours left a conflict that nobody has resolved.
pub(super) fn left_open(title: &str, name: &str) -> Error {
    Error::failed(format!(
        "'{title}' left a conflict in '{name}' that is still open"
    ))
    .hint("resolve it and commit, or take the change back: pyscaffold undo")
}

/// Writes the first paths of a list, for a message.
pub(super) fn shown(paths: &[String]) -> String {
    let mut shown = paths[..paths.len().min(SHOWN)].join(", ");
    if paths.len() > SHOWN {
        shown += &format!(" and {} more", paths.len() - SHOWN);
    }
    shown
}
