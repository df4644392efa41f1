//! What other tools asked when they made a project, and what they were answered.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};

use super::{OWN_ANSWERS, value_at};

/// Files of answers, each with the key of the table that holds them; none where it is the whole.
const FILES: [(&str, Option<&str>); 4] = [
    (OWN_ANSWERS, Some("answers")),
    (".copier-answers.yml", None),
    (".copier-answers.yaml", None),
    (".cruft.json", Some("context.cookiecutter")),
];

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
    let read = |(file, key): (&str, Option<&str>)| {
        let document = documents.get(file)?;
        let table = key.map_or(Some(document), |key| value_at(document, key))?;
        Some(OtherAnswers {
            file: file.to_owned(),
            values: table.as_object()?.clone(),
        })
    };
    FILES.into_iter().filter_map(read).collect()
}
