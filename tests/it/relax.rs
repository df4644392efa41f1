//! `relax`, from the outside: with a small checker of ours, and with the real ones.

use std::path::PathBuf;

use pyscaffold::template::Question;

use crate::support::combinations::builtin;
use crate::support::projects::{Project, succeed};
use crate::support::python::environment;
use crate::support::{Run, Sandbox};

/// A checker that refuses files with the word "untyped", and does worse when it is told to.
const CHECKER: &str = r##"
import os, pathlib, sys
settings = pathlib.Path("pyproject.toml").read_text()
for order in pathlib.Path().glob("*.order"):
    if order.stem == "kill":
        order.unlink()
        os.kill(os.getppid(), 9)
        sys.exit(1)
    if order.stem == "edit":
        order.unlink()
        pathlib.Path("pyproject.toml").write_text(settings + "# edited\n")
    if order.stem == "crash":
        sys.exit("no such option")
failing = False
for path in sorted(pathlib.Path("src").rglob("*.py")):
    name = path.relative_to("src").with_suffix("").as_posix().replace("/", ".")
    if "untyped" in path.read_text() and not any(f'"{text}"' in settings for text in (path.as_posix(), name)):
        print(f"{path.absolute()}:1: error: untyped")
        failing = True
sys.exit(failing)
"##;

/// A template with that checker, configured in two ways, or with none.
const TEMPLATE: [(&str, &str); 8] = [
    (
        "template.toml",
        "name = \"small\"\nversion = \"1.0.0\"\nsummary = \"For tests\"\n",
    ),
    ("base/files/check.py", CHECKER),
    ("base/files/src/shop/__init__.py", ""),
    (
        "base/files/pyproject.toml",
        "[project]\nname = \"shop\"\n\n[tool.checker]\nstrict = true\n\n[tool.other]\nx = 1\n",
    ),
    (
        "checker/question.toml",
        "prompt = \"Checker\"\ndefault = \"lists\"\n",
    ),
    (
        "checker/lists/layer.toml",
        r#"
title = "Lists"
[[relax]]
run = "python3 check.py {{ checker }}"
path = '(?m)^(?P<path>.+\.py):\d+: error'
file = "pyproject.toml"
add = '''
[tool.checker]
ignore = [
{% for path in paths %}
    {{ path|toml }},
{% endfor %}
]
'''
"#,
    ),
    (
        "checker/tables/layer.toml",
        r#"
title = "Tables"
[[relax]]
run = "python3 check.py {{ checker }}"
path = '(?m)^(?P<path>.+\.py):\d+: error'
file = "pyproject.toml"
add = '''
[[tool.checker.overrides]]
module = [
{% for module in modules %}
    {{ module|toml }},
{% endfor %}
]
ignore = true
'''
"#,
    ),
    ("checker/none/layer.toml", "title = \"None\"\n"),
];

/// A project of the template, with two files that fail.
struct Made {
    sandbox: Sandbox,
}

impl Made {
    fn new(checker: &str) -> Self {
        let sandbox = Sandbox::new();
        sandbox.template(&TEMPLATE);
        sandbox
            .run(&format!(
                "new demo --yes --template ../template --checker {checker}"
            ))
            .ok();
        let made = Made { sandbox };
        made.write("src/shop/old.py", "untyped\n");
        made.write("src/shop/older.py", "untyped\n");
        made.commit();
        made
    }

    fn root(&self) -> PathBuf {
        self.sandbox.path("work/demo")
    }

    fn run(&self, arguments: &str) -> Run {
        self.sandbox.run_in("work/demo", arguments)
    }

    fn commit(&self) {
        self.sandbox.commit_in("work/demo");
    }

    fn read(&self, path: &str) -> String {
        self.sandbox.read(&format!("work/demo/{path}"))
    }

    fn write(&self, path: &str, text: &str) {
        self.sandbox.write(&format!("work/demo/{path}"), text);
    }

    fn settings(&self) -> String {
        self.read("pyproject.toml")
    }

    /// Replaces a text of the settings, and commits that.
    fn edit(&self, from: &str, to: &str) {
        let settings = self.settings();
        assert!(settings.contains(from), "{from:?} is not in {settings}");
        self.write("pyproject.toml", &settings.replace(from, to));
        self.commit();
    }
}

#[test]
fn what_fails_is_relaxed_and_what_passes_is_tightened() {
    for checker in ["lists", "tables"] {
        let made = Made::new(checker);
        let strict = made.settings();
        let run = made.run("relax --yes --trust --json");
        let data = run.ok().json();
        let paths = serde_json::json!(["src/shop/old.py", "src/shop/older.py"]);
        assert_eq!((&data["relaxed"], &data["passes"]), (&paths, &true.into()));
        assert_eq!(data["checks"][0][2], checker);
        let relaxed = made.settings();
        let expected = match checker {
            "lists" => strict.replace(
                "strict = true\n",
                "strict = true\nignore = [\n    \"src/shop/old.py\",\n    \"src/shop/older.py\",\n]\n",
            ),
            _ => strict.replace(
                "strict = true\n",
                "strict = true\n\n[[tool.checker.overrides]]\nmodule = [\n    \"shop.old\",\n    \"shop.older\",\n]\nignore = true\n",
            ),
        };
        assert_eq!(relaxed, expected);
        made.commit();
        made.run("relax --yes --trust")
            .ok()
            .says("Nothing to do: what is relaxed still fails");

        // One passes, one is gone, one is new.
        made.write("src/shop/old.py", "typed\n");
        std::fs::remove_file(made.root().join("src/shop/older.py")).unwrap();
        made.write("src/shop/new.py", "untyped\n");
        made.commit();
        let data = made.run("relax --yes --trust --json").ok().json();
        assert_eq!(data["relaxed"], serde_json::json!(["src/shop/new.py"]));
        let tightened = serde_json::json!(["shop.older", "src/shop/old.py"]);
        assert_eq!(data["tightened"], tightened);
        let narrowed = made.settings();
        assert!(
            narrowed.contains("new") && !narrowed.contains("old"),
            "{narrowed}"
        );

        made.run("undo").ok().says("Took back: relax");
        assert_eq!(made.settings(), relaxed);
        made.run("redo").ok();
        assert_eq!(made.settings(), narrowed);

        made.write("src/shop/new.py", "typed\n");
        made.commit();
        made.run("relax --yes --trust").ok().says("src/shop/new.py");
        assert_eq!(made.settings(), strict);
        made.commit();
        made.run("relax --yes --trust")
            .ok()
            .says("Nothing to do: everything passes");
    }
}

#[test]
fn a_plan_changes_nothing() {
    let made = Made::new("lists");
    let strict = made.settings();
    let run = made.run("relax --yes --trust --dry-run --diff");
    run.ok().says("update    pyproject.toml");
    assert!(run.stdout().contains("+    \"src/shop/old.py\","));
    assert_eq!(made.settings(), strict);
    assert!(!made.root().join(".pyscaffold/local").exists());
    made.run("relax --yes --trust").ok();
    made.commit();
    // The settings are stricter while the checker runs; afterwards all is as it was.
    let relaxed = made.settings();
    made.write("src/shop/old.py", "typed\n");
    made.commit();
    let run = made.run("relax --yes --trust --dry-run --json --diff");
    let data = run.ok().json();
    assert_eq!(data["dry_run"], true);
    assert!(
        data["changes"][0]["diff"]
            .as_str()
            .unwrap()
            .contains("-    \"src/shop/old.py\",")
    );
    assert_eq!(made.settings(), relaxed);
    made.run("undo").ok().says("Took back: relax");
    assert_eq!(made.settings(), strict);
}

#[test]
fn what_people_wrote_into_the_settings_stays() {
    let made = Made::new("lists");
    made.run("relax --yes --trust").ok();
    made.edit(
        "    \"src/shop/old.py\",\n",
        "    \"src/vendored/*.py\", # not ours\n",
    );
    // Taken from the list, but it isn't typed yet.
    made.run("relax --yes --trust").ok();
    let settings = made.settings();
    assert!(
        settings.contains("\"src/vendored/*.py\", # not ours\n")
            && settings.contains("\"src/shop/old.py\""),
        "{settings}"
    );
    for file in ["old", "older"] {
        made.write(&format!("src/shop/{file}.py"), "typed\n");
    }
    made.commit();
    made.run("relax --yes --trust").ok();
    assert!(
        made.settings()
            .contains("ignore = [\n    \"src/vendored/*.py\", # not ours\n]"),
        "{}",
        made.settings()
    );
}

#[test]
fn what_is_left_out_otherwise_stays() {
    let made = Made::new("tables");
    let own = "[[tool.checker.overrides]]\nmodule = [\"other\"]\nstrict = false\n";
    made.edit("[tool.other]", &format!("{own}\n[tool.other]"));
    let strict = made.settings();
    made.run("relax --yes --trust").ok();
    let settings = made.settings();
    let added = "[[tool.checker.overrides]]\nmodule = [\n    \"shop.old\",\n    \"shop.older\",\n]\nignore = true\n";
    assert!(
        settings.contains(&format!("{own}\n{added}\n")),
        "{settings}"
    );
    for file in ["old", "older"] {
        made.write(&format!("src/shop/{file}.py"), "typed\n");
    }
    made.commit();
    made.run("relax --yes --trust").ok();
    assert_eq!(made.settings(), strict);
}

#[test]
fn it_survives_changes_and_follows_the_checker() {
    let made = Made::new("lists");
    made.run("relax --yes --trust").ok();
    made.commit();
    let relaxed = made.settings();
    let pyproject = made.sandbox.read("template/base/files/pyproject.toml");
    made.sandbox.write(
        "template/base/files/pyproject.toml",
        pyproject.replace("x = 1", "x = 2"),
    );
    let run = made.run("update --yes");
    run.ok();
    assert!(!run.stderr().contains("pyscaffold relax"));
    assert_eq!(made.settings(), relaxed.replace("x = 1", "x = 2"));
    made.commit();
    let run = made.run("change --checker tables --yes --json");
    let data = run.ok().json();
    let next = data["next"][0].as_str().unwrap();
    assert!(next.starts_with("pyscaffold relax"), "{next}");
    made.commit();
    made.run("relax --yes --trust").ok();
    let settings = made.settings();
    assert!(
        settings.contains("\"shop.old\"") && !settings.contains("old.py"),
        "{settings}"
    );
}

#[test]
fn an_adopted_project_is_told_of_it() {
    let sandbox = Sandbox::new();
    sandbox.template(&TEMPLATE);
    sandbox.write("work/shop/README.md", "# Ours\n");
    let adopt = "adopt shop --yes --template ../template --json";
    let data = sandbox.run(adopt).ok().json();
    let next = data["next"][0].as_str().unwrap();
    assert!(next.starts_with("pyscaffold relax"), "{next}");
    sandbox.write("work/plain/README.md", "# Ours\n");
    let adopt = adopt.replace("shop", "plain --checker none");
    let data = sandbox.run(&adopt).ok().json();
    assert_eq!(data["next"], serde_json::json!([]));
}

#[test]
fn what_can_not_be_found_out_changes_nothing() {
    let made = Made::new("lists");
    let strict = made.settings();
    made.run("relax --yes")
        .code(4)
        .says("python3 check.py lists");
    made.write("crash.order", "");
    made.run("relax --yes --trust")
        .code(1)
        .says("uncommitted work");
    made.run("relax --yes --trust --allow-dirty")
        .code(1)
        .says("`python3 check.py lists` failed and named no file: no such option");
    std::fs::remove_file(made.root().join("crash.order")).unwrap();
    let layer = made.sandbox.read("template/checker/lists/layer.toml");
    made.sandbox.write(
        "template/checker/lists/layer.toml",
        layer.replace("python3", "no-such-program"),
    );
    made.run("relax --yes --trust")
        .code(1)
        .says("no-such-program, which is not installed");
    assert_eq!(made.settings(), strict);
    made.run("change --checker none --yes").ok();
    made.commit();
    made.run("relax --yes")
        .code(1)
        .says("no check that can be relaxed");
}

#[test]
fn a_run_that_is_killed_or_disturbed_loses_nothing() {
    let made = Made::new("tables");
    made.run("relax --yes --trust").ok();
    let relaxed = made.settings();
    made.write("src/shop/old.py", "typed\n");
    made.write("kill.order", "");
    made.commit();
    let run = made.run("relax --yes --trust");
    assert_eq!(run.0.status.code(), None);
    assert_ne!(made.settings(), relaxed, "the checker saw what is relaxed");
    made.run("relax --yes --trust --allow-dirty")
        .ok()
        .says("'relax' was killed; it is taken back now")
        .says("src/shop/old.py");
    made.run("undo").ok();
    assert_eq!(made.settings(), relaxed);

    made.write("edit.order", "");
    made.commit();
    made.run("relax --yes --trust")
        .code(1)
        .says("'pyproject.toml' was edited meanwhile")
        .says("pyproject.toml.pyscaffold-old");
    assert!(made.settings().ends_with("# edited\n"));
    assert_eq!(made.read("pyproject.toml.pyscaffold-old"), relaxed);
}

#[test]
fn a_relaxation_is_checked_with_its_template() {
    let mistakes = [
        ("(?P<path>.+\\.py)", "(.+\\.py)", "no group 'path'"),
        ("(?P<path>.+\\.py)", "(?P<path>.+", "layer.toml:5"),
        ("pyproject.toml", "ci.yaml", "only a TOML or a JSON file"),
        ("pyproject.toml", "../x.toml", "layer.toml:6"),
        ("path in paths", "path in pats", "did you mean 'paths'?"),
        ("{{ checker }}", "{{ paths }}", "unknown name 'paths'"),
        ("file =", "fiel =", "did you mean 'file'?"),
    ];
    for (from, to, message) in mistakes {
        let sandbox = Sandbox::new();
        sandbox.template(&TEMPLATE);
        let layer = sandbox.read("template/checker/lists/layer.toml");
        assert!(layer.contains(from), "{from}");
        let path = sandbox.write(
            "template/checker/lists/layer.toml",
            layer.replacen(from, to, 1),
        );
        let run = sandbox.run("new demo --yes --template ../template");
        let said = run.code(1).stderr();
        let place = message.strip_prefix("layer.toml:");
        match place {
            Some(line) => assert!(said.contains(&format!("layer.toml:{line}")), "{said}"),
            None => assert!(said.contains(message), "{}: {said}", path.display()),
        }
    }
}

/// Lets the tests import what isn't installed in the environment, which others share.
const CONFTEST: &str = r#""""Lets the tests import the code."""

import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE / "src"), str(HERE.with_name("installed"))]
"#;

/// A module that no strict checker lets pass.
const LEGACY: &str = r#""""Code from before."""

import os


def total(items, tax=0):
    """Add up."""
    return sum(items) * (1 + tax)


class Cart:
    """Holds items."""

    def __init__(self, owner):
        self.owner = owner
        self.items = []

    def first(self):
        """Give the first."""
        return self.items[0] + os.nothing
"#;

/// A typed module that uses it.
const USER: &str = r#""""Uses what is from before."""

from .legacy import Cart, total


def price() -> int:
    """Give a price."""
    return int(total(Cart("x").items))
"#;

#[test]
fn every_type_checker_can_be_phased_in() {
    let template = builtin();
    let checkers = template.question("type_checker").map(Question::choices);
    for checker in checkers.unwrap() {
        phase_in(&checker.value);
    }
}

fn phase_in(checker: &str) {
    let sandbox = Sandbox::new();
    let run = sandbox.run(&format!(
        "new demo --yes --no-lock --framework flask --orm none --package-manager uv --type-checker {checker}"
    ));
    run.ok();
    let environment = environment(&sandbox.read("work/demo/pyproject.toml"));
    let root = sandbox.path("work/demo");
    std::os::unix::fs::symlink(&environment, root.join(".venv")).unwrap();
    sandbox.write("work/demo/conftest.py", CONFTEST);
    sandbox.write("work/demo/src/demo/legacy.py", LEGACY);
    sandbox.write("work/demo/src/demo/prices.py", USER);
    sandbox.commit_in("work/demo");
    let strict = sandbox.read("work/demo/pyproject.toml");
    let answers = pyscaffold::answer::Answers::default();
    let project = Project {
        root,
        environment,
        answers,
    };
    project.write_metadata();
    let relax = || {
        let mut command = project.command(env!("CARGO_BIN_EXE_pyscaffold"));
        command.args(["relax", "--yes", "--json"]);
        let run = Run(command.output().unwrap());
        let data = run.ok().json();
        sandbox.commit_in("work/demo");
        assert_eq!(data["passes"], true, "{checker}: {data}");
        data
    };
    let run = |words: &serde_json::Value| {
        let words: Vec<String> = serde_json::from_value(words.clone()).unwrap();
        let mut command = project.command(&words[0]);
        succeed(command.args(&words[1..]))
    };
    let types = |data: &serde_json::Value| {
        let phases = data["phases"].as_array().unwrap();
        phases
            .iter()
            .position(|phase| phase["title"] == "types")
            .unwrap()
    };
    let data = relax();
    let place = types(&data);
    let check = || run(&data["checks"][place]);
    let relaxed = data["phases"][place]["files"].to_string();
    assert!(relaxed.contains("src/demo/legacy.py"), "{checker}: {data}");
    for words in data["checks"].as_array().unwrap() {
        run(words).unwrap_or_else(|said| panic!("{checker}: {words}: {said}"));
    }
    sandbox.write("work/demo/src/demo/bad.py", "X: int = \"\"\n");
    let said = check().unwrap_err();
    assert!(
        said.contains("bad.py") && !said.contains("legacy.py"),
        "{checker}: {said}"
    );

    // A file that isn't in a package, and one of the tests'.
    sandbox.write("work/demo/tests/test_bad.py", "X: int = \"\"\n");
    sandbox.write("work/demo/run_bad.py", "X: int = \"\"\n");
    let mended = "\"\"\"Nothing is left here.\"\"\"\n";
    sandbox.write("work/demo/src/demo/legacy.py", mended);
    sandbox.write("work/demo/src/demo/prices.py", mended);
    sandbox.commit_in("work/demo");
    let data = relax();
    let failing = ["run_bad.py", "src/demo/bad.py", "tests/test_bad.py"];
    let files = data["phases"][types(&data)]["files"].as_array().unwrap();
    let paths: Vec<&str> = files
        .iter()
        .map(|file| file["path"].as_str().unwrap())
        .collect();
    assert_eq!(paths, failing, "{checker}");
    assert!(
        data["tightened"].to_string().contains("src/demo/legacy.py"),
        "{checker}: {data}"
    );
    for path in failing
        .into_iter()
        .chain(["src/demo/legacy.py", "src/demo/prices.py"])
    {
        std::fs::remove_file(project.root.join(path)).unwrap();
    }
    sandbox.commit_in("work/demo");
    relax();
    assert_eq!(
        sandbox.read("work/demo/pyproject.toml"),
        strict,
        "{checker}"
    );
}
