//! What of a template is brought to a project that was made by hand or by another tool.
//!
//! Tools come first: what a template says isn't to be adopted stays away, and so does what doesn't
//! go together with something that is there. Which that is, is data of the template. It is pure.

use std::collections::BTreeSet;

use minijinja::value::{Serde, Value, merge_maps};

use crate::answer::{Answers, Traits};
use crate::error::{Error, Result};
use crate::formats::{self, Format};
use crate::found::{self, Evidence, Found};
use crate::language;
use crate::render::Rendered;
use crate::resolve;
use crate::template::{GIVEN, Located, Template};

/// Whether the files that a template doesn't want to be adopted are brought all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Example {
    /// They stay away.
    LeftOut,
    /// They are brought.
    Brought,
}

/// What is known when it is decided.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    /// The answers to the template's questions.
    pub answers: &'a Answers,
    /// The questions whose answers were found or given: the others have their defaults.
    pub given: &'a BTreeSet<String>,
    /// The project.
    pub found: &'a Found,
    /// Whether the example is brought.
    pub example: Example,
}

/// What is brought, and what isn't.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Adoption {
    /// Globs over files, and keys of files, that stay away now and in later updates.
    pub skip: Vec<String>,
    /// What is known of the project, where the example stays away.
    pub traits: Option<Traits>,
    /// What there is to say to people: what is known or left out, and by what or why.
    pub notes: Vec<Note>,
}

/// Something that people are told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Note {
    /// Something that is known of the project, and by what it was told.
    Known(String, String),
    /// What isn't brought, and why.
    Left(String, String),
}

/// Decides what is brought to a project, with the answers that were given for it.
pub fn decide(template: &Template, known: Known) -> Result<Adoption> {
    let found = known.found;
    let mut adoption = Adoption::default();
    let mut answers = known.answers.clone();
    if known.example == Example::LeftOut {
        adoption.learn(template, &answers, found)?;
        adoption.leave_example(template);
    }
    answers.set_adopted(adoption.traits.clone());
    let leaves = template.layers.iter().flat_map(|layer| &layer.leaves);
    for leave in leaves {
        let evidence = found.look();
        let given = Value::from_pairs([(GIVEN, Value::from(Serde(known.given)))]);
        let values = merge_maps([given, values(template, &answers, &evidence)]);
        let holds = leave.when.value.holds(&values);
        if holds.map_err(|error| wrong(&leave.when, &error))? {
            let note = Note::Left(leave.skip.join(", "), leave.because.clone());
            adoption.notes.push(note);
            adoption.skip(&leave.skip);
        }
    }
    Ok(adoption)
}

impl Adoption {
    /// Finds out what the template's files ask of a project.
    fn learn(&mut self, template: &Template, answers: &Answers, found: &Found) -> Result<()> {
        let mut traits = Traits::new();
        for one in &template.traits {
            let evidence = found.look();
            let values = values(template, answers, &evidence);
            let text = language::short_environment().render_str(&one.text.value, values);
            let text = text.map_err(|error| wrong(&one.text, &error))?;
            let text = text.trim().to_owned();
            if !text.is_empty() {
                let known = format!("{} = {}", one.name, text.replace('\n', ", "));
                self.notes.push(Note::Known(known, evidence.reason()));
            }
            traits.insert(one.name.clone(), text);
        }
        self.traits = Some(traits);
        Ok(())
    }

    /// Leaves out the requirements of packages whose versions the project decides already: those that
    /// are wanted here could be others.
    pub fn leave_decided(&mut self, rendered: &Rendered, found: &Found) {
        let mut names = BTreeSet::new();
        for (path, entry) in rendered.tree.iter() {
            let is_keyed = Format::of(path) == Format::Toml;
            let text = std::str::from_utf8(&entry.bytes).unwrap_or_default();
            let packages = if is_keyed {
                formats::packages(text)
            } else {
                Vec::new()
            };
            for (key, name) in packages.into_iter().filter(|(_, name)| found.decides(name)) {
                self.skip(&[format!("{path}#{key}")]);
                names.insert(name);
            }
        }
        if !names.is_empty() {
            let names: Vec<String> = names.into_iter().collect();
            let because = "the project asks for them already, in versions of its own".to_owned();
            self.notes.push(Note::Left(names.join(", "), because));
        }
    }

    /// Leaves out what the layers don't want to be adopted: those that are on later, too.
    fn leave_example(&mut self, template: &Template) {
        let rules = template.layers.iter().flat_map(|layer| &layer.rules);
        let paths: Vec<String> = rules
            .filter(|rule| !rule.adopt)
            .map(|rule| rule.path.value.clone())
            .collect();
        if !paths.is_empty() {
            let because = "the template's example; --with-example brings it".to_owned();
            self.notes.push(Note::Left(paths.join(", "), because));
        }
        self.skip(&paths);
    }

    fn skip(&mut self, skip: &[String]) {
        for one in skip {
            if !self.skip.contains(one) {
                self.skip.push(one.clone());
            }
        }
    }
}

/// Gives what conditions see: data, the answers, and what is known of the project.
fn values(template: &Template, answers: &Answers, evidence: &Evidence) -> Value {
    let found = Value::from_pairs([(found::NAME, evidence.value())]);
    merge_maps([found, resolve::context(template, answers)])
}

fn wrong<T>(place: &Located<T>, error: &minijinja::Error) -> Error {
    let problem = place.error(language::message(error));
    Error::failed("what the template asks of a project can't be found out")
        .with_problems(vec![problem])
}
