//! What a template is made of, read from the topmost of its manifests down to the lowest.
//!
//! It owns how the parts of templates that lie on top of each other become one.

use std::borrow::Cow;
use std::collections::BTreeMap;

use minijinja::value::{Serde, Value};
use semver::{Version, VersionReq};
use serde_json::Value as Json;

use super::adjust::Adjustments;
use super::adoption::{self, Trait};
use super::digest::Digest;
use super::extends::Below;
use super::layer::{self, Origin};
use super::library::{Library, Opened, Wanted};
use super::manifest::{Manifest, Problems};
use super::{Called, Kind, Layer, Lower, Question, Role, Source, Template, questions};
use crate::error::{Error, Result};
use crate::git::Oid;
use crate::problem::Problem;
use crate::remote::At;

/// The most questions of a template, and the most layers; the built-in one has about twenty and a
/// hundred.
const MAX_QUESTIONS: usize = 1_000;
const MAX_LAYERS: usize = 2_000;

/// The most choices of a question.
const MAX_CHOICES: usize = 1_000;

/// The way down from a template to all that it extends.
pub(super) struct Descent<'a> {
    library: &'a Library,
    problems: &'a Problems,
    /// The templates that were read on the way, the topmost first.
    above: Vec<Source>,
}

impl<'a> Descent<'a> {
    /// Begins at the top.
    pub(super) fn new(library: &'a Library, problems: &'a Problems) -> Self {
        Descent {
            library,
            problems,
            above: Vec::new(),
        }
    }
}

/// What a template is made of before it is checked.
#[derive(Default)]
pub(super) struct Parts {
    foreign: Vec<Source>,
    digest: Digest,
    name: String,
    version: String,
    commit: Option<Oid>,
    branch: Option<String>,
    summary: String,
    below: Vec<Lower>,
    questions: Vec<Question>,
    layers: Vec<Layer>,
    data: BTreeMap<String, Json>,
    macros: BTreeMap<String, Cow<'static, str>>,
    traits: Vec<Trait>,
}

impl Parts {
    /// Reads a template on top of the one it extends.
    pub(super) fn read(&mut self, wanted: &Wanted, descent: &mut Descent) -> Result<()> {
        let source = &wanted.source;
        let problems = descent.problems;
        let opened = descent.library.open(wanted)?;
        if !source.is_embedded() {
            self.foreign.push(source.clone());
            self.digest.add(&opened.files);
        }
        descent.above.push(source.clone());
        let root = source.to_string();
        let mut origin = Origin {
            files: &opened.files,
            root: &root,
            depth: 0,
            is_builtin: source.is_embedded(),
        };
        let Some(manifest) = origin.manifest("template.toml", problems) else {
            return Ok(());
        };
        let table = manifest.table(problems);
        if let Some(below) = Below::read(&table) {
            self.read_below(&opened, &below, descent)
                .map_err(|error| below.named(error))?;
        }
        // What is said about questions that couldn't be read would be a mistake of its own.
        let is_readable = problems.borrow().is_empty();
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
        self.commit = opened.commit;
        self.branch.clone_from(&opened.branch);
        self.summary = table.text("summary").unwrap_or_default();
        if let Some(requires) = table.located_text("requires")
            && let Err(message) = accept_version(&requires.value)
        {
            table.report(requires.error(message));
        }
        let plain = questions::read_all_plain(&table, &origin.name("template.toml"));
        let adjustments = Adjustments::read(&table);
        for new in adoption::read_traits(&table) {
            self.traits.retain(|known| known.name != new.name);
            self.traits.push(new);
        }
        table.refuse_unknown_keys();

        let questions = self.questions.len() + plain.len();
        refuse_many(source, questions, MAX_QUESTIONS, "questions")?;
        self.read_questions(&origin, plain, problems);
        if is_readable {
            adjustments.apply(&mut self.questions, &self.name, problems);
        }
        self.read_layers(&origin, problems);
        refuse_many(source, self.layers.len(), MAX_LAYERS, "layers")?;
        for question in &self.questions {
            let what = format!("choices of '{}'", question.name);
            refuse_many(source, question.choices().len(), MAX_CHOICES, &what)?;
        }
        self.read_data(&origin, problems);
        self.read_macros(&origin, problems);
        Ok(())
    }

    /// Reads the template below, and checks that it fits.
    fn read_below(&mut self, opened: &Opened, below: &Below, descent: &mut Descent) -> Result<()> {
        let wanted = opened.below(&below.source.value, below.narrowed())?;
        Below::refuse_circle(&wanted.source, &descent.above)?;
        self.read(&wanted, descent)?;
        let mut problems = descent.problems.borrow_mut();
        if problems.is_empty()
            && let Some(problem) = below.refuse(&self.name, &self.version)
        {
            problems.push(problem);
        }
        // One in the same repository is of the same commit.
        let commit = self.commit.filter(|_| !matches!(wanted.at, At::Exactly(_)));
        let lower = Lower {
            source: wanted.source,
            name: self.name.clone(),
            version: self.version.clone(),
            commit,
        };
        self.below.insert(0, lower);
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
                    "question '{}' is already asked by {}{}",
                    question.name,
                    twin.file,
                    if twin.file == question.file {
                        ""
                    } else {
                        "; change its default in [defaults], fix its answer in [answers], or hide choices with [[hide]]"
                    }
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
                .filter(|value| {
                    question.choice(value).is_none() && question.hidden(value).is_none()
                })
                .collect();
            if let Kind::Choice(choices) | Kind::Choices(choices) = &mut question.kind {
                choices.extend(
                    added
                        .iter()
                        .map(|value| questions::read_choice(origin, &name, value, problems)),
                );
                question.sort_choices();
                question.forget_offered();
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
            let Some(manifest) = Manifest::parse(&origin.name(path), bytes, problems) else {
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

    pub(super) fn finish(self, source: Source) -> Template {
        let data = self
            .data
            .iter()
            .map(|(name, table)| (name.clone(), Value::from(Serde(table))));
        let called = Called {
            source: source.to_string(),
            reference: None,
        };
        Template {
            source,
            foreign: self.foreign,
            digest: self.digest.finish(),
            name: self.name,
            version: self.version,
            summary: self.summary,
            commit: self.commit,
            branch: self.branch,
            below: self.below,
            called,
            questions: self.questions,
            layers: self.layers,
            data: data.collect(),
            macros: self.macros,
            traits: self.traits,
            warnings: Vec::new(),
        }
    }
}

/// Refuses so many of something that looking at all of them would take too long.
fn refuse_many(source: &Source, count: usize, most: usize, what: &str) -> Result<()> {
    if count <= most {
        return Ok(());
    }
    Err(Error::failed(format!(
        "template '{source}' has {count} {what}, and at most {most} are read"
    )))
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
