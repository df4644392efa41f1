//! Answers: typed values under the names of their questions.

use std::collections::BTreeMap;

use minijinja::value::{Serde, Value};
use serde::Serialize;

/// The value of a question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Answer {
    /// A text, or the value of a choice.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// Yes or no.
    Bool(bool),
    /// The values of several choices, in the order of the question.
    List(Vec<String>),
}

impl Answer {
    /// Gives the values of the choices that the answer names.
    pub fn chosen(&self) -> &[String] {
        match self {
            Answer::Text(value) => std::slice::from_ref(value),
            Answer::List(values) => values,
            Answer::Integer(_) | Answer::Bool(_) => &[],
        }
    }

    /// Writes the answer as it is typed after its flag.
    pub fn typed(&self) -> String {
        match self {
            Answer::Text(text) => text.clone(),
            Answer::Integer(number) => number.to_string(),
            Answer::Bool(yes) => yes.to_string(),
            Answer::List(values) => values.join(","),
        }
    }

    /// Turns the answer into what templates and expressions see.
    pub fn value(&self) -> Value {
        Value::from(Serde(self))
    }
}

/// What files call what is known of a project that was adopted without the template's example.
pub const ADOPTED: &str = "adopted";

/// What is known of such a project, under names that its template chose.
pub type Traits = BTreeMap<String, String>;

/// The answers to the questions of a template, in the order of the questions.
///
/// A question that wasn't asked has no answer; templates and expressions see `none` for it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Answers {
    entries: Vec<(String, Option<Answer>)>,
    adopted: Option<Traits>,
}

impl Answers {
    /// Adds an answer, or that a question isn't asked.
    pub fn push(&mut self, name: &str, answer: Option<Answer>) {
        self.entries.push((name.to_owned(), answer));
    }

    /// Says what is known of the project, where it was adopted without the template's example.
    pub fn set_adopted(&mut self, traits: Option<Traits>) {
        self.adopted = traits;
    }

    /// Gives what is known of a project that was adopted without the template's example.
    pub fn adopted(&self) -> Option<&Traits> {
        self.adopted.as_ref()
    }

    /// Gives the answer to a question; none where it wasn't asked.
    pub fn get(&self, name: &str) -> Option<&Answer> {
        self.entries
            .iter()
            .find(|(known, _)| known == name)
            .and_then(|(_, answer)| answer.as_ref())
    }

    /// Tells whether a question was asked or skipped already.
    pub fn is_decided(&self, name: &str) -> bool {
        self.entries.iter().any(|(known, _)| known == name)
    }

    /// Gives all questions with an answer.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Answer)> {
        self.entries
            .iter()
            .filter_map(|(name, answer)| Some((name.as_str(), answer.as_ref()?)))
    }

    /// Gives what expressions see: a value for each question so far, `none` where not asked.
    pub fn values(&self) -> impl Iterator<Item = (String, Value)> {
        self.entries.iter().map(|(name, answer)| {
            let value = answer.as_ref().map_or(Value::from(()), Answer::value);
            (name.clone(), value)
        })
    }
}
