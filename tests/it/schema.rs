//! `pyscaffold template schema`: the schemas say what the program reads.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::{Value as Json, json};

use crate::support::Sandbox;
#[cfg(unix)]
use crate::support::repositories::Repository;

/// The schemas of manifests, with the files that they are for.
const MANIFESTS: [(&str, &str); 3] = [
    ("template", "template.toml"),
    ("question", "question.toml"),
    ("layer", "layer.toml"),
];

/// Gives what the program prints as a schema.
#[track_caller]
fn schema(arguments: &str) -> Json {
    let run = Sandbox::new().run(&format!("template schema {arguments}"));
    run.ok().json()
}

/// Says why a value isn't what a schema describes; nothing where it is.
fn mistake(schema: &Json, value: &Json) -> Option<String> {
    let mut compiler = boon::Compiler::new();
    let mut schemas = boon::Schemas::new();
    compiler
        .add_resource("schema.json", schema.clone())
        .unwrap();
    let compiled = compiler.compile("schema.json", &mut schemas).unwrap();
    let checked = schemas.validate(value, compiled);
    checked.err().map(|error| error.to_string())
}

fn parse(text: &str) -> Json {
    toml_edit::de::from_str(text).unwrap()
}

/// Collects the files below some folders of this repository that have a name.
fn files(folders: &[&str], name: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut waiting: Vec<PathBuf> = folders.iter().map(|folder| root.join(folder)).collect();
    while let Some(folder) = waiting.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                waiting.push(path);
            } else if path.file_name().is_some_and(|own| own == name) {
                found.push(path);
            }
        }
    }
    found
}

#[test]
fn all_manifests_here_are_valid() {
    for (name, file) in MANIFESTS {
        let schema = schema(name);
        let found = files(&["templates", "examples"], file);
        assert!(!found.is_empty(), "no {file} was found");
        for path in found {
            let text = std::fs::read_to_string(&path).unwrap();
            assert_eq!(mistake(&schema, &parse(&text)), None, "{}", path.display());
        }
    }
}

/// Gives the keys that the reader of a table knows: it lists them where it meets another one.
#[track_caller]
fn known_keys(file: &str, text: &str) -> BTreeSet<String> {
    let sandbox = Sandbox::new();
    sandbox.template(&[
        ("template.toml", "name = \"x\"\nversion = \"1\"\n"),
        ("size/question.toml", ""),
        ("size/big/layer.toml", ""),
        (file, text),
    ]);
    let run = sandbox.run("template show --template ../template --json");
    let data = run.code(1).json();
    let problems = data["error"]["problems"].as_array().unwrap();
    let messages = problems
        .iter()
        .filter_map(|problem| problem["message"].as_str());
    let list = messages
        .filter_map(|message| message.split_once("unknown key 'zzzzzz'; there are "))
        .map(|(_, list)| list)
        .next();
    let list = list.unwrap_or_else(|| panic!("no keys are listed: {problems:?}"));
    list.split(", ").map(str::to_owned).collect()
}

#[test]
fn the_schemas_have_the_keys_that_are_read() {
    let template = "name = \"x\"\nversion = \"1\"\n";
    let layer = "size/big/layer.toml";
    let cases = [
        ("template", "", "template.toml", format!("{template}zzzzzz = 1\n")),
        (
            "template",
            "/$defs/question",
            "template.toml",
            format!("{template}[[question]]\nname = \"a\"\nzzzzzz = 1\n"),
        ),
        (
            "template",
            "/$defs/choice",
            "template.toml",
            format!("{template}[[question]]\nname = \"a\"\nchoices = [{{ value = \"b\", zzzzzz = 1 }}]\n"),
        ),
        (
            "template",
            "/$defs/refusal",
            "template.toml",
            format!("{template}[[question]]\nname = \"a\"\nrefuse = [{{ when = \"a == ''\", zzzzzz = 1 }}]\n"),
        ),
        (
            "template",
            "/$defs/extends",
            "template.toml",
            format!("{template}extends = {{ source = \"builtin\", zzzzzz = 1 }}\n"),
        ),
        (
            "template",
            "/$defs/hide",
            "template.toml",
            format!("{template}hide = [{{ choice = \"size/big\", zzzzzz = 1 }}]\n"),
        ),
        ("question", "", "size/question.toml", "zzzzzz = 1\n".to_owned()),
        (
            "question",
            "/$defs/refusal",
            "size/question.toml",
            "refuse = [{ when = \"size == ''\", zzzzzz = 1 }]\n".to_owned(),
        ),
        ("layer", "", layer, "zzzzzz = 1\n".to_owned()),
        (
            "layer",
            "/$defs/files",
            layer,
            "files = [{ path = \"a\", zzzzzz = 1 }]\n".to_owned(),
        ),
        (
            "layer",
            "/$defs/step",
            layer,
            "step = [{ name = \"a\", run = [\"b\"], zzzzzz = 1 }]\n".to_owned(),
        ),
        (
            "layer",
            "/$defs/check",
            layer,
            "check = [{ run = [\"a\"], zzzzzz = 1 }]\n".to_owned(),
        ),
        (
            "layer",
            "/$defs/next",
            layer,
            "next = [{ run = \"a\", zzzzzz = 1 }]\n".to_owned(),
        ),
        (
            "layer",
            "/$defs/relax",
            layer,
            "relax = [{ run = \"a\", path = \"(?P<path>.+)\", file = \"a.toml\", add = \"\", zzzzzz = 1 }]\n"
                .to_owned(),
        ),
    ];
    for (name, place, file, text) in cases {
        let schema = schema(name);
        let described = schema.pointer(place).unwrap();
        assert_eq!(described["additionalProperties"], false, "{name}{place}");
        let properties = described["properties"].as_object().unwrap();
        let ours: BTreeSet<String> = properties.keys().cloned().collect();
        assert_eq!(ours, known_keys(file, &text), "{name}{place}");
    }
}

#[test]
fn both_refuse_the_same_mistakes() {
    let template = |rest: &str| {
        (
            "template",
            "template.toml",
            format!("name = \"x\"\nversion = \"1\"\n{rest}"),
        )
    };
    let layer = |text: &str| ("layer", "size/big/layer.toml", text.to_owned());
    let question = |text: &str| ("question", "size/question.toml", text.to_owned());
    let cases = [
        ("template", "template.toml", "name = \"x\"\n".to_owned()),
        (
            "template",
            "template.toml",
            "name = 1\nversion = \"1\"\n".to_owned(),
        ),
        template("nmae = 1\n"),
        template("extends = 1\n"),
        template("extends = { version = \">=0\" }\n"),
        template("hide = [{ because = \"x\" }]\n"),
        template("defaults = \"x\"\n"),
        template("[answers]\nsize = { a = 1 }\n"),
        template("question = 1\n"),
        template("[[question]]\ntype = \"text\"\n"),
        template("[[question]]\nname = \"A-b\"\n"),
        template("[[question]]\nname = \"a\"\ntype = \"number\"\n"),
        template("[[question]]\nname = \"a\"\norder = \"1\"\n"),
        template("[[question]]\nname = \"a\"\nsecret = \"no\"\n"),
        template("[[question]]\nname = \"a\"\nchoices = [1]\n"),
        template("[[question]]\nname = \"a\"\nchoices = [{ title = \"x\" }]\n"),
        template("[[question]]\nname = \"a\"\ndetect = 1\n"),
        question("choices = [\"a\"]\n"),
        question("name = \"size\"\n"),
        question("prompt = 1\n"),
        question("aliases = \"a\"\n"),
        layer("titel = \"x\"\n"),
        layer("replaces = \"x\"\n"),
        layer("when = true\n"),
        layer("[[files]]\nexecutable = true\n"),
        layer("[[files]]\npath = \"a\"\nexecutable = \"yes\"\n"),
        layer("[[step]]\nname = \"a\"\n"),
        layer("[[step]]\nname = \"a\"\nrun = []\n"),
        layer("[[step]]\nname = \"a\"\nrun = \"make\"\n"),
        layer("[[check]]\ntitle = \"a\"\n"),
        layer("[[check]]\nrun = \"make\"\n"),
        layer("[[next]]\nwhen = \"true\"\n"),
        layer("[[relax]]\nrun = \"a\"\npath = \"x\"\nfile = \"a.toml\"\nadd = \"\"\n"),
    ];
    for (name, file, text) in cases {
        let sandbox = Sandbox::new();
        sandbox.template(&[
            ("template.toml", "name = \"x\"\nversion = \"1\"\n"),
            ("size/question.toml", ""),
            ("size/big/layer.toml", ""),
            (file, &text),
        ]);
        sandbox.run("template show --template ../template").code(1);
        assert!(mistake(&schema(name), &parse(&text)).is_some(), "{text}");
    }
}

#[test]
fn every_key_is_described() {
    for name in [
        "template",
        "question",
        "layer",
        "answers",
        "project-answers",
    ] {
        let schema = schema(name);
        let mut count = 0;
        let mut waiting = vec![&schema];
        while let Some(value) = waiting.pop() {
            let properties = value["properties"].as_object();
            for (key, property) in properties.into_iter().flatten() {
                let described = property["description"].as_str().unwrap_or_default();
                assert!(described.len() > 10, "{name}: {key} has no description");
                assert!(property["title"].is_string(), "{name}: {key} has no title");
                count += 1;
            }
            // What a condition looks at is described where it is defined.
            let inner = value.as_object().into_iter().flatten();
            waiting.extend(
                inner
                    .filter(|(key, _)| *key != "if")
                    .map(|(_, inner)| inner),
            );
        }
        assert!(count > 0, "{name} has no keys");
    }
}

#[test]
fn answers_to_a_template_are_checked_by_its_questions() {
    let any = schema("answers");
    let ours = schema("answers --template builtin");
    for path in [
        "events-gateway.json",
        "internal-tool.toml",
        "open-data.toml",
        "orders-api.toml",
    ] {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/answers");
        let text = std::fs::read_to_string(root.join(path)).unwrap();
        let answers = if path.ends_with("json") {
            serde_json::from_str(&text).unwrap()
        } else {
            parse(&text)
        };
        assert_eq!(mistake(&any, &answers), None, "{path}");
        assert_eq!(mistake(&ours, &answers), None, "{path}");
    }
    for wrong in [
        json!({ "framework": "rails" }),
        json!({ "coverage": 101 }),
        json!({ "coverage": "90" }),
        json!({ "name": "-" }),
        json!({ "features": ["docs", "nope"] }),
        json!({ "nope": 1 }),
    ] {
        assert!(mistake(&ours, &wrong).is_some(), "{wrong}");
        let inside = json!({ "answers": wrong });
        assert!(mistake(&ours, &inside).is_some(), "{inside}");
    }
    assert!(mistake(&any, &json!({ "a": { "b": 1 } })).is_some());
    assert!(mistake(&any, &json!({ "answers": { "a": 1.5 } })).is_some());
    let framework = &ours["properties"]["framework"];
    assert_eq!(framework["default"], "fastapi");
    assert_eq!(framework["enum"].as_array().map(Vec::len), Some(3));
}

#[test]
fn what_a_project_remembers_is_valid() {
    let sandbox = Sandbox::new();
    sandbox.run("new demo --yes --no-git --no-lock").ok();
    let stored = parse(&sandbox.read("work/demo/.pyscaffold/answers.toml"));
    let ours = schema("project-answers --template builtin");
    for schema in [&schema("project-answers"), &ours] {
        assert_eq!(mistake(schema, &stored), None);
        let mut wrong = stored.clone();
        wrong["format"] = json!(0);
        assert!(mistake(schema, &wrong).is_some());
    }
    let mut wrong = stored;
    wrong["answers"]["orm"] = json!("nope");
    assert!(mistake(&ours, &wrong).is_some());
}

#[cfg(unix)]
#[test]
fn what_a_project_remembers_of_repositories_is_valid() {
    let sandbox = Sandbox::new();
    let below = Repository::with_template(&sandbox, "api");
    let above = Repository::new(&sandbox, "acme");
    let manifest = format!(
        "name = \"acme\"\nversion = \"1.0.0\"\nextends = \"{}\"\n",
        below.url()
    );
    above.write_all("", &[("template.toml", &manifest)]);
    above.commit();
    sandbox.make(&format!("--no-git --template {} --ref main", above.url()));
    let stored = parse(&sandbox.read("work/demo/.pyscaffold/answers.toml"));
    let template = &stored["template"];
    assert_eq!(template["ref"], "main");
    assert!(template["commit"].is_string());
    let lower = &template["below"][0];
    assert!(lower["commit"].is_string());
    let schema = schema("project-answers");
    assert_eq!(mistake(&schema, &stored), None);
    for key in ["source", "version", "commit"] {
        let mut wrong = stored.clone();
        wrong["template"]["below"][0][key] = json!(1);
        assert!(mistake(&schema, &wrong).is_some(), "{key}");
    }
}

#[test]
fn schemas_are_listed_and_unknown_ones_refused() {
    let sandbox = Sandbox::new();
    let listed = sandbox.run("template schema").ok().stdout();
    assert!(
        listed.starts_with("template         template.toml\n"),
        "{listed}"
    );
    let data = sandbox.run("template schema --json").ok().json();
    assert_eq!(data["schemas"].as_array().map(Vec::len), Some(5));
    sandbox
        .run("template schema layers")
        .code(2)
        .says("possible values: template, question, layer");
    sandbox
        .run("template schema layer --template builtin")
        .code(2)
        .says("the same for all templates");
    sandbox
        .run("template schema --template builtin")
        .code(2)
        .says("--template goes with the schema of answers");
}
