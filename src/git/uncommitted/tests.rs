//! Uncommitted work, in repositories of every shape.

use super::*;
use crate::git::tests::{IDENTITY, Test, assignment};

/// Runs in a process of its own, started by the tests below.
#[test]
fn child() {
    if let Some((target, report)) = assignment() {
        let found = uncommitted(&target).map_or_else(|error| error.message, |it| it.join(" "));
        std::fs::write(report, found).unwrap();
    }
}

impl Test {
    fn uncommitted(&self, target: &str) -> String {
        self.run_child("git::uncommitted::tests::child", target, &[])
    }

    /// Commits three files in a folder; it makes the repository that a command line says.
    fn commit_in(&self, folder: &str, init: &[&str]) {
        for file in ["a", "b", "deep/c"] {
            self.write(&format!("{folder}/{file}"), "one\n");
        }
        self.git(folder, init);
        self.commit_all(folder);
    }

    fn commit_all(&self, folder: &str) {
        self.git(folder, &["add", "."]);
        self.git(folder, &["commit", "-qm", "x"]);
    }
}

const INIT: [&str; 2] = ["init", "-q"];

#[test]
fn without_a_repository_there_is_none() {
    let test = Test::new(IDENTITY);
    test.write("demo/a", "");
    assert_eq!(test.uncommitted("demo"), "");
}

#[test]
fn after_a_commit_there_is_none_and_after_a_change_there_is() {
    let test = Test::new(IDENTITY);
    test.commit_in("demo", &INIT);
    assert_eq!(test.uncommitted("demo"), "");
    test.write("demo/a", "two\n");
    test.write("demo/staged", "");
    test.git("demo", &["add", "staged"]);
    std::fs::remove_file(test.path("demo/b")).unwrap();
    test.write("demo/new/untracked", "");
    test.write("demo/.gitignore", "*.log\n");
    test.write("demo/x.log", "");
    assert_eq!(
        test.uncommitted("demo"),
        ".gitignore a b new/untracked staged"
    );
}

#[test]
fn the_folder_of_our_private_data_is_none() {
    let test = Test::new(IDENTITY);
    test.commit_in("demo", &INIT);
    test.write("demo/.pyscaffold/local/.gitignore", "*\n");
    test.write("demo/.pyscaffold/local/x", "");
    assert_eq!(test.uncommitted("demo"), "");
}

#[test]
fn a_mode_and_a_type_are_changes() {
    let test = Test::new(IDENTITY);
    test.commit_in("demo", &INIT);
    #[cfg(unix)]
    {
        use std::os::unix::fs::{PermissionsExt, symlink};

        let path = test.path("demo/a");
        std::fs::set_permissions(&path, PermissionsExt::from_mode(0o755)).unwrap();
        let path = test.path("demo/b");
        std::fs::remove_file(&path).unwrap();
        symlink("a", &path).unwrap();
        assert_eq!(test.uncommitted("demo"), "a b");
    }
}

#[test]
fn before_the_first_commit_all_is() {
    let test = Test::new(IDENTITY);
    test.write("demo/a", "");
    test.write("demo/b", "");
    test.git("demo", &INIT);
    test.git("demo", &["add", "a"]);
    assert_eq!(test.uncommitted("demo"), "a b");
}

#[test]
fn a_folder_of_a_repository_is_looked_at_alone() {
    let test = Test::new(IDENTITY);
    test.commit_in("outer", &INIT);
    test.write("outer/[x]/one", "");
    test.write("outer/[x]/two", "");
    test.write("outer/x/three", "");
    assert_eq!(test.uncommitted("outer/[x]"), "one two");
    test.commit_all("outer");
    test.write("outer/a", "two\n");
    test.write("outer/[x]/one", "two\n");
    assert_eq!(test.uncommitted("outer/[x]"), "one");
    assert_eq!(test.uncommitted("outer/deep"), "");
}

#[test]
fn a_folder_that_is_ignored_has_none() {
    let test = Test::new(IDENTITY);
    test.commit_in("outer", &INIT);
    test.write("outer/.gitignore", "/demo/\n");
    test.write("outer/demo/a", "");
    assert_eq!(test.uncommitted("outer/demo"), "");
}

#[test]
fn the_repository_can_lie_elsewhere() {
    let test = Test::new(IDENTITY);
    let elsewhere = test.path("elsewhere/store");
    std::fs::create_dir(test.path("elsewhere")).unwrap();
    let option = format!("--separate-git-dir={}", elsewhere.display());
    test.commit_in("demo", &["init", "-q", &option]);
    assert_eq!(test.uncommitted("demo"), "");
    test.write("demo/a", "two\n");
    test.write("demo/deep/d", "");
    assert_eq!(test.uncommitted("demo"), "a deep/d");
    assert_eq!(test.uncommitted("demo/deep"), "d");
}

#[test]
fn a_linked_work_tree_is_one_of_its_own() {
    let test = Test::new(IDENTITY);
    test.commit_in("demo", &INIT);
    test.git("demo", &["worktree", "add", "-q", "../linked"]);
    test.write("demo/a", "two\n");
    assert_eq!(test.uncommitted("linked"), "");
    test.write("linked/b", "two\n");
    assert_eq!(test.uncommitted("linked"), "b");
}

#[test]
fn the_configuration_of_the_user_holds() {
    let test = Test::new("");
    let ignore = test.path("ignore");
    let config = format!(
        "{IDENTITY}[core]\n\texcludesFile = {}\n\tautocrlf = true\n",
        ignore.display()
    );
    test.write("config", &config);
    test.write("ignore", ".idea/\n");
    test.commit_in("demo", &INIT);
    test.write("demo/windows", "one\r\n");
    test.commit_all("demo");
    test.write("demo/.idea/x", "");
    test.write("demo/windows", "one\r\n");
    assert_eq!(test.uncommitted("demo"), "");
}

#[test]
fn where_a_hook_says_that_the_repository_is_makes_no_difference() {
    let mut test = Test::new(IDENTITY);
    test.commit_in("demo", &INIT);
    test.commit_in("other", &INIT);
    test.write("other/a", "two\n");
    for (name, path) in [
        ("GIT_DIR", "other/.git"),
        ("GIT_WORK_TREE", "other"),
        ("GIT_INDEX_FILE", "other/.git/index"),
    ] {
        let path = test.path(path);
        test = test.variable(name, path.to_str().unwrap());
    }
    assert_eq!(test.uncommitted("demo"), "");
}

#[test]
fn what_can_not_be_read_is_an_error() {
    let test = Test::new(IDENTITY);
    test.commit_in("demo", &INIT);
    test.git("demo", &["config", "core.repositoryFormatVersion", "1"]);
    test.git("demo", &["config", "extensions.ofTomorrow", "true"]);
    let found = test.uncommitted("demo");
    assert!(found.contains("can't read the git repository"), "{found}");
}

impl Test {
    fn unmerged(&self, target: &str) -> String {
        self.run_child("git::uncommitted::tests::unmerged_child", target, &[])
    }

    /// Makes a repository of a kind, unless this version of git can't.
    fn can_make(&self, folder: &str, kind: &str) -> bool {
        std::fs::create_dir_all(self.path(folder)).unwrap();
        let made = self.try_git(folder, &["init", "-q", kind]);
        made.is_ok()
    }
}

/// Runs in a process of its own, started by the tests below.
#[test]
fn unmerged_child() {
    if let Some((target, report)) = assignment() {
        let found = unmerged(&target).map_or_else(|error| error.message, |it| it.join(" "));
        std::fs::write(report, found).unwrap();
    }
}

#[test]
fn what_the_library_can_not_read_is_asked_of_the_program() {
    let test = Test::new(IDENTITY);
    let kinds = ["--object-format=sha256", "--ref-format=reftable"];
    let mut asked = 0;
    for (number, kind) in kinds.into_iter().enumerate() {
        let folder = format!("outer{number}");
        if !test.can_make(&folder, kind) {
            continue;
        }
        asked += 1;
        let project = format!("{folder}/demo");
        test.commit_in(&project, &["status"]);
        assert_eq!(test.uncommitted(&project), "", "{kind}");
        test.write(&format!("{project}/a"), "two\n");
        test.write(&format!("{project}/deep/new"), "");
        test.write(&format!("{folder}/outside"), "");
        test.write(&format!("{project}/.gitignore"), "*.log\n");
        test.write(&format!("{project}/x.log"), "");
        assert_eq!(
            test.uncommitted(&project),
            ".gitignore a deep/new",
            "{kind}"
        );
        assert_eq!(test.unmerged(&project), "", "{kind}");
    }
    assert!(asked > 0, "this git makes neither {kinds:?}");
}

#[test]
fn an_index_that_the_library_can_not_read_is_asked_of_the_program() {
    let test = Test::new(IDENTITY);
    test.commit_in("split", &INIT);
    test.git("split", &["update-index", "--split-index"]);
    assert_eq!(test.uncommitted("split"), "");
    test.write("split/a", "two\n");
    assert_eq!(test.uncommitted("split"), "a");
}

#[test]
fn what_a_sparse_checkout_leaves_out_is_not_deleted() {
    for index in ["--sparse-index", "--no-sparse-index"] {
        let test = Test::new(IDENTITY);
        test.write("demo/kept/d", "");
        test.commit_in("demo", &INIT);
        test.git("demo", &["sparse-checkout", "set", "--cone", index, "kept"]);
        assert!(!test.path("demo/deep/c").exists());
        assert_eq!(test.uncommitted("demo"), "", "{index}");
        std::fs::remove_file(test.path("demo/kept/d")).unwrap();
        assert_eq!(test.uncommitted("demo"), "kept/d", "{index}");
    }
}

#[test]
fn a_merge_that_stopped_has_paths_with_several_versions() {
    let test = Test::new(IDENTITY);
    for (folder, kind) in [
        ("files", "--object-format=sha1"),
        ("newer", "--object-format=sha256"),
    ] {
        if !test.can_make(folder, kind) {
            continue;
        }
        let project = format!("{folder}/demo");
        test.commit_in(&project, &["status"]);
        test.git(folder, &["checkout", "-qb", "other"]);
        test.write(&format!("{project}/a"), "other\n");
        test.commit_all(folder);
        test.git(folder, &["checkout", "-q", "-"]);
        test.write(&format!("{project}/a"), "ours\n");
        test.git(&project, &["rm", "-q", "b"]);
        test.commit_all(folder);
        assert_eq!(test.unmerged(&project), "", "{kind}");
        test.try_git(folder, &["merge", "other"]).unwrap_err();
        assert_eq!(test.unmerged(&project), "a", "{kind}");
        assert_eq!(test.unmerged(&format!("{project}/deep")), "", "{kind}");
    }
}

#[test]
fn a_filter_of_the_repository_alone_is_never_run() {
    let test = Test::new(IDENTITY);
    assert!(test.can_make("demo", "--object-format=sha256"));
    let canary = test.path("canary");
    let clean = format!("touch {}; cat", canary.display());
    test.write("demo/.gitattributes", "a filter=bad\n");
    test.commit_in("demo", &["status"]);
    test.git("demo", &["config", "filter.bad.clean", &clean]);
    test.git("demo", &["config", "core.fsmonitor", &clean]);
    test.write("demo/a", "two\n");
    assert_eq!(test.uncommitted("demo"), "a");
    assert!(!canary.exists());
}
