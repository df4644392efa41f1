//! Raises every version of the built-in template to the newest that passes:
//! `cargo test --release --test refresh -- [--look] [one | pairs | triples | all] [--hold NAME]... [NAME=VERSION]...`.
//!
//! Packages are looked up in Python's index, actions and hooks among the tags of their repositories.
//! Images, and what couldn't be reached, are named and left as they are; they can be given, actions
//! and hooks as `actions.checkout=v7.0.1@COMMIT`. Projects with the new versions are then checked as
//! tier 2 does it, over all pairs unless another word says more or less. What makes one fail is found
//! by halving, held back and named. `--look` only tells what is newer.

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

mod data;
mod index;
mod repositories;
mod version;

use std::panic::AssertUnwindSafe;
use std::path::Path;
use std::process::ExitCode;

use pyscaffold::template::{Source, Template};

use data::{Change, Data};
use support::combinations::all;
use support::projects::check_all;

/// Where the template is.
const TEMPLATE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/templates/builtin");

fn main() -> ExitCode {
    match Wanted::parse(std::env::args().skip(1)).and_then(|wanted| run(&wanted)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

fn run(wanted: &Wanted) -> Result<(), String> {
    let data = Data::read(&Path::new(TEMPLATE).join("data"))?;
    let mut changes = Vec::new();
    let mut unknown = Vec::new();
    for found in [
        data.given(&wanted.given)?,
        index::newest(&data),
        repositories::newest(&data),
    ] {
        changes.extend(found.changes);
        unknown.extend(found.unknown);
    }
    unknown.extend(data.images());
    let is_given = |name: &str| wanted.given.iter().any(|(given, _)| given == name);
    let mut names = std::collections::BTreeSet::new();
    changes
        .retain(|change| names.insert(change.name.clone()) && !wanted.held.contains(&change.name));
    unknown.retain(|(name, _)| !is_given(name));

    for change in &changes {
        println!("{change}");
    }
    for (name, reason) in &unknown {
        println!("{name}: not looked up: {reason}");
    }
    if wanted.only_look || changes.is_empty() {
        return Ok(());
    }
    let (passed, held) = settle(&changes, &mut |tried| {
        data.write(tried)?;
        check(&wanted.strength)
    });
    data.write(&passed)?;
    println!("{} raised", passed.len());
    for (change, failure) in &held {
        println!("held back: {change}\n{failure}\n");
    }
    Ok(())
}

/// What was asked for.
struct Wanted {
    only_look: bool,
    strength: String,
    held: Vec<String>,
    given: Vec<(String, String)>,
}

impl Wanted {
    fn parse(mut arguments: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut wanted = Wanted {
            only_look: false,
            strength: "pairs".to_owned(),
            held: Vec::new(),
            given: Vec::new(),
        };
        while let Some(argument) = arguments.next() {
            match (argument.as_str(), argument.split_once('=')) {
                ("--look", _) => wanted.only_look = true,
                ("--hold", _) => wanted
                    .held
                    .push(arguments.next().ok_or("--hold needs a name")?),
                ("one" | "pairs" | "triples" | "all", _) => wanted.strength = argument,
                (_, Some((name, version))) => {
                    wanted.given.push((name.to_owned(), version.to_owned()));
                }
                _ => return Err(format!("'{argument}' is not understood")),
            }
        }
        Ok(wanted)
    }
}

/// Finds the changes that pass together, and those that don't, each with what failed.
///
/// What fails is halved until one change is left: a few bad ones among many cost few checks.
fn settle(
    changes: &[Change],
    check: &mut impl FnMut(&[Change]) -> Result<(), String>,
) -> (Vec<Change>, Vec<(Change, String)>) {
    let (mut passed, mut held) = (Vec::new(), Vec::new());
    let mut waiting = vec![changes.to_vec()];
    while let Some(mut tried) = waiting.pop() {
        let together = [passed.clone(), tried.clone()].concat();
        let Err(failure) = check(&together) else {
            passed = together;
            continue;
        };
        match tried.len() {
            0 => {}
            1 => held.push((tried.remove(0), failure)),
            count => {
                eprintln!("{count} changes fail together: tried in halves\n{failure}");
                let later = tried.split_off(count / 2);
                waiting.extend([later, tried]);
            }
        }
    }
    (passed, held)
}

/// Checks projects of the template as it is on disk, and gives the first thing that failed.
fn check(strength: &str) -> Result<(), String> {
    let source = Source::parse(TEMPLATE, Path::new("")).map_err(|error| error.to_string())?;
    let template = Template::load(source).map_err(|error| error.to_string())?;
    let combinations = all(&template);
    let chosen = match strength {
        "one" => combinations.iter().take(1).collect(),
        "triples" => combinations.covering(3),
        "all" => combinations.iter().collect(),
        _ => combinations.covering(2),
    };
    // An environment that can't be made panics: versions that don't resolve together end here.
    let checked = std::panic::catch_unwind(AssertUnwindSafe(|| check_all(&template, &chosen)));
    match checked {
        Ok(failures) => failures.into_iter().next().map_or(Ok(()), Err),
        Err(_) => Err("the dependencies can't be installed together".to_owned()),
    }
}
