//! What comes from outside into the answers: flags, files, variables, who the user is, and what a
//! project remembers.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::Path;

use clap::ArgMatches;

use crate::answer::Answers;
use crate::cli::{self, Cli};
use crate::config;
use crate::error::Result;
use crate::git;
use crate::given::{Gathered, Sources, Unanswered};
use crate::resolve::Input;
use crate::state::State;
use crate::template::Template;

/// Collects what is known before the first question: the name of the project's folder, and who the
/// user is there. Without a folder, it will be one below this one.
pub fn input(cli: &Cli, folder: Option<&Path>) -> Result<Input> {
    let (input, reasons) = known(&cli.template, folder)?;
    for reason in reasons {
        cli.ui.warn(&reason);
    }
    Ok(input)
}

fn known(template: &Template, folder: Option<&Path>) -> Result<(Input, Vec<String>)> {
    let directory = folder.and_then(Path::file_name).and_then(OsStr::to_str);
    let identity = git::identity(folder.unwrap_or(Path::new("project")));
    let (user_name, user_email) = identity
        .map(|who| (who.name, who.email))
        .unwrap_or_default();
    let input = Input {
        directory: directory.unwrap_or_default().to_owned(),
        user_name,
        user_email,
    };
    input.usable(template)
}

/// Takes the answers of a project, and the defaults of questions that are new.
pub fn remembered(template: &Template, root: &Path, state: &State) -> Result<Answers> {
    let gathered = Gathered::remembered(state.answers.clone());
    let gathered = gathered.written(template, &state.written_for(template));
    answer(&gathered, template, (root, state))
}

/// Takes the answers of a project as far as a template that may be newer still has them, and warns
/// of what an update needs to be told.
pub fn presumed(cli: &Cli, root: &Path, state: &State) -> Result<Answers> {
    let template = &cli.template;
    if state.is_of(template) {
        return remembered(template, root, state);
    }
    let gathered = Gathered::remembered(state.answers.clone());
    let written = state.written_for(template);
    cli.ui
        .problems(&gathered.clone().written(template, &written).unfit());
    answer(&gathered, template, (root, state))
}

fn answer(
    gathered: &Gathered,
    template: &Template,
    (root, state): (&Path, &State),
) -> Result<Answers> {
    let (input, _) = known(template, Some(root))?;
    let answers = gathered.answer(template, &input, Unanswered::Default);
    let mut answers =
        answers.map_err(|error| error.hint("'pyscaffold update' asks what is new"))?;
    answers.set_adopted(state.adopted.clone());
    Ok(answers)
}

/// Says what becomes of a question that nobody answers and nobody can be asked.
pub fn unanswered(matches: &ArgMatches) -> Unanswered {
    if matches.get_flag("yes") {
        Unanswered::Default
    } else {
        Unanswered::Error
    }
}

/// Collects where answers can come from.
pub fn sources(matches: &ArgMatches, template: &Template) -> Result<Sources> {
    let environment: BTreeMap<String, String> = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect();
    Ok(Sources {
        flags: cli::answers_from_flags(matches, template)?,
        file: cli::path(matches, "answers"),
        environment,
        config: config::file(),
        ..Sources::default()
    })
}
