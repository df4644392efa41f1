#![cfg(unix)]

use std::thread;
use std::time::{Duration, Instant};

use super::*;
use crate::error::Kind;

fn step(words: &[&str]) -> Step {
    Step {
        name: "lock".to_owned(),
        title: "Lock the dependencies".to_owned(),
        run: words.iter().map(|&word| word.to_owned()).collect(),
        makes: Vec::new(),
        mark: None,
    }
}

fn shell(line: &str) -> Step {
    step(&["sh", "-c", line])
}

#[test]
fn a_step_that_succeeds_leaves_its_files() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("old"), "").unwrap();
    let before = TopFiles::of(folder.path()).unwrap();
    let step = shell("echo 1 > b.lock; echo 2 > a.lock; mkdir .venv; ln -s old link; echo said");
    let outcome = run(&step, folder.path(), &Own::default(), &Interrupt::new()).unwrap();
    assert_eq!(outcome, StepOutcome::Done);
    let new = before.new_files(folder.path()).unwrap();
    let new: Vec<_> = new.iter().map(ToString::to_string).collect();
    assert_eq!(new, ["a.lock", "b.lock"]);
}

#[test]
fn a_step_that_fails_takes_its_files_with_it() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("old"), "old").unwrap();
    let before = TopFiles::of(folder.path()).unwrap();
    let step = shell("echo half > tool.lock; echo out; echo wrong >&2; exit 3");
    let outcome = run(&step, folder.path(), &Own::default(), &Interrupt::new()).unwrap();
    let output = "out\nwrong".to_owned();
    assert_eq!(
        outcome,
        StepOutcome::Failed {
            code: Some(3),
            output
        }
    );
    assert_eq!(TopFiles::of(folder.path()).unwrap(), before);
}

#[test]
fn a_program_that_is_not_there() {
    let folder = tempfile::tempdir().unwrap();
    let program = "no-such-program-of-ours".to_owned();
    let outcome = run(
        &step(&[&program]),
        folder.path(),
        &Own::default(),
        &Interrupt::new(),
    )
    .unwrap();
    assert_eq!(outcome, StepOutcome::Missing { program });
}

#[test]
fn a_program_that_can_not_run() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("plain");
    std::fs::write(&file, "").unwrap();
    let interrupt = Interrupt::new();
    for step in [step(&[file.to_str().unwrap()]), step(&[])] {
        let outcome = run(&step, folder.path(), &Own::default(), &interrupt).unwrap();
        assert!(
            matches!(outcome, StepOutcome::Failed { code: None, .. }),
            "{outcome:?}"
        );
    }
}

#[test]
fn only_the_end_of_what_it_says_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let step = shell("seq 1 200000; echo the end; exit 1");
    let StepOutcome::Failed { output, .. } =
        run(&step, folder.path(), &Own::default(), &Interrupt::new()).unwrap()
    else {
        panic!("it can't succeed");
    };
    assert!(output.len() <= 16 * 1024);
    assert!(output.ends_with("200000\nthe end"));
}

#[test]
fn it_gets_no_input_and_no_shell() {
    let folder = tempfile::tempdir().unwrap();
    let interrupt = Interrupt::new();
    let outcome = run(&step(&["cat"]), folder.path(), &Own::default(), &interrupt).unwrap();
    assert_eq!(outcome, StepOutcome::Done);
    run(
        &step(&["touch", "$HOME; x"]),
        folder.path(),
        &Own::default(),
        &interrupt,
    )
    .unwrap();
    assert!(folder.path().join("$HOME; x").is_file());
}

#[test]
fn a_program_that_stays_behind_is_not_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let begin = Instant::now();
    let outcome = run(
        &shell("sleep 20 & exit 0"),
        folder.path(),
        &Own::default(),
        &Interrupt::new(),
    )
    .unwrap();
    assert_eq!(outcome, StepOutcome::Done);
    assert!(begin.elapsed() < Duration::from_secs(10));
}

#[test]
fn an_interrupt_ends_it() {
    // The second one has closed its outputs.
    for line in [
        "echo half > tool.lock; exec sleep 20",
        "exec >/dev/null 2>&1; echo half > tool.lock; exec sleep 20",
    ] {
        let folder = tempfile::tempdir().unwrap();
        let interrupt = Interrupt::new();
        let raised = interrupt.clone();
        let lock = folder.path().join("tool.lock");
        let raise = thread::spawn(move || {
            while !lock.exists() {
                thread::yield_now();
            }
            raised.raise();
        });
        let begin = Instant::now();
        let error = run(&shell(line), folder.path(), &Own::default(), &interrupt).unwrap_err();
        assert_eq!(error.kind, Kind::Interrupted);
        assert!(begin.elapsed() < Duration::from_secs(10));
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
        raise.join().unwrap();
    }
}

#[test]
fn its_environment_leads_to_no_other_project() {
    let mut call = crate::child::Call::of("env", std::path::Path::new("/")).unwrap();
    call.env("VIRTUAL_ENV", "/other/.venv")
        .env("FORCE_COLOR", "1")
        .env("TOOL_INDEX_URL", "https://example.org");
    environment::clean(&mut call);
    let said = call.run(&mut |_| {}, &mut || Ok(())).unwrap().unwrap();
    let output = String::from_utf8(said.stdout).unwrap();
    let has = |name: &str| {
        output
            .lines()
            .any(|line| line.starts_with(&format!("{name}=")))
    };
    assert!(!has("VIRTUAL_ENV") && !has("FORCE_COLOR"));
    assert!(has("TOOL_INDEX_URL") && has("NO_COLOR"));
}

#[test]
fn a_command_line_can_be_typed() {
    assert_eq!(step(&["tool", "lock"]).command_line(), "tool lock");
    let line = step(&["sh", "-c", "echo 'a b'", ""]).command_line();
    assert_eq!(line, r"sh -c 'echo '\''a b'\''' ''");
}
