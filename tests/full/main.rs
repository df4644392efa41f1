//! More than CI checks:
//! `cargo test --release --test full -- [files | one | pairs | triples | all] [QUESTION=ANSWER]...`
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

/// Tells whether a combination has an answer, written as `question=answer`.
fn has(combination: &Combination, wanted: &str) -> bool {
    let (question, answer) = wanted.split_once('=').unwrap_or_default();
    combination.iter().any(|(name, given)| {
        name == question && given.as_ref().is_some_and(|given| given.typed() == answer)
    })
}
