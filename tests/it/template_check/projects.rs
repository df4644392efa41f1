//! The checks that layers declare.

use super::{check, findings, finds, found, says, template};

#[cfg(unix)]
#[test]
fn declared_checks_run_in_every_project() {
    let layer = (
        "base/layer.toml",
        "[[check]]\ntitle = \"Size\"\nrun = [\"sh\", \"-c\", \"echo looking; test -f .pyscaffold/answers.toml && grep -q small size.txt\"]\n",
    );
    let sandbox = template(&[layer]);
    let run = check(&sandbox, "--trust --json");
    run.code(1).says("ran 2 checks in 2 projects");
    let found = findings(&run);
    assert_eq!(found.len(), 1);
    says(
        &found[0],
        ("error", "check"),
        layer.0,
        "the check 'Size' failed",
    );
    assert_eq!(found[0]["answers"], serde_json::json!({ "size": "big" }));
    assert_eq!(found[0]["detail"], "looking");
    let command = found[0]["command"].as_str().unwrap();
    let begin = "pyscaffold new sample --yes --template ../template --name sample --size big && cd sample && sh -c ";
    assert!(command.starts_with(begin), "{command}");
    let leftovers = sandbox.files("work");
    assert_eq!(leftovers, Vec::<String>::new());
}

#[cfg(unix)]
#[test]
fn a_check_runs_when_its_condition_holds() {
    let layer = (
        "base/layer.toml",
        "[[check]]\nrun = [\"false\"]\nwhen = \"size == 'huge' or name == 'x'\"\n",
    );
    check(&template(&[layer]), "--trust").ok();
    let layer = ("size/big/layer.toml", "[[check]]\nrun = [\"true\"]\n");
    check(&template(&[layer]), "--trust")
        .ok()
        .says("ran 1 checks in 1 projects");
}

#[cfg(unix)]
#[test]
fn a_project_is_locked_and_committed_before_its_checks() {
    let layer = (
        "base/layer.toml",
        "[[step]]\nname = \"lock\"\nrun = [\"touch\", \"my.lock\"]\nmakes = [\"my.lock\"]\n\n[[check]]\nrun = [\"sh\", \"-c\", \"test -f my.lock && test -d .git\"]\n",
    );
    check(&template(&[layer]), "--trust")
        .ok()
        .says("no errors and no warnings");
    let broken = layer.1.replace("touch", "no-such-program");
    let run = check(&template(&[(layer.0, &broken)]), "--trust --json");
    run.code(1);
    let found = findings(&run);
    let odd = found.iter().find(|finding| finding["level"] == "warning");
    says(
        odd.unwrap(),
        ("warning", "check"),
        layer.0,
        "no-such-program is not installed",
    );
}

#[test]
fn a_missing_program_is_told() {
    let layer = (
        "base/layer.toml",
        "[[check]]\nrun = [\"no-such-program\"]\n",
    );
    let run = check(&template(&[layer]), "--trust --json");
    let found = findings(run.code(1));
    says(
        &found[0],
        ("error", "check"),
        layer.0,
        "no-such-program is not installed",
    );
}

#[test]
fn nothing_runs_without_trust() {
    let layer = (
        "base/layer.toml",
        "[[check]]\nrun = [\"no-such-program\", \"a b\"]\n",
    );
    let sandbox = template(&[layer]);
    check(&sandbox, "")
        .code(4)
        .says("no-such-program 'a b'")
        .says("--no-run");
    check(&sandbox, "--no-run").ok();
    // What is found before counts more.
    sandbox.template(&[("base/files/a.toml", "a = \n")]);
    check(&sandbox, "").code(1);
}

#[test]
fn new_never_runs_a_check() {
    let layer = (
        "base/layer.toml",
        "[[check]]\nrun = [\"no-such-program\"]\n",
    );
    let sandbox = template(&[layer]);
    let run = sandbox.run("new p --template ../template --yes");
    assert!(!run.ok().stderr().contains("no-such-program"));
}

#[test]
fn a_check_has_to_name_a_program() {
    let path = "base/layer.toml";
    let cases = [
        ("[[check]]\nrun = []\n", "must name a program"),
        ("[[check]]\ntitle = \"x\"\n", "'run' is missing"),
        (
            "[[check]]\nrun = [\"true\"]\nname = \"x\"\n",
            "unknown key 'name'",
        ),
    ];
    for (text, message) in cases {
        finds(&[(path, text)], ("error", "format"), path, message);
    }
    let never = "[[check]]\nrun = [\"true\"]\nwhen = \"size == 'huge'\"\n";
    assert_eq!(found(&[(path, never)])[0]["rule"], "never-true");
}
