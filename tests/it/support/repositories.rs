//! Repositories of templates, as if they were on a server.

use std::path::PathBuf;

use super::{Run, Sandbox};

/// A small template: what it writes tells which one it was.
pub const TEMPLATE: [(&str, &str); 7] = [
    (
        "template.toml",
        "name = \"api\"\nversion = \"1.0.0\"\nsummary = \"For tests\"\n\n[[question]]\nname = \"team\"\nprompt = \"Team\"\ndefault = \"platform\"\n",
    ),
    ("base/layer.toml", ""),
    ("base/files/text.txt", "one\n"),
    ("base/files/team.txt.jinja", "{{ team }}\n"),
    (
        "extras/question.toml",
        "type = \"choices\"\nprompt = \"Extras\"\n",
    ),
    ("extras/chat/layer.toml", "title = \"Chat\"\n"),
    ("extras/chat/files/chat.txt", "hello\n"),
];

/// A repository below `server/` of a sandbox.
pub struct Repository<'s> {
    /// The sandbox.
    pub sandbox: &'s Sandbox,
    /// The folder below `server/`.
    pub name: &'static str,
}

impl<'s> Repository<'s> {
    /// Makes an empty one.
    pub fn new(sandbox: &'s Sandbox, name: &'static str) -> Self {
        std::fs::create_dir_all(sandbox.path(&format!("server/{name}"))).unwrap();
        let repository = Repository { sandbox, name };
        repository.git("init --quiet --initial-branch main");
        repository
    }

    /// Makes one that holds the small template, tagged as its version.
    pub fn with_template(sandbox: &'s Sandbox, name: &'static str) -> Self {
        let repository = Repository::new(sandbox, name);
        repository.write_all("", &TEMPLATE);
        repository.commit();
        repository.git("tag v1.0.0");
        repository
    }

    /// Gives the folder.
    pub fn path(&self) -> PathBuf {
        self.sandbox.path(&format!("server/{}", self.name))
    }

    /// Gives the URL that needs no server.
    pub fn url(&self) -> String {
        format!("file://{}", self.path().display())
    }

    /// Writes files below a folder of it.
    pub fn write_all(&self, folder: &str, files: &[(&str, &str)]) {
        for (path, text) in files {
            self.sandbox
                .write(&format!("server/{}/{folder}{path}", self.name), text);
        }
    }

    /// Runs git in it, with arguments split at spaces, and gives what it prints.
    pub fn git(&self, arguments: &str) -> String {
        let mut command = self.sandbox.command("git");
        command.current_dir(self.path()).args(arguments.split(' '));
        let output = command.output().unwrap();
        assert!(output.status.success(), "{arguments}: {output:?}");
        let printed = String::from_utf8(output.stdout).unwrap();
        printed.trim().to_owned()
    }

    /// Commits everything, and gives the commit.
    pub fn commit(&self) -> String {
        self.git("add --all");
        self.git("commit --quiet --allow-empty --message Work");
        self.git("rev-parse HEAD")
    }

    /// Changes the text and the version, commits, and tags; gives the commit.
    pub fn release(&self, version: &str, text: &str) -> String {
        let manifest = TEMPLATE[0].1.replace("1.0.0", version);
        self.write_all(
            "",
            &[("template.toml", &manifest), ("base/files/text.txt", text)],
        );
        let commit = self.commit();
        self.git(&format!("tag --force v{version}"));
        commit
    }
}

impl Sandbox {
    /// Lets addresses that begin like this lead to `server/`.
    pub fn stand_in(&self, addresses: &[&str]) {
        let server = self.path("server");
        let mut config = self.read("home/.gitconfig");
        config += &format!("[url \"file://{}/\"]\n", server.display());
        for address in addresses {
            config += &format!("insteadOf = {address}\n");
        }
        self.write("home/.gitconfig", config);
    }

    /// Makes a project in `work/demo` of a template.
    #[track_caller]
    pub fn make(&self, arguments: &str) -> Run {
        let made = self.run(&format!("new demo --yes --no-lock {arguments}"));
        made.ok();
        made
    }

    /// Runs the program in `work/demo`.
    pub fn in_demo(&self, arguments: &str) -> Run {
        let mut command = self.command(env!("CARGO_BIN_EXE_pyscaffold"));
        command
            .current_dir(self.path("work/demo"))
            .args(arguments.split(' '))
            .stdin(std::process::Stdio::null());
        Run(command.output().unwrap())
    }

    /// Reads what the project in `work/demo` remembers of its template.
    pub fn origin(&self) -> toml_edit::DocumentMut {
        let answers = self.read("work/demo/.pyscaffold/answers.toml");
        answers.parse().unwrap()
    }

    /// Gives one text of what the project in `work/demo` remembers of its template.
    pub fn recorded(&self, key: &str) -> Option<String> {
        let value = self.origin();
        value["template"].get(key)?.as_str().map(str::to_owned)
    }
}
