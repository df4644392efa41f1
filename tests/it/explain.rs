//! `pyscaffold template explain`: where every line of a file comes from.

use std::collections::BTreeMap;

use pyscaffold::given::{Gathered, Unanswered};
use pyscaffold::render::{self, Line, Origin, Seed};
use pyscaffold::resolve::Given;
use pyscaffold::template::{Source, Template};

use crate::show;
use crate::support::{Sandbox, combinations};

/// Explains a file of a template, and writes each line with where it comes from.
#[track_caller]
fn explained(files: &[(&str, &str)], path: &str) -> Vec<String> {
    let manifest = "name = \"small\"\nversion = \"1.0.0\"\n\n[[question]]\nname = \"name\"\ndefault = \"demo\"\n";
    let sandbox = Sandbox::new();
    sandbox.template(&[&[("template.toml", manifest)], files].concat());
    let data = sandbox
        .run(&format!(
            "template explain {path} --template ../template --json"
        ))
        .ok()
        .json();
    let write = |origin: &serde_json::Value| {
        let owner = origin["layer"].as_str().or(origin["file"].as_str());
        format!("{}:{}", owner.unwrap(), origin["template_line"])
    };
    let lines = data["lines"].as_array().unwrap().iter();
    lines
        .map(|line| {
            let others = line["also"].as_array().unwrap().iter().map(write);
            let all: Vec<String> = [write(line)].into_iter().chain(others).collect();
            format!("{} | {}", all.join(" + "), line["text"].as_str().unwrap())
        })
        .collect()
}

#[test]
fn a_file_is_explained_for_people() {
    let sandbox = show::sandbox();
    let run = sandbox.run("template explain README.md --template ../template --size big --team us");
    let expected = "\
README.md

Parts, from the bottom to the top
  base  new  always
      ../template/base/files/README.md.jinja
  size/big  extends  --size big
      ../template/size/big/files/README.md.jinja

Lines
      base:1 │ # sample
           2 │
           4 │ By us, 3.13.
  size/big:4 │ It is big.
";
    let lines: Vec<String> = run
        .ok()
        .stdout()
        .lines()
        .map(|line| line.trim_end().to_owned())
        .collect();
    assert_eq!(lines.join("\n") + "\n", expected);
    let shown = sandbox
        .run("template explain README.md --template ../template --verbose")
        .ok()
        .stdout();
    assert!(
        shown.contains("  ../template/base/files/README.md.jinja:1 │ # sample"),
        "{shown}"
    );
}

#[test]
fn layers_of_several_templates_are_told_apart() {
    let sandbox = show::sandbox();
    sandbox.write(
        "acme/template.toml",
        "name = \"acme\"\nversion = \"1.0.0\"\nextends = \"../template\"\n",
    );
    sandbox.write(
        "acme/base/files/README.md.jinja",
        "{% extends \"below\" %}\n{% block about %}\nOurs.\nAll of it.\n{% endblock %}\n",
    );
    sandbox.write("acme/size/big/files/big.txt", "");
    let run = sandbox.run("template explain README.md --template ../acme");
    let shown = run.ok().stdout();
    let lines: Vec<&str> = shown.lines().map(str::trim_end).collect();
    let expected = "\
README.md

Parts, from the bottom to the top
  small base  new  always
      ../acme/../template/base/files/README.md.jinja
  acme base  extends  always
      ../acme/base/files/README.md.jinja

Lines
  small base:1 │ # sample
             2 │
   acme base:3 │ Ours.
             4 │ All of it.
";
    assert_eq!(lines.join("\n") + "\n", expected);
    let data = sandbox
        .run("template explain README.md --template ../acme --json")
        .ok()
        .json();
    for (index, template) in [(0, "small"), (1, "acme")] {
        assert_eq!(data["parts"][index]["template"], template);
        assert_eq!(data["parts"][index]["layer"], "base");
    }
    for (index, template) in [(0, "small"), (2, "acme")] {
        assert_eq!(data["lines"][index]["template"], template);
        assert_eq!(data["lines"][index]["layer"], "base");
    }
    sandbox
        .run("template explain big.txt --template ../acme")
        .code(2)
        .says("layer 'acme size/big' would bring it with --size big");
}

#[test]
fn rules_are_named_with_their_place() {
    let sandbox = show::sandbox();
    let go = sandbox.run("template explain ./bin/go.sh --template ../template");
    let go = go.ok().stdout();
    assert!(go.starts_with("bin/go.sh\nexecutable\n"), "{go}");
    let rule = "../template/base/layer.toml:2: bin/*.sh is executable\n";
    assert!(go.contains(rule), "{go}");
    let license = sandbox
        .run("template explain LICENSE --template ../template --size big")
        .ok()
        .stdout();
    assert!(
        license.contains("  base  new, replaced  always\n"),
        "{license}"
    );
    assert!(license.contains("  size/big:1 │ ours\n"), "{license}");
}

#[test]
fn a_secret_answer_does_not_show() {
    let data = show::sandbox()
        .run("template explain .env --template ../template --json")
        .ok()
        .json();
    assert_eq!(data["once"], true);
    assert_eq!(data["lines"][0]["text"], "KEY=…");
}

#[test]
fn what_is_no_text_has_no_lines() {
    let sandbox = show::sandbox();
    sandbox.write("template/base/files/logo.png", [0x89, b'P', 0xff, 0]);
    let command = "template explain logo.png --template ../template";
    let shown = sandbox.run(command).ok().stdout();
    assert!(shown.ends_with("\n4 bytes, not a text\n"), "{shown}");
    let data = sandbox.run(&format!("{command} --json")).ok().json();
    assert_eq!(
        (&data["lines"], &data["size"]),
        (&serde_json::Value::Null, &4.into())
    );
}

#[test]
fn a_path_that_is_not_there_says_what_brings_it() {
    let sandbox = show::sandbox();
    sandbox.write("template/size/big/files/big.txt", "");
    sandbox.write("template/bridges/b/files/bridge.txt", "");
    let explain = |path: &str| {
        let run = sandbox.run(&format!("template explain {path} --template ../template"));
        run.code(2);
        run.stderr()
    };
    for (path, hint) in [
        (
            "big.txt",
            "layer 'size/big' would bring it with --size big, possible when name != 'tiny'",
        ),
        (
            "bridge.txt",
            "layer 'bridges/b' would bring it when size == 'big'",
        ),
        (
            "big/a.txt",
            "layer 'base' would bring it its files when size == 'big'",
        ),
        ("docs/README.md", "did you mean 'README.md'?"),
        ("REDME.md", "did you mean 'README.md'?"),
        (
            "zzz",
            "'pyscaffold template show --verbose' lists all files",
        ),
    ] {
        let said = explain(path);
        assert!(said.contains(&format!("no file '{path}'")), "{said}");
        assert!(said.contains(&format!("hint: {hint}\n")), "{path}: {said}");
    }
}

#[test]
fn a_broken_file_is_an_error_at_its_place() {
    let sandbox = show::sandbox();
    sandbox.write("template/base/files/x.jinja", "ok\n{{ name.nope.nope }}\n");
    sandbox
        .run("template explain x --template ../template")
        .code(1)
        .says("base/files/x.jinja:2");
}

#[test]
fn blocks_loops_and_macros_are_followed() {
    let lines = explained(
        &[
            (
                "macros/m.jinja",
                "{% macro twice(text) %}\n{{ text }}\n{{ text }}!\n{% endmacro %}\n",
            ),
            (
                "base/files/a.jinja",
                "{% from \"macros/m.jinja\" import twice %}\n\
                 {% block one %}\n\
                 x = [{% block items %}1{% endblock %}]\n\
                 {% endblock %}\n\
                 \n\
                 {% for i in range(2) %}\n  - {{ i }}\n{% endfor %}\n\
                 {{ twice(name) }}end\n",
            ),
            ("bridges/b/layer.toml", "when = \"name == 'demo'\"\n"),
            (
                "bridges/b/files/a.jinja",
                "{% extends \"below\" %}\n\
                 {% block one %}\n{{ super() -}}\ny = 2\n{% endblock %}\n\
                 {% block items %}{{ super() }}, 2{% endblock %}\n",
            ),
        ],
        "a",
    );
    assert_eq!(
        lines,
        [
            "base:3 + bridges/b:6 | x = [1, 2]",
            "bridges/b:4 | y = 2",
            "base:5 | ",
            "base:7 |   - 0",
            "base:7 |   - 1",
            "macros/m.jinja:2 + base:9 | demo",
            "macros/m.jinja:3 | demo!",
            "base:9 | end",
        ]
    );
}

#[test]
fn layers_that_are_merged_are_told_apart() {
    let files = [
        (
            "base/files/pyproject.toml.jinja",
            "[project]\nname = {{ name | toml }}\ndependencies = [\n    \"b>=1\",\n]\n",
        ),
        ("bridges/b/layer.toml", "when = \"name == 'demo'\"\n"),
        (
            "bridges/b/files/pyproject.toml.jinja",
            "{% if name == 'demo' %}\n[project]\ndependencies = [\"a\", \"b>=2\"]\n{% endif %}\n\n[tool.x]\ny = 1\n",
        ),
        ("base/files/a.json", "{\n  \"a\": 1\n}\n"),
        ("bridges/b/files/a.json", "{\"b\": [2]}\n"),
    ];
    assert_eq!(
        explained(&files, "pyproject.toml"),
        [
            "base:1 | [project]",
            "base:2 | name = \"demo\"",
            "base:3 | dependencies = [",
            "bridges/b:3 |     \"a\",",
            "bridges/b:3 |     \"b>=2\",",
            "base:5 | ]",
            "bridges/b:6 | ",
            "bridges/b:6 | [tool.x]",
            "bridges/b:7 | y = 1",
        ]
    );
    assert_eq!(
        explained(&files, "a.json"),
        [
            "base:1 | {",
            "base:2 |   \"a\": 1,",
            "bridges/b:1 |   \"b\": [",
            "bridges/b:1 |     2",
            "bridges/b:1 |   ]",
            "base:3 | }",
        ]
    );
}

#[test]
fn texts_that_are_measured_are_told_by_what_each_layer_changes() {
    let files = [
        (
            "base/files/a.jinja",
            "{% set line %}\nname of {{ name }}\n{% endset %}\n{{ line | length }} letters\n{{ line }}{% block more %}{% endblock %}\nend\n",
        ),
        ("bridges/b/layer.toml", "when = \"name == 'demo'\"\n"),
        (
            "bridges/b/files/a.jinja",
            "{% extends \"below\" %}\n{% block more %}\nmore\n{% endblock %}\n",
        ),
    ];
    // Letters can't be counted with marks among them.
    assert_eq!(
        explained(&files, "a"),
        [
            "base:4 | 13 letters",
            "base:2 | name of demo",
            "bridges/b:3 | more",
            "base:6 | end",
        ]
    );
}

/// Some answers that turn on very different layers.
const COMBINATIONS: [&[(&str, &str)]; 4] = [
    &[(
        "features",
        "pre-commit,devcontainer,dependabot,docs,vscode,changelog",
    )],
    &[
        ("framework", "django"),
        ("api", "drf"),
        ("package_manager", "pip-tools"),
        ("ci", "gitlab"),
        ("type_checker", "pyrefly"),
        ("features", "docs,vscode,devcontainer"),
    ],
    &[
        ("framework", "django"),
        ("database", "postgresql"),
        ("package_manager", "poetry"),
        ("task_runner", "poe"),
        ("build_backend", "setuptools"),
    ],
    &[
        ("framework", "flask"),
        ("orm", "sqlmodel"),
        ("package_manager", "hatch"),
        ("container", "distroless"),
        ("task_runner", "just"),
        ("license", "apache-2.0"),
    ],
];

#[test]
fn every_line_of_the_embedded_template_has_an_origin() {
    let template = Template::load(Source::Builtin).unwrap();
    let sources = sources();
    let mut count = 0;
    for combination in COMBINATIONS {
        let given = combination
            .iter()
            .map(|(name, value)| ((*name).to_owned(), Given::Typed((*value).to_owned())));
        let answers = Gathered::of(given)
            .answer(
                &template,
                &combinations::input("orders"),
                Unanswered::Default,
            )
            .unwrap();
        let rendered = render::render(&template, &answers, &Seed::default()).unwrap();
        for (path, entry) in rendered.tree.iter().chain(rendered.once.iter()) {
            let explanation =
                render::explain(&template, &answers, &Seed::default(), path.as_str()).unwrap();
            let lines = explanation
                .lines
                .unwrap_or_else(|| panic!("{path} is no text"));
            let text = std::str::from_utf8(&entry.bytes).unwrap();
            let explained: Vec<&str> = lines.iter().map(|line| line.text.as_str()).collect();
            assert_eq!(explained, text.lines().collect::<Vec<_>>(), "{path}");
            let is_merged = explanation
                .parts
                .iter()
                .any(|part| part.joins == render::Joins::Merges);
            for line in &lines {
                check(&sources, line, is_merged)
                    .unwrap_or_else(|reason| panic!("{path}: {reason}: {line:?}"));
                count += 1;
            }
        }
    }
    assert!(count > 8000, "only {count} lines were looked at");
}

/// Gives the lines of every file of the embedded template, by the names that origins have.
fn sources() -> BTreeMap<String, Vec<String>> {
    let files = Source::Builtin.read().unwrap();
    let texts = files.into_iter().filter_map(|(path, bytes)| {
        let text = String::from_utf8(bytes.into_owned()).ok()?;
        let name = if path.starts_with("macros/") {
            path
        } else {
            format!("builtin/{path}")
        };
        Some((name, text.lines().map(str::to_owned).collect()))
    });
    texts.collect()
}

/// Checks that the origins of a line are there, and that a line of plain text says what came out.
fn check(
    sources: &BTreeMap<String, Vec<String>>,
    line: &Line,
    is_merged: bool,
) -> Result<(), String> {
    let text_of = |origin: &Origin| {
        let lines = sources.get(&origin.file)?;
        lines.get(origin.line?.checked_sub(1)?)
    };
    let texts: Option<Vec<&String>> = line.origins.iter().map(text_of).collect();
    let texts = texts.ok_or("an origin isn't there")?;
    let [only] = texts.as_slice() else {
        return if texts.is_empty() {
            Err("there is no origin".to_owned())
        } else {
            Ok(())
        };
    };
    let is_plain = !only.contains(['{', '}']) && !only.trim().is_empty();
    let says = |text: &str| {
        let words: Vec<&str> = text.split_whitespace().collect();
        words.join(" ").trim_end_matches(',').to_owned()
    };
    let (out, source) = (says(&line.text), says(only));
    if is_plain && out != source && !(is_merged && source.contains(&out)) {
        return Err(format!("the template says {source:?}"));
    }
    Ok(())
}
