//! Conflicts of ours, judged by the real `git` program.

use std::borrow::Cow;
use std::env;

use super::*;
use crate::git::index::{change_index, plan_return};
use crate::git::tests::{IDENTITY, Test, assignment};

/// The variables that tell the child what to do, and with which path and sides.
const ACTION: &str = "PYSCAFFOLD_TEST_ACTION";
const SIDES: &str = "PYSCAFFOLD_TEST_SIDES";

fn entry(text: &str) -> Option<Entry> {
    (text != "-").then(|| Entry {
        bytes: Cow::Owned(text.as_bytes().to_vec()),
        executable: text.starts_with("#!"),
    })
}

/// Runs in a process of its own, started by the tests below.
#[test]
fn child() {
    let Some((target, report)) = assignment() else {
        return;
    };
    let sides = env::var(SIDES).unwrap();
    let sides: Vec<&str> = sides.split('|').collect();
    let path = ProjectPath::parse(sides[0]).unwrap();
    // What was done last at the path is written down, as in a change of a project.
    let record = report.with_file_name(format!("{}.record", sides[0].replace('/', "-")));
    let done = if env::var(ACTION).unwrap() == "mark" {
        let conflict = Conflict {
            path,
            base: entry(sides[1]),
            yours: entry(sides[2]),
            desired: entry(sides[3]),
        };
        plan_conflicts(&target, &[conflict]).and_then(|plan| {
            change_index(&target, &plan)?;
            std::fs::write(&record, serde_json::to_string(&plan).unwrap()).unwrap();
            Ok((!plan.is_empty()).to_string())
        })
    } else {
        let record = std::fs::read_to_string(&record).unwrap();
        let record: Vec<IndexChange> = serde_json::from_str(&record).unwrap();
        plan_return(&target, &record)
            .and_then(|plan| change_index(&target, &plan))
            .map(|()| String::new())
    };
    std::fs::write(report, done.unwrap_or_else(|error| error.message)).unwrap();
}

impl Test {
    fn conflicts(&self, action: &str, folder: &str, sides: &str) -> String {
        let variables = [(ACTION, action), (SIDES, sides)];
        self.run_child("git::conflicts::tests::child", folder, &variables)
    }

    /// Marks a conflict; the text is the path and its three sides.
    fn mark(&self, folder: &str, sides: &str) -> String {
        self.conflicts("mark", folder, sides)
    }

    /// Gives back what the index said before the last conflict of a path.
    fn clear(&self, folder: &str, path: &str) {
        assert_eq!(self.conflicts("clear", folder, path), "");
    }

    fn status(&self, folder: &str) -> String {
        self.git(folder, &["status", "--porcelain"])
    }

    /// Makes a repository with a commit of one file.
    fn commit(&self, folder: &str, file: &str, text: &str) {
        self.write(&format!("{folder}/{file}"), text);
        if self.try_git(folder, &["rev-parse", "--git-dir"]).is_err() {
            self.git(folder, &["init", "-q"]);
        }
        self.git(folder, &["add", "."]);
        self.git(folder, &["commit", "-qm", "x"]);
    }
}

#[test]
fn git_shows_what_both_sides_did() {
    for (sides, status) in [
        ("f|base\n|yours\n|template\n", "UU f\n"),
        ("f|-|yours\n|template\n", "AA f\n"),
        ("f|base\n|yours\n|-", "UD f\n"),
    ] {
        let test = Test::new(IDENTITY);
        test.commit("demo", "f", "yours\n");
        assert_eq!(test.mark("demo", sides), "true");
        assert_eq!(test.status("demo"), status);
        test.git("demo", &["fsck", "--strict"]);
        test.clear("demo", "f");
        assert_eq!(test.status("demo"), "");
        assert_eq!(test.git("demo", &["ls-files", "-u"]), "");
    }
}

#[test]
fn a_file_that_the_user_deleted_is_in_conflict_too() {
    let test = Test::new(IDENTITY);
    test.commit("demo", "other", "");
    assert_eq!(test.mark("demo", "deep/f|base\n|-|template\n"), "true");
    assert_eq!(test.status("demo"), "DU deep/f\n");
    test.clear("demo", "deep/f");
    assert_eq!(test.status("demo"), "");
}

#[test]
fn merge_tools_find_three_versions() {
    let test = Test::new(IDENTITY);
    test.commit("demo", "f", "yours\n");
    test.mark("demo", "f|base\n|yours\n|#!template\n");
    let stages = test.git("demo", &["ls-files", "-u"]);
    let modes: Vec<&str> = stages.lines().map(|line| &line[..6]).collect();
    assert_eq!(modes, ["100644", "100644", "100755"]);
    for (stage, text) in [
        (":1:f", "base\n"),
        (":2:f", "yours\n"),
        (":3:f", "#!template\n"),
    ] {
        assert_eq!(test.git("demo", &["cat-file", "blob", stage]), text);
    }
    test.git("demo", &["checkout", "--merge", "f"]);
    let merged = std::fs::read_to_string(test.path("demo/f")).unwrap();
    assert!(merged.contains("=======\n#!template\n>>>>>>>"), "{merged}");
    test.git("demo", &["checkout", "--theirs", "f"]);
    assert_eq!(
        std::fs::read_to_string(test.path("demo/f")).unwrap(),
        "#!template\n"
    );
    test.git("demo", &["add", "f"]);
    assert_eq!(test.git("demo", &["ls-files", "-u"]), "");
}

#[test]
fn a_conflict_that_was_resolved_stays_resolved() {
    let test = Test::new(IDENTITY);
    test.commit("demo", "f", "yours\n");
    test.mark("demo", "f|base\n|yours\n|template\n");
    test.write("demo/f", "both\n");
    test.git("demo", &["add", "f"]);
    test.clear("demo", "f");
    assert_eq!(test.git("demo", &["cat-file", "blob", ":f"]), "both\n");
}

#[test]
fn a_second_conflict_replaces_the_first() {
    let test = Test::new(IDENTITY);
    test.commit("demo", "f", "yours\n");
    test.mark("demo", "f|base\n|yours\n|template\n");
    let first = test.git("demo", &["ls-files", "-u"]);
    test.mark("demo", "f|base\n|yours\n|-");
    assert_eq!(test.status("demo"), "UD f\n");
    test.clear("demo", "f");
    assert_eq!(test.git("demo", &["ls-files", "-u"]), first);
}

#[test]
fn before_the_first_commit_the_index_is_restored_too() {
    let test = Test::new(IDENTITY);
    test.write("demo/f", "yours\n");
    test.write("demo/untracked", "yours\n");
    test.git("demo", &["init", "-q"]);
    test.git("demo", &["add", "f"]);
    for file in ["f", "untracked"] {
        let sides = format!("{file}|-|yours\n|template\n");
        assert_eq!(test.mark("demo", &sides), "true");
    }
    assert_eq!(test.status("demo"), "AA f\nAA untracked\n");
    // Git writes the index once more, with everything in it.
    test.write("demo/other", "");
    test.git("demo", &["add", "other"]);
    test.clear("demo", "f");
    test.clear("demo", "untracked");
    assert_eq!(test.status("demo"), "A  f\nA  other\n?? untracked\n");
}

#[test]
fn without_a_repository_nothing_happens() {
    let test = Test::new(IDENTITY);
    test.write("demo/f", "yours\n");
    assert_eq!(test.mark("demo", "f|-|yours\n|template\n"), "false");
    test.clear("demo", "f");
}

#[test]
fn an_ignored_file_is_in_no_conflict_unless_git_has_it() {
    let test = Test::new(IDENTITY);
    test.commit("demo", "f", "yours\n");
    test.commit("demo", ".gitignore", "f\ng\n");
    test.write("demo/g", "yours\n");
    assert_eq!(test.mark("demo", "g|-|yours\n|template\n"), "false");
    assert_eq!(test.mark("demo", "f|-|yours\n|template\n"), "true");
    assert_eq!(test.status("demo"), "AA f\n");
}

#[test]
fn a_folder_in_the_place_of_a_file_is_no_conflict() {
    let test = Test::new(IDENTITY);
    test.commit("demo", "f/g", "yours\n");
    test.commit("demo", "h", "yours\n");
    assert_eq!(test.mark("demo", "f|base\n|-|template\n"), "false");
    assert_eq!(test.mark("demo", "h/i|base\n|-|template\n"), "false");
    assert_eq!(test.status("demo"), "");
}

#[test]
fn the_project_can_be_a_folder_of_the_repository() {
    let test = Test::new(IDENTITY);
    test.commit("outer", "in here/demo/f", "yours\n");
    let project = "outer/in here/demo";
    assert_eq!(test.mark(project, "f|base\n|yours\n|template\n"), "true");
    assert_eq!(test.status("outer"), "UU \"in here/demo/f\"\n");
    test.clear(project, "f");
    assert_eq!(test.status("outer"), "");
}

#[test]
fn the_repository_can_lie_elsewhere() {
    let test = Test::new(IDENTITY);
    test.write("demo/f", "yours\n");
    let store = test.path("store");
    let option = format!("--separate-git-dir={}", store.display());
    test.git("demo", &["init", "-q", &option]);
    test.commit("demo", "f", "yours\n");
    assert_eq!(test.mark("demo", "f|base\n|yours\n|template\n"), "true");
    assert_eq!(test.status("demo"), "UU f\n");
    test.clear("demo", "f");
    assert_eq!(test.status("demo"), "");
}

#[test]
fn a_linked_work_tree_has_an_index_of_its_own() {
    let test = Test::new(IDENTITY);
    test.commit("demo", "f", "yours\n");
    test.git("demo", &["worktree", "add", "-q", "../linked"]);
    assert_eq!(test.mark("linked", "f|base\n|yours\n|template\n"), "true");
    assert_eq!(test.status("linked"), "UU f\n");
    assert_eq!(test.status("demo"), "");
    test.clear("linked", "f");
    assert_eq!(test.status("linked"), "");
}

#[test]
fn line_endings_are_stored_as_git_stores_them() {
    let test = Test::new(&format!("{IDENTITY}[core]\n\tautocrlf = true\n"));
    test.commit("demo", "f", "yours\r\n");
    test.mark("demo", "f|base\n|yours\r\n|template\n");
    assert_eq!(test.git("demo", &["cat-file", "blob", ":2:f"]), "yours\n");
    test.clear("demo", "f");
    assert_eq!(test.status("demo"), "");
}

#[test]
fn an_index_that_somebody_else_writes_is_an_error() {
    let test = Test::new(IDENTITY);
    test.commit("demo", "f", "yours\n");
    test.write("demo/.git/index.lock", "");
    let said = test.mark("demo", "f|base\n|yours\n|template\n");
    assert!(said.starts_with("can't change git's index of"), "{said}");
    std::fs::remove_file(test.path("demo/.git/index.lock")).unwrap();
    assert_eq!(test.status("demo"), "");
}

#[test]
fn a_version_that_git_has_lost_is_given_back_as_in_the_last_commit() {
    let test = Test::new(IDENTITY);
    test.commit("demo", "f", "yours\n");
    test.write("demo/f", "staged\n");
    test.git("demo", &["add", "f"]);
    test.write("demo/f", "yours\n");
    test.mark("demo", "f|base\n|yours\n|template\n");
    test.git("demo", &["prune", "--expire=now"]);
    test.clear("demo", "f");
    assert_eq!(test.status("demo"), "");
    test.git("demo", &["fsck", "--strict"]);
}

#[test]
fn a_folder_that_came_in_the_place_of_a_file_stays() {
    let test = Test::new(IDENTITY);
    test.commit("demo", "other", "");
    test.mark("demo", "f|base\n|-|template\n");
    test.git("demo", &["rm", "-q", "--cached", "f"]);
    test.commit("demo", "f/g", "mine\n");
    test.clear("demo", "f");
    assert_eq!(test.status("demo"), "");
    assert_eq!(test.git("demo", &["ls-files"]), "f/g\nother\n");
}

#[test]
fn an_index_that_only_the_program_reads_is_the_same() {
    for (project, kind) in [
        ("demo", "--object-format=sha256"),
        ("outer/in here/demo", "--object-format=sha256"),
    ] {
        let test = Test::new(&format!("{IDENTITY}[core]\n\tautocrlf = true\n"));
        test.write(&format!("{project}/f"), "yours\r\n");
        test.git(project.split('/').next().unwrap(), &["init", "-q", kind]);
        test.write(&format!("{project}/added"), "yours\n");
        test.git(project, &["add", "added"]);
        // Before the first commit, too.
        assert_eq!(test.mark(project, "added|-|yours\n|template\n"), "true");
        assert_eq!(test.mark(project, "f|-|yours\r\n|template\n"), "true");
        let status = test.git(project, &["status", "--short"]);
        assert_eq!(status, "AA added\nAA f\n");
        test.clear(project, "added");
        test.clear(project, "f");
        let status = test.git(project, &["status", "--short"]);
        assert_eq!(status, "A  added\n?? f\n");

        test.commit(project, "f", "yours\r\n");
        test.git(project, &["update-index", "--assume-unchanged", "added"]);
        for path in ["f", "added"] {
            let sides = format!("{path}|base\n|yours\n|#!template\n");
            assert_eq!(test.mark(project, &sides), "true");
        }
        let stages = test.git(project, &["ls-files", "-u", "f"]);
        let modes: Vec<&str> = stages.lines().map(|line| &line[..6]).collect();
        assert_eq!(modes, ["100644", "100644", "100755"]);
        assert_eq!(test.git(project, &["cat-file", "blob", ":1:./f"]), "base\n");
        test.git(project, &["fsck", "--strict"]);
        test.clear(project, "f");
        test.clear(project, "added");
        assert_eq!(test.status(project), "");
        assert_eq!(test.git(project, &["ls-files", "-v", "added"]), "h added\n");
        // What the user staged meanwhile stays.
        test.mark(project, "f|base\n|yours\n|template\n");
        test.write(&format!("{project}/f"), "both\n");
        test.git(project, &["add", "f"]);
        test.clear(project, "f");
        assert_eq!(test.git(project, &["cat-file", "blob", ":./f"]), "both\n");
        // A folder in the place of a file is no conflict.
        assert_eq!(test.mark(project, "f/g|base\n|-|template\n"), "false");
    }
}
