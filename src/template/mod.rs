//! Templates: what they ask, and the layers that they are made of.
//!
//! It owns the template format. Reading is pure but for [`source`].

mod adjust;
mod adoption;
mod check;
mod commands;
mod digest;
mod examine;
mod extends;
mod layer;
mod library;
mod manifest;
mod narrow;
mod parts;
mod question;
mod questions;
mod source;
mod unoffered;
mod workspace;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use minijinja::value::Value;

pub use adoption::{GIVEN, Leave, Trait, key_in_file};
pub use commands::{DeclaredCheck, Finds, Relax};
pub use examine::{Examined, examine};
pub use layer::{Content, File, Layer, Role, Rule};
pub use library::{Library, Narrowed, Opened, Wanted};
pub use manifest::Located;
pub use question::{Choice, Condition, Default, Fixed, Hidden, Kind, Pattern, Question};
pub use source::{Files, Source, versions};
pub use unoffered::Unoffered;
pub use workspace::Workspace;

use crate::answer::ADOPTED;
use crate::error::{Error, Result};
use crate::git::Oid;
use crate::problem::{Problem, Severity};
use manifest::Problems;
use parts::{Descent, Parts};

/// A template, with everything it extends.
#[derive(Debug)]
pub struct Template {
    /// Where it comes from.
    pub source: Source,
    /// The sources of all templates in it that don't come with the binary: its own first, then
    /// what it extends.
    pub foreign: Vec<Source>,
    /// What tells the content of those from every other.
    pub digest: String,
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// The commit that it was read from, where it is in a repository of others.
    pub commit: Option<Oid>,
    /// The branch, when one was named: later updates follow it.
    pub branch: Option<String>,
    /// How it is called on the command line.
    pub called: Called,
    /// What it makes, in a sentence.
    pub summary: String,
    /// The templates that it extends, the nearest first.
    pub below: Vec<Lower>,
    /// Its questions, in the order they are asked.
    pub questions: Vec<Question>,
    /// Its layers, from the bottom to the top as far as that is known without answers.
    pub layers: Vec<Layer>,
    /// The tables of its data files, by the files' names.
    pub data: BTreeMap<String, Value>,
    /// Its shared macros, by path.
    pub macros: BTreeMap<String, Cow<'static, str>>,
    /// What its files can ask of a project that was adopted.
    pub traits: Vec<Trait>,
    /// What isn't wrong but does nothing.
    pub warnings: Vec<Problem>,
}

/// A template that another one extends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lower {
    /// Where it comes from.
    pub source: Source,
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// The commit that it was read from, where it is in another repository than the one above.
    pub commit: Option<Oid>,
}

/// How a template is called on the command line; no credential is in it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Called {
    /// What stands after `--template`.
    pub source: String,
    /// What stands after `--ref`.
    pub reference: Option<String>,
}

impl Template {
    /// Reads a template and everything it extends, and checks all of it but what the binary itself
    /// carries: our tests did that, with [`check`](Self::check).
    pub fn load(source: Source) -> Result<Self> {
        Template::open(&Library::default(), &Wanted::newest(source))
    }

    /// Does what [`load`](Self::load) does, and fetches what is in repositories of others.
    pub fn open(library: &Library, wanted: &Wanted) -> Result<Self> {
        let problems = Problems::default();
        let mut parts = Parts::default();
        parts.read(wanted, &mut Descent::new(library, &problems))?;
        let source = wanted.source.clone();
        refuse(&source, problems.take())?;
        let mut template = parts.finish(source);
        if !template.source.is_embedded() {
            template.check()?;
            narrow::narrow(&mut template)
                .or_else(|problem| refuse(&template.source, vec![problem]))?;
        }
        Ok(template)
    }

    /// Finds the mistakes that can be seen without answers; what is merely odd becomes a warning.
    pub fn check(&mut self) -> Result<()> {
        let (errors, warnings) = check::check(self)
            .into_iter()
            .partition(|problem| problem.severity == Severity::Error);
        refuse(&self.source, errors)?;
        self.warnings = warnings;
        Ok(())
    }

    /// Tells whether the answer to a question must never be stored or shown.
    pub fn is_secret(&self, question: &str) -> bool {
        self.question(question)
            .is_some_and(|question| question.secret)
    }

    /// Gives the name of the template that a layer is in.
    pub fn owner(&self, layer: &Layer) -> &str {
        // Every template has a layer of its own at its depth, `base`.
        let lower = self.below.iter().nth_back(layer.depth);
        lower.map_or(&self.name, |lower| &lower.name)
    }

    /// Names a layer so that it can't be mistaken for one of another template in the chain.
    pub fn full_name(&self, layer: &Layer) -> String {
        if self.below.is_empty() {
            return layer.name.clone();
        }
        format!("{} {}", self.owner(layer), layer.name)
    }

    /// Finds a question by its name.
    pub fn question(&self, name: &str) -> Option<&Question> {
        self.questions.iter().find(|question| question.name == name)
    }
}

/// Ends with all mistakes at once, when there is one.
fn refuse(source: &Source, problems: Vec<Problem>) -> Result<()> {
    let count = match problems.len() {
        0 => return Ok(()),
        1 => "a mistake".to_owned(),
        several => format!("{several} mistakes"),
    };
    Err(Error::failed(format!("template '{source}' has {count}")).with_problems(problems))
}

/// Gives the names that files and expressions can use: questions, data, and what an adopted project
/// is asked.
pub(super) fn known_names(template: &Template) -> BTreeSet<&str> {
    let questions = template
        .questions
        .iter()
        .map(|question| question.name.as_str());
    questions
        .chain(template.data.keys().map(String::as_str))
        .chain([ADOPTED])
        .collect()
}
