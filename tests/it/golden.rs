//! What a new user does: one command, then the verbs that it names, with the real tools.

use crate::support::Sandbox;
use crate::support::python::{cache, interpreter, network_variables, uv};

#[test]
fn a_new_project_is_locked_installed_and_green() {
    let sandbox = Sandbox::new();
    let (version, python) = interpreter("3.13");
    let tools = uv().parent().unwrap();
    let path = std::env::join_paths(
        [tools.to_owned()]
            .into_iter()
            .chain(std::env::split_paths(&std::env::var_os("PATH").unwrap())),
    );
    let path = path.unwrap().into_string().unwrap();
    let uv_cache = cache("uv-cache").display().to_string();
    let python = python.display().to_string();
    let network: Vec<(String, String)> = network_variables().collect();
    let mut variables = vec![
        ("PATH", path.as_str()),
        ("UV_PYTHON", &python),
        ("UV_PYTHON_DOWNLOADS", "never"),
        ("UV_CACHE_DIR", &uv_cache),
    ];
    variables.extend(
        network
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str())),
    );
    let arguments = [
        "new",
        "golden-path",
        "--yes",
        "--python",
        version,
        "--install",
        "--json",
    ];
    let made = sandbox.run_with(&arguments, &variables).ok().json();
    let states: Vec<&str> = made["steps"]
        .as_array()
        .unwrap()
        .iter()
        .map(|step| step["status"].as_str().unwrap())
        .collect();
    assert_eq!(states, ["done", "done"], "{made}");
    assert!(made["files"].as_array().unwrap().len() > 40);

    let git = sandbox
        .command("git")
        .args(["-C", "golden-path", "status", "--porcelain"])
        .output()
        .unwrap();
    assert!(git.status.success() && git.stdout.is_empty(), "{git:?}");
    let listed = sandbox
        .command("git")
        .args(["-C", "golden-path", "ls-files", "uv.lock"])
        .output()
        .unwrap();
    assert_eq!(String::from_utf8_lossy(&listed.stdout), "uv.lock\n");

    let mut check = sandbox.command("make");
    check
        .args(["-C", "golden-path", "install", "check"])
        .envs(variables);
    let output = check.output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success(),
        "{said}\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(said.contains("Total coverage: 100.00%"), "{said}");
}
