//! A new project, with the program ended or failing at every operation on the disk.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::disk::faults::{self, Fault};
use super::{NewProject, Staging, Target, recover};
use crate::error::Result;
use crate::interrupt::Interrupt;
use crate::tree::{Entry, ProjectPath, Tree};

/// The variables that tell the child what to do.
const TARGET: &str = "PYSCAFFOLD_TEST_TARGET";
const KILL_AT: &str = "PYSCAFFOLD_TEST_KILL_AT";
const PREPARE: &str = "PYSCAFFOLD_TEST_RECOVER";

/// More operations than any run has.
const MANY: u32 = 1000;

fn project() -> NewProject {
    let mut tree = Tree::new();
    for (path, executable) in [
        (".gitignore", false),
        (".pyscaffold/answers.toml", false),
        ("README.md", false),
        ("scripts/run.sh", true),
        ("src/demo/__init__.py", false),
    ] {
        let bytes = Cow::Borrowed(path.as_bytes().to_vec().leak() as &[u8]);
        tree.insert(
            ProjectPath::parse(path).unwrap(),
            Entry { bytes, executable },
        )
        .unwrap();
    }
    let mut once = Tree::new();
    let secret = Entry {
        bytes: Cow::Borrowed(b"SECRET=1\n"),
        executable: false,
    };
    once.insert(ProjectPath::parse(".env").unwrap(), secret)
        .unwrap();
    NewProject { tree, once }
}

/// Makes the project, with something in it that no step of ours has written.
fn make(target: &Path) -> Result<PathBuf> {
    let staging = Staging::create(Target::parse(target)?)?;
    staging.write(&project(), &Interrupt::new())?;
    std::fs::create_dir(staging.root().join(".git")).unwrap();
    std::fs::write(staging.root().join(".git/HEAD"), "ref: refs/heads/main\n").unwrap();
    staging.publish()
}

/// The files below a folder with their content.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    fn visit(folder: &Path, root: &Path, found: &mut BTreeMap<String, Vec<u8>>) {
        for entry in std::fs::read_dir(folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                visit(&path, root, found);
            } else {
                let name = path.strip_prefix(root).unwrap().to_str().unwrap();
                found.insert(name.to_owned(), std::fs::read(&path).unwrap());
            }
        }
    }
    let mut found = BTreeMap::new();
    visit(folder, folder, &mut found);
    found
}

fn is_complete(target: &Path) -> bool {
    files(target).keys().eq([
        ".env",
        ".git/HEAD",
        ".gitignore",
        ".pyscaffold/answers.toml",
        "README.md",
        "scripts/run.sh",
        "src/demo/__init__.py",
    ])
}

/// The names in a folder, but for those of stagings.
fn visible(folder: &Path) -> Vec<String> {
    let names = std::fs::read_dir(folder).into_iter().flatten();
    let mut names: Vec<String> = names
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| !name.contains(".pyscaffold-"))
        .collect();
    names.sort();
    names
}

/// Runs in a process of its own, started by the tests below.
#[test]
fn child() {
    let Some(target) = env::var_os(TARGET) else {
        return;
    };
    let at = env::var(KILL_AT).unwrap().parse().unwrap();
    faults::plan(at, Fault::Kill);
    if env::var_os(PREPARE).is_some() {
        recover(Path::new(&target)).unwrap();
    } else {
        make(Path::new(&target)).unwrap();
    }
}

/// Runs the child, and tells whether it came to its end.
fn run_child(target: &Path, at: u32, prepare: bool) -> bool {
    let mut command = Command::new(env::current_exe().unwrap());
    command
        .args(["--exact", "project::crash_tests::child", "--nocapture"])
        .env(TARGET, target)
        .env(KILL_AT, at.to_string())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    if prepare {
        command.env(PREPARE, "1");
    }
    command.status().unwrap().success()
}

#[test]
fn killed_before_an_absent_target_appears() {
    for at in 0..MANY {
        let root = tempfile::tempdir().unwrap();
        let target = root.path().join("a/b/demo");
        let ended = run_child(&target, at, false);
        assert!(!target.exists() || is_complete(&target), "kill at {at}");
        recover(&target).unwrap();
        if target.exists() {
            assert!(is_complete(&target), "kill at {at}");
        } else {
            make(&target).unwrap();
            assert!(is_complete(&target), "kill at {at}");
        }
        assert_eq!(
            std::fs::read_dir(root.path().join("a/b")).unwrap().count(),
            1
        );
        if ended {
            assert!(at > 15, "only {at} operations");
            return;
        }
    }
    panic!("it never ends");
}

#[test]
fn killed_while_an_empty_target_fills() {
    let mut finished = 0;
    for at in 0..MANY {
        let root = tempfile::tempdir().unwrap();
        let target = root.path();
        let ended = run_child(target, at, false);
        let before = visible(target);
        let recovered = recover(target).unwrap();
        if recovered.finished.is_some() {
            finished += 1;
        } else if !ended && !is_complete(target) {
            assert!(before.is_empty(), "kill at {at} left {before:?}");
            make(target).unwrap();
        }
        assert!(is_complete(target), "kill at {at}: {:?}", visible(target));
        assert_eq!(recover(target).unwrap(), super::Recovered::default());
        if ended {
            assert!(finished > 6, "only {finished} recoveries");
            return;
        }
    }
    panic!("it never ends");
}

#[test]
fn killed_while_it_recovers() {
    // The operation that moves the third entry.
    let begun = (0..MANY)
        .find(|at| {
            let root = tempfile::tempdir().unwrap();
            run_child(root.path(), *at, false);
            visible(root.path()).len() == 2
        })
        .unwrap();
    for at in 0..MANY {
        let root = tempfile::tempdir().unwrap();
        run_child(root.path(), begun, false);
        let ended = run_child(root.path(), at, true);
        recover(root.path()).unwrap();
        assert!(is_complete(root.path()), "kill at {at}");
        if ended {
            assert!(at >= 5, "only {at} operations");
            return;
        }
    }
    panic!("it never ends");
}

#[test]
fn a_failure_at_any_operation_takes_everything_back() {
    for at in 0..MANY {
        let root = tempfile::tempdir().unwrap();
        let absent = root.path().join("a/b/demo");
        faults::plan(at, Fault::Fail);
        let absent_made = make(&absent);
        let count = faults::clear();
        if absent_made.is_err() {
            let left = files(root.path());
            assert!(left.is_empty(), "failure at {at} left {left:?}");
            assert_eq!(visible(root.path()), [""; 0], "failure at {at}");
        } else {
            assert!(is_complete(&absent), "failure at {at}");
        }
        if count <= at {
            return;
        }
    }
    panic!("it never ends");
}

#[test]
fn a_failure_while_an_empty_target_fills_takes_everything_back() {
    for at in 0..MANY {
        let root = tempfile::tempdir().unwrap();
        faults::plan(at, Fault::Fail);
        let made = make(root.path());
        let count = faults::clear();
        if made.is_err() {
            let left = files(root.path());
            assert!(left.is_empty(), "failure at {at} left {left:?}");
            assert!(root.path().is_dir());
        } else {
            assert_eq!(visible(root.path()).len(), 7, "failure at {at}");
        }
        if count <= at {
            return;
        }
    }
    panic!("it never ends");
}

#[cfg(unix)]
#[test]
fn a_power_cut_leaves_a_new_project_whole_or_none() {
    use super::power_tests::{Disk, each_cut};

    for inner in ["a/b/demo", ""] {
        let root = tempfile::tempdir().unwrap();
        let before = Disk::of(root.path());
        faults::record();
        let staging = Staging::create(Target::parse(&root.path().join(inner)).unwrap()).unwrap();
        let root_of_all = fs_err::canonicalize(root.path()).unwrap();
        staging.write(&project(), &Interrupt::new()).unwrap();
        staging.publish().unwrap();
        let operations = faults::recorded();
        let mut whole = 0;
        each_cut(&before, &operations, |done, disk| {
            let restarted = tempfile::tempdir().unwrap();
            disk.write(&root_of_all, restarted.path());
            let target = restarted.path().join(inner);
            recover(&target).unwrap();
            let found = files(&target);
            let expected = project().tree.iter().count() + project().once.iter().count();
            whole += usize::from(found.len() == expected);
            assert!(
                [0, expected].contains(&found.len()),
                "power cut after {done} in '{inner}': {found:?}"
            );
            assert!(found.values().all(|bytes| !bytes.is_empty()));
        });
        assert!(whole > 1, "{whole}");
    }
}
