//! Company layers: a template on top of another one, and what it changes about it.

mod adjust;
mod chain;
mod layers;
mod update;

use crate::support::{Run, Sandbox};

/// The template below: questions that depend on each other, in two folders and a manifest.
const BELOW: [(&str, &str); 24] = [
    (
        "template.toml",
        r#"
name = "base"
version = "1.4.0"
summary = "A service"

[[question]]
name = "name"
order = 1
default = "{{ input.directory }}"

[[question]]
name = "email"
order = 5
default = "{{ input.user_email }}"

[[question]]
name = "coverage"
type = "integer"
order = 50
default = 90
minimum = 0
maximum = 100

[[question]]
name = "token"
order = 200
default = ""
secret = true
"#,
    ),
    (
        "framework/question.toml",
        "prompt = \"Framework\"\norder = 20\ndefault = \"quick\"\n",
    ),
    (
        "framework/quick/layer.toml",
        "title = \"Quick\"\nhint = \"for most\"\n",
    ),
    ("framework/quick/files/app.py", "APP = 'quick'\n"),
    (
        "framework/grand/layer.toml",
        "title = \"Grand\"\norder = 1\ndetect = \"found.file('grand.txt')\"\n",
    ),
    ("framework/grand/files/app.py", "APP = 'grand'\n"),
    (
        "api/question.toml",
        "prompt = \"API\"\norder = 25\nwhen = \"framework == 'grand'\"\n",
    ),
    ("api/north/files/api.py", "API = 'north'\n"),
    ("api/south/files/api.py", "API = 'south'\n"),
    (
        "store/question.toml",
        "prompt = \"Store\"\norder = 30\ndefault = \"rows\"\n",
    ),
    (
        "store/rows/layer.toml",
        "title = \"Rows\"\nwhen = \"framework == 'quick'\"\nbecause = \"Grand has its own\"\n",
    ),
    (
        "store/rows/files/store.py.jinja",
        "KIND = 'rows'\n{% block more %}{% endblock %}\n",
    ),
    (
        "store/live/layer.toml",
        "title = \"Live\"\norder = 1\nwhen = \"framework == 'quick'\"\n",
    ),
    ("store/live/files/store.py", "KIND = 'live'\n"),
    (
        "store/own/layer.toml",
        "title = \"Own\"\norder = 2\nwhen = \"framework == 'grand'\"\n",
    ),
    ("store/own/files/store.py", "KIND = 'own'\n"),
    (
        "features/question.toml",
        "type = \"choices\"\nprompt = \"Features\"\norder = 100\n",
    ),
    ("features/docs/files/docs.md", "# Docs\n"),
    ("features/chat/files/chat.md", "# Chat\n"),
    (
        "bridges/live/layer.toml",
        "when = \"store == 'live' and framework == 'quick'\"\n",
    ),
    ("bridges/live/files/live.md", "live\n"),
    (
        "base/files/README.md.jinja",
        "# {{ name }}\n\n{% block about %}\nA service.\n{% endblock %}\n\nWrite to {{ email }}.\n{{ token and '' }}",
    ),
    (
        "base/files/pyproject.toml.jinja",
        "[project]\nname = \"{{ name }}\"\ndependencies = [\"alpha>=1\"]\n\n[tool.cover]\nminimum = {{ coverage }}\n",
    ),
    ("base/files/notes.txt", "one\n\ntwo\n\nthree\n"),
];

/// How the manifest on top begins.
const HEAD: &str =
    "name = \"acme\"\nversion = \"1.0.0\"\nsummary = \"Acme's\"\nextends = \"../template\"\n";

/// A company layer in `acme/`, over the template in `template/`.
struct Company {
    sandbox: Sandbox,
}

impl Company {
    /// Makes one of what its manifest says besides its name, and its files.
    fn new(manifest: &str, files: &[(&str, &str)]) -> Self {
        let sandbox = Sandbox::new();
        sandbox.template(&BELOW);
        let company = Company { sandbox };
        company.manifest(manifest);
        for (path, text) in files {
            company.sandbox.write(&format!("acme/{path}"), text);
        }
        company
    }

    /// Writes its manifest again.
    fn manifest(&self, text: &str) {
        self.sandbox
            .write("acme/template.toml", format!("{HEAD}{text}"));
    }

    /// Makes a project in `work/p`.
    fn make(&self, flags: &str) -> Run {
        self.sandbox.run(&format!(
            "new p --template ../acme --yes --no-git --no-lock {flags}"
        ))
    }

    /// Gives what is said about mistakes, of which nothing may be written.
    #[track_caller]
    fn refused(&self) -> String {
        let run = self.make("");
        run.code(1);
        assert_eq!(self.sandbox.files("work"), Vec::<String>::new());
        run.stderr()
    }

    fn help(&self) -> String {
        let run = self.sandbox.run("new --template ../acme --help");
        run.ok().stdout()
    }

    /// Gives what `options` says as data.
    fn options(&self) -> serde_json::Value {
        let run = self.sandbox.run("options --template ../acme --json");
        run.ok().json()
    }

    /// Gives the values of the choices of a question, as `options` lists them.
    fn choices(&self, question: &str) -> Vec<String> {
        let options = self.options();
        let mut questions = options["questions"].as_array().unwrap().iter();
        let question = questions.find(|known| known["name"] == question).unwrap();
        let choices = question["choices"].as_array().unwrap().iter();
        choices
            .map(|choice| choice["value"].as_str().unwrap().to_owned())
            .collect()
    }

    fn read(&self, path: &str) -> String {
        self.sandbox.read(&format!("work/p/{path}"))
    }

    /// Runs a command in the project.
    fn run(&self, arguments: &str) -> Run {
        self.sandbox.run_in("work/p", arguments)
    }

    /// Changes a file of the template below.
    fn change_below(&self, path: &str, from: &str, to: &str) {
        let path = format!("template/{path}");
        let text = self.sandbox.read(&path);
        assert!(text.contains(from), "{path} has no {from:?}: {text}");
        self.sandbox.write(&path, text.replace(from, to));
    }
}

/// Checks that all of several parts are in a text.
#[track_caller]
fn has(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "'{part}' is missing in:\n{text}");
    }
}
