//! Asking a person what nobody has answered yet.
//!
//! It owns the order of the questions, the way back, and what prompts look like. `wizard` decides
//! and knows no terminal; `terminal` shows and decides nothing. It never writes to the disk.

mod keyboard;
mod line;
mod options;
mod row;
mod screen;
mod terminal;
mod theme;
mod wizard;
#[cfg(test)]
mod wizard_tests;
mod words;

pub use terminal::Terminal;
pub use wizard::{Again, Interview, ask};

use crate::answer::Answer;
use crate::error::{Error, Result};
use crate::resolve::Given;
use crate::template::{Choice, Question};

/// What a person replied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply<T> {
    /// An answer.
    Answer(T),
    /// The wish to change the answer before.
    Back,
}

impl<T> Reply<T> {
    /// Changes an answer.
    fn map<U>(self, change: impl FnOnce(T) -> U) -> Reply<U> {
        match self {
            Reply::Answer(answer) => Reply::Answer(change(answer)),
            Reply::Back => Reply::Back,
        }
    }
}

/// Somebody to ask: a person at a terminal, or a script in tests.
pub trait Prompter {
    /// Asks one question.
    fn ask(&mut self, prompt: &Prompt) -> Result<Reply<Given>>;

    /// Shows all answers and asks whether to go on with them.
    fn confirm(&mut self, summary: &Summary) -> Result<Reply<bool>>;
}

/// A question as it is put after the answers before it.
#[derive(Debug, Clone)]
pub struct Prompt<'a> {
    /// The question.
    pub question: &'a Question,
    /// The choices that go together with the answers so far; none for questions without.
    pub choices: Vec<&'a Choice>,
    /// The answer that is taken when the person gives none.
    pub default: Option<Answer>,
    /// What the person replied when the question was put before.
    pub previous: Option<Given>,
    /// Why that can't be the answer.
    pub problem: Option<Error>,
    /// Whether there is a question to go back to.
    pub can_go_back: bool,
}

/// What the person is about to agree to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// The folder that the project goes to, where that is known.
    pub folder: Option<String>,
    /// Every answer in the order of the questions: what was asked, and the answer for people.
    pub answers: Vec<(String, String)>,
    /// Whether there is a question to go back to.
    pub can_go_back: bool,
}
