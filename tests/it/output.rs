//! Data that can't be written.

use std::fs::OpenOptions;
use std::process::Stdio;

use crate::support::{Run, Sandbox};

fn run(sandbox: &Sandbox, arguments: &str, stdout: Stdio) -> Run {
    let mut command = sandbox.command(env!("CARGO_BIN_EXE_pyscaffold"));
    command.args(arguments.split(' ')).stdin(Stdio::null());
    let child = command.stdout(stdout).stderr(Stdio::piped()).spawn();
    Run(child.unwrap().wait_with_output().unwrap())
}

/// What prints data, with the folder to run in.
const PRINTING: [&str; 8] = [
    "options",
    "options --json",
    "new demo --yes --no-lock --no-git --json",
    "new demo --yes --dry-run --json",
    "template show --json",
    "template schema",
    "--help",
    "--version",
];

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error() {
    for arguments in PRINTING {
        let sandbox = Sandbox::new();
        let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
        run(&sandbox, arguments, full.into())
            .code(1)
            .says("can't write to the standard output: No space left on device");
    }
}

#[test]
fn who_has_read_enough_is_no_error() {
    for arguments in PRINTING {
        let sandbox = Sandbox::new();
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let run = run(&sandbox, arguments, writer.into());
        run.ok();
        assert!(
            !run.stderr().contains("standard output"),
            "{}",
            run.stderr()
        );
    }
}

#[test]
fn a_message_fits_on_a_screen_whatever_it_quotes() {
    let sandbox = Sandbox::new();
    let long = "x".repeat(100_000);
    let lines = "x\n".repeat(10_000);
    for arguments in [
        vec!["new", "p", "--yes", "--set", &long],
        vec!["new", "p", "--yes", "--set", &lines],
        vec!["new", "p", "--yes", "--template", &long],
        vec!["new", "p", "--yes", "--answers", &long],
        vec!["new", &long, "--yes"],
        vec!["new", "p", "--yes", "--framework", &long],
        vec!["new", "p", "--yes", &long, &long],
        vec![&long],
    ] {
        let run = sandbox.run_with(&arguments, &[]);
        let said = run.stderr();
        assert!(!run.0.status.success());
        assert!(
            said.len() < 24 * 200,
            "{} bytes: {}",
            said.len(),
            &said[..2000]
        );
        assert!(said.lines().count() <= 40, "{said}");
    }
}
