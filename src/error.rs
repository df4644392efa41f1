//! The one error type: what failed, what kind of failure that is, and what to do.
//!
//! It owns the exit codes. It never prints.

use std::fmt;
use std::process::ExitCode;

use crate::problem::Problem;

/// The result of everything that can fail.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What kind of failure an error is; it decides the exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// It failed and nothing was changed.
    Failed,
    /// The request was wrong: a flag, an answer, an answers file.
    Request,
    /// The template wants to run commands and is not trusted.
    Untrusted,
    /// The user interrupted and nothing was changed.
    Interrupted,
}

impl Kind {
    /// Gives the number that the process ends with.
    pub fn code(self) -> u8 {
        match self {
            Kind::Failed => 1,
            Kind::Request => 2,
            Kind::Untrusted => 4,
            Kind::Interrupted => 130,
        }
    }
}

impl From<Kind> for ExitCode {
    fn from(kind: Kind) -> Self {
        ExitCode::from(kind.code())
    }
}

/// How a command ended that didn't fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// All is done.
    Done,
    /// All is done, and conflicts were left for the user.
    Conflicts,
    /// The project is behind its template or has drifted.
    Behind,
    /// All was looked at, and mistakes were found.
    Mistakes,
}

impl From<Ending> for ExitCode {
    fn from(ending: Ending) -> Self {
        ExitCode::from(match ending {
            Ending::Done => 0,
            Ending::Mistakes => 1,
            Ending::Conflicts => 3,
            Ending::Behind => 5,
        })
    }
}

/// A failure as the user sees it: one sentence, the places it is about, and hints.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    /// Decides the exit code.
    pub kind: Kind,
    /// Says what failed, on which path and why: lower case, no full stop.
    pub message: String,
    /// Places in the template or the request, each with its own message.
    pub problems: Vec<Problem>,
    /// Commands that the error is about, word by word.
    pub commands: Vec<Vec<String>>,
    /// Say what to do about it.
    pub hints: Vec<String>,
}

impl Error {
    /// Makes an error of a kind.
    pub fn new(kind: Kind, message: impl Into<String>) -> Self {
        Error {
            kind,
            message: message.into(),
            problems: Vec::new(),
            commands: Vec::new(),
            hints: Vec::new(),
        }
    }

    /// Makes an error for something that went wrong outside the request.
    pub fn failed(message: impl Into<String>) -> Self {
        Error::new(Kind::Failed, message)
    }

    /// Makes an error for a wrong flag, answer or answers file.
    pub fn request(message: impl Into<String>) -> Self {
        Error::new(Kind::Request, message)
    }

    /// Makes the error that ends a command after Ctrl-C.
    pub fn interrupted() -> Self {
        Error::new(Kind::Interrupted, "interrupted; nothing was changed")
    }

    /// Makes the error that ends a command when the user doesn't agree.
    pub fn declined() -> Self {
        Error::new(Kind::Interrupted, "stopped; nothing was changed")
    }

    /// Adds a sentence that says what to do.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// Adds the commands that the error is about.
    #[must_use]
    pub fn with_commands(mut self, commands: Vec<Vec<String>>) -> Self {
        self.commands.extend(commands);
        self
    }

    /// Adds the places that the error is about.
    #[must_use]
    pub fn with_problems(mut self, problems: Vec<Problem>) -> Self {
        self.problems.extend(problems);
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

/// Errors of the disk carry their path, because all of them come from `fs-err`.
impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Self {
        Error::failed(error.to_string())
    }
}
