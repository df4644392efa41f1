use std::borrow::Cow;
use std::path::Path;

use super::*;
use crate::error::Kind;
use crate::project::recover;
use crate::tree::{Entry, ProjectPath, Tree};

fn tree(files: &[(&str, &'static str, bool)]) -> Tree {
    let mut tree = Tree::new();
    for (path, text, executable) in files {
        let entry = Entry {
            bytes: Cow::Borrowed(text.as_bytes()),
            executable: *executable,
        };
        tree.insert(ProjectPath::parse(path).unwrap(), entry)
            .unwrap();
    }
    tree
}

fn project() -> NewProject {
    NewProject {
        tree: tree(&[
            (".pyscaffold/answers.toml", "", false),
            ("README.md", "# demo\n", false),
            ("scripts/run.sh", "#!/bin/sh\n", true),
        ]),
        once: tree(&[(".env", "SECRET=1\n", false)]),
    }
}

fn begin(target: &Path) -> Staging {
    let staging = Staging::create(Target::parse(target).unwrap()).unwrap();
    staging.write(&project(), &Interrupt::new()).unwrap();
    staging
}

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn an_absent_target_appears_with_its_parents() {
    let root = tempfile::tempdir().unwrap();
    let target = root.path().join("a/demo");
    let staging = begin(&target);
    assert!(!target.exists());
    staging.publish().unwrap();
    assert_eq!(names(&root.path().join("a")), ["demo"]);
    assert_eq!(
        names(&target),
        [".env", ".pyscaffold", "README.md", "scripts"]
    );
}

#[cfg(unix)]
#[test]
fn files_have_the_rights_that_they_need() {
    use std::os::unix::fs::MetadataExt;

    let root = tempfile::tempdir().unwrap();
    let target = begin(&root.path().join("demo")).publish().unwrap();
    let mode = |path: &str| target.join(path).metadata().unwrap().mode() & 0o777;
    let probe = root.path().join("probe");
    std::fs::create_dir(&probe).unwrap();
    let folder = probe.metadata().unwrap().mode() & 0o777;
    assert_eq!(mode(""), folder);
    assert_eq!(mode("scripts"), folder);
    assert_eq!(mode("scripts/run.sh"), folder);
    assert_eq!(mode("README.md"), folder & 0o666);
    assert_eq!(mode(".env"), 0o600);
}

#[cfg(unix)]
#[test]
fn an_empty_target_stays_the_same_folder() {
    use std::os::unix::fs::MetadataExt;

    let root = tempfile::tempdir().unwrap();
    let link = root.path().join("link");
    let folder = root.path().join("folder");
    std::fs::create_dir(&folder).unwrap();
    std::os::unix::fs::symlink(&folder, &link).unwrap();
    let inode = folder.metadata().unwrap().ino();
    begin(&link).publish().unwrap();
    assert_eq!(folder.metadata().unwrap().ino(), inode);
    assert_eq!(
        names(&folder),
        [".env", ".pyscaffold", "README.md", "scripts"]
    );
    assert!(link.is_symlink());
}

#[test]
fn dropping_it_takes_everything_back() {
    let root = tempfile::tempdir().unwrap();
    drop(begin(&root.path().join("a/b/demo")));
    assert!(names(root.path()).is_empty());
    drop(begin(root.path()));
    assert!(names(root.path()).is_empty());
}

#[test]
fn a_panic_takes_everything_back() {
    let root = tempfile::tempdir().unwrap();
    let target = root.path().join("a/demo");
    let panicked = std::thread::spawn(move || {
        let _staging = begin(&target);
        std::panic::resume_unwind(Box::new("stop"));
    });
    assert!(panicked.join().is_err());
    assert!(names(root.path()).is_empty());
}

#[test]
fn an_interrupt_takes_everything_back() {
    let root = tempfile::tempdir().unwrap();
    let interrupt = Interrupt::new();
    let staging = Staging::create(Target::parse(&root.path().join("demo")).unwrap()).unwrap();
    interrupt.raise();
    let error = staging.write(&project(), &interrupt).unwrap_err();
    assert_eq!(error.kind, Kind::Interrupted);
    drop(staging);
    assert!(names(root.path()).is_empty());
}

#[test]
fn what_appeared_meanwhile_is_left_alone() {
    let root = tempfile::tempdir().unwrap();
    let target = root.path().join("demo");
    let staging = begin(&target);
    std::fs::create_dir(&target).unwrap();
    let error = staging.publish().unwrap_err();
    assert!(error.message.contains("appeared while"), "{error}");
    assert_eq!(names(root.path()), ["demo"]);

    let staging = begin(&target);
    std::fs::write(target.join("README.md"), "mine").unwrap();
    let error = staging.publish().unwrap_err();
    assert!(error.message.contains("is in the way"), "{error}");
    assert_eq!(names(&target), ["README.md"]);
    assert_eq!(std::fs::read(target.join("README.md")).unwrap(), b"mine");
}

#[test]
fn one_that_is_being_made_is_not_swept() {
    let root = tempfile::tempdir().unwrap();
    let target = root.path().join("demo");
    let staging = begin(&target);
    assert_eq!(recover(&target).unwrap().swept, 0);
    staging.publish().unwrap();

    let empty = root.path().join("empty");
    std::fs::create_dir(&empty).unwrap();
    let staging = begin(&empty);
    assert_eq!(recover(&empty).unwrap().swept, 0);
    assert_eq!(Target::parse(&empty).unwrap_err().kind, Kind::Request);
    staging.publish().unwrap();
}

#[test]
fn recovery_moves_nothing_over_what_the_user_made() {
    let root = tempfile::tempdir().unwrap();
    let staging = root.path().join(".demo.pyscaffold-abc123");
    std::fs::create_dir_all(staging.join("project")).unwrap();
    std::fs::write(staging.join("lock"), "").unwrap();
    std::fs::write(staging.join("project/README.md"), "ours").unwrap();
    let journal = "pyscaffold publish 1\nREADME.md\n";
    std::fs::write(staging.join("journal"), journal).unwrap();
    std::fs::write(root.path().join("README.md"), "mine").unwrap();
    let error = recover(root.path()).unwrap_err();
    assert!(error.message.contains("is in the way"), "{error}");
    assert_eq!(
        std::fs::read(root.path().join("README.md")).unwrap(),
        b"mine"
    );

    std::fs::remove_file(root.path().join("README.md")).unwrap();
    assert!(recover(root.path()).unwrap().finished.is_some());
    assert_eq!(names(root.path()), ["README.md"]);
}

#[test]
fn a_journal_that_leads_outside_is_refused() {
    for name in ["../x", "a/b", "/etc/x", "..", ".", ""] {
        let root = tempfile::tempdir().unwrap();
        let staging = root.path().join(".demo.pyscaffold-abc123");
        std::fs::create_dir_all(staging.join("project")).unwrap();
        std::fs::write(staging.join("lock"), "").unwrap();
        let journal = format!("pyscaffold publish 1\n{name}\n");
        std::fs::write(staging.join("journal"), journal).unwrap();
        let error = recover(root.path()).unwrap_err();
        assert!(error.message.contains("can't read"), "{name}: {error}");
    }
}

#[test]
fn a_file_that_is_committed_and_not_is_refused() {
    let root = tempfile::tempdir().unwrap();
    let staging = Staging::create(Target::parse(&root.path().join("demo")).unwrap()).unwrap();
    let project = NewProject {
        tree: tree(&[(".env", "", false)]),
        once: tree(&[(".env", "", false)]),
    };
    let error = staging.write(&project, &Interrupt::new()).unwrap_err();
    assert_eq!(
        error.message,
        "file '.env' is both committed and written only once"
    );
}
