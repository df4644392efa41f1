//! Answers that a template no longer offers, because one on top fixes them otherwise or hides them.

use serde_json::Value as Json;

use crate::resolve::Given;
use crate::template::{Hidden, Kind, Question};

/// Gives what is left of a default for all projects: the template has its own mind, so that what
/// it fixes or hides is for other templates.
pub(super) fn left_of(question: &Question, given: Given) -> Option<Given> {
    if question.fixed.is_some() {
        return None;
    }
    if question.hidden.is_empty() {
        return Some(given);
    }
    let is_hidden = |value: &str| question.hidden(value.trim()).is_some();
    match (&question.kind, given) {
        (Kind::Choices(_), Given::Typed(text)) => {
            let values: Vec<&str> = text.split(',').filter(|value| !is_hidden(value)).collect();
            Some(Given::Typed(values.join(",")))
        }
        (_, Given::Data(Json::Array(mut values))) => {
            values.retain(|value| !value.as_str().is_some_and(is_hidden));
            Some(Given::Data(Json::Array(values)))
        }
        (_, Given::Typed(text) | Given::Data(Json::String(text))) if is_hidden(&text) => None,
        (_, given) => Some(given),
    }
}

/// Finds the answer of a project that was taken away, where several others are left to choose from.
pub fn taken_away<'q>(question: &'q Question, recorded: &Given) -> Option<&'q Hidden> {
    let (Given::Typed(value) | Given::Data(Json::String(value))) = recorded else {
        return None;
    };
    let hidden = question.hidden(value)?;
    let is_decided = question.fixed.is_some() || question.choices().len() < 2;
    (!is_decided).then_some(hidden)
}
