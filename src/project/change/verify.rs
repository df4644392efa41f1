//! The look at a project before it changes: everything must be as the change takes it to be.

use std::collections::HashSet;
use std::path::Path;

use crate::error::{Error, Result};
use crate::project::change::journal::Side;
use crate::project::change::look::{Found, is_blocked, is_hollow, look};
use crate::project::change::{ChangeSet, Transition, local};

/// Fails when a path isn't what it was, or can't become what it should; names all of them.
pub(super) fn check(root: &Path, set: &ChangeSet) -> Result<()> {
    let removed: HashSet<&str> = set
        .transitions
        .iter()
        .filter(|transition| transition.after.is_none())
        .map(|transition| transition.path.as_str())
        .collect();
    let mut seen = HashSet::new();
    let mut problems = Vec::new();
    for transition in &set.transitions {
        let path = &transition.path;
        if !seen.insert(path.as_str()) || local::owns(path) {
            return Err(Error::failed(format!(
                "'{path}' can't be in a change of the project, or not twice"
            )));
        }
        problems.extend(problem(root, transition, &removed)?);
    }
    if problems.is_empty() {
        return Ok(());
    }
    let problems = problems.join(", ");
    Err(Error::failed(format!(
        "the project isn't what it was when the command began: {problems}; nothing was changed"
    ))
    .hint("run the command again"))
}

/// Says what is wrong with a path.
fn problem(
    root: &Path,
    transition: &Transition,
    removed: &HashSet<&str>,
) -> Result<Option<String>> {
    let path = &transition.path;
    let is_new = transition.before.is_none();
    if is_new && path.folders().any(|folder| removed.contains(folder)) {
        // A file or a link above it makes place for a folder.
        return Ok(None);
    }
    let problem = match look(root, path)? {
        Found::Nothing if is_new => {
            let is_blocked = transition.after.is_some() && is_blocked(root, path)?;
            is_blocked.then(|| format!("a file is in the place of a folder above '{path}'"))
        }
        Found::Node(node) => {
            let expected = transition.before.as_ref().map(Side::of);
            let is_same = expected.is_some_and(|side| side.describes(&node));
            let what = if is_new { "is there now" } else { "was edited" };
            (!is_same).then(|| format!("'{path}' {what}"))
        }
        Found::Folder if is_new && transition.after.is_some() => {
            let stranger = stranger(root, path.as_str(), removed)?;
            stranger.map(|stranger| format!("'{stranger}' is in the way of '{path}'"))
        }
        Found::Nothing => Some(format!("'{path}' is gone")),
        Found::Folder => Some(format!("'{path}' is a folder")),
        Found::Other => Some(format!("'{path}' is no file")),
        Found::BehindLink => Some(format!("'{path}' lies behind a symbolic link")),
    };
    Ok(problem)
}

/// Finds something in a folder that stays when all that is to be removed is gone.
fn stranger(root: &Path, folder: &str, removed: &HashSet<&str>) -> Result<Option<String>> {
    for entry in fs_err::read_dir(root.join(folder))? {
        let entry = entry?;
        let path = format!("{folder}/{}", entry.file_name().display());
        if removed.contains(path.as_str()) {
            continue;
        }
        let below = format!("{path}/");
        let is_emptied = entry.file_type()?.is_dir()
            && removed.iter().any(|removed| removed.starts_with(&below));
        if !is_emptied {
            let is_empty = entry.file_type()?.is_dir() && is_hollow(&entry.path())?;
            if is_empty {
                continue;
            }
            return Ok(Some(path));
        }
        if let Some(stranger) = stranger(root, &path, removed)? {
            return Ok(Some(stranger));
        }
    }
    Ok(None)
}
