//! Checks generated projects for real: their own checks, their build, their server.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{LazyLock, Mutex};

use pyscaffold::combinations::Combination;
use pyscaffold::render::Rendered;
use pyscaffold::template::Template;
use pyscaffold::tree::Tree;

use super::checks::digest;
use super::combinations::{NAMES, describe, render};
use super::python::{cache, environment, interpreter, uv_command};
use super::server;

/// How many projects are checked side by side.
const WORKERS: usize = 2;

/// Checks projects of some combinations, and gives what failed.
pub fn check_all(template: &Template, combinations: Vec<Combination>) -> Vec<String> {
    let next = AtomicUsize::new(0);
    let work = || {
        let mut failures = Vec::new();
        loop {
            let index = next.fetch_add(1, Ordering::SeqCst);
            let Some(combination) = combinations.get(index) else {
                return failures;
            };
            let name = NAMES[index % NAMES.len()];
            if let Err(failure) = check(&render(template, combination, name)) {
                failures.push(format!("{name}: {}\n{failure}", describe(combination)));
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

/// Checks a project, each part of it unless the same content was found good before.
pub fn check(rendered: &Rendered) -> Result<(), String> {
    let pyproject =
        String::from_utf8(rendered.tree.get("pyproject.toml").unwrap().bytes.to_vec()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("project");
    write(&rendered.tree, &root);
    write(&rendered.once, &root);
    let environment = environment(&pyproject);
    let project = Project { root, environment };
    unless_known("check", &runtime_files(&rendered.tree), || {
        project.run_own_checks()
    })?;
    unless_known("serve", &runtime_files(&rendered.tree), || {
        server::check(&project)
    })?;
    unless_known("build", &build_files(&rendered.tree), || project.build())
}

/// A project on disk, and the environment that it runs in.
pub struct Project {
    /// The folder.
    pub root: PathBuf,
    /// The virtual environment.
    pub environment: PathBuf,
}

impl Project {
    /// Prepares a program of the environment to run in the project.
    pub fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        let path = std::env::var_os("PATH").unwrap_or_default();
        let folders = [shims(), self.environment.join("bin")]
            .into_iter()
            .chain(std::env::split_paths(&path));
        command
            .current_dir(&self.root)
            .env_clear()
            .env("PATH", std::env::join_paths(folders).unwrap())
            .env("HOME", self.root.parent().unwrap())
            .env("VIRTUAL_ENV", &self.environment)
            .env("PYTHONPATH", self.root.join("src"))
            .env("RUFF_CACHE_DIR", cache("ruff"))
            .env(
                "MYPY_CACHE_DIR",
                cache(&format!("mypy/{:?}", std::thread::current().id())),
            )
            .env("PYRIGHT_PYTHON_CACHE_DIR", cache("pyright"));
        command
    }

    /// Runs what the project's README says to run before every commit.
    fn run_own_checks(&self) -> Result<(), String> {
        succeed(&mut self.command("make").arg("check"))
    }

    /// Builds the wheel, and looks whether the package and its types are in it.
    fn build(&self) -> Result<(), String> {
        let (_, python) = interpreter("");
        let out = self.root.join("out");
        succeed(
            uv_command(python)
                .args(["build", "-q", "--wheel", "--no-python-downloads", "-o"])
                .arg(&out)
                .arg(&self.root),
        )?;
        let wheel = std::fs::read_dir(&out)
            .unwrap()
            .flatten()
            .find(|entry| entry.path().extension().is_some_and(|end| end == "whl"));
        let wheel = wheel.ok_or("no wheel was built")?.path();
        let listing = self
            .command("python")
            .args(["-m", "zipfile", "-l"])
            .arg(wheel)
            .output()
            .unwrap();
        let listing = String::from_utf8_lossy(&listing.stdout).into_owned();
        let package = std::fs::read_dir(self.root.join("src"))
            .unwrap()
            .flatten()
            .next()
            .unwrap()
            .file_name();
        let typed = format!("{}/py.typed", package.to_string_lossy());
        if listing.contains(&typed) {
            Ok(())
        } else {
            Err(format!("{typed} is not in the wheel:\n{listing}"))
        }
    }
}

/// Gives a folder of stand-ins that run a project's commands in the shared environment: what
/// `uv run` does, without an environment for each project. The real one is used by the golden
/// path.
fn shims() -> PathBuf {
    static SHIMS: LazyLock<PathBuf> = LazyLock::new(|| {
        let folder = cache("shims");
        let script = "#!/bin/sh\n[ \"$1\" = run ] || { echo \"unexpected: uv $*\" >&2; exit 97; }\nshift\nexec \"$@\"\n";
        let path = folder.join("uv");
        std::fs::write(&path, script).unwrap();
        let executable = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        std::fs::set_permissions(path, executable).unwrap();
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
        "{:?} {:?}: {}\n{stdout}\n{stderr}",
        command.get_program(),
        command.get_args(),
        output.status
    ))
}
