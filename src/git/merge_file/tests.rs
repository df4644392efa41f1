//! Merges of ours, held to those of the real `git` program.

use std::process::Command;

use proptest::prelude::*;

use super::*;

const LABELS: [&str; 3] = ["yours", "what both came from", "the template's"];

fn merge(base: &str, yours: &str, desired: &str) -> (String, bool) {
    let merged = merge_file(
        base.as_bytes(),
        yours.as_bytes(),
        desired.as_bytes(),
        LABELS,
    )
    .unwrap();
    (String::from_utf8(merged.text).unwrap(), merged.conflicts)
}

/// What `git merge-file` makes of three texts.
fn oracle(base: &str, yours: &str, desired: &str) -> (String, bool) {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in [("base", base), ("yours", yours), ("desired", desired)] {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let output = Command::new("git")
        .args(["merge-file", "-p", "--zdiff3"])
        .args(LABELS.map(|label| format!("-L{label}")))
        .args(["yours", "base", "desired"])
        .current_dir(folder.path())
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap())
        .output()
        .unwrap();
    let conflicts = output.status.code().unwrap();
    assert!(conflicts < 128, "{output:?}");
    (String::from_utf8(output.stdout).unwrap(), conflicts > 0)
}

/// What somebody does to a line.
#[derive(Debug, Clone)]
enum Edit {
    Keep,
    Remove,
    Replace(u8),
    AddBefore(u8),
}

fn edit() -> impl Strategy<Value = Edit> {
    prop_oneof![
        8 => Just(Edit::Keep),
        1 => Just(Edit::Remove),
        1 => (0..6u8).prop_map(Edit::Replace),
        1 => (0..6u8).prop_map(Edit::AddBefore),
    ]
}

/// The same lines after the edits.
fn apply(lines: &[u8], edits: &[Edit]) -> Vec<u8> {
    let mut changed = Vec::new();
    for (line, edit) in lines.iter().zip(edits) {
        match edit {
            Edit::Keep => changed.push(*line),
            Edit::Remove => {}
            Edit::Replace(other) => changed.push(10 + other),
            Edit::AddBefore(other) => changed.extend([10 + other, *line]),
        }
    }
    changed
}

fn text(lines: &[u8], ending: &str, ends: bool) -> String {
    let lines: Vec<String> = lines.iter().map(|line| format!("line {line}")).collect();
    let end = if ends && !lines.is_empty() {
        ending
    } else {
        ""
    };
    format!("{}{end}", lines.join(ending))
}

prop_compose! {
    /// Lines, and two lists of edits to them.
    fn sides()(
        lines in proptest::collection::vec(0..8u8, 0..24),
        yours in proptest::collection::vec(edit(), 24),
        desired in proptest::collection::vec(edit(), 24),
    ) -> [Vec<u8>; 3] {
        let (yours, desired) = (apply(&lines, &yours), apply(&lines, &desired));
        [lines, yours, desired]
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn it_merges_as_git_does(
        sides in sides(),
        ends in proptest::array::uniform3(prop::bool::weighted(0.8)),
        windows in any::<bool>(),
    ) {
        let ending = if windows { "\r\n" } else { "\n" };
        let [base, yours, desired] = [0, 1, 2].map(|n| text(&sides[n], ending, ends[n]));
        let (merged, conflicts) = merge(&base, &yours, &desired);
        let expected = oracle(&base, &yours, &desired);
        // Git writes `\n` after markers where it sees too few lines to know better.
        let is_unsure = windows && merged != expected.0;
        if is_unsure {
            prop_assert!(conflicts);
            prop_assert_eq!(
                (merged.replace("\r\n", "\n"), conflicts),
                (expected.0.replace("\r\n", "\n"), expected.1)
            );
        } else {
            prop_assert_eq!((merged, conflicts), expected);
        }
    }

    #[test]
    fn the_lines_end_as_yours_do(
        sides in sides(),
        ends in proptest::array::uniform3(prop::bool::weighted(0.8)),
        windows in proptest::array::uniform3(any::<bool>()),
    ) {
        let plain = [0, 1, 2].map(|n| text(&sides[n], "\n", ends[n]));
        let mixed = [0, 1, 2].map(|n| {
            if windows[n] { plain[n].replace('\n', "\r\n") } else { plain[n].clone() }
        });
        prop_assume!(plain[1].contains('\n'));
        let (expected, expected_conflicts) = oracle(&plain[0], &plain[1], &plain[2]);
        let (merged, conflicts) = merge(&mixed[0], &mixed[1], &mixed[2]);
        prop_assert_eq!(conflicts, expected_conflicts);
        if mixed[0] == mixed[1] {
            prop_assert_eq!(&merged, &mixed[2]);
        } else if windows[1] {
            prop_assert_eq!(merged, expected.replace('\n', "\r\n"));
        } else {
            prop_assert_eq!(merged, expected);
        }
    }

    #[test]
    fn it_merges_any_text_as_git_does(
        sides in proptest::array::uniform3("([ab\r]{0,2}\n){0,5}[ab]{0,2}"),
    ) {
        let [base, yours, desired] = sides;
        let expected = oracle(&base, &yours, &desired);
        let (merged, conflicts) = merge(&base, &yours, &desired);
        let is_unix = [&base, &yours, &desired].iter().all(|side| !side.contains("\r\n"));
        if is_unix {
            prop_assert_eq!((merged, conflicts), expected);
        } else if LineEnding::of(yours.as_bytes()) == Some(LineEnding::Mixed) {
            // Only the ends of markers may differ.
            let plain = |text: &str| text.replace('\r', "");
            prop_assert_eq!((plain(&merged), conflicts), (plain(&expected.0), expected.1));
        }
    }
}

#[test]
fn a_conflict_shows_all_three() {
    assert_eq!(
        merge("a\nb\nc\n", "a\nB\nc\n", "a\nbb\nc\n"),
        (
            "a\n<<<<<<< yours\nB\n||||||| what both came from\nb\n=======\nbb\n\
             >>>>>>> the template's\nc\n"
                .to_owned(),
            true
        )
    );
}

#[test]
fn what_both_sides_have_alike_stands_around_the_markers() {
    assert_eq!(
        merge("a\nb\nc\n", "a\nx\ny\nz\nc\n", "a\nx\nz\nc\n"),
        (
            "a\nx\n<<<<<<< yours\ny\n||||||| what both came from\nb\n=======\n\
             >>>>>>> the template's\nz\nc\n"
                .to_owned(),
            true
        )
    );
}

#[test]
fn a_whole_conflict_shows_what_differs() {
    let whole = |texts: [&str; 3]| {
        let marked = whole_conflict(texts.map(str::as_bytes), ["y", "b", "d"]);
        String::from_utf8(marked).unwrap()
    };
    assert_eq!(
        whole(["a\n1\n2\nz\n", "a\nx\n2\n3\nz\n", "a\nx\n1\n3\nz\n"]),
        "a\nx\n<<<<<<< y\n2\n||||||| b\n1\n2\n=======\n1\n>>>>>>> d\n3\nz\n"
    );
    assert_eq!(
        whole(["", "a\nb\nc", "a\nc"]),
        "a\n<<<<<<< y\nb\n||||||| b\n=======\n>>>>>>> d\nc"
    );
    assert_eq!(
        whole(["a\n", "", "a\nb"]),
        "<<<<<<< y\n||||||| b\na\n=======\na\nb\n>>>>>>> d\n"
    );
}

#[test]
fn an_empty_side_has_its_label() {
    assert_eq!(
        merge("", "a", "b\n"),
        (
            "<<<<<<< yours\na\n||||||| what both came from\n=======\nb\n>>>>>>> the template's\n"
                .to_owned(),
            true
        )
    );
}

#[test]
fn a_missing_end_of_the_last_line_is_a_change_like_any_other() {
    assert_eq!(
        merge("a\nb\nc\n", "A\nb\nc\n", "a\nb\nc"),
        ("A\nb\nc".to_owned(), false)
    );
    assert_eq!(
        merge("a\nb\nc", "a\nb\nc\n", "A\nb\nc"),
        ("A\nb\nc\n".to_owned(), false)
    );
}

#[test]
fn other_line_endings_alone_are_no_change() {
    let (base, desired) = ("a\nb\nc\nd\n", "a\nb\nc\nD\n");
    assert_eq!(
        merge(base, "a\r\nb\r\nc\r\nd\r\n", desired),
        ("a\r\nb\r\nc\r\nD\r\n".to_owned(), false)
    );
    assert_eq!(
        merge(base, "A\nb\nc\nd\n", "a\r\nb\r\nc\r\nd\r\n"),
        ("A\nb\nc\nd\n".to_owned(), false)
    );
}

#[test]
fn labels_stay_on_their_line() {
    let merged = merge_file(b"a\n", b"b\n", b"c\n", ["x\ny", "\0", "z\r"]).unwrap();
    let text = String::from_utf8(merged.text).unwrap();
    assert_eq!(
        text,
        "<<<<<<< x y\nb\n|||||||  \na\n=======\nc\n>>>>>>> z \n"
    );
}

#[test]
fn what_is_no_text_is_refused() {
    assert!(merge_file(b"a", b"b\0", b"c", LABELS).is_err());
    let kept = merge_file(b"a\0", b"a\0", b"c", LABELS).unwrap();
    assert_eq!(kept.text, b"c");
}
