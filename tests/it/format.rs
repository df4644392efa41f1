//! The template format: small templates, and what comes out of them.

use crate::support::Sandbox;

/// The manifest that most templates here begin with.
const MANIFEST: &str = "name = \"small\"\nversion = \"1.0.0\"\nsummary = \"Small\"\n\n[[question]]\nname = \"name\"\ntype = \"text\"\ndefault = \"{{ input.directory }}\"\n";

/// Renders a template with some flags, and gives the sandbox with the project in `work/p`.
#[track_caller]
fn rendered(files: &[(&str, &str)], flags: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.template(&[&[("template.toml", MANIFEST)], files].concat());
    sandbox
        .run(&format!(
            "new p --template ../template --yes --no-git {flags}"
        ))
        .ok();
    sandbox
}

/// Gives what is said about a template with mistakes, of which nothing may be written.
#[track_caller]
fn refused(files: &[(&str, &str)]) -> String {
    let sandbox = Sandbox::new();
    sandbox.template(&[&[("template.toml", MANIFEST)], files].concat());
    let run = sandbox.run("new p --template ../template --yes --no-git");
    run.code(1);
    assert_eq!(sandbox.files("work"), Vec::<String>::new());
    run.stderr()
}

/// Checks that all of several parts are in a text.
#[track_caller]
fn has(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "'{part}' is missing in:\n{text}");
    }
}

const SIZE: (&str, &str) = (
    "size/question.toml",
    "prompt = \"Size\"\ndefault = \"small\"\n",
);

#[test]
fn files_are_copied_or_rendered_by_their_suffix() {
    let sandbox = rendered(
        &[
            ("base/files/a.txt", "{{ name }}\n"),
            ("base/files/b.txt.jinja", "{{ name }}\n"),
            ("base/files/{{ name }}/c.txt", "c"),
        ],
        "",
    );
    assert_eq!(sandbox.read("work/p/a.txt"), "{{ name }}\n");
    assert_eq!(sandbox.read("work/p/b.txt"), "p\n");
    assert_eq!(sandbox.read("work/p/p/c.txt"), "c");
}

#[test]
fn a_path_part_that_is_empty_leaves_the_file_out() {
    let files = [
        SIZE,
        ("size/small/files/a.txt", ""),
        ("size/big/files/b.txt", ""),
        ("base/files/{% if size == 'big' %}big{% endif %}/c.txt", ""),
    ];
    let state = [".pyscaffold/answers.toml", ".pyscaffold/snapshot.tar.gz"];
    assert_eq!(
        rendered(&files, "").files("work/p"),
        [&state[..], &["a.txt"]].concat()
    );
    assert_eq!(
        rendered(&files, "--size big").files("work/p"),
        [&state[..], &["b.txt", "big/c.txt"]].concat()
    );
}

#[test]
fn below_works_at_any_depth_and_inside_filters() {
    let sandbox = rendered(
        &[
            SIZE,
            (
                "base/files/a.txt.jinja",
                "{% filter upper %}{% block one %}base{% endblock %}{% endfilter %} {% block two %}{% endblock %}",
            ),
            (
                "size/small/files/a.txt.jinja",
                "{% extends \"below\" %}{% block one %}{{ super() }} small{% endblock %}",
            ),
            ("bridges/b/layer.toml", "when = \"size == 'small'\"\n"),
            (
                "bridges/b/files/a.txt.jinja",
                "{% extends \"below\" %}\n{% block one %}{{ super() }} bridge{% endblock %}\n{% block two %}two\n{% endblock %}",
            ),
        ],
        "",
    );
    assert_eq!(sandbox.read("work/p/a.txt"), "BASE SMALL BRIDGE two\n");
}

#[test]
fn layers_lie_in_the_order_of_questions_and_requires() {
    let note = |text: &'static str| text;
    let sandbox = rendered(
        &[
            ("alpha/question.toml", "order = 2\n"),
            ("omega/question.toml", "order = 1\n"),
            ("base/files/.gitignore.jinja", "base\n"),
            ("alpha/x/files/.gitignore.jinja", "alpha\n"),
            ("omega/x/files/.gitignore.jinja", "omega\n"),
            ("bridges/a/layer.toml", "requires = [\"bridges/b\"]\n"),
            ("bridges/a/files/.gitignore.jinja", note("bridge-a\n")),
            ("bridges/b/files/.gitignore.jinja", note("bridge-b\n")),
        ],
        "",
    );
    let lines = sandbox.read("work/p/.gitignore");
    let order: Vec<&str> = lines.lines().filter(|line| !line.is_empty()).collect();
    assert_eq!(order, ["base", "omega", "alpha", "bridge-b", "bridge-a"]);
}

#[test]
fn toml_and_json_are_merged_and_text_can_be_replaced() {
    let sandbox = rendered(
        &[
            SIZE,
            (
                "base/files/pyproject.toml.jinja",
                "[project]\ndependencies = [\n    \"b>=1\", # keep\n]\n",
            ),
            (
                "size/small/files/pyproject.toml.jinja",
                "[project]\ndependencies = [\"a\", \"B>=2\"]\n\n[tool.x]\ny = 1\n",
            ),
            ("base/files/a.json", "{\n  \"a\": 1\n}\n"),
            ("size/small/files/a.json", "{\"b\": [2]}"),
            ("base/files/t.txt", "base\n"),
            ("size/small/files/t.txt", "small\n"),
            ("size/small/layer.toml", "replaces = [\"t.txt\"]\n"),
        ],
        "",
    );
    assert_eq!(
        sandbox.read("work/p/pyproject.toml"),
        "[project]\ndependencies = [\n    \"a\",\n    \"B>=2\", # keep\n]\n\n[tool.x]\ny = 1\n"
    );
    assert_eq!(
        sandbox.read("work/p/a.json"),
        "{\n  \"a\": 1,\n  \"b\": [\n    2\n  ]\n}\n"
    );
    assert_eq!(sandbox.read("work/p/t.txt"), "small\n");
}

#[test]
fn rules_give_the_executable_bit_and_leave_files_out() {
    use std::os::unix::fs::PermissionsExt;
    let sandbox = rendered(
        &[
            (
                "base/layer.toml",
                "[[files]]\npath = \"bin/*.sh\"\nexecutable = true\n\n[[files]]\npath = \"big/**\"\nwhen = \"name == 'big'\"\n",
            ),
            ("base/files/bin/a.sh", "#!/bin/sh\n"),
            ("base/files/bin/a.txt", ""),
            ("base/files/big/deep/a.txt", ""),
        ],
        "",
    );
    let mode = |path: &str| sandbox.path(path).metadata().unwrap().permissions().mode() & 0o111;
    assert_ne!(mode("work/p/bin/a.sh"), 0);
    assert_eq!(mode("work/p/bin/a.txt"), 0);
    assert!(!sandbox.path("work/p/big").exists());
}

#[test]
fn secrets_are_random_private_and_in_no_snapshot() {
    use std::os::unix::fs::PermissionsExt;
    let files = [
        (
            "base/layer.toml",
            "[[files]]\npath = \".env\"\nonce = true\n",
        ),
        ("base/files/.env.jinja", "KEY={{ secret(\"KEY\") }}\n"),
    ];
    let (one, other) = (rendered(&files, ""), rendered(&files, ""));
    assert_ne!(one.read("work/p/.env"), other.read("work/p/.env"));
    assert_eq!(one.read("work/p/.env").trim().len(), "KEY=".len() + 64);
    assert_eq!(
        one.path("work/p/.env")
            .metadata()
            .unwrap()
            .permissions()
            .mode()
            & 0o777,
        0o600
    );
    let snapshot = std::fs::read(one.path("work/p/.pyscaffold/snapshot.tar.gz")).unwrap();
    assert_eq!(
        snapshot,
        std::fs::read(other.path("work/p/.pyscaffold/snapshot.tar.gz")).unwrap()
    );

    let error = refused(&[("base/files/a.txt.jinja", "{{ secret(\"KEY\") }}")]);
    has(
        &error,
        &[
            "secret() works only in a file with 'once = true'",
            "a.txt.jinja:1",
        ],
    );
}

#[test]
fn data_and_macros_are_shared_by_all_layers() {
    let sandbox = rendered(
        &[
            ("data/versions.toml", "[packages]\nb = \"2\"\n"),
            (
                "macros/text.jinja",
                "{% macro twice(x) %}{{ x }}{{ x }}{% endmacro %}",
            ),
            (
                "base/files/a.txt.jinja",
                "{% from \"macros/text.jinja\" import twice %}\n{{ twice(versions.packages.b) }}\n",
            ),
        ],
        "",
    );
    assert_eq!(sandbox.read("work/p/a.txt"), "22\n");
}

#[test]
fn choices_that_look_the_same_are_refused() {
    let error = refused(&[
        ("base/files/a.jinja", "{{ size }}{{ color }}"),
        ("size/question.toml", "order = 1\n"),
        ("size/big/layer.toml", "title = \"Size\"\n"),
        ("size/small/layer.toml", "title = \"Size\"\n"),
        (
            "template.toml",
            &format!("{MANIFEST}[[question]]\nname = \"color\"\nchoices = [\"red\", \"red\"]\n"),
        ),
    ]);
    has(
        &error,
        &[
            "two choices of 'size' have the title 'Size'",
            "two choices of 'color' have the value 'red'",
        ],
    );
}

#[test]
fn a_choice_is_refused_with_its_reason_and_the_alternative() {
    let files = [
        ("size/question.toml", "order = 1\n"),
        ("size/big/files/a", ""),
        ("size/small/files/a", ""),
        ("color/question.toml", "order = 2\n"),
        (
            "color/red/layer.toml",
            "when = \"size == 'big'\"\nbecause = \"red needs room\"\n",
        ),
        ("color/green/layer.toml", "conflicts = [\"size/big\"]\n"),
        ("color/blue/layer.toml", "requires = [\"size/big\"]\n"),
        ("color/white/files/b", ""),
    ];
    let sandbox = Sandbox::new();
    sandbox.template(&[&[("template.toml", MANIFEST)], &files[..]].concat());
    let new = |flags: &str| {
        sandbox.run(&format!(
            "new p --template ../template --yes --no-git {flags}"
        ))
    };
    new("--size small --color red")
        .code(2)
        .says("red needs room")
        .says("choose green or white");
    new("--size big --color green")
        .code(2)
        .says("it doesn't go together with size/big");
    new("--size small --color blue")
        .code(2)
        .says("it needs size/big");
    new("--size small --color grean")
        .code(2)
        .says("did you mean 'green'?");
    assert!(!sandbox.path("work/p").exists());
    new("--size big --color red").ok();
}

#[test]
fn several_choices_can_stand_against_and_need_each_other() {
    let files = [
        ("template.toml", MANIFEST),
        ("extra/question.toml", "type = \"choices\"\n"),
        ("extra/a/files/a", ""),
        ("extra/b/files/b", ""),
        ("extra/b/layer.toml", "conflicts = [\"extra/a\"]\n"),
        ("extra/c/files/c", ""),
        ("extra/c/layer.toml", "requires = [\"extra/a\"]\n"),
    ];
    let sandbox = Sandbox::new();
    sandbox.template(&files);
    let new = |extra: &str| {
        sandbox.run(&format!(
            "new p --template ../template --yes --no-git --extra {extra}"
        ))
    };
    new("b,a")
        .code(2)
        .says("'a' can't be chosen here: it doesn't go together with extra/b");
    new("c").code(2).says("it needs extra/a");
    assert!(!sandbox.path("work/p").exists());
    new("c,a").ok();
    assert_eq!(
        sandbox.files("work/p"),
        [
            ".pyscaffold/answers.toml",
            ".pyscaffold/snapshot.tar.gz",
            "a",
            "c"
        ]
    );
    let options = sandbox
        .run("options --template ../template --json")
        .ok()
        .json();
    assert_eq!(options["combinations"], 4, "none, a, b, and a with c");
}

#[test]
fn mistakes_in_manifests_come_all_at_once_with_their_lines() {
    let error = refused(&[
        (
            "base/layer.toml",
            "replace = [\"x\"]\n[[files]]\nexecutable = true\n",
        ),
        (
            "size/question.toml",
            "prompt = 1\ndefault = \"small\"\nwhen = \"name ==\"\n",
        ),
        ("size/small/layer.toml", "when = \"nmae == 'x'\"\n"),
        ("bridges/b/layer.toml", "because = [\n"),
    ]);
    has(
        &error,
        &[
            "5 mistakes",
            "template/base/layer.toml:1:1",
            "unknown key 'replace', did you mean 'replaces'?",
            "'path' is missing",
            "'prompt' must be a text",
            "size/question.toml:3:8",
            "when = \"name ==\"",
        ],
    );
}

#[test]
fn unknown_names_and_blocks_are_found_before_anything_is_written() {
    let error = refused(&[
        SIZE,
        ("size/small/layer.toml", "when = \"nmae == 'x'\"\n"),
        (
            "base/files/a.txt.jinja",
            "one\n{{ naem }}\n{% block body %}{% endblock %}\n",
        ),
        (
            "size/small/files/a.txt.jinja",
            "{% extends \"below\" %}\n{% block boddy %}{% endblock %}\n",
        ),
        ("base/files/b.txt.jinja", "{% if %}\n"),
    ]);
    has(
        &error,
        &[
            "unknown name 'naem', did you mean 'name'?",
            "base/files/a.txt.jinja:2:4",
            "{{ naem }}",
            "no file below has a block 'boddy', did you mean 'body'?",
            "size/small/files/a.txt.jinja:2:10",
            "unknown name 'nmae'",
            "b.txt.jinja:1",
        ],
    );
}

#[test]
fn two_layers_with_the_same_file_are_an_error_that_names_both() {
    let error = refused(&[
        SIZE,
        ("base/files/a.txt", "1"),
        ("size/small/files/a.txt", "2"),
    ]);
    has(
        &error,
        &[
            "layers 'base' and 'size/small' both have this file",
            "{% extends \"below\" %}",
            "replaces",
        ],
    );
}

#[test]
fn a_condition_that_can_never_hold_is_an_error() {
    let error = refused(&[
        SIZE,
        ("size/small/files/a", ""),
        ("bridges/b/layer.toml", "when = \"size == 'huge'\"\n"),
    ]);
    has(
        &error,
        &[
            "this can never be true",
            "bridges/b/layer.toml:1:8",
            "size == 'huge'",
        ],
    );
}

#[test]
fn a_question_that_nothing_uses_is_a_warning() {
    let sandbox = Sandbox::new();
    let manifest = format!("{MANIFEST}\n[[question]]\nname = \"team\"\ndefault = \"a\"\n");
    sandbox.template(&[
        ("template.toml", &manifest),
        ("base/files/a.jinja", "{{ name }}"),
    ]);
    sandbox
        .run("new p --template ../template --yes --no-git")
        .ok()
        .says("nothing uses the question 'team'");
}

#[test]
fn the_answer_of_a_question_that_was_not_asked_is_none_and_cannot_be_written() {
    let team = "[[question]]\nname = \"team\"\nwhen = \"name == 'x'\"\ndefault = \"a\"\n";
    let manifest = format!("{MANIFEST}\n{team}");
    let sandbox = Sandbox::new();
    sandbox.template(&[
        ("template.toml", &manifest),
        ("base/files/a.jinja", "{% if team is none %}ok{% endif %}"),
    ]);
    sandbox
        .run("new p --template ../template --yes --no-git")
        .ok();
    assert_eq!(sandbox.read("work/p/a"), "ok");
    sandbox.template(&[("base/files/a.jinja", "{{ team }}")]);
    sandbox
        .run("new q --template ../template --yes --no-git")
        .code(1)
        .says("the question was not asked");
    sandbox
        .run("new q --template ../template --yes --no-git --team b")
        .code(2)
        .says("'team' is only asked when name == 'x'");
}

#[test]
fn rendering_is_limited() {
    let endless =
        "{% for a in range(9999) %}{% for b in range(9999) %}{{ b }}{% endfor %}{% endfor %}";
    has(
        &refused(&[("base/files/a.jinja", endless)]),
        &["fuel", "a.jinja"],
    );
    let deep = "{% macro m(x) %}{{ m(x) }}{% endmacro %}{{ m(1) }}";
    has(
        &refused(&[("base/files/a.jinja", deep)]),
        &["recursion", "a.jinja"],
    );
    let large = "{% for a in range(9000) %}{{ 'abcdefghij' * 200 }}{% endfor %}";
    has(&refused(&[("base/files/a.jinja", large)]), &["larger than"]);
}

#[test]
fn paths_cannot_leave_the_project() {
    let evil =
        |name: &str| format!("{MANIFEST}\n[[question]]\nname = \"evil\"\ndefault = \"{name}\"\n");
    for name in ["..", ".git", "aux", "a:b", "a ", ".GIT", "a/../../b"] {
        let sandbox = Sandbox::new();
        sandbox.template(&[
            ("template.toml", &evil(name)),
            ("base/files/{{ evil }}/x.txt", ""),
        ]);
        let run = sandbox.run("new p --template ../template --yes --no-git");
        assert!(
            run.0.status.code() == Some(1),
            "'{name}' was let through: {}",
            run.stderr()
        );
        assert_eq!(sandbox.files("work"), Vec::<String>::new());
    }
}

#[test]
fn twins_on_other_file_systems_are_refused() {
    has(
        &refused(&[("base/files/README", ""), ("base/files/readme", "")]),
        &["are the same on some file systems"],
    );
}

#[test]
fn links_in_a_template_are_refused() {
    let sandbox = Sandbox::new();
    sandbox.template(&[("template.toml", MANIFEST), ("base/files/a", "")]);
    std::os::unix::fs::symlink("/etc/passwd", sandbox.path("template/base/files/b")).unwrap();
    sandbox
        .run("new p --template ../template --yes")
        .code(1)
        .says("can't hold links");
}

#[test]
fn a_template_lies_on_top_of_another_one() {
    let sandbox = Sandbox::new();
    sandbox.template(&[
        ("template.toml", MANIFEST),
        (
            "base/files/a.txt.jinja",
            "{% block a %}base{% endblock %}.\n",
        ),
        ("size/question.toml", ""),
        ("size/small/files/s.txt", ""),
    ]);
    sandbox.write("top/template.toml", "name = \"top\"\nversion = \"1\"\nextends = \"../template\"\n[[question]]\nname = \"team\"\ndefault = \"core\"\n");
    sandbox.write(
        "top/base/files/a.txt.jinja",
        "{% extends \"below\" %}{% block a %}{{ super() }} {{ team }}{% endblock %}",
    );
    sandbox.write("top/size/huge/files/h.txt", "");
    sandbox
        .run("new p --template ../top --yes --no-git --size huge")
        .ok();
    assert_eq!(sandbox.read("work/p/a.txt"), "base core.\n");
    assert!(sandbox.path("work/p/h.txt").exists());
}

#[test]
fn a_template_for_a_newer_program_is_refused() {
    let sandbox = Sandbox::new();
    sandbox.template(&[(
        "template.toml",
        "name = \"x\"\nversion = \"1\"\nrequires = \">=99\"\n",
    )]);
    sandbox
        .run("new p --template ../template --yes")
        .code(1)
        .says("the template needs pyscaffold >=99");
    sandbox
        .run("new p --template ../nowhere --yes")
        .code(2)
        .says("is not a folder that exists");
}

#[test]
fn foreign_commands_need_trust() {
    let sandbox = Sandbox::new();
    let layer =
        "[[step]]\nname = \"lock\"\ntitle = \"Lock\"\nrun = [\"touch\", \"made by step\"]\n";
    sandbox.template(&[
        ("template.toml", MANIFEST),
        ("base/layer.toml", layer),
        ("base/files/a", ""),
    ]);
    sandbox
        .run("new p --template ../template --yes")
        .code(4)
        .says("touch 'made by step'");
    assert!(!sandbox.path("work/p").exists());
    sandbox
        .run("new p --template ../template --yes --no-lock")
        .ok();
    sandbox
        .run("new q --template ../template --yes --trust")
        .ok();
    assert!(sandbox.path("work/q/made by step").exists());
}

#[test]
fn mistakes_in_signs_are_found() {
    let said = refused(&[
        (
            "template.toml",
            &format!(
                "{MANIFEST}\
                 \n[[question]]\nname = \"found\"\n\
                 \n[[question]]\nname = \"b\"\ndetect = 3\n"
            ),
        ),
        SIZE,
        ("size/big/layer.toml", "detect = \"found.file(\"\n"),
    ]);
    has(
        &said,
        &[
            "a question can't be called 'found'",
            "'detect' must be a text or a list of texts",
            "size/big/layer.toml",
        ],
    );
    let said = refused(&[
        (
            "template.toml",
            &format!("{MANIFEST}detect = [\"{{{{ found.pakage(name) }}}}\", \"{{{{ nope }}}}\"]\n"),
        ),
        SIZE,
        (
            "size/small/layer.toml",
            "detect = [\"found.dependancy('a')\", \"weight == 1\"]\n",
        ),
    ]);
    has(
        &said,
        &[
            "unknown sign 'found.pakage', did you mean 'found.package'?",
            "unknown name 'name'",
            "unknown name 'nope'",
            "unknown sign 'found.dependancy', did you mean 'found.dependency'?",
            "unknown name 'weight'",
        ],
    );
}

#[test]
fn one_question_and_none_have_every_combination() {
    use pyscaffold::template::{Source, Template};

    let plain =
        "\n[[question]]\nname = \"colour\"\ntype = \"choice\"\nchoices = [\"red\", \"blue\"]\n";
    for (questions, count) in [(String::new(), 1), (plain.to_owned(), 2)] {
        let sandbox = Sandbox::new();
        let manifest = format!("{MANIFEST}{questions}");
        let folder = sandbox.template(&[("template.toml", &manifest)]);
        let template = Template::load(Source::Folder(folder)).unwrap();
        let combinations = crate::support::combinations::all(&template);
        assert_eq!(combinations.covering(2).len(), count, "{questions}");
    }
}
