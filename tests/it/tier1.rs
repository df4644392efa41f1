//! Tier 1: every valid combination under every name renders, parses, and is lint-clean.

use std::collections::{BTreeMap, HashSet};
use std::path::PathBuf;
use std::process::Command;

use pyscaffold::combinations::Combination;
use pyscaffold::formats::Format;
use pyscaffold::template::{Kind, Template};
use pyscaffold::tree::{ProjectPath, Tree};

use crate::support::checks::digest;
use crate::support::combinations::{NAMES, all, builtin, describe, render};
use crate::support::python::{cache, environment, interpreter, must};

#[test]
fn every_combination_renders_parses_and_is_clean() {
    let template = builtin();
    let mut seen = HashSet::new();
    let mut python = BTreeMap::new();
    let mut leftovers = BTreeMap::new();
    for combination in all(&template).iter() {
        for name in NAMES {
            let tree = render(&template, &combination, name).tree;
            parse_all(&tree, &mut seen, &combination);
            let key = python_key(&tree);
            python.entry(key).or_insert_with(|| tree.clone());
            if name == NAMES[2] {
                leftovers.extend(leftovers_in(&template, &combination, &tree));
            }
        }
    }
    assert!(leftovers.is_empty(), "{leftovers:#?}");
    lint(&python);
}

/// Parses every structured file that wasn't seen before.
fn parse_all(tree: &Tree, seen: &mut HashSet<String>, combination: &Combination) {
    for (path, entry) in tree.iter() {
        if !seen.insert(digest([path.file_name().as_bytes(), &entry.bytes])) {
            continue;
        }
        let text = || std::str::from_utf8(&entry.bytes).unwrap();
        let fault = match Format::of(path) {
            Format::Text if is_yaml(path) => {
                <saphyr::Yaml as saphyr::LoadableYamlNode>::load_from_str(text())
                    .err()
                    .map(|error| error.to_string())
            }
            Format::Text => None,
            format => format.check(text()).err().map(|fault| fault.message),
        };
        assert_eq!(fault, None, "{path} of {}", describe(combination));
    }
}

fn is_yaml(path: &ProjectPath) -> bool {
    path.as_str().ends_with(".yaml") || path.as_str().ends_with(".yml")
}

/// Recognises trees that are the same to a linter: their Python files and its settings.
fn python_key(tree: &Tree) -> String {
    let pyproject: toml_edit::DocumentMut = text(tree, "pyproject.toml").parse().unwrap();
    let settings = [
        pyproject["tool"]["ruff"].to_string(),
        pyproject["project"]["requires-python"].to_string(),
    ];
    let python = tree
        .iter()
        .filter(|(path, _)| path.as_str().ends_with(".py"));
    let files = python.flat_map(|(path, entry)| [path.as_str().as_bytes(), &*entry.bytes]);
    digest(files.chain(settings.iter().map(String::as_bytes)))
}

fn text<'a>(tree: &'a Tree, path: &str) -> &'a str {
    std::str::from_utf8(&tree.get(path).unwrap().bytes).unwrap()
}

/// Lints, checks the format of and compiles all trees, each tool once.
fn lint(trees: &BTreeMap<String, Tree>) {
    let folder = cache("tier1");
    std::fs::remove_dir_all(&folder).unwrap();
    for (key, tree) in trees {
        for (path, entry) in tree.iter() {
            let is_python = path.as_str().ends_with(".py");
            if is_python || path.as_str() == "pyproject.toml" {
                write(&folder.join(&key[..16]).join(path.as_str()), &entry.bytes);
            }
        }
    }
    let some_tree = trees.values().next().unwrap();
    let ruff = environment(text(some_tree, "pyproject.toml")).join("bin/ruff");
    let run = |arguments: &[&str]| {
        must(
            Command::new(&ruff)
                .args(arguments)
                .arg(&folder)
                .env("RUFF_CACHE_DIR", cache("ruff")),
        )
    };
    run(&["check", "-q"]);
    run(&["format", "-q", "--check"]);
    let (_, python) = interpreter("3.12");
    must(
        Command::new(python)
            .args(["-W", "error", "-m", "compileall", "-q", "-f"])
            .arg(&folder),
    );
}

fn write(path: &PathBuf, bytes: &[u8]) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, bytes).unwrap();
}

/// Words that stand for a choice, and where they may be although it wasn't chosen, with the reason.
const ALLOWED: [(&str, &str); 4] = [
    // SQLModel is made of SQLAlchemy.
    ("sqlalchemy", "orm=sqlmodel"),
    // SQLite serves development and tests of every project with a database.
    ("sqlite", "database=postgresql"),
    // The stages that build a distroless image need a shell.
    ("slim", "container=distroless"),
    // Words of every licence text and English sentence rather than of the choice.
    ("proprietary", "license=apache-2.0"),
];

/// Finds the names of choices that weren't made.
fn leftovers_in(
    template: &Template,
    combination: &Combination,
    tree: &Tree,
) -> Vec<(String, String)> {
    let described = describe(combination);
    let mut found = Vec::new();
    for question in template
        .questions
        .iter()
        .filter(|question| matches!(question.kind, Kind::Choice(_)))
    {
        let chosen = combination
            .get(&question.name)
            .and_then(|answer| answer.as_ref())
            .map(pyscaffold::answer::Answer::typed);
        for choice in question.choices() {
            let is_other = chosen.as_deref() != Some(&choice.value);
            let is_word = choice
                .value
                .starts_with(|first: char| first.is_alphabetic())
                && choice.value != "none";
            let is_allowed = ALLOWED
                .iter()
                .any(|(word, answer)| *word == choice.value && described.contains(answer));
            if is_other && is_word && !is_allowed {
                let files = files_with(tree, &choice.value);
                found.extend(
                    files.map(|path| (format!("{path} has '{}'", choice.value), described.clone())),
                );
            }
        }
    }
    found
}

fn files_with<'a>(tree: &'a Tree, word: &'a str) -> impl Iterator<Item = &'a ProjectPath> {
    let committed = tree
        .iter()
        .filter(|(path, _)| !path.as_str().starts_with(".pyscaffold/"));
    committed
        .filter(move |(path, entry)| {
            let text = format!("{path}\n{}", String::from_utf8_lossy(&entry.bytes)).to_lowercase();
            let mut words = text.split(|letter: char| !letter.is_alphanumeric() && letter != '-');
            words.any(|found| found == word || (word.len() > 5 && found.starts_with(word)))
        })
        .map(|(path, _)| path)
}

#[test]
fn a_leftover_is_found() {
    let template = builtin();
    let combination = all(&template).iter().next().unwrap();
    let mut tree = render(&template, &combination, NAMES[0]).tree;
    let other = template
        .question("type_checker")
        .unwrap()
        .choices()
        .last()
        .unwrap();
    let entry = pyscaffold::tree::Entry {
        bytes: format!("# see {}\n", other.value).into_bytes().into(),
        executable: false,
    };
    tree.insert(ProjectPath::parse("notes.txt").unwrap(), entry)
        .unwrap();
    let found = leftovers_in(&template, &combination, &tree);
    assert!(
        found
            .iter()
            .any(|(file, _)| file.starts_with("notes.txt has")),
        "{found:?}"
    );
}
