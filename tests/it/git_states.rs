//! Git as people have it: every kind and state of a repository, and what each command does in it.

#![expect(
    clippy::print_stdout,
    reason = "what can't be tried here is said, and isn't silently left out"
)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Output;

use crate::support::{Run, Sandbox};

const TEMPLATE: [(&str, &str); 6] = [
    (
        "template.toml",
        "name = \"small\"\nversion = \"1.0.0\"\nsummary = \"For tests\"\n\n[[question]]\nname = \"team\"\nprompt = \"Team\"\ndefault = \"one\"\n",
    ),
    ("base/layer.toml", ""),
    ("base/files/team.txt.jinja", "{{ team }}\n"),
    ("base/files/run.sh", "#!/bin/sh\n"),
    ("base/files/deep/team.txt.jinja", "{{ team }}\n"),
    ("base/files/docs/index.md", "# Docs\n"),
];

/// A project in some repository, and what is set while it is worked on.
struct Place {
    sandbox: Sandbox,
    root: PathBuf,
    variables: BTreeMap<&'static str, String>,
    /// Why it can't be made here.
    missing: Option<String>,
}

impl Place {
    /// Makes a project in `work/demo`, in no repository.
    fn new() -> Self {
        let sandbox = Sandbox::new();
        let template = sandbox.template(&TEMPLATE);
        let config = sandbox.read("home/.gitconfig")
            + "[init]\ndefaultBranch = main\n[protocol \"file\"]\nallow = always\n[uploadpack]\nallowFilter = true\n[advice]\ndetachedHead = false\n";
        sandbox.write("home/.gitconfig", config);
        let made = format!(
            "new demo --yes --no-lock --no-git --template {}",
            template.display()
        );
        sandbox.run(&made).ok();
        let root = sandbox.path("work/demo");
        Place {
            sandbox,
            root,
            variables: BTreeMap::new(),
            missing: None,
        }
    }

    /// Makes one in a repository of its own with a commit; the words are for `git init`.
    fn committed(init: &str) -> Self {
        let mut place = Place::new();
        let words = format!("init --quiet {init}");
        let made = place.try_git(words.trim());
        if made.status.success() {
            place.git("add --all");
            place.git("commit --quiet --message Work");
        } else {
            place.missing = Some(String::from_utf8_lossy(&made.stderr).into_owned());
        }
        place
    }

    fn with(self, commands: &[&str]) -> Self {
        for command in commands {
            self.git(command);
        }
        self
    }

    fn at(mut self, root: &str) -> Self {
        self.root = self.sandbox.path(root);
        self
    }

    fn run(&self, arguments: &str) -> Run {
        let mut command = self.sandbox.command(env!("CARGO_BIN_EXE_pyscaffold"));
        command
            .args(arguments.split(' '))
            .current_dir(&self.root)
            .envs(&self.variables)
            .stdin(std::process::Stdio::null());
        Run(command.output().unwrap())
    }

    fn try_git(&self, arguments: &str) -> Output {
        let mut command = self.sandbox.command("git");
        command
            .args(arguments.split(' '))
            .current_dir(&self.root)
            .env("GIT_SEQUENCE_EDITOR", "sed -i -e 's/^pick/edit/'")
            .env("GIT_EDITOR", "true");
        command.output().unwrap()
    }

    #[track_caller]
    fn git(&self, arguments: &str) -> String {
        let output = self.try_git(arguments);
        assert!(output.status.success(), "{arguments}: {output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.root.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.root.join(path)).unwrap()
    }

    /// All files with their bytes, without what pyscaffold and git keep for themselves.
    fn bytes(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut files = BTreeMap::new();
        collect(&self.root, &mut files);
        files
    }

    /// What git says of the project: the state of each path that isn't as it is committed.
    fn status(&self) -> String {
        self.git("status --short --untracked-files=all -- .")
    }
}

fn collect(folder: &Path, files: &mut BTreeMap<PathBuf, Vec<u8>>) {
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.ends_with(".git") || path.ends_with(".pyscaffold/local") {
            continue;
        }
        if entry.file_type().unwrap().is_dir() {
            collect(&path, files);
        } else {
            files.insert(path.clone(), std::fs::read(path).unwrap());
        }
    }
}

/// A kind or state of a repository.
struct State {
    name: &'static str,
    make: fn() -> Place,
    /// Whether git knows what is in the project.
    is_tracked: bool,
    /// What every command that writes says besides.
    warning: &'static str,
}

const fn plain(name: &'static str, make: fn() -> Place) -> State {
    State {
        name,
        make,
        is_tracked: true,
        warning: "",
    }
}

const STATES: [State; 18] = [
    plain("a repository", || Place::committed("")),
    plain("objects in the newer format", || {
        Place::committed("--object-format=sha256")
    }),
    plain("references in tables", || {
        Place::committed("--ref-format=reftable")
    }),
    plain("both", || {
        Place::committed("--object-format=sha256 --ref-format=reftable")
    }),
    plain("a split index", || {
        Place::committed("").with(&["update-index --split-index"])
    }),
    plain("a sparse checkout", || {
        Place::committed("")
            .with(&["sparse-checkout set --cone --no-sparse-index deep .pyscaffold"])
    }),
    plain("a sparse index", || {
        Place::committed("").with(&["sparse-checkout set --cone --sparse-index deep .pyscaffold"])
    }),
    plain("caches of the index", || {
        Place::committed("").with(&[
            "config core.untrackedCache true",
            "config core.fsmonitor true",
            "config index.version 4",
            "update-index --untracked-cache --index-version 4",
        ])
    }),
    plain("a repository that lies elsewhere", || {
        Place::committed("--separate-git-dir=../store")
    }),
    plain("a linked work tree", || {
        Place::committed("")
            .with(&["worktree add --quiet ../linked"])
            .at("work/linked")
    }),
    plain("a submodule", || {
        let place = Place::committed("");
        let outer = place.sandbox.path("work/outer");
        std::fs::create_dir(outer).unwrap();
        // The template is found from there, too.
        let template = place.sandbox.path("template");
        std::os::unix::fs::symlink(template, place.sandbox.path("work/template")).unwrap();
        place
            .at("work/outer")
            .with(&["init --quiet", "submodule --quiet add ../demo inner"])
            .at("work/outer/inner")
    }),
    plain("a folder of a repository", || {
        let place = Place::new();
        place
            .at("work")
            .with(&["init --quiet", "add --all", "commit --quiet --message Work"])
            .at("work/demo")
    }),
    plain("a partial clone", || {
        let place = Place::committed("");
        let url = format!("file://{}", place.root.display());
        let clone = format!("clone --quiet --filter=blob:none {url} clone");
        place.at("work").with(&[&clone]).at("work/clone")
    }),
    plain("another repository in the environment", || {
        let mut place = Place::committed("");
        place.write("../other/file", "");
        place = place
            .at("work/other")
            .with(&[
                "init --quiet",
                "add --all",
                "commit --quiet --message Other",
            ])
            .at("work/demo");
        let other = place.sandbox.path("work/other");
        for (name, path) in [
            ("GIT_DIR", ".git"),
            ("GIT_WORK_TREE", ""),
            ("GIT_INDEX_FILE", ".git/index"),
        ] {
            let path = other.join(path).to_str().unwrap().to_owned();
            place.variables.insert(name, path);
        }
        place
    }),
    State {
        warning: "a rebase is in progress: 'git rebase --abort' would take this away, too",
        ..plain("a rebase that waits", || {
            Place::committed("").with(&[
                "commit --quiet --allow-empty --message More",
                "rebase --quiet --interactive --keep-empty HEAD~1",
            ])
        })
    },
    State {
        warning: "a rebase is in progress: 'git rebase --abort' would take this away, too",
        ..plain("a rebase that waits, of newer objects", || {
            Place::committed("--object-format=sha256").with(&[
                "commit --quiet --allow-empty --message More",
                "rebase --quiet --interactive --keep-empty HEAD~1",
            ])
        })
    },
    State {
        is_tracked: false,
        ..plain("no repository", Place::new)
    },
    State {
        is_tracked: false,
        ..plain("a folder of a bare repository", || {
            let place = Place::new();
            std::fs::create_dir(place.sandbox.path("bare")).unwrap();
            let place = place.at("bare").with(&["init --quiet --bare"]);
            let moved = place.sandbox.path("bare/demo");
            std::fs::rename(place.sandbox.path("work/demo"), moved).unwrap();
            place.at("bare/demo")
        })
    },
];

#[test]
fn every_command_does_the_same_in_every_state() {
    let mut missing = Vec::new();
    for state in STATES {
        let place = (state.make)();
        if let Some(reason) = &place.missing {
            missing.push(format!("{}: {reason}", state.name));
            continue;
        }
        println!("{}", state.name);
        clean(&state, &place);
        uncommitted(&state, &place);
        adopted(&state, &place);
        inside(&state, &place);
    }
    // An older git makes fewer kinds.
    println!("not made by this git: {missing:?}");
    assert!(missing.len() <= 3, "{missing:?}");
}

/// `status`, `change` and `undo` where all is committed.
#[track_caller]
fn clean(state: &State, place: &Place) {
    let before = place.bytes();
    place.run("status --check").ok();
    place
        .run("change --team two --yes")
        .ok()
        .says(state.warning);
    assert_eq!(place.read("deep/team.txt"), "two\n");
    if state.is_tracked {
        let status = place.status();
        let lines = status.lines().count();
        assert_eq!(
            status.matches(" M ").count(),
            lines,
            "{}: {status}",
            state.name
        );
        assert_eq!(lines, 4, "{}: {status}", state.name);
    }
    place.run("undo").ok().says(state.warning);
    assert_eq!(place.bytes(), before, "{}", state.name);
    if state.is_tracked {
        assert_eq!(place.status(), "", "{}", state.name);
    }
}

/// `change` over work that isn't committed, with a conflict, and `undo`.
#[track_caller]
fn uncommitted(state: &State, place: &Place) {
    place.write("team.txt", "mine\n");
    place.write("new.txt", "");
    let before = place.bytes();
    if state.is_tracked {
        place
            .run("change --team two --yes")
            .code(1)
            .says("uncommitted work in the project: new.txt, team.txt");
        assert_eq!(place.bytes(), before, "{}", state.name);
    }
    place
        .run("change --team two --yes --allow-dirty")
        .code(3)
        .says(state.warning);
    assert_eq!(place.read("deep/team.txt"), "two\n");
    if state.is_tracked {
        let unmerged = place.git("ls-files --unmerged");
        let stages: Vec<&str> = unmerged
            .lines()
            .map(|line| &line[line.len() - 10..])
            .collect();
        assert_eq!(
            stages,
            ["1\tteam.txt", "2\tteam.txt", "3\tteam.txt"],
            "{}",
            state.name
        );
        let changed = place.bytes();
        place
            .run("change --team three --yes --allow-dirty")
            .code(1)
            .says("left a conflict in 'team.txt' that is still open");
        assert_eq!(place.bytes(), changed, "{}", state.name);
    }
    place.run("undo").ok();
    assert_eq!(place.bytes(), before, "{}", state.name);
    if state.is_tracked {
        assert_eq!(
            place.status(),
            " M team.txt\n?? new.txt\n",
            "{}",
            state.name
        );
    }
    std::fs::remove_file(place.root.join("new.txt")).unwrap();
    place.write("team.txt", "one\n");
}

/// `adopt` and `undo` of what was made by hand in the same repository.
#[track_caller]
fn adopted(state: &State, place: &Place) {
    place.write("deep/old/team.txt", "by hand\n");
    if state.is_tracked {
        place.git("add --all");
        place.git("commit --quiet --message Old");
    }
    let before = place.bytes();
    let template = place.sandbox.path("template");
    let adopt = format!("adopt deep/old --yes --template {}", template.display());
    place.run(&adopt).code(3);
    let old = place.root.join("deep/old");
    assert!(old.join(".pyscaffold/answers.toml").is_file());
    let mut undo = place.sandbox.command(env!("CARGO_BIN_EXE_pyscaffold"));
    undo.arg("undo").current_dir(&old).envs(&place.variables);
    Run(undo.output().unwrap()).ok();
    assert_eq!(place.bytes(), before, "{}", state.name);
    if state.is_tracked {
        assert_eq!(place.status(), "", "{}", state.name);
    }
}

/// `new` in the folder.
#[track_caller]
fn inside(state: &State, place: &Place) {
    let template = place.sandbox.path("template");
    let new = format!("new deep/new --yes --template {}", template.display());
    place.run(&new).ok();
    let has_own = place.root.join("deep/new/.git").exists();
    assert_eq!(has_own, state.name == "no repository", "{}", state.name);
}

/// Every way in which git stops with a conflict, and how it is given up.
const STOPPED: [(&str, &str, &str); 6] = [
    ("merge", "merge theirs", "git merge --abort"),
    ("rebase", "rebase theirs", "git rebase --abort"),
    (
        "cherry-pick",
        "cherry-pick theirs",
        "git cherry-pick --abort",
    ),
    ("revert", "revert --no-edit HEAD~1", "git revert --abort"),
    ("am", "am --3way ../patch", "git am --abort"),
    ("", "stash pop", "git add"),
];

#[test]
fn nothing_is_written_while_git_waits_for_a_conflict_to_be_settled() {
    for (kind, (command, stop, give_up)) in [("", STOPPED), ("--object-format=sha256", STOPPED)]
        .into_iter()
        .flat_map(|(kind, stopped)| stopped.map(|stopped| (kind, stopped)))
    {
        let place = Place::committed(kind);
        if place.missing.is_some() {
            continue;
        }
        place.run("change --team two --yes").ok();
        place.git("commit --quiet --all --message Two");
        place.git("checkout --quiet -b theirs HEAD~1");
        place.write("team.txt", "theirs\n");
        place.git("commit --quiet --all --message Theirs");
        let patch = place.git("format-patch --stdout -1");
        place.sandbox.write("work/patch", patch);
        place.git("checkout --quiet main");
        place.write("team.txt", "ours\n");
        place.git("commit --quiet --all --message Ours");
        if stop == "stash pop" {
            place.write("team.txt", "stashed\n");
            place.git("stash --quiet");
            place.write("team.txt", "more\n");
            place.git("commit --quiet --all --message More");
        }
        assert!(!place.try_git(stop).status.success(), "{stop}");
        let (files, index) = (place.bytes(), place.git("ls-files --stage"));
        assert!(
            place.status().contains("UU team.txt"),
            "{stop}: {}",
            place.status()
        );
        let template = place.sandbox.path("template");
        for arguments in [
            "change --team three --yes --allow-dirty".to_owned(),
            "change --team three --yes".to_owned(),
            format!(
                "update --yes --allow-dirty --template {}",
                template.display()
            ),
            "undo".to_owned(),
        ] {
            if command.is_empty() && arguments == "undo" {
                continue;
            }
            let run = place.run(&arguments);
            run.code(1)
                .says("unsettled conflicts in the project: team.txt")
                .says(give_up);
            if !command.is_empty() {
                run.says(&format!("finish the {command} first"));
            }
            assert_eq!(place.bytes(), files, "{stop}: {arguments}");
            assert_eq!(place.git("ls-files --stage"), index, "{stop}: {arguments}");
        }
        place.run("status").ok();
    }
}

#[test]
fn what_only_the_program_can_read_is_refused_alike_without_it() {
    let mut place = Place::committed("--object-format=sha256");
    assert_eq!(place.missing, None);
    place.run("change --team two --yes").ok();
    place.git("commit --quiet --all --message Two");
    let before = place.bytes();
    let nowhere = place.sandbox.path("nowhere").to_str().unwrap().to_owned();
    place.variables.insert("PATH", nowhere);
    for arguments in [
        "change --team three --yes",
        "change --team three --yes --allow-dirty",
        "undo",
    ] {
        place
            .run(arguments)
            .code(1)
            .says("there is no 'git' program that could")
            .says("install git");
        assert_eq!(place.bytes(), before, "{arguments}");
    }
    place.run("status").ok();
}

#[test]
fn what_no_git_can_read_is_refused_alike() {
    let place = Place::committed("");
    place.run("change --team two --yes").ok();
    place.git("commit --quiet --all --message Two");
    place.git("config core.repositoryFormatVersion 1");
    place.git("config extensions.ofTomorrow true");
    let before = place.bytes();
    for arguments in [
        "change --team three --yes",
        "change --team three --yes --allow-dirty",
        "undo",
    ] {
        place
            .run(arguments)
            .code(1)
            .says("ofTomorrow".to_lowercase().as_str());
        assert_eq!(place.bytes(), before, "{arguments}");
    }
}

#[test]
fn what_a_sparse_checkout_leaves_out_is_neither_deleted_nor_made() {
    for index in ["--no-sparse-index", "--sparse-index"] {
        let place = Place::committed("");
        place.run("change --team two --yes").ok();
        place.git("commit --quiet --all --message Two");
        place.git(&format!(
            "sparse-checkout set --cone {index} docs .pyscaffold"
        ));
        let before = place.bytes();
        assert!(!before.keys().any(|path| path.ends_with("deep/team.txt")));
        place.run("status --check").ok();
        assert_eq!(place.run("diff").ok().stdout(), "");
        for arguments in [
            "change --team three --yes",
            "change --team three --yes --dry-run",
            "undo",
        ] {
            place
                .run(arguments)
                .code(1)
                .says("the sparse checkout leaves out what is to change: deep/team.txt")
                .says("git sparse-checkout add");
            assert_eq!(place.bytes(), before, "{arguments}");
            assert_eq!(place.status(), "", "{arguments}");
        }
        place.git("sparse-checkout add deep");
        place.run("change --team three --yes").ok();
        assert_eq!(place.read("deep/team.txt"), "three\n");
    }
}

/// Runs the program as another user, whose home belongs to somebody else; nothing where this user
/// can't become another one.
#[cfg(target_os = "linux")]
fn as_another(sandbox: &Sandbox, arguments: &[&str]) -> Option<Run> {
    use std::os::unix::fs::{PermissionsExt, chown};

    let free = sandbox.path("free");
    if !free.is_dir() {
        std::fs::create_dir(&free).unwrap();
        for (folder, mode) in [("", 0o755), ("home", 0o700), ("template", 0o755)] {
            let mode = std::fs::Permissions::from_mode(mode);
            std::fs::set_permissions(sandbox.path(folder), mode).unwrap();
        }
        let program = sandbox.path("pyscaffold");
        std::fs::copy(env!("CARGO_BIN_EXE_pyscaffold"), program).unwrap();
        chown(&free, Some(1234), Some(1234)).ok()?;
    }
    let mut command = sandbox.command("setpriv");
    command
        .args(["--reuid=1234", "--regid=1234", "--clear-groups"])
        .arg(sandbox.path("pyscaffold"))
        .args(arguments)
        .current_dir(free);
    Some(Run(command.output().ok()?))
}

#[cfg(target_os = "linux")]
#[test]
fn a_home_that_can_not_be_read_is_no_reason_to_stop() {
    let sandbox = Sandbox::new();
    let template = sandbox.template(&TEMPLATE);
    let template = template.to_str().unwrap();
    let made = as_another(&sandbox, &["new", "demo", "--yes", "--template", template]);
    let Some(made) = made else {
        println!("only root can become another user");
        return;
    };
    made.ok().says("git doesn't know who you are");
    assert!(sandbox.path("free/demo/.git/index").is_file());
    // A template of others is used, and not kept.
    let server = sandbox.path("free/server");
    let copied = as_another(
        &sandbox,
        &["new", "server", "--yes", "--template", template],
    );
    copied.unwrap().ok();
    let manifest = std::fs::read(sandbox.path("template/template.toml")).unwrap();
    std::fs::write(server.join("template.toml"), manifest).unwrap();
    std::fs::create_dir_all(server.join("base/files")).unwrap();
    std::fs::write(server.join("base/layer.toml"), "").unwrap();
    let mut commit = sandbox.command("sh");
    let script =
        "git add -A && git -c user.name=A -c user.email=a@b.c commit -qm x && chown -R 1234 .";
    let safe = [
        ("GIT_CONFIG_COUNT", "1"),
        ("GIT_CONFIG_KEY_0", "safe.directory"),
        ("GIT_CONFIG_VALUE_0", "*"),
    ];
    let done = commit
        .args(["-c", script])
        .current_dir(&server)
        .envs(safe)
        .output()
        .unwrap();
    assert!(done.status.success(), "{done:?}");
    let url = format!("file://{}", server.display());
    let fetched = as_another(&sandbox, &["new", "other", "--yes", "--template", &url]).unwrap();
    fetched.ok().says("what is fetched can't be kept");
    for arguments in [vec!["trust"], vec!["options", "--template", &url]] {
        as_another(&sandbox, &arguments).unwrap().ok();
    }
}

#[cfg(target_os = "linux")]
#[test]
fn whose_repository_is_safe_is_asked_of_git() {
    let place = Place::committed("");
    place.run("change --team two --yes").ok();
    place.git("commit --quiet --all --message Two");
    let chowned = std::process::Command::new("chown")
        .args(["-R", "1234"])
        .arg(&place.root)
        .status();
    if !chowned.unwrap().success() {
        println!("only root can give files away");
        return;
    }
    let before = place.bytes();
    for arguments in [
        "change --team three --yes",
        "change --team three --yes --allow-dirty",
        "undo",
    ] {
        place.run(arguments).code(1).says("dubious ownership");
        assert_eq!(place.bytes(), before, "{arguments}");
    }
    let config = place.sandbox.read("home/.gitconfig");
    let safe = format!("{config}[safe]\ndirectory = {}\n", place.root.display());
    place.sandbox.write("home/.gitconfig", safe);
    place.run("change --team three --yes").ok();
    assert!(place.status().contains(" M team.txt"));
    place.run("undo").ok();
    assert_eq!(place.status(), "");
}

#[test]
fn what_git_says_of_the_user_and_the_template_refuses_is_left_out() {
    let sandbox = Sandbox::new();
    for (name, email, key) in [
        ("Ada", "ada", "user.email"),
        ("Ada", "ada@exa mple.org", "user.email"),
        ("Ada\\tLovelace", "ada@example.org", "user.name"),
    ] {
        let config = format!("[user]\nname = \"{name}\"\nemail = \"{email}\"\n");
        sandbox.write("home/.gitconfig", config);
        let planned = sandbox.run("new demo --yes --dry-run");
        planned.ok().says(&format!("git's {key} is left out: "));
        // What was said for this project is held against it.
        let flag = if key == "user.email" {
            "--email"
        } else {
            "--author"
        };
        sandbox
            .run_with(&["new", "demo", "--yes", "--dry-run", flag, "a\tb"], &[])
            .code(2);
    }
}
