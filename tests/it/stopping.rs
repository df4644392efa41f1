//! The end of a program that is told to stop, whatever it is doing.

use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::sys::stat::Mode;
use nix::unistd::{Pid, mkfifo};

use crate::support::{Run, Sandbox};

/// How long the end may take that comes by itself after a first signal, and more on a busy machine.
const MOST: Duration = Duration::from_secs(30);

/// A text that doubles until nothing is left, slowly: a step of it takes no memory.
const BOMB: &str =
    "{% for a in range(20000) %}{% for b in range(20000) %}{{ a * b }}{% endfor %}{% endfor %}";

fn start(sandbox: &Sandbox, arguments: &[&str]) -> Child {
    let mut command = sandbox.command(env!("CARGO_BIN_EXE_pyscaffold"));
    command.args(arguments).stdin(Stdio::null());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().unwrap()
}

fn send(child: &Child, signal: Signal) {
    kill(Pid::from_raw(child.id().try_into().unwrap()), signal).unwrap();
}

/// Waits until a program hears signals itself, which would end it at once before.
fn wait_until_it_listens(child: &Child) {
    let begin = Instant::now();
    while begin.elapsed() < MOST {
        let status = std::fs::read_to_string(format!("/proc/{}/status", child.id()));
        let status = status.unwrap_or_default();
        let caught = status.lines().find_map(|line| line.strip_prefix("SigCgt:"));
        let caught = caught.map(|set| u64::from_str_radix(set.trim(), 16).unwrap());
        if caught.is_some_and(|set| set & (1 << (Signal::SIGINT as u64 - 1)) != 0) {
            return;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    panic!("it never listens");
}

fn wait(mut child: Child) -> Run {
    let begin = Instant::now();
    while child.try_wait().unwrap().is_none() {
        if begin.elapsed() > MOST {
            child.kill().unwrap();
            panic!("it doesn't end");
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    Run(child.wait_with_output().unwrap())
}

#[test]
fn a_program_that_hangs_ends_when_it_is_told_to() {
    for signal in [Signal::SIGINT, Signal::SIGTERM] {
        for count in [1, 2] {
            let sandbox = Sandbox::new();
            // Nobody ever writes into it.
            mkfifo(&sandbox.path("work/answers"), Mode::S_IRWXU).unwrap();
            let child = start(&sandbox, &["new", "p", "--yes", "--answers", "answers"]);
            wait_until_it_listens(&child);
            for _ in 0..count {
                send(&child, signal);
            }
            let run = wait(child);
            run.code(130).says("interrupted; nothing was changed");
            assert_eq!(sandbox.files("work"), ["answers"]);
        }
    }
}

#[test]
fn a_template_that_never_ends_is_stopped() {
    let sandbox = Sandbox::new();
    let manifest = "name = \"bomb\"\nversion = \"1.0.0\"\nsummary = \"Bomb\"\n\n[[question]]\nname = \"name\"\ntype = \"text\"\ndefault = \"p\"\n";
    sandbox.template(&[
        ("template.toml", manifest),
        ("base/files/a.txt.jinja", BOMB),
    ]);
    for arguments in [
        ["template", "check", "../template"],
        ["new", "p", "--template=../template"],
    ] {
        let child = start(
            &sandbox,
            &[
                &arguments[..],
                &["--yes"][usize::from(arguments[0] == "template")..],
            ]
            .concat(),
        );
        wait_until_it_listens(&child);
        send(&child, Signal::SIGTERM);
        let run = wait(child);
        // It may have been found out before.
        assert!(
            matches!(run.0.status.code(), Some(1 | 130)),
            "{}",
            run.stderr()
        );
    }
}
