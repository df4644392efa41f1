//! What other tools asked when they made a project, and what they were answered.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};

use super::{OWN_ANSWERS, value_at};

/// How the files of copier begin: a project can have one for each template.
const COPIER: &str = ".copier-answers";

/// Where cruft keeps a project's state, and the key of the answers in it.
const CRUFT: (&str, &str) = (".cruft.json", "context.cookiecutter");

/// Answers that another tool was given, by the names that it has for them.
#[derive(Debug)]
pub struct OtherAnswers {
    /// The file that holds them.
    pub file: String,
    /// The answers.
    pub values: Map<String, Json>,
}

/// Finds all answers, those of pyscaffold first.
pub(super) fn all(documents: &BTreeMap<String, Json>) -> Vec<OtherAnswers> {
    let copier = documents.keys().filter(|path| path.starts_with(COPIER));
    let files = std::iter::once((OWN_ANSWERS, Some("answers")))
        .chain(copier.map(|path| (path.as_str(), None)))
        .chain([(CRUFT.0, Some(CRUFT.1))]);
    let read = |(file, key): (&str, Option<&str>)| {
        let document = documents.get(file)?;
        let table = key.map_or(Some(document), |key| value_at(document, key))?;
        Some(OtherAnswers {
            file: file.to_owned(),
            values: table.as_object()?.clone(),
        })
    };
    files.filter_map(read).collect()
}
