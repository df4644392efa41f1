//! More than CI checks:
//! `cargo test --release --test full -- [files | one | pairs | triples | all] [QUESTION=ANSWER]...`,
//! or `… -- managers [NAME]...`, `… -- changes [green]`, `… -- updates FOLDER...`
//!
//! `files` checks what tier 1 checks, for every combination without a limit. The others check what
//! tier 2 checks: one combination, or as many as hold all pairs or triples of choices, or all; with
//! certain answers where some are named. `--template FOLDER` checks a folder in place of the template that
//! is built in. What passed in an earlier run, with the same content, isn't checked again.

#![allow(
    dead_code,
    unused_imports,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a check by hand: it prints, and ends by panicking"
)]

#[path = "../it/contract/mod.rs"]
mod contract;
mod edited;
#[path = "../it/support/mod.rs"]
mod support;

use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use pyscaffold::combinations::Combination;
use pyscaffold::template::{Source, Template};

use support::combinations::all;
use support::projects::check_all;
use support::trees::{Breadth, check_files, lint_all};
use support::walk::walk;

fn main() -> ExitCode {
    match run(std::env::args().skip(1).collect()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

fn run(mut arguments: Vec<String>) -> Result<(), String> {
    let mut source = Source::Builtin;
    if let Some(place) = arguments.iter().position(|one| one == "--template") {
        let end = arguments.len().min(place + 2);
        let folder = arguments.drain(place..end).nth(1).unwrap_or_default();
        source = Source::parse(&folder, Path::new("")).map_err(|error| error.to_string())?;
    }
    let template = Template::load(source).map_err(|error| error.to_string())?;
    let (answers, which): (Vec<String>, Vec<String>) =
        arguments.into_iter().partition(|one| one.contains('='));
    if which.first().is_some_and(|which| which == "files") {
        let problems = check_files(&template, Breadth::All);
        lint_all(&template);
        return match problems.len() {
            0 => Ok(()),
            _ => Err(problems.join("\n")),
        };
    }
    match which.split_first() {
        Some((which, named)) if which == "managers" => return check_managers(&template, named),
        Some((which, how)) if which == "changes" => {
            return edited::change_all(&template, how.iter().any(|how| how == "green"));
        }
        Some((which, folders)) if which == "updates" => {
            return folders.iter().try_for_each(|folder| {
                let source =
                    Source::parse(folder, Path::new("")).map_err(|error| error.to_string())?;
                let earlier = Template::load(source).map_err(|error| error.to_string())?;
                println!("{folder}");
                edited::update_all(&earlier, &template)
            });
        }
        _ => {}
    }
    let combinations = all(&template);
    let is_wanted =
        |combination: &Combination| answers.iter().all(|wanted| has(combination, wanted));
    let mut chosen: Vec<Combination> = match which.first().map_or("triples", String::as_str) {
        "pairs" => combinations.covering(2),
        "triples" => combinations.covering(3),
        "one" => combinations.iter().find(is_wanted).into_iter().collect(),
        "all" => combinations.iter().filter(is_wanted).collect(),
        other => {
            return Err(format!(
                "'{other}' is not one of files, one, pairs, triples, all"
            ));
        }
    };
    chosen.retain(is_wanted);
    eprintln!("{} of {} combinations", chosen.len(), combinations.count());
    let begun = Instant::now();
    let failures = check_all(&template, &chosen);
    eprintln!("{} seconds", begun.elapsed().as_secs());
    println!(
        "{} passed, {} failed",
        chosen.len() - failures.len(),
        failures.len()
    );
    if chosen.is_empty() || !failures.is_empty() {
        return Err("not everything passed".to_owned());
    }
    Ok(())
}

/// Walks through a project with each package manager; the runner of tasks takes turns.
fn check_managers(template: &Template, named: &[String]) -> Result<(), String> {
    let choices = |question: &str| -> Vec<String> {
        let question = template.question(question);
        let choices = question.into_iter().flat_map(|question| question.choices());
        choices.map(|choice| choice.value.clone()).collect()
    };
    let runners = choices("task_runner");
    let managers = choices("package_manager");
    let turns = managers.iter().zip(runners.iter().cycle());
    let mut passed = 0;
    for (manager, runner) in
        turns.filter(|(manager, _)| named.is_empty() || named.contains(manager))
    {
        let begun = Instant::now();
        let said = walk(
            manager,
            &["--task-runner", runner, "--build-backend", "hatchling"],
        );
        if !said.contains("Total coverage: 100.00%") {
            return Err(format!("{manager} with {runner}: {said}"));
        }
        println!(
            "{manager} with {runner}: green in {} s",
            begun.elapsed().as_secs()
        );
        passed += 1;
    }
    match passed {
        0 => Err("no package manager has that name".to_owned()),
        _ => Ok(()),
    }
}

/// Tells whether a combination has an answer, written as `question=answer`.
fn has(combination: &Combination, wanted: &str) -> bool {
    let (question, answer) = wanted.split_once('=').unwrap_or_default();
    combination.iter().any(|(name, given)| {
        name == question && given.as_ref().is_some_and(|given| given.typed() == answer)
    })
}
