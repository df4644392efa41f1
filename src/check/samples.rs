//! Answers to questions that have no default, and awkward ones to those that have.

use std::collections::BTreeMap;

use crate::resolve::Given;
use crate::template::{Kind, Question, Template};

/// Texts that stand in for an answer, the likeliest first.
const PLAIN: [&str; 12] = [
    "sample",
    "Sample",
    "sample-1",
    "sample_1",
    "a",
    "ab",
    "A",
    "1",
    "1.0.0",
    "sample@example.org",
    "https://example.org",
    "example.org",
];

/// Texts that break what isn't quoted or escaped for its format.
const AWKWARD: [&str; 12] = [
    "it's \"quoted\"",
    "back\\slash \\n",
    "<b>&amp;</b>",
    "naïve 漢字 🚀",
    "{{ braces }} {% tag %} {# note #}",
    "a: b # c",
    "- [x] *dash*",
    "100% $HOME ${X}",
    "true",
    "007",
    "a-b",
    "a_b.c",
];

/// The longest text that is tried.
const LONGEST: usize = 120;

/// What stands in for answers that a template doesn't have.
#[derive(Debug, Clone, Default)]
pub struct Samples(BTreeMap<String, Given>);

impl Samples {
    /// Finds an answer for each question without a default; the answers of the template's own cases
    /// come first. Gives the questions, too, for which none was found.
    pub fn of<'t>(
        template: &'t Template,
        cases: &[BTreeMap<String, Given>],
    ) -> (Self, Vec<&'t Question>) {
        let mut samples = BTreeMap::new();
        let mut open = Vec::new();
        for question in &template.questions {
            if question.default.is_some() || !question.is_open() || !question.choices().is_empty() {
                continue;
            }
            let own = cases.iter().filter_map(|case| case.get(&question.name));
            let made = made(question);
            match own.chain(&made).find(|given| question.takes(given)) {
                Some(given) => {
                    samples.insert(question.name.clone(), given.clone());
                }
                None => open.push(question),
            }
        }
        (Samples(samples), open)
    }

    /// Gives them as answers.
    pub(super) fn given(&self) -> impl Iterator<Item = (String, Given)> {
        self.0
            .iter()
            .map(|(name, given)| (name.clone(), given.clone()))
    }
}

/// Makes answers up.
fn made(question: &Question) -> Vec<Given> {
    let typed = |text: &str| Given::Typed(text.to_owned());
    match question.kind {
        Kind::Bool => vec![typed("false")],
        Kind::Integer { minimum, maximum } => {
            let number = 0.clamp(minimum, maximum.max(minimum));
            vec![typed(&number.to_string())]
        }
        Kind::Text(_) => {
            let repeated = ["a", "A", "1"]
                .into_iter()
                .flat_map(|letter| (2..=LONGEST).map(move |count| letter.repeat(count)));
            let plain = PLAIN.iter().map(|text| (*text).to_owned());
            plain.chain(repeated).map(Given::Typed).collect()
        }
        Kind::Choice(_) | Kind::Choices(_) => Vec::new(),
    }
}

/// Gives the awkward texts that a question takes: those that are to be escaped, and the longest.
pub(super) fn awkward(question: &Question) -> Vec<Given> {
    if !matches!(question.kind, Kind::Text(_)) || !question.is_open() {
        return Vec::new();
    }
    let texts = AWKWARD.iter().map(|text| (*text).to_owned());
    let longest = (2..=LONGEST)
        .rev()
        .map(|count| "a".repeat(count))
        .find(|text| question.takes(&Given::Typed(text.clone())));
    texts
        .chain(longest)
        .map(Given::Typed)
        .filter(|given| question.takes(given))
        .collect()
}
