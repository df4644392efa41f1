//! Everything, which takes hours: `cargo test --release --test full [pairs | triples | all]`.
//!
//! Checks what tier 2 checks over all triples of choices, or over all combinations. What passed
//! in an earlier run, with the same content, isn't checked again.

#![allow(
    dead_code,
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

use std::process::ExitCode;
use std::time::Instant;

use support::combinations::{all, builtin};
use support::projects::check_all;

fn main() -> ExitCode {
    let template = builtin();
    let combinations = all(&template);
    let chosen = match std::env::args().nth(1).as_deref() {
        Some("pairs") => combinations.covering(2),
        None | Some("triples") => combinations.covering(3),
        Some("all") => combinations.iter().collect(),
        Some(other) => {
            eprintln!("'{other}' is not one of pairs, triples, all");
            return ExitCode::from(2);
        }
    };
    eprintln!("{} of {} combinations", chosen.len(), combinations.count());
    let begun = Instant::now();
    let failures = check_all(&template, &chosen);
    for failure in &failures {
        eprintln!("{failure}\n");
    }
    eprintln!("{} seconds", begun.elapsed().as_secs());
    println!(
        "{} passed, {} failed",
        chosen.len() - failures.len(),
        failures.len()
    );
    if failures.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
