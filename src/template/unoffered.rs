//! What a question is known not to offer, and what it says to those who ask for it.

use super::manifest::{Located, Table};
use super::question::Question;
use crate::language::Expression;
use crate::suggest;

/// A value that people ask for and that is no choice.
#[derive(Debug)]
pub struct Unoffered {
    /// What is typed for it.
    pub value: Located<String>,
    /// What else is typed for it.
    pub aliases: Vec<String>,
    /// Its name for people.
    pub title: String,
    /// Why it isn't offered.
    pub because: String,
    /// The choice that is closest to it.
    pub instead: Option<Located<String>>,
    /// The choice that a project has taken that has it, as far as this template is concerned.
    pub adopt: Option<Located<String>>,
    /// Signs that a project that is there already has it.
    pub detect: Vec<Located<Expression>>,
}

/// Reads what a question doesn't offer.
pub(super) fn read_all(table: &Table) -> Vec<Unoffered> {
    let tables = table.tables("unoffered");
    tables.iter().filter_map(read).collect()
}

fn read(table: &Table) -> Option<Unoffered> {
    let value = table.required_text("value");
    let because = table.required_text("because");
    let unoffered = Unoffered {
        title: table
            .text("title")
            .or_else(|| Some(value.as_ref()?.value.clone()))
            .unwrap_or_default(),
        aliases: table
            .texts("aliases")
            .map(|names| names.value)
            .unwrap_or_default(),
        instead: table.located_text("instead"),
        adopt: table.located_text("adopt"),
        detect: table.expressions("detect"),
        because: because?.value,
        value: value?,
    };
    table.refuse_unknown_keys();
    Some(unoffered)
}

impl Unoffered {
    /// Tells whether a value that was typed means this.
    pub fn is(&self, typed: &str) -> bool {
        self.names().any(|name| name == typed)
    }

    fn names(&self) -> impl Iterator<Item = &str> {
        let first = std::iter::once(&self.value.value);
        first.chain(&self.aliases).map(String::as_str)
    }
}

impl Question {
    /// Finds what isn't offered by a value that was typed.
    pub fn unoffered(&self, typed: &str) -> Option<&Unoffered> {
        self.unoffered.iter().find(|unoffered| unoffered.is(typed))
    }

    /// Reports what can't be right about what isn't offered.
    pub(super) fn check_unoffered(&self, table: &Table) {
        for (position, unoffered) in self.unoffered.iter().enumerate() {
            let place = &unoffered.value;
            if self.choices().is_empty() {
                let message = format!("'{}' has no choices that could be missing", self.name);
                table.report(place.error(message));
            }
            for name in unoffered.names() {
                if self.choice(name).is_some() {
                    table.report(place.error(format!("'{name}' is a choice of '{}'", self.name)));
                }
                if self.unoffered[..position].iter().any(|it| it.is(name)) {
                    table.report(place.error(format!("'{name}' is there twice")));
                }
            }
            let named = unoffered.instead.iter().chain(&unoffered.adopt);
            for choice in named.filter(|named| self.choice(&named.value).is_none()) {
                let values = self.choices().iter().map(|choice| choice.value.as_str());
                let mut message = format!("'{}' is no choice of '{}'", choice.value, self.name);
                if let Some(meant) = suggest::nearest(&choice.value, values) {
                    message += &format!(", did you mean '{meant}'?");
                }
                table.report(choice.error(message));
            }
        }
    }

    /// Forgets what a template on top offers after all.
    pub(super) fn forget_offered(&mut self) {
        let choices = self.kind.choices();
        self.unoffered
            .retain(|unoffered| !choices.iter().any(|choice| unoffered.is(&choice.value)));
    }
}
