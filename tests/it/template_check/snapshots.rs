//! The cases in a template's tests.

use super::{check, findings, finds, says, template};

const BIG: (&str, &str) = ("tests/big.toml", "size = \"big\"\nname = \"x\"\n");

#[test]
fn what_was_accepted_is_compared() {
    let sandbox = template(&[BIG]);
    let run = check(&sandbox, "--accept");
    run.ok().says("Wrote ../template/tests/big.snapshot");
    let snapshot = sandbox.read("template/tests/big.snapshot");
    for part in [
        "\n==== README.md\n# x\n",
        "\n==== big.toml\nname = \"x\"\n",
        "\n==== size.txt\nbig\n",
    ] {
        assert!(snapshot.contains(part), "{snapshot}");
    }
    check(&sandbox, "").ok().says("compared 1 snapshot");
    // Nothing is written where nothing changed.
    let again = check(&sandbox, "--accept --json");
    assert_eq!(again.json()["accepted"], serde_json::json!([]));

    sandbox.template(&[("size/big/files/size.txt", "very big\n")]);
    let run = check(&sandbox, "--json");
    run.code(1);
    let found = findings(&run);
    says(
        &found[0],
        ("error", "snapshot"),
        "tests/big.snapshot",
        "files changed: 1",
    );
    let patch = found[0]["detail"].as_str().unwrap();
    assert!(
        patch.contains("size.txt") && patch.contains("-big\n+very big\n"),
        "{patch}"
    );
    assert_eq!(sandbox.read("template/tests/big.snapshot"), snapshot);
    check(&sandbox, "--accept").ok();
    check(&sandbox, "").ok();
}

#[cfg(unix)]
#[test]
fn a_snapshot_is_as_readable_as_other_files() {
    use std::os::unix::fs::PermissionsExt;
    let sandbox = template(&[BIG]);
    check(&sandbox, "--accept").ok();
    let metadata = std::fs::metadata(sandbox.path("template/tests/big.snapshot")).unwrap();
    assert_eq!(metadata.permissions().mode() & 0o777, 0o644);
    assert_eq!(
        sandbox.files("template/tests"),
        ["big.snapshot", "big.toml"]
    );
}

#[test]
fn a_case_without_a_snapshot_is_told() {
    finds(
        &[BIG],
        ("warning", "snapshot"),
        "tests/big.snapshot",
        "--accept",
    );
}

#[test]
fn a_snapshot_without_a_case_is_told() {
    let file = ("tests/old.snapshot", "");
    finds(&[file], ("warning", "case"), file.0, "tests/old.toml");
}

#[test]
fn a_case_that_can_not_be_tried_is_told() {
    let cases = [
        ("size = \"huge\"\n", "'huge' is not one of the choices"),
        ("sice = \"big\"\n", "did you mean 'size'?"),
        ("size = \n", "TOML parse error"),
        ("answers = 1\n", "'answers' must be a table"),
    ];
    for (text, message) in cases {
        let file = ("tests/one.toml", text);
        finds(&[file], ("error", "case"), file.0, message);
    }
}

#[test]
fn only_a_case_reaches_what_a_text_turns_on() {
    let file = (
        "base/files/a.txt.jinja",
        "{% if name == 'x' %}{{ name.missing }}{% endif %}\n",
    );
    let finding = finds(&[file, BIG], ("error", "render"), file.0, "undefined");
    assert!(
        finding["message"]
            .as_str()
            .unwrap()
            .ends_with("(for tests/big.toml)")
    );
}

#[test]
fn snapshots_can_not_be_written_into_the_binary() {
    let sandbox = template(&[]);
    sandbox.run("template check builtin --accept --no-run").ok();
}
