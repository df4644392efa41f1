//! `pyscaffold template new`: makes a template, by the same pipeline as a project.

use clap::{Arg, Command};

use crate::cli::{self, Cli};
use crate::commands::new;
use crate::error::{Ending, Result};
use crate::template::Template;

/// What the command is called.
pub const NAME: &str = "new";

/// Builds the command's part of the command line.
pub fn command(template: &Template) -> Command {
    Command::new(NAME)
        .about("Makes a template that is tested and documented")
        .long_about(format!(
            "Makes a template: {}.\n\nWhat no flag, file, variable or configuration answers is asked, or takes its default with --yes.",
            template.summary
        ))
        .arg(new::place("Folder of the template: a new one, an empty one, or '.'"))
        .args(new::flags().into_iter().map(without_use))
        .args(cli::question_flags(template))
}

/// Makes a template.
pub fn run(cli: &Cli) -> Result<Ending> {
    new::make_from(cli, super::matches(cli, NAME)?)
}

/// Hides the flags that do nothing here: the binary's own steps are trusted, and a template isn't
/// installed.
fn without_use(flag: Arg) -> Arg {
    let is_hidden = ["install", "trust"].contains(&flag.get_id().as_str());
    flag.hide(is_hidden)
}
