//! What the documents and the examples say is true.

use std::path::Path;

use pyscaffold::template::{Source, Template};

use crate::support::Sandbox;
use crate::support::combinations::{all, describe, render};

/// Gives a path in this repository.
fn here(inner: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(inner)
}

/// Gives the files of a folder with an ending.
fn files_in(folder: &str, endings: &[&str]) -> Vec<String> {
    let entries = std::fs::read_dir(here(folder)).unwrap().flatten();
    let names = entries.map(|entry| format!("{folder}/{}", entry.file_name().to_string_lossy()));
    let mut files: Vec<String> = names
        .filter(|name| endings.iter().any(|ending| name.ends_with(ending)))
        .collect();
    files.sort();
    assert!(!files.is_empty(), "{folder} has no examples");
    files
}

#[test]
fn every_answers_file_makes_a_project() {
    for file in files_in("examples/answers", &[".toml", ".json"]) {
        let sandbox = Sandbox::new();
        let path = here(&file);
        let arguments = [
            "new",
            "demo",
            "--yes",
            "--no-lock",
            "--no-git",
            "--json",
            "--answers",
            path.to_str().unwrap(),
        ];
        let made = sandbox.run_with(&arguments, &[]).ok().json();
        let given = std::fs::read_to_string(&path).unwrap();
        assert!(
            given.contains(made["answers"]["orm"].as_str().unwrap()),
            "{file}"
        );
    }
}

#[test]
fn the_example_templates_load_and_render_every_combination() {
    for name in ["minimal", "cli-tool", "acme-layer"] {
        let template =
            Template::load(Source::Folder(here(&format!("examples/templates/{name}")))).unwrap();
        assert_eq!(template.warnings, [], "{name}");
        let combinations = all(&template);
        for combination in combinations.covering(2) {
            let rendered = render(&template, &combination, "demo");
            assert!(
                rendered.tree.len() > 1,
                "{name}: {}",
                describe(&combination)
            );
        }
    }
}

#[test]
fn the_readme_shows_the_real_help() {
    let readme = std::fs::read_to_string(here("README.md")).unwrap();
    let block = readme
        .split("<!-- help: start -->")
        .nth(1)
        .unwrap()
        .split("<!-- help: end -->")
        .next()
        .unwrap();
    let shown = block
        .trim()
        .trim_start_matches("```text")
        .trim_end_matches("```")
        .trim();
    let real = Sandbox::new().run("new --help").ok().stdout();
    assert_eq!(shown, real.trim());
}

#[test]
fn the_readme_links_to_files_that_are_there() {
    for file in [
        "README.md",
        "CONTRIBUTING.md",
        "ARCHITECTURE.md",
        "CHANGELOG.md",
        "examples/README.md",
    ] {
        let text = std::fs::read_to_string(here(file)).unwrap();
        let folder = here(file).parent().unwrap().to_owned();
        for link in text
            .split("](")
            .skip(1)
            .filter_map(|rest| rest.split(')').next())
        {
            let path = link.split('#').next().unwrap();
            let is_local = !path.is_empty() && !path.contains("://");
            assert!(
                !is_local || folder.join(path).exists(),
                "{file} links to {path}"
            );
        }
    }
}
