//! `pyscaffold adopt`: brings in a project that was made by hand or by another tool.

mod bring;
mod look;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgAction, Command, ValueHint, value_parser};

use super::existing::{self, Access, Existing, Request};
use crate::adoption::{Example, Known};
use crate::cli::{self, Cli, Opened};
use crate::error::{Ending, Error, Result};
use crate::given::Written;
use crate::merge::Both;
use crate::project;
use crate::resolve::Given;
use crate::state::{self, State};
use crate::template::Template;
use crate::tree::Tree;

/// What the command is called.
pub const NAME: &str = "adopt";

/// The flag that brings what a template doesn't want to be adopted.
const WITH_EXAMPLE: &str = "with-example";

/// Builds the command's part of the command line.
pub fn command(template: &Template) -> Command {
    Command::new(NAME)
        .about("Brings in a project that was made by hand or by another tool")
        .long_about("Brings in a project that was made by hand or by another tool.\n\nWhat is there is looked at to guess the answers; they are shown and can be corrected. Then the template's files are merged in: what is there wins, pyproject.toml gains what it lacks, and nothing is overwritten.")
        .arg(Arg::new("path").value_name("PATH").value_hint(ValueHint::DirPath).value_parser(value_parser!(PathBuf)).help("Folder of the project; this folder where none is named"))
        .arg(Arg::new("both").long("both").value_name("WHAT").default_value(Both::default().name()).value_parser(PossibleValuesParser::new(Both::ALL.map(Both::name))).help("What becomes of a file that you and the template have: the template's lies beside yours, yours gets the markers of a conflict, or yours is kept"))
        .arg(Arg::new("skip").long("skip").value_name("GLOB").action(ArgAction::Append).help("Leaves out files of the template, now and in later updates"))
        .arg(cli::switch("no-trial", "Doesn't try which checks pass; nothing is tried without a lock either"))
        .arg(cli::switch(WITH_EXAMPLE, "Brings the template's example, too: by default only what checks and ships the code that is there"))
        .args(existing::flags(template))
}

/// Adopts a project.
pub fn run(cli: &Cli) -> Result<Ending> {
    let matches = super::matches(cli, NAME)?;
    let path = cli::path(matches, "path").unwrap_or_else(|| PathBuf::from("."));
    let root = fs_err::canonicalize(&path)?;
    let access = if matches.get_flag("dry-run") {
        Access::look(cli.ui, &root)?
    } else {
        Access::change(cli.ui, &root)?
    };
    refuse_ours(&root, &path)?;
    project::refuse_unfinished(&root)?;
    let names = project::list(&root)?;
    let found = look::look(&root, &names);
    let gathered = look::gather(cli, matches)?;
    let guesses = look::guess(cli, &gathered, &root, &found)?;
    look::show(cli.ui, &guesses);
    let mut given: BTreeSet<String> = gathered.given.into_keys().collect();
    given.extend(guesses.answers.iter().map(|guess| guess.question.clone()));
    let recorded = guesses.answers.into_iter().map(|guess| {
        let answer = serde_json::json!(guess.answer);
        (guess.question, Given::Data(answer))
    });
    let skipped = matches.get_many::<String>("skip").into_iter().flatten();
    let skipped: Vec<String> = skipped.cloned().collect();
    let state = State {
        source: String::new(),
        name: cli.template.name.clone(),
        version: String::new(),
        commit: None,
        made: Vec::new(),
        skip: skipped,
        kept: BTreeMap::new(),
        adopted: None,
        answers: recorded.collect(),
        written: Written::default(),
        snapshot: Tree::new(),
        is_lost: false,
    };
    let opened = Opened {
        root,
        access: Rc::new(access),
    };
    let mut project = Existing::with(cli, matches, opened, state)?;
    project.refuse_dirty()?;
    let unfound = guesses.unfound.as_ref();
    if let Some(unfound) = unfound.filter(|_| project.asks()) {
        look::show_unfound(cli.ui, unfound);
    }
    let answers = project.answer(Request::Found)?;
    if let Some(unfound) = unfound.filter(|_| !project.asks()) {
        return Err(look::refuse_unfound(unfound));
    }
    // What was guessed was never the project's: all of it is new.
    project.state.answers.clear();
    let example = if matches.get_flag(WITH_EXAMPLE) {
        Example::Brought
    } else {
        bring::ask(project.terminal.as_mut())?
    };
    if project.terminal.is_some() {
        // Somebody saw all of them.
        given.extend(answers.iter().map(|(name, _)| name.to_owned()));
    }
    let known = Known {
        answers: &answers,
        given: &given,
        found: &found,
        example,
    };
    let adoption = bring::decide(&cli.template, known)?;
    bring::show(cli.ui, &adoption.notes);
    project.state.skip.extend(adoption.skip);
    project.state.adopted = adoption.traits;
    let typed = matches.get_one::<String>("both");
    let is_typed = |both: &Both| typed.is_some_and(|typed| typed == both.name());
    project.take_over(Both::ALL.into_iter().find(is_typed).unwrap_or_default());
    project.bring_to(NAME, answers)
}

/// Refuses a folder that is a project of ours already.
fn refuse_ours(root: &Path, path: &Path) -> Result<()> {
    if root.join(state::ANSWERS).exists() {
        return Err(Error::request(format!(
            "'{}' is a project of pyscaffold already",
            path.display()
        ))
        .hint("change it with 'pyscaffold change', or update it with 'pyscaffold update'"));
    }
    Ok(())
}
