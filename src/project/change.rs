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
//!     last/                  the change that was done last: the same, for `undo`
//! ```
//!
//! A process that ends at any moment leaves the project as it was, or changed, or with a journal;
//! [`recover_change`] finishes that. What the disk itself loses when the power goes is not covered,
//! but noticed: the journal knows the hash of every file.

mod aside;
mod back;
mod folder;
mod forward;
mod journal;
mod local;
pub(super) mod look;
mod position;
mod record;
mod recovery;
mod trial;
mod verify;

use std::path::Path;

use crate::error::{Error, Result};
use crate::interrupt::{self, Interrupt};
use crate::tree::{Node, ProjectPath};

pub use look::{Found, look};
pub use record::{amend_last, last};
pub use recovery::{Ending, LeftAlone, RecoveredChange, recover_change};
pub use trial::try_out;

use folder::ChangeFolder;
use forward::WhenEdited;
use journal::Journal;
use local::Local;

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
}

/// A set of changes with its name for people, such as `change --orm none`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeSet {
    /// What the user asked for.
    pub title: String,
    /// The paths that change, each once.
    pub transitions: Vec<Transition>,
}

impl ChangeSet {
    /// Makes the change that takes this one back.
    #[must_use]
    pub fn reversed(self, title: impl Into<String>) -> Self {
        let transitions = self.transitions.into_iter();
        ChangeSet {
            title: title.into(),
            transitions: transitions
                .map(|transition| Transition {
                    path: transition.path,
                    before: transition.after,
                    after: transition.before,
                    is_private: transition.is_private,
                })
                .collect(),
        }
    }
}

/// Applies all or nothing; afterwards it is the one that [`last`] gives.
///
/// Fails before the first write when a path isn't what `before` says: somebody edited it
/// meanwhile. From the moment when files begin to change, it is too short to be interrupted; when
/// it fails then, everything is taken back. Folders appear and go with the files in them. A file
/// that is replaced keeps the user's rights, but for those of running it.
pub fn apply(root: &Path, set: &ChangeSet, interrupt: &Interrupt) -> Result<()> {
    interrupt.check()?;
    verify::check(root, set)?;
    let local = Local::create(root)?;
    // From here on it looks for an interrupt itself, as long as it can still stop.
    let _hold = interrupt::hold_to_change();
    let folder = local.change();
    let applied =
        begin(&local, &folder, set, interrupt).and_then(|journal| complete(&local, &journal));
    if applied.is_err() {
        local.tidy();
    }
    applied
}

/// Writes down all that is to happen, and all contents with it.
fn begin(
    local: &Local,
    folder: &ChangeFolder,
    set: &ChangeSet,
    interrupt: &Interrupt,
) -> Result<Journal> {
    if folder.direction()?.is_some() {
        return Err(
            Error::failed("an earlier change of this project isn't finished")
                .hint("run the command again to finish it"),
        );
    }
    local.settle()?;
    let prepared = prepare(local, folder, set, interrupt);
    if prepared.is_err() {
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
    let journal = Journal::of(local.root(), set)?;
    for (step, transition) in journal.steps.iter().zip(&set.transitions) {
        interrupt.check()?;
        folder.stage(local.root(), step, transition)?;
    }
    interrupt.check()?;
    folder.write_journal(&journal)?;
    Ok(journal)
}

/// Carries a change out, or takes it back.
fn complete(local: &Local, journal: &Journal) -> Result<()> {
    let folder = local.change();
    let done = forward::carry_out(local.root(), &folder, journal, WhenEdited::Fail)
        .and_then(|_| local.promote());
    let Err(error) = done else {
        // What can't be removed now goes with the next change.
        let _ = local.settle();
        return Ok(());
    };
    let taken_back = folder
        .turn_back()
        .and_then(|()| back::take_back(local.root(), &folder, journal));
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
mod tests;
