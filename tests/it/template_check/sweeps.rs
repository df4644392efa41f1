//! What is found when combinations are rendered.

use serde_json::json;

use super::{check, finds, found, template};
use crate::support::Sandbox;

#[test]
fn a_file_that_can_not_be_rendered_is_told_with_the_choice_that_does_it() {
    let file = ("size/big/files/a.txt.jinja", "{{ name.missing }}\n");
    let finding = finds(&[file], ("error", "render"), file.0, "undefined");
    assert_eq!(finding["answers"], json!({ "size": "big" }));
    assert_eq!(finding["line"], 1);
}

#[test]
fn two_choices_that_do_not_go_together_are_told_once() {
    let files = [
        ("color/question.toml", "order = 1\n"),
        ("color/red/files/x.txt", "red\n"),
        ("color/blue/layer.toml", ""),
        ("color/green/layer.toml", ""),
        ("size/big/files/x.txt", "big\n"),
    ];
    let finding = finds(
        &files,
        ("error", "render"),
        "color/red/files/x.txt",
        "both have this file",
    );
    assert_eq!(finding["answers"], json!({ "size": "big", "color": "red" }));
    let sandbox = template(&files);
    check(&sandbox, "")
        .code(1)
        .says("(with color = \"red\", size = \"big\")");
}

#[test]
fn what_is_wrong_for_all_answers_names_none() {
    let file = ("base/files/a.toml", "a =\n");
    let finding = finds(
        &[file],
        ("error", "invalid"),
        file.0,
        "makes 'a.toml', which isn't valid TOML",
    );
    assert_eq!(finding["answers"], json!({}));
    assert_eq!(finding["detail"], "a.toml:1:4: a =");
}

#[test]
fn every_known_format_is_read() {
    for (path, text, kind) in [
        ("base/files/a.toml.jinja", "a = {{ name }}\n", "TOML"),
        ("base/files/a.yaml.jinja", "a: [{{ name }}\n", "YAML"),
        ("base/files/a.json.jinja", "{\"a\": {{ name }}}\n", "JSON"),
    ] {
        finds(&[(path, text)], ("error", "invalid"), path, kind);
    }
    assert!(found(&[("base/files/.vscode/settings.json", "{\n  // tabs\n}\n")]).is_empty());
}

#[test]
fn texts_that_are_not_escaped_are_found() {
    let file = ("base/files/a.toml.jinja", "name = \"{{ name }}\"\n");
    let finding = finds(&[file], ("error", "invalid"), file.0, "isn't valid TOML");
    let name = finding["answers"]["name"].as_str().unwrap();
    assert!(name.contains('"'), "{name}");
    // What no text of the question can be needs no escaping.
    let manifest = super::plain_manifest();
    assert!(found(&[("template.toml", &manifest), file]).is_empty());
}

#[test]
fn paths_are_looked_at_as_they_are_rendered() {
    let manifest = super::plain_manifest();
    let files = [
        ("template.toml", manifest.as_str()),
        ("base/files/{{ name }}.txt", "a\n"),
        (
            "size/big/files/{% if size == 'big' %}con{% endif %}.txt",
            "a\n",
        ),
    ];
    let finding = finds(&files, ("error", "path"), files[2].0, "Windows reserves");
    assert_eq!(finding["answers"], json!({ "size": "big" }));
}

#[test]
fn spacing_is_a_warning() {
    let cases = [
        ("a", "'a.txt' doesn't end with a line end"),
        ("a\n\n", "'a.txt' ends with empty lines"),
        ("a \nb\n", "'a.txt' has blanks at the end of a line"),
        ("a\r\nb\n", "'a.txt' has line ends of both kinds"),
    ];
    for (text, message) in cases {
        let file = ("base/files/a.txt", text);
        finds(&[file], ("warning", "whitespace"), file.0, message);
    }
    for fine in ["", "a\r\nb\r\n"] {
        assert!(found(&[("base/files/a.txt", fine)]).is_empty());
    }
    assert!(found(&[("base/files/a.md", "a  \nb\n")]).is_empty());
}

#[test]
fn defaults_that_are_refused_are_found() {
    let manifest = format!("{}pattern = \"[A-Z]+\"\n", super::MANIFEST);
    finds(
        &[("template.toml", &manifest)],
        ("error", "default"),
        "template.toml",
        "'sample'",
    );
}

#[test]
fn questions_without_a_default_get_an_answer() {
    let question = |pattern: &str| {
        format!(
            "{}\n[[question]]\nname = \"team\"\ntype = \"text\"\npattern = '{pattern}'\n",
            super::MANIFEST
        )
    };
    let user = ("base/files/a.txt.jinja", "{{ team }}\n");
    let easy = question("[a-z]{3}");
    assert!(found(&[("template.toml", &easy), user]).is_empty());
    let hard = question("team-[0-9]+-x");
    let finding = ("error", "default");
    finds(
        &[("template.toml", &hard), user],
        finding,
        "template.toml",
        "no answer for 'team' can be made up",
    );
    let case = ("tests/one.toml", "team = \"team-7-x\"\n");
    let sandbox = template(&[("template.toml", &hard), user, case]);
    check(&sandbox, "--accept").ok();
    check(&sandbox, "").ok().says("no errors and no warnings");
}

/// A template with more choices than pairs hold.
fn wide(sandbox: &Sandbox) {
    for question in ["one", "two", "three"] {
        sandbox.template(&[(&format!("{question}/question.toml"), "")]);
        for choice in ["a", "b"] {
            sandbox.template(&[(&format!("{question}/{choice}/layer.toml"), "")]);
        }
    }
}

#[test]
fn all_combinations_show_more_than_pairs() {
    let sandbox = template(&[(
        "bridges/all/layer.toml",
        "when = \"one == 'b' and two == 'b' and three == 'b' and size == 'small'\"\n",
    )]);
    wide(&sandbox);
    sandbox.template(&[("bridges/all/files/a.toml", "a = \n")]);
    check(&sandbox, "--all")
        .code(1)
        .says("all 16 combinations")
        .says("for example with");
    assert!(
        check(&sandbox, "")
            .stderr()
            .contains("of 16 combinations, all pairs")
    );
}
