//! Questions, their choices, and the conditions they come with.

use std::collections::BTreeSet;

use regex_lite::Regex;

use super::manifest::Located;
use super::unoffered::Unoffered;
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
    /// The answer that a template gives once and for all, so that nobody is asked.
    pub fixed: Option<Fixed>,
    /// The choices that a template took away.
    pub hidden: Vec<Hidden>,
    /// Whether it can't come up, because of what is fixed and hidden.
    pub is_idle: bool,
    /// Its place among the questions; lower comes first.
    pub order: i64,
    /// When it is asked.
    pub when: Option<Located<Expression>>,
    /// Where an answer may be found in a project that is there already: templates over what is
    /// known of the project, the surest first.
    pub detect: Vec<Located<String>>,
    /// What other tools call the question in their files of answers.
    pub aliases: Vec<String>,
    /// Why nothing is invented for a project that is there already and shows no sign; where it is
    /// empty, the default will do.
    pub unfound: String,
    /// What people ask for and the question doesn't offer.
    pub unoffered: Vec<Unoffered>,
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

/// An answer that a template gives once and for all.
#[derive(Debug)]
pub struct Fixed {
    /// The answer.
    pub answer: Default,
    /// The name of the template that fixes it.
    pub by: String,
    /// Where the template does that.
    pub place: Located<()>,
}

/// A choice that a template took away.
#[derive(Debug)]
pub struct Hidden {
    /// The choice's value.
    pub value: String,
    /// The name of the template that hides it.
    pub by: String,
    /// Why; empty where the manifest gives no reason.
    pub because: String,
    /// Whether it only follows from something else that is fixed or hidden.
    pub follows: bool,
    /// Where the template does that.
    pub place: Located<()>,
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
    /// What other tools call the choice in their files of answers, in any case.
    pub aliases: Vec<String>,
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
        self.kind.choices()
    }

    /// Finds a choice by its value.
    pub fn choice(&self, value: &str) -> Option<&Choice> {
        self.choices().iter().find(|choice| choice.value == value)
    }

    /// Finds a choice that was taken away by its value.
    pub fn hidden(&self, value: &str) -> Option<&Hidden> {
        self.hidden.iter().find(|hidden| hidden.value == value)
    }

    /// Tells whether a person has a say: nothing is fixed, and the question can come up.
    pub fn is_open(&self) -> bool {
        self.fixed.is_none() && !self.is_idle
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

impl Kind {
    /// Gives the choices; none for kinds without.
    pub fn choices(&self) -> &[Choice] {
        match self {
            Kind::Choice(choices) | Kind::Choices(choices) => choices,
            Kind::Text(_) | Kind::Integer { .. } | Kind::Bool => &[],
        }
    }
}

impl Fixed {
    /// Gives the answer as it is typed, or the template that it is made from.
    pub fn typed(&self) -> String {
        match &self.answer {
            Default::Fixed(answer) => answer.typed(),
            Default::Template(source) => source.value.clone(),
        }
    }
}

impl Hidden {
    /// Says who took the choice away, and why.
    pub fn reason(&self) -> String {
        let because = if self.because.is_empty() {
            String::new()
        } else {
            format!(": {}", self.because)
        };
        format!("template {} doesn't offer it{because}", self.by)
    }

    /// Says that a project has the choice all the same.
    pub fn in_project(&self) -> String {
        format!("the project has '{}', but {}", self.value, self.reason())
    }
}
