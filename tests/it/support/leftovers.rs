//! Finds traces of what wasn't chosen.

use std::collections::BTreeSet;

use pyscaffold::answer::Answer;
use pyscaffold::combinations::Combination;
use pyscaffold::template::{Choice, Template};

use super::combinations::describe;

/// Words that stand for a choice, and where they may be although it wasn't chosen, with the reason.
const ALLOWED: [(&str, &str); 7] = [
    // SQLModel is made of SQLAlchemy.
    ("sqlalchemy", "orm=sqlmodel"),
    // SQLite serves development and tests of every project with a database.
    ("sqlite", "database="),
    // The stages that build a distroless image need a shell.
    ("slim", "container=distroless"),
    // What Hatch installs a lock with.
    ("uv", "package_manager=hatch"),
    // A word of the licence's text rather than of the choice.
    ("proprietary", "license=apache-2.0"),
    // What the container's configuration calls the editor's settings.
    ("vscode", "devcontainer"),
    // The one host that it works on.
    ("github", "dependabot"),
];

/// Choices that are called like something else, and what gives them away instead.
const TELLING: [(&str, &[&str]); 5] = [
    ("make", &["makefile", "make install", "make check"]),
    ("just", &["justfile", "just install", "just check"]),
    ("docs", &["mkdocs", "zensical"]),
    // Its build backend is configured in a table of the same name.
    (
        "hatch",
        &[
            "hatch run",
            "hatch env",
            "hatch dep",
            "hatch build",
            "tool.hatch.env",
        ],
    ),
    (
        "github",
        &["github actions", ".github/workflows", "actions/checkout"],
    ),
];

/// Finds the names of choices that weren't made in one file.
///
/// The file doesn't depend on other questions than some: whatever it says of the others stands in
/// projects that chose otherwise, too.
pub fn leftovers(
    template: &Template,
    combination: &Combination,
    questions: &BTreeSet<String>,
    (path, bytes): (&str, &[u8]),
) -> Vec<String> {
    let described = describe(combination);
    let known: Vec<&str> = combination
        .iter()
        .filter(|(name, _)| questions.contains(*name))
        .filter_map(|(_, answer)| answer.as_ref())
        .flat_map(Answer::chosen)
        .map(String::as_str)
        .collect();
    let text = format!("{path}\n{}", String::from_utf8_lossy(bytes)).to_lowercase();
    let choices = template.questions.iter().filter_map(|question| {
        let choices = question.choices();
        (choices.len() > 1).then_some(choices)
    });
    choices
        .flatten()
        .filter(|choice| is_name(choice) && !known.contains(&choice.value.as_str()))
        .filter(|choice| {
            !ALLOWED
                .iter()
                .any(|(word, answer)| *word == choice.value && described.contains(answer))
        })
        .filter(|choice| has(&text, &choice.value))
        .map(|choice| format!("{path} has '{}' with {described}", choice.value))
        .collect()
}

fn is_name(choice: &Choice) -> bool {
    choice
        .value
        .starts_with(|first: char| first.is_alphabetic())
        && choice.value != "none"
}

fn has(text: &str, value: &str) -> bool {
    if let Some((_, signs)) = TELLING.iter().find(|(word, _)| *word == value) {
        return signs.iter().any(|sign| text.contains(sign));
    }
    let mut words = text.split(|letter: char| !letter.is_alphanumeric() && letter != '-');
    words.any(|found| found == value || (value.len() > 5 && found.starts_with(value)))
}
