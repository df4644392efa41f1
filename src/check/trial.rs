//! One way to answer all questions of a template, to see what comes out.

use std::collections::BTreeSet;

use super::finding::Fact;
use super::samples::Samples;
use crate::answer::{Answer, Answers};
use crate::combinations::Combination;
use crate::error::Result;
use crate::given::{Gathered, Unanswered};
use crate::resolve::{Given, Input};
use crate::template::Template;

/// Answers to all questions.
#[derive(Debug, Clone)]
pub struct Trial {
    /// The answers.
    pub answers: Answers,
    /// The same, one fact for each choice that was made.
    facts: BTreeSet<Fact>,
}

impl Trial {
    /// Answers the questions with some answers, and the rest with defaults and samples.
    pub fn of(template: &Template, samples: &Samples, chosen: &[(String, Given)]) -> Result<Self> {
        let given = samples.given().chain(chosen.iter().cloned());
        let answers =
            Gathered::of(given).answer(template, &Input::sample(), Unanswered::Default)?;
        Ok(Trial::with(answers))
    }

    /// Takes answers as they are.
    pub fn with(answers: Answers) -> Self {
        let facts = answers.iter().flat_map(|(name, answer)| {
            let values = match answer {
                Answer::List(values) => values.clone(),
                other => vec![other.typed()],
            };
            values.into_iter().map(|value| (name.to_owned(), value))
        });
        let facts = facts.collect();
        Trial { answers, facts }
    }

    /// Gives a fact for each choice that was made.
    pub fn facts(&self) -> &BTreeSet<Fact> {
        &self.facts
    }
}

/// Writes a combination of choices as they are given.
pub(super) fn given(combination: &Combination) -> Vec<(String, Given)> {
    let asked = combination
        .iter()
        .filter_map(|(name, answer)| Some((name, answer.as_ref()?)));
    asked
        .map(|(name, answer)| (name.clone(), Given::Typed(answer.typed())))
        .collect()
}
