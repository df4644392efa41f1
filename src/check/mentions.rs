//! Finds data and macros that nothing mentions.

use std::borrow::Cow;

use super::Subject;
use crate::language::{self, Expression, Uses};
use crate::problem::{Problem, Rule};
use crate::template::{Condition, Content, Default, Layer, Located, Question, Template};

pub(super) fn look(subject: Subject) -> Vec<Problem> {
    let mut uses = Uses::default();
    for source in sources(subject.template) {
        uses.add(&source);
    }
    let mut problems = data(subject, &uses);
    problems.extend(macros(subject, &uses));
    problems
}

/// Finds tables of data that nothing uses, and keys of tables of which only keys are used.
fn data(subject: Subject, uses: &Uses) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (path, bytes) in subject.files {
        let stem = path
            .strip_prefix("data/")
            .and_then(|name| name.strip_suffix(".toml"));
        let Some(stem) = stem else { continue };
        let warn =
            |message: String| Problem::warning(subject.name(path), message).of(Rule::UnusedData);
        if !uses.has(stem) {
            problems.push(warn(format!("nothing uses the data '{stem}'")));
            continue;
        }
        let table = std::str::from_utf8(bytes).ok().and_then(|text| {
            let document = toml_edit::Document::parse(text.to_owned()).ok()?;
            Some((text, document))
        });
        let (Some(used), Some((text, document))) = (uses.keys(stem), table) else {
            continue;
        };
        // A name that the data doesn't have is a method, and that sees all of it.
        if used.iter().any(|key| !document.contains_key(key)) {
            continue;
        }
        for (key, _) in document.iter().filter(|(key, _)| !used.contains(*key)) {
            let problem = warn(format!("nothing uses '{stem}.{key}'"));
            let place = document
                .as_table()
                .key(key)
                .and_then(toml_edit::Key::span)
                .unwrap_or_default();
            problems.push(problem.at(&text.into(), place));
        }
    }
    problems
}

/// Finds macros that nothing calls, and files of macros that nothing imports.
fn macros(subject: Subject, uses: &Uses) -> Vec<Problem> {
    let mut problems = Vec::new();
    for path in subject.files.keys() {
        let Some(source) = subject.template.macros.get(path) else {
            continue;
        };
        if !uses.has_text(path) {
            let problem = Problem::warning(subject.name(path), "nothing imports these macros");
            problems.push(problem.of(Rule::UnusedMacro));
            continue;
        }
        for (name, range) in language::macros(source) {
            if uses.count(name) < 2 {
                let message = format!("nothing uses the macro '{name}'");
                let problem = Problem::warning(subject.name(path), message).of(Rule::UnusedMacro);
                problems.push(problem.at(&source.as_ref().into(), range));
            }
        }
    }
    problems
}

/// Gives everything in a template that is in the template language.
fn sources(template: &Template) -> Vec<Cow<'_, str>> {
    let mut sources: Vec<Cow<str>> = template
        .macros
        .values()
        .map(|text| (&**text).into())
        .collect();
    for question in &template.questions {
        add_question(question, &mut sources);
    }
    for layer in &template.layers {
        add_layer(layer, &mut sources);
    }
    sources
}

fn add_question<'t>(question: &'t Question, sources: &mut Vec<Cow<'t, str>>) {
    sources.extend(question.when.iter().map(tag));
    sources.extend(question.refusals.iter().map(condition));
    sources.extend(
        question
            .detect
            .iter()
            .map(|text| text.value.as_str().into()),
    );
    let fixed = question.fixed.as_ref().map(|fixed| &fixed.answer);
    for answer in question.default.iter().chain(fixed) {
        if let Default::Template(text) = answer {
            sources.push(text.value.as_str().into());
        }
    }
    for unoffered in &question.unoffered {
        sources.extend(unoffered.detect.iter().map(tag));
    }
    for choice in question.choices() {
        sources.extend(choice.when.iter().map(condition));
        sources.extend(choice.detect.iter().map(tag));
    }
}

fn add_layer<'t>(layer: &'t Layer, sources: &mut Vec<Cow<'t, str>>) {
    let rules = layer.rules.iter().filter_map(|rule| rule.when.as_ref());
    let checks = layer.checks.iter().filter_map(|check| check.when.as_ref());
    let next = layer.next.iter().filter_map(|next| next.when.as_ref());
    sources.extend(layer.when.iter().map(condition));
    sources.extend(rules.chain(checks).chain(next).map(tag));
    sources.extend(layer.next.iter().map(|next| next.run.value.as_str().into()));
    for relax in &layer.relax {
        sources.extend(relax.when.iter().map(tag));
        sources.extend([
            relax.run.value.as_str().into(),
            relax.add.value.as_str().into(),
        ]);
    }
    for file in &layer.files {
        sources.push(file.path.as_str().into());
        if let Content::Rendered { source, .. } = &file.content {
            sources.push((&**source).into());
        }
    }
}

fn condition<'t>(condition: &Condition) -> Cow<'t, str> {
    tag(&condition.expression)
}

/// Writes an expression as it stands in a file.
fn tag<'t>(expression: &Located<Expression>) -> Cow<'t, str> {
    format!("{{{{ {} }}}}", expression.value.source()).into()
}
