//! The opening of a project: who changes it, takes it before anything of it is read.

use std::path::Path;
use std::time::Duration;

use super::disk::tell_recovered;
use crate::error::{Error, Result};
use crate::interrupt::Interrupt;
use crate::project::change::{self, Glimpse, Hold, Patience};
use crate::ui::Ui;

/// How long a command waits for another one that is at work in the project.
const LONGEST: Duration = Duration::from_secs(60);

/// A project that was opened, and what may be done in it.
#[derive(Debug)]
pub enum Access {
    /// It may be changed, and nobody else changes it.
    Change(Hold),
    /// It is only looked at.
    Look(Glimpse),
}

impl Access {
    /// Opens a project to change it, and finishes what a killed run left in it.
    pub fn change(ui: Ui, root: &Path) -> Result<Self> {
        let interrupt = Interrupt::install()?;
        let tell = |holder: Option<u32>| {
            ui.warn(&format!(
                "{}; waiting for it to end",
                change::at_work(holder)
            ));
        };
        let hold = Hold::take(
            root,
            &Patience {
                longest: LONGEST,
                interrupt: &interrupt,
                tell: &tell,
            },
        )?;
        if let Some(recovered) = change::recover_change(&hold)? {
            tell_recovered(ui, &recovered);
        }
        Ok(Access::Change(hold))
    }

    /// Opens a project to look at it; where a change isn't done, it is finished before.
    pub fn look(ui: Ui, root: &Path) -> Result<Self> {
        if change::is_unfinished(root)? {
            Access::change(ui, root)?;
        }
        Ok(Access::Look(Glimpse::begin(root)?))
    }

    /// Gives the right to change the project.
    pub fn hold(&self) -> Result<&Hold> {
        match self {
            Access::Change(hold) => Ok(hold),
            Access::Look(_) => Err(Error::failed("the project was only opened to be looked at")),
        }
    }

    /// Fails when what was seen was no state of the project, because somebody changed it meanwhile.
    pub fn check(&self) -> Result<()> {
        match self {
            Access::Change(_) => Ok(()),
            Access::Look(glimpse) => glimpse.check(),
        }
    }
}
