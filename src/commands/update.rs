//! `pyscaffold update`: brings a project to its template as it is now.

use clap::Command;

use super::existing::{self, Existing, Request};
use crate::cli::Cli;
use crate::error::{Ending, Result};
use crate::template::Template;

/// What the command is called.
pub const NAME: &str = "update";

/// Builds the command's part of the command line.
pub fn command(template: &Template) -> Command {
    Command::new(NAME)
        .about("Brings a project to its template as it is now")
        .long_about("Brings the project around this folder to its template as it is now, with the same answers.\n\nNew questions are asked, answers to questions that are gone are dropped.")
        .args(existing::flags(template))
}

/// Updates a project.
pub fn run(cli: &Cli) -> Result<Ending> {
    let mut project = Existing::open(cli, NAME)?;
    project.warn_of_another_template();
    let answers = project.answer(Request::Missing)?;
    let title = format!("{NAME} to {} {}", cli.template.name, cli.template.version);
    project.bring_to(&title, answers)
}
