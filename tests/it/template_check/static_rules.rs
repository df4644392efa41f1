//! What is found without rendering anything.

use super::{check, findings, finds, found, says, template};

/// A bridge that is on when the size is big.
const BRIDGE: (&str, &str) = ("bridges/glue/layer.toml", "when = \"size == 'big'\"\n");

#[test]
fn a_wrong_key_of_a_manifest_is_found() {
    let file = ("size/big/layer.toml", "titel = \"Big\"\n");
    let finding = finds(
        &[file],
        ("error", "format"),
        file.0,
        "did you mean 'title'?",
    );
    assert_eq!(
        (&finding["line"], &finding["column"]),
        (&1.into(), &1.into())
    );
    assert_eq!(finding["source"], "titel = \"Big\"");
}

#[test]
fn a_secret_answer_in_a_file_that_is_committed_is_found() {
    let manifest = format!(
        "{}\n[[question]]\nname = \"token\"\nsecret = true\ndefault = \"x\"\n",
        super::MANIFEST
    );
    let exposed = ("base/files/settings.txt.jinja", "token = {{ token }}\n");
    let finding = finds(
        &[("template.toml", &manifest), exposed],
        ("error", "exposed"),
        exposed.0,
        "'token' is a secret",
    );
    assert_eq!(
        (&finding["line"], &finding["column"]),
        (&1.into(), &12.into())
    );
    let rule = (
        "base/layer.toml",
        "[[files]]\npath = \"settings.txt\"\nonce = true\n",
    );
    let ignored = ("base/files/.gitignore", "settings.txt\n");
    assert_eq!(
        found(&[("template.toml", &manifest), exposed, rule, ignored]),
        Vec::<serde_json::Value>::new()
    );
}

#[test]
fn a_file_for_secrets_that_git_would_commit_is_found() {
    let file = ("base/files/deep/key.txt.jinja", "{{ secret('KEY') }}\n");
    let rule = (
        "base/layer.toml",
        "[[files]]\npath = \"deep/key.txt\"\nonce = true\n",
    );
    finds(
        &[file, rule],
        ("warning", "exposed"),
        file.0,
        "add it to a .gitignore",
    );
    for ignores in [
        ("base/files/.gitignore", "*.txt\n!size.txt\n"),
        ("base/files/.gitignore", "/deep/\n"),
        ("base/files/deep/.gitignore", "/key.txt\n"),
    ] {
        assert_eq!(
            found(&[file, rule, ignores]),
            Vec::<serde_json::Value>::new()
        );
    }
}

#[test]
fn a_question_that_is_asked_later_is_named_as_such() {
    let question = (
        "early/question.toml",
        "order = -1\ndefault = \"yes\"\nwhen = \"size == 'big'\"\n",
    );
    finds(
        &[question, ("early/yes/files/yes.txt", "yes\n")],
        ("error", "unknown-name"),
        question.0,
        "question 'size' is asked later",
    );
}

#[test]
fn mistakes_of_all_kinds_come_at_once() {
    let found = found(&[
        ("size/big/layer.toml", "titel = \"Big\"\n"),
        ("bridges/one/layer.toml", "when = \"size == 'huge'\"\n"),
        ("bridges/two/layer.toml", "when = \"size ==\"\n"),
        ("base/files/a.txt.jinja", "{{ nmae }}\n"),
        ("base/files/b.txt.jinja", "{% if %}\n"),
        ("base/flies/c.txt", "c\n"),
    ]);
    let mut rules: Vec<&str> = found
        .iter()
        .map(|finding| finding["rule"].as_str().unwrap())
        .collect();
    rules.sort_unstable();
    assert_eq!(
        rules,
        [
            "format",
            "never-true",
            "stray-file",
            "syntax",
            "syntax",
            "unknown-name"
        ]
    );
}

#[test]
fn what_uses_a_question_with_a_mistake_is_not_a_mistake_of_its_own() {
    let broken = ("color/question.toml", "type = \"colour\"\n");
    let uses = ("base/files/c.txt.jinja", "{{ color }}{{ versions.a }}\n");
    let data = ("data/versions.toml", "a = \n");
    let found = found(&[broken, ("color/red/layer.toml", ""), uses, data]);
    assert_eq!(found.len(), 2, "{found:#?}");
    says(&found[0], ("error", "format"), broken.0, "type 'colour'");
    says(&found[1], ("error", "format"), data.0, "");
}

#[test]
fn an_expression_with_a_mistake_is_found() {
    let file = ("bridges/glue/layer.toml", "when = \"size == \"\n");
    finds(&[file], ("error", "syntax"), file.0, "syntax error");
}

#[test]
fn an_unknown_name_is_found() {
    let file = ("base/files/a.txt.jinja", "{{ naem }}\n");
    finds(
        &[file],
        ("error", "unknown-name"),
        file.0,
        "did you mean 'name'?",
    );
}

#[test]
fn an_unknown_block_is_found() {
    let file = (
        "size/big/files/README.md.jinja",
        "{% extends \"below\" %}\n{% block on %}{% endblock %}\n",
    );
    finds(
        &[file],
        ("error", "unknown-block"),
        file.0,
        "no file below has a block 'on'",
    );
}

#[test]
fn a_condition_that_is_never_true_is_found() {
    let file = ("bridges/glue/layer.toml", "when = \"size == 'huge'\"\n");
    finds(&[file], ("error", "never-true"), file.0, "never");
}

#[test]
fn a_layer_that_is_not_there_is_found() {
    let file = ("size/big/layer.toml", "conflicts = [\"color/red\"]\n");
    finds(&[file], ("error", "missing-layer"), file.0, "'color/red'");
}

#[test]
fn unused_questions_are_found() {
    let manifest = format!(
        "{}\n[[question]]\nname = \"team\"\ntype = \"text\"\ndefault = \"a\"\n",
        super::MANIFEST
    );
    let file = ("template.toml", manifest.as_str());
    finds(&[file], ("warning", "unused-question"), file.0, "'team'");
}

#[test]
fn unused_data_is_found() {
    let file = ("data/versions.toml", "one = 1\n");
    finds(
        &[file],
        ("warning", "unused-data"),
        file.0,
        "nothing uses the data 'versions'",
    );
}

#[test]
fn unused_keys_of_data_are_found() {
    let data = ("data/versions.toml", "one = 1\ntwo = 2\n");
    let user = ("base/files/a.txt.jinja", "{{ versions.one }}\n");
    let finding = finds(
        &[data, user],
        ("warning", "unused-data"),
        data.0,
        "'versions.two'",
    );
    assert_eq!(finding["line"], 2);
    for whole in [
        "{{ versions[name] }}\n",
        "{{ versions | json }}\n",
        "{% for k in versions %}{{ k }}{% endfor %}\n",
    ] {
        let source = format!("{{% if false %}}{whole}{{% endif %}}{{{{ versions.one }}}}\n");
        assert_eq!(
            found(&[data, (user.0, &source)]),
            Vec::<serde_json::Value>::new()
        );
    }
}

#[test]
fn unused_macros_are_found() {
    let one = "{% macro one() %}1{% endmacro %}";
    let file = ("macros/m.jinja", one);
    finds(
        &[file],
        ("warning", "unused-macro"),
        file.0,
        "nothing imports",
    );
    let both = format!("{one}{{% macro two() %}}2{{% endmacro %}}");
    let user = (
        "base/files/a.txt.jinja",
        "{% from \"macros/m.jinja\" import one %}\n{{ one() }}\n",
    );
    finds(
        &[(file.0, &both), user],
        ("warning", "unused-macro"),
        file.0,
        "the macro 'two'",
    );
}

#[test]
fn a_rule_for_no_file_is_found() {
    let file = (
        "base/layer.toml",
        "[[files]]\npath = \"scripts/*.sh\"\nexecutable = true\n",
    );
    let finding = finds(
        &[file],
        ("warning", "no-such-file"),
        file.0,
        "no file of 'base' is at 'scripts/*.sh'",
    );
    assert_eq!(finding["line"], 2);
    let script = (
        "base/files/{% if size == 'big' %}scripts{% endif %}/a.sh",
        "echo\n",
    );
    assert!(found(&[file, script]).is_empty());
    let script = ("base/files/{{ name }}/a.sh", "echo\n");
    let manifest = ("template.toml", &*super::plain_manifest());
    assert!(found(&[file, script, manifest]).is_empty());
}

#[test]
fn replaced_paths_have_to_be_there_twice() {
    let layer = ("size/big/layer.toml", "replaces = [\"NOTES.md\"]\n");
    finds(
        &[layer],
        ("warning", "no-such-file"),
        layer.0,
        "the layer has no such file",
    );
    let own = ("size/big/files/NOTES.md", "Big\n");
    finds(
        &[layer, own],
        ("warning", "no-such-file"),
        layer.0,
        "no other layer has it",
    );
    assert!(found(&[layer, own, ("base/files/NOTES.md", "Any\n")]).is_empty());
}

#[test]
fn a_choice_that_goes_together_with_nothing_is_found() {
    let color = ("color/question.toml", "order = 1\n");
    let red = (
        "color/red/layer.toml",
        "conflicts = [\"size/small\", \"size/big\"]\n",
    );
    let blue = ("color/blue/layer.toml", "");
    finds(
        &[color, red, blue],
        ("warning", "unreachable"),
        color.0,
        "'red' can never be chosen as color",
    );
}

#[test]
fn a_bridge_without_a_condition_is_found() {
    let file = ("bridges/glue/files/a.txt", "a\n");
    finds(
        &[file],
        ("warning", "always-on"),
        "bridges/glue",
        "always on",
    );
    assert!(found(&[file, BRIDGE]).is_empty());
}

#[test]
fn files_without_a_place_are_found() {
    let cases = [
        ("base/file/x.txt", "base/file", "did you mean 'files'?"),
        (
            "base/layer.tml",
            "base/layer.tml",
            "did you mean 'layer.toml'?",
        ),
        ("base/x.txt", "base/x.txt", "'base/files'"),
        ("size/x.txt", "size/x.txt", "a folder in 'size' is a layer"),
        (
            "size/big/flies/x.txt",
            "size/big/flies",
            "did you mean 'files'?",
        ),
        ("sizes/huge/layer.toml", "sizes", "did you mean 'size'?"),
        ("brigdes/a/layer.toml", "brigdes", "did you mean 'bridges'?"),
        ("orm/x/layer.toml", "orm", "question.toml"),
        ("data/a.json", "data/a.json", "data/*.toml"),
        ("x.txt", "x.txt", "nothing reads this file"),
    ];
    for (file, told, message) in cases {
        finds(&[(file, "")], ("warning", "stray-file"), told, message);
    }
}

#[test]
fn files_for_people_and_their_tools_have_a_place() {
    let paths = [
        "README.md",
        "LICENSE",
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "SECURITY.md",
        "Makefile",
        "justfile",
        ".gitignore",
        ".github/workflows/ci.yml",
        "docs/a.md",
        "scripts/a.sh",
        "tests/helper/a.py",
    ];
    let files: Vec<(&str, &str)> = paths.iter().map(|path| (*path, "")).collect();
    assert!(found(&files).is_empty());
}

#[test]
fn tags_of_another_language_are_found_where_they_are_read() {
    let path = "base/files/ci.txt.jinja";
    finds(
        &[(path, "key: ${{ name }}\n")],
        ("warning", "foreign-tag"),
        path,
        "{% raw %}",
    );
    for (source, rule) in [
        ("key: ${{ secrets.KEY }}\n", "unknown-name"),
        ("key: ${{ a && b }}\n", "syntax"),
    ] {
        finds(
            &[(path, source)],
            ("error", rule),
            path,
            "put it between {% raw %}",
        );
    }
    for fine in [
        "key: {% raw %}${{ name }}{% endraw %} # a\n",
        "key: {{ '${{ name }}' }}\n",
    ] {
        assert!(found(&[(path, fine)]).is_empty(), "{fine}");
    }
    assert!(found(&[("base/files/ci.txt", "key: ${{ name }}\n")]).is_empty());
}

#[test]
fn tags_in_a_file_that_is_copied_are_found() {
    let path = "base/files/a.txt";
    let finding = finds(
        &[(path, "a\nHello {{ name }}!\n")],
        ("warning", "copied-tag"),
        path,
        "'.jinja'",
    );
    assert_eq!(
        (&finding["line"], &finding["column"]),
        (&2.into(), &7.into())
    );
    assert!(found(&[(path, "{{ other }} ${{ name }}\n")]).is_empty());
    assert!(found(&[("base/files/a.html", "{{ name }}\n")]).is_empty());
}

#[test]
fn paths_that_a_system_can_not_have_are_found() {
    let path = "base/files/con.txt";
    finds(
        &[(path, "a\n")],
        ("error", "path"),
        path,
        "Windows reserves",
    );
}

#[cfg(unix)]
#[test]
fn paths_that_are_one_on_some_systems_are_found() {
    let found = found(&[
        ("base/files/NOTES.md", "a\n"),
        ("base/files/notes.md", "a\n"),
    ]);
    assert_eq!(found[0]["rule"], "path");
    assert!(
        found[0]["message"].as_str().unwrap().contains("'NOTES.md'"),
        "{found:#?}"
    );
}

#[cfg(unix)]
#[test]
fn paths_of_the_template_itself_that_can_not_be_checked_out_are_found() {
    let path = "base/files/{{ name | upper }}.txt";
    let manifest = ("template.toml", &*super::plain_manifest());
    finds(
        &[(path, "a\n"), manifest],
        ("warning", "path"),
        path,
        "can't be checked out everywhere",
    );
}

#[test]
fn a_manifest_that_can_not_be_read_is_told_with_its_place() {
    let sandbox = template(&[("template.toml", "name = \n"), ("bsae/x", "")]);
    let run = check(&sandbox, "--json");
    run.code(1);
    let found = findings(&run);
    says(&found[0], ("error", "format"), "template.toml", "");
    assert!(found.iter().any(|finding| finding["rule"] == "stray-file"));
}

/// Layers that put text into one block of a file: one choice, and one that goes with it.
const FILLED: [(&str, &str); 3] = [
    (
        "base/files/notes.txt.jinja",
        "{% block all %}\n{% block notes %}\nnone yet\n{% endblock %}\n{% endblock %}\n",
    ),
    ("color/question.toml", "order = 20\ndefault = \"red\"\n"),
    (
        "size/big/files/notes.txt.jinja",
        "{% extends \"below\" %}\n{% block notes %}\nbig\n{% endblock %}\n",
    ),
];

/// Checks the template with a layer that lies over it.
fn over(path: &str, block: &str, more: &[(&str, &str)]) -> Vec<serde_json::Value> {
    let text = format!(
        "{{% extends \"below\" %}}\n{{% block {block} %}}\n{{{{ name }}}}\n{{% endblock %}}\n"
    );
    let mut files = FILLED.to_vec();
    files.extend([
        ("color/blue/layer.toml", "title = \"Blue\"\n"),
        ("color/red/layer.toml", "title = \"Red\"\n"),
        (path, text.as_str()),
    ]);
    files.extend(more);
    found(&files)
}

#[test]
fn a_block_that_drops_what_another_layer_put_into_it_is_found() {
    let path = "color/red/files/notes.txt.jinja";
    for block in ["notes", "all"] {
        let found = over(path, block, &[]);
        let [finding] = found.as_slice() else {
            panic!("one finding expected: {found:#?}");
        };
        super::says(
            finding,
            ("warning", "lost-block"),
            path,
            "drops what size/big puts into block",
        );
        let message = finding["message"].as_str().unwrap();
        assert!(message.contains("(with color=red, size=big)"), "{message}");
        assert_eq!(
            (&finding["line"], &finding["column"]),
            (&2.into(), &10.into())
        );
    }
}

#[test]
fn a_block_that_may_be_dropped_is_no_finding() {
    let none = Vec::<serde_json::Value>::new();
    let path = "color/red/files/notes.txt.jinja";
    // It shows what is below.
    assert_eq!(
        over(path, "notes %}{{ super() }}{% if name", &[]).len(),
        1,
        "a syntax error"
    );
    let shows =
        "{% extends \"below\" %}\n{% block notes %}\n{{ super() }}{{ name }}\n{% endblock %}\n";
    assert_eq!(over(path, "notes", &[(path, shows)]), none);
    // It says so.
    let says = ("color/red/layer.toml", "replaces = [\"notes.txt#notes\"]\n");
    assert_eq!(over(path, "notes", &[says]), none);
    // The lower one is there wherever the upper one is.
    let bridge = (
        "bridges/glue/layer.toml",
        "when = \"size == 'big' and color == 'red'\"\n",
    );
    assert_eq!(
        over("bridges/glue/files/notes.txt.jinja", "notes", &[bridge]),
        none
    );
    // They never come together.
    let other = "size/small/files/notes.txt.jinja";
    assert_eq!(over(other, "notes", &[]), none);
}

#[test]
fn a_bridge_that_is_also_on_without_the_lower_layer_is_found() {
    let bridge = (
        "bridges/glue/layer.toml",
        "when = \"size == 'big' or color == 'red'\"\n",
    );
    let path = "bridges/glue/files/notes.txt.jinja";
    let found = over(path, "notes", &[bridge]);
    assert_eq!(found.len(), 1, "{found:#?}");
    super::says(&found[0], ("warning", "lost-block"), path, "(with color=");
}

#[test]
fn what_systems_and_editors_leave_behind_is_no_part_of_a_template() {
    let litter = [
        ("base/files/.DS_Store", "\u{0}"),
        ("base/files/README.md.jinja~", "old\n"),
        ("base/files/.README.md.jinja.swp", "old\n"),
        ("base/__pycache__/x.cpython-313.pyc", "x"),
        (".DS_Store", "\u{0}"),
    ];
    assert_eq!(found(&litter), Vec::<serde_json::Value>::new());
    let sandbox = template(&litter);
    sandbox
        .run("new demo --yes --template ../template --no-git")
        .ok();
    let made = sandbox.files("work/demo");
    assert!(
        !made
            .iter()
            .any(|path| path.contains("DS_Store") || path.contains('~') || path.ends_with(".swp")),
        "{made:?}"
    );
}

#[test]
fn a_slice_that_the_engine_cannot_stand_is_shown_where_it_is() {
    let file = ("base/files/b.txt.jinja", "one\ntwo\n{{ name[::-1] }}\n");
    let finding = finds(
        &[file],
        ("error", "syntax"),
        file.0,
        "the step of the slice",
    );
    assert_eq!(
        (&finding["line"], &finding["column"]),
        (&3.into(), &10.into())
    );
    assert_eq!(finding["source"], "{{ name[::-1] }}");
}
