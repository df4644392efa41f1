//! Changes of projects, and what is refused.

use std::borrow::Cow;
use std::cell::Cell;
use std::collections::BTreeMap;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::time::Duration;

use proptest::prelude::*;
use tempfile::TempDir;

use super::*;
use crate::error::Kind;
use crate::tree::Entry;

/// The files of a project: a text that begins with `!` can be run, one with `->` is a link.
pub(super) type Files = BTreeMap<String, String>;

pub(super) fn files(files: &[(&str, &str)]) -> Files {
    let files = files.iter();
    files
        .map(|(path, text)| ((*path).to_owned(), (*text).to_owned()))
        .collect()
}

pub(super) fn path(text: &str) -> ProjectPath {
    ProjectPath::parse(text).unwrap()
}

fn node(text: &str) -> Node {
    match text.strip_prefix("->") {
        Some(to) => Node::Link(PathBuf::from(to)),
        None => Node::File(Entry {
            bytes: Cow::Owned(text.as_bytes().to_vec()),
            executable: text.starts_with('!'),
        }),
    }
}

/// The change that makes one project of the other.
pub(super) fn change(title: &str, before: &Files, after: &Files) -> ChangeSet {
    let mut paths: Vec<&String> = before.keys().chain(after.keys()).collect();
    paths.sort();
    paths.dedup();
    let transitions = paths
        .into_iter()
        .filter(|path| before.get(*path) != after.get(*path))
        .map(|name| Transition {
            path: path(name),
            before: before.get(name).map(|text| node(text)),
            after: after.get(name).map(|text| node(text)),
            is_private: false,
            like: None,
        });
    ChangeSet {
        title: title.to_owned(),
        transitions: transitions.collect(),
        ..ChangeSet::default()
    }
}

/// The change that is the next to be taken back, without what it knows of rights.
pub(super) fn last(root: &Path) -> Result<Option<ChangeSet>> {
    bare(root, Way::Undo)
}

fn bare(root: &Path, way: Way) -> Result<Option<ChangeSet>> {
    let mut last = super::last(root, way)?;
    for transition in last.iter_mut().flat_map(|last| &mut last.transitions) {
        transition.like = None;
    }
    Ok(last)
}

/// A project on disk.
pub(super) struct Project(TempDir);

impl Project {
    pub(super) fn new(files: &Files) -> Self {
        let project = Project(tempfile::tempdir().unwrap());
        for (path, text) in files {
            project.write(path, text);
        }
        project
    }

    pub(super) fn root(&self) -> &Path {
        self.0.path()
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.root().join(name)
    }

    pub(super) fn write(&self, path: &str, text: &str) {
        let place = self.path(path);
        std::fs::create_dir_all(place.parent().unwrap()).unwrap();
        match node(text) {
            Node::Link(to) => symlink(to, &place).unwrap(),
            Node::File(entry) => {
                std::fs::write(&place, &*entry.bytes).unwrap();
                let mode = if entry.executable { 0o755 } else { 0o644 };
                self.set_mode(path, mode);
            }
        }
    }

    pub(super) fn remove(&self, path: &str) {
        std::fs::remove_file(self.path(path)).unwrap();
    }

    fn set_mode(&self, path: &str, mode: u32) {
        std::fs::set_permissions(self.path(path), PermissionsExt::from_mode(mode)).unwrap();
    }

    fn mode(&self, path: &str) -> u32 {
        let metadata = std::fs::metadata(self.path(path)).unwrap();
        metadata.permissions().mode() & 0o7777
    }

    /// All that lies in the project but our private folder; an empty folder ends with `/`.
    pub(super) fn files(&self) -> Files {
        let mut found = Files::new();
        self.visit("", &mut found);
        found
    }

    fn visit(&self, folder: &str, found: &mut Files) {
        let mut entries = std::fs::read_dir(self.path(folder)).unwrap().peekable();
        if entries.peek().is_none() && !folder.is_empty() {
            found.insert(folder.to_owned(), String::new());
        }
        for entry in entries {
            let entry = entry.unwrap();
            let name = format!("{folder}{}", entry.file_name().to_str().unwrap());
            let kind = entry.file_type().unwrap();
            if name == ".pyscaffold/local" {
                continue;
            }
            if kind.is_dir() {
                self.visit(&format!("{name}/"), found);
                continue;
            }
            let text = if kind.is_symlink() {
                let to = std::fs::read_link(entry.path()).unwrap();
                format!("->{}", to.display())
            } else {
                let text = std::fs::read_to_string(entry.path()).unwrap();
                assert_eq!(
                    self.mode(&name) & 0o100 != 0,
                    text.starts_with('!'),
                    "{name}"
                );
                text
            };
            found.insert(name, text);
        }
    }

    pub(super) fn apply(&self, set: &ChangeSet) -> Result<()> {
        apply(&self.hold()?, set, &Interrupt::new())
    }

    /// Takes the right to change it, and doesn't wait for it.
    pub(super) fn hold(&self) -> Result<Hold> {
        let interrupt = Interrupt::new();
        Hold::take(self.root(), &patience(&interrupt, Duration::ZERO))
    }

    pub(super) fn recover(&self) -> Result<Option<RecoveredChange>> {
        recover_change(&self.hold()?)
    }

    pub(super) fn amend(&self, transitions: Vec<Transition>) -> Result<()> {
        amend_last(&self.hold()?, transitions)
    }

    /// The names in the private folder.
    pub(super) fn private(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.path(".pyscaffold/local"));
        let entries = entries.into_iter().flatten();
        let mut names: Vec<String> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }
}

fn patience(interrupt: &Interrupt, longest: Duration) -> Patience<'_> {
    Patience {
        longest,
        interrupt,
        tell: &|_| {},
    }
}

/// Applies one change that must be refused, and gives the message; nothing may have changed.
fn refused(project: &Project, before: &Files, after: &Files) -> String {
    let found = project.files();
    let private = project.private();
    let error = project
        .apply(&change("a change", before, after))
        .unwrap_err();
    assert_eq!(error.kind, Kind::Failed);
    assert_eq!(project.files(), found);
    assert_eq!(project.private(), private);
    error.message
}

#[test]
fn a_change_is_applied_and_is_the_last_one() {
    let before = files(&[
        ("a", "1"),
        ("gone/deep/b", "2"),
        ("gone/c", "3"),
        ("d", "4"),
    ]);
    let after = files(&[("a", "one"), ("new/deep/x", "!5"), ("d", "4")]);
    let project = Project::new(&before);
    assert_eq!(last(project.root()).unwrap(), None);
    let set = change("change --orm none", &before, &after);
    project.apply(&set).unwrap();
    assert_eq!(project.files(), after);
    assert_eq!(last(project.root()).unwrap(), Some(set));
    assert_eq!(project.private(), [".gitignore", "history", "lock"]);
    let ignore = std::fs::read(project.path(".pyscaffold/local/.gitignore")).unwrap();
    assert_eq!(ignore, b"*\n");
    assert_eq!(project.recover().unwrap(), None);
}

#[test]
fn a_change_that_is_reversed_takes_back_and_can_be_taken_back_itself() {
    let before = files(&[("a", "1"), ("b/c", "2")]);
    let after = files(&[("a", "!1"), ("b", "->a")]);
    let project = Project::new(&before);
    project.apply(&change("first", &before, &after)).unwrap();
    assert_eq!(project.files(), after);
    let undo = last(project.root()).unwrap().unwrap().reversed(Way::Undo);
    project.apply(&undo).unwrap();
    assert_eq!(project.files(), before);
    assert_eq!(last(project.root()).unwrap(), None);
    let undone = bare(project.root(), Way::Redo).unwrap().unwrap();
    assert_eq!(undone.transitions, undo.transitions);
    project.apply(&undone.reversed(Way::Redo)).unwrap();
    assert_eq!(project.files(), after);
    assert_eq!(last(project.root()).unwrap().unwrap().title, "first");
    assert_eq!(bare(project.root(), Way::Redo).unwrap(), None);
}

#[test]
fn what_older_versions_kept_comes_first_in_the_history() {
    let project = Project::new(&files(&[("a", "1")]));
    let states: Vec<Files> = ["1", "2", "3"].map(|text| files(&[("a", text)])).into();
    for (number, folder) in [(1, "old"), (2, "last")] {
        let set = change(folder, &states[number - 1], &states[number]);
        project.apply(&set).unwrap();
        let local = project.path(".pyscaffold/local");
        std::fs::rename(local.join(format!("history/{number}")), local.join(folder)).unwrap();
    }
    for (number, title) in [(1, "last"), (0, "old")] {
        let undo = last(project.root()).unwrap().unwrap().reversed(Way::Undo);
        assert_eq!(undo.title, title);
        project.apply(&undo).unwrap();
        assert_eq!(project.files(), states[number]);
    }
    assert_eq!(project.private(), [".gitignore", "history", "lock"]);
}

#[test]
fn a_history_that_leads_outside_is_none() {
    let before = files(&[("a", "1")]);
    let outside = Project::new(&before);
    outside
        .apply(&change("x", &before, &files(&[("a", "2")])))
        .unwrap();
    let history = outside.path(".pyscaffold/local/history");
    for place in ["history", "history/7", "last"] {
        let project = Project::new(&files(&[(".pyscaffold/local/.gitignore", "*")]));
        let place = project.path(&format!(".pyscaffold/local/{place}"));
        std::fs::create_dir_all(place.parent().unwrap()).unwrap();
        let to = if place.ends_with("history") {
            history.clone()
        } else {
            history.join("1")
        };
        symlink(to, &place).unwrap();
        assert_eq!(last(project.root()).unwrap(), None, "{}", place.display());
        assert_eq!(project.recover().unwrap(), None);
        let _ = project.apply(&change("y", &Files::new(), &before));
        assert!(history.join("1/journal").exists() && !history.join("2").exists());
    }
}

#[test]
fn only_folders_that_become_empty_go() {
    let before = files(&[("a/b/c", "1"), ("d/e", "2")]);
    let project = Project::new(&before);
    project.write("d/mine", "");
    std::fs::create_dir_all(project.path("empty")).unwrap();
    project.apply(&change("x", &before, &Files::new())).unwrap();
    assert_eq!(project.files(), files(&[("d/mine", ""), ("empty/", "")]));
}

#[test]
fn a_replaced_file_keeps_the_rights_of_the_user() {
    let before = files(&[
        ("secret", "1"),
        ("shared", "2"),
        ("run", "3"),
        ("stop", "!4"),
    ]);
    let after = files(&[
        ("secret", "one"),
        ("shared", "two"),
        ("run", "!3"),
        ("stop", "4"),
    ]);
    let project = Project::new(&before);
    let modes = [
        ("secret", 0o600),
        ("shared", 0o664),
        ("run", 0o640),
        ("stop", 0o711),
    ];
    for (path, mode) in modes {
        project.set_mode(path, mode);
    }
    project.apply(&change("x", &before, &after)).unwrap();
    let modes = modes.map(|(path, _)| project.mode(path));
    assert_eq!(modes, [0o600, 0o664, 0o750, 0o600]);
}

#[test]
fn rights_and_attributes_go_along_and_come_back() {
    let before = files(&[("src/key", "1"), ("src/tool", "!2")]);
    let after = files(&[("lib/key", "1"), ("lib/tool", "!2")]);
    let project = Project::new(&before);
    project.set_mode("src/key", 0o600);
    project.set_mode("src/tool", 0o710);
    let has_attributes = xattr::set(project.path("src/key"), "user.mine", b"1").is_ok();
    let mut set = change("x", &before, &after);
    for transition in &mut set.transitions {
        let name = transition.path.file_name();
        transition.like = transition
            .after
            .as_ref()
            .map(|_| format!("src/{name}").into());
    }
    let attribute = |path: &str| xattr::get(project.path(path), "user.mine").unwrap();
    project.apply(&set).unwrap();
    assert_eq!(project.files(), after);
    assert_eq!(
        [project.mode("lib/key"), project.mode("lib/tool")],
        [0o600, 0o710]
    );
    if has_attributes {
        assert_eq!(attribute("lib/key").unwrap(), b"1");
    }
    let undo = super::last(project.root(), Way::Undo)
        .unwrap()
        .unwrap()
        .reversed(Way::Undo);
    project.apply(&undo).unwrap();
    assert_eq!(project.files(), before);
    let modes = ["src/key", "src/tool"].map(|path| project.mode(path));
    assert_eq!(modes, [0o600, 0o710]);
    if has_attributes {
        assert_eq!(attribute("src/key").unwrap(), b"1");
    }
}

#[test]
fn kept_contents_are_for_the_owner_alone() {
    let before = files(&[("secret", "1")]);
    let project = Project::new(&before);
    project.set_mode("secret", 0o600);
    project
        .apply(&change("x", &before, &files(&[("secret", "2")])))
        .unwrap();
    for place in ["before/0", "after/0"] {
        assert_eq!(
            project.mode(&format!(".pyscaffold/local/history/1/{place}")),
            0o600
        );
    }
}

#[test]
fn a_folder_takes_the_place_of_a_link_to_one() {
    let before = files(&[("a", "->elsewhere"), ("elsewhere/x", "1")]);
    let after = files(&[("a/x", "2"), ("elsewhere/x", "1")]);
    let project = Project::new(&before);
    project.apply(&change("x", &before, &after)).unwrap();
    assert_eq!(project.files(), after);
}

#[test]
fn what_was_edited_meanwhile_is_refused_with_all_names() {
    let before = files(&[("a", "1"), ("b", "2"), ("c", "3"), ("d", "4")]);
    let project = Project::new(&before);
    project.write("a", "mine");
    project.set_mode("b", 0o755);
    project.remove("c");
    project.write("e", "mine");
    let set = change("x", &before, &files(&[("d", "5"), ("e", "6")]));
    let error = project.apply(&set).unwrap_err();
    assert_eq!(
        error.message,
        "the project isn't what it was when the command began: 'a' was edited, 'b' was edited, \
         'c' is gone, 'e' is there now; nothing was changed"
    );
    assert!(!project.path(".pyscaffold").exists());
}

#[test]
fn what_is_in_the_way_is_refused() {
    let none = Files::new();
    let project = Project::new(&files(&[("folder/a", "1"), ("file", "2")]));
    symlink("folder", project.path("link")).unwrap();
    for (path, problem) in [
        ("folder", "'folder/a' is in the way of 'folder'"),
        ("link/b", "'link/b' lies behind a symbolic link"),
        (
            "file/b",
            "a file is in the place of a folder above 'file/b'",
        ),
        ("folder/a", "'folder/a' is there now"),
    ] {
        let message = refused(&project, &none, &files(&[(path, "3")]));
        assert!(message.contains(problem), "{message}");
    }
    let message = refused(&project, &files(&[("folder", "1")]), &none);
    assert!(message.contains("'folder' is a folder"), "{message}");
}

#[test]
fn a_folder_with_something_of_the_user_s_stays() {
    let before = files(&[("a/b", "1"), ("a/c/d", "2")]);
    let project = Project::new(&before);
    project.write("a/c/mine", "");
    let message = refused(&project, &before, &files(&[("a", "3")]));
    assert!(
        message.contains("'a/c/mine' is in the way of 'a'"),
        "{message}"
    );
}

#[test]
fn the_private_folder_is_in_no_change() {
    let project = Project::new(&Files::new());
    for path in [".pyscaffold", ".pyscaffold/local", ".pyscaffold/LOCAL/lock"] {
        refused(&project, &Files::new(), &files(&[(path, "")]));
    }
    let mut set = change("x", &Files::new(), &files(&[("a", "1")]));
    set.transitions.push(set.transitions[0].clone());
    assert!(project.apply(&set).is_err());
}

#[test]
fn a_state_behind_a_link_is_refused() {
    let project = Project::new(&files(&[("a", "1")]));
    let elsewhere = tempfile::tempdir().unwrap();
    symlink(elsewhere.path(), project.path(".pyscaffold")).unwrap();
    let message = refused(&project, &files(&[("a", "1")]), &Files::new());
    assert!(message.contains("isn't a folder"), "{message}");
    assert_eq!(std::fs::read_dir(elsewhere.path()).unwrap().count(), 0);
    assert!(!is_unfinished(project.root()).unwrap());
    assert_eq!(last(project.root()).unwrap(), None);
}

#[test]
fn an_interrupt_leaves_nothing_behind() {
    let before = files(&[("a", "1")]);
    let project = Project::new(&before);
    let interrupt = Interrupt::new();
    interrupt.raise();
    let set = change("x", &before, &Files::new());
    let error = apply(&project.hold().unwrap(), &set, &interrupt).unwrap_err();
    assert_eq!(error.kind, Kind::Interrupted);
    assert_eq!(project.files(), before);
    assert!(!project.path(".pyscaffold").exists());
}

#[test]
fn only_one_process_works_in_a_project() {
    let before = files(&[("a", "1")]);
    let project = Project::new(&before);
    let set = change("x", &before, &files(&[("a", "2")]));
    let hold = project.hold().unwrap();
    let error = project.apply(&set).unwrap_err();
    assert_eq!(
        error.message,
        format!(
            "another pyscaffold (process {}) is at work in this project; nothing was changed",
            std::process::id()
        )
    );
    drop(hold);
    assert!(!project.path(".pyscaffold").exists());
    project.apply(&set).unwrap();
}

#[test]
fn who_waits_says_so_and_goes_on_when_the_project_is_free() {
    let project = Project::new(&Files::new());
    let interrupt = Interrupt::new();
    let hold = Cell::new(project.hold().ok());
    let told = Cell::new(None);
    let patience = Patience {
        longest: Duration::from_secs(30),
        interrupt: &interrupt,
        tell: &|holder| {
            told.set(holder);
            hold.take();
        },
    };
    Hold::take(project.root(), &patience).unwrap();
    assert_eq!(told.get(), Some(std::process::id()));
}

#[test]
fn a_wait_ends_with_its_time_or_an_interrupt() {
    let project = Project::new(&Files::new());
    let interrupt = Interrupt::new();
    let _hold = project.hold().unwrap();
    let short = patience(&interrupt, Duration::from_millis(1));
    let error = Hold::take(project.root(), &short).unwrap_err();
    assert_eq!(error.kind, Kind::Failed);
    let told = Cell::new(0);
    let stopped = Patience {
        longest: Duration::from_secs(30),
        interrupt: &interrupt,
        tell: &|_| {
            told.set(told.get() + 1);
            interrupt.raise();
        },
    };
    let error = Hold::take(project.root(), &stopped).unwrap_err();
    assert_eq!(error.kind, Kind::Interrupted);
    assert_eq!(told.get(), 1);
}

#[test]
fn a_lock_that_a_killed_process_left_is_free() {
    let project = Project::new(&Files::new());
    project.write(".pyscaffold/local/lock", "4294967295");
    let hold = project.hold().unwrap();
    // Whoever waits for a lock that is removed takes the one that comes after it.
    std::fs::remove_file(project.path(".pyscaffold/local/lock")).unwrap();
    let next = project.hold().unwrap();
    assert!(project.hold().is_err());
    drop((hold, next));
}

#[test]
fn a_glimpse_notices_a_change() {
    let before = files(&[("a", "1")]);
    let after = files(&[("a", "2")]);
    let project = Project::new(&before);
    let glimpse = Glimpse::begin(project.root()).unwrap();
    glimpse.check().unwrap();
    project.apply(&change("x", &before, &after)).unwrap();
    assert!(glimpse.check().is_err());
    let glimpse = Glimpse::begin(project.root()).unwrap();
    project.apply(&change("x", &after, &before)).unwrap();
    assert!(glimpse.check().is_err());
    let glimpse = Glimpse::begin(project.root()).unwrap();
    let hold = project.hold().unwrap();
    glimpse.check().unwrap();
    hold.local().change().create().unwrap();
    assert!(glimpse.check().is_err());
}

#[test]
fn what_a_step_did_belongs_to_the_change() {
    let before = files(&[("a", "1"), ("tool.lock", "old")]);
    let middle = files(&[("a", "2"), ("tool.lock", "merged")]);
    let after = files(&[("a", "2"), ("tool.lock", "new"), ("made", "!")]);
    let project = Project::new(&before);
    project.apply(&change("x", &before, &middle)).unwrap();
    project.write("tool.lock", "new");
    project.write("made", "!");
    let more = change("", &middle, &after).transitions;
    project.amend(more).unwrap();
    let whole = last(project.root()).unwrap().unwrap();
    assert_eq!(whole.title, "x");
    project.apply(&whole.reversed(Way::Undo)).unwrap();
    assert_eq!(project.files(), before);
}

#[test]
fn a_step_that_takes_a_change_back_leaves_nothing_of_it() {
    let before = files(&[("a", "1")]);
    let middle = files(&[("a", "1"), ("b", "2")]);
    let project = Project::new(&before);
    project.apply(&change("x", &before, &middle)).unwrap();
    project.remove("b");
    project
        .amend(change("", &middle, &before).transitions)
        .unwrap();
    assert_eq!(last(project.root()).unwrap().unwrap().transitions, []);
}

#[test]
fn without_a_change_there_is_nothing_to_add_to() {
    let project = Project::new(&Files::new());
    let more = change("", &Files::new(), &files(&[("a", "1")])).transitions;
    assert!(project.amend(more).is_err());
    project.amend(Vec::new()).unwrap();
    assert!(!project.path(".pyscaffold").exists());
}

#[test]
fn damage_of_the_record_is_noticed() {
    let before = files(&[("a", "1")]);
    let after = files(&[("a", "2")]);
    let project = Project::new(&before);
    project.apply(&change("x", &before, &after)).unwrap();
    let content = project.path(".pyscaffold/local/history/1/before/0");
    std::fs::write(&content, "").unwrap();
    let error = last(project.root()).unwrap_err();
    assert!(error.message.contains("is damaged"), "{error}");
    let journal = project.path(".pyscaffold/local/history/1/journal");
    let text = std::fs::read_to_string(&journal).unwrap();
    let newer = text.replace("change 1", "change 2");
    for wrong in [&text[..text.len() - 3], "", &newer] {
        std::fs::write(&journal, wrong).unwrap();
        let error = last(project.root()).unwrap_err();
        assert!(error.message.contains("can't read"), "{error}");
    }
    // A new change needs nothing of it.
    project.apply(&change("y", &after, &before)).unwrap();
    assert_eq!(last(project.root()).unwrap().unwrap().title, "y");
}

#[test]
fn a_look_follows_no_link() {
    let project = Project::new(&files(&[("a/b", "!1"), ("c", "->a"), ("d", "2")]));
    std::os::unix::net::UnixListener::bind(project.path("socket")).unwrap();
    let look = |name: &str| look(project.root(), &path(name)).unwrap();
    assert_eq!(look("a"), Found::Folder);
    assert_eq!(look("a/b"), Found::Node(node("!1")));
    assert_eq!(look("c"), Found::Node(node("->a")));
    assert_eq!(look("c/b"), Found::BehindLink);
    assert_eq!(look("d/b"), Found::Nothing);
    assert_eq!(look("x/y"), Found::Nothing);
    assert_eq!(look("socket"), Found::Other);
}

/// Projects in which a path is a file in some and a folder in others.
fn project() -> impl Strategy<Value = Files> {
    let names = [
        "a",
        "a/b",
        "a/b/c",
        "a/d",
        "e",
        "e/f",
        ".pyscaffold/x",
        ".pyscaffold/y/z",
    ];
    let text = prop_oneof!["[xy]", "![xy]", "->[ae]"];
    proptest::collection::vec(proptest::option::of(text), names.len()).prop_map(move |texts| {
        let mut files = Files::new();
        for (name, text) in names.iter().zip(texts) {
            let is_below = files
                .keys()
                .any(|file| name.starts_with(&format!("{file}/")));
            if let Some(text) = text
                && !is_below
            {
                files.insert((*name).to_owned(), text);
            }
        }
        files
    })
}

proptest! {
    #[test]
    fn any_change_can_be_applied_and_taken_back(before in project(), after in project()) {
        let project = Project::new(&before);
        let set = change("x", &before, &after);
        project.apply(&set).unwrap();
        prop_assert_eq!(project.files(), after);
        let undo = last(project.root()).unwrap().unwrap().reversed(Way::Undo);
        project.apply(&undo).unwrap();
        prop_assert_eq!(project.files(), before);
    }
}
