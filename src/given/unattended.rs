//! Answers all questions without asking anybody.

use super::{Gathered, Origin, Wrong, refuse};
use crate::answer::{Answer, Answers};
use crate::error::{Error, Result};
use crate::resolve::{Given, Input, Resolver};
use crate::template::{Kind, Question, Template};

/// What becomes of a question that nobody answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unanswered {
    /// It takes its default.
    Default,
    /// It is an error.
    Error,
}

impl Gathered {
    /// Answers all questions without asking anybody; all mistakes come at once.
    pub fn answer(
        &self,
        template: &Template,
        input: &Input,
        unanswered: Unanswered,
    ) -> Result<Answers> {
        let mut run = Run {
            gathered: self,
            wrong: [self.unknown.as_slice(), &self.unfit].concat(),
            missing: Vec::new(),
        };
        let mut resolver = Resolver::new(template, input);
        for question in &template.questions {
            let given = self.given.get(&question.name);
            let recorded = self.recorded.get(&question.name);
            let answer = match (resolver.is_asked(question)?, given) {
                (false, _) => None,
                (true, Some(given)) => run.given(&resolver, question, given)?,
                (true, None) => {
                    match recorded.map_or(Ok(None), |recorded| resolver.fit(question, recorded))? {
                        Some(kept) => Some(kept),
                        None => run.default(&resolver, question, unanswered)?,
                    }
                }
            };
            resolver.answers.push(&question.name, answer);
        }
        refuse(&run.wrong)?;
        refuse_missing(&run.missing, unanswered)?;
        self.refuse_unused(template, &resolver.answers)?;
        Ok(resolver.answers)
    }
}

/// What is found on the way through the questions.
struct Run<'a> {
    gathered: &'a Gathered,
    wrong: Vec<Wrong>,
    missing: Vec<&'a Question>,
}

impl<'a> Run<'a> {
    /// Accepts what was given.
    ///
    /// A refused text counts as missing, so that what is made from it is missing too, and quiet.
    fn given(
        &mut self,
        resolver: &Resolver,
        question: &Question,
        given: &Given,
    ) -> Result<Option<Answer>> {
        match resolver.accept(question, given) {
            Ok(answer) => Ok(Some(answer)),
            Err(error) => {
                self.note(question, error)?;
                let is_text = matches!(question.kind, Kind::Text(_));
                if is_text {
                    Ok(None)
                } else {
                    resolver.default(question)
                }
            }
        }
    }

    /// Takes the default, and checks it like an answer: it can come from a folder's name.
    fn default(
        &mut self,
        resolver: &Resolver,
        question: &'a Question,
        unanswered: Unanswered,
    ) -> Result<Option<Answer>> {
        let default = resolver.default(question)?;
        let is_open = resolver.fixed(question)?.is_none()
            && (question.choices().is_empty() || resolver.possible(question)?.count() > 1);
        if default.is_none() || (unanswered == Unanswered::Error && is_open) {
            self.missing.push(question);
            return Ok(default);
        }
        if let Some(Err(error)) = default
            .as_ref()
            .map(|default| resolver.check(question, default))
        {
            self.note(question, error)?;
        }
        Ok(default)
    }

    /// Notes what is wrong with an answer; what is wrong with the template ends everything.
    fn note(&mut self, question: &Question, error: Error) -> Result<()> {
        if !error.problems.is_empty() {
            return Err(error);
        }
        let origin = self.gathered.origins.get(&question.name);
        let place = match origin {
            Some(Origin::File(_)) => self.gathered.written.value(&question.name, None),
            _ => None,
        };
        let message = match place {
            Some(_) => format!("{}: {}", question.name, error.message),
            None => error.message,
        };
        let origin = origin.map_or_else(|| question.flag(), Origin::to_string);
        self.wrong.push(Wrong {
            hints: error.hints,
            place,
            ..Wrong::new(origin, message)
        });
        Ok(())
    }
}

fn refuse_missing(missing: &[&Question], unanswered: Unanswered) -> Result<()> {
    if missing.is_empty() {
        return Ok(());
    }
    let flags: Vec<String> = missing.iter().map(|question| question.flag()).collect();
    let error = Error::request(format!("no answer for {}", flags.join(" ")));
    Err(match unanswered {
        Unanswered::Default => error.hint("give these flags; these questions have no default"),
        Unanswered::Error => error.hint(
            "give these flags, or --yes to take the defaults; there is no terminal to ask in",
        ),
    })
}
