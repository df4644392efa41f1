//! Fetches what generated projects are checked with into `target/`, through the ordinary clients.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, LazyLock, Mutex, OnceLock};

/// The versions that generated projects can be checked with, the preferred first.
const VERSIONS: [&str; 3] = ["3.13", "3.12", "3.14"];

/// The interpreters on this machine, by version.
static INTERPRETERS: LazyLock<HashMap<&'static str, PathBuf>> = LazyLock::new(|| {
    VERSIONS
        .iter()
        .filter_map(|version| Some((*version, find(version)?)))
        .collect()
});

/// The place for everything that is fetched; it outlives a run.
pub fn cache(inner: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(inner);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// Gives the interpreter of a version, or the preferred one that is there.
pub fn interpreter(version: &str) -> (&'static str, &'static Path) {
    let wanted = INTERPRETERS.get_key_value(version);
    let found = wanted.or_else(|| {
        VERSIONS
            .iter()
            .find_map(|version| INTERPRETERS.get_key_value(version))
    });
    let (version, path) =
        found.expect("a Python from 3.12 on is needed: python3.13, python3.12 or python3.14");
    (version, path)
}

/// Looks for an interpreter on the path and among pyenv's.
fn find(version: &str) -> Option<PathBuf> {
    let name = format!("python{version}");
    let path = std::env::var_os("PATH").unwrap_or_default();
    let on_path = std::env::split_paths(&path).map(|folder| folder.join(&name));
    let pyenv = std::env::var_os("PYENV_ROOT").map(PathBuf::from);
    let pyenv = pyenv.or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".pyenv")))?;
    let installed = std::fs::read_dir(pyenv.join("versions"))
        .into_iter()
        .flatten()
        .flatten();
    let matching = installed.filter(|entry| {
        entry
            .file_name()
            .to_string_lossy()
            .starts_with(&format!("{version}."))
    });
    let mut candidates = on_path.chain(matching.map(|entry| entry.path().join("bin").join(&name)));
    // pyenv's shims answer to names of versions that aren't switched on.
    candidates.find(|candidate| {
        let probe = Command::new(candidate)
            .arg("--version")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        probe.is_ok_and(|status| status.success())
    })
}

/// Gives uv, fetched from the package index on first use.
pub fn uv() -> &'static Path {
    static UV: OnceLock<PathBuf> = OnceLock::new();
    UV.get_or_init(|| {
        let folder = cache("uv");
        let uv = folder.join("bin/uv");
        if !uv.exists() {
            let (_, python) = interpreter(VERSIONS[0]);
            must(
                Command::new(python)
                    .arg("-m")
                    .arg("venv")
                    .arg("--clear")
                    .arg(&folder),
            );
            must(
                Command::new(folder.join("bin/python")).args(["-m", "pip", "install", "-q", "uv"]),
            );
        }
        uv
    })
}

/// Gives the folder of just, fetched from the package index on first use.
pub fn just() -> PathBuf {
    static JUST: OnceLock<PathBuf> = OnceLock::new();
    let folder = JUST.get_or_init(|| {
        let folder = cache("just");
        if !folder.join("bin/just").exists() {
            let (_, python) = interpreter(VERSIONS[0]);
            must(
                uv_command(python)
                    .args(["venv", "-q", "--clear"])
                    .arg(&folder),
            );
            let mut install = uv_command(python);
            install.args(["pip", "install", "-q", "rust-just", "--prefix"]);
            must(install.arg(&folder));
        }
        folder
    });
    folder.join("bin")
}

/// Prepares uv for an interpreter: it fetches none, and keeps the byte code that makes runs fast.
pub fn uv_command(python: &Path) -> Command {
    let mut command = Command::new(uv());
    command
        .env("UV_PYTHON", python)
        .env("UV_PYTHON_DOWNLOADS", "never")
        .env("UV_NO_PROGRESS", "1")
        .env_remove("VIRTUAL_ENV")
        .env_remove("PYTHONDONTWRITEBYTECODE");
    command
}

/// Gives the variables by which package clients find their index, its proxy and its certificates.
pub fn network_variables() -> impl Iterator<Item = (String, String)> {
    let is_about_network = |name: &str| {
        let name = name.to_lowercase();
        let is_certificate = name.starts_with("ssl_") || name.ends_with("_ca_bundle");
        is_certificate || name.starts_with("uv_index") || name.ends_with("_proxy")
    };
    std::env::vars().filter(move |(name, _)| is_about_network(name))
}

/// Gives an environment with what a project depends on; projects with the same needs share one.
///
/// The folder holds a project whose lock the environment was made from.
pub fn environment(pyproject: &str) -> PathBuf {
    static MADE: LazyLock<Mutex<HashMap<String, Arc<OnceLock<PathBuf>>>>> =
        LazyLock::new(Mutex::default);
    let project = Needs::of(pyproject);
    let key = project.key();
    let made = Arc::clone(MADE.lock().unwrap().entry(key.clone()).or_default());
    made.get_or_init(|| {
        let folder = cache("environments").join(&key);
        if !folder.join("complete").exists() {
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(folder.join("pyproject.toml"), project.pyproject()).unwrap();
            must(
                uv_command(project.python)
                    .args(["sync", "-q", "--compile-bytecode", "--directory"])
                    .arg(&folder),
            );
            std::fs::write(folder.join("complete"), "").unwrap();
        }
        folder.join(".venv")
    })
    .clone()
}

/// Gives the lowest version that a project runs on.
pub fn requires_python(pyproject: &str) -> String {
    let document: toml_edit::DocumentMut = pyproject.parse().unwrap();
    document["project"]["requires-python"]
        .as_str()
        .unwrap()
        .trim_start_matches(">=")
        .to_owned()
}

/// What a project needs to be checked: an interpreter and packages.
struct Needs {
    python: &'static Path,
    version: &'static str,
    dependencies: String,
    development: String,
}

impl Needs {
    fn of(pyproject: &str) -> Self {
        let document: toml_edit::DocumentMut = pyproject.parse().unwrap();
        let (version, python) = interpreter(&requires_python(pyproject));
        Needs {
            python,
            version,
            dependencies: document["project"]["dependencies"].to_string(),
            development: development(&document),
        }
    }

    fn key(&self) -> String {
        super::checks::digest([self.version, &self.dependencies, &self.development])[..16]
            .to_owned()
    }

    fn pyproject(&self) -> String {
        let Needs {
            version,
            dependencies,
            development,
            ..
        } = self;
        format!(
            "[project]\nname = \"environment\"\nversion = \"0\"\nrequires-python = \"=={version}.*\"\ndependencies = {dependencies}\n\n[dependency-groups]\n{development}"
        )
    }
}

/// Gives what development needs: groups of dependencies, or extras where the package manager knows
/// no groups.
fn development(document: &toml_edit::DocumentMut) -> String {
    let groups = document.get("dependency-groups");
    let extras = || document["project"].get("optional-dependencies");
    groups.or_else(extras).unwrap().to_string()
}

/// Runs a program that has to succeed.
#[track_caller]
pub fn must(command: &mut Command) -> String {
    let output = command
        .output()
        .unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let (stdout, stderr) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    assert!(output.status.success(), "{command:?}\n{stdout}\n{stderr}");
    stdout.into_owned()
}
