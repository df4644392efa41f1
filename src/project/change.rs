//! The change of a project that is there, all or nothing.
//!
//! Everything is written into a private folder of the project first, and then only moves:
//!
//! ```text
//! .pyscaffold/local/         ignored by git
//!     lock                   held as long as somebody works on it
//!     change/                a change that isn't done yet
//!         before/ after/     what each path was and becomes, under its number
//!         new/               what will move to its place
//!         journal            from the moment when files begin to change
//!     history/               the changes that are done: the same for each, for `undo` and `redo`
//!         7/  8-undoes-6/    a change; one that took another one back
//! ```
//!
//! A process that ends at any moment leaves the project as it was, or changed, or with a journal;
//! [`recover_change`] finishes that. The same is true when the power goes: the contents are on the
//! disk before the journal is, the journal before the first move, the files before the state, and
//! the state before the change counts as done. The journal knows the hash of every content, and
//! none is trusted without.

mod aside;
mod back;
mod folder;
mod forward;
mod glimpse;
mod history;
mod hold;
mod journal;
mod local;
pub(super) mod look;
mod own;
mod position;
mod record;
mod recovery;
mod trial;
mod verify;

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::git::IndexChange;
use crate::interrupt::{self, Interrupt};
use crate::tree::{Node, ProjectPath};

pub use glimpse::Glimpse;
pub use history::Way;
pub use hold::{Hold, Patience, at_work};
pub use look::{Found, is_blocked, is_hollow, look};
pub use own::OwnWork;
pub use record::{Past, amend_last, last, past};
pub use recovery::{Ending, LeftAlone, RecoveredChange, is_unfinished, recover_change};
pub use trial::try_out;

use folder::ChangeFolder;
use forward::WhenEdited;
use journal::Journal;
use local::Local;

use super::disk;

/// What becomes of one path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transition {
    /// The path in the project.
    pub path: ProjectPath,
    /// What lies there before.
    pub before: Option<Node>,
    /// What lies there afterwards.
    pub after: Option<Node>,
    /// Whether only its owner may read a file that is new there.
    pub is_private: bool,
    /// The file whose rights and attributes one that is new there gets, as seen from the project.
    pub like: Option<PathBuf>,
}

/// The paths with conflicts that are left to the user.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conflicts {
    /// Those that a change takes away.
    pub before: Vec<ProjectPath>,
    /// Those that it leaves.
    pub after: Vec<ProjectPath>,
}

/// A set of changes with its name for people, such as `change --orm none`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ChangeSet {
    /// What the user asked for.
    pub title: String,
    /// The paths that change, each once.
    pub transitions: Vec<Transition>,
    /// What becomes of git's index.
    pub index: Vec<IndexChange>,
    /// The conflicts that come and go with it.
    pub conflicts: Conflicts,
    /// Which way it goes in the history; none for something new.
    pub way: Option<Way>,
}

impl ChangeSet {
    /// Makes the change that goes back on this one, one way or the other.
    #[must_use]
    pub fn reversed(self, way: Way) -> Self {
        let back = |one: Transition| Transition {
            path: one.path,
            before: one.after,
            after: one.before,
            is_private: one.is_private,
            like: one.like,
        };
        ChangeSet {
            title: self.title,
            transitions: self.transitions.into_iter().map(back).collect(),
            index: self.index.into_iter().map(IndexChange::reversed).collect(),
            conflicts: Conflicts {
                before: self.conflicts.after,
                after: self.conflicts.before,
            },
            way: Some(way),
        }
    }
}

/// Applies all or nothing; afterwards it is the one that [`last`] gives for the way back.
///
/// Fails before the first write when a path isn't what `before` says: somebody edited it
/// meanwhile. From the moment when files begin to change, it is too short to be interrupted; when
/// it fails then, everything is taken back. Folders appear and go with the files in them. A file
/// that is replaced keeps the user's rights, but for those of running it; so does one that moves.
pub fn apply(hold: &Hold, set: &ChangeSet, interrupt: &Interrupt) -> Result<()> {
    interrupt.check()?;
    verify::check(hold.root(), set)?;
    // From here on it looks for an interrupt itself, as long as it can still stop.
    let _hold = interrupt::hold_to_change();
    let local = hold.local();
    let journal = begin(local, set, interrupt)?;
    complete(local, &journal)
}

/// Writes down all that is to happen, and all contents with it.
fn begin(local: &Local, set: &ChangeSet, interrupt: &Interrupt) -> Result<Journal> {
    let folder = local.change();
    if folder.direction()?.is_some() {
        return Err(
            Error::failed("an earlier change of this project isn't finished")
                .hint("run the command again to finish it"),
        );
    }
    local.settle()?;
    let prepared = prepare(local, &folder, set, interrupt);
    if prepared.is_err() {
        // It may be written down already, and isn't to be done.
        let _ = folder.forget();
        let _ = local.settle();
    }
    prepared
}

fn prepare(
    local: &Local,
    folder: &ChangeFolder,
    set: &ChangeSet,
    interrupt: &Interrupt,
) -> Result<Journal> {
    folder.create()?;
    let name = local.history()?.next(set.way);
    let journal = Journal::of(local.root(), set, name)?;
    for (step, transition) in journal.steps.iter().zip(&set.transitions) {
        interrupt.check()?;
        folder.stage(local.root(), step, transition)?;
    }
    interrupt.check()?;
    // Nothing may change before all of this would outlast a power cut.
    folder.sync()?;
    folder.write_journal(&journal)?;
    folder.sync_journal()?;
    Ok(journal)
}

/// Carries a change out, or takes it back.
fn complete(local: &Local, journal: &Journal) -> Result<()> {
    let folder = local.change();
    // First what somebody else can hold up.
    let done = disk::change_index(local.root(), journal.index())
        .and_then(|()| forward::carry_out(local.root(), &folder, journal, WhenEdited::Fail))
        .and_then(|_| local.promote(journal.name));
    let Err(error) = done else {
        // What can't be removed now goes with the next change.
        let _ = local.settle();
        return Ok(());
    };
    let taken_back = folder
        .turn_back()
        .and_then(|()| recovery::take_back(local, journal));
    let title = &journal.title;
    let (outcome, hint) = match taken_back {
        Ok(_) => {
            let _ = local.settle();
            ("nothing was changed".to_owned(), None)
        }
        Err(second) => (
            format!("and taking it back failed: {second}"),
            Some("run the command again, when that is solved, to set the project right"),
        ),
    };
    let mut failure = Error::failed(format!("can't apply '{title}': {error}; {outcome}"));
    failure.hints = error.hints;
    failure.hints.extend(hint.map(str::to_owned));
    Err(failure)
}

// They make links and look at rights as Unix has them.
#[cfg(test)]
#[cfg(unix)]
mod crash_tests;
#[cfg(test)]
#[cfg(unix)]
mod power_tests;
#[cfg(test)]
#[cfg(unix)]
mod tests;
