//! What is checked of a template because others lie below it: that what it names is there, and
//! which of the mistakes are its own.

use std::collections::BTreeSet;

use super::Check;
use crate::problem::{Problem, Rule};
use crate::suggest;
use crate::template::{File, Layer, Located, Question, Role, Source};

impl Check<'_> {
    /// Tells whether a file belongs to the template itself: what becomes unreachable in one below,
    /// because this one hides or fixes something, is nobody's mistake.
    pub(super) fn is_own(&self, file: &str) -> bool {
        let root = |source: &Source| {
            let root = format!("{source}/");
            file.starts_with(&root).then_some(root.len())
        };
        // A folder can lie in another one; the inner one has the longer path.
        let own = root(&self.template.source);
        let mut below = self.template.below.iter();
        below.all(|lower| root(&lower.source) < own)
    }

    /// Warns of a layer for a choice that nobody can choose.
    pub(super) fn hidden_layer(&mut self, layer: &Layer) {
        if let Role::Choice { question, value } = &layer.role
            && layer.depth == self.template.below.len()
            && let Some(question) = self.template.question(question)
            && let Some(hidden) = question.hidden(value)
        {
            let message = format!(
                "nobody can choose '{}', so that this layer does nothing: {}",
                layer.name,
                hidden.reason()
            );
            let folder = format!("{}/{}", self.template.source, layer.name);
            self.problems
                .push(Problem::warning(folder, message).of(Rule::Unreachable));
        }
    }

    /// Checks that `requires` and `conflicts` name layers that are there.
    pub(super) fn layer_names(&mut self) {
        let names: BTreeSet<&str> = self
            .template
            .layers
            .iter()
            .map(|layer| layer.name.as_str())
            .collect();
        let located: Vec<&Located<String>> = self
            .template
            .layers
            .iter()
            .flat_map(|layer| &layer.named)
            .filter(|name| !names.contains(name.value.as_str()))
            .collect();
        for name in &located {
            let message = match suggest::nearest(&name.value, names.iter().copied()) {
                Some(meant) => format!(
                    "there is no layer '{}', did you mean '{meant}'?",
                    name.value
                ),
                None => format!(
                    "there is no layer '{}', neither here nor in a template below",
                    name.value
                ),
            };
            self.problems
                .push(name.error(message).of(Rule::MissingLayer));
        }
        let choices = self.template.questions.iter().flat_map(Question::choices);
        let named = choices.flat_map(|choice| choice.requires.iter().chain(&choice.conflicts));
        let required = self
            .template
            .layers
            .iter()
            .flat_map(|layer| &layer.requires);
        let missing: BTreeSet<&String> = named
            .chain(required)
            .filter(|name| !names.contains(name.as_str()))
            .filter(|name| !located.iter().any(|located| located.value == **name))
            .collect();
        for name in missing {
            let file = format!("{}/template.toml", self.template.source);
            let message =
                format!("a layer requires or conflicts with '{name}', which is not there");
            self.problems
                .push(Problem::error(file, message).of(Rule::MissingLayer));
        }
    }
}

/// Makes the error about a file that extends one which no layer has.
pub(super) fn no_file<'p>(file: &File, paths: impl Iterator<Item = &'p str>) -> Problem {
    let message = match suggest::nearest(&file.path, paths) {
        Some(meant) => format!(
            "no layer below has a file '{}', did you mean '{meant}'?",
            file.path
        ),
        None => format!("no layer below has a file '{}'", file.path),
    };
    Problem::error(&file.name, message).of(Rule::UnknownBlock)
}
