//! What a template changes about the questions of the one below: other defaults, answers that it
//! fixes, choices that it hides.
//!
//! It owns the keys `defaults`, `answers` and `hide`. What follows from them for other questions
//! is worked out in [`narrow`](super::narrow).

use serde_json::Value as Json;

use super::manifest::{Located, Problems, Table};
use super::question::{Default, Fixed, Hidden, Kind, Question};
use crate::answer::Answer;
use crate::problem::Problem;
use crate::resolve::Given;
use crate::suggest;

/// The name of a question and what is said about it.
type Entry = (Located<String>, Located<Json>);

/// Everything that a manifest changes about questions.
pub(super) struct Adjustments {
    defaults: Vec<Entry>,
    answers: Vec<Entry>,
    hides: Vec<Hide>,
}

/// A choice that is to be hidden, written as its layer.
struct Hide {
    choice: Located<String>,
    because: String,
}

impl Adjustments {
    /// Reads them from `template.toml`.
    pub fn read(table: &Table) -> Self {
        let values = |key| {
            table
                .table(key)
                .map_or_else(Vec::new, |table| table.values())
        };
        Adjustments {
            defaults: values("defaults"),
            answers: values("answers"),
            hides: table.tables("hide").iter().filter_map(read_hide).collect(),
        }
    }

    /// Makes the changes in the name of a template: hidden choices first, because neither a
    /// default nor an answer can be one.
    pub fn apply(&self, questions: &mut [Question], by: &str, problems: &Problems) {
        let report = |done: Result<(), Problem>| {
            if let Err(problem) = done {
                problems.borrow_mut().push(problem);
            }
        };
        for hide in &self.hides {
            report(hide.apply(questions, by));
        }
        for (name, value) in &self.defaults {
            report(set_default(questions, name, value));
        }
        for (name, value) in &self.answers {
            report(fix(questions, (name, value), by));
        }
        for question in questions {
            question.keep_fixed();
        }
    }
}

fn read_hide(table: &Table) -> Option<Hide> {
    let choice = table.required_text("choice");
    let because = table.text("because").unwrap_or_default();
    table.refuse_unknown_keys();
    Some(Hide {
        choice: choice?,
        because,
    })
}

impl Hide {
    fn apply(&self, questions: &mut [Question], by: &str) -> Result<(), Problem> {
        let place = &self.choice;
        let Some((name, value)) = place.value.split_once('/') else {
            return Err(place.error("write it as QUESTION/CHOICE"));
        };
        let question = find(questions, name).map_err(|message| place.error(message))?;
        // A template below may hide it as well from some version on.
        if question.hidden(value).is_some() {
            return Ok(());
        }
        offered(question, value).map_err(|message| place.error(message))?;
        if let Some(fixed) = question.fixed.as_ref().filter(|fixed| fixed.has(value)) {
            let message = format!("template {} fixes {name} to '{}'", fixed.by, fixed.typed());
            return Err(place.error(message));
        }
        if question.choices().len() == 1 {
            return Err(place.error(format!(
                "every choice of '{name}' is hidden: leave one, or fix the answer in [answers]"
            )));
        }
        question.hide(Hidden {
            value: value.to_owned(),
            by: by.to_owned(),
            because: self.because.clone(),
            follows: false,
            place: place.with(()),
        });
        Ok(())
    }
}

/// Gives a question another default.
fn set_default(
    questions: &mut [Question],
    name: &Located<String>,
    value: &Located<Json>,
) -> Result<(), Problem> {
    let question = find(questions, &name.value).map_err(|message| name.error(message))?;
    if let Some(fixed) = &question.fixed {
        let (by, typed) = (&fixed.by, fixed.typed());
        let message = format!(
            "template {by} fixes {} to '{typed}', so that a default does nothing",
            name.value
        );
        return Err(name.error(message));
    }
    let default = fit(question, value).map_err(|message| value.error(message))?;
    question.default = Some(default);
    question.sort_choices();
    Ok(())
}

/// Fixes the answer to a question.
fn fix(
    questions: &mut [Question],
    (name, value): (&Located<String>, &Located<Json>),
    by: &str,
) -> Result<(), Problem> {
    let question = find(questions, &name.value).map_err(|message| name.error(message))?;
    if question.secret {
        return Err(name.error(format!(
            "'{}' is a secret, and everybody can read a template",
            name.value
        )));
    }
    if let Some(below) = &question.fixed {
        let answer = question.read(&Given::Data(value.value.clone()));
        if answer.is_ok_and(|answer| answer.typed() == below.typed()) {
            return Ok(());
        }
        let (by, typed) = (&below.by, below.typed());
        let message = format!("template {by} fixes {} to '{typed}' already", name.value);
        return Err(value.error(message));
    }
    let answer = fit(question, value).map_err(|message| value.error(message))?;
    question.fixed = Some(Fixed {
        answer,
        by: by.to_owned(),
        place: value.with(()),
    });
    Ok(())
}

fn find<'q>(questions: &'q mut [Question], name: &str) -> Result<&'q mut Question, String> {
    let position = questions.iter().position(|question| question.name == name);
    let Some(position) = position else {
        let names = questions.iter().map(|question| question.name.as_str());
        return Err(match suggest::nearest(name, names) {
            Some(meant) => format!("no question is called '{name}', did you mean '{meant}'?"),
            None => format!("no question is called '{name}', neither here nor in a template below"),
        });
    };
    Ok(&mut questions[position])
}

/// Reads a value as an answer to a question, in every way that needs no other answer.
fn fit(question: &Question, value: &Located<Json>) -> Result<Default, String> {
    if let (Kind::Text(_), Json::String(source)) = (&question.kind, &value.value)
        && source.contains("{{")
    {
        return Ok(Default::Template(value.with(source.clone())));
    }
    let answer = question.read(&Given::Data(value.value.clone()))?;
    question.check_shape(&answer)?;
    if !question.choices().is_empty() {
        for value in answer.chosen() {
            offered(question, value)?;
        }
    }
    Ok(Default::Fixed(answer))
}

/// Says why a value is not one that a question offers.
fn offered(question: &Question, value: &str) -> Result<(), String> {
    if question.choice(value).is_some() {
        return Ok(());
    }
    let name = &question.name;
    if let Some(hidden) = question.hidden(value) {
        return Err(format!(
            "'{value}' can't be the {name}: {}",
            hidden.reason()
        ));
    }
    let values = question
        .choices()
        .iter()
        .map(|choice| choice.value.as_str());
    if let Some(meant) = suggest::nearest(value, values.clone()) {
        return Err(format!(
            "'{name}' has no choice '{value}', did you mean '{meant}'?"
        ));
    }
    let values: Vec<&str> = values.collect();
    Err(format!(
        "'{name}' has no choice '{value}'; there are {}",
        values.join(", ")
    ))
}

impl Fixed {
    /// Tells whether a choice is in the answer.
    fn has(&self, value: &str) -> bool {
        match &self.answer {
            Default::Fixed(answer) => answer.chosen().iter().any(|chosen| chosen == value),
            Default::Template(_) => false,
        }
    }
}

impl Question {
    /// Takes the choices away that aren't in a fixed answer.
    fn keep_fixed(&mut self) {
        let Some(fixed) = &self.fixed else {
            return;
        };
        let others = self
            .choices()
            .iter()
            .filter(|choice| !fixed.has(&choice.value));
        let hidden: Vec<Hidden> = others
            .map(|choice| Hidden {
                value: choice.value.clone(),
                by: fixed.by.clone(),
                because: format!("{} is always '{}'", self.name, fixed.typed()),
                follows: true,
                place: fixed.place.clone(),
            })
            .collect();
        for hidden in hidden {
            self.hide(hidden);
        }
    }

    /// Takes a choice away; where it was the default, the next one becomes it.
    pub(super) fn hide(&mut self, hidden: Hidden) {
        let value = &hidden.value;
        if let Kind::Choice(choices) | Kind::Choices(choices) = &mut self.kind {
            choices.retain(|choice| choice.value != *value);
        }
        match &mut self.default {
            Some(Default::Fixed(Answer::Text(default))) if default == value => {
                let next = self.kind.choices().first();
                let next = next.map(|choice| Answer::Text(choice.value.clone()));
                self.default = next.map(Default::Fixed);
            }
            Some(Default::Fixed(Answer::List(default))) => default.retain(|other| other != value),
            _ => {}
        }
        self.hidden.push(hidden);
    }
}
