//! Questions, their choices, and the conditions they come with.

use std::collections::BTreeSet;

use regex_lite::Regex;

use super::manifest::Located;
use crate::answer::Answer;
use crate::language::Expression;

/// Something that is asked once.
#[derive(Debug)]
pub struct Question {
    /// The name in expressions, flags, answers files and the environment.
    pub name: String,
    /// What can be answered.
    pub kind: Kind,
    /// What a person is asked; a few words.
    pub prompt: String,
    /// What the answer is for; a sentence, or nothing.
    pub help: String,
    /// The answer that `--yes` takes.
    pub default: Option<Default>,
    /// Its place among the questions; lower comes first.
    pub order: i64,
    /// When it is asked.
    pub when: Option<Located<Expression>>,
    /// Where an answer may be found in a project that is there already: templates over what is
    /// known of the project, the surest first.
    pub detect: Vec<Located<String>>,
    /// What other tools call the question in their files of answers.
    pub aliases: Vec<String>,
    /// Answers that are refused although they have the right shape.
    pub refusals: Vec<Condition>,
    /// Whether the answer must never be stored.
    pub secret: bool,
    /// The manifest that asks it, for messages.
    pub file: String,
}

/// What can be answered.
#[derive(Debug)]
pub enum Kind {
    /// Any text, or one that matches a pattern as a whole.
    Text(Option<Pattern>),
    /// A whole number within bounds, both included.
    Integer {
        /// The smallest answer.
        minimum: i64,
        /// The largest answer.
        maximum: i64,
    },
    /// Yes or no.
    Bool,
    /// One of several.
    Choice(Vec<Choice>),
    /// Any number of several.
    Choices(Vec<Choice>),
}

/// A pattern as it was written, and compiled to match a whole text.
#[derive(Debug)]
pub struct Pattern {
    /// The pattern in the syntax of the `regex` crate.
    pub source: String,
    /// The compiled pattern, anchored at both ends.
    pub regex: Regex,
}

/// The answer that a question has when nobody gives one.
#[derive(Debug)]
pub enum Default {
    /// An answer.
    Fixed(Answer),
    /// A template over earlier answers and the inputs.
    Template(Located<String>),
}

/// One of the answers to a question.
#[derive(Debug)]
pub struct Choice {
    /// The answer.
    pub value: String,
    /// Its name for people.
    pub title: String,
    /// When to choose it; a few words.
    pub hint: String,
    /// Its place among the choices; lower comes first, the default before all.
    pub order: i64,
    /// When it can be chosen, and why not otherwise.
    pub when: Option<Condition>,
    /// Signs that a project that is there already has made this choice, the surest first.
    pub detect: Vec<Located<Expression>>,
    /// Layers that have to be there too.
    pub requires: BTreeSet<String>,
    /// Layers that must not be there too.
    pub conflicts: BTreeSet<String>,
}

/// A condition with the reason for it.
#[derive(Debug)]
pub struct Condition {
    /// What must hold.
    pub expression: Located<Expression>,
    /// What a person is told where it matters; empty where the manifest gives no reason.
    pub because: String,
}

impl Question {
    /// Gives the question's choices; none for questions without.
    pub fn choices(&self) -> &[Choice] {
        match &self.kind {
            Kind::Choice(choices) | Kind::Choices(choices) => choices,
            Kind::Text(_) | Kind::Integer { .. } | Kind::Bool => &[],
        }
    }

    /// Finds a choice by its value.
    pub fn choice(&self, value: &str) -> Option<&Choice> {
        self.choices().iter().find(|choice| choice.value == value)
    }

    /// Gives the flag that answers the question, with its dashes.
    pub fn flag(&self) -> String {
        format!("--{}", self.name.replace('_', "-"))
    }

    /// Gives the environment variable that answers the question.
    pub fn variable(&self) -> String {
        format!("PYSCAFFOLD_{}", self.name.to_uppercase())
    }
}
