//! `pyscaffold add` and `pyscaffold remove`: choices of the questions that take several.

use std::collections::{BTreeMap, BTreeSet};

use clap::{Arg, ArgAction, Command};

use super::existing::{self, Existing, Request};
use crate::cli::Cli;
use crate::error::{Ending, Error, Result};
use crate::resolve::Given;
use crate::suggest;
use crate::template::{Kind, Question, Template};

/// What the commands are called.
pub const ADD: &str = "add";
pub const REMOVE: &str = "remove";

/// Builds the part of the command line of `add`.
pub fn add_command(template: &Template) -> Command {
    build(
        ADD,
        "Adds parts to a project: choices of the questions that take several",
        template,
    )
}

/// Builds the part of the command line of `remove`.
pub fn remove_command(template: &Template) -> Command {
    build(
        REMOVE,
        "Removes parts from a project: choices of the questions that take several",
        template,
    )
}

fn build(name: &'static str, about: &'static str, template: &Template) -> Command {
    let parts = Arg::new("parts")
        .value_name("NAME")
        .action(ArgAction::Append)
        .num_args(1..)
        .required(true)
        .help("Part, as 'pyscaffold options' lists it; QUESTION/NAME where the name alone isn't clear");
    Command::new(name)
        .about(about)
        .arg(parts)
        .args(existing::flags(template))
}

/// Adds parts.
pub fn run_add(cli: &Cli) -> Result<Ending> {
    run(cli, ADD, |chosen, part| {
        let is_new = chosen.insert(part.to_owned());
        (!is_new).then(|| format!("the project has '{part}' already"))
    })
}

/// Removes parts.
pub fn run_remove(cli: &Cli) -> Result<Ending> {
    run(cli, REMOVE, |chosen, part| {
        let was_there = chosen.remove(part);
        (!was_there).then(|| format!("the project has no '{part}'"))
    })
}

fn run(
    cli: &Cli,
    name: &'static str,
    change: impl Fn(&mut BTreeSet<String>, &str) -> Option<String>,
) -> Result<Ending> {
    let mut project = Existing::open(cli, name)?;
    let parts: Vec<String> = project
        .matches
        .get_many::<String>("parts")
        .into_iter()
        .flatten()
        .cloned()
        .collect();
    let mut chosen: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for part in &parts {
        let (question, value) = find(&cli.template, part)?;
        let values = chosen
            .entry(question.name.clone())
            .or_insert_with(|| present(&project, question));
        if let Some(remark) = change(values, value) {
            cli.ui.note(&remark);
        }
    }
    let given = chosen
        .into_iter()
        .map(|(question, values)| (question, values.into_iter().collect::<Vec<_>>().join(",")))
        .collect();
    let answers = project.answer(Request::Given(given))?;
    project.bring_to(&format!("{name} {}", parts.join(" ")), answers)
}

/// Gives what a project has of a question's choices.
fn present(project: &Existing, question: &Question) -> BTreeSet<String> {
    let recorded = project.state.answers.get(&question.name);
    let values = match recorded {
        Some(Given::Data(serde_json::Value::Array(values))) => values.as_slice(),
        _ => &[],
    };
    let texts = values.iter().filter_map(|value| value.as_str());
    // What the template no longer offers can't be chosen again.
    texts
        .filter(|value| question.choice(value).is_some())
        .map(str::to_owned)
        .collect()
}

/// Finds the question that has a choice, among those that take several.
fn find<'t>(template: &'t Template, part: &'t str) -> Result<(&'t Question, &'t str)> {
    let (wanted, value) = part
        .split_once('/')
        .map_or((None, part), |(question, value)| (Some(question), value));
    let has = |question: &&Question| {
        wanted.is_none_or(|name| question.name == name) && question.choice(value).is_some()
    };
    let takes_several = |question: &&Question| matches!(question.kind, Kind::Choices(_));
    let found: Vec<&Question> = template
        .questions
        .iter()
        .filter(takes_several)
        .filter(has)
        .collect();
    match found.as_slice() {
        [question] => return Ok((question, value)),
        [] => {}
        several => {
            let names: Vec<String> = several
                .iter()
                .map(|question| format!("{}/{value}", question.name))
                .collect();
            return Err(
                Error::request(format!("'{part}' is the name of several parts"))
                    .hint(format!("say which one: {}", names.join(" or "))),
            );
        }
    }
    if let Some(question) = template.questions.iter().find(has) {
        return Err(Error::request(format!(
            "'{value}' is one choice of {}, which takes only one",
            question.flag()
        ))
        .hint(format!("pyscaffold change {} {value}", question.flag())));
    }
    let mut questions = template.questions.iter().filter(takes_several);
    if let Some(hidden) = questions.find_map(|question| question.hidden(value)) {
        let message = format!("'{value}' can't be chosen: {}", hidden.reason());
        return Err(Error::request(message).hint("'pyscaffold options' lists what there is"));
    }
    let known = template
        .questions
        .iter()
        .filter(takes_several)
        .flat_map(Question::choices)
        .map(|choice| choice.value.as_str());
    let hint = match suggest::nearest(value, known.clone()) {
        Some(meant) => format!("did you mean '{meant}'?"),
        None => format!("there are {}", known.collect::<Vec<_>>().join(", ")),
    };
    Err(Error::request(format!("no part is called '{part}'")).hint(hint))
}
