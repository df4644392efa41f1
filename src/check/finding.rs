//! What a check found, and for which answers.

use serde_json::{Map, Value as Json, json};

use crate::problem::{Problem, Severity};

/// The name of a question and an answer to it, as they are typed.
pub type Fact = (String, String);

/// For which answers there is a problem.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum When {
    /// For all of them.
    #[default]
    Always,
    /// Whenever these are among them, and only then.
    With(Vec<Fact>),
    /// For these among others, which have nothing simple in common.
    Example(Vec<Fact>),
}

impl When {
    /// Gives the answers.
    pub fn facts(&self) -> &[Fact] {
        match self {
            When::Always => &[],
            When::With(facts) | When::Example(facts) => facts,
        }
    }

    /// Writes it behind a message; empty where there is nothing to say.
    fn shown(&self) -> String {
        let list = |facts: &[Fact]| {
            let facts = facts
                .iter()
                .map(|(name, value)| format!("{name} = {value:?}"));
            facts.collect::<Vec<_>>().join(", ")
        };
        match self {
            When::Always => String::new(),
            When::With(facts) => format!(" (with {})", list(facts)),
            When::Example(facts) => format!(" (for example with {})", list(facts)),
        }
    }
}

/// A problem, and what is known about when and how it shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The problem.
    pub problem: Problem,
    /// For which answers there is one.
    pub when: When,
    /// What else there is to see: a patch, what a program said, a line that was made.
    pub detail: String,
    /// The command that shows it again; empty where there is none.
    pub command: String,
}

impl From<Problem> for Finding {
    fn from(problem: Problem) -> Self {
        Finding {
            problem,
            when: When::Always,
            detail: String::new(),
            command: String::new(),
        }
    }
}

impl Finding {
    /// Adds what else there is to see.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = detail.into();
        self
    }

    /// Tells whether it keeps the template from being used.
    pub fn is_error(&self) -> bool {
        self.problem.severity == Severity::Error
    }

    /// Gives the problem with the answers in its message.
    pub fn shown(&self) -> Problem {
        let mut problem = self.problem.clone();
        problem.message += &self.when.shown();
        problem
    }

    /// Describes it as data.
    pub fn data(&self) -> Json {
        let problem = &self.problem;
        let place = problem.place.as_ref();
        let answers: Map<String, Json> = self
            .when
            .facts()
            .iter()
            .map(|(name, value)| (name.clone(), json!(value)))
            .collect();
        json!({
            "rule": problem.rule.name(),
            "level": level(problem),
            "file": problem.file,
            "line": place.map(|place| place.line_and_column().0),
            "column": place.map(|place| place.line_and_column().1),
            "source": place.map(crate::problem::Place::line),
            "message": problem.message,
            "answers": answers,
            "detail": (!self.detail.is_empty()).then_some(&self.detail),
            "command": (!self.command.is_empty()).then_some(&self.command),
        })
    }
}

/// Names how bad a problem is.
pub(super) fn level(problem: &Problem) -> &'static str {
    match problem.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}
