//! What the tests share: a hermetic place to run the program in, and tools.

pub mod checks;
pub mod combinations;
pub mod dependencies;
pub mod leftovers;
pub mod projects;
pub mod python;
pub mod repositories;
pub mod server;
pub mod trees;
pub mod walk;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

/// A folder of its own for a test, with a home and a git identity that aren't the user's.
pub struct Sandbox {
    folder: TempDir,
}

impl Sandbox {
    /// Makes an empty one.
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let sandbox = Sandbox { folder };
        sandbox.write(
            "home/.gitconfig",
            "[user]\nname = Ada Example\nemail = ada@example.org\n",
        );
        std::fs::create_dir_all(sandbox.path("work")).unwrap();
        sandbox
    }

    /// Gives a path in it.
    pub fn path(&self, inner: &str) -> PathBuf {
        self.folder.path().join(inner)
    }

    /// Writes a file, and the folders above it.
    pub fn write(&self, inner: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(inner);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        path
    }

    /// Writes the files of a template to `template/`.
    pub fn template(&self, files: &[(&str, &str)]) -> PathBuf {
        for (path, text) in files {
            self.write(&format!("template/{path}"), text);
        }
        self.path("template")
    }

    /// Reads a file as text.
    pub fn read(&self, inner: &str) -> String {
        std::fs::read_to_string(self.path(inner)).unwrap_or_else(|error| panic!("{inner}: {error}"))
    }

    /// Prepares a program to run in `work/`, in an environment stripped of the user's.
    pub fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        command
            .current_dir(self.path("work"))
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", self.path("home"))
            .env("XDG_CONFIG_HOME", self.path("home/.config"))
            .env("GIT_CONFIG_NOSYSTEM", "1");
        command
    }

    /// Runs the program in `work/`, with arguments split at spaces.
    pub fn run(&self, arguments: &str) -> Run {
        let words: Vec<&str> = arguments
            .split(' ')
            .filter(|word| !word.is_empty())
            .collect();
        self.run_with(&words, &[])
    }

    /// Runs the program in `work/` with arguments and variables.
    pub fn run_with(&self, arguments: &[&str], variables: &[(&str, &str)]) -> Run {
        let mut command = self.command(env!("CARGO_BIN_EXE_pyscaffold"));
        command.args(arguments).envs(variables.iter().copied());
        command.stdin(std::process::Stdio::null());
        Run(command.output().unwrap())
    }

    /// Runs the program in a folder, with arguments split at spaces.
    pub fn run_in(&self, folder: &str, arguments: &str) -> Run {
        let mut command = self.command(env!("CARGO_BIN_EXE_pyscaffold"));
        command
            .args(arguments.split(' '))
            .current_dir(self.path(folder))
            .stdin(std::process::Stdio::null());
        Run(command.output().unwrap())
    }

    /// Runs `git` in a folder, and gives what it prints.
    #[track_caller]
    pub fn git_in(&self, folder: &str, arguments: &[&str]) -> String {
        let mut command = self.command("git");
        let output = command.args(arguments).current_dir(self.path(folder));
        let output = output.output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// Commits all that is in a folder.
    #[track_caller]
    pub fn commit_in(&self, folder: &str) {
        self.git_in(folder, &["add", "--all"]);
        let commit = ["commit", "--quiet", "--allow-empty", "--message", "Work"];
        self.git_in(folder, &commit);
    }

    /// Lists the files below a folder, without git's own, ordered.
    pub fn files(&self, inner: &str) -> Vec<String> {
        let mut files = Vec::new();
        list(&self.path(inner), "", &mut files);
        files.sort();
        files
    }
}

fn list(folder: &Path, prefix: &str, files: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten() {
        let entry = entry.unwrap();
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.file_type().unwrap().is_dir() && name != ".git" {
            list(&entry.path(), &format!("{prefix}{name}/"), files);
        } else if name != ".git" {
            files.push(format!("{prefix}{name}"));
        }
    }
}

/// How the program ended.
pub struct Run(pub Output);

impl Run {
    /// Checks that it succeeded.
    #[track_caller]
    pub fn ok(&self) -> &Self {
        self.code(0)
    }

    /// Checks the code that it ended with.
    #[track_caller]
    pub fn code(&self, code: i32) -> &Self {
        let (stdout, stderr) = (self.stdout(), self.stderr());
        assert_eq!(
            self.0.status.code(),
            Some(code),
            "stdout:\n{stdout}\nstderr:\n{stderr}"
        );
        self
    }

    /// Checks that it told people something.
    #[track_caller]
    pub fn says(&self, text: &str) -> &Self {
        let stderr = self.stderr();
        assert!(stderr.contains(text), "not said: {text}\nbut:\n{stderr}");
        self
    }

    /// Checks that it told people nothing of this.
    #[track_caller]
    pub fn never_says(&self, text: &str) -> &Self {
        let stderr = self.stderr();
        assert!(!stderr.contains(text), "said: {text}\nin:\n{stderr}");
        self
    }

    /// Gives its standard output.
    pub fn stdout(&self) -> String {
        String::from_utf8_lossy(&self.0.stdout).into_owned()
    }

    /// Gives its standard error.
    pub fn stderr(&self) -> String {
        String::from_utf8_lossy(&self.0.stderr).into_owned()
    }

    /// Reads its standard output as one JSON object.
    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout())
            .unwrap_or_else(|error| panic!("{error}: {}", self.stdout()))
    }
}
