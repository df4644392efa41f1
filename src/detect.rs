//! Guesses the answers of a project that was made by hand or by another tool.
//!
//! Which signs there are is data of the template: conditions for choices, templates for questions.
//! It is pure, and only guesses: what a person makes of it is decided elsewhere.

mod missing;

use std::collections::BTreeMap;

use minijinja::value::{Value, merge_maps};
use serde_json::Value as Json;

use crate::answer::Answer;
use crate::error::{Error, Result};
use crate::found::{self, Evidence};
use crate::language::{self, Expression};
use crate::resolve::{Given, Input, Resolver};
use crate::template::{Kind, Located, Question, Template, Unoffered};

pub use crate::found::Found;

/// An answer that a project seems to have given already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guess {
    /// The question's name.
    pub question: String,
    /// The answer.
    pub answer: Answer,
    /// What it was told by, for people: `pyproject.toml: dependency x`.
    pub because: String,
}

/// What a project has that the template has no choice for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// The question's name.
    pub question: String,
    /// What the project has, for people.
    pub title: String,
    /// By what it was told.
    pub told: String,
    /// Why the template doesn't offer it.
    pub because: String,
    /// The answer to the question all the same.
    pub answer: Option<Answer>,
}

/// A question that needs a sign or an answer, and has none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unfound {
    /// The question's name.
    pub question: String,
    /// What the project has instead, or what the template says about projects that have no sign.
    pub because: String,
    /// What was looked for, and what became of it.
    pub looked_for: Vec<String>,
    /// What can be answered.
    pub choices: Vec<String>,
}

/// What can be said of a project.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Guesses {
    /// The answers that it seems to have given, in the order of the questions.
    pub answers: Vec<Guess>,
    /// What it has and nobody can choose.
    pub kept: Vec<Kept>,
    /// The first question that only a person can answer; those after it may depend on the answer.
    pub unfound: Option<Unfound>,
}

/// Guesses answers, in the order of the questions; what is given needs no guess.
///
/// Each is one that the resolver accepts after the ones before; where there is none, the questions
/// after it see the default. Signs go before what other tools were answered. An answer that has to
/// stay secret is never guessed.
pub fn guess(
    template: &Template,
    input: &Input,
    found: &Found,
    given: &BTreeMap<String, Given>,
) -> Result<Guesses> {
    let mut resolver = Resolver::new(template, input);
    let mut guesses = Guesses::default();
    for question in &template.questions {
        let mut answer = None;
        if resolver.is_asked(question)? {
            let looking = Looking {
                resolver: &resolver,
                question,
                found,
            };
            answer = looking.answer(given.get(&question.name), &mut guesses)?;
        }
        resolver.answers.push(&question.name, answer);
    }
    Ok(guesses)
}

/// Looking for the answer to one question.
struct Looking<'a> {
    resolver: &'a Resolver<'a>,
    question: &'a Question,
    found: &'a Found,
}

impl Looking<'_> {
    /// Notes what is found, and gives the answer that the questions after this one see.
    fn answer(&self, given: Option<&Given>, guesses: &mut Guesses) -> Result<Option<Answer>> {
        let kept = self.kept()?;
        let answer = match given {
            Some(given) => self.accept(given, String::new())?.map(|guess| guess.answer),
            None => self.find(&kept, guesses)?,
        };
        let kept = kept.into_iter().map(|(_, kept)| Kept {
            answer: answer.clone(),
            ..kept
        });
        guesses.kept.extend(kept);
        Ok(answer)
    }

    fn find(&self, kept: &[(&Unoffered, Kept)], guesses: &mut Guesses) -> Result<Option<Answer>> {
        if let Some(guess) = self.guess(kept)? {
            let answer = guess.answer.clone();
            guesses.answers.push(guess);
            return Ok(Some(answer));
        }
        if let Some(unfound) = self.unfound(kept)? {
            guesses.unfound.get_or_insert(unfound);
            return Ok(None);
        }
        self.resolver.default(self.question)
    }

    fn guess(&self, kept: &[(&Unoffered, Kept)]) -> Result<Option<Guess>> {
        if self.question.secret {
            return Ok(None);
        }
        let chosen = match self.question.kind {
            Kind::Choices(_) => self.several()?,
            _ => self.one()?,
        };
        for (unoffered, kept) in kept {
            // What is there says more than what isn't: it goes before a choice that means nothing.
            let Some(adopt) = &unoffered.adopt else {
                continue;
            };
            let is_meant = |guess: &Guess| guess.answer.chosen() == [adopt.value.as_str()];
            if chosen.as_ref().is_none_or(is_meant) {
                let given = Given::Typed(adopt.value.clone());
                if let Some(guess) = self.accept(&given, kept.told.clone())? {
                    return Ok(Some(guess));
                }
            }
        }
        if chosen.is_some() {
            return Ok(chosen);
        }
        if let Some(guess) = self.text()? {
            return Ok(Some(guess));
        }
        self.other()
    }

    /// Takes the choice with the surest sign; among equals the first that can be chosen.
    fn one(&self) -> Result<Option<Guess>> {
        let choices = self.question.choices();
        let most = choices.iter().map(|choice| choice.detect.len()).max();
        for sureness in 0..most.unwrap_or(0) {
            for choice in choices {
                let Some(sign) = choice.detect.get(sureness) else {
                    continue;
                };
                if let Some(because) = self.holds(sign)?
                    && let Some(guess) =
                        self.accept(&Given::Typed(choice.value.clone()), because)?
                {
                    return Ok(Some(guess));
                }
            }
        }
        Ok(None)
    }

    /// Takes every choice that has a sign and goes together with those taken before it.
    fn several(&self) -> Result<Option<Guess>> {
        let mut taken: Option<Guess> = None;
        for choice in self.question.choices() {
            let Some(because) = self.any(&choice.detect)? else {
                continue;
            };
            let (mut values, mut reasons) = (vec![choice.value.clone()], vec![because]);
            if let Some(before) = &taken {
                values.splice(0..0, before.answer.chosen().iter().cloned());
                reasons.insert(0, before.because.clone());
            }
            let given = Given::Data(Json::from(values));
            taken = self.accept(&given, reasons.join(", "))?.or(taken);
        }
        Ok(taken)
    }

    /// Gives by what the first sign that holds was told.
    fn any(&self, signs: &[Located<Expression>]) -> Result<Option<String>> {
        for sign in signs {
            if let Some(because) = self.holds(sign)? {
                return Ok(Some(because));
            }
        }
        Ok(None)
    }

    /// Takes the first of the question's templates that gives an answer.
    fn text(&self) -> Result<Option<Guess>> {
        for source in &self.question.detect {
            let evidence = self.found.look();
            let text = self.render(source, &evidence)?;
            if text.is_empty() {
                continue;
            }
            if let Some(guess) = self.accept(&Given::Typed(text), evidence.reason())? {
                return Ok(Some(guess));
            }
        }
        Ok(None)
    }

    /// Takes what another tool was answered, under the question's name or one of its aliases.
    fn other(&self) -> Result<Option<Guess>> {
        let names = std::iter::once(&self.question.name).chain(&self.question.aliases);
        for name in names {
            for answers in self.found.answers() {
                let Some(value) = answers.values.get(name) else {
                    continue;
                };
                let because = format!("{}: {name}", answers.file);
                if let Some(guess) = self.accept(&self.read(value), because)? {
                    return Ok(Some(guess));
                }
            }
        }
        Ok(None)
    }

    /// Reads another tool's answer: most of them know only texts, and people's names of choices.
    fn read(&self, value: &Json) -> Given {
        let text = match value {
            Json::String(text) => text.trim().to_owned(),
            Json::Number(number) => number.to_string(),
            other => return Given::Data(other.clone()),
        };
        let mut choices = self.question.choices().iter();
        let choice = choices.find(|choice| {
            let mut names = [&choice.value, &choice.title]
                .into_iter()
                .chain(&choice.aliases);
            names.any(|name| name.eq_ignore_ascii_case(&text))
        });
        Given::Typed(choice.map_or(text, |choice| choice.value.clone()))
    }

    /// Makes a guess of an answer, unless it is refused.
    fn accept(&self, given: &Given, because: String) -> Result<Option<Guess>> {
        match self.resolver.accept(self.question, given) {
            Ok(answer) => Ok(Some(Guess {
                question: self.question.name.clone(),
                answer,
                because,
            })),
            // A mistake of the template has a place; a refusal has none.
            Err(error) if error.problems.is_empty() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Tells whether a sign holds: then by what it was told.
    fn holds(&self, sign: &Located<Expression>) -> Result<Option<String>> {
        let evidence = self.found.look();
        let holds = self.holds_in(sign, &evidence)?;
        Ok(holds.then(|| evidence.reason()))
    }

    fn holds_in(&self, sign: &Located<Expression>, evidence: &Evidence) -> Result<bool> {
        let holds = sign.value.holds(&self.values(evidence));
        holds.map_err(|error| wrong(sign, &error))
    }

    fn render(&self, source: &Located<String>, evidence: &Evidence) -> Result<String> {
        let rendered =
            language::short_environment().render_str(&source.value, self.values(evidence));
        let rendered = rendered.map_err(|error| wrong(source, &error))?;
        Ok(rendered.trim().to_owned())
    }

    /// Gives what signs see: what is known of the project, and what conditions see.
    fn values(&self, evidence: &Evidence) -> Value {
        let found = Value::from_pairs([(found::NAME, evidence.value())]);
        merge_maps([found, self.resolver.values()])
    }
}

fn wrong<T>(sign: &Located<T>, error: &minijinja::Error) -> Error {
    let problem = sign.error(language::message(error));
    Error::failed("a sign of the template can't be looked for").with_problems(vec![problem])
}
