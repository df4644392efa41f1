//! What is known of a project that was made by hand or by another tool.
//!
//! It owns how such a project is read: its paths, the few texts that say how it is made, and the
//! value that the signs of a template look at. It knows no template and never touches the disk.

mod answers;
mod documents;
mod evidence;
mod lists;
mod modules;
mod package;
mod python;
mod requirements;
mod setup;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::Value as Json;

pub use answers::OtherAnswers;
pub use evidence::{Evidence, METHODS, NAME};

/// The file that most of a Python project is told in.
const PYPROJECT: &str = "pyproject.toml";

/// Where pyscaffold keeps a project's answers.
const OWN_ANSWERS: &str = ".pyscaffold/answers.toml";

/// What is known of a project that was made by hand or by another tool.
#[derive(Debug, Clone, Default)]
pub struct Found(Arc<Facts>);

/// What was read of a project; what can't be read is no evidence, and never a failure.
#[derive(Debug, Default)]
struct Facts {
    files: BTreeSet<String>,
    texts: BTreeMap<String, String>,
    /// The texts that could be parsed as data, by path.
    documents: BTreeMap<String, Json>,
    /// The normalised names of all packages that are asked for, each with the file that asks.
    dependencies: BTreeMap<String, String>,
    answers: Vec<OtherAnswers>,
}

impl Found {
    /// Reads what is known from the paths of all files, and the texts of those that
    /// [are wanted](Self::wants).
    pub fn new(files: BTreeSet<String>, texts: BTreeMap<String, String>) -> Self {
        let documents = texts
            .iter()
            .filter_map(|(path, text)| Some((path.clone(), documents::parse(path, text)?)))
            .collect();
        Found(Arc::new(Facts {
            dependencies: requirements::all(&texts, &documents),
            answers: answers::all(&documents),
            files,
            texts,
            documents,
        }))
    }

    /// Tells whether the text of the file at a path is wanted: files at the top, where tools have
    /// their settings, and a few others.
    ///
    /// Locks are long, and that they are there says enough. Another text that is too long to be
    /// read may be left out as well; then it says nothing.
    pub fn wants(path: &str) -> bool {
        let (folder, name) = split(path);
        let is_lock = name.ends_with(".lock") || name.ends_with("-lock.json");
        let is_image = ["Dockerfile", "Containerfile", "compose"]
            .iter()
            .any(|part| name.contains(part));
        let is_known = folder.is_empty() || path == OWN_ANSWERS;
        !is_lock
            && (is_known || is_image || modules::says_much(path) || requirements::is_named(path))
    }

    /// Gives the paths of the lists that the texts so far say to read as well.
    pub fn includes(texts: &BTreeMap<String, String>) -> BTreeSet<String> {
        let mut paths = requirements::included(texts);
        paths.retain(|path| !texts.contains_key(path));
        paths
    }

    /// Begins to look at the project; what is seen is noted.
    pub fn look(&self) -> Evidence {
        Evidence::of(Arc::clone(&self.0))
    }

    /// Tells whether a file of settings asks for a package: there its versions are decided.
    ///
    /// A list of requirements is none, since what it asks for can be taken over.
    pub fn decides(&self, package: &str) -> bool {
        let file = self.0.dependencies.get(package);
        file.is_some_and(|file| self.0.documents.contains_key(file))
    }

    /// Gives what other tools were answered.
    pub fn answers(&self) -> &[OtherAnswers] {
        &self.0.answers
    }
}

/// Splits a path into its folder, which may be empty, and its name.
fn split(path: &str) -> (&str, &str) {
    path.rsplit_once('/').unwrap_or(("", path))
}

/// Gives the value at a dotted key; a number counts in a list.
pub(crate) fn value_at<'a>(document: &'a Json, key: &str) -> Option<&'a Json> {
    key.split('.')
        .try_fold(document, |value, part| match value {
            Json::Array(values) => values.get(part.parse::<usize>().ok()?),
            other => other.get(part),
        })
}
