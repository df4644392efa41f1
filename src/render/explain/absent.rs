//! What to do about a path that the project has no file at.

use crate::error::Error;
use crate::language;
use crate::render::Renderer;
use crate::suggest;
use crate::template::{Condition, Layer, Question, Role};
use crate::tree::ProjectPath;

/// Makes the error that says which path was meant, or which answers bring a file there.
pub(super) fn error<'p>(
    renderer: &Renderer,
    paths: impl Iterator<Item = &'p ProjectPath>,
    wanted: &str,
) -> Error {
    let error = Error::request(format!(
        "the project has no file '{wanted}' with these answers"
    ));
    let bringing = bringing(renderer, wanted);
    if !bringing.is_empty() {
        return bringing.into_iter().fold(error, Error::hint);
    }
    let paths: Vec<&str> = paths.map(ProjectPath::as_str).collect();
    let name = wanted.rsplit('/').next().unwrap_or(wanted);
    let namesake = paths
        .iter()
        .find(|path| path.rsplit('/').next() == Some(name));
    match namesake
        .copied()
        .or_else(|| suggest::nearest(wanted, paths.iter().copied()))
    {
        Some(meant) => error.hint(format!("did you mean '{meant}'?")),
        None => error.hint("'pyscaffold template show --verbose' lists all files"),
    }
}

/// Says for each layer that has a file at a path why it isn't there.
fn bringing(renderer: &Renderer, wanted: &str) -> Vec<String> {
    let environment = language::environment();
    let mut hints = Vec::new();
    for layer in &renderer.template.layers {
        for file in &layer.files {
            // A path that can't be rendered with these answers is another one.
            let Ok(Some(path)) = renderer.target(&environment, file) else {
                continue;
            };
            if path.as_str() == wanted {
                hints.push(format!(
                    "layer '{}' would bring it{}",
                    renderer.template.full_name(layer),
                    condition(renderer, layer, wanted)
                ));
            }
        }
    }
    hints
}

/// Says what has to hold for a file of a layer to be there.
fn condition(renderer: &Renderer, layer: &Layer, path: &str) -> String {
    let holds = |condition: &Condition| format!("when {}", condition.expression.value.source());
    let mut parts = Vec::new();
    match &layer.role {
        Role::Base => {}
        Role::Choice { question, value } => {
            let flag = renderer.template.question(question);
            let flag = flag.map_or_else(|| question.clone(), Question::flag);
            parts.push(format!("with {flag} {value}"));
            let choice = renderer
                .template
                .question(question)
                .and_then(|question| question.choice(value));
            let when = choice.and_then(|choice| choice.when.as_ref());
            parts.extend(when.map(|when| format!("possible {}", holds(when))));
        }
        Role::Bridge => parts.extend(layer.when.as_ref().map(holds)),
    }
    let rules = layer.rules_for(path);
    let whens = rules.iter().filter_map(|rule| rule.when.as_ref());
    parts.extend(whens.map(|when| format!("its files when {}", when.value.source())));
    if parts.is_empty() {
        return String::new();
    }
    format!(" {}", parts.join(", "))
}
