//! `pyscaffold template check`: small templates, and what is found in them.

mod projects;
mod reports;
mod snapshots;
mod static_rules;
mod sweeps;
mod updates;

use serde_json::Value as Json;

use crate::support::{Run, Sandbox};

/// A manifest with a question that every template here uses.
const MANIFEST: &str = "name = \"small\"\nversion = \"1.0.0\"\nsummary = \"Small\"\n\n[[question]]\nname = \"name\"\ntype = \"text\"\ndefault = \"{{ input.directory }}\"\n";

/// A template without mistakes; tests add theirs.
const CLEAN: [(&str, &str); 6] = [
    ("template.toml", MANIFEST),
    ("base/files/README.md.jinja", "# {{ name }}\n"),
    ("size/question.toml", "default = \"small\"\n"),
    ("size/small/files/size.txt", "small\n"),
    ("size/big/files/size.txt", "big\n"),
    (
        "size/big/files/big.toml.jinja",
        "name = {{ name | toml }}\n",
    ),
];

/// Gives the manifest with names that are fine in a path.
fn plain_manifest() -> String {
    format!("{MANIFEST}pattern = \"[a-z]+\"\n")
}

/// Writes the clean template with some files more or other.
fn template(files: &[(&str, &str)]) -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.template(&CLEAN);
    sandbox.template(files);
    sandbox
}

/// Checks the template of a sandbox.
fn check(sandbox: &Sandbox, flags: &str) -> Run {
    sandbox.run(&format!("template check ../template {flags}"))
}

/// Gives what is found in the clean template with some files more or other.
#[track_caller]
fn found(files: &[(&str, &str)]) -> Vec<Json> {
    findings(&check(&template(files), "--json"))
}

#[track_caller]
fn findings(run: &Run) -> Vec<Json> {
    run.json()["findings"]
        .as_array()
        .unwrap_or_else(|| panic!("no findings: {}\n{}", run.stdout(), run.stderr()))
        .clone()
}

/// Checks that exactly one thing is found, and what it says: its rule, its level, its file below
/// the template, and a part of its message.
#[track_caller]
fn finds(files: &[(&str, &str)], (level, rule): (&str, &str), file: &str, message: &str) -> Json {
    let found = found(files);
    let [one] = found.as_slice() else {
        panic!("one finding expected: {found:#?}");
    };
    says(one, (level, rule), file, message);
    one.clone()
}

#[track_caller]
fn says(finding: &Json, (level, rule): (&str, &str), file: &str, message: &str) {
    assert_eq!(
        (&finding["level"], &finding["rule"]),
        (&level.into(), &rule.into()),
        "{finding:#}"
    );
    assert_eq!(finding["file"], format!("../template/{file}"));
    let said = finding["message"].as_str().unwrap();
    assert!(said.contains(message), "'{message}' is not in '{said}'");
}

#[test]
fn a_template_without_mistakes_is_clean() {
    let run = check(&template(&[]), "--json");
    run.ok().says("no errors and no warnings");
    let data = run.json();
    assert_eq!(data["findings"], serde_json::json!([]));
    assert_eq!(data["template"]["name"], "small");
    assert_eq!(data["counts"]["combinations"], 2);
}

#[test]
fn the_template_in_the_folder_is_checked_where_none_is_named() {
    let sandbox = Sandbox::new();
    for (path, text) in CLEAN {
        sandbox.write(&format!("work/{path}"), text);
    }
    sandbox.run("template check").ok().says("template '.'");
    sandbox.run("template check --template .").ok();
    sandbox.run("template check . --template .").code(2);
}

#[test]
fn what_is_no_template_is_a_wrong_request() {
    let sandbox = Sandbox::new();
    sandbox
        .run("template check nowhere")
        .code(2)
        .says("'nowhere'");
    sandbox
        .run("template check")
        .code(2)
        .says("no template.toml");
}

#[test]
fn our_own_templates_are_clean() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let sandbox = Sandbox::new();
    let mut folders = vec![root.join("templates/builtin")];
    for entry in std::fs::read_dir(root.join("examples/templates")).unwrap() {
        folders.push(entry.unwrap().path());
    }
    for folder in folders {
        let folder = folder.to_str().unwrap();
        let arguments = ["template", "check", folder, "--no-run", "--strict"];
        sandbox
            .run_with(&arguments, &[])
            .ok()
            .says("no errors and no warnings");
    }
}

#[test]
fn a_template_of_another_program_is_called_what_it_is() {
    for (manifest, program) in [
        ("cookiecutter.json", "cookiecutter"),
        ("copier.yml", "copier"),
        ("copier.yaml", "copier"),
    ] {
        let sandbox = Sandbox::new();
        sandbox.write(&format!("other/{manifest}"), "{}\n");
        for command in [
            "new demo --yes --template ../other",
            "template check ../other",
        ] {
            sandbox
                .run(command)
                .code(2)
                .says(&format!(
                    "folder '../other' is a template of {program}, not of pyscaffold"
                ))
                .says("pyscaffold adopt");
        }
    }
}
