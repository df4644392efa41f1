//! Finds rules and replaced paths that fit no file, and choices that nobody can choose.

use super::{Subject, lost};
use crate::combinations;
use crate::problem::{Problem, Rule};
use crate::template::Layer;

pub(super) fn look(subject: Subject) -> Vec<Problem> {
    let layers = subject.layers();
    let mut problems: Vec<Problem> = layers
        .flat_map(|layer| {
            let mut problems = rules(layer);
            problems.extend(replaced(subject, layer));
            problems
        })
        .collect();
    problems.extend(choices(subject));
    problems
}

/// Finds rules for files that their layer doesn't have.
fn rules(layer: &Layer) -> Vec<Problem> {
    let unused = layer.rules.iter().filter(|rule| {
        let mut files = layer.files.iter();
        !files.any(|file| fits(&rule.path.value, &file.path))
    });
    let problem = unused.map(|rule| {
        let message = format!("no file of '{}' is at '{}'", layer.name, rule.path.value);
        rule.path.warning(message).of(Rule::NoSuchFile)
    });
    problem.collect()
}

/// Tells whether a glob can fit a path, parts of which may be templates.
fn fits(glob: &str, path: &str) -> bool {
    if !path.contains('{') {
        return fast_glob::glob_match(glob, path);
    }
    // A value in a path can be anything, so that only its depth is known.
    let shown = without_conditions(path);
    shown.contains("{{") || fast_glob::glob_match(glob, &shown)
}

/// Leaves the `{% … %}` of a path out.
fn without_conditions(path: &str) -> String {
    let mut shown = String::new();
    let mut rest = path;
    while let Some((before, after)) = rest.split_once("{%") {
        shown += before;
        rest = after.split_once("%}").map_or("", |(_, rest)| rest);
    }
    shown + rest
}

/// Finds replaced paths where there is nothing to replace, or nothing to replace it with.
fn replaced(subject: Subject, layer: &Layer) -> Vec<Problem> {
    let mut problems = Vec::new();
    for path in &layer.replaces {
        // Of a file it can be one block: 'README.md#warning'.
        let path = lost::block_of(layer, path).map_or(path.as_str(), |(path, _)| path);
        let has = |other: &Layer| {
            let mut files = other.files.iter();
            files.any(|file| file.path == path || file.path.contains("{{"))
        };
        let others = subject.template.layers.iter();
        let mut others =
            others.filter(|other| other.name != layer.name || other.depth != layer.depth);
        let message = if !has(layer) {
            format!("'{path}' is to be replaced, but the layer has no such file")
        } else if !others.any(has) {
            format!("'{path}' is to be replaced, but no other layer has it")
        } else {
            continue;
        };
        let file = subject.name(&format!("{}/layer.toml", layer.name));
        problems.push(Problem::warning(file, message).of(Rule::NoSuchFile));
    }
    problems
}

/// Finds choices that go together with nothing.
fn choices(subject: Subject) -> Vec<Problem> {
    let mut problems = Vec::new();
    for question in &subject.template.questions {
        let names = combinations::mentioned(subject.template, question);
        let names = combinations::closure(subject.template, &names);
        let mut asked = names
            .iter()
            .filter_map(|name| subject.template.question(name));
        // What is written into a text can decide, and there is no end of texts.
        if !asked.all(combinations::is_finite) {
            continue;
        }
        let is_own = |value: &str| {
            let layer = format!("{}/{value}", question.name);
            question.file == subject.name("template.toml")
                || subject.layers().any(|own| own.name == layer)
        };
        for choice in question.choices() {
            // What one on top makes unreachable in a template below is nobody's mistake.
            if is_own(&choice.value) && !subject.combinations.has(&question.name, &choice.value) {
                let message = format!(
                    "'{}' can never be chosen as {}: nothing goes together with it",
                    choice.value, question.name
                );
                problems.push(Problem::warning(&question.file, message).of(Rule::Unreachable));
            }
        }
    }
    problems
}
