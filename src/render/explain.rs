//! Where every line of a file of the project comes from.
//!
//! A file is rendered once more with a mark before each piece of its templates, so that the marks
//! say what came out where ([`marks`]). Where marks change what comes out, because something
//! measures or compares a text, and where layers are merged by key, successive versions of the
//! file are compared ([`blame`]).

mod absent;
mod blame;
mod marks;
mod trace;

use crate::answer::Answers;
use crate::error::Result;
use crate::layers;
use crate::resolve::{Input, Resolver};
use crate::template::{Content, Template};
use crate::tree::ProjectPath;

use super::stack::Part;
use super::{Placed, Renderer, Seed};
use trace::Tracer;

/// A file of the project, and what it is made of.
#[derive(Debug)]
pub struct Explanation<'a> {
    /// The file's path in the project.
    pub path: ProjectPath,
    /// The layers' files that lie at this path, from the bottom to the top.
    pub parts: Vec<Placed<'a>>,
    /// Whether the file can be run.
    pub is_executable: bool,
    /// Whether the file is written where it is missing, and never again.
    pub is_once: bool,
    /// How many bytes it has.
    pub size: usize,
    /// Its lines; none where it isn't a text.
    pub lines: Option<Vec<Line>>,
}

/// A line of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The line without its end.
    pub text: String,
    /// Where it comes from: first where its first visible character does. There are several where
    /// it is made of the pieces of several lines.
    pub origins: Vec<Origin>,
}

/// A line of a file of the template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The layer that has the file; none for a macro, which all layers share.
    pub layer: Option<String>,
    /// The name of the template that has the layer.
    pub template: Option<String>,
    /// The file's name, as in messages.
    pub file: String,
    /// The line, counted from 1; none where only the file is known.
    pub line: Option<usize>,
}

impl Origin {
    fn of(template: &Template, part: &Part, line: Option<usize>) -> Self {
        Origin {
            layer: Some(part.layer.name.clone()),
            template: Some(template.owner(part.layer).to_owned()),
            file: part.file.name.clone(),
            line,
        }
    }

    /// Gives a line of a file that all layers share.
    fn shared(file: &str, line: Option<usize>) -> Self {
        Origin {
            layer: None,
            template: None,
            file: file.to_owned(),
            line,
        }
    }
}

/// Finds out where the lines of a file come from.
///
/// A path that no layer has a file for is an error that says what would bring it. Secret answers
/// don't show.
pub fn explain<'a>(
    template: &'a Template,
    answers: &Answers,
    seed: &Seed,
    path: &str,
) -> Result<Explanation<'a>> {
    let input = Input::default();
    let mut resolver = Resolver::new(template, &input);
    resolver.answers = answers.clone();
    let layers = layers::choose(template, &resolver)?;
    let mut renderer = Renderer::new(template, &resolver);
    let mut stacks = renderer.stacks(&layers, |_| true);
    renderer.refuse()?;
    let wanted = path.strip_prefix("./").unwrap_or(path);
    let Some((path, stack)) = stacks.remove_entry(wanted) else {
        return Err(absent::error(&renderer, stacks.keys(), wanted));
    };
    let environment = renderer.environment_of(std::iter::once(&stack), seed, |_, source| source);
    let entry = renderer.entry(&environment, &stack);
    renderer.refuse()?;
    let traced = Tracer {
        renderer: &mut renderer,
        environment: &environment,
        stack: &stack,
        seed,
    }
    .trace()?;
    let lines = traced.map(|traced| {
        let texts = traced
            .text
            .lines()
            .map(|text| shown(template, answers, text));
        let lines = texts.zip(traced.lines);
        lines
            .map(|(text, origins)| Line { text, origins })
            .collect()
    });
    Ok(Explanation {
        path,
        is_executable: stack.is_executable,
        is_once: stack.is_once,
        size: entry.map_or(0, |entry| entry.bytes.len()),
        lines,
        parts: stack.history,
    })
}

/// Writes a line without the answers that nobody may see.
fn shown(template: &Template, answers: &Answers, line: &str) -> String {
    let secrets = answers
        .iter()
        .filter(|(name, _)| template.is_secret(name))
        .map(|(_, answer)| answer.typed())
        .filter(|secret| !secret.is_empty());
    secrets.fold(line.to_owned(), |line, secret| line.replace(&secret, "…"))
}

/// Gives the template texts that take part in a file: those of its parts, and all macros.
fn sources<'a>(
    template: &'a Template,
    parts: impl Iterator<Item = &'a Part<'a>>,
) -> Vec<(&'a str, &'a str)> {
    let macros = template
        .macros
        .iter()
        .map(|(name, source)| (name.as_str(), source.as_ref()));
    let rendered = parts.filter_map(|part| match &part.file.content {
        Content::Rendered { source, .. } => Some((part.file.name.as_str(), source.as_ref())),
        Content::Verbatim(_) => None,
    });
    macros.chain(rendered).collect()
}
