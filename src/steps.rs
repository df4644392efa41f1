//! Runs the steps that a template declares, such as making the lock file.
//!
//! A step is a program with its arguments, never a line for a shell. What goes wrong with one is
//! told to the caller and is no error: the project is complete without it.

mod environment;
mod files;
mod own;
mod process;
mod program;

use std::path::Path;

use crate::error::{Error, Result};
use crate::interrupt::Interrupt;
use crate::visible;

pub use files::TopFiles;
pub use own::Own;
pub use program::refusal;

use process::Ended;

/// How much is kept of what a program says when only its end matters, in bytes.
const TAIL: usize = 16 * 1024;

/// How much is kept when all of it matters, in bytes: no program says more.
const ALL: usize = 64 * 1024 * 1024;

/// The step that makes the lock file.
pub const LOCK: &str = "lock";

/// The step that makes the project's environment; it runs only when it is asked for.
pub const INSTALL: &str = "install";

/// A command that a template wants to run in the project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The name by which it is chosen: `lock`, `install` or another.
    pub name: String,
    /// What it does, for people.
    pub title: String,
    /// The program and its arguments.
    pub run: Vec<String>,
    /// The files that it makes.
    pub makes: Vec<String>,
    /// A text in every file that its program writes: what doesn't hold it is somebody else's.
    pub mark: Option<String>,
}

impl Step {
    /// Gives the command as one line, for messages and for copying into a shell.
    pub fn command_line(&self) -> String {
        visible::command(&self.run)
    }
}

/// How a step ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StepOutcome {
    /// It did what it is for.
    Done,
    /// It wasn't run: it would write a file that is there, and that no earlier run of it made.
    Held {
        /// The file.
        path: String,
    },
    /// Its program isn't there.
    Missing {
        /// The program's name.
        program: String,
    },
    /// It began and failed.
    Failed {
        /// The code it ended with; none when a signal ended it or it couldn't begin.
        code: Option<i32>,
        /// The end of what it said, on both of its outputs.
        output: String,
    },
}

/// Runs a step in a folder and waits for it; the only error is an interrupt.
///
/// It isn't run where it would write a file that is there and isn't its own. It gets no input, and what it says is kept back. When it doesn't succeed, the files that it
/// made at the top of the folder are removed, so that no half lock file stays.
pub fn run(step: &Step, folder: &Path, own: &Own, interrupt: &Interrupt) -> Result<StepOutcome> {
    if let Some(path) = own.in_the_way(step, folder) {
        let path = path.to_owned();
        return Ok(StepOutcome::Held { path });
    }
    let before = TopFiles::of(folder)?;
    let ended = process::run(&step.run, folder, interrupt, TAIL);
    if !matches!(ended, Ended::Success) {
        before.remove_new(folder);
    }
    outcome(ended)
}

/// Runs a step that only looks at a folder, and keeps what it says when it fails.
///
/// Unlike [`run`] it leaves alone what appears meanwhile, such as a cache.
pub fn look(step: &Step, folder: &Path, interrupt: &Interrupt) -> Result<StepOutcome> {
    outcome(process::run(&step.run, folder, interrupt, ALL))
}

fn outcome(ended: Ended) -> Result<StepOutcome> {
    match ended {
        Ended::Success => Ok(StepOutcome::Done),
        Ended::Missing(program) => Ok(StepOutcome::Missing { program }),
        Ended::Failure { code, output } => Ok(StepOutcome::Failed { code, output }),
        Ended::Interrupted => Err(Error::interrupted()),
    }
}

#[cfg(test)]
mod tests;
