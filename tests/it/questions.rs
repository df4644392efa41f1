//! Names that a question can't have.

use std::collections::BTreeSet;

use clap::Command;
use pyscaffold::cli;
use pyscaffold::template::{Source, Template};

use crate::support::Sandbox;

/// Collects the names of the arguments of a command and of those below it, but for questions.
fn collect(command: &Command, names: &mut BTreeSet<String>) {
    let own = command.get_arguments();
    let own = own.filter(|argument| argument.get_help_heading() != Some("Questions"));
    names.extend(own.map(|argument| argument.get_id().as_str().replace('-', "_")));
    // Its arguments are names of commands.
    let below = command.get_subcommands();
    for command in below.filter(|command| command.get_name() != "help") {
        collect(command, names);
    }
}

#[test]
fn no_question_is_called_like_an_argument() {
    let template = Template::load(Source::Builtin).unwrap();
    let mut command = cli::command(&template);
    command.build();
    let mut names = BTreeSet::new();
    collect(&command, &mut names);
    for expected in ["path", "dry_run", "verbose", "help", "sarif"] {
        assert!(names.contains(expected), "{expected} isn't in {names:?}");
    }

    let sandbox = Sandbox::new();
    let questions = names
        .iter()
        .map(|name| format!("[[question]]\nname = \"{name}\"\n"));
    let manifest = "name = \"x\"\nversion = \"1\"\n".to_owned() + &questions.collect::<String>();
    sandbox.template(&[("template.toml", &manifest)]);
    let said = sandbox
        .run("new demo --template ../template --yes")
        .code(1)
        .stderr();
    let allowed: Vec<&String> = names
        .iter()
        .filter(|name| !said.contains(&format!("a question can't be called '{name}':")))
        .collect();
    assert!(allowed.is_empty(), "{allowed:?} can be names of questions");
}
