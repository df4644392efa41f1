//! The ways in which some questions can be answered together, computed once for each set of them.

use std::collections::{BTreeMap, BTreeSet};

use super::{Combination, enumerate};
use crate::resolve::{Input, Resolver};
use crate::template::Template;

/// What conditions of a template are tried on.
pub(crate) struct Ways<'a> {
    /// The template.
    pub(crate) template: &'a Template,
    input: Input,
    /// By the questions; nothing where there are too many, or a condition can't be evaluated.
    known: BTreeMap<BTreeSet<String>, Option<Vec<Combination>>>,
}

impl<'a> Ways<'a> {
    /// Begins with none.
    pub(crate) fn new(template: &'a Template) -> Self {
        Ways {
            template,
            input: Input::sample(),
            known: BTreeMap::new(),
        }
    }

    /// Gives the valid answers to a [closure](super::closure) of questions, each with what
    /// conditions see of them; nothing where they can't be computed.
    pub(crate) fn of(
        &mut self,
        questions: BTreeSet<String>,
    ) -> Option<impl Iterator<Item = (&Combination, Resolver<'_>)>> {
        let (template, input) = (self.template, &self.input);
        let valid = self
            .known
            .entry(questions)
            .or_insert_with_key(|names| enumerate(template, input, names).ok());
        Some(valid.as_ref()?.iter().map(move |combination| {
            let mut resolver = Resolver::new(template, input);
            for (name, answer) in combination {
                resolver.answers.push(name, answer.clone());
            }
            (combination, resolver)
        }))
    }
}
