//! The examples pass their own checks, with real tools, and the programs among them run.

use std::path::Path;
use std::process::Command;

use crate::support::Sandbox;
use crate::support::python::interpreter;
use crate::support::walk::variables;

/// Checks a template as its author does: snapshots, and the declared checks in every project.
#[track_caller]
fn check(template: &str) {
    let sandbox = Sandbox::new();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/templates");
    let folder = folder.join(template);
    let (_, python) = interpreter("3.13");
    let mut command = sandbox.command(env!("CARGO_BIN_EXE_pyscaffold"));
    command.args(["template", "check", "--strict", "--trust", "--json"]);
    let output = command
        .arg(folder)
        .envs(variables("uv", python))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}\n{errors}");
}

#[test]
fn the_least_template_passes_its_checks() {
    check("minimal");
}

#[test]
fn the_template_of_tools_passes_its_checks() {
    check("cli-tool");
}

/// Runs one of the programs that use the library, and gives what it prints.
fn run(example: &str) -> String {
    let output = Command::new(env!("CARGO"))
        .args(["run", "-q", "--locked", "--example", example])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn a_program_renders_in_memory() {
    let printed = run("render");
    assert!(printed.contains("pyproject.toml"), "{printed}");
    assert!(!printed.contains("Dockerfile"), "{printed}");
}

#[test]
fn a_program_merges_in_memory() {
    let printed = run("update");
    assert!(printed.contains("merge  pyproject.toml"), "{printed}");
    assert!(printed.contains("-fail_under = 90"), "{printed}");
    assert!(printed.contains("+fail_under = 100"), "{printed}");
    assert!(printed.contains("\n skip_covered = false"), "{printed}");
}
