//! Checks what every combination is rendered to.
//!
//! A file is rendered once for each way to answer the questions that it depends on: two
//! combinations that differ in nothing else have the same file. So the work grows with what the
//! files depend on, and not with the product of all questions.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};

use pyscaffold::combinations::{Combination, Combinations};
use pyscaffold::formats::Format;
use pyscaffold::template::Template;
use pyscaffold::tree::{ProjectPath, Tree};

use super::checks::digest;
use super::combinations::{NAMES, all, describe, render_where};
use super::dependencies::{Group, PACKAGE, groups, questions_by_path};
use super::leftovers::leftovers;
use super::python::{cache, environment, interpreter, must};

/// How many threads render.
const WORKERS: usize = 2;

/// The files that settle how Python code is linted.
const SETTINGS: &str = "pyproject.toml";

/// How many ways to answer its questions are tried for a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Breadth {
    /// All of them, whatever the time.
    #[allow(dead_code, reason = "for the checks by hand")]
    All,
    /// All of them up to so many; above that, combinations that hold all triples of answers.
    UpTo(usize),
}

/// Renders and checks every file, and gives what is wrong.
pub fn check_files(template: &Template, breadth: Breadth) -> Vec<String> {
    let combinations = all(template);
    let triples = combinations.covering(3);
    let mut problems = Vec::new();
    for group in groups(template) {
        let ways = combinations.over(&group.questions);
        let is_narrow = match breadth {
            Breadth::All => true,
            Breadth::UpTo(most) => ways.count() <= most,
        };
        let found = if is_narrow {
            side_by_side(ways.count(), |index| {
                check_group(template, &group, &ways.nth(index), index)
            })
        } else {
            side_by_side(triples.len(), |index| {
                check_group(template, &group, &triples[index], index)
            })
        };
        problems.extend(found);
    }
    problems.sort();
    problems.dedup();
    problems
}

/// Does numbered pieces of work on all cores, and collects what they give.
fn side_by_side<T: Send>(count: usize, work: impl Fn(usize) -> Vec<T> + Sync) -> Vec<T> {
    let next = AtomicUsize::new(0);
    let worker = || {
        let mut results = Vec::new();
        loop {
            let index = next.fetch_add(1, Ordering::SeqCst);
            if index >= count {
                return results;
            }
            results.extend(work(index));
        }
    };
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..WORKERS).map(|_| scope.spawn(worker)).collect();
        workers
            .into_iter()
            .flat_map(|worker| worker.join().unwrap())
            .collect()
    })
}

/// Checks the files of a group for one way to answer their questions.
fn check_group(
    template: &Template,
    group: &Group,
    combination: &Combination,
    index: usize,
) -> Vec<String> {
    let name = NAMES[index % NAMES.len()];
    let tree = render_where(template, combination, name, |path| {
        group.paths.contains(&with_placeholder(path, name))
    });
    let files = tree.tree.iter().chain(tree.once.iter());
    files
        .flat_map(|(path, entry)| {
            let mut problems = leftovers(
                template,
                combination,
                &group.questions,
                (path.as_str(), &entry.bytes),
            );
            let fault = fault(path, &entry.bytes);
            problems.extend(
                fault.map(|fault| format!("{path}: {fault} with {}", describe(combination))),
            );
            problems
        })
        .collect()
}

/// Writes a path as the template does.
fn with_placeholder(path: &ProjectPath, name: &str) -> String {
    let package = name.replace(['-', '.'], "_");
    let parts = path.as_str().split('/');
    parts
        .map(|part| if part == package { PACKAGE } else { part })
        .collect::<Vec<_>>()
        .join("/")
}

/// Says why a structured file can't be read.
fn fault(path: &ProjectPath, bytes: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(bytes).unwrap();
    match Format::of(path) {
        Format::Text if is_yaml(path) => {
            <saphyr::Yaml as saphyr::LoadableYamlNode>::load_from_str(text)
                .err()
                .map(|error| error.to_string())
        }
        Format::Text => None,
        format => format.check(text).err().map(|fault| fault.message),
    }
}

fn is_yaml(path: &ProjectPath) -> bool {
    path.as_str().ends_with(".yaml") || path.as_str().ends_with(".yml")
}

/// Lints, checks the format of and compiles the Python code of every combination under every name.
pub fn lint_all(template: &Template) {
    let combinations = python_combinations(template);
    let count = combinations.count() * NAMES.len();
    let trees = side_by_side(count, |index| {
        let combination = combinations.nth(index / NAMES.len());
        let name = NAMES[index % NAMES.len()];
        let rendered = render_where(template, &combination, name, |path| {
            is_python(path) || path.as_str() == SETTINGS
        });
        vec![(key(&rendered.tree), rendered.tree)]
    });
    lint(&trees.into_iter().collect());
}

/// Gives one combination for each way in which Python code or its linter's settings differ.
fn python_combinations(template: &Template) -> Combinations {
    let by_path = questions_by_path(template);
    let python = by_path.iter().filter(|(path, _)| path.ends_with(".py"));
    let mut questions: BTreeSet<String> = python.flat_map(|(_, names)| names.clone()).collect();
    // What the settings differ by beyond that is settled by the version of the language.
    questions.insert("python".to_owned());
    all(template).over(&questions)
}

fn is_python(path: &ProjectPath) -> bool {
    path.as_str().ends_with(".py")
}

/// Recognises trees that are the same to a linter: their Python files and its settings.
fn key(tree: &Tree) -> String {
    let pyproject: toml_edit::DocumentMut = text(tree, SETTINGS).parse().unwrap();
    let settings = [
        pyproject["tool"]["ruff"].to_string(),
        pyproject["project"]["requires-python"].to_string(),
    ];
    let python = tree.iter().filter(|(path, _)| is_python(path));
    let files = python.flat_map(|(path, entry)| [path.as_str().as_bytes(), &*entry.bytes]);
    digest(files.chain(settings.iter().map(String::as_bytes)))
}

fn text<'a>(tree: &'a Tree, path: &str) -> &'a str {
    std::str::from_utf8(&tree.get(path).unwrap().bytes).unwrap()
}

/// Runs each tool once over all trees.
fn lint(trees: &BTreeMap<String, Tree>) {
    let folder = cache("tier1");
    std::fs::remove_dir_all(&folder).unwrap();
    let mut written = HashSet::new();
    for (key, tree) in trees {
        for (path, entry) in tree.iter() {
            let path = folder.join(&key[..16]).join(path.as_str());
            assert!(written.insert(path.clone()));
            write(&path, &entry.bytes);
        }
    }
    let some_tree = trees.values().next().unwrap();
    let ruff = environment(text(some_tree, SETTINGS)).join("bin/ruff");
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

fn write(path: &Path, bytes: &[u8]) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, bytes).unwrap();
}
