//! Which files of a project depend on which questions, read off the template.

use std::collections::{BTreeMap, BTreeSet};

use pyscaffold::template::{Content, Layer, Role, Template};

/// The part of paths that differs between projects.
pub const PACKAGE: &str = "{{ package }}";

/// Files that depend on the same questions.
pub struct Group {
    /// The questions.
    pub questions: BTreeSet<String>,
    /// The files, with [`PACKAGE`] in their paths.
    pub paths: BTreeSet<String>,
}

/// Puts all files that a template can make into groups.
pub fn groups(template: &Template) -> Vec<Group> {
    let mut groups: BTreeMap<BTreeSet<String>, BTreeSet<String>> = BTreeMap::new();
    for (path, questions) in questions_by_path(template) {
        groups.entry(questions).or_default().insert(path);
    }
    let group = |(questions, paths)| Group { questions, paths };
    groups.into_iter().map(group).collect()
}

/// Gives the questions that each file depends on: those that turn its layers on, and those that
/// its templates name.
pub fn questions_by_path(template: &Template) -> BTreeMap<String, BTreeSet<String>> {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for layer in &template.layers {
        for file in &layer.files {
            let questions = found.entry(file.path.clone()).or_default();
            questions.extend(turning_on(template, layer));
            questions.extend(names(&file.path));
            if let Content::Rendered { source, .. } = &file.content {
                questions.extend(names(source));
                let imported = template.macros.iter();
                let imported = imported.filter(|(path, _)| source.contains(path.as_str()));
                questions.extend(imported.flat_map(|(_, source)| names(source)));
            }
        }
    }
    for questions in found.values_mut() {
        questions.retain(|name| template.question(name).is_some());
    }
    found
}

/// Gives the names that decide whether a layer, or one of its files, is there.
fn turning_on(template: &Template, layer: &Layer) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut asked = None;
    if let Role::Choice { question, .. } = &layer.role {
        names.insert(question.clone());
        asked = template
            .question(question)
            .and_then(|question| question.when.as_ref());
    }
    let conditions = layer.when.iter().map(|when| &when.expression).chain(asked);
    let rules = layer.rules.iter().filter_map(|rule| rule.when.as_ref());
    for condition in conditions.chain(rules) {
        names.extend(condition.value.names().iter().cloned());
    }
    names
}

/// Gives every word in the tags of a template: its variables are among them.
fn names(source: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for (open, close) in [("{{", "}}"), ("{%", "%}")] {
        for tag in source.split(open).skip(1) {
            let tag = tag.split(close).next().unwrap_or_default();
            let words = tag.split(|letter: char| !letter.is_alphanumeric() && letter != '_');
            names.extend(words.map(str::to_owned));
        }
    }
    names
}
