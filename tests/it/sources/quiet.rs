//! Nobody is asked, nothing waits for ever, and no credential is told.

use std::io::Read;
use std::process::Stdio;

use crate::support::Sandbox;
use crate::support::repositories::Repository;

/// What must be found nowhere.
const TOKEN: &str = "t0ken-of-ada";

/// Writes a program that stands in for another one, and gives the search path that finds it first.
fn stand_in(sandbox: &Sandbox, name: &str, script: &str) -> String {
    let path = sandbox.write(&format!("bin/{name}"), format!("#!/bin/sh\n{script}\n"));
    let executable = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    std::fs::set_permissions(path, executable).unwrap();
    let others = std::env::var("PATH").unwrap();
    format!("{}:{others}", sandbox.path("bin").display())
}

#[test]
fn credentials_are_stored_and_told_nowhere() {
    let sandbox = Sandbox::new();
    let repository = Repository::with_template(&sandbox, "api");
    sandbox.stand_in(&["https://example.org/"]);
    let config = sandbox.read("home/.gitconfig");
    let config = config + "[credential]\nhelper = store\n[core]\nlogAllRefUpdates = always\n";
    sandbox.write("home/.gitconfig", config);
    let address = format!("https://ada:{TOKEN}@example.org/api");
    let made = sandbox.make(&format!("--json --verbose --no-git --template {address}"));
    assert_eq!(
        sandbox.recorded("source").as_deref(),
        Some("https://example.org/api")
    );
    repository.release("2.0.0", "two\n");
    let update = format!("update --yes --template {address} --ref main");
    let updated = sandbox.in_demo(&update);
    updated.ok();
    std::fs::rename(repository.path(), sandbox.path("away")).unwrap();
    let offline = sandbox.in_demo(&update);
    offline.ok();
    // Nobody listens there, and git tells so with the URL.
    let lost = format!("https://ada:{TOKEN}@127.0.0.1:9/api");
    let failed = sandbox.run(&format!("new other --yes --json --template {lost}"));
    failed
        .code(1)
        .says("can't fetch template 'https://127.0.0.1:9/api'");
    let refused = sandbox.run(&format!("new other --yes --template {lost}?x"));
    refused.code(2);
    for run in [&made, &updated, &offline, &failed, &refused] {
        let said = run.stdout() + &run.stderr();
        assert!(!said.contains(TOKEN), "{said}");
    }
    std::fs::remove_file(sandbox.path("home/.gitconfig")).unwrap();
    let mut folders = vec![sandbox.path("")];
    let mut count = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().flatten() {
            if entry.file_type().unwrap().is_dir() {
                folders.push(entry.path());
                continue;
            }
            let bytes = std::fs::read(entry.path()).unwrap();
            let has_it = bytes
                .windows(TOKEN.len())
                .any(|part| part == TOKEN.as_bytes());
            assert!(!has_it, "{}", entry.path().display());
            count += 1;
        }
    }
    assert!(count > 20);
}

#[test]
fn credentials_are_in_no_argument_and_git_learns_them_for_their_server_alone() {
    let sandbox = Sandbox::new();
    let git = sandbox
        .command("sh")
        .args(["-c", "command -v git"])
        .output()
        .unwrap();
    let git = String::from_utf8(git.stdout).unwrap();
    let git = git.trim();
    // What git would be told by a server that asks, and by another one.
    let script = format!(
        "case \"$*\" in *' ls-remote '*) ;; *) exec {git} \"$@\" ;; esac\n\
         echo \"$@\" >> \"$HOME/arguments\"\n\
         for host in example.org:8443 elsewhere.org; do\n\
         printf 'protocol=https\\nhost=%s\\n\\n' \"$host\" | {git} credential fill\n\
         done >> \"$HOME/learnt\" 2>&1\nexit 128"
    );
    let path = stand_in(&sandbox, "git", &script);
    let config = sandbox.read("home/.gitconfig") + "[credential]\nhelper = store\n";
    sandbox.write("home/.gitconfig", config);
    let own = [
        ("PATH", path.as_str()),
        ("GIT_CONFIG_COUNT", "1"),
        ("GIT_CONFIG_KEY_0", "user.name"),
        ("GIT_CONFIG_VALUE_0", "Grace"),
    ];
    let address = format!("https://a%2Fda:{TOKEN}%25@example.org:8443/api");
    let failed = sandbox.run_with(&["new", "demo", "--yes", "--template", &address], &own);
    failed.code(1);
    let arguments = sandbox.read("home/arguments");
    assert!(
        arguments.contains(" https://example.org:8443/api "),
        "{arguments}"
    );
    assert!(!arguments.contains(TOKEN), "{arguments}");
    let learnt = sandbox.read("home/learnt");
    assert_eq!(learnt.matches("username=a/da\n").count(), 1, "{learnt}");
    assert_eq!(
        learnt.matches(&format!("password={TOKEN}%\n")).count(),
        1,
        "{learnt}"
    );
}

#[test]
fn ssh_asks_nobody_and_says_why_it_failed() {
    let sandbox = Sandbox::new();
    let script =
        "echo \"$@\" >> \"$HOME/arguments\"\necho 'Permission denied (publickey).' >&2\nexit 255";
    let path = stand_in(&sandbox, "ssh", script);
    let arguments = ["new", "demo", "--template", "git@example.org:acme/api"];
    sandbox
        .run_with(&arguments, &[("PATH", &path)])
        .code(1)
        .says("can't fetch template 'git@example.org:acme/api': Permission denied (publickey).")
        .says("this has to work: git ls-remote git@example.org:acme/api");
    let heard = sandbox.read("home/arguments");
    assert!(heard.contains("-o BatchMode=yes"), "{heard}");
    // Who says how ssh is called knows better.
    let own = [
        ("PATH", path.as_str()),
        ("GIT_SSH_COMMAND", "ssh -o Own=yes"),
    ];
    sandbox.run_with(&arguments, &own).code(1);
    let heard = sandbox.read("home/arguments");
    let last = heard.lines().last().unwrap();
    assert!(
        last.contains("-o Own=yes") && !last.contains("BatchMode"),
        "{heard}"
    );
}

#[test]
fn without_git_it_is_said_what_is_missing() {
    let sandbox = Sandbox::new();
    let arguments = ["new", "demo", "--yes", "--template", "gh:acme/api"];
    let nowhere = sandbox.path("nowhere");
    sandbox
        .run_with(&arguments, &[("PATH", nowhere.to_str().unwrap())])
        .code(1)
        .says("there is no 'git' program")
        .says("install git");
}

#[test]
fn ctrl_c_ends_a_fetch() {
    let sandbox = Sandbox::new();
    let pipe = sandbox.path("pipe");
    assert!(
        sandbox
            .command("mkfifo")
            .arg(&pipe)
            .status()
            .unwrap()
            .success()
    );
    let path = stand_in(
        &sandbox,
        "ssh",
        "echo there > \"$HOME/../pipe\"\nexec tail -f /dev/null",
    );
    let mut command = sandbox.command(env!("CARGO_BIN_EXE_pyscaffold"));
    command
        .args(["new", "demo", "--template", "git@example.org:acme/api"])
        .env("PATH", path)
        .stdin(Stdio::null())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // This waits until the stand-in runs.
    assert_eq!(std::fs::read_to_string(pipe).unwrap(), "there\n");
    let id = nix::unistd::Pid::from_raw(i32::try_from(child.id()).unwrap());
    nix::sys::signal::kill(id, nix::sys::signal::Signal::SIGINT).unwrap();
    let status = child.wait().unwrap();
    let mut said = String::new();
    child.stderr.unwrap().read_to_string(&mut said).unwrap();
    assert_eq!(status.code(), Some(130), "{said}");
    assert!(said.contains("interrupted; nothing was changed"), "{said}");
    assert_eq!(sandbox.files("work"), Vec::<String>::new());
}

#[test]
fn a_pipe_gets_no_progress() {
    let sandbox = Sandbox::new();
    let repository = Repository::with_template(&sandbox, "api");
    let made = sandbox.make(&format!("--no-git --quiet --template {}", repository.url()));
    assert_eq!(made.stderr(), "");
}
