//! What other people's templates and projects may try: every case of `tests/hostile/` is a folder
//! with a `case.toml`, run by the real program beside a canary.

mod case;
mod promises;
mod scene;

use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::thread;

use case::Case;
use scene::Scene;

/// The folder of the cases.
fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/hostile")
}

/// Gives the names of all cases, ordered.
fn names() -> Vec<String> {
    let entries = std::fs::read_dir(folder()).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// Runs a case, and says what is wrong with how it ended.
fn run(name: &str) -> Vec<String> {
    let case = Case::read(&folder().join(name));
    let scene = Scene::prepare(&case);
    let before = scene.everything();
    let run = scene.run(&case);
    let after = scene.everything();

    let mut wrong = Vec::new();
    let stderr = run.stderr();
    if run.0.status.code() != Some(case.code) {
        wrong.push(format!("ends with {:?}, not {}", run.0.status, case.code));
    }
    for text in case.says.iter().filter(|text| !stderr.contains(*text)) {
        wrong.push(format!("doesn't say: {text}"));
    }
    for text in case.hides.iter().filter(|text| stderr.contains(*text)) {
        wrong.push(format!("says: {text}"));
    }
    if stderr.contains("panicked") {
        wrong.push("panics".to_owned());
    }
    for (path, content) in &after {
        if before.get(path) != Some(content) && !case.may_write(path) {
            wrong.push(format!("writes {path}"));
        }
    }
    for path in before.keys().filter(|path| !after.contains_key(*path)) {
        if !case.may_write(path) {
            wrong.push(format!("deletes {path}"));
        }
    }
    if !wrong.is_empty() {
        wrong.push(format!("it says:\n{}", shown(&stderr)));
    }
    wrong
}

/// Cuts a text that is too long to be read.
fn shown(text: &str) -> String {
    text.chars().take(2000).collect()
}

/// How many cases run at the same time; one of them takes as long as a template may.
const THREADS: usize = 3;

#[test]
fn every_hostile_input_ends_as_its_case_says() {
    // One case by its name, for those who work on it.
    let chosen = std::env::var("HOSTILE").unwrap_or_default();
    let names = names();
    assert!(names.len() >= 50, "only {} cases", names.len());
    let waiting = names.iter().filter(|name| name.contains(&chosen));
    let waiting = Mutex::new(waiting);
    let wrong = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                while let Some(name) = next(&waiting) {
                    let mistakes = run(name);
                    if !mistakes.is_empty() {
                        let mistakes = format!("{name}: {}", mistakes.join("\n    "));
                        wrong.lock().unwrap().push(mistakes);
                    }
                }
            });
        }
    });
    let wrong = wrong.into_inner().unwrap();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// Takes the next one of those that wait.
fn next<T>(waiting: &Mutex<impl Iterator<Item = T>>) -> Option<T> {
    waiting.lock().unwrap().next()
}
