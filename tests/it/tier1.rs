//! Tier 1: every valid combination renders, parses, and is lint-clean under every name.

use std::collections::BTreeSet;

use crate::support::combinations::{NAMES, all, builtin};
use crate::support::dependencies::questions_by_path;
use crate::support::leftovers::leftovers;
use crate::support::trees::{Breadth, check_files, lint_all};

/// How many ways to answer the questions of a file are tried; more is the work of `tests/full`.
const MOST: usize = 5_000;

#[test]
fn every_combination_renders_and_parses() {
    let problems = check_files(&builtin(), Breadth::UpTo(MOST));
    assert!(problems.is_empty(), "{problems:#?}");
}

#[test]
fn all_python_code_is_clean() {
    lint_all(&builtin());
}

#[test]
fn a_leftover_is_found() {
    let template = builtin();
    let combination = all(&template).nth(0);
    let checkers = template.question("type_checker").unwrap().choices();
    let other = &checkers.last().unwrap().value;
    let line = format!("# see {other}\n");
    let find = |questions: &BTreeSet<String>| {
        leftovers(
            &template,
            &combination,
            questions,
            ("notes.txt", line.as_bytes()),
        )
    };
    let asked = BTreeSet::from(["type_checker".to_owned()]);
    assert!(find(&asked)[0].starts_with(&format!("notes.txt has '{other}'")));
    assert_eq!(find(&BTreeSet::new()).len(), 1);
}

#[test]
fn files_depend_on_what_changes_them() {
    let template = builtin();
    let by_path = questions_by_path(&template);
    let combinations = all(&template);
    let first = combinations.nth(0);
    let before = crate::support::combinations::render(&template, &first, NAMES[0]).tree;
    // Another answer to one question leaves all files alone that don't depend on it.
    for other in combinations.covering(1) {
        let changed: BTreeSet<&String> = first
            .keys()
            .filter(|name| first.get(*name) != other.get(*name))
            .collect();
        let after = crate::support::combinations::render(&template, &other, NAMES[0]).tree;
        for (path, entry) in before.iter() {
            let package = NAMES[0];
            let known = path
                .as_str()
                .replace(&format!("src/{package}/"), "src/{{ package }}/");
            let depends = by_path[&known].iter().any(|name| changed.contains(name));
            let is_same = after
                .get(path.as_str())
                .is_some_and(|now| now.bytes == entry.bytes);
            assert!(depends || is_same, "{path} changes with {changed:?}");
        }
    }
}
