//! The changes that are done, kept for `undo` and `redo`.

use std::path::Path;

use crate::error::{Error, Result};
use crate::git;
use crate::merge;
use crate::project::change::folder::{ChangeFolder, Direction, Shelf};
use crate::project::change::journal::{Side, Step};
use crate::project::change::local::{self, Local};
use crate::project::change::{ChangeSet, Hold, Transition, Way};
use crate::tree::{Node, ProjectPath};

/// A change of the history, for a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Past {
    /// What the user asked for.
    pub title: String,
    /// How many paths it changes.
    pub paths: usize,
}

/// Gives the change that is the next to be gone back on, with what was added to it; paths that were
/// left alone are no part of it.
pub fn last(root: &Path, way: Way) -> Result<Option<ChangeSet>> {
    let local = Local::at(root);
    // Where it can't, nothing can be changed here.
    let _ = local.take_over();
    let Some(name) = local.history()?.last(way) else {
        return Ok(None);
    };
    let folder = local.record(name);
    let journal = folder.journal(Direction::Forward)?;
    let steps: Vec<&Step> = journal.steps.iter().filter(|step| !step.left).collect();
    let index = match journal.index {
        Some(index) => index,
        None => git::assume_conflicts(root, &in_conflict(&steps)?)?,
    };
    let transitions = steps.into_iter().map(|step| transition(&folder, step));
    Ok(Some(ChangeSet {
        title: journal.title.clone(),
        transitions: transitions.collect::<Result<_>>()?,
        index,
        conflicts: journal.conflicts,
        way: None,
    }))
}

/// Gives the paths that a change can have left in conflict: its own, and those that something was
/// laid beside.
fn in_conflict(steps: &[&Step]) -> Result<Vec<ProjectPath>> {
    let mut paths = Vec::new();
    for step in steps {
        paths.push(match merge::laid_beside(step.path.as_str()) {
            Some(place) => ProjectPath::parse(place)?,
            None => step.path.clone(),
        });
    }
    Ok(paths)
}

/// Lists the changes that can be gone back on, the next one first; what can't be read ends the list.
pub fn past(root: &Path, way: Way) -> Result<Vec<Past>> {
    let local = Local::at(root);
    // Where it can't, nothing can be changed here.
    let _ = local.take_over();
    let history = local.history()?;
    let names = history.line(way).iter().rev();
    let journals = names.map_while(|name| local.record(*name).journal(Direction::Forward).ok());
    let past = journals.map(|journal| Past {
        paths: journal.steps.iter().filter(|step| !step.left).count(),
        title: journal.title,
    });
    Ok(past.collect())
}

/// Adds to the last change what a step did afterwards, such as making the lock file again, so that
/// `undo` takes it back, too.
///
/// The transitions are done on disk. One at a path of the change goes on from there.
pub fn amend_last(hold: &Hold, transitions: Vec<Transition>) -> Result<()> {
    if transitions.is_empty() {
        return Ok(());
    }
    let nothing = || Error::failed("there is no change of the project to add something to");
    let local = hold.local();
    let name = local.history()?.last(Way::Undo).ok_or_else(nothing)?;
    let folder = local.record(name);
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
    folder.sync()?;
    folder.write_journal(&journal)?;
    // It is added: what can't be waited for any more is no failure.
    let _ = folder.sync_journal();
    Ok(())
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
        like: step
            .before
            .as_ref()
            .map(|_| folder.place(Shelf::Before, step)),
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
