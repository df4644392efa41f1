//! What must stay true of the sources themselves.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use pyscaffold::template::{Source, Template};

/// Gives the sources of the program with their paths.
fn sources() -> Vec<(PathBuf, String)> {
    let mut files = Vec::new();
    collect(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("src"),
        &mut files,
    );
    assert!(files.len() > 20, "the sources were not found");
    files
}

fn collect(folder: &Path, files: &mut Vec<(PathBuf, String)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else {
            let text = std::fs::read_to_string(&path).unwrap();
            files.push((path, text));
        }
    }
}

/// Gives the words of a text, in lower case.
fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|letter: char| !letter.is_alphanumeric())
        .map(str::to_lowercase)
}

#[test]
fn the_program_knows_no_choice_of_the_template() {
    let template = Template::load(Source::Builtin).unwrap();
    // Words of everyday English or of every project, and names of tools and servers that the
    // program itself stands next to.
    let everyday = [
        "none",
        "slim",
        "make",
        "just",
        "devcontainer",
        "mit",
        "proprietary",
        "docs",
        "changelog",
        "vscode",
        // Servers whose addresses have a short form.
        "github",
        "gitlab",
    ];
    let choices: Vec<String> = template
        .questions
        .iter()
        .filter(|question| question.name != "python")
        .flat_map(pyscaffold::template::Question::choices)
        .map(|choice| choice.value.clone())
        .filter(|value| !everyday.contains(&value.as_str()))
        .collect();
    assert!(choices.contains(&"fastapi".to_owned()));
    for (path, text) in sources() {
        for word in words(&text) {
            assert!(
                !choices.contains(&word),
                "{} names the choice '{word}'",
                path.display()
            );
        }
    }
}

/// The modules from the inside to the outside; each may use only those before it.
const ORDER: [&str; 36] = [
    "visible",
    "problem",
    "error",
    "file",
    "config",
    "suggest",
    "tree",
    "formats",
    "interrupt",
    "child",
    "git",
    "remote",
    "trust",
    "merge",
    "steps",
    "language",
    "found",
    "answer",
    "template",
    "schema",
    "resolve",
    "detect",
    "combinations",
    "layers",
    "render",
    "adoption",
    "given",
    "check",
    "project",
    "state",
    "prompt",
    "ui",
    "watch",
    "cli",
    "commands",
    "main",
];

#[test]
fn inner_modules_never_import_outer_ones() {
    // The reading of a template ends with its check, which tries its conditions on combinations.
    let allowed = [
        ("template", "combinations"),
        ("template", "resolve"),
        ("cli", "commands"),
    ];
    for (path, text) in sources() {
        let inner = path
            .strip_prefix(Path::new(env!("CARGO_MANIFEST_DIR")).join("src"))
            .unwrap();
        if inner.file_name().is_some_and(|name| name == "tests.rs") {
            continue;
        }
        let module = inner
            .components()
            .next()
            .unwrap()
            .as_os_str()
            .to_string_lossy()
            .replace(".rs", "");
        let Some(place) = ORDER.iter().position(|known| *known == module) else {
            assert_eq!(module, "lib", "module '{module}' has no place in the order");
            continue;
        };
        for used in text.lines().filter_map(|line| line.split("crate::").nth(1)) {
            let used = used
                .split(|letter: char| !letter.is_alphanumeric() && letter != '_')
                .next()
                .unwrap_or_default();
            let is_allowed = allowed.contains(&(module.as_str(), used));
            if let Some(other) = ORDER.iter().position(|known| *known == used) {
                assert!(
                    other <= place || is_allowed,
                    "{}: '{module}' is inside of '{used}'",
                    path.display()
                );
            }
        }
    }
}

/// Gives the lines of the program that hold one of some words, but for tests and for modules that
/// may use them.
fn users(words: &[&str], allowed: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for (path, text) in sources() {
        let name = path.strip_prefix(Path::new(env!("CARGO_MANIFEST_DIR")).join("src"));
        let name = name.unwrap().to_str().unwrap();
        let is_test = name.ends_with("tests.rs");
        if is_test || allowed.contains(&name) {
            continue;
        }
        let program = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
        let program = program
            .split("#[cfg(test)]\n#[cfg(unix)]\nmod tests {")
            .next()
            .unwrap();
        for line in program.lines() {
            if words.iter().any(|word| line.contains(word)) {
                found.push(format!("{name}: {}", line.trim()));
            }
        }
    }
    found
}

#[test]
fn one_module_opens_files_to_read_them() {
    let ways = [
        "fs::read(",
        "fs_err::read(",
        "read_to_string(",
        "File::open(",
        "File::create(",
        "OpenOptions",
    ];
    // What writes a project makes files that aren't there yet.
    let found = users(&ways, &["file.rs", "project/disk.rs"]);
    assert!(found.is_empty(), "{found:#?}");
    assert!(
        users(&["symlink_metadata("], &[]).len() > 5,
        "nothing was looked at"
    );
}

#[test]
fn one_module_starts_programs() {
    let ways = [
        "process::Command",
        "process::{Child",
        "{Command, Stdio}",
        ".spawn()",
        ".output()",
    ];
    let found = users(
        &ways,
        &["child.rs", "child/ending.rs", "child/environment.rs"],
    );
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn one_place_bounds_memory_and_time() {
    let found = users(&["watch(", "process::exit"], &["watch.rs"]);
    let [one] = found.as_slice() else {
        panic!("{found:#?}");
    };
    assert!(one.starts_with("main.rs: watch("), "{one}");
}

#[test]
fn names_that_mean_something_to_tools_are_disguised() {
    let meaningful = [
        "Cargo.toml",
        "pyproject.toml",
        "conftest.py",
        "Makefile",
        "Dockerfile",
        "package.json",
    ];
    let mut paths: Vec<String> = Vec::new();
    for source in [Source::Builtin, Source::Starter] {
        paths.extend(source.read().unwrap().into_keys());
    }
    assert!(paths.len() > 50);
    for path in paths {
        let name = path.rsplit('/').next().unwrap();
        assert!(
            !name.starts_with('.') || name.ends_with(".jinja"),
            "{path} acts on our own repository"
        );
        assert!(
            !meaningful.contains(&name),
            "{path} acts on our own repository"
        );
    }
}

#[test]
fn the_embedded_templates_have_no_mistakes() {
    for source in [Source::Builtin, Source::Starter] {
        let mut template = Template::load(source).unwrap();
        template.check().unwrap();
        assert!(template.warnings.is_empty(), "{:?}", template.warnings);
    }
}

#[test]
fn the_embedded_templates_are_the_folders() {
    for source in [Source::Builtin, Source::Starter] {
        let folder = format!("{}/templates/{source}", env!("CARGO_MANIFEST_DIR"));
        let embedded = source.read().unwrap();
        let on_disk = Source::Folder(folder.into()).read().unwrap();
        assert!(embedded.keys().eq(on_disk.keys()));
        for (path, bytes) in &embedded {
            assert!(bytes == &on_disk[path], "{path} differs");
        }
    }
}

#[test]
fn everything_that_is_needed_is_packaged() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let output = std::process::Command::new(env!("CARGO"))
        .current_dir(root)
        .args(["package", "--list", "--allow-dirty", "--offline"])
        .output()
        .unwrap();
    let packaged = String::from_utf8(output.stdout).unwrap();
    let packaged: BTreeSet<&str> = packaged.lines().collect();
    let mut needed = Vec::new();
    for folder in ["src", "templates", "schemas", "examples", "benches", "docs"] {
        collect(&root.join(folder), &mut needed);
    }
    assert!(needed.len() > 100);
    for (path, _) in needed {
        let path = path.strip_prefix(root).unwrap().to_str().unwrap();
        assert!(packaged.contains(path), "{path} is not in the package");
    }
}
