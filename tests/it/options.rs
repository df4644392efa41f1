//! `pyscaffold options`: what can be chosen.

use crate::support::Sandbox;

#[test]
fn every_question_is_listed_with_its_choices() {
    let listed = Sandbox::new().run("options").ok().stdout();
    for part in [
        "--orm",
        "sqlalchemy",
        "--type-checker",
        "pyrefly",
        "not with",
        "combinations of choices",
    ] {
        assert!(listed.contains(part), "{part} is missing in:\n{listed}");
    }
}

#[test]
fn the_same_comes_as_data() {
    let data = Sandbox::new().run("options --json").ok().json();
    let questions = data["questions"].as_array().unwrap();
    let orm = questions
        .iter()
        .find(|question| question["name"] == "orm")
        .unwrap();
    assert_eq!(
        (&orm["flag"], &orm["variable"], &orm["type"]),
        (&"--orm".into(), &"PYSCAFFOLD_ORM".into(), &"choice".into())
    );
    let none = orm["choices"]
        .as_array()
        .unwrap()
        .iter()
        .find(|choice| choice["value"] == "none")
        .unwrap();
    assert!(
        none["not_with"]
            .as_array()
            .unwrap()
            .contains(&"database/sqlite".into()),
        "{none}"
    );
    assert!(data["combinations"].as_u64().unwrap() >= 1008);
}

#[test]
fn a_folder_added_to_the_template_is_a_choice_everywhere() {
    let sandbox = Sandbox::new();
    copy("templates/builtin", &sandbox.path("template"));
    let before = sandbox
        .run("options --json --template ../template")
        .ok()
        .json();
    sandbox.write(
        "template/license/isc/layer.toml",
        "title = \"ISC\"\nhint = \"as short as it gets\"\n",
    );
    sandbox.write("template/license/isc/files/LICENSE", "ISC License\n");

    let after = sandbox
        .run("options --json --template ../template")
        .ok()
        .json();
    let count = |data: &serde_json::Value| data["combinations"].as_u64().unwrap();
    assert_eq!(count(&after), count(&before) / 4 * 5);
    let help = sandbox
        .run("new --template ../template --help")
        .ok()
        .stdout();
    assert!(help.contains("ISC: as short as it gets"), "{help}");
    sandbox
        .run("new demo --template ../template --yes --no-lock --license isc")
        .ok();
    assert_eq!(sandbox.read("work/demo/LICENSE"), "ISC License\n");
}

/// Copies a folder of this repository.
pub fn copy(from: &str, to: &std::path::Path) {
    let from = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(from);
    let done = std::process::Command::new("cp")
        .arg("-r")
        .arg(from)
        .arg(to)
        .status()
        .unwrap();
    assert!(done.success());
}
