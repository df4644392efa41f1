//! Finds files that the template format has no place for, so that nothing ever reads them.

use std::collections::{BTreeMap, BTreeSet};

use super::Subject;
use crate::problem::{Problem, Rule};
use crate::suggest;
use crate::template::Files;

/// The folders with a meaning of their own.
const FOLDERS: [&str; 4] = ["base", "bridges", "data", "macros"];

/// What the names of files that are for people begin with, in upper case.
const DOCUMENTS: [&str; 5] = ["README", "LICENSE", "CHANGELOG", "CONTRIBUTING", "SECURITY"];

/// Folders that are for those who work on the template.
const WORKSHOPS: [&str; 3] = ["docs", "tests", "scripts"];

/// Files at the top for those who work on the template.
const TASKS: [&str; 3] = ["Makefile", "makefile", "justfile"];

pub(super) fn look(subject: Subject) -> Vec<Problem> {
    let questions: Vec<&str> = subject
        .template
        .questions
        .iter()
        .filter(|question| !question.choices().is_empty())
        .map(|question| question.name.as_str())
        .collect();
    look_at(
        &subject.template.source.to_string(),
        subject.files,
        &questions,
    )
}

/// Looks at the files of a template; its questions with choices may have layers without having a
/// folder of their own.
pub(super) fn look_at(source: &str, files: &Files, questions: &[&str]) -> Vec<Problem> {
    let folders = files
        .keys()
        .filter_map(|path| path.strip_suffix("/question.toml"));
    let questions: BTreeSet<&str> = questions.iter().copied().chain(folders).collect();
    let mut strays: BTreeMap<String, String> = BTreeMap::new();
    for path in files.keys() {
        if let Some((stray, message)) = stray(path, &questions) {
            strays.entry(stray.to_owned()).or_insert(message);
        }
    }
    let strays = strays.into_iter().map(|(path, message)| {
        Problem::warning(format!("{source}/{path}"), message).of(Rule::StrayFile)
    });
    let bridges: BTreeSet<&str> = files
        .keys()
        .filter_map(|path| path.strip_prefix("bridges/")?.split_once('/'))
        .map(|(bridge, _)| bridge)
        .filter(|bridge| !files.contains_key(&format!("bridges/{bridge}/layer.toml")))
        .collect();
    let always = bridges.into_iter().map(|bridge| {
        let message = "is always on: a bridge has a layer.toml with 'when', and what is always on is in base/";
        Problem::warning(format!("{source}/bridges/{bridge}"), message).of(Rule::AlwaysOn)
    });
    strays.chain(always).collect()
}

/// Gives the outermost part of a path that has no place, and why.
fn stray<'p>(path: &'p str, questions: &BTreeSet<&str>) -> Option<(&'p str, String)> {
    let Some((top, rest)) = path.split_once('/') else {
        return (!is_fine(path)).then(|| {
            let message = "nothing reads this file: what goes into the project is in the 'files' folder of a layer";
            (path, message.to_owned())
        });
    };
    if top.starts_with('.') || WORKSHOPS.contains(&top) {
        return None;
    }
    match top {
        "base" => layer(path, top, rest),
        "data" => (rest.contains('/') || !rest.ends_with(".toml")).then(|| {
            let message = "nothing reads this file: data is in data/*.toml";
            (path, message.to_owned())
        }),
        "macros" => None,
        _ if top == "bridges" || questions.contains(top) => {
            if top != "bridges" && rest == "question.toml" {
                return None;
            }
            let Some((name, inner)) = rest.split_once('/') else {
                let message = format!("nothing reads this file: a folder in '{top}' is a layer");
                return Some((path, message));
            };
            layer(path, &path[..=top.len() + name.len()], inner)
        }
        _ => {
            let known = FOLDERS.iter().chain(questions).copied();
            let message = match suggest::nearest(top, known) {
                Some(meant) => format!("nothing reads this folder, did you mean '{meant}'?"),
                None => {
                    "nothing reads this folder: a folder of choices has a question.toml".to_owned()
                }
            };
            Some((top, message))
        }
    }
}

/// Looks at a file in a layer's folder.
fn layer<'p>(path: &'p str, layer: &'p str, inner: &str) -> Option<(&'p str, String)> {
    match inner.split_once('/') {
        Some(("files", _)) => None,
        None if inner == "layer.toml" => None,
        Some((folder, _)) => {
            let message = match suggest::nearest(folder, ["files"]) {
                Some(meant) => format!("nothing reads this folder, did you mean '{meant}'?"),
                None => format!(
                    "nothing reads this folder: the files of a layer are in '{layer}/files'"
                ),
            };
            Some((&path[..=layer.len() + folder.len()], message))
        }
        None => {
            let message = match suggest::nearest(inner, ["layer.toml"]) {
                Some(meant) => format!("nothing reads this file, did you mean '{meant}'?"),
                None => {
                    format!("nothing reads this file: the files of a layer are in '{layer}/files'")
                }
            };
            Some((path, message))
        }
    }
}

/// Tells whether a file at the top is the manifest, or for people or their tools.
fn is_fine(name: &str) -> bool {
    let upper = name.to_uppercase();
    name == "template.toml"
        || name.starts_with('.')
        || TASKS.contains(&name)
        || DOCUMENTS.iter().any(|document| upper.starts_with(document))
}
