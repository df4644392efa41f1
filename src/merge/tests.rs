//! What holds for every merge, whatever the sides are.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::{
    Both, Content, Kept, Labels, Own, Plan, Sides, Verb, Yours, laid_beside, merge, merge_content,
    names_beside,
};
use crate::tree::{Entry, Node, ProjectPath, Tree};

/// The files of a side: path, text.
type Files = BTreeMap<String, String>;

fn entry(text: &str) -> Entry {
    Entry {
        bytes: text.as_bytes().to_vec().into(),
        executable: false,
    }
}

fn tree(files: &Files) -> Tree {
    let mut tree = Tree::new();
    for (path, text) in files {
        tree.insert(ProjectPath::parse(path).unwrap(), entry(text))
            .unwrap();
    }
    tree
}

fn yours(files: &Files) -> Yours {
    let mut yours = Yours::default();
    for (path, text) in files {
        let node = Node::File(entry(text));
        yours.nodes.insert(ProjectPath::parse(path).unwrap(), node);
        yours.names.insert(path.clone());
    }
    yours
}

/// Merges, and gives the plan with what is on disk afterwards.
fn run(base: &Files, own: &Files, desired: &Files) -> (Plan, Files) {
    let yours = yours(own);
    let plan = merge(Sides {
        base: &tree(base),
        kept: &Kept::new(),
        yours: &yours,
        desired: &tree(desired),
        labels: &Labels::new("base", "desired"),
        both: Both::Markers,
        own: Own::Follow,
    })
    .unwrap();
    let mut after = own.clone();
    for change in &plan.changes {
        let from = change.from.as_ref().unwrap_or(&change.path);
        if change.writes() {
            after.remove(from.as_str());
        }
    }
    for change in &plan.changes {
        if let (true, Some(Node::File(entry))) = (change.writes(), &change.after) {
            let text = String::from_utf8(entry.bytes.to_vec()).unwrap();
            after.insert(change.path.to_string(), text);
        }
    }
    (plan, after)
}

/// Texts of lines that are likely to meet, so that all kinds of merges happen.
fn text() -> impl Strategy<Value = String> {
    prop::collection::vec("[a-f]{1,2}", 0..12)
        .prop_map(|lines| lines.iter().flat_map(|line| [line, "\n"]).collect())
}

fn files() -> impl Strategy<Value = Files> {
    let path = prop::sample::select(vec![
        "a.py",
        "b.py",
        "x/a.py",
        "x/b.py",
        "y/a.py",
        "c.toml",
        "d.json",
        ".gitignore",
        "e.yml",
    ]);
    prop::collection::btree_map(path.prop_map(str::to_owned), text(), 0..6)
}

/// A side, and the same after some edits.
fn edited() -> impl Strategy<Value = (Files, Files)> {
    (files(), files(), prop::collection::vec(0..4_u8, 9)).prop_map(|(base, other, edits)| {
        let mut own = base.clone();
        for ((path, text), edit) in base.iter().zip(&edits) {
            match edit {
                0 => drop(own.remove(path)),
                1 => drop(own.insert(path.clone(), format!("{text}own\n"))),
                2 => drop(own.insert(path.clone(), format!("own\n{text}"))),
                _ => {}
            }
        }
        own.extend(other.into_iter().take(usize::from(edits[0] % 2)));
        (base, own)
    })
}

proptest! {
    #[test]
    fn an_untouched_project_becomes_what_is_desired(base in files(), desired in files()) {
        let (plan, after) = run(&base, &base, &desired);
        prop_assert_eq!(&after, &desired);
        let verbs = [Verb::Create, Verb::Update, Verb::Delete];
        let is_simple = plan.changes.iter().all(|change| verbs.contains(&change.verb));
        prop_assert!(is_simple, "{:?}", plan.changes);
    }

    #[test]
    fn an_unchanged_template_changes_nothing((base, own) in edited()) {
        let (plan, after) = run(&base, &own, &base);
        prop_assert_eq!(plan.changes, []);
        prop_assert_eq!(after, own);
    }

    #[test]
    fn what_is_desired_already_stays((base, own) in edited()) {
        let (plan, after) = run(&base, &own, &own);
        prop_assert!(!plan.writes(), "{:?}", plan.changes);
        prop_assert_eq!(after, own);
    }

    #[test]
    fn the_second_time_there_is_nothing_to_do((base, own) in edited(), desired in files()) {
        let (plan, after) = run(&base, &own, &desired);
        prop_assume!(plan.conflicts().next().is_none());
        let (again, unchanged) = run(&desired, &after, &desired);
        prop_assert_eq!(again.changes, []);
        prop_assert_eq!(unchanged, after);
    }

    #[test]
    fn bytes_that_are_no_text_are_never_merged_by_line(
        (lines, nul) in (prop::array::uniform3(1..9_000_usize), 0..30_000_usize),
        (side, path) in (0..3_usize, prop::sample::select(vec!["a", "a.json", "a.toml", "a.yml"])),
    ) {
        let mut sides = [0, 1, 2].map(|side| format!("{side}\r\n").repeat(lines[side]).into_bytes());
        let place = nul % sides[side].len();
        sides[side][place] = 0;
        let path = ProjectPath::parse(path).unwrap();
        let labels = Labels::new("base", "desired");
        let [base, yours, desired] = &sides;
        let merged = merge_content(&path, Some(base), yours, desired, &labels).unwrap();
        prop_assert_eq!(merged, Content::Apart);
    }

    #[test]
    fn every_line_of_the_user_is_somewhere((base, own) in edited(), desired in files()) {
        let (_, after) = run(&base, &own, &desired);
        for (path, text) in &own {
            let before = base.get(path);
            for line in text.lines().filter(|line| *line == "own") {
                let is_new = before.is_none_or(|before| !before.lines().any(|other| other == line));
                prop_assert!(
                    !is_new || after.values().any(|text| text.lines().any(|other| other == line)),
                    "{path} lost {line:?}: {after:?}",
                );
            }
        }
    }
}

#[test]
fn the_users_own_files_follow_a_folder() {
    let long: String = ('a'..='z').flat_map(|letter| [letter, '\n']).collect();
    let of = |pairs: &[(&str, &str)]| -> Files {
        pairs
            .iter()
            .map(|(path, text)| ((*path).to_owned(), (*text).to_owned()))
            .collect()
    };
    let base = of(&[("src/old/a.py", &long), ("src/old/__init__.py", "")]);
    let own = of(&[
        ("src/old/a.py", &format!("mine\n{long}")),
        ("src/old/__init__.py", ""),
        ("src/old/mine.py", "mine\n"),
    ]);
    let desired = of(&[
        ("src/new/a.py", &format!("{long}theirs\n")),
        ("src/new/__init__.py", ""),
    ]);
    let (_, after) = run(&base, &own, &desired);
    let expected = of(&[
        ("src/new/a.py", &format!("mine\n{long}theirs\n")),
        ("src/new/__init__.py", ""),
        ("src/new/mine.py", "mine\n"),
    ]);
    assert_eq!(after, expected);
}

#[test]
fn a_name_beside_tells_the_place_whatever_its_number() {
    let path = ProjectPath::parse("docs/index.md").unwrap();
    for name in names_beside(&path).take(3) {
        assert_eq!(laid_beside(&name), Some(path.as_str()), "{name}");
    }
    assert_eq!(laid_beside(path.as_str()), None);
}
