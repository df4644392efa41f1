//! `pyscaffold options`: what can be chosen, and what goes together.

use clap::Command;
use serde_json::{Value as Json, json};

use crate::answer::Answer;
use crate::cli::{self, Cli};
use crate::combinations::Combinations;
use crate::commands::described;
use crate::error::{Ending, Result};
use crate::resolve::Input;
use crate::template::{Choice, Default, Kind, Question, Template};
use crate::visible::line;

/// Builds the command's part of the command line.
pub fn command(_: &Template) -> Command {
    Command::new("options")
        .about("Lists every question, its choices, and which go together")
        .args(cli::template_flags())
        .arg(cli::json_flag())
}

/// Lists the questions.
pub fn run(cli: &Cli) -> Result<Ending> {
    let template = &cli.template;
    let combinations = Combinations::of(template, &Input::sample())?;
    if cli.ui.is_json {
        let questions: Vec<Json> = template
            .questions
            .iter()
            .map(|question| describe(template, &combinations, question))
            .collect();
        cli.ui.data(&json!({
            "template": { "source": template.source.to_string(), "name": template.name, "version": template.version, "summary": template.summary },
            "questions": questions,
            "combinations": combinations.count(),
        }));
        return Ok(Ending::Done);
    }
    let mut text = format!("{}\n", line(&template.summary));
    for question in template
        .questions
        .iter()
        .filter(|question| question.is_open())
    {
        text += &list(template, &combinations, question);
    }
    text += &fixed(template);
    text += &format!("\n{} combinations of choices.\n", combinations.count());
    cli.ui.print(&text);
    Ok(Ending::Done)
}

fn describe(template: &Template, combinations: &Combinations, question: &Question) -> Json {
    let (minimum, maximum) = match question.kind {
        Kind::Integer { minimum, maximum } => (Some(minimum), Some(maximum)),
        _ => (None, None),
    };
    let choices = question.choices().iter().map(|choice| {
        let mut described = described::choice(choice);
        described["not_with"] = json!(against(template, combinations, question, choice));
        described
    });
    let mut described = described::question(question);
    described["default"] = json!(default(question));
    described["minimum"] = json!(minimum);
    described["maximum"] = json!(maximum);
    described["choices"] = choices.collect();
    described
}

/// Gives the default where it is the same for everybody.
fn default(question: &Question) -> Option<Json> {
    match (&question.default, question.choices().first()) {
        (Some(Default::Fixed(answer)), _) => Some(json!(answer)),
        (None, Some(first)) if matches!(question.kind, Kind::Choice(_)) => Some(json!(first.value)),
        _ => None,
    }
}

/// Lists the answers that a template fixes.
fn fixed(template: &Template) -> String {
    let questions = template.questions.iter();
    let fixed = questions.filter_map(|question| Some((question, question.fixed.as_ref()?)));
    let lines = fixed.map(|(question, fixed)| {
        let (name, typed, by) = (&question.name, fixed.typed(), &fixed.by);
        format!("  {name} = {typed}  (template {by})\n")
    });
    let lines: String = lines.collect();
    if lines.is_empty() {
        return lines;
    }
    format!("\nFixed, and not asked:\n{lines}")
}

fn list(template: &Template, combinations: &Combinations, question: &Question) -> String {
    let mut text = format!("\n{}  {}\n", question.flag(), line(&question.prompt));
    if let Some(when) = &question.when {
        text += &format!("    only when {}\n", line(when.value.source()));
    }
    match default(question) {
        Some(Json::String(default)) if question.choices().is_empty() => {
            text += &format!("    default: {}\n", line(&default));
        }
        Some(default) if question.choices().is_empty() => {
            text += &format!("    default: {default}\n");
        }
        _ => {}
    }
    let width = question
        .choices()
        .iter()
        .map(|choice| choice.value.len())
        .max()
        .unwrap_or(0);
    for (index, choice) in question.choices().iter().enumerate() {
        let mark = if index == 0 && matches!(question.kind, Kind::Choice(_)) {
            '*'
        } else {
            ' '
        };
        text += &format!("  {mark} {:width$}  {}", choice.value, line(&choice.title));
        if !choice.hint.is_empty() {
            text += &format!(": {}", line(&choice.hint));
        }
        let against = against(template, combinations, question, choice);
        if !against.is_empty() {
            text += &format!(" (not with {})", against.join(", "));
        }
        text.push('\n');
    }
    text
}

/// Gives the choices that a choice can't be combined with.
fn against(
    template: &Template,
    combinations: &Combinations,
    question: &Question,
    choice: &Choice,
) -> Vec<String> {
    let own = answer(question, choice);
    let others = template
        .questions
        .iter()
        .filter(|other| other.name != question.name && other.is_open() && question.is_open())
        .flat_map(|other| other.choices().iter().map(move |choice| (other, choice)));
    let apart = others.filter(|(other, candidate)| {
        let candidate = answer(other, candidate);
        !combinations.go_together((&question.name, &own), (&other.name, &candidate))
    });
    apart
        .map(|(other, candidate)| format!("{}/{}", other.name, candidate.value))
        .chain(choice.conflicts.iter().cloned())
        .collect()
}

/// Gives the answer that has one choice and no other.
fn answer(question: &Question, choice: &Choice) -> Answer {
    let value = choice.value.clone();
    match question.kind {
        Kind::Choices(_) => Answer::List(vec![value]),
        _ => Answer::Text(value),
    }
}
