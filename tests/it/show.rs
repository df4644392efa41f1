//! `pyscaffold template show`: what a template asks, and what it makes of some answers.

use crate::support::Sandbox;

/// A template with a question whose choices are layers, a bridge, rules and commands.
pub const FILES: &[(&str, &str)] = &[
    (
        "template.toml",
        "name = \"small\"\nversion = \"1.2.0\"\nsummary = \"Something small\"\n\n\
         [[question]]\nname = \"name\"\ntype = \"text\"\ndefault = \"{{ input.directory }}\"\n\n\
         [[question]]\nname = \"team\"\norder = 9\n\n\
         [[question]]\nname = \"key\"\ntype = \"text\"\ndefault = \"hush\"\nsecret = true\norder = 10\n",
    ),
    ("data/pins.toml", "python = \"3.13\"\n"),
    (
        "base/layer.toml",
        "[[files]]\npath = \"bin/*.sh\"\nexecutable = true\n\n\
         [[files]]\npath = \".env\"\nonce = true\n\n\
         [[files]]\npath = \"big/**\"\nwhen = \"size == 'big'\"\n\n\
         [[step]]\nname = \"lock\"\ntitle = \"Lock it\"\nrun = [\"make\", \"the lock\"]\n\n\
         [[next]]\nrun = \"run {{ name }}\"\n",
    ),
    ("base/files/bin/go.sh", "#!/bin/sh\n"),
    ("base/files/.env.jinja", "KEY={{ key }}\n"),
    ("base/files/big/a.txt", "a\n"),
    (
        "base/files/README.md.jinja",
        "# {{ name }}\n\n{% block about %}\nBy {{ team }}, {{ pins.python }}.\n{% endblock %}\n",
    ),
    ("base/files/pyproject.toml", "[project]\nname = \"x\"\n"),
    ("base/files/LICENSE", "none\n"),
    (
        "size/question.toml",
        "prompt = \"Size\"\nhelp = \"How large it gets.\"\ndefault = \"small\"\norder = 1\n",
    ),
    (
        "size/small/layer.toml",
        "title = \"Small\"\nhint = \"one machine\"\n",
    ),
    (
        "size/big/layer.toml",
        "title = \"Big\"\nwhen = \"name != 'tiny'\"\nbecause = \"it is tiny\"\nreplaces = [\"LICENSE\"]\n",
    ),
    ("size/big/files/LICENSE", "ours\n"),
    (
        "size/big/files/README.md.jinja",
        "{% extends \"below\" %}\n{% block about %}\n{{ super() -}}\nIt is big.\n{% endblock %}\n",
    ),
    ("bridges/b/layer.toml", "when = \"size == 'big'\"\n"),
    ("bridges/b/files/pyproject.toml", "[tool.b]\nc = 1\n"),
];

/// Makes a place with the template in `template/`.
pub fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.template(FILES);
    sandbox
}

#[test]
fn questions_and_layers_are_shown() {
    let run = sandbox();
    let run = run.run("template show --template ../template --size big");
    let shown = run.ok().stdout();
    let expected = "\
small 1.2.0
Something small
  source   ../template
  data     pins

Questions
  --name  text     {{ input.directory }}
  --size  choice   small | big
  --team  text
  --key   text     hush

Layers, from the bottom to the top
  base       6 new                   always
  size/big   1 extended, 1 replaced  --size big
  bridges/b  1 merged                when size == 'big'

Steps
  lock  make 'the lock'  base

Next
  run sample
";
    assert_eq!(shown, expected);
}

#[test]
fn the_details_are_shown_on_demand() {
    let shown = sandbox()
        .run("template show --template ../template --size big --verbose")
        .ok()
        .stdout();
    for part in [
        "      How large it gets.\n",
        "      small  Small: one machine\n",
        "      big    Big; only when name != 'tiny', because it is tiny\n",
        "      bin/go.sh  new\n",
        "      LICENSE  new, replaced\n",
        "      LICENSE  replaces\n",
        "      README.md  extends\n",
        "      pyproject.toml  merges\n",
    ] {
        assert!(shown.contains(part), "{part:?} is missing in:\n{shown}");
    }
}

#[test]
fn the_same_comes_as_data() {
    let sandbox = sandbox();
    sandbox.write(
        "top/template.toml",
        "name = \"top\"\nversion = \"2.0.0\"\nextends = \"../template\"\n",
    );
    sandbox.write("top/base/files/top.txt", "top\n");
    sandbox.write("answers.toml", "size = \"big\"\nteam = \"core\"\n");
    let data = sandbox
        .run("template show --template ../top --answers ../answers.toml --set name=demo --json")
        .ok()
        .json();
    assert_eq!(data["name"], "top");
    assert_eq!(data["extends"][0]["name"], "small");
    assert_eq!(data["extends"][0]["version"], "1.2.0");
    assert_eq!(
        data["answers"],
        serde_json::json!({ "name": "demo", "size": "big", "team": "core" })
    );
    assert_eq!(data["data"], serde_json::json!(["pins"]));
    let layers = data["layers"].as_array().unwrap();
    let names: Vec<_> = layers
        .iter()
        .map(|layer| {
            (
                layer["template"].as_str().unwrap(),
                layer["name"].as_str().unwrap(),
                layer["depth"].as_u64().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        names,
        [
            ("small", "base", 0),
            ("small", "size/big", 0),
            ("small", "bridges/b", 0),
            ("top", "base", 1)
        ]
    );
    assert_eq!(
        layers[0]["steps"][0]["run"],
        serde_json::json!(["make", "the lock"])
    );
    assert_eq!(layers[2]["role"]["when"], "size == 'big'");
    let go = &layers[0]["files"][4];
    assert_eq!(
        (&go["path"], &go["joins"]),
        (&"bin/go.sh".into(), &"new".into())
    );
    assert_eq!(go["rules"][0]["executable"], true);
    assert_eq!(go["rules"][0]["line"], 2);
    assert_eq!(data["next"], serde_json::json!(["run demo"]));
    let size = &data["questions"][1];
    assert_eq!(size["choices"][1]["because"], "it is tiny");
}

#[test]
fn the_template_in_the_folder_is_shown_and_its_questions_are_flags() {
    let sandbox = sandbox();
    let mut command = sandbox.command(env!("CARGO_BIN_EXE_pyscaffold"));
    let output = command
        .current_dir(sandbox.path("template"))
        .args(["template", "show", "--size=big"])
        .output()
        .unwrap();
    let shown = String::from_utf8(output.stdout).unwrap();
    assert!(shown.starts_with("small 1.2.0\n"), "{shown}");
    // Elsewhere it is the one that every binary carries.
    let shown = sandbox.run("template show --framework flask").ok().stdout();
    assert!(shown.starts_with("builtin "), "{shown}");
    assert!(shown.contains("framework/flask"), "{shown}");
    let said = sandbox.run("template show --size big");
    said.code(2).says("--size");
}

#[test]
fn answers_that_cannot_be_are_refused() {
    let sandbox = sandbox();
    sandbox
        .run("template show --template ../template --size big --name tiny")
        .code(2)
        .says("'big' can't be chosen here: it is tiny");
    sandbox
        .run("template show --template ../template --set nope=1")
        .code(2)
        .says("no question is called 'nope'");
    sandbox
        .run("template show --template ../template --answers nowhere.toml")
        .code(2)
        .says("nowhere.toml");
    sandbox
        .run("template show --template ../nowhere")
        .code(2)
        .says("is not a folder that exists");
    sandbox.write(
        "template/size/question.toml",
        "order = 1\ndefualt = \"small\"\n",
    );
    sandbox
        .run("template show --template ../template")
        .code(1)
        .says("unknown key 'defualt', did you mean 'default'?");
}

#[test]
fn a_question_that_has_to_be_answered_says_so() {
    let sandbox = sandbox();
    sandbox.write(
        "template/template.toml",
        "name = \"small\"\nversion = \"1\"\n\n[[question]]\nname = \"name\"\npattern = \"[a-z]{9}\"\n",
    );
    sandbox.write(
        "template/base/files/README.md.jinja",
        "{{ name }}{% block about %}{% endblock %}",
    );
    sandbox.write("template/base/files/.env.jinja", "");
    sandbox
        .run("template show --template ../template")
        .code(2)
        .says("no answer for --name");
}

#[test]
fn what_a_company_decides_is_shown() {
    let sandbox = sandbox();
    sandbox.write(
        "top/template.toml",
        "name = \"top\"\nversion = \"2.0.0\"\nextends = \"../template\"\n\n\
         [answers]\nteam = \"core\"\n\n\
         [[hide]]\nchoice = \"size/big\"\nbecause = \"we are small\"\n",
    );
    let shown = sandbox
        .run("template show --template ../top --verbose")
        .ok()
        .stdout();
    for part in [
        "  extends  small 1.2.0, ../top/../template\n",
        "  --team  text     fixed by top: core\n",
        "      big    not here: template top doesn't offer it: we are small\n",
    ] {
        assert!(shown.contains(part), "{part:?} is missing in:\n{shown}");
    }
    let data = sandbox
        .run("template show --template ../top --json")
        .ok()
        .json();
    let team = &data["questions"][2];
    assert_eq!(team["asked"], false);
    assert_eq!(
        team["fixed"],
        serde_json::json!({ "answer": "core", "by": "top" })
    );
    assert_eq!(data["questions"][1]["hidden"][0]["value"], "big");
    assert_eq!(data["answers"]["team"], "core");
    let schema = sandbox
        .run("template schema answers --template ../top")
        .ok()
        .json();
    assert_eq!(schema["properties"]["team"]["const"], "core");
    assert_eq!(
        schema["properties"]["size"]["enum"],
        serde_json::json!(["small"])
    );
}

#[test]
fn layers_are_shown_below_the_names_of_their_templates() {
    let sandbox = sandbox();
    sandbox.write(
        "middle/template.toml",
        "name = \"middle\"\nversion = \"2.0.0\"\nextends = \"../template\"\n",
    );
    sandbox.write("middle/base/files/middle.txt", "middle\n");
    sandbox.write(
        "top/template.toml",
        "name = \"top\"\nversion = \"3.0.0\"\nextends = \"../middle\"\n",
    );
    sandbox.write("top/size/big/files/LICENSE", "top's\n");
    sandbox.write(
        "top/size/big/layer.toml",
        "replaces = [\"LICENSE\"]\nstep = [{ name = \"go\", run = [\"make\"] }]\n",
    );
    let run = sandbox.run("template show --template ../top --size big");
    let shown = run.ok().stdout();
    let (_, layers) = shown.split_once("bottom to the top\n").unwrap();
    let (layers, _) = layers.split_once("\nNext").unwrap();
    let expected = "  small
    base       6 new                   always
    size/big   1 extended, 1 replaced  --size big
    bridges/b  1 merged                when size == 'big'
  middle
    base       1 new                   always
  top
    base       no files                always
    size/big   1 replaced              --size big

Steps
  lock  make 'the lock'  small base
  go    make  top size/big
";
    assert_eq!(layers, expected);
    let verbose = sandbox
        .run("template show --template ../top --size big --verbose")
        .ok()
        .stdout();
    let part = "  middle\n    base       1 new                   always\n        middle.txt  new\n";
    assert!(verbose.contains(part), "{verbose}");
}

#[test]
fn what_nobody_is_asked_is_shown_as_such() {
    let sandbox = Sandbox::new();
    sandbox.write(
        "acme/template.toml",
        "name = \"acme\"\nversion = \"1.0.0\"\nextends = \"builtin\"\n\n\
         [answers]\nframework = \"flask\"\nlicense = \"proprietary\"\n",
    );
    let run = sandbox.run("template show --template ../acme --verbose");
    let shown = run.ok().stdout();
    let line = |start: &str| {
        let mut lines = shown.lines();
        let words = lines.find(|line| line.trim_start().starts_with(start));
        let words = words.unwrap_or_else(|| panic!("no {start} in:\n{shown}"));
        words.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let version = env!("CARGO_PKG_VERSION");
    assert_eq!(line("extends "), format!("extends builtin {version}"));
    assert_eq!(
        line("--license "),
        "--license choice fixed by acme: proprietary"
    );
    // Only Django has a choice of APIs.
    assert_eq!(line("--api "), "--api choice never asked here");
    assert!(!shown.contains("Django REST"), "{shown}");
}
