//! `relax` rule by rule and by a number, and the trial at the end of `adopt`: with small checkers
//! of ours.

use serde_json::json;

use crate::support::projects::succeed;
use crate::support::{Run, Sandbox};

/// A linter that finds the words D1, D2 and D3; a file may break the rules that stand behind it.
const LINT: &str = r#"
import fnmatch, pathlib, re, sys, tomllib
pathlib.Path("cache.tmp").write_text("")
lint = tomllib.loads(pathlib.Path("pyproject.toml").read_text())["tool"].get("lint", {})
found = 0
for path in sorted(pathlib.Path().rglob("*.py")):
    name = path.as_posix()
    ignored = {
        rule
        for pattern, rules in lint.get("per-file-ignores", {}).items()
        if fnmatch.fnmatch(name, pattern.removeprefix("./"))
        or fnmatch.fnmatch(path.name, pattern)
        for rule in rules
    }
    for number, line in enumerate(path.read_text().splitlines(), 1):
        for word in re.findall(r"\bD[0-9]\b", line):
            if word not in ignored:
                found += 1
                print(f"{name}:{number}: {word} is wrong")
sys.exit(bool(found))
"#;

/// Tests that cover what a file says.
const COVER: &str = r#"
import pathlib, sys, tomllib
floor = tomllib.loads(pathlib.Path("pyproject.toml").read_text())["tool"]["cover"]["fail_under"]
if pathlib.Path("broken").exists():
    sys.exit("1 failed")
covered = int(pathlib.Path("covered").read_text())
print(f"Total: {covered}.5%")
sys.exit(covered < floor)
"#;

const LAYER: &str = r#"
title = "Base"
[[relax]]
title = "lint"
run = "python3 tools/lint"
path = '(?m)^(?P<path>[^:\n]+):[0-9]+: (?P<rule>D[0-9]) '
file = "pyproject.toml"
add = '''
[tool.lint.per-file-ignores]
{% for file in files %}
{{ (file.path if "/" in file.path else "./" ~ file.path)|toml }} = {{ file.rules|toml }}
{% endfor %}
'''
[[relax]]
title = "tests"
run = "python3 tools/cover"
value = 'Total: (?P<value>[0-9]+)'
file = "pyproject.toml"
add = '''
[tool.cover]
fail_under = {{ floor if value is none else value }}
'''
"#;

const SETTINGS: &str = "[project]\nname = \"shop\"\n\n[tool.lint.per-file-ignores]\n\"tests/**\" = [\"D3\"]\n\n[tool.cover]\nfail_under = 90\nother = 43\n";

fn template(sandbox: &Sandbox) {
    sandbox.template(&[
        (
            "template.toml",
            "name = \"small\"\nversion = \"1.0.0\"\nsummary = \"For tests\"\n[[question]]\nname = \"floor\"\ntype = \"integer\"\nprompt = \"Floor\"\ndefault = 90\n",
        ),
        ("base/layer.toml", LAYER),
        ("base/files/tools/lint", LINT),
        ("base/files/tools/cover", COVER),
        ("base/files/pyproject.toml", SETTINGS),
    ]);
}

/// A project with two sloppy files and few tests.
struct Made(Sandbox);

impl Made {
    fn new() -> Self {
        let sandbox = Sandbox::new();
        template(&sandbox);
        sandbox.run("new demo --yes --template ../template").ok();
        let made = Made(sandbox);
        made.write(".gitignore", "cache.tmp\n");
        made.write("app.py", "D1\nD1 D2\n");
        made.write("shop/cart.py", "D2\n");
        made.write("covered", "43");
        made.commit();
        made
    }

    fn write(&self, path: &str, text: &str) {
        self.0.write(&format!("work/demo/{path}"), text);
    }

    fn settings(&self) -> String {
        self.0.read("work/demo/pyproject.toml")
    }

    fn commit(&self) {
        self.0.commit_in("work/demo");
    }

    fn run(&self, arguments: &str) -> Run {
        self.0.run_in("work/demo", arguments)
    }

    /// Relaxes, commits, and gives what was said.
    fn relax(&self) -> serde_json::Value {
        let data = self.run("relax --yes --trust --json").ok().json();
        self.commit();
        data
    }

    fn check(&self, tool: &str) -> Result<(), String> {
        let mut command = self.0.command("python3");
        let path = format!("tools/{tool}");
        succeed(command.arg(path).current_dir(self.0.path("work/demo")))
    }
}

#[test]
fn each_rule_is_relaxed_for_the_file_that_breaks_it_and_no_other() {
    let made = Made::new();
    let strict = made.settings();
    let run = made.run("relax --yes --trust");
    run.ok()
        .says("lint: 4 findings in 2 files put off")
        .says("tests: 43 is enough from now on");
    made.commit();
    let relaxed = made.settings();
    assert_eq!(
        relaxed,
        strict
            .replace(
                "[\"D3\"]\n",
                "[\"D3\"]\n\"./app.py\" = [\"D1\", \"D2\"]\n\"shop/cart.py\" = [\"D2\"]\n"
            )
            .replace("fail_under = 90", "fail_under = 43")
    );
    made.check("lint").unwrap();
    made.check("cover").unwrap();

    // Nothing else is relaxed: another rule, another file, one of the same name.
    for (path, text) in [
        ("shop/cart.py", "D1 D2\n"),
        ("shop/new.py", "D2\n"),
        ("shop/app.py", "D1\n"),
    ] {
        let before = std::fs::read(made.0.path(&format!("work/demo/{path}"))).ok();
        made.write(path, text);
        made.check("lint").unwrap_err();
        match before {
            Some(before) => made.write(path, &String::from_utf8(before).unwrap()),
            None => std::fs::remove_file(made.0.path(&format!("work/demo/{path}"))).unwrap(),
        }
    }
    made.write("covered", "42");
    made.check("cover").unwrap_err();
    made.write("covered", "43");

    // Rule by rule, it gets strict again; the number only rises, up to the template's own.
    made.run("relax --yes --trust")
        .ok()
        .says("Nothing to do: what is relaxed still fails");
    made.write("app.py", "D2\n");
    made.write("covered", "61");
    made.commit();
    let data = made.relax();
    assert_eq!(data["tightened"], json!(["tests"]), "{data}");
    assert_eq!(
        made.settings(),
        relaxed
            .replace("[\"D1\", \"D2\"]", "[\"D2\"]")
            .replace("= 43\nother", "= 61\nother")
    );
    made.write("app.py", "");
    made.write("shop/cart.py", "");
    made.write("covered", "95");
    made.commit();
    let data = made.relax();
    assert_eq!(data["passes"], true, "{data}");
    assert_eq!(
        data["tightened"],
        json!(["app.py", "shop/cart.py", "tests"]),
        "{data}"
    );
    assert_eq!(made.settings(), strict);
}

#[test]
fn a_relaxation_is_taken_back_and_what_people_wrote_stays() {
    let made = Made::new();
    made.write(
        "pyproject.toml",
        &SETTINGS.replace("[\"D3\"]", "[\"D3\"]\n\"shop/*.py\" = [\"D9\"] # ours"),
    );
    made.commit();
    let before = made.settings();
    made.run("relax --yes --trust").ok();
    assert!(
        made.settings()
            .contains("\"shop/*.py\" = [\"D9\"] # ours\n"),
        "{}",
        made.settings()
    );
    made.run("undo").ok();
    assert_eq!(made.settings(), before);
}

#[test]
fn a_check_that_can_not_tell_stops_no_other() {
    let made = Made::new();
    made.write("broken", "");
    made.commit();
    let data = made.relax();
    assert_eq!(
        (&data["passes"], &data["relaxed"][0]),
        (&json!(false), &json!("app.py"))
    );
    assert_eq!(data["phases"][1]["title"], "tests");
    let unknown = data["phases"][1]["unknown"].as_str().unwrap();
    assert!(unknown.ends_with("1 failed"), "{data}");
    made.check("lint").unwrap();
    assert!(made.settings().contains("fail_under = 90"));
}

/// A repository that never saw the template.
fn repository() -> Sandbox {
    let sandbox = Sandbox::new();
    template(&sandbox);
    sandbox.write("work/shop/app.py", "D1\n");
    sandbox.write("work/shop/covered", "97");
    let mut git = sandbox.command("git");
    succeed(
        git.args(["init", "--quiet"])
            .current_dir(sandbox.path("work/shop")),
    )
    .unwrap();
    sandbox.commit_in("work/shop");
    sandbox
}

#[test]
fn adopt_says_what_passes_and_leaves_no_trace_of_having_tried() {
    let sandbox = repository();
    let adopt = "adopt shop --yes --template ../template --trust";
    let run = sandbox.run(&format!("{adopt} --json"));
    let data = run.ok().json();
    assert_eq!(
        data["trial"],
        json!([
            { "title": "lint", "run": ["python3", "tools/lint"], "status": "fails", "reason": "1 finding in 1 file" },
            { "title": "tests", "run": ["python3", "tools/cover"], "status": "passes", "reason": null },
        ])
    );
    let next: Vec<&str> = data["next"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| line.as_str().unwrap())
        .collect();
    assert!(
        next[0].starts_with("git add --all && git commit"),
        "{next:?}"
    );
    assert!(
        next.last().unwrap().starts_with("pyscaffold relax"),
        "{next:?}"
    );
    assert!(!sandbox.path("work/shop/cache.tmp").exists());
    // What was said works.
    sandbox.commit_in("work/shop");
    let mut relax = sandbox.command(env!("CARGO_BIN_EXE_pyscaffold"));
    relax
        .args(["relax", "--yes", "--trust", "--json"])
        .current_dir(sandbox.path("work/shop"));
    let data = Run(relax.output().unwrap()).ok().json();
    assert_eq!(data["passes"], true, "{data}");
}

#[test]
fn a_project_that_passes_needs_no_relaxation() {
    let sandbox = repository();
    sandbox.write("work/shop/app.py", "fine\n");
    sandbox.commit_in("work/shop");
    let run = sandbox.run("adopt shop --yes --template ../template --trust");
    run.ok().says("passes    lint").says("passes    tests");
    assert!(
        !run.stderr().contains("pyscaffold relax"),
        "{}",
        run.stderr()
    );
}

#[test]
fn a_lock_that_is_left_to_people_is_made_in_the_copy() {
    const LOCK: &str = "[[step]]\nname = \"lock\"\nrun = [\"python3\", \"tools/lock\"]\nmakes = [\"app.lock\"]\nmark = \"by tool\"\n[[step]]\nname = \"install\"\nrun = [\"python3\", \"tools/install\"]\n";
    let adopted = |lock: &str| {
        let sandbox = repository();
        let layer = LAYER.replacen("[[relax]]", &format!("{LOCK}[[relax]]"), 1);
        sandbox.write("template/base/layer.toml", layer);
        let make = "import pathlib\npathlib.Path('app.lock').write_text('new, by tool')\n";
        sandbox.write("template/base/files/tools/lock", make);
        let look =
            "import pathlib\nassert pathlib.Path('app.lock').read_text() == 'new, by tool'\n";
        sandbox.write("template/base/files/tools/install", look);
        sandbox.write("work/shop/app.lock", lock);
        sandbox.commit_in("work/shop");
        let run = sandbox.run("adopt shop --yes --template ../template --trust --json");
        let data = run.ok().json();
        assert_eq!(sandbox.read("work/shop/app.lock"), lock);
        (data["trial"].clone(), data["next"].clone())
    };
    let (trial, next) = adopted("old, by tool");
    assert_eq!(trial[0]["status"], "fails", "{trial}");
    assert_eq!(trial[1]["status"], "passes", "{trial}");
    assert_eq!(next[0], "python3 tools/lock");
    // What a person wrote isn't written over in a copy either: they won't do it in the project.
    let (trial, next) = adopted("by hand");
    let reason = "the dependencies aren't locked";
    assert_eq!(trial[0]["reason"], reason, "{trial}");
    assert_ne!(next[0], "python3 tools/lock");
}

#[test]
fn what_may_not_or_can_not_be_tried_is_said_and_fails_nothing() {
    let adopt = "adopt shop --yes --template ../template --json";
    let data = repository().run(adopt).ok().json();
    let reason = "the template is not trusted";
    assert_eq!(data["trial"][0]["status"], "untried", "{data}");
    assert_eq!(data["trial"][0]["reason"], reason, "{data}");
    for flag in ["--no-trial", "--no-lock"] {
        let data = repository()
            .run(&format!("{adopt} --trust {flag}"))
            .ok()
            .json();
        assert_eq!(data["trial"], json!(null), "{data}");
    }
    let sandbox = repository();
    sandbox.write(
        "template/base/layer.toml",
        LAYER.replace(
            "[[relax]]\ntitle = \"lint\"",
            "[[step]]\nname = \"install\"\nrun = [\"no-such-program\"]\n[[relax]]\ntitle = \"lint\"",
        ),
    );
    let data = sandbox.run(&format!("{adopt} --trust")).ok().json();
    let reason = "`no-such-program` didn't work: no-such-program is not installed";
    assert_eq!(data["trial"][1]["reason"], reason, "{data}");
}
