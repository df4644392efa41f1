//! Finds tags that are read by another language than their author thought.

use super::Subject;
use crate::language;
use crate::problem::{Problem, Rule};
use crate::template::{Content, File};

/// Files of other template languages, where such tags are at home.
const TEMPLATES: [&str; 8] = [
    ".html",
    ".htm",
    ".j2",
    ".jinja2",
    ".tpl",
    ".tmpl",
    ".mustache",
    ".hbs",
];

pub(super) fn look(subject: Subject) -> Vec<Problem> {
    let files = subject.layers().flat_map(|layer| &layer.files);
    files
        .flat_map(|file| match &file.content {
            Content::Rendered { source, .. } => foreign(file, source),
            Content::Verbatim(bytes) => match std::str::from_utf8(bytes) {
                Ok(text) => copied(subject, file, text),
                Err(_) => Vec::new(),
            },
        })
        .collect()
}

/// Finds `${{` where this language reads it.
fn foreign(file: &File, source: &str) -> Vec<Problem> {
    let tags = language::dollar_tags(source).into_iter();
    let problems = tags.map(|range| {
        let message = "'${{' is read as '$' and a tag: for another language put it between {% raw %} and {% endraw %}, and otherwise write {{ '$' }}{{ … }}";
        Problem::warning(&file.name, message)
            .of(Rule::ForeignTag)
            .at(&source.into(), range)
    });
    problems.collect()
}

/// Finds `{{ question }}` where nothing reads it.
fn copied(subject: Subject, file: &File, text: &str) -> Vec<Problem> {
    if TEMPLATES.iter().any(|end| file.path.ends_with(end)) {
        return Vec::new();
    }
    let mut tags =
        language::copied_tags(text).filter(|(name, _)| subject.template.question(name).is_some());
    // One is enough to tell that the file's name is wrong.
    let problem = tags.next().map(|(name, range)| {
        let message = format!(
            "'{name}' is a question, but this file is copied as it is: a file that is rendered ends in '.jinja'"
        );
        Problem::warning(&file.name, message)
            .of(Rule::CopiedTag)
            .at(&text.into(), range)
    });
    problem.into_iter().collect()
}
