//! Answers that a template gives once and for all.

use super::Resolver;
use crate::answer::Answer;
use crate::error::{Error, Result};
use crate::template::{Default, Question};

impl Resolver<'_> {
    /// Gives the answer that a template fixes; none where it fixes none, or makes it from an
    /// answer that is missing.
    pub fn fixed(&self, question: &Question) -> Result<Option<Answer>> {
        let Some(fixed) = &question.fixed else {
            return Ok(None);
        };
        match &fixed.answer {
            Default::Fixed(Answer::List(values)) => {
                Ok(Some(question.list(values.iter().map(String::as_str))))
            }
            Default::Fixed(answer) => Ok(Some(answer.clone())),
            Default::Template(source) => self.fill(question, source),
        }
    }

    /// Refuses an answer that isn't the one that a template fixes.
    pub(super) fn refuse_other(&self, question: &Question, answer: &Answer) -> Result<()> {
        let (Some(fixed), Some(own)) = (&question.fixed, self.fixed(question)?) else {
            return Ok(());
        };
        if own == *answer {
            return Ok(());
        }
        let message = format!(
            "template {} fixes {} to '{}'",
            fixed.by,
            question.name,
            own.typed()
        );
        Err(Error::request(message).hint("leave this answer out"))
    }
}
