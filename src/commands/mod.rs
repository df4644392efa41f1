//! The commands: one file each, with its help, its flags and its function.

mod new;
mod options;

use clap::Command;

use crate::cli::Cli;
use crate::error::Result;
use crate::template::Template;

/// A command of the program.
pub struct Known {
    /// What it is called.
    pub name: &'static str,
    /// Builds its part of the command line.
    pub command: fn(&Template) -> Command,
    /// Does it.
    pub run: fn(&Cli) -> Result<()>,
}

/// All commands, in the order of the help.
pub const ALL: &[Known] = &[
    Known {
        name: "new",
        command: new::command,
        run: new::run,
    },
    Known {
        name: "options",
        command: options::command,
        run: options::run,
    },
];

/// Runs the command that was typed.
pub fn run(cli: &Cli) -> Result<()> {
    let typed = cli.matches.subcommand_name();
    ALL.iter()
        .filter(|known| Some(known.name) == typed)
        .try_for_each(|known| (known.run)(cli))
}
