//! What isn't a file, in the place of every file that is read: no command waits for it.

use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use nix::sys::stat::Mode;
use nix::unistd::mkfifo;

use crate::support::{Run, Sandbox};

/// How long a command may take; one that hangs takes for ever.
const MOST: Duration = Duration::from_secs(60);

/// What a project is made from.
const MANIFEST: &str = "name = \"small\"\nversion = \"1.0.0\"\nsummary = \"Small\"\n\n[[question]]\nname = \"name\"\ntype = \"text\"\ndefault = \"p\"\n";

/// The commands that read a project, with what stands for them in the table.
const COMMANDS: [(&str, &str); 6] = [
    ("change", "change --yes --no-lock --set name=q"),
    ("update", "update --template ../../template --yes --no-lock"),
    ("status", "status"),
    ("diff", "diff"),
    ("undo", "undo"),
    ("new", "new inner --yes --no-lock"),
];

/// Every file that is read in a project, and the commands that can do nothing without it.
const FILES: [(&str, &[&str]); 16] = [
    (".pyscaffold/answers.toml", &["change", "update", "status"]),
    (
        ".pyscaffold/snapshot.tar.gz",
        &["change", "update", "status", "diff"],
    ),
    (".pyscaffold/local/lock", &["change", "undo"]),
    (".pyscaffold/local/history/1/journal", &["undo"]),
    (
        ".pyscaffold/local/change/journal",
        &["change", "update", "undo"],
    ),
    (".gitignore", &["change", "update", "status"]),
    ("docs/.gitignore", &["change", "update", "status"]),
    (".gitattributes", &["change", "update", "status"]),
    (".git/index", &["change", "update"]),
    (".git/config", &["change", "update", "new"]),
    (".git/HEAD", &["change", "update", "new"]),
    (".git/packed-refs", &["change", "update"]),
    (".git/info/exclude", &["change", "update", "status"]),
    (".git/info/attributes", &["change", "update"]),
    (".git/config.worktree", &["change", "update"]),
    ("README.md", &[]),
];

/// The file without which a command goes on: it is made again from the answers.
const MADE_AGAIN: &str = ".pyscaffold/snapshot.tar.gz";

/// Runs a command in the project, and fails when it doesn't end.
fn run(sandbox: &Sandbox, folder: &str, arguments: &str) -> Run {
    let mut command = sandbox.command(env!("CARGO_BIN_EXE_pyscaffold"));
    command.args(arguments.split(' ')).stdin(Stdio::null());
    command.current_dir(sandbox.path(folder));
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let begin = Instant::now();
    while child.try_wait().unwrap().is_none() {
        if begin.elapsed() > MOST {
            child.kill().unwrap();
            panic!("'{arguments}' doesn't end");
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    Run(child.wait_with_output().unwrap())
}

/// Makes a project in a repository, changed once.
fn project() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.template(&[
        ("template.toml", MANIFEST),
        ("base/files/README.md.jinja", "# {{ name }}\n"),
        ("base/files/docs/index.md", "# Docs\n"),
    ]);
    run(&sandbox, "work", "new p --template ../template --yes").ok();
    run(&sandbox, "work/p", "change --yes --set name=r").ok();
    let mut git = sandbox.command("git");
    git.current_dir(sandbox.path("work/p"));
    assert!(
        git.args(["commit", "-qam", "r"])
            .status()
            .unwrap()
            .success()
    );
    sandbox
}

/// Puts something else in the place of a file.
fn replace(place: &Path, with: &str) {
    fs::create_dir_all(place.parent().unwrap()).unwrap();
    let _ = fs::remove_file(place);
    match with {
        "a pipe" => mkfifo(place, Mode::S_IRWXU).unwrap(),
        _ => std::os::unix::fs::symlink("/dev/zero", place).unwrap(),
    }
}

/// Copies a project with its links and rights.
fn copy(sandbox: &Sandbox, to: &str) {
    let mut copy = sandbox.command("cp");
    assert!(copy.args(["-a", "p", to]).status().unwrap().success());
}

#[test]
fn no_command_waits_for_what_is_no_file() {
    let sandbox = project();
    let mut wrong = Vec::new();
    for with in ["a pipe", "an endless device"] {
        for (file, needed) in FILES {
            for (name, arguments) in COMMANDS {
                copy(&sandbox, "q");
                replace(&sandbox.path(&format!("work/q/{file}")), with);
                let run = run(&sandbox, "work/q", arguments);
                let said = run.stderr();
                let code = run.0.status.code();
                let goes_on = file == MADE_AGAIN && code == Some(0);
                let is_told = (code == Some(1) || goes_on) && said.contains(file);
                if code.is_none() || said.contains("panicked") || needed.contains(&name) && !is_told
                {
                    wrong.push(format!(
                        "{with} as {file}: {name} ends with {code:?}\n{said}"
                    ));
                }
                fs::remove_dir_all(sandbox.path("work/q")).unwrap();
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_file_of_the_users_own_is_waited_for() {
    for (file, arguments, code) in [
        (
            "home/.config/pyscaffold/config.toml",
            "new demo --yes --no-lock",
            2,
        ),
        ("home/.local/share/pyscaffold/trust.toml", "trust", 1),
        (
            "home/.local/share/pyscaffold/trust.lock",
            "trust revoke /x",
            1,
        ),
    ] {
        for with in ["a pipe", "an endless device"] {
            let sandbox = Sandbox::new();
            replace(&sandbox.path(file), with);
            run(&sandbox, "work", arguments).code(code).says(file);
        }
    }
}

#[test]
fn a_neighbour_in_a_shared_folder_stops_nobody() {
    for with in ["a pipe", "an endless device"] {
        let sandbox = Sandbox::new();
        replace(&sandbox.path("work/.x.pyscaffold-abc123/lock"), with);
        run(&sandbox, "work", "new demo --yes --no-lock --no-git").ok();
        assert!(sandbox.path("work/demo/README.md").is_file());
    }
}

#[test]
fn a_setting_that_names_an_endless_file_is_found() {
    for setting in [
        "[include]\n\tpath = pipe",
        "[core]\n\texcludesFile = .git/pipe",
    ] {
        let sandbox = project();
        let config = sandbox.read("work/p/.git/config");
        sandbox.write("work/p/.git/config", format!("{config}{setting}\n"));
        replace(&sandbox.path("work/p/.git/pipe"), "a pipe");
        run(&sandbox, "work/p", COMMANDS[0].1)
            .code(1)
            .says(".git/pipe");
    }
}

#[test]
fn an_adopted_project_is_looked_at_without_waiting() {
    for file in [
        "pyproject.toml",
        ".gitignore",
        "docs/.gitignore",
        ".git/config",
    ] {
        for with in ["a pipe", "an endless device"] {
            let sandbox = project();
            fs::remove_dir_all(sandbox.path("work/p/.pyscaffold")).unwrap();
            replace(&sandbox.path(&format!("work/p/{file}")), with);
            let run = run(&sandbox, "work/p", "adopt --yes --no-lock --dry-run");
            assert!(run.0.status.code().is_some(), "{}", run.stderr());
        }
    }
}
