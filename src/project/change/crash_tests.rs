//! A change of a project, with the program ended or failing at every operation on the disk.

use std::env;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::time::Duration;

use super::tests::{Files, Project, change, files, last, path};
use super::*;
use crate::project::disk::faults::{self, Fault};

/// The variables that tell the child what to do.
const ROOT: &str = "PYSCAFFOLD_TEST_ROOT";
const KILL_AT: &str = "PYSCAFFOLD_TEST_KILL_AT";
const FAIL_AT: &str = "PYSCAFFOLD_TEST_FAIL_AT";
const RECOVER: &str = "PYSCAFFOLD_TEST_RECOVER";

/// More operations than any run has.
const MANY: u32 = 1000;

/// The project at first, before, and after the change that is disturbed.
fn first() -> Files {
    files(&[("README.md", "0")])
}

fn before() -> Files {
    files(&[
        (".pyscaffold/answers", "before"),
        (".pyscaffold/old", "before"),
        ("README.md", "before"),
        ("becomes-file/a", "before"),
        ("becomes-file/b/c", "before"),
        ("becomes-folder", "before"),
        ("dropped/deep/file", "before"),
        ("link", "->README.md"),
        ("link-to-file", "->README.md"),
        ("run.sh", "before"),
        ("src/kept", "before"),
        ("src/updated", "before"),
    ])
}

fn after() -> Files {
    files(&[
        (".pyscaffold/answers", "after"),
        (".pyscaffold/new/snapshot", "after"),
        ("README.md", "after"),
        ("becomes-file", "!after"),
        ("becomes-folder/a/b", "after"),
        ("created/deep/file", "after"),
        ("link", "->src"),
        ("link-to-file", "after"),
        ("new-link", "->README.md"),
        ("run.sh", "!after"),
        ("src/kept", "before"),
        ("src/updated", "after"),
    ])
}

pub(super) fn set() -> ChangeSet {
    change("the change", &before(), &after())
}

/// A project before the change, with a change that was applied earlier.
pub(super) fn project() -> Project {
    let project = Project::new(&first());
    project.apply(&earlier()).unwrap();
    project
}

fn earlier() -> ChangeSet {
    change("the earlier change", &first(), &before())
}

/// Checks that the project is at one end of the change with the right record, and tells whether
/// it has changed.
pub(super) fn is_changed(project: &Project, context: &str) -> bool {
    let found = project.files();
    let is_changed = found == after();
    if !is_changed {
        assert_eq!(found, before(), "{context}");
    }
    let expected = if is_changed { set() } else { earlier() };
    assert_eq!(last(project.root()).unwrap(), Some(expected), "{context}");
    let private = [".gitignore", "history", "lock"];
    assert_eq!(project.private(), private, "{context}");
    is_changed
}

/// Checks that the state has changed only if everything else has.
fn assert_state_is_last(project: &Project, at: u32) {
    let split = |files: Files| -> (Files, Files) {
        let is_state = |name: &String| name.starts_with(".pyscaffold/");
        files.into_iter().partition(|(name, _)| is_state(name))
    };
    let (state, rest) = split(project.files());
    if state != split(before()).0 {
        assert_eq!(rest, split(after()).1, "kill at {at}");
    }
}

/// Runs in a process of its own, started by the tests below.
#[test]
fn child() {
    let Some(root) = env::var_os(ROOT) else {
        return;
    };
    let number = |name| env::var(name).ok().map(|text| text.parse().unwrap());
    let kill: u32 = number(KILL_AT).unwrap();
    match number(FAIL_AT) {
        Some(fail) => faults::plan(fail, Fault::FailAndKill(kill)),
        None => faults::plan(kill, Fault::Kill),
    }
    let interrupt = Interrupt::new();
    let patience = Patience {
        longest: Duration::from_secs(30),
        interrupt: &interrupt,
        tell: &|_| {},
    };
    let Ok(hold) = Hold::take(Path::new(&root), &patience) else {
        return;
    };
    if env::var_os(RECOVER).is_some() {
        recover_change(&hold).unwrap();
    } else {
        let _ = apply(&hold, &set(), &Interrupt::new());
    }
}

/// Runs the child, and tells whether it came to its end.
fn run_child(project: &Project, variables: &[(&str, u32)]) -> bool {
    let mut command = Command::new(env::current_exe().unwrap());
    command
        .args(["--exact", "project::change::crash_tests::child"])
        .env(ROOT, project.root())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    for (name, value) in variables {
        command.env(name, value.to_string());
    }
    command.status().unwrap().success()
}

/// Counts the operations of the change, and those before files begin to change.
fn count() -> (u32, u32) {
    static COUNT: OnceLock<(u32, u32)> = OnceLock::new();
    *COUNT.get_or_init(|| {
        let fail = |at| {
            let project = project();
            faults::plan(at, Fault::Fail);
            let applied = project.apply(&set());
            (faults::clear(), applied)
        };
        let begun = (0..MANY).find(|at| {
            let (_, applied) = fail(*at);
            applied.unwrap_err().message.starts_with("can't apply")
        });
        (fail(MANY).0, begun.unwrap())
    })
}

#[test]
fn killed_at_any_moment() {
    let mut finished = 0;
    for at in 0..MANY {
        let project = project();
        let ended = run_child(&project, &[(KILL_AT, at)]);
        let is_begun = project.files() != before();
        assert_state_is_last(&project, at);
        let recovered = project.recover().unwrap();
        let context = format!("kill at {at}: {recovered:?}");
        let is_changed = is_changed(&project, &context);
        assert!(is_changed || !is_begun, "{context}");
        if let Some(recovered) = recovered {
            assert!(is_changed, "{context}");
            assert_eq!(recovered.title, "the change");
            assert_eq!(recovered.ending, Ending::Finished);
            assert_eq!(recovered.left, []);
            finished += 1;
        }
        assert_eq!(project.recover().unwrap(), None);
        if !is_changed {
            project.apply(&set()).unwrap();
        }
        if ended {
            assert!(is_changed && finished > 20, "only {finished} recoveries");
            return;
        }
    }
    panic!("it never ends");
}

#[test]
fn a_failure_in_a_project_without_state_leaves_none() {
    let (before, after) = (files(&[("a", "1")]), after());
    let set = change("adopt", &before, &after);
    for at in 0..MANY {
        let project = Project::new(&before);
        faults::plan(at, Fault::Fail);
        let applied = project.apply(&set);
        let count = faults::clear();
        if applied.is_err() {
            assert_eq!(project.files(), before, "failure at {at}");
            assert!(!project.path(".pyscaffold").exists(), "failure at {at}");
        } else {
            assert_eq!(project.files(), after, "failure at {at}");
        }
        if count <= at {
            return;
        }
    }
    panic!("it never ends");
}

#[test]
fn killed_while_it_recovers() {
    let (all, begun) = count();
    for begun in [begun, u32::midpoint(begun, all), all - 4] {
        for at in 0..MANY {
            let project = project();
            run_child(&project, &[(KILL_AT, begun)]);
            let ended = run_child(&project, &[(KILL_AT, at), (RECOVER, 1)]);
            project.recover().unwrap();
            let context = format!("kill at {begun}, then at {at}");
            assert!(is_changed(&project, &context), "{context}");
            if ended {
                assert!(at > 2, "only {at} operations");
                break;
            }
        }
    }
}

#[test]
fn a_failure_at_any_operation_takes_everything_back() {
    for at in 0..MANY {
        let project = project();
        faults::plan(at, Fault::Fail);
        let applied = project.apply(&set());
        let count = faults::clear();
        let context = format!("failure at {at}: {applied:?}");
        assert_eq!(project.recover().unwrap(), None, "{context}");
        if applied.is_ok() {
            // An empty folder that can't be removed is no reason to take everything back.
            for folder in ["dropped/deep", "dropped"] {
                let _ = std::fs::remove_dir(project.path(folder));
            }
        }
        assert_eq!(is_changed(&project, &context), applied.is_ok(), "{context}");
        if let Err(error) = applied {
            // A folder that can't be removed is in the way of a file.
            let says = ["planned fault", "something else is at 'becomes-file' now"];
            assert!(
                says.iter().any(|it| error.message.contains(it)),
                "{context}"
            );
        }
        if count <= at {
            assert!(at > 70, "only {at} operations");
            return;
        }
    }
    panic!("it never ends");
}

#[test]
fn killed_while_it_takes_back() {
    let (all, begun) = count();
    let mut taken_back = 0;
    for fail in [begun + 3, u32::midpoint(begun, all), all - 3] {
        for more in 1..MANY {
            let project = project();
            let ended = run_child(&project, &[(FAIL_AT, fail), (KILL_AT, more)]);
            let recovered = project.recover().unwrap();
            let context = format!("failure at {fail}, kill {more} later: {recovered:?}");
            let is_changed = is_changed(&project, &context);
            if let Some(recovered) = recovered {
                let is_finished = recovered.ending == Ending::Finished;
                assert_eq!(is_finished, is_changed, "{context}");
                assert_eq!(recovered.left, [], "{context}");
                taken_back += u32::from(!is_finished);
            }
            if ended {
                break;
            }
        }
    }
    assert!(taken_back > 20, "only {taken_back} were taken back");
}

#[test]
fn killed_while_it_goes_on_taking_back() {
    let (all, _) = count();
    for at in 0..MANY {
        let project = project();
        run_child(&project, &[(FAIL_AT, all - 3), (KILL_AT, 5)]);
        let ended = run_child(&project, &[(KILL_AT, at), (RECOVER, 1)]);
        project.recover().unwrap();
        let context = format!("kill at {at}");
        assert!(!is_changed(&project, &context), "{context}");
        if ended {
            assert!(at > 10, "only {at} operations");
            return;
        }
    }
    panic!("it never ends");
}

#[test]
fn a_failure_while_something_is_added_adds_nothing() {
    let added = change("", &Files::new(), &files(&[("x", "1"), ("y", "2")]));
    for at in 0..MANY {
        let project = project();
        project.apply(&set()).unwrap();
        faults::plan(at, Fault::Fail);
        let amended = project.amend(added.transitions.clone());
        let count = faults::clear();
        let whole = last(project.root()).unwrap().unwrap();
        let expected = set().transitions.len() + if amended.is_ok() { 2 } else { 0 };
        assert_eq!(whole.transitions.len(), expected, "failure at {at}");
        project.amend(added.transitions.clone()).unwrap();
        let whole = last(project.root()).unwrap().unwrap();
        assert_eq!(whole.transitions.len(), set().transitions.len() + 2);
        if count <= at {
            return;
        }
    }
    panic!("it never ends");
}

/// A run that was killed when its journal was there, and nothing else.
fn begun() -> Project {
    let project = project();
    let (_, begun) = count();
    run_child(&project, &[(KILL_AT, begun)]);
    assert_eq!(project.files(), before());
    project
}

fn left(name: &str, beside: Option<&str>) -> LeftAlone {
    LeftAlone {
        path: path(name),
        beside: beside.map(path),
    }
}

#[test]
fn what_the_user_edited_in_between_is_left_alone() {
    let project = begun();
    project.write("src/updated", "mine");
    project.write("run.sh.pyscaffold-new", "mine, too");
    project.remove("run.sh");
    project.write("dropped/deep/file", "mine");
    project.write("created/deep/file", "mine");
    let recovered = project.recover().unwrap().unwrap();
    assert_eq!(
        recovered.left,
        [
            left(
                "created/deep/file",
                Some("created/deep/file.pyscaffold-new")
            ),
            left("dropped/deep/file", None),
            left("run.sh", Some("run.sh.pyscaffold-new-2")),
            left("src/updated", Some("src/updated.pyscaffold-new")),
        ]
    );
    let mut expected = after();
    expected.remove("run.sh");
    expected.extend(files(&[
        ("created/deep/file", "mine"),
        ("created/deep/file.pyscaffold-new", "after"),
        ("dropped/deep/file", "mine"),
        ("run.sh.pyscaffold-new", "mine, too"),
        ("run.sh.pyscaffold-new-2", "!after"),
        ("src/updated", "mine"),
        ("src/updated.pyscaffold-new", "after"),
    ]));
    assert_eq!(project.files(), expected);
    // They are no part of what can be taken back.
    let undo = last(project.root()).unwrap().unwrap().reversed(Way::Undo);
    project.apply(&undo).unwrap();
}

#[test]
fn what_blocks_a_path_in_between_is_left_alone() {
    let project = begun();
    project.write("becomes-folder", "mine");
    project.write("becomes-file/mine", "mine");
    let recovered = project.recover().unwrap().unwrap();
    assert_eq!(
        recovered.left,
        [
            left("becomes-file", Some("becomes-file.pyscaffold-new")),
            left("becomes-folder", None),
            left("becomes-folder/a/b", None),
        ]
    );
    assert_eq!(project.files()["becomes-folder"], "mine");
    assert_eq!(project.files()["becomes-file/mine"], "mine");
}

#[test]
fn nothing_is_written_behind_a_link_that_appeared_in_between() {
    let project = begun();
    let elsewhere = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink(elsewhere.path(), project.path("created")).unwrap();
    let recovered = project.recover().unwrap().unwrap();
    assert_eq!(recovered.left, [left("created/deep/file", None)]);
    assert_eq!(std::fs::read_dir(elsewhere.path()).unwrap().count(), 0);
}

#[test]
fn an_edit_of_what_was_done_already_counts_as_one_after_the_change() {
    let (all, _) = count();
    let project = project();
    run_child(&project, &[(KILL_AT, all - 3)]);
    assert_eq!(project.files()["src/updated"], "after");
    project.write("src/updated", "mine");
    let recovered = project.recover().unwrap().unwrap();
    assert_eq!(recovered.left, []);
    assert_eq!(project.files()["src/updated"], "mine");
    assert_eq!(last(project.root()).unwrap(), Some(set()));
}

#[test]
fn edits_stay_when_the_recovery_is_killed() {
    for at in 0..MANY {
        let project = begun();
        project.write("src/updated", "mine");
        let ended = run_child(&project, &[(KILL_AT, at), (RECOVER, 1)]);
        project.recover().unwrap();
        let found = project.files();
        assert_eq!(found["src/updated"], "mine", "kill at {at}");
        assert_eq!(found["src/updated.pyscaffold-new"], "after", "kill at {at}");
        assert_eq!(found.len(), after().len() + 1, "kill at {at}: {found:?}");
        let last = last(project.root()).unwrap().unwrap();
        assert_eq!(last.transitions.len(), set().transitions.len() - 1);
        if ended {
            return;
        }
    }
    panic!("it never ends");
}

#[test]
fn an_edit_while_it_is_taken_back_is_kept_beside() {
    let (all, _) = count();
    let project = project();
    run_child(&project, &[(FAIL_AT, all - 3), (KILL_AT, 2)]);
    project.write("src/updated", "mine");
    let recovered = project.recover().unwrap().unwrap();
    assert_eq!(recovered.ending, Ending::TakenBack);
    let kept = left("src/updated", Some("src/updated.pyscaffold-old"));
    assert_eq!(recovered.left, [kept]);
    let mut expected = before();
    expected.extend(files(&[
        ("src/updated", "mine"),
        ("src/updated.pyscaffold-old", "before"),
    ]));
    assert_eq!(project.files(), expected);
}

#[test]
fn a_change_is_not_begun_on_top_of_one_that_is_not_finished() {
    let project = begun();
    let error = project.apply(&set()).unwrap_err();
    assert!(error.message.contains("isn't finished"), "{error}");
    project.recover().unwrap().unwrap();
    assert!(is_changed(&project, ""));
}

#[test]
fn a_content_that_was_lost_is_taken_from_its_other_copy() {
    let project = begun();
    let staged = project.path(".pyscaffold/local/change");
    for entry in std::fs::read_dir(staged.join("new")).unwrap() {
        let place = entry.unwrap().path();
        if place.is_file() && !place.is_symlink() {
            std::fs::write(&place, "").unwrap();
        }
    }
    project.recover().unwrap().unwrap();
    assert!(is_changed(&project, ""));
}

#[test]
fn nothing_is_changed_when_both_copies_are_lost() {
    let project = begun();
    let staged = project.path(".pyscaffold/local/change");
    let set = set();
    let readme = |it: &Transition| it.path.as_str() == "README.md";
    let number = set.transitions.iter().position(readme).unwrap();
    for shelf in ["new", "after"] {
        std::fs::write(staged.join(format!("{shelf}/{number}")), "").unwrap();
    }
    let error = project.recover().unwrap_err();
    assert!(error.message.contains("is damaged"), "{error}");
    assert_eq!(project.files(), before());
}
