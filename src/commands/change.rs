//! `pyscaffold change`: answers again, and merges the difference.

use clap::Command;

use super::existing::{self, Existing, Request};
use crate::cli::Cli;
use crate::error::{Ending, Result};
use crate::template::Template;

/// What the command is called.
pub const NAME: &str = "change";

/// Builds the command's part of the command line.
pub fn command(template: &Template) -> Command {
    Command::new(NAME)
        .about("Changes answers of a project, and merges the difference into it")
        .long_about("Changes answers of the project around this folder, and merges the difference into it.\n\nWhat no flag answers stays as it is; without any flag everything is asked again.")
        .args(existing::flags(template))
}

/// Changes answers.
pub fn run(cli: &Cli) -> Result<Ending> {
    let mut project = Existing::open(cli, NAME)?;
    let answers = project.answer(Request::Everything)?;
    let title = project.title(NAME, &answers);
    project.bring_to(&title, answers)
}
