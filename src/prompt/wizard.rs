//! Which question comes next, what becomes of a reply, and the way back.
//!
//! A list of replies is all its state. After each reply everything is worked out again from the
//! beginning, so that going back needs no undoing.

use std::collections::BTreeMap;
use std::path::Path;

use super::{Prompt, Prompter, Reply, Summary};
use crate::answer::{Answer, Answers};
use crate::error::{self, Error, Result};
use crate::given;
use crate::resolve::{Given, Input, Resolver};
use crate::template::{Kind, Question, Template};

/// What stands for a secret wherever answers are shown.
pub(super) const MASKED: &str = "********";

/// What is asked about, and what is known before.
#[derive(Debug, Clone, Copy)]
pub struct Interview<'a> {
    /// The template, with its questions.
    pub template: &'a Template,
    /// What defaults are made of.
    pub input: &'a Input,
    /// The answers that need no asking, by the question's name.
    pub given: &'a BTreeMap<String, Given>,
    /// The answers of a project that is there already, by the question's name.
    pub recorded: &'a BTreeMap<String, Given>,
    /// What is asked of a project that is there already.
    pub again: Again,
    /// The folder that the project goes to, for the summary; none where an answer decides it.
    pub folder: Option<&'a Path>,
}

/// What is asked again, and whether the answers have to be confirmed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Again {
    /// There is no project yet: a summary of all answers has to be confirmed.
    New,
    /// Everything that isn't given, with the present answers as what Enter takes.
    Everything,
    /// Only what has no answer yet, or one that doesn't fit any more.
    Missing,
}

/// Asks everything that isn't given yet, in order and with a way back; then has it confirmed.
pub fn ask(interview: Interview, prompter: &mut dyn Prompter) -> Result<Answers> {
    let mut wizard = Wizard {
        interview,
        replies: Vec::new(),
        latest: BTreeMap::new(),
        problem: None,
    };
    loop {
        match wizard.next()? {
            Step::Ask(resolver, question) => wizard.put(&resolver, question, prompter)?,
            Step::Confirm(answers) if interview.again != Again::New => return Ok(answers),
            Step::Confirm(answers) => match prompter.confirm(&wizard.summary(&answers))? {
                Reply::Answer(true) => return Ok(answers),
                Reply::Answer(false) => return Err(Error::declined()),
                Reply::Back => wizard.back(),
            },
        }
    }
}

/// What was replied so far.
struct Wizard<'a> {
    interview: Interview<'a>,
    /// The replies that hold, in the order they came.
    replies: Vec<(&'a str, Given)>,
    /// The latest reply to each question, even if it was taken back or refused.
    latest: BTreeMap<&'a str, Given>,
    /// Why the latest reply was refused.
    problem: Option<Error>,
}

/// What to do next.
enum Step<'a> {
    /// Put a question after the answers in the resolver.
    Ask(Resolver<'a>, &'a Question),
    /// Have the answers confirmed.
    Confirm(Answers),
}

impl<'a> Wizard<'a> {
    /// Answers the questions from the first one, up to the one that has to be put.
    fn next(&self) -> Result<Step<'a>> {
        let mut resolver = Resolver::new(self.interview.template, self.interview.input);
        for question in &self.interview.template.questions {
            let answer = if !resolver.is_asked(question)? {
                None
            } else if let Some(given) = self.answered(question) {
                Some(
                    resolver
                        .accept(question, given)
                        .map_err(|error| about(question, error))?,
                )
            } else if let Some(kept) = self.kept(&resolver, question)? {
                Some(kept)
            } else if let Some(only) = only_answer(&resolver, question)? {
                Some(only)
            } else {
                return Ok(Step::Ask(resolver, question));
            };
            resolver.answers.push(&question.name, answer);
        }
        Ok(Step::Confirm(resolver.answers))
    }

    /// Gives the present answer of a question that isn't asked again.
    fn kept(&self, resolver: &Resolver, question: &Question) -> Result<Option<Answer>> {
        match self.interview.again {
            Again::New | Again::Everything => Ok(None),
            Again::Missing => self.present(resolver, question),
        }
    }

    /// Gives the present answer of a question, as far as it fits.
    fn present(&self, resolver: &Resolver, question: &Question) -> Result<Option<Answer>> {
        let recorded = self.interview.recorded.get(&question.name);
        recorded.map_or(Ok(None), |recorded| resolver.fit(question, recorded))
    }

    /// Says why the present answer of a question can't stay, where a template took it away.
    fn taken_away(&self, question: &Question) -> Option<Error> {
        let recorded = self.interview.recorded.get(&question.name)?;
        let hidden = given::taken_away(question, recorded)?;
        Some(Error::request(hidden.in_project()))
    }

    fn answered(&self, question: &Question) -> Option<&Given> {
        let reply = || {
            self.replies
                .iter()
                .find(|(name, _)| *name == question.name)
                .map(|(_, reply)| reply)
        };
        self.interview.given.get(&question.name).or_else(reply)
    }

    /// Puts a question, and keeps the reply when it can be the answer.
    fn put(
        &mut self,
        resolver: &Resolver<'a>,
        question: &'a Question,
        prompter: &mut dyn Prompter,
    ) -> Result<()> {
        let prompt = Prompt {
            question,
            choices: resolver.possible(question)?.collect(),
            default: match self.present(resolver, question)? {
                Some(present) => Some(present),
                None => resolver.default(question)?,
            },
            previous: self.latest.get(question.name.as_str()).cloned(),
            problem: match self.problem.take() {
                Some(problem) => Some(problem),
                None => self.taken_away(question),
            },
            can_go_back: !self.replies.is_empty(),
        };
        match prompter.ask(&prompt)? {
            Reply::Back => self.back(),
            Reply::Answer(reply) => {
                self.problem = problem(resolver, question, &reply)?;
                self.latest.insert(&question.name, reply.clone());
                if self.problem.is_none() {
                    self.replies.push((&question.name, reply));
                }
            }
        }
        Ok(())
    }

    /// Takes back the reply before; the first question is simply put again.
    fn back(&mut self) {
        self.replies.pop();
    }

    fn summary(&self, answers: &Answers) -> Summary {
        let questions = self.interview.template.questions.iter();
        let answered =
            questions.filter_map(|question| Some((question, answers.get(&question.name)?)));
        Summary {
            folder: self
                .interview
                .folder
                .map(|folder| folder.display().to_string()),
            answers: answered
                .map(|(question, answer)| (question.prompt.clone(), describe(question, answer)))
                .collect(),
            can_go_back: !self.replies.is_empty(),
        }
    }
}

/// Gives the answer of a question that leaves nothing to choose.
fn only_answer(resolver: &Resolver, question: &Question) -> Result<Option<Answer>> {
    if let Some(fixed) = resolver.fixed(question)? {
        let checked = resolver.check(question, &fixed);
        return checked
            .map(|()| Some(fixed))
            .map_err(|error| about(question, error));
    }
    let mut possible = resolver.possible(question)?;
    match (&question.kind, possible.next(), possible.next()) {
        (Kind::Choice(_), Some(only), None) => Ok(Some(Answer::Text(only.value.clone()))),
        (Kind::Choices(_), None, None) => Ok(Some(Answer::List(Vec::new()))),
        (Kind::Choice(_), None, None) => {
            let message = format!(
                "no choice of {} goes together with the other answers",
                question.flag()
            );
            Err(Error::request(message))
        }
        _ => Ok(None),
    }
}

/// Says why a reply can't be the answer; a broken template is an error of its own.
fn problem(resolver: &Resolver, question: &Question, reply: &Given) -> Result<Option<Error>> {
    if is_missing(question, reply) && resolver.default(question)?.is_none() {
        return Ok(Some(Error::request("this needs an answer")));
    }
    match resolver.accept(question, reply) {
        Ok(_) => Ok(None),
        Err(error) if error.kind == error::Kind::Request => Ok(Some(error)),
        Err(error) => Err(error),
    }
}

/// Says which question an error is about: nobody is looking at its prompt.
fn about(question: &Question, mut error: Error) -> Error {
    error.message = format!("{}: {}", question.flag(), error.message);
    error
}

/// Tells whether nothing was typed where nothing says that this can be an answer.
fn is_missing(question: &Question, reply: &Given) -> bool {
    let accepts_all = matches!(question.kind, Kind::Text(None));
    accepts_all && *reply == Given::Typed(String::new())
}

/// Writes an answer for people.
fn describe(question: &Question, answer: &Answer) -> String {
    let title = |value: &String| {
        question
            .choice(value)
            .map_or(value, |choice| &choice.title)
            .clone()
    };
    match answer {
        _ if question.secret => MASKED.to_owned(),
        Answer::Text(text) if text.is_empty() => "(empty)".to_owned(),
        Answer::Text(text) => title(text),
        Answer::Integer(number) => number.to_string(),
        Answer::Bool(true) => "yes".to_owned(),
        Answer::Bool(false) => "no".to_owned(),
        Answer::List(values) if values.is_empty() => "none".to_owned(),
        Answer::List(values) => values.iter().map(title).collect::<Vec<_>>().join(", "),
    }
}
