//! What a template has no choice for, and questions that nothing answers.

use super::{Kept, Looking, Unfound};
use crate::error::Result;
use crate::resolve::Given;
use crate::template::Unoffered;

impl<'a> Looking<'a> {
    /// Finds what the project has and the question doesn't offer.
    pub(super) fn kept(&self) -> Result<Vec<(&'a Unoffered, Kept)>> {
        let mut kept = Vec::new();
        for unoffered in &self.question.unoffered {
            let Some(told) = self.any(&unoffered.detect)? else {
                continue;
            };
            let found = Kept {
                question: self.question.name.clone(),
                title: unoffered.title.clone(),
                told,
                because: unoffered.because.clone(),
                answer: None,
            };
            kept.push((unoffered, found));
        }
        Ok(kept)
    }

    /// Says what a person has to answer, where nothing may be invented and more than one answer can
    /// be.
    pub(super) fn unfound(&self, kept: &[(&Unoffered, Kept)]) -> Result<Option<Unfound>> {
        let question = self.question;
        let possible = self.resolver.possible(question)?;
        let choices: Vec<String> = possible.map(|choice| choice.value.clone()).collect();
        let is_decided =
            !question.is_open() || (!question.choices().is_empty() && choices.len() < 2);
        if question.unfound.is_empty() || is_decided {
            return Ok(None);
        }
        let because = match kept {
            [] => question.unfound.clone(),
            [(_, kept), ..] => format!("{} ({})", kept.because, kept.told),
        };
        let mut looked_for = Vec::new();
        for choice in question.choices() {
            for sign in &choice.detect {
                let evidence = self.found.look();
                let reason = if self.holds_in(sign, &evidence)? {
                    let given = Given::Typed(choice.value.clone());
                    match self.resolver.accept(question, &given) {
                        Err(refused) => format!("{}, but {}", evidence.reason(), refused.message),
                        Ok(_) => continue,
                    }
                } else {
                    evidence.reason()
                };
                if !reason.is_empty() && !looked_for.contains(&reason) {
                    looked_for.push(reason);
                }
            }
        }
        Ok(Some(Unfound {
            question: question.name.clone(),
            because,
            looked_for,
            choices,
        }))
    }
}
