//! Finds paths that some systems can't have: in the template itself, and in what it makes.

use std::collections::BTreeMap;

use super::Subject;
use crate::problem::{Problem, Rule};
use crate::tree::ProjectPath;

pub(super) fn look(subject: Subject) -> Vec<Problem> {
    let mut problems = own(subject);
    for layer in subject.layers() {
        let mut twins: BTreeMap<String, &str> = BTreeMap::new();
        for file in &layer.files {
            if file.path.contains('{') {
                continue;
            }
            match ProjectPath::parse(&file.path) {
                Err(error) => {
                    problems.push(Problem::error(&file.name, error.message).of(Rule::Path));
                }
                Ok(path) => {
                    if let Some(twin) = twins.insert(path.folded(), &file.path) {
                        let message = format!(
                            "paths '{twin}' and '{path}' are the same on some file systems"
                        );
                        problems.push(Problem::error(&file.name, message).of(Rule::Path));
                    }
                }
            }
        }
    }
    problems
}

/// Looks at the template's own paths: whoever works on it needs them.
fn own(subject: Subject) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut twins: BTreeMap<String, &str> = BTreeMap::new();
    let is_made = |path: &str| {
        let mut files = subject.layers().flat_map(|layer| &layer.files);
        let name = subject.name(path);
        files.any(|file| file.name == name && !file.path.contains('{'))
    };
    for path in subject.files.keys() {
        let warn = |message: String| Problem::warning(subject.name(path), message).of(Rule::Path);
        match ProjectPath::parse(path) {
            // What is wrong with a path in the project is told as an error.
            Err(_) if is_made(path) => {}
            Err(error) => problems.push(warn(format!(
                "can't be checked out everywhere: {}",
                error.message
            ))),
            Ok(parsed) => {
                if let Some(twin) = twins.insert(parsed.folded(), path)
                    && !is_made(path)
                {
                    problems.push(warn(format!(
                        "can't be checked out everywhere: '{twin}' is the same path on some systems"
                    )));
                }
            }
        }
    }
    problems
}
