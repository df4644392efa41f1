//! Projects of others go on working when they are adopted: what their own tools did before, they
//! do afterwards.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Mutex;

use serde::Deserialize;
use serde_json::Value as Json;

use crate::support::Sandbox;
use crate::support::python::{cache, interpreter, network_variables, uv, uv_command};

/// Where the projects lie, beside those of which only the signs are looked at.
const PROJECTS: &str = "tests/adopt";

/// How many projects are checked at a time.
const WORKERS: usize = 2;

/// The most that is shown of what a program says, in lines.
const SHOWN: usize = 40;

/// The exit codes of a project that was adopted: all is done, or conflicts are left to look at.
const ADOPTED: [Option<i32>; 2] = [Some(0), Some(3)];

/// What a project can do.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    /// Programs that it needs beside uv, by the names of their packages.
    #[serde(default)]
    tools: Vec<String>,
    /// What only a person knows, as flags of `adopt`.
    #[serde(default)]
    flags: Vec<String>,
    /// What the trial at the end of `adopt` says of its checks, by their titles; it is left out
    /// where nothing is named.
    #[serde(default)]
    trial: BTreeMap<String, String>,
    /// Commands that succeed before the project is adopted, and afterwards.
    check: Vec<Check>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Check {
    run: Vec<String>,
}

/// A project of another tool in a place of its own.
struct Project {
    name: String,
    case: Case,
    sandbox: Sandbox,
    /// The folders that its programs are found in.
    tools: Vec<PathBuf>,
}

impl Project {
    fn new(folder: &Path) -> Self {
        let name = folder.file_name().unwrap().to_str().unwrap().to_owned();
        let case = std::fs::read_to_string(folder.join("case.toml")).unwrap();
        let case: Case =
            toml_edit::de::from_str(&case).unwrap_or_else(|error| panic!("{name}: {error}"));
        let mut tools: Vec<PathBuf> = case.tools.iter().map(|tool| self::tool(tool)).collect();
        tools.push(uv().parent().unwrap().to_owned());
        // First on the path and not in uv's variable, which goes before a project's environment.
        tools.push(interpreter("3.12").1.parent().unwrap().to_owned());
        let project = Project {
            sandbox: Sandbox::new(),
            name,
            case,
            tools,
        };
        copy(&folder.join("project"), &project.root());
        project.git(&["init", "-q"]);
        project.commit();
        project
    }

    fn root(&self) -> PathBuf {
        self.sandbox.path("work").join(&self.name)
    }

    fn command(&self, program: &str) -> Command {
        let mut command = self.sandbox.command(program);
        let path = std::env::var_os("PATH").unwrap_or_default();
        let tools = self.tools.iter().cloned();
        let folders = tools.chain(std::env::split_paths(&path));
        command
            .current_dir(self.root())
            .env("PATH", std::env::join_paths(folders).unwrap())
            .env("UV_PYTHON_DOWNLOADS", "never")
            .env("UV_CACHE_DIR", cache("uv-cache"))
            .env("POETRY_CACHE_DIR", cache("poetry-cache"))
            // It would ask an index for the list of all classifiers.
            .env("FLIT_NO_NETWORK", "1")
            // Bytecode outlives the environments: compiling it takes longest.
            .env("PYTHONPYCACHEPREFIX", self.sandbox.path("bytecode"))
            .envs(network_variables());
        command
    }

    #[track_caller]
    fn git(&self, arguments: &[&str]) {
        succeed(&self.name, self.command("git").args(arguments));
    }

    #[track_caller]
    fn commit(&self) {
        self.git(&["add", "--all"]);
        self.git(&["commit", "-q", "--allow-empty", "-m", "state"]);
    }

    /// Runs everything that the project can do, in new environments; gives what failed.
    fn check(&self) -> Vec<String> {
        // What is ignored was made by a check before, except for the secrets of development.
        self.git(&[
            "clean",
            "-Xfdq",
            "--exclude=!.env",
            "--exclude=!.pyscaffold",
        ]);
        let checks = self.case.check.iter();
        let failed = checks.filter_map(|check| {
            let (program, arguments) = check.run.split_first().unwrap();
            let program = if program.contains('/') {
                self.root().join(program).to_str().unwrap().to_owned()
            } else {
                program.clone()
            };
            let output = self.command(&program).args(arguments).output().unwrap();
            (!output.status.success()).then(|| describe(&check.run.join(" "), &output))
        });
        failed.collect()
    }

    /// Adopts the project; gives what was said.
    fn adopt(&self) -> String {
        let mut adopt = self.command(env!("CARGO_BIN_EXE_pyscaffold"));
        adopt
            .args(["adopt", "--yes", "--json"])
            .args(&self.case.flags);
        if self.case.trial.is_empty() {
            adopt.arg("--no-trial");
        }
        let output = adopt.output().unwrap();
        let said = describe(&self.name, &output);
        assert!(ADOPTED.contains(&output.status.code()), "{said}");
        let data: Json = serde_json::from_slice(&output.stdout).unwrap();
        for (title, status) in &self.case.trial {
            let tried = data["trial"].as_array().unwrap();
            let one = tried.iter().find(|one| one["title"] == title.as_str());
            assert_eq!(one.unwrap()["status"], status.as_str(), "{said}");
        }
        said
    }

    /// Checks the project, adopts it and checks it again; gives what failed.
    fn problems(&self) -> Vec<String> {
        let name = &self.name;
        let before = self.check().into_iter();
        let mut problems: Vec<String> = before
            .map(|failed| format!("{name} before: {failed}"))
            .collect();
        self.commit();
        let adopted = self.adopt();
        let after = self.check().into_iter();
        problems.extend(after.map(|failed| format!("{name}: {failed}\nadopted with:\n{adopted}")));
        problems
    }
}

/// Gives the folder with a program of Python's index, fetched on first use.
fn tool(name: &str) -> PathBuf {
    static FETCHING: Mutex<()> = Mutex::new(());
    let _alone = FETCHING.lock().unwrap();
    let folder = cache("tools").join(name);
    if !folder.join("complete").exists() {
        let (_, python) = interpreter("3.12");
        succeed(
            name,
            uv_command(python)
                .args(["venv", "-q", "--clear"])
                .arg(&folder),
        );
        let mut install = uv_command(python);
        install.env_remove("UV_PYTHON");
        install.args(["pip", "install", "-q", name, "--python"]);
        succeed(name, install.arg(folder.join("bin/python")));
        std::fs::write(folder.join("complete"), "").unwrap();
    }
    folder.join("bin")
}

#[track_caller]
fn succeed(what: &str, command: &mut Command) {
    let output = command
        .output()
        .unwrap_or_else(|error| panic!("{what}: {error}"));
    assert!(output.status.success(), "{}", describe(what, &output));
}

/// Says how a command ended, with the last lines of what it said.
fn describe(what: &str, output: &Output) -> String {
    let [stdout, stderr] =
        [&output.stdout, &output.stderr].map(|text| String::from_utf8_lossy(text));
    let said = format!("{stdout}{stderr}");
    let lines: Vec<&str> = said.lines().collect();
    let end = lines[lines.len().saturating_sub(SHOWN)..].join("\n");
    format!("{what} ended with {}\n{end}", output.status)
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let place = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &place);
        } else {
            std::fs::copy(entry.path(), &place).unwrap();
        }
    }
}

#[test]
fn what_worked_before_works_afterwards() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(PROJECTS);
    let wanted = std::env::var("ADOPT").unwrap_or_default();
    let folders = std::fs::read_dir(root)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let mut folders: Vec<PathBuf> = folders
        .filter(|folder| folder.join("case.toml").exists())
        .filter(|folder| {
            folder
                .file_name()
                .unwrap()
                .to_str()
                .unwrap()
                .contains(&wanted)
        })
        .collect();
    folders.sort();
    assert!(!folders.is_empty());
    let (left, problems) = (Mutex::new(folders.into_iter()), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..WORKERS {
            scope.spawn(|| {
                loop {
                    let folder = left.lock().unwrap().next();
                    let Some(folder) = folder else { break };
                    let found = Project::new(&folder).problems();
                    problems.lock().unwrap().extend(found);
                }
            });
        }
    });
    let problems = problems.into_inner().unwrap();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}
