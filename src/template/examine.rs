//! Finds all mistakes of a template, where reading it for use ends with those of its manifests.

use std::collections::BTreeSet;

use minijinja::Value;

use super::manifest::{Manifest, Problems};
use super::source::{Files, MANIFEST};
use super::{Descent, Library, Parts, Template, Wanted, check, narrow, questions};
use crate::error::Result;
use crate::problem::{Problem, Rule, Severity};

/// What reading a template found.
#[derive(Debug)]
pub struct Examined {
    /// The template, where it has no mistakes that keep it from being used.
    pub template: Option<Template>,
    /// The mistakes and what is odd.
    pub problems: Vec<Problem>,
}

/// Reads a template, its files given as they were read from its source, and finds all that can be
/// seen without answers.
pub fn examine(library: &Library, wanted: &Wanted, files: &Files) -> Result<Examined> {
    let problems = Problems::default();
    let mut parts = Parts::default();
    parts.read(wanted, &mut Descent::new(library, &problems))?;
    let mut problems = problems.take();
    let mut template = parts.finish(wanted.source.clone());
    let lost = Lost::of(&template, files);
    // What couldn't be read is told where it stands, and not wherever it is used.
    for name in lost.names {
        template.data.insert(name, Value::UNDEFINED);
    }
    let mut seen = check::check(&template);
    if lost.has_more {
        seen.retain(|problem| problem.rule != Rule::UnknownName);
    }
    problems.extend(seen);
    let is_error = |problem: &Problem| problem.severity == Severity::Error;
    if !problems.iter().any(is_error) {
        problems.extend(narrow::narrow(&mut template).err());
    }
    let has_errors = problems.iter().any(is_error);
    Ok(Examined {
        template: (!has_errors).then_some(template),
        problems,
    })
}

/// The names of questions and data that are there and couldn't be read.
struct Lost {
    names: BTreeSet<String>,
    /// Whether there may be more that have no name.
    has_more: bool,
}

impl Lost {
    fn of(template: &Template, files: &Files) -> Self {
        let mut lost = Lost {
            names: BTreeSet::new(),
            has_more: false,
        };
        for path in files.keys() {
            let question = path.strip_suffix("/question.toml");
            let data = path
                .strip_prefix("data/")
                .and_then(|name| name.strip_suffix(".toml"));
            lost.names.extend(question.or(data).map(str::to_owned));
        }
        let unreported = Problems::default();
        let manifest = files
            .get(MANIFEST)
            .and_then(|bytes| Manifest::parse(MANIFEST, bytes, &unreported));
        match manifest {
            Some(manifest) => {
                let table = manifest.table(&unreported);
                for question in table.tables("question") {
                    match question.text("name") {
                        Some(name) => lost.names.insert(name),
                        None => std::mem::replace(&mut lost.has_more, true),
                    };
                }
            }
            None => lost.has_more = true,
        }
        lost.names.retain(|name| {
            questions::is_identifier(name)
                && template.question(name).is_none()
                && !template.data.contains_key(name)
        });
        lost
    }
}
