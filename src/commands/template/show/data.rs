//! A template as data.

use serde_json::{Map, Value as Json, json};

use super::{View, joins, why};
use crate::commands::described;
use crate::render::{LayerFiles, Placed};
use crate::template::{Choice, Condition, Kind, Layer, Question, Role, Rule, Template};

/// Describes everything that there is to show.
pub fn describe(view: &View) -> Json {
    let View {
        template,
        answers,
        overview,
    } = view;
    let extended: Vec<Json> = template
        .below
        .iter()
        .map(|below| json!({ "name": below.name, "version": below.version, "source": below.source.to_string() }))
        .collect();
    let shown: Map<String, Json> = answers
        .iter()
        .filter(|(name, _)| !template.is_secret(name))
        .map(|(name, answer)| (name.to_owned(), json!(answer)))
        .collect();
    json!({
        "name": template.name,
        "version": template.version,
        "summary": template.summary,
        "source": template.source.to_string(),
        "extends": extended,
        "questions": template.questions.iter().map(question).collect::<Vec<_>>(),
        "data": template.data.keys().collect::<Vec<_>>(),
        "macros": template.macros.keys().collect::<Vec<_>>(),
        "answers": shown,
        "layers": overview.layers.iter().map(|on| layer(template, on)).collect::<Vec<_>>(),
        "next": overview.next,
    })
}

fn question(question: &Question) -> Json {
    let (minimum, maximum) = match question.kind {
        Kind::Integer { minimum, maximum } => (
            (minimum > i64::MIN).then_some(minimum),
            (maximum < i64::MAX).then_some(maximum),
        ),
        _ => (None, None),
    };
    let default = match (&question.default, &question.kind) {
        (Some(default), _) => Some(described::answer(default)),
        (None, Kind::Choice(choices)) => choices.first().map(|choice| json!(choice.value)),
        (None, _) => None,
    };
    let mut described = described::question(question);
    described["default"] = json!(default);
    described["minimum"] = json!(minimum);
    described["maximum"] = json!(maximum);
    described["secret"] = json!(question.secret);
    described["choices"] = question.choices().iter().map(choice).collect();
    described["refuse"] = question.refusals.iter().map(condition).collect();
    described["file"] = json!(question.file);
    described
}

fn choice(choice: &Choice) -> Json {
    let mut described = described::choice(choice);
    described["requires"] = json!(choice.requires);
    described["conflicts"] = json!(choice.conflicts);
    described
}

fn condition(condition: &Condition) -> Json {
    json!({
        "when": condition.expression.value.source(),
        "because": condition.because,
    })
}

fn layer(template: &Template, on: &LayerFiles) -> Json {
    let layer = on.layer;
    let files: Vec<Json> = on
        .files
        .iter()
        .map(|(path, placed)| {
            let mut described = part(placed);
            described["path"] = json!(path.as_str());
            described
        })
        .collect();
    let steps: Vec<Json> = layer
        .steps
        .iter()
        .map(|step| json!({ "name": step.name, "title": step.title, "run": step.run, "makes": step.makes }))
        .collect();
    json!({
        "name": layer.name,
        "template": template.owner(layer),
        "depth": layer.depth,
        "builtin": layer.is_builtin,
        "why": why(layer),
        "role": role(layer),
        "requires": layer.requires,
        "replaces": layer.replaces,
        "files": files,
        "steps": steps,
    })
}

fn role(layer: &Layer) -> Json {
    match &layer.role {
        Role::Base => json!({ "kind": "base" }),
        Role::Choice { question, value } => {
            json!({ "kind": "choice", "question": question, "value": value })
        }
        Role::Bridge => json!({
            "kind": "bridge",
            "when": layer.when.as_ref().map(|when| when.expression.value.source()),
        }),
    }
}

/// Describes a layer's part of a file.
pub fn part(placed: &Placed) -> Json {
    json!({
        "file": placed.file.name,
        "joins": joins(placed),
        "replaced": placed.is_covered,
        "rules": placed.rules.iter().map(|found| rule(found)).collect::<Vec<_>>(),
    })
}

fn rule(rule: &Rule) -> Json {
    let (file, line) = rule.path.file_and_line();
    json!({
        "path": rule.path.value,
        "executable": rule.executable,
        "once": rule.once,
        "when": rule.when.as_ref().map(|when| when.value.source()),
        "file": file,
        "line": line,
    })
}
