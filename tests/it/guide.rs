//! The author's guide is followed from its text alone, in an empty folder.
//!
//! Every fenced block of it is something: `console` blocks are typed, and what they show is what
//! has to come out; a block with a path after its language is that file. There is no other kind.

use std::path::Path;
use std::process::Stdio;

use crate::support::Sandbox;

/// A line, or a part of one, that stands for anything in what a command says.
const ANYTHING: &str = "…";

/// A fenced block of a document.
struct Block {
    /// The line that it begins on, counted from 1.
    line: usize,
    /// What stands behind the fence.
    info: String,
    text: String,
}

/// Reads the fenced blocks of a document.
fn blocks(document: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut lines = document.lines().enumerate();
    while let Some((number, line)) = lines.next() {
        let Some(fence) = line
            .starts_with("```")
            .then(|| line.trim_end_matches(|c| c != '`'))
        else {
            continue;
        };
        let inside = lines.by_ref().take_while(|(_, line)| *line != fence);
        blocks.push(Block {
            line: number + 1,
            info: line[fence.len()..].to_owned(),
            text: inside.flat_map(|(_, line)| [line, "\n"]).collect(),
        });
    }
    blocks
}

/// Follows a document in an empty folder.
fn follow(name: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("docs")
        .join(name);
    let document = std::fs::read_to_string(path).unwrap();
    let sandbox = Sandbox::new();
    for block in blocks(&document) {
        let place = format!("docs/{name}:{}", block.line);
        match block.info.split_once(' ') {
            None if block.info == "console" => type_in(&sandbox, &block.text, &place),
            Some((_, file)) => {
                sandbox.write(&format!("work/{file}"), &block.text);
            }
            None => panic!("{place}: '{}' is neither a console nor a file", block.info),
        }
    }
}

/// Types the lines that begin with `$`, and compares what follows each with what is said.
fn type_in(sandbox: &Sandbox, text: &str, place: &str) {
    let (before, commands) = text.split_once("$ ").unwrap_or((text, ""));
    assert_eq!(before, "", "{place}: a console begins with a command");
    for command in commands.split("\n$ ") {
        let (typed, shown) = command.split_once('\n').unwrap_or((command, ""));
        let program = Path::new(env!("CARGO_BIN_EXE_pyscaffold"))
            .parent()
            .unwrap();
        let inherited = std::env::var("PATH").unwrap_or_default();
        let mut shell = sandbox.command("sh");
        shell
            .arg("-c")
            .arg(format!("{{ {typed}\n}} 2>&1"))
            .env("PATH", format!("{}:{inherited}", program.display()))
            .stdin(Stdio::null());
        let output = shell.output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(
            output.status.success() || typed.contains("|| "),
            "{place}: '{typed}' failed:\n{said}"
        );
        let is_shown = shown.trim().is_empty() || matches(&said, shown);
        assert!(
            is_shown,
            "{place}: '{typed}' said:\n{said}\nand not:\n{shown}"
        );
    }
}

/// Compares what was said with what is shown, where `…` stands for anything.
fn matches(said: &str, shown: &str) -> bool {
    let said = format!("{}\n", said.trim());
    let shown = shown.trim();
    let is_open = shown.ends_with(ANYTHING);
    let mut parts: Vec<&str> = shown.split(ANYTHING).collect();
    let last = parts.pop().unwrap_or_default();
    let mut rest = said.as_str();
    for (index, part) in parts.iter().enumerate() {
        let Some(found) = rest.find(part).filter(|found| index > 0 || *found == 0) else {
            return false;
        };
        rest = &rest[found + part.len()..];
    }
    is_open
        || rest.ends_with(&format!("{last}\n")) && (!parts.is_empty() || rest.trim_end() == last)
}

#[test]
fn the_guide_for_authors_can_be_followed() {
    follow("templates.md");
}

#[test]
fn what_is_shown_is_compared_as_a_whole() {
    assert!(matches("one\ntwo\nthree", "one\n…three"));
    assert!(matches("one\ntwo", "one\n…"));
    assert!(matches("one", "one"));
    assert!(!matches("one\ntwo", "one"));
    assert!(!matches("one\ntwo", "…one"));
    assert!(!matches("one", "two…"));
}
