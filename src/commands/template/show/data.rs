//! A template as data.

use serde_json::{Map, Value as Json, json};

use super::{View, joins, why};
use crate::render::{LayerFiles, Placed};
use crate::template::{
    Choice, Condition, Default, Hidden, Kind, Layer, Question, Role, Rule, Template,
};

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
    let pattern = match &question.kind {
        Kind::Text(Some(pattern)) => Some(&pattern.source),
        _ => None,
    };
    let default = match (&question.default, &question.kind) {
        (Some(default), _) => Some(answer(default)),
        (None, Kind::Choice(choices)) => choices.first().map(|choice| json!(choice.value)),
        (None, _) => None,
    };
    json!({
        "name": question.name,
        "flag": question.flag(),
        "variable": question.variable(),
        "type": question.kind.name(),
        "prompt": question.prompt,
        "help": question.help,
        "default": default,
        "when": question.when.as_ref().map(|when| when.value.source()),
        "minimum": minimum,
        "maximum": maximum,
        "pattern": pattern,
        "secret": question.secret,
        "asked": question.is_open(),
        "fixed": question.fixed.as_ref().map(|fixed| json!({ "answer": answer(&fixed.answer), "by": fixed.by })),
        "hidden": question.hidden.iter().map(hidden).collect::<Vec<_>>(),
        "choices": question.choices().iter().map(choice).collect::<Vec<_>>(),
        "refuse": question.refusals.iter().map(condition).collect::<Vec<_>>(),
        "file": question.file,
    })
}

/// Gives an answer, or the template that it is made from.
fn answer(answer: &Default) -> Json {
    match answer {
        Default::Fixed(answer) => json!(answer),
        Default::Template(source) => json!(source.value),
    }
}

fn hidden(hidden: &Hidden) -> Json {
    json!({ "value": hidden.value, "by": hidden.by, "because": hidden.because })
}

fn choice(choice: &Choice) -> Json {
    json!({
        "value": choice.value,
        "title": choice.title,
        "hint": choice.hint,
        "when": choice.when.as_ref().map(|when| when.expression.value.source()),
        "because": choice.when.as_ref().map(|when| &when.because),
        "requires": choice.requires,
        "conflicts": choice.conflicts,
    })
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
