//! Looks at a folder, and says what was found, what has no choice, and what only a person can say.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use clap::ArgMatches;

use crate::answer::Answer;
use crate::cli::Cli;
use crate::commands::inputs;
use crate::detect::{self, Found, Guesses, Unfound};
use crate::error::{Error, Result};
use crate::file;
use crate::given::Gathered;
use crate::ui::{Tone, Ui};

/// The largest file that is looked at to guess answers, in bytes.
const MAX_TEXT: u64 = 4 * 1024 * 1024;

/// How far lists of requirements that include each other are followed.
const MAX_INCLUDES: usize = 8;

/// Looks at the folder.
pub(super) fn look(root: &Path, names: &BTreeSet<String>) -> Found {
    let wanted = names.iter().filter(|name| Found::wants(name));
    let mut texts = read(root, wanted.cloned());
    for _ in 0..MAX_INCLUDES {
        let included = Found::includes(&texts).into_iter();
        let more = read(root, included.filter(|name| names.contains(name)));
        if more.is_empty() {
            break;
        }
        texts.extend(more);
    }
    Found::new(names.clone(), texts)
}

/// Collects what is given for the project.
pub(super) fn gather(cli: &Cli, matches: &ArgMatches) -> Result<Gathered> {
    let template = &cli.template;
    let gathered = Gathered::from(inputs::sources(matches, template)?, template)?;
    Ok(gathered.for_found(template))
}

/// Guesses what would be answered for the folder.
pub(super) fn guess(cli: &Cli, gathered: &Gathered, root: &Path, found: &Found) -> Result<Guesses> {
    let input = inputs::input(cli, Some(root))?;
    let given = gathered.explicit();
    let mut guesses = detect::guess(&cli.template, &input, found, &given)?;
    // What stands in the environment is an answer where no sign says otherwise.
    guesses.unfound = guesses
        .unfound
        .filter(|unfound| !gathered.given.contains_key(&unfound.question));
    Ok(guesses)
}

/// Reads files as texts; what can't be read as one tells nothing.
fn read(root: &Path, names: impl Iterator<Item = String>) -> BTreeMap<String, String> {
    let text = |name: String| {
        let text = file::text(&root.join(&name), MAX_TEXT).ok()?;
        Some((name, text))
    };
    names.filter_map(text).collect()
}

/// Shows what was found, and by what it was told.
pub(super) fn show(ui: Ui, guesses: &Guesses) {
    for guess in &guesses.answers {
        let answer = format!("{} = {}", guess.question, guess.answer.typed());
        ui.entry((Tone::Good, "found"), &answer, &guess.because);
    }
    for kept in &guesses.kept {
        let answer = kept.answer.as_ref().map(Answer::typed);
        let answer = answer.filter(|answer| !answer.is_empty());
        let answer = answer.map_or_else(String::new, |answer| {
            format!(", and {} is {answer}", kept.question)
        });
        let remark = format!("{}; {}; it stays{answer}", kept.told, kept.because);
        ui.entry((Tone::Care, "kept"), &kept.title, &remark);
    }
}

/// Shows what only the person can answer who is about to be asked.
pub(super) fn show_unfound(ui: Ui, unfound: &Unfound) {
    ui.entry(
        (Tone::Care, "unknown"),
        &unfound.question,
        &unfound.looked_for.join(", "),
    );
}

/// Refuses to invent an answer where nobody can be asked.
pub(super) fn refuse_unfound(unfound: &Unfound) -> Error {
    let Unfound {
        question, because, ..
    } = unfound;
    let flag = format!("--{}", question.replace('_', "-"));
    let flags = unfound
        .choices
        .iter()
        .map(|value| format!("{flag} {value}"));
    let flags: Vec<String> = flags.collect();
    Error::request(format!(
        "nothing in the project answers '{question}': {because}"
    ))
    .hint(format!("looked for: {}", unfound.looked_for.join(", ")))
    .hint(format!(
        "if it is one of these, say so: {}",
        flags.join(", ")
    ))
}
