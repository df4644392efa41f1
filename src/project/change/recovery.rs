//! What a killed run left of a change: it is finished, or taken back.

use std::path::Path;

use crate::error::Result;
use crate::git::IndexChange;
use crate::interrupt;
use crate::project::change::aside::set_aside;
use crate::project::change::back;
use crate::project::change::folder::{Direction, Shelf};
use crate::project::change::forward::{self, WhenEdited};
use crate::project::change::hold::Hold;
use crate::project::change::journal::Journal;
use crate::project::change::local::{self, Local};
use crate::project::change::position::{Position, position};
use crate::project::disk;
use crate::tree::ProjectPath;

/// A change that a killed run had begun, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecoveredChange {
    /// The name of the change for people.
    pub title: String,
    /// Where the project is now.
    pub ending: Ending,
    /// The paths where it is neither, because the user edited them in between.
    pub left: Vec<LeftAlone>,
}

/// How the change of a killed run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// It is done, as if the run had come to its end, and `undo` takes it back.
    Finished,
    /// It was failing and being taken back: nothing was changed.
    TakenBack,
}

/// A path that the user edited between a killed run and its recovery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftAlone {
    /// The path, with the user's content.
    pub path: ProjectPath,
    /// Where the content is that should be at the path, if there is one.
    pub beside: Option<ProjectPath>,
}

/// Tells whether a change isn't done yet: somebody is at it, or was killed over it.
pub fn is_unfinished(root: &Path) -> Result<bool> {
    local::has_remains(root)
}

/// Finishes what a killed run left of a change, or takes it back, and tells which.
///
/// A run that was killed before it changed a file leaves nothing worth telling.
pub fn recover_change(hold: &Hold) -> Result<Option<RecoveredChange>> {
    let local = hold.local();
    if !is_unfinished(hold.root())? {
        return Ok(None);
    }
    let _hold = interrupt::hold_to_change();
    let recovered = match local.change().direction()? {
        Some(direction) => Some(recover(local, direction)?),
        None => None,
    };
    local.settle()?;
    Ok(recovered)
}

/// Brings a change to its end.
pub(super) fn recover(local: &Local, direction: Direction) -> Result<RecoveredChange> {
    let folder = local.change();
    let mut journal = folder.journal(direction)?;
    let left = match direction {
        Direction::Forward => finish(local, &journal)?,
        Direction::Back => take_back(local, &journal)?,
    };
    for step in &mut journal.steps {
        step.left |= left.contains(&step.number);
    }
    if direction == Direction::Forward && !left.is_empty() {
        // Before their contents move: what isn't there any more would count as done.
        folder.write_journal(&journal)?;
        folder.sync_journal()?;
    }
    let mut told = Vec::new();
    for step in journal.steps.iter().filter(|step| step.left) {
        told.push(LeftAlone {
            path: step.path.clone(),
            beside: set_aside(local.root(), &folder, step, direction)?,
        });
    }
    let ending = match direction {
        Direction::Forward => {
            local.promote(journal.name)?;
            Ending::Finished
        }
        Direction::Back => Ending::TakenBack,
    };
    Ok(RecoveredChange {
        title: journal.title,
        ending,
        left: told,
    })
}

/// Carries out the rest of a change whose contents are all whole.
fn finish(local: &Local, journal: &Journal) -> Result<Vec<usize>> {
    let folder = local.change();
    for step in journal.steps.iter().filter(|step| !step.left) {
        let Some(after) = &step.after else { continue };
        let is_waiting = !folder.has_moved(step, Shelf::New)?
            || position(local.root(), step, Direction::Forward)? == Position::Before;
        if is_waiting {
            folder.restage(local.root(), step, after)?;
        }
    }
    folder.sync()?;
    disk::change_index(local.root(), journal.index())?;
    forward::carry_out(local.root(), &folder, journal, WhenEdited::Leave)
}

/// Takes back what was done of a change, in git's index, too.
pub(super) fn take_back(local: &Local, journal: &Journal) -> Result<Vec<usize>> {
    let left = back::take_back(local.root(), &local.change(), journal)?;
    let index = journal.index().iter().cloned();
    let index: Vec<_> = index.map(IndexChange::reversed).collect();
    disk::change_index(local.root(), &index)?;
    Ok(left)
}
