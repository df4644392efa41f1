//! Updates from the versions that are tagged in a template's repository.

use std::process::Stdio;

use super::{MANIFEST, check, findings, says, template};
use crate::support::Sandbox;

/// Runs git in the template's folder.
#[track_caller]
fn git(sandbox: &Sandbox, arguments: &[&str]) {
    let mut command = sandbox.command("git");
    command
        .current_dir(sandbox.path("template"))
        .args(arguments);
    let status = command.stdout(Stdio::null()).status().unwrap();
    assert!(status.success(), "git {arguments:?}");
}

/// Makes the template a repository with its version tagged, then changes some files.
fn tagged(before: &[(&str, &str)], after: &[(&str, &str)]) -> Sandbox {
    let sandbox = template(before);
    git(&sandbox, &["init", "-q"]);
    git(&sandbox, &["add", "-A"]);
    git(&sandbox, &["commit", "-qm", "One"]);
    git(&sandbox, &["tag", "v1.0.0"]);
    sandbox.template(&[("template.toml", &MANIFEST.replace("1.0.0", "1.1.0"))]);
    sandbox.template(after);
    sandbox
}

#[test]
fn projects_of_an_earlier_version_are_updated() {
    let case = ("tests/big.toml", "size = \"big\"\n");
    let changed = ("size/big/files/size.txt", "very big\n");
    let added = ("base/files/new.txt", "new\n");
    let sandbox = tagged(&[case], &[changed, added]);
    check(&sandbox, "--accept").ok();
    check(&sandbox, "")
        .ok()
        .says("updated 2 projects of 1 version");
    // A later version than this one's isn't one to update from.
    git(&sandbox, &["tag", "v2.0.0"]);
    git(&sandbox, &["tag", "nightly"]);
    let run = check(&sandbox, "--json");
    assert_eq!(run.ok().json()["counts"]["versions"], 1);
}

#[test]
fn a_new_question_without_a_default_is_told() {
    let manifest =
        MANIFEST.replace("1.0.0", "1.1.0") + "\n[[question]]\nname = \"team\"\ntype = \"text\"\n";
    let user = ("base/files/team.txt.jinja", "{{ team }}\n");
    let sandbox = tagged(&[], &[("template.toml", &manifest), user]);
    let run = check(&sandbox, "--json");
    let found = findings(run.code(1));
    assert_eq!(found.len(), 1, "{found:#?}");
    says(
        &found[0],
        ("error", "update"),
        "template.toml",
        "no answer for --team",
    );
    says(
        &found[0],
        ("error", "update"),
        "template.toml",
        "(update from 1.0.0)",
    );
}

#[test]
fn answers_that_get_lost_are_told() {
    let before = [
        ("color/question.toml", "default = \"red\"\n"),
        ("color/red/layer.toml", ""),
        ("tests/big.toml", "size = \"big\"\n"),
    ];
    let sandbox = tagged(&before, &[]);
    for gone in ["color", "size/big", "tests"] {
        std::fs::remove_dir_all(sandbox.path(&format!("template/{gone}"))).unwrap();
    }
    let found = findings(&check(&sandbox, "--json"));
    assert_eq!(found.len(), 1, "{found:#?}");
    says(
        &found[0],
        ("warning", "lost-answer"),
        "template.toml",
        "the answer to 'color' is dropped",
    );

    sandbox.template(&[
        ("size/question.toml", "default = \"tiny\"\n"),
        ("size/tiny/files/size.txt", "tiny\n"),
    ]);
    std::fs::remove_dir_all(sandbox.path("template/size/small")).unwrap();
    let found = findings(&check(&sandbox, "--json"));
    assert_eq!(found.len(), 2, "{found:#?}");
    assert!(found.iter().any(|finding| finding["message"] == "the answer 'small' to 'size' becomes 'tiny': it can't be given any more (update from 1.0.0)"), "{found:#?}");
}

#[test]
fn a_version_that_can_not_be_read_is_told() {
    let sandbox = tagged(
        &[("base/files/a.txt.jinja", "{{ naem }}\n")],
        &[("base/files/a.txt.jinja", "{{ name }}\n")],
    );
    let found = findings(check(&sandbox, "--json").ok());
    assert_eq!(found.len(), 1, "{found:#?}");
    says(
        &found[0],
        ("warning", "update"),
        "template.toml",
        "version 1.0.0 can't be read",
    );
}

#[test]
fn a_template_below_is_read_as_it_was() {
    let sandbox = Sandbox::new();
    let company = MANIFEST
        .replace(
            "name = \"small\"",
            "name = \"company\"\nextends = \"../small\"",
        )
        .replace(
            "[[question]]\nname = \"name\"",
            "[[question]]\nname = \"team\"",
        );
    for (path, text) in super::CLEAN {
        sandbox.write(&format!("template/small/{path}"), text);
    }
    sandbox.write("template/company/template.toml", &company);
    sandbox.write("template/company/base/files/team.txt.jinja", "{{ team }}\n");
    for arguments in [
        &["init", "-q"][..],
        &["add", "-A"],
        &["commit", "-qm", "One"],
        &["tag", "v1.0.0"],
    ] {
        git(&sandbox, arguments);
    }
    let run = sandbox.run("template check ../template/company --json");
    assert_eq!(run.ok().json()["counts"]["versions"], 1);
    assert_eq!(run.json()["warnings"], 0);
}
