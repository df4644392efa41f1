//! The commands: one file each, with its help, its flags and its function.

mod adopt;
mod change;
mod consent;
mod described;
mod diff;
pub mod existing;
mod inputs;
mod new;
mod options;
mod parts;
mod ran;
mod relax;
mod repeat;
mod status;
mod template;
mod trust;
mod undo;
mod update;

use clap::{ArgMatches, Command};

use crate::cli::Cli;
use crate::error::{Ending, Error, Result};
use crate::template::Template;

/// A command of the program.
pub struct Known {
    /// What it is called.
    pub name: &'static str,
    /// Builds its part of the command line.
    pub command: fn(&Template) -> Command,
    /// Whose questions its flags come from, where `--template` doesn't say.
    pub questions: Questions,
    /// Does it.
    pub run: fn(&Cli) -> Result<Ending>,
}

/// Whose questions the flags of a command come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Questions {
    /// Those of the template that is built in.
    Builtin,
    /// Those of the template of templates.
    Starter,
    /// Those of the template of the project that the command is about, as it was then.
    Project(Use),
    /// Those of the template in the current folder, or else of the one that is built in.
    Here,
    /// Those of that template as it is now.
    Newest(Use),
    /// None: `--template` is the command's own affair, and a broken one mustn't stop it.
    Own,
}

/// What a command does with the project that it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// It changes nothing.
    Look,
    /// It changes the project, and with `--dry-run` nothing.
    Change,
    /// It changes the project, and with `--dry-run` for a while.
    Try,
}

/// All commands, in the order of the help.
pub const ALL: &[Known] = &[
    Known {
        name: "new",
        command: new::command,
        questions: Questions::Builtin,
        run: new::run,
    },
    Known {
        name: change::NAME,
        command: change::command,
        questions: Questions::Project(Use::Change),
        run: change::run,
    },
    Known {
        name: parts::ADD,
        command: parts::add_command,
        questions: Questions::Project(Use::Change),
        run: parts::run_add,
    },
    Known {
        name: parts::REMOVE,
        command: parts::remove_command,
        questions: Questions::Project(Use::Change),
        run: parts::run_remove,
    },
    Known {
        name: update::NAME,
        command: update::command,
        questions: Questions::Newest(Use::Change),
        run: update::run,
    },
    Known {
        name: adopt::NAME,
        command: adopt::command,
        questions: Questions::Builtin,
        run: adopt::run,
    },
    Known {
        name: relax::NAME,
        command: relax::command,
        questions: Questions::Project(Use::Try),
        run: relax::run,
    },
    Known {
        name: status::NAME,
        command: status::command,
        questions: Questions::Newest(Use::Look),
        run: status::run,
    },
    Known {
        name: diff::NAME,
        command: diff::command,
        questions: Questions::Builtin,
        run: diff::run,
    },
    Known {
        name: undo::NAME,
        command: undo::command,
        questions: Questions::Builtin,
        run: undo::run,
    },
    Known {
        name: undo::REDO,
        command: undo::redo_command,
        questions: Questions::Builtin,
        run: undo::run_redo,
    },
    Known {
        name: trust::NAME,
        command: trust::command,
        questions: Questions::Own,
        run: trust::run,
    },
    Known {
        name: "options",
        command: options::command,
        questions: Questions::Builtin,
        run: options::run,
    },
    Known {
        name: template::NAME,
        command: template::command,
        questions: Questions::Own,
        run: template::run,
    },
];

/// Finds the command that was typed: its words, without flags, as far as they name one.
pub fn find(words: &[&str]) -> Option<&'static Known> {
    let known = ALL
        .iter()
        .find(|known| Some(&known.name) == words.first())?;
    if known.name == template::NAME {
        let inner = template::ALL.iter();
        return inner
            .filter(|inner| Some(&inner.name) == words.get(1))
            .chain([known])
            .next();
    }
    Some(known)
}

/// Tells whose questions the flags come from, by the arguments of the process.
pub fn asked(arguments: &[&str]) -> Questions {
    let words: Vec<&str> = arguments
        .iter()
        .skip(1)
        .filter(|argument| !argument.starts_with('-'))
        .take(2)
        .copied()
        .collect();
    find(&words).map_or(Questions::Builtin, |known| known.questions)
}

/// Runs the command that was typed.
pub fn run(cli: &Cli) -> Result<Ending> {
    let typed = cli.matches.subcommand_name();
    let known = ALL.iter().find(|known| Some(known.name) == typed);
    known.map_or(Ok(Ending::Done), |known| (known.run)(cli))
}

/// Gives the flags of a command that was typed.
fn matches<'a>(cli: &'a Cli, name: &str) -> Result<&'a ArgMatches> {
    let typed = cli.matches.subcommand_matches(name);
    typed.ok_or_else(|| Error::failed(format!("'{name}' was not typed")))
}

/// Writes a version with its commit, where there is one.
fn release(version: &str, commit: Option<&str>) -> String {
    let short = commit.and_then(|commit| commit.get(..7));
    short.map_or_else(
        || version.to_owned(),
        |short| format!("{version} ({short})"),
    )
}
