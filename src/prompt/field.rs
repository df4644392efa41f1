//! What all kinds of prompts have in common: a head, a foot, and keys that end them.

use console::Key;

use super::Prompt;
use super::row::{Look, Row, wrap};
use super::screen::{Frame, Size};
use crate::resolve::Given;
use crate::template::Kind;

/// The fewest rows that a screen needs for the question's help and the keys, too.
const ROOMY: usize = 8;

/// The most rows that a refusal takes.
const MAX_PROBLEM: usize = 4;

/// What a key did to a prompt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pressed {
    /// It changed something, or nothing.
    Stay,
    /// It gave the answer.
    Done,
    /// It asked for the question before.
    Back,
}

/// A kind of prompt: what is typed changes it, and it can be drawn at any time.
pub(super) trait Field {
    /// Takes a key.
    fn press(&mut self, key: &Key) -> Pressed;

    /// Draws the prompt as it stands.
    fn frame(&self, head: &Head, size: Size) -> Frame;

    /// Gives the reply.
    fn given(&self) -> Given;

    /// Writes the reply for people.
    fn shown(&self) -> String;
}

/// What is asked, and what surrounds it.
#[derive(Debug, Clone)]
pub(super) struct Head {
    /// What is asked.
    pub(super) title: String,
    /// What can be answered, or nothing.
    pub(super) bounds: String,
    /// What the answer is for, or nothing.
    pub(super) help: String,
    /// Why the reply before was refused.
    pub(super) problem: Vec<String>,
    /// Whether there is a question to go back to.
    pub(super) can_go_back: bool,
}

impl Head {
    /// Says what a prompt is about.
    pub(super) fn new(prompt: &Prompt) -> Self {
        let question = prompt.question;
        Head {
            title: question.prompt.clone(),
            bounds: bounds(&question.kind),
            help: question.help.clone(),
            problem: problem(prompt),
            can_go_back: prompt.can_go_back,
        }
    }

    /// Asks something that needs no explanation.
    pub(super) fn plain(title: &str) -> Self {
        Head {
            title: title.to_owned(),
            bounds: String::new(),
            help: String::new(),
            problem: Vec::new(),
            can_go_back: false,
        }
    }

    /// Draws the row that asks.
    pub(super) fn row(&self, columns: usize) -> Row {
        let row = Row::new(columns)
            .with("? ", Look::Active)
            .with(&self.title, Look::Strong);
        let row = if self.bounds.is_empty() {
            row
        } else {
            row.with(&format!(" ({})", self.bounds), Look::Faint)
        };
        row.with(" › ", Look::Faint)
    }

    /// Draws what explains the question, when there is room for it.
    pub(super) fn help(&self, size: Size) -> Option<Row> {
        let is_shown = !self.help.is_empty() && size.rows >= ROOMY;
        is_shown.then(|| {
            Row::new(size.columns)
                .with("  ", Look::Plain)
                .with(&self.help, Look::Faint)
        })
    }

    /// Draws why the reply before was refused.
    pub(super) fn problem(&self, size: Size) -> Vec<Row> {
        let wrapped = self
            .problem
            .iter()
            .flat_map(|sentence| wrap(sentence, size.columns.saturating_sub(3)));
        let most = MAX_PROBLEM.min(size.rows.saturating_sub(3));
        let marks = std::iter::once("✘ ").chain(std::iter::repeat("  "));
        let row = |(mark, text): (&str, String)| {
            Row::new(size.columns)
                .with(mark, Look::Bad)
                .with(&text, Look::Bad)
        };
        marks.zip(wrapped).take(most).map(row).collect()
    }

    /// Draws what the keys do, when there is room for it.
    pub(super) fn keys(&self, keys: &str, size: Size) -> Option<Row> {
        let last = if self.can_go_back {
            "esc back"
        } else {
            "ctrl-c leave"
        };
        let text = format!("  {keys} · {last}");
        (size.rows >= ROOMY).then(|| Row::new(size.columns).with(&text, Look::Faint))
    }
}

/// Draws the row that stays of a prompt that was answered.
pub(super) fn answered(title: &str, answer: &str, columns: usize) -> Row {
    let answer = if answer.is_empty() { "(empty)" } else { answer };
    let row = Row::new(columns)
        .with("✔ ", Look::Good)
        .with(title, Look::Strong);
    row.with(" · ", Look::Faint).with(answer, Look::Plain)
}

fn bounds(kind: &Kind) -> String {
    match kind {
        Kind::Integer {
            minimum: i64::MIN,
            maximum: i64::MAX,
        } => "a whole number".to_owned(),
        Kind::Integer {
            minimum,
            maximum: i64::MAX,
        } => format!("{minimum} or more"),
        Kind::Integer {
            minimum: i64::MIN,
            maximum,
        } => format!("{maximum} or less"),
        Kind::Integer { minimum, maximum } => format!("{minimum} to {maximum}"),
        Kind::Text(_) | Kind::Bool | Kind::Choice(_) | Kind::Choices(_) => String::new(),
    }
}

/// Gives the sentences of a refusal, without what only concerns flags.
fn problem(prompt: &Prompt) -> Vec<String> {
    let Some(error) = &prompt.problem else {
        return Vec::new();
    };
    let flag = prompt.question.flag();
    let message = error
        .message
        .strip_prefix(&format!("{flag}: "))
        .unwrap_or(&error.message);
    let hints = error.hints.iter().filter(|hint| !hint.contains(&flag));
    std::iter::once(message.to_owned())
        .chain(hints.cloned())
        .collect()
}
