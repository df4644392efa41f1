//! `pyscaffold template show`: what a template asks, and what it makes of some answers.

mod data;
mod screen;

use clap::Command;

use super::answered;
use crate::answer::Answers;
use crate::cli::Cli;
use crate::error::{Ending, Result};
use crate::render::{self, Overview, Placed};
use crate::template::{Layer, Role, Template};

pub(super) use data::part;

/// What the command is called.
pub const NAME: &str = "show";

/// Builds the command's part of the command line.
pub fn command(template: &Template) -> Command {
    Command::new(NAME)
        .about("Shows what a template asks, and which layers some answers turn on")
        .long_about(
            "Shows what a template asks, and which layers some answers turn on, from the bottom to the top, with what each of them brings.\n\nWhat no flag answers takes its default. Nothing is written or run. --verbose also shows every choice and every file.",
        )
        .args(answered::flags(template))
}

/// What there is to show.
struct View<'a> {
    template: &'a Template,
    answers: &'a Answers,
    overview: &'a Overview<'a>,
}

/// Shows the template.
pub fn run(cli: &Cli) -> Result<Ending> {
    let matches = super::matches(cli, NAME)?;
    let template = &cli.template;
    let answers = answered::answers(matches, template)?;
    let overview = render::overview(template, &answers)?;
    let view = View {
        template,
        answers: &answers,
        overview: &overview,
    };
    cli.ui.problems(&template.warnings);
    if cli.ui.is_json {
        cli.ui.data(&data::describe(&view));
    } else {
        screen::draw(cli.ui, &view);
    }
    Ok(Ending::Done)
}

/// Says why a layer is on.
pub(super) fn why(layer: &Layer) -> String {
    match &layer.role {
        Role::Base => "always".to_owned(),
        Role::Choice { question, value } => {
            format!("--{} {value}", question.replace('_', "-"))
        }
        Role::Bridge => layer.when.as_ref().map_or_else(
            || "always".to_owned(),
            |when| format!("when {}", when.expression.value.source()),
        ),
    }
}

/// Says how a file comes to those below it.
pub(super) fn joins(placed: &Placed) -> &'static str {
    match placed.joins {
        render::Joins::First => "new",
        render::Joins::Extends => "extends",
        render::Joins::Merges => "merges",
        render::Joins::Replaces => "replaces",
    }
}
