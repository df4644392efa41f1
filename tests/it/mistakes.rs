//! Mistakes in the answers that a project remembers, and in answers files: said with their place,
//! never taken for the default.

use crate::support::{Run, Sandbox};

/// A project with answers that aren't the defaults.
struct Made(Sandbox);

impl Made {
    fn new() -> Self {
        let sandbox = Sandbox::new();
        sandbox
            .run("new demo --yes --no-lock --no-git --type-checker pyright --coverage 95")
            .ok();
        Made(sandbox)
    }

    fn answers(&self) -> String {
        self.0.read("work/demo/.pyscaffold/answers.toml")
    }

    fn edit(&self, from: &str, to: &str) {
        let answers = self.answers();
        assert!(answers.contains(from), "{from:?} is not in {answers}");
        self.0.write(
            "work/demo/.pyscaffold/answers.toml",
            answers.replacen(from, to, 1),
        );
    }

    fn run(&self, arguments: &str) -> Run {
        self.0.run_in("work/demo", arguments)
    }
}

const ALL: [&str; 7] = [
    "change --yes",
    "change --yes --license mit",
    "add docs --yes",
    "remove docs --yes",
    "update --yes",
    "status",
    "relax --yes",
];

#[test]
fn a_typo_is_refused_by_all_that_read_the_answers() {
    let made = Made::new();
    made.edit("\"pyright\"", "\"pyrigth\"");
    made.edit("coverage = 95", "coverage = \"97\"");
    let answers = made.answers();
    for command in ALL {
        let run = made.run(command);
        run.code(2)
            .says("2 answers can't be used")
            .says("type_checker: 'pyrigth' is not one of the choices; did you mean 'pyright'?")
            .says("type_checker = \"pyrigth\"")
            .says("coverage: \"97\" doesn't fit; it must be a whole number; did you mean 97?")
            .says("--type-checker CHOICE");
        let line = answers.lines().position(|line| line.contains("pyrigth"));
        let place = format!("answers.toml:{}:16", line.unwrap() + 1);
        assert!(run.stderr().contains(&place), "{place}: {}", run.stderr());
    }
    assert_eq!(made.answers(), answers);
    for harmless in [
        "change --help",
        "completions bash",
        "diff",
        "--help",
        "options",
    ] {
        let run = made.run(harmless);
        let code = run.0.status.code();
        assert!(
            code == Some(0) || run.stderr().contains("unrecognized subcommand"),
            "{harmless}: {}",
            run.stderr()
        );
    }
    // What is said anew heals it.
    made.run("change --yes --no-lock --type-checker pyright --coverage 97")
        .ok();
    assert!(made.answers().contains("type_checker = \"pyright\""));
    made.run("status").ok();
}

#[test]
fn every_kind_of_mistake_has_its_place_and_what_was_meant() {
    let cases = [
        (
            "coverage = 95",
            "coverage = 101",
            "101 is not between 0 and 100",
        ),
        (
            "coverage = 95",
            "coverage = 9.5",
            "9.5 is not a whole number",
        ),
        ("coverage = 95", "coverage = true", "true doesn't fit"),
        ("coverage = 95", "coverage = 2020-01-01", "coverage: "),
        ("coverage = 95", "coverage = { a = 1 }", "doesn't fit"),
        ("coverage = 95", "covrage = 95", "did you mean 'coverage'?"),
        (
            "coverage = 95",
            "coverage = 95\nzzz = 1",
            "no question is called 'zzz'",
        ),
        ("name = \"demo\"\npackage", "name = \"\"\npackage", "name: "),
        (
            "package = \"demo\"",
            "package = \"de mo\"",
            "package: 'de mo' doesn't fit",
        ),
        (
            "package = \"demo\"",
            "package = 3",
            "package: 3 doesn't fit",
        ),
        (
            "features = [",
            "features = [\"dcos\", ",
            "'dcos' is not one of the choices",
        ),
        ("features = [", "features = [1, ", "features: "),
        ("\"pyright\"", "\"\"", "'' is not one of the choices"),
        ("\"pyright\"", "[\"pyright\"]", "type_checker: "),
        (
            "[answers]",
            "[anwsers]",
            "'anwsers' is unknown; did you mean 'answers'?",
        ),
    ];
    let made = Made::new();
    let good = made.answers();
    for (from, to, message) in cases {
        made.edit(from, to);
        let run = made.run("change --yes --json");
        let error = &run.code(2).json()["error"];
        let problem = &error["problems"][0];
        let said = problem["message"].as_str().unwrap_or_default();
        assert!(said.contains(message), "{to}: {error}");
        assert_eq!(problem["file"], ".pyscaffold/answers.toml", "{to}");
        assert!(
            problem["line"].is_u64() && problem["column"].is_u64(),
            "{to}: {problem}"
        );
        made.0.write("work/demo/.pyscaffold/answers.toml", &good);
    }
}

#[test]
fn a_mistake_in_an_answers_file_has_its_place_too() {
    let sandbox = Sandbox::new();
    sandbox.write(
        "answers.toml",
        "type_checker = \"pyrigth\"\ncovrage = 97\n[other]\n",
    );
    sandbox
        .run("new demo --yes --no-lock --answers ../answers.toml")
        .code(2)
        .says("type_checker: 'pyrigth' is not one of the choices")
        .says("--> ../answers.toml:1:16")
        .says(
            "no question is called 'covrage'; did you mean 'coverage'?\n --> ../answers.toml:2:1",
        );
}

/// A template whose next version drops a choice, narrows a range and drops a question.
const TEMPLATE: [(&str, &str); 2] = [
    (
        "template.toml",
        r#"
name = "small"
version = "1.0.0"
summary = "For tests"
[[question]]
name = "size"
type = "choice"
prompt = "Size"
choices = ["small", "big", "huge"]
[[question]]
name = "places"
type = "integer"
prompt = "Places"
minimum = 0
maximum = 9
default = 1
[[question]]
name = "colour"
type = "text"
prompt = "Colour"
default = "red"
"#,
    ),
    (
        "base/files/a.txt.jinja",
        "{{ size }} {{ places }}{% if colour is defined %} {{ colour }}{% endif %}\n",
    ),
];

#[test]
fn what_a_newer_template_dropped_has_to_be_said() {
    let sandbox = Sandbox::new();
    sandbox.template(&[
        TEMPLATE[0],
        ("base/files/a.txt.jinja", "{{ size }} {{ places }}\n"),
    ]);
    sandbox
        .run("new demo --yes --template ../template --size big --places 8 --set colour=blue")
        .ok();
    let made = Made(sandbox);
    let before = made.answers();
    let next = TEMPLATE[0]
        .1
        .replace("1.0.0", "2.0.0")
        .replace("\"big\", ", "")
        .replace("maximum = 9", "maximum = 5");
    let next = &next[..next.rfind("[[question]]").unwrap()];
    made.0.write("template/template.toml", next);
    for command in ["update --yes", "update", "change --yes"] {
        made.run(command)
            .code(2)
            .says("size: 'big' is not one of the choices; choose small or huge")
            .says("places: 8 is not between 0 and 5")
            .says("say --size CHOICE --places NUMBER");
    }
    // It is only looked at, and the project is behind.
    made.run("status")
        .ok()
        .says("size: 'big' is not one of the choices");
    made.run("status --check").code(5);
    assert_eq!(made.answers(), before);
    made.run("update --yes --size huge --places 5").ok();
    let answers = made.answers();
    assert!(answers.contains("size = \"huge\"\nplaces = 5\n") && !answers.contains("colour"));
}
