//! Questions and their choices as data: what every command says of them.

use serde_json::{Value as Json, json};

use crate::template::{Choice, Default, Hidden, Kind, Question, Unoffered};

/// Describes a question, without its default, bounds and choices: those depend on what is asked.
pub fn question(question: &Question) -> Json {
    let pattern = match &question.kind {
        Kind::Text(Some(pattern)) => Some(&pattern.source),
        _ => None,
    };
    let fixed = question.fixed.as_ref();
    json!({
        "name": question.name,
        "flag": question.flag(),
        "variable": question.variable(),
        "type": question.kind.name(),
        "prompt": question.prompt,
        "help": question.help,
        "fixed": fixed.map(|fixed| json!({ "answer": answer(&fixed.answer), "by": fixed.by })),
        "hidden": question.hidden.iter().map(hidden).collect::<Vec<_>>(),
        "unoffered": question.unoffered.iter().map(unoffered).collect::<Vec<_>>(),
        "asked": question.is_open(),
        "when": question.when.as_ref().map(|when| when.value.source()),
        "pattern": pattern,
    })
}

/// Describes a choice.
pub fn choice(choice: &Choice) -> Json {
    let when = choice.when.as_ref();
    json!({
        "value": choice.value,
        "title": choice.title,
        "hint": choice.hint,
        "when": when.map(|when| when.expression.value.source()),
        "because": when.map(|when| &when.because),
    })
}

/// Gives an answer, or the template that it is made from.
pub fn answer(answer: &Default) -> Json {
    match answer {
        Default::Fixed(answer) => json!(answer),
        Default::Template(source) => json!(source.value),
    }
}

fn hidden(hidden: &Hidden) -> Json {
    json!({ "value": hidden.value, "by": hidden.by, "because": hidden.because })
}

fn unoffered(unoffered: &Unoffered) -> Json {
    json!({
        "value": unoffered.value.value,
        "aliases": unoffered.aliases,
        "title": unoffered.title,
        "because": unoffered.because,
        "instead": unoffered.instead.as_ref().map(|instead| &instead.value),
    })
}
