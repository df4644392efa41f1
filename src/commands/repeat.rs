//! The command that makes the same project again.

use crate::answer::{Answer, Answers};
use crate::template::{Question, Source, Template};
use crate::visible::word;

/// Gives the answers that may be shown.
pub fn stored<'a>(
    template: &'a Template,
    answers: &'a Answers,
) -> impl Iterator<Item = (&'a str, &'a Answer)> {
    answers.iter().filter(|(name, _)| !template.is_secret(name))
}

/// Writes the command that makes a project with these answers at a path.
pub fn command(template: &Template, answers: &Answers, path: &str) -> String {
    let mut command = format!("{} {} --yes", program(template), word(path));
    if !template.source.is_embedded() {
        command += &format!(" --template {}", word(&template.called.source));
        if let Some(reference) = &template.called.reference {
            command += &format!(" --ref {}", word(reference));
        }
    }
    let is_asked = |name: &str| template.question(name).is_some_and(Question::is_open);
    for (name, answer) in stored(template, answers).filter(|(name, _)| is_asked(name)) {
        let separator = if matches!(answer, Answer::Bool(_)) {
            '='
        } else {
            ' '
        };
        command += &format!(
            " --{}{separator}{}",
            name.replace('_', "-"),
            word(&answer.typed())
        );
    }
    command
}

/// Gives the words of the command that makes projects of a template.
pub fn program(template: &Template) -> &'static str {
    match template.source {
        Source::Starter => "pyscaffold template new",
        _ => "pyscaffold new",
    }
}
