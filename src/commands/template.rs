//! `pyscaffold template`: what authors of templates need; one file per command.

mod answered;
mod check;
mod explain;
mod new;
mod schema;
mod show;

use clap::{ArgMatches, Command};

use super::{Known, Questions};
use crate::cli::Cli;
use crate::error::{Ending, Error, Result};
use crate::template::Template;

/// What the command is called.
pub const NAME: &str = "template";

/// All commands below it, in the order of the help.
pub const ALL: &[Known] = &[
    Known {
        name: new::NAME,
        command: new::command,
        questions: Questions::Starter,
        run: new::run,
    },
    Known {
        name: check::NAME,
        command: check::command,
        questions: Questions::Own,
        run: check::run,
    },
    Known {
        name: show::NAME,
        command: show::command,
        questions: Questions::Here,
        run: show::run,
    },
    Known {
        name: explain::NAME,
        command: explain::command,
        questions: Questions::Here,
        run: explain::run,
    },
    Known {
        name: schema::NAME,
        command: schema::command,
        questions: Questions::Builtin,
        run: schema::run,
    },
];

/// Builds the command's part of the command line.
pub fn command(template: &Template) -> Command {
    Command::new(NAME)
        .about("Makes, checks and explains templates")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommands(ALL.iter().map(|known| (known.command)(template)))
}

/// Runs the command that was typed below it.
pub fn run(cli: &Cli) -> Result<Ending> {
    let typed = super::matches(cli, NAME)?.subcommand_name();
    let known = ALL.iter().find(|known| Some(known.name) == typed);
    known.map_or(Ok(Ending::Done), |known| (known.run)(cli))
}

/// Gives the flags of a command below it that was typed.
fn matches<'a>(cli: &'a Cli, name: &str) -> Result<&'a ArgMatches> {
    let typed = super::matches(cli, NAME)?.subcommand_matches(name);
    typed.ok_or_else(|| Error::failed(format!("'{NAME} {name}' was not typed")))
}
