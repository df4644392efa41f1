//! What follows from fixed answers and hidden choices for all other questions.
//!
//! A choice that goes only with what is fixed otherwise or hidden is hidden as well, and a question
//! that can't come up any more is marked: so help, lists, prompts and combinations agree.

use std::collections::BTreeSet;

use super::question::{Default, Hidden, Kind, Question};
use super::{Located, Template};
use crate::answer::Answer;
use crate::combinations::{self, Combination};
use crate::problem::Problem;
use crate::resolve::Input;

/// Takes away what can't be chosen any more; says where nothing is left at all.
pub(super) fn narrow(template: &mut Template) -> Result<(), Problem> {
    // What is taken away can take away more. Each round but the last takes something.
    let mut taken = true;
    while taken {
        taken = false;
        for position in 0..template.questions.len() {
            taken |= narrow_around(template, position)?;
        }
    }
    Ok(())
}

/// Takes away what the question at a position rules out; tells whether that was anything.
fn narrow_around(template: &mut Template, position: usize) -> Result<bool, Problem> {
    let question = &template.questions[position];
    let names = BTreeSet::from([question.name.clone()]);
    let names = combinations::closure(template, &names);
    let Some(cause) = cause(template, question, &names) else {
        return Ok(false);
    };
    if names.iter().any(|name| is_unbounded(template, name)) {
        return Ok(false);
    }
    // A condition that can't be evaluated is found again, with its reason, where it is used.
    let Ok(valid) = combinations::enumerate(template, &Input::sample(), &names) else {
        return Ok(false);
    };
    if valid.is_empty() {
        return Err(nothing_left(question, &cause));
    }
    Ok(hide_unreachable(template, &valid, (position, &cause)))
}

/// Why something can't be chosen any more.
struct Cause {
    by: String,
    because: String,
    place: Located<()>,
}

/// Finds the restriction that a question depends on: its own one, else the first one.
fn cause(template: &Template, question: &Question, names: &BTreeSet<String>) -> Option<Cause> {
    let others = template.questions.iter();
    let others = others.filter(|other| names.contains(&other.name));
    let restricted = std::iter::once(question)
        .chain(others)
        .find(|question| is_restricted(question))?;
    if let Some(fixed) = &restricted.fixed {
        return Some(Cause {
            by: fixed.by.clone(),
            because: format!("{} is always '{}'", restricted.name, fixed.typed()),
            place: fixed.place.clone(),
        });
    }
    let hidden = restricted.hidden.first()?;
    let because = format!(
        "it goes only with {}/{}, which is hidden",
        restricted.name, hidden.value
    );
    Some(Cause {
        by: hidden.by.clone(),
        because,
        place: hidden.place.clone(),
    })
}

/// Tells whether a template on top left a question fewer answers.
fn is_restricted(question: &Question) -> bool {
    question.fixed.is_some() || !question.hidden.is_empty()
}

/// Tells whether a question has more answers than can be tried.
fn is_unbounded(template: &Template, name: &str) -> bool {
    let is_bounded = |question: &Question| {
        matches!(question.kind, Kind::Bool | Kind::Choice(_))
            || question
                .fixed
                .as_ref()
                .is_some_and(|fixed| matches!(fixed.answer, Default::Fixed(_)))
    };
    template
        .question(name)
        .is_some_and(|question| !is_bounded(question))
}

fn nothing_left(question: &Question, cause: &Cause) -> Problem {
    let message = match &question.fixed {
        Some(fixed) => format!(
            "{} can't be '{}' with the other answers and choices that are left",
            question.name,
            fixed.typed()
        ),
        None => format!(
            "no choice of '{}' goes together with the other answers and choices that are left",
            question.name
        ),
    };
    cause.place.error(message)
}

/// Hides what none of the valid combinations has, and tells whether that was anything; `position`
/// is the question that they are about.
fn hide_unreachable(
    template: &mut Template,
    valid: &[Combination],
    (position, cause): (usize, &Cause),
) -> bool {
    let mut taken = false;
    for (index, question) in template.questions.iter_mut().enumerate() {
        let answers: Vec<&Answer> = valid
            .iter()
            .filter_map(|combination| combination.get(&question.name)?.as_ref())
            .collect();
        if answers.is_empty() {
            if index == position && !question.is_idle {
                question.is_idle = true;
                taken = true;
            }
            continue;
        }
        if question.fixed.is_some() || !matches!(question.kind, Kind::Choice(_)) {
            continue;
        }
        let is_reached = |value: &str| {
            answers
                .iter()
                .any(|answer| answer.chosen().iter().any(|own| own == value))
        };
        let unreachable: Vec<Hidden> = question
            .choices()
            .iter()
            .filter(|choice| !is_reached(&choice.value))
            .map(|choice| {
                let own = choice.when.as_ref().map_or("", |when| &when.because);
                let says_itself = index == position && !own.is_empty();
                Hidden {
                    value: choice.value.clone(),
                    by: cause.by.clone(),
                    because: if says_itself { own } else { &cause.because }.to_owned(),
                    follows: true,
                    place: cause.place.clone(),
                }
            })
            .collect();
        for hidden in unreachable {
            question.hide(hidden);
            taken = true;
        }
    }
    taken
}
