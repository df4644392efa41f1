//! Templates: what they ask, and the layers that they are made of.
//!
//! It owns the template format. Reading is pure but for [`source`].

mod check;
mod layer;
mod manifest;
mod question;
mod questions;
mod source;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use minijinja::value::{Serde, Value};
use semver::{Version, VersionReq};
use serde_json::Value as Json;

pub use layer::{Content, File, Layer, Relax, Role, Rule};
pub use manifest::Located;
pub use question::{Choice, Condition, Default, Kind, Pattern, Question};
pub use source::{Files, Source};

use crate::error::{Error, Result};
use crate::problem::{Problem, Severity};
use layer::Origin;
use manifest::Problems;

/// A template, with everything it extends.
#[derive(Debug)]
pub struct Template {
    /// Where it comes from.
    pub source: Source,
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// What it makes, in a sentence.
    pub summary: String,
    /// Its questions, in the order they are asked.
    pub questions: Vec<Question>,
    /// Its layers, from the bottom to the top as far as that is known without answers.
    pub layers: Vec<Layer>,
    /// The tables of its data files, by the files' names.
    pub data: BTreeMap<String, Value>,
    /// Its shared macros, by path.
    pub macros: BTreeMap<String, Cow<'static, str>>,
    /// What isn't wrong but does nothing.
    pub warnings: Vec<Problem>,
}

/// What a template is made of before it is checked.
#[derive(Default)]
struct Parts {
    name: String,
    version: String,
    summary: String,
    questions: Vec<Question>,
    layers: Vec<Layer>,
    data: BTreeMap<String, Json>,
    macros: BTreeMap<String, Cow<'static, str>>,
}

impl Template {
    /// Reads a template and everything it extends, and checks all of it but what the binary itself
    /// carries: our tests did that, with [`check`](Self::check).
    pub fn load(source: Source) -> Result<Self> {
        let problems = Problems::default();
        let mut parts = Parts::default();
        parts.read(&source, &problems, &mut Vec::new())?;
        refuse(&source, problems.take())?;
        let mut template = parts.finish(source);
        if template.source != Source::Builtin {
            template.check()?;
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

impl Parts {
    /// Reads a template on top of the one it extends.
    fn read(
        &mut self,
        source: &Source,
        problems: &Problems,
        above: &mut Vec<Source>,
    ) -> Result<()> {
        if above.contains(source) {
            return Err(Error::failed(format!("template '{source}' extends itself")));
        }
        let files = source.read()?;
        above.push(source.clone());
        let root = source.to_string();
        let mut origin = Origin {
            files: &files,
            root: &root,
            depth: 0,
            is_builtin: *source == Source::Builtin,
        };
        let Some(manifest) = origin.manifest("template.toml", problems) else {
            return Ok(());
        };
        let table = manifest.table(problems);
        if let Some(below) = table.located_text("extends") {
            self.read(
                &Source::parse(&below.value, source.folder())?,
                problems,
                above,
            )?;
        }
        origin.depth = self
            .layers
            .iter()
            .map(|layer| layer.depth + 1)
            .max()
            .unwrap_or(0);

        self.name = table
            .required_text("name")
            .map(|name| name.value)
            .unwrap_or_default();
        self.version = table
            .required_text("version")
            .map(|version| version.value)
            .unwrap_or_default();
        self.summary = table.text("summary").unwrap_or_default();
        if let Some(requires) = table.located_text("requires")
            && let Err(message) = accept_version(&requires.value)
        {
            table.report(requires.error(message));
        }
        let plain = questions::read_all_plain(&table, &origin.name("template.toml"));
        table.refuse_unknown_keys();

        self.read_questions(&origin, plain, problems);
        self.read_layers(&origin, problems);
        self.read_data(&origin, problems);
        self.read_macros(&origin, problems);
        Ok(())
    }

    fn read_questions(&mut self, origin: &Origin, plain: Vec<Question>, problems: &Problems) {
        let folders = questions::folders(origin);
        let folders = folders
            .iter()
            .filter_map(|(name, values)| questions::read_folder(origin, name, values, problems));
        for question in plain.into_iter().chain(folders) {
            if let Some(twin) = self
                .questions
                .iter()
                .find(|known| known.name == question.name)
            {
                let message = format!(
                    "question '{}' is already asked by {}",
                    question.name, twin.file
                );
                problems
                    .borrow_mut()
                    .push(Problem::error(&question.file, message));
            } else {
                self.questions.push(question);
            }
        }
        self.add_choices(origin, problems);
        self.questions.sort_by_key(|question| question.order);
    }

    /// Adds the choices that a template puts into the folders of a question below.
    fn add_choices(&mut self, origin: &Origin, problems: &Problems) {
        for question in &mut self.questions {
            let name = question.name.clone();
            if origin.files.contains_key(&format!("{name}/question.toml")) {
                continue;
            }
            let added = questions::folders_in(origin, &name);
            let added: Vec<String> = added
                .into_iter()
                .filter(|value| question.choice(value).is_none())
                .collect();
            if let Kind::Choice(choices) | Kind::Choices(choices) = &mut question.kind {
                choices.extend(
                    added
                        .iter()
                        .map(|value| questions::read_choice(origin, &name, value, problems)),
                );
                question.sort_choices();
            }
        }
    }

    fn read_layers(&mut self, origin: &Origin, problems: &Problems) {
        let mut add =
            |name: &str, role| self.layers.push(Layer::read(origin, name, role, problems));
        add("base", Role::Base);
        for question in &self.questions {
            for value in questions::folders_in(origin, &question.name) {
                let name = format!("{}/{value}", question.name);
                let question = question.name.clone();
                add(&name, Role::Choice { question, value });
            }
        }
        for bridge in questions::folders_in(origin, "bridges") {
            add(&format!("bridges/{bridge}"), Role::Bridge);
        }
    }

    fn read_data(&mut self, origin: &Origin, problems: &Problems) {
        for (path, bytes) in origin.files {
            let Some(stem) = path
                .strip_prefix("data/")
                .and_then(|name| name.strip_suffix(".toml"))
            else {
                continue;
            };
            if !questions::is_identifier(stem) {
                let message = "a data file's name must be lower-case letters, digits and '_'";
                problems
                    .borrow_mut()
                    .push(Problem::error(origin.name(path), message));
                continue;
            }
            let Some(manifest) = manifest::Manifest::parse(&origin.name(path), bytes, problems)
            else {
                continue;
            };
            merge_data(
                self.data.entry(stem.to_owned()).or_default(),
                manifest.data(),
            );
        }
    }

    fn read_macros(&mut self, origin: &Origin, problems: &Problems) {
        for (path, bytes) in origin
            .files
            .iter()
            .filter(|(path, _)| path.starts_with("macros/"))
        {
            if let Some(source) = layer::text(bytes.clone()) {
                self.macros.insert(path.clone(), source);
            } else {
                problems
                    .borrow_mut()
                    .push(Problem::error(origin.name(path), "is not UTF-8"));
            }
        }
    }

    fn finish(self, source: Source) -> Template {
        let data = self
            .data
            .iter()
            .map(|(name, table)| (name.clone(), Value::from(Serde(table))));
        Template {
            source,
            name: self.name,
            version: self.version,
            summary: self.summary,
            questions: self.questions,
            layers: self.layers,
            data: data.collect(),
            macros: self.macros,
            warnings: Vec::new(),
        }
    }
}

/// Tells why this program isn't one of the versions that a template asks for.
fn accept_version(range: &str) -> std::result::Result<(), String> {
    let required = VersionReq::parse(range).map_err(|error| {
        format!("'{range}' is not a version range: {error}; write >=0.1 or >=0.1, <1")
    })?;
    let own = env!("CARGO_PKG_VERSION");
    if Version::parse(own).is_ok_and(|own| required.matches(&own)) {
        return Ok(());
    }
    Err(format!(
        "the template needs pyscaffold {range}, but this is {own}; install one that fits"
    ))
}

/// Lays a table over another one, key by key.
fn merge_data(below: &mut Json, above: Json) {
    match (below, above) {
        (Json::Object(below), Json::Object(above)) => {
            for (key, value) in above {
                merge_data(below.entry(key).or_insert(Json::Null), value);
            }
        }
        (below, above) => *below = above,
    }
}

/// Gives the names that files and expressions can use: questions and data.
pub(super) fn known_names(template: &Template) -> BTreeSet<&str> {
    let questions = template
        .questions
        .iter()
        .map(|question| question.name.as_str());
    questions
        .chain(template.data.keys().map(String::as_str))
        .collect()
}
