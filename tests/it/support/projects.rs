//! Checks generated projects for real: their own checks, their build, their server.

use std::collections::HashSet;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{LazyLock, Mutex};

use pyscaffold::answer::{Answer, Answers};
use pyscaffold::combinations::Combination;
use pyscaffold::render::Rendered;
use pyscaffold::template::Template;
use pyscaffold::tree::Tree;

use super::checks::digest;
use super::combinations::{NAMES, answers, describe, render};
use super::python::{cache, environment, interpreter, just, requires_python, uv_command};
use super::server;

/// How many projects are checked side by side.
const WORKERS: usize = 2;

/// Checks projects of some combinations, and gives what failed.
pub fn check_all(template: &Template, combinations: &[Combination]) -> Vec<String> {
    let next = AtomicUsize::new(0);
    let work = || {
        let mut failures = Vec::new();
        loop {
            let index = next.fetch_add(1, Ordering::SeqCst);
            let Some(combination) = combinations.get(index) else {
                return failures;
            };
            let name = name_for(&render(template, combination, NAMES[0]).tree);
            let answers = answers(template, combination, name);
            if let Err(failure) = check(&answers, &render(template, combination, name)) {
                let failure = format!("{name}: {}\n{failure}", describe(combination));
                // Said at once, too: a run over many takes its time.
                let _ = writeln!(std::io::stderr(), "{failure}\n");
                failures.push(failure);
            }
        }
    };
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..WORKERS).map(|_| scope.spawn(work)).collect();
        workers
            .into_iter()
            .flat_map(|worker| worker.join().unwrap())
            .collect()
    })
}

/// Chooses a name, the same for projects that serve the same, so that those are recognised.
fn name_for(tree: &Tree) -> &'static str {
    let key = served_files(tree);
    NAMES[usize::from_str_radix(&key[..8], 16).unwrap() % NAMES.len()]
}

/// Checks a project, each part of it unless the same content was found good before.
pub fn check(answers: &Answers, rendered: &Rendered) -> Result<(), String> {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("project");
    write(&rendered.tree, &root);
    write(&rendered.once, &root);
    let environment = environment(text(&rendered.tree, "pyproject.toml"));
    let project = Project {
        root,
        environment,
        answers: answers.clone(),
    };
    // Where there is no package manager to find it, a project looks for its environment here.
    std::os::unix::fs::symlink(&project.environment, project.root.join(".venv")).unwrap();
    project.write_metadata();
    let served = served_files(&rendered.tree);
    unless_known("check", &runtime_files(&rendered.tree), || {
        project.run_own_checks()
    })?;
    unless_known("answers", &digest([&served, project.version()]), || {
        server::check_answers(&project)
    })?;
    unless_known("process", &served, || server::check_process(&project))?;
    unless_known("build", &build_files(&rendered.tree), || project.build())
}

/// A project on disk, and the environment that it runs in.
pub struct Project {
    /// The folder.
    pub root: PathBuf,
    /// The virtual environment.
    pub environment: PathBuf,
    /// What was answered.
    pub answers: Answers,
}

impl Project {
    /// Prepares a program of the environment to run in the project.
    pub fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        let path = std::env::var_os("PATH").unwrap_or_default();
        let folders = [shims(), self.environment.join("bin"), just()]
            .into_iter()
            .chain(std::env::split_paths(&path));
        command
            .current_dir(&self.root)
            .env_clear()
            .env("PATH", std::env::join_paths(folders).unwrap())
            .env("HOME", self.root.parent().unwrap())
            .env("VIRTUAL_ENV", &self.environment)
            .env(
                "PYTHONPATH",
                std::env::join_paths([self.root.join("src"), self.metadata()]).unwrap(),
            )
            .env("RUFF_CACHE_DIR", cache("ruff"))
            .env(
                "MYPY_CACHE_DIR",
                cache(&format!("mypy/{:?}", std::thread::current().id())),
            )
            .env("PYRIGHT_PYTHON_CACHE_DIR", cache("pyright"));
        command
    }

    /// Gives the version of the interpreter that the project runs on here.
    pub fn version(&self) -> &'static str {
        interpreter(&requires_python(&self.pyproject())).0
    }

    /// Reads what the project says of itself.
    fn pyproject(&self) -> String {
        std::fs::read_to_string(self.root.join("pyproject.toml")).unwrap()
    }

    /// Gives the folder that tells the project's name and version, as installing it would.
    fn metadata(&self) -> PathBuf {
        self.root.with_file_name("installed")
    }

    /// Writes what importlib.metadata finds about an installed project.
    pub fn write_metadata(&self) {
        let document: toml_edit::DocumentMut = self.pyproject().parse().unwrap();
        let field = |name: &str| document["project"][name].as_str().unwrap().to_owned();
        let (name, version) = (field("name"), field("version"));
        let folder = format!("{}-{version}.dist-info", name.replace(['-', '.'], "_"));
        let folder = self.metadata().join(folder);
        std::fs::create_dir_all(&folder).unwrap();
        let metadata = format!("Metadata-Version: 2.4\nName: {name}\nVersion: {version}\n");
        std::fs::write(folder.join("METADATA"), metadata).unwrap();
    }

    /// Gives the name of the package.
    pub fn package(&self) -> String {
        self.answer("package")
    }

    /// Tells whether there is something to migrate.
    pub fn has_database(&self) -> bool {
        self.answers.get("database").is_some()
    }

    /// Tells whether the driver for a `PostgreSQL` server is there.
    pub fn has_postgresql(&self) -> bool {
        self.answer("database") == "postgresql"
    }

    /// Prepares one of the verbs that every project has.
    pub fn verb(&self, verb: &str) -> Command {
        let mut command = self.command(self.answer("task_runner"));
        command.arg(verb);
        command
    }

    fn answer(&self, question: &str) -> String {
        self.answers
            .get(question)
            .map(Answer::typed)
            .unwrap_or_default()
    }

    /// Runs what the project's README says to run before every commit.
    fn run_own_checks(&self) -> Result<(), String> {
        succeed(&mut self.verb("check"))
    }

    /// Builds the source distribution, the wheel from that, and installs the wheel: the package and
    /// its types have to be there.
    fn build(&self) -> Result<(), String> {
        let (_, python) = interpreter("");
        let out = self.root.join("out");
        succeed(
            uv_command(python)
                .args(["build", "-q", "--no-python-downloads", "-o"])
                .arg(&out)
                .arg(&self.root),
        )?;
        let wheel = std::fs::read_dir(&out)
            .unwrap()
            .flatten()
            .find(|entry| entry.path().extension().is_some_and(|end| end == "whl"));
        let wheel = wheel.ok_or("no wheel was built")?.path();
        let installed = out.join("installed");
        succeed(
            uv_command(python)
                .args(["pip", "install", "-q", "--no-deps"])
                .args([
                    "--python-version",
                    &requires_python(&self.pyproject()),
                    "--target",
                ])
                .arg(&installed)
                .arg(wheel),
        )?;
        for file in ["py.typed", "__main__.py"] {
            let path = installed.join(self.package()).join(file);
            if !path.exists() {
                return Err(format!("{} isn't installed", path.display()));
            }
        }
        Ok(())
    }
}

/// Gives a folder of stand-ins that run a project's commands in the shared environment: what
/// `uv run` does, without an environment for each project. The real ones are used by the golden
/// path.
fn shims() -> PathBuf {
    static SHIMS: LazyLock<PathBuf> = LazyLock::new(|| {
        let folder = cache("shims");
        for manager in ["uv", "poetry", "pdm", "hatch"] {
            let script = "#!/bin/sh\n[ \"$1\" = run ] || { echo \"unexpected: $0 $*\" >&2; exit 97; }\nshift\nexec \"$@\"\n";
            let path = folder.join(manager);
            std::fs::write(&path, script).unwrap();
            let executable = std::os::unix::fs::PermissionsExt::from_mode(0o755);
            std::fs::set_permissions(path, executable).unwrap();
        }
        folder
    });
    SHIMS.clone()
}

/// Runs a check unless it passed before on the same content.
fn unless_known(
    check: &str,
    content: &str,
    run: impl FnOnce() -> Result<(), String>,
) -> Result<(), String> {
    static RUNNING: LazyLock<Mutex<HashSet<String>>> = LazyLock::new(Mutex::default);
    let mark = cache("passed").join(format!("{check}-{content}"));
    if mark.exists() || !RUNNING.lock().unwrap().insert(format!("{check}-{content}")) {
        return Ok(());
    }
    run()?;
    std::fs::write(mark, "").unwrap();
    Ok(())
}

/// Recognises projects that behave the same: the code, its settings and its dependencies.
fn runtime_files(tree: &Tree) -> String {
    let texts = tree.iter().filter(|(path, _)| {
        let path = path.as_str();
        let is_text = path.ends_with(".md")
            || path.starts_with('.')
            || path.contains("Dockerfile")
            || path == "LICENSE";
        !is_text && path != "compose.yaml"
    });
    digest(texts.flat_map(|(path, entry)| {
        let bytes = if path.as_str() == "pyproject.toml" {
            without_licence(&entry.bytes)
        } else {
            entry.bytes.to_vec()
        };
        [path.as_str().as_bytes().to_vec(), bytes]
    }))
}

/// Recognises projects that serve the same: the code and what it depends on at run time.
fn served_files(tree: &Tree) -> String {
    let served = |path: &str| {
        path.starts_with("src/") || path.starts_with("migrations/") || path == "alembic.ini"
    };
    let files = tree.iter().filter(|(path, _)| served(path.as_str()));
    let pyproject: toml_edit::DocumentMut = text(tree, "pyproject.toml").parse().unwrap();
    let dependencies = pyproject["project"]["dependencies"].to_string();
    digest(
        files
            .flat_map(|(path, entry)| [path.as_str().as_bytes(), &*entry.bytes])
            .chain([dependencies.as_bytes()]),
    )
}

fn text<'a>(tree: &'a Tree, path: &str) -> &'a str {
    std::str::from_utf8(&tree.get(path).unwrap().bytes).unwrap()
}

/// Leaves the lines of a pyproject.toml out that differ with the licence and change no behaviour.
fn without_licence(pyproject: &[u8]) -> Vec<u8> {
    let mut document: toml_edit::DocumentMut =
        std::str::from_utf8(pyproject).unwrap().parse().unwrap();
    for key in ["license", "license-files", "classifiers"] {
        document["project"].as_table_mut().unwrap().remove(key);
    }
    document.to_string().into_bytes()
}

/// Recognises projects that are built the same.
fn build_files(tree: &Tree) -> String {
    let files = tree
        .iter()
        .filter(|(path, _)| ["pyproject.toml", "README.md", "LICENSE"].contains(&path.as_str()));
    digest(files.flat_map(|(path, entry)| [path.as_str().as_bytes(), &*entry.bytes]))
}

fn write(tree: &Tree, root: &Path) {
    for (path, entry) in tree.iter() {
        let path = root.join(path.as_str());
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, &entry.bytes).unwrap();
    }
}

/// Runs a program, and gives what it said when it fails.
pub fn succeed(command: &mut Command) -> Result<(), String> {
    let output = command
        .output()
        .map_err(|error| format!("{command:?}: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    let (stdout, stderr) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    Err(format!(
        "{} {:?}: {}\n{stdout}\n{stderr}",
        command.get_program().display(),
        command.get_args(),
        output.status
    ))
}
