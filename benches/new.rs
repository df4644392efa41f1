//! Times of start-up, rendering and the whole of `new`, beside `cp -r` of the same tree and git's
//! own init, add and commit.
//!
//! Run with `cargo bench`; compare medians of one run, since they share the machine's mood.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    reason = "a benchmark ends by panicking"
)]

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use divan::Bencher;
use pyscaffold::given::{Gathered, Unanswered};
use pyscaffold::render::{self, Seed};
use pyscaffold::resolve::Input;
use pyscaffold::template::{Source, Template};
use tempfile::TempDir;

fn main() {
    divan::main();
}

/// Prepares the program, with an identity for commits and without the user's settings.
fn program(folder: &Path) -> Command {
    command(folder, env!("CARGO_BIN_EXE_pyscaffold"))
}

fn command(folder: &Path, program: &str) -> Command {
    let mut command = Command::new(program);
    command
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    for (role, name) in [("AUTHOR", "Ada"), ("COMMITTER", "Ada")] {
        command
            .env(format!("GIT_{role}_NAME"), name)
            .env(format!("GIT_{role}_EMAIL"), "ada@example.org");
    }
    command
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1");
    command
}

fn run(command: &mut Command) {
    assert!(command.status().unwrap().success(), "{command:?}");
}

/// Makes a project to copy, and gives its folder.
fn made() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    run(program(folder.path()).args(["new", "demo", "--yes", "--no-git", "--no-lock"]));
    let project = folder.path().join("demo");
    (folder, project)
}

#[divan::bench]
fn start_up(bencher: Bencher) {
    let folder = tempfile::tempdir().unwrap();
    bencher.bench_local(|| run(program(folder.path()).arg("--version")));
}

#[divan::bench]
fn load_the_template() -> Template {
    Template::load(Source::Builtin).unwrap()
}

#[divan::bench]
fn check_the_template(bencher: Bencher) {
    let mut template = Template::load(Source::Builtin).unwrap();
    bencher.bench_local(|| template.check().unwrap());
}

#[divan::bench]
fn render_a_project(bencher: Bencher) {
    let template = Template::load(Source::Builtin).unwrap();
    let answers = Gathered::default()
        .answer(&template, &Input::sample(), Unanswered::Default)
        .unwrap();
    bencher.bench_local(|| render::render(&template, &answers, &Seed::default()).unwrap());
}

/// Times the program in a folder of its own each time.
fn bench_new(bencher: Bencher, flags: &[&str]) {
    bencher
        .with_inputs(|| tempfile::tempdir().unwrap())
        .bench_local_refs(|folder| {
            run(program(folder.path())
                .args(["new", "demo", "--yes", "--no-lock"])
                .args(flags));
        });
}

#[divan::bench]
fn new_without_git(bencher: Bencher) {
    bench_new(bencher, &["--no-git"]);
}

#[divan::bench]
fn new_with_git(bencher: Bencher) {
    bench_new(bencher, &[]);
}

#[divan::bench]
fn cp_of_the_same_tree(bencher: Bencher) {
    let (_made, project) = made();
    bencher
        .with_inputs(|| tempfile::tempdir().unwrap())
        .bench_local_refs(|folder| {
            run(command(folder.path(), "cp")
                .arg("-r")
                .arg(&project)
                .arg("demo"));
        });
}

#[divan::bench]
fn cp_and_git_of_the_same_tree(bencher: Bencher) {
    let (_made, project) = made();
    bencher
        .with_inputs(|| tempfile::tempdir().unwrap())
        .bench_local_refs(|folder| {
            run(command(folder.path(), "cp")
                .arg("-r")
                .arg(&project)
                .arg("demo"));
            let demo = folder.path().join("demo");
            run(command(&demo, "git").args(["init", "-q"]));
            run(command(&demo, "git").args(["add", "-A"]));
            run(command(&demo, "git").args(["commit", "-q", "-m", "Start"]));
        });
}
