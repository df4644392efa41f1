//! What a new user does: one command, then the commands that it names, with the real tools.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::Sandbox;
use super::python::{cache, interpreter, must, network_variables, uv, uv_command};

/// Makes a project with one package manager, installs it, and checks it.
///
/// Gives everything that was said by the commands that follow `pyscaffold new`.
pub fn walk(manager: &str, answers: &[&str]) -> String {
    let sandbox = Sandbox::new();
    let (version, python) = interpreter("3.13");
    let variables = variables(manager, python);
    let variables: Vec<(&str, &str)> = variables
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let mut arguments = vec!["new", "golden-path", "--yes", "--install", "--json"];
    arguments.extend(["--package-manager", manager, "--python", version]);
    arguments.extend(answers);
    let made = sandbox.run_with(&arguments, &variables).ok().json();
    let states: Vec<&str> = made["steps"]
        .as_array()
        .unwrap()
        .iter()
        .map(|step| step["status"].as_str().unwrap())
        .collect();
    assert!(states.len() > 1, "{made}");
    assert!(states.iter().all(|state| *state == "done"), "{made}");
    assert!(made["files"].as_array().unwrap().len() > 40);

    let mut git = sandbox.command("git");
    let changed = must(git.args(["-C", "golden-path", "status", "--porcelain"]));
    assert_eq!(changed, "", "the first commit lacks something");
    let state = sandbox.read("work/golden-path/.pyscaffold/answers.toml");
    let state: toml_edit::DocumentMut = state.parse().unwrap();
    for lock in state["made"].as_array().unwrap() {
        let lock = lock.as_str().unwrap();
        let mut git = sandbox.command("git");
        must(git.args(["-C", "golden-path", "ls-files", "--error-unmatch", lock]));
    }

    let next = made["next"].as_array().unwrap();
    let commands: Vec<&str> = next.iter().filter_map(|command| command.as_str()).collect();
    let place = commands
        .iter()
        .position(|command| command.ends_with(" check"));
    let until_check = place.unwrap_or_else(|| panic!("no command checks: {commands:?}"));
    let mut said = String::new();
    for command in &commands[1..=until_check] {
        let mut shell = sandbox.command("sh");
        shell
            .current_dir(sandbox.path("work/golden-path"))
            .args(["-c", command])
            .envs(variables.iter().copied());
        let output = shell.output().unwrap();
        said += &String::from_utf8_lossy(&output.stdout);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{command}: {said}\n{errors}");
    }
    said
}

/// Gives the environment of a user who has the tools: a package manager, and a runner of tasks.
pub fn variables(manager: &str, python: &Path) -> Vec<(String, String)> {
    let folders = [
        uv().parent().unwrap().to_owned(),
        tools(manager).join("bin"),
        python.parent().unwrap().to_owned(),
    ];
    let path = std::env::var_os("PATH").unwrap_or_default();
    let path = std::env::join_paths(folders.into_iter().chain(std::env::split_paths(&path)));
    let mut variables: Vec<(String, String)> = network_variables().collect();
    let mut set = |name: &str, value: String| variables.push((name.to_owned(), value));
    set("PATH", path.unwrap().into_string().unwrap());
    set("UV_PYTHON_DOWNLOADS", "never".to_owned());
    set("UV_CACHE_DIR", cache("uv-cache").display().to_string());
    if manager == "uv" {
        // Others run uv themselves, and it would install into this interpreter.
        set("UV_PYTHON", python.display().to_string());
    }
    variables
}

/// Fetches the package manager that the template names, and what runs its lock.
fn tools(manager: &str) -> PathBuf {
    let pins = include_str!("../../../templates/builtin/data/pins.toml");
    let pins: toml_edit::DocumentMut = pins.parse().unwrap();
    let pinned = |name: &str| Some(pins["tools"].get(name)?.as_str()?.to_owned());
    let tool = pinned(manager).unwrap_or_else(|| manager.to_owned());
    let folder = cache(&format!("tools/{manager}"));
    let (_, python) = interpreter("3.13");
    if !folder.join("bin/python").exists() {
        must(
            uv_command(python)
                .args(["venv", "-q", "--clear"])
                .arg(&folder),
        );
    }
    let mut install: Command = uv_command(python);
    install.args([
        "pip",
        "install",
        "-q",
        &tool,
        &pinned("just").unwrap(),
        "--python",
    ]);
    must(install.arg(folder.join("bin/python")));
    folder
}
