//! The change that was done last, kept for `undo`.

use std::path::Path;

use crate::error::{Error, Result};
use crate::project::change::folder::{ChangeFolder, Direction, Shelf};
use crate::project::change::journal::{Side, Step};
use crate::project::change::local::{self, Local};
use crate::project::change::{ChangeSet, Transition};
use crate::tree::Node;

/// Gives the change that was applied last, with what was added to it; paths that were left alone
/// are no part of it.
pub fn last(root: &Path) -> Result<Option<ChangeSet>> {
    let Some(local) = Local::open(root)? else {
        return Ok(None);
    };
    let folder = local.last();
    if folder.direction()?.is_none() {
        return Ok(None);
    }
    let journal = folder.journal(Direction::Forward)?;
    let steps = journal.steps.iter().filter(|step| !step.left);
    let transitions = steps.map(|step| transition(&folder, step));
    Ok(Some(ChangeSet {
        title: journal.title.clone(),
        transitions: transitions.collect::<Result<_>>()?,
    }))
}

/// Adds to the last change what a step did afterwards, such as making the lock file again, so that
/// `undo` takes it back, too.
///
/// The transitions are done on disk. One at a path of the change goes on from there.
pub fn amend_last(root: &Path, transitions: Vec<Transition>) -> Result<()> {
    if transitions.is_empty() {
        return Ok(());
    }
    let nothing = || Error::failed("there is no change of the project to add something to");
    let local = Local::open(root)?.ok_or_else(nothing)?;
    let folder = local.last();
    folder.direction()?.ok_or_else(nothing)?;
    let mut journal = folder.journal(Direction::Forward)?;
    for mut transition in transitions {
        if local::owns(&transition.path) {
            return Err(Error::failed(format!(
                "'{}' can't be in a change of the project",
                transition.path
            )));
        }
        let number = next_number(&journal.steps);
        let same = |step: &Step| step.path == transition.path && !step.left;
        if let Some(index) = journal.steps.iter().position(same) {
            let earlier = journal.steps.remove(index);
            transition.before = node(&folder, Shelf::Before, &earlier, earlier.before.as_ref())?;
        }
        if transition.before == transition.after {
            continue;
        }
        let step = Step {
            path: transition.path.clone(),
            number,
            before: transition.before.as_ref().map(Side::of),
            after: transition.after.as_ref().map(Side::of),
            is_private: transition.is_private,
            left: false,
        };
        folder.clear(&step)?;
        folder.keep(&step, &transition)?;
        journal.steps.push(step);
    }
    folder.write_journal(&journal)
}

/// Gives a number that no step has.
fn next_number(steps: &[Step]) -> usize {
    let highest = steps.iter().map(|step| step.number).max();
    highest.map_or(0, |highest| highest.saturating_add(1))
}

/// Reads both sides of a step.
fn transition(folder: &ChangeFolder, step: &Step) -> Result<Transition> {
    Ok(Transition {
        path: step.path.clone(),
        before: node(folder, Shelf::Before, step, step.before.as_ref())?,
        after: node(folder, Shelf::After, step, step.after.as_ref())?,
        is_private: step.is_private,
    })
}

fn node(
    folder: &ChangeFolder,
    shelf: Shelf,
    step: &Step,
    side: Option<&Side>,
) -> Result<Option<Node>> {
    side.map(|side| folder.read(shelf, step, side)).transpose()
}
