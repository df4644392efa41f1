//! What git has begun in a project must not be written over, nor what it keeps off the disk.

use std::collections::BTreeSet;
use std::path::Path;

use super::dirty::{left_open, shown};
use super::node_at;
use crate::error::{Error, Result};
use crate::git;
use crate::project::change::{OwnWork, Transition};
use crate::tree::ProjectPath;
use crate::ui::Ui;

/// Refuses to change a project while git has more than one version of a file in it: writing would
/// lose what both sides have. The conflicts that are taken back are no reason.
///
/// While git is at work without a conflict, what is done becomes a part of that work, and is said
/// to be.
pub fn refuse_unmerged(ui: Ui, root: &Path, taken_back: &BTreeSet<&ProjectPath>) -> Result<()> {
    let unmerged: Vec<String> = git::unmerged(root)?
        .into_iter()
        .filter(|path| !taken_back.iter().any(|back| back.as_str() == path))
        .collect();
    let unfinished = git::unfinished(root)?;
    if unmerged.is_empty() {
        if let Some(git::Unfinished { command, give_up }) = unfinished {
            ui.warn(&format!(
                "a {command} is in progress: '{give_up}' would take this away, too"
            ));
        }
        return Ok(());
    }
    let own = OwnWork::read(root)?;
    for name in &unmerged {
        let Ok(path) = ProjectPath::parse(name) else {
            continue;
        };
        if let Some(found) = node_at(root, &path)?
            && let Some(title) = own.open_conflict(&path, &found)
        {
            return Err(left_open(title, name));
        }
    }
    let paths = shown(&unmerged);
    let error = Error::failed(format!(
        "git has unsettled conflicts in the project: {paths}"
    ));
    Err(match unfinished {
        Some(git::Unfinished { command, give_up }) => error.hint(format!(
            "settle them and finish the {command} first, or give it up: {give_up}"
        )),
        None => error.hint(
            "settle them and say so with 'git add' first; 'pyscaffold undo' takes back those of the last change",
        ),
    })
}

/// Refuses to write files that a sparse checkout leaves out: git takes them for unchanged.
pub fn refuse_left_out(root: &Path, transitions: &[Transition]) -> Result<()> {
    let left_out = git::left_out(root)?;
    let paths = transitions.iter().map(|one| one.path.as_str());
    let left_out: Vec<String> = paths
        .filter(|path| left_out.iter().any(|out| out == path))
        .map(str::to_owned)
        .collect();
    if left_out.is_empty() {
        return Ok(());
    }
    let paths = shown(&left_out);
    Err(Error::failed(format!(
        "the sparse checkout leaves out what is to change: {paths}"
    ))
    .hint("take these files in first, with 'git sparse-checkout add' and their folders"))
}
