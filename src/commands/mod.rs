//! The commands: one file each, with its help, its flags and its function.

mod adopt;
mod change;
mod diff;
pub mod existing;
mod inputs;
mod new;
mod options;
mod parts;
mod ran;
mod relax;
mod status;
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
    /// Whether it is about a project, whose template decides about its flags.
    pub is_in_project: bool,
    /// Does it.
    pub run: fn(&Cli) -> Result<Ending>,
}

/// All commands, in the order of the help.
pub const ALL: &[Known] = &[
    Known {
        name: "new",
        command: new::command,
        is_in_project: false,
        run: new::run,
    },
    Known {
        name: change::NAME,
        command: change::command,
        is_in_project: true,
        run: change::run,
    },
    Known {
        name: parts::ADD,
        command: parts::add_command,
        is_in_project: true,
        run: parts::run_add,
    },
    Known {
        name: parts::REMOVE,
        command: parts::remove_command,
        is_in_project: true,
        run: parts::run_remove,
    },
    Known {
        name: update::NAME,
        command: update::command,
        is_in_project: true,
        run: update::run,
    },
    Known {
        name: adopt::NAME,
        command: adopt::command,
        is_in_project: false,
        run: adopt::run,
    },
    Known {
        name: relax::NAME,
        command: relax::command,
        is_in_project: true,
        run: relax::run,
    },
    Known {
        name: status::NAME,
        command: status::command,
        is_in_project: true,
        run: status::run,
    },
    Known {
        name: diff::NAME,
        command: diff::command,
        is_in_project: false,
        run: diff::run,
    },
    Known {
        name: undo::NAME,
        command: undo::command,
        is_in_project: false,
        run: undo::run,
    },
    Known {
        name: "options",
        command: options::command,
        is_in_project: false,
        run: options::run,
    },
];

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

/// Puts a word into quotes where a shell would split or expand it.
pub(crate) fn quote(word: &str) -> String {
    let is_plain = |letter: char| letter.is_alphanumeric() || "-_./,@:+=".contains(letter);
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}
