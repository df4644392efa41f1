//! `template new` makes templates that are what a template should be.

use pyscaffold::template::{Source, Template};

use crate::support::combinations::{all, describe, render};
use crate::support::python::{interpreter, must};
use crate::support::walk::variables;
use crate::support::{Run, Sandbox};

/// The program under test.
const PROGRAM: &str = env!("CARGO_BIN_EXE_pyscaffold");

/// Runs the program in `work/` for a user who has it, and git, and nothing else.
fn run(sandbox: &Sandbox, arguments: &str) -> Run {
    let folder = std::path::Path::new(PROGRAM).parent().unwrap();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let path = std::env::split_paths(&path);
    let path = std::env::join_paths([folder.to_owned()].into_iter().chain(path)).unwrap();
    let words: Vec<&str> = arguments.split(' ').collect();
    sandbox.run_with(&words, &[("PATH", path.to_str().unwrap())])
}

/// Gives a data file of a template in the binary.
fn data(source: &Source, name: &str) -> toml_edit::DocumentMut {
    let bytes = source.read().unwrap()[&format!("data/{name}.toml")].clone();
    String::from_utf8(bytes.into_owned())
        .unwrap()
        .parse()
        .unwrap()
}

#[test]
fn every_template_that_it_makes_is_clean() {
    let starter = Template::load(Source::Starter).unwrap();
    let combinations = all(&starter);
    for combination in combinations.covering(2) {
        let sandbox = Sandbox::new();
        for (path, entry) in render(&starter, &combination, "acme").tree.iter() {
            sandbox.write(&format!("work/{path}"), &entry.bytes);
        }
        let checked = run(&sandbox, "template check --accept --strict --no-run --json");
        let said = checked.stdout();
        let answers = describe(&combination);
        assert!(checked.0.status.success(), "{answers}: {said}");
        assert!(
            sandbox
                .files("work/tests")
                .iter()
                .any(|path| path.ends_with(".snapshot")),
            "{answers}"
        );
    }
}

#[test]
fn a_company_layer_is_committed_with_its_snapshot_and_makes_a_service() {
    let sandbox = Sandbox::new();
    let made = run(&sandbox, "template new acme --yes");
    made.ok().says("Take the snapshot");
    made.says("pyscaffold template new acme --yes --name acme --extends builtin");
    let committed = must(sandbox.command("git").args(["-C", "acme", "ls-files"]));
    for path in [
        ".github/workflows/ci.yml",
        ".pyscaffold/answers.toml",
        "LICENSE",
        "template.toml",
        "tests/default.snapshot",
    ] {
        assert!(
            committed.lines().any(|line| line == path),
            "{path}: {committed}"
        );
    }
    let status = must(
        sandbox
            .command("git")
            .args(["-C", "acme", "status", "--short"]),
    );
    assert_eq!(status, "");

    let arguments =
        "new shop --template acme --yes --no-lock --team storage --features security-policy";
    run(&sandbox, arguments).ok();
    let readme = sandbox.read("work/shop/README.md");
    assert!(readme.contains("Owned by the team **storage**"), "{readme}");
    let pyproject = sandbox.read("work/shop/pyproject.toml");
    assert!(
        pyproject.contains("maintainers = [{ name = \"storage\" }]"),
        "{pyproject}"
    );
    assert!(sandbox.read("work/shop/SECURITY.md").contains("storage"));
}

#[test]
fn a_template_from_nothing_passes_its_checks() {
    let sandbox = Sandbox::new();
    run(&sandbox, "template new own --yes --extends nothing").ok();
    let (_, python) = interpreter("3.13");
    let mut command = sandbox.command(PROGRAM);
    command.args(["template", "check", "own", "--strict", "--trust"]);
    let said = command.envs(variables("uv", python)).output().unwrap();
    let said = Run(said);
    said.ok().says("ran ");
}

#[test]
fn a_template_changes_and_updates_like_a_project() {
    let sandbox = Sandbox::new();
    run(&sandbox, "template new acme --yes --no-lock --no-git").ok();
    let mut edited = sandbox.read("work/acme/README.md");
    edited.push_str("\nAsk the platform team.\n");
    sandbox.write("work/acme/README.md", &edited);
    let inside = |arguments: &[&str]| {
        let mut command = sandbox.command(PROGRAM);
        command
            .current_dir(sandbox.path("work/acme"))
            .args(arguments);
        Run(command.output().unwrap())
    };
    inside(&["change", "--yes", "--no-lock", "--ci", "gitlab"]).ok();
    let readme = sandbox.read("work/acme/README.md");
    assert!(
        readme.contains("GitLab CI") && readme.contains("Ask the platform team."),
        "{readme}"
    );
    let files = sandbox.files("work/acme");
    assert!(files.contains(&".gitlab-ci.yml".to_owned()), "{files:?}");
    assert!(
        !files.iter().any(|path| path.starts_with(".github")),
        "{files:?}"
    );
    inside(&["update", "--yes", "--no-lock"]).ok();
    let answers = sandbox.read("work/acme/.pyscaffold/answers.toml");
    assert!(answers.contains("source = \"starter\""), "{answers}");
}

#[test]
fn nothing_is_written_for_a_look() {
    let sandbox = Sandbox::new();
    let shown = run(&sandbox, "template new acme --yes --dry-run --json")
        .ok()
        .json();
    assert_eq!(shown["template"]["name"], "starter");
    assert_eq!(
        shown["steps"][0],
        "pyscaffold template check --accept --no-run"
    );
    assert_eq!(sandbox.files("work"), [""; 0]);
}

#[test]
fn a_name_of_ours_and_a_name_that_cannot_be_typed_are_refused() {
    for (name, reason) in [
        (
            "builtin",
            "a template that pyscaffold carries has this name",
        ),
        ("Acme", "'Acme' doesn't fit"),
    ] {
        let sandbox = Sandbox::new();
        let refused = run(&sandbox, &format!("template new layer --yes --name {name}"));
        refused.code(2).says(reason);
        assert_eq!(sandbox.files("work"), [""; 0]);
    }
}

#[test]
fn a_place_is_needed_and_another_template_is_not_taken() {
    let sandbox = Sandbox::new();
    run(&sandbox, "template new --yes")
        .code(2)
        .says("no PATH is given")
        .says("pyscaffold template new PATH");
    run(&sandbox, "template new acme --template builtin --yes")
        .code(2)
        .says("--template");
}

#[test]
fn the_help_has_its_own_questions_and_no_flag_without_use() {
    let help = run(&Sandbox::new(), "template new --help").ok().stdout();
    assert!(help.contains("--extends <CHOICE>"), "{help}");
    assert!(help.contains("--dry-run"), "{help}");
    for flag in ["--orm", "--install", "--trust", "--template"] {
        assert!(!help.contains(flag), "{flag}: {help}");
    }
}

#[test]
fn its_versions_are_those_of_the_built_in_template_and_of_the_program() {
    let (ours, others) = (
        data(&Source::Starter, "pins"),
        data(&Source::Builtin, "pins"),
    );
    for table in ["tools", "actions"] {
        for (name, pin) in ours[table].as_table().unwrap() {
            let same = pin.to_string() == others[table][name].to_string();
            assert!(
                same,
                "copy {table}.{name} from templates/builtin/data/pins.toml"
            );
        }
    }
    let (ours, others) = (
        data(&Source::Starter, "versions"),
        data(&Source::Builtin, "versions"),
    );
    assert_eq!(ours["pyscaffold"].as_str(), Some(env!("CARGO_PKG_VERSION")));
    for name in ["hatchling", "mypy", "pytest", "ruff"] {
        assert_eq!(ours[name].as_str(), others[name].as_str(), "{name}");
    }
    assert_eq!(
        ours["images"]["uv"].as_str(),
        others["images"]["uv"].as_str()
    );
}
