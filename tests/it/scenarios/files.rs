//! The sides of a scenario: files, links and empty folders.

use std::collections::{BTreeMap, BTreeSet};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

use pyscaffold::tree::{Entry, Node, ProjectPath, Tree};

use super::Checked;

/// What lies in a folder; nothing stands for an empty folder.
pub type Files = BTreeMap<String, Option<Node>>;

/// Reads what lies in a folder, but for our own, and adds what is written down.
pub fn read(folder: &Path, texts: &BTreeMap<String, String>) -> Checked<Files> {
    let mut files = Files::new();
    if folder.is_dir() {
        visit(folder, "", &mut files)?;
    }
    for (path, text) in texts {
        let node = if path.ends_with('/') {
            None
        } else {
            Some(Node::File(Entry {
                bytes: text.clone().into_bytes().into(),
                executable: false,
            }))
        };
        if files.insert(path.clone(), node).is_some() {
            return Err(format!("scenario.toml: {path:?} is a file, too"));
        }
    }
    Ok(files)
}

fn visit(folder: &Path, prefix: &str, files: &mut Files) -> Checked {
    let wrong = |error: std::io::Error| format!("{}: {error}", folder.display());
    let mut is_empty = true;
    for entry in std::fs::read_dir(folder).map_err(wrong)? {
        let entry = entry.map_err(wrong)?;
        let name = entry.file_name().into_string();
        let name = name.map_err(|name| format!("{} is no text", name.display()))?;
        is_empty = false;
        if prefix.is_empty() && name == ".pyscaffold" {
            continue;
        }
        let name = match name.strip_prefix("dot.") {
            Some(hidden) => format!(".{hidden}"),
            None => name,
        };
        let path = format!("{prefix}{name}");
        let metadata = std::fs::symlink_metadata(entry.path()).map_err(wrong)?;
        if metadata.is_dir() {
            visit(&entry.path(), &format!("{path}/"), files)?;
            continue;
        }
        let node = if metadata.is_symlink() {
            Node::Link(std::fs::read_link(entry.path()).map_err(wrong)?)
        } else {
            Node::File(Entry {
                bytes: std::fs::read(entry.path()).map_err(wrong)?.into(),
                executable: metadata.permissions().mode() & 0o100 != 0,
            })
        };
        files.insert(path, Some(node));
    }
    if is_empty && !prefix.is_empty() {
        files.insert(prefix.to_owned(), None);
    }
    Ok(())
}

/// Lays files into a folder.
pub fn write(root: &Path, files: &Files) -> Checked {
    for (path, node) in files {
        let place = root.join(path);
        let written = match node {
            None => std::fs::create_dir_all(&place),
            Some(node) => std::fs::create_dir_all(place.parent().unwrap())
                .and_then(|()| write_node(&place, node)),
        };
        written.map_err(|error| format!("{path:?}: {error}"))?;
    }
    Ok(())
}

fn write_node(place: &Path, node: &Node) -> std::io::Result<()> {
    match node {
        Node::Link(to) => symlink(to, place),
        Node::File(entry) => {
            std::fs::write(place, &entry.bytes)?;
            let mode = if entry.executable { 0o755 } else { 0o644 };
            std::fs::set_permissions(place, PermissionsExt::from_mode(mode))
        }
    }
}

/// Makes a tree of what a template made.
pub fn tree(files: &Files) -> Checked<Tree> {
    let mut tree = Tree::new();
    for (path, node) in files {
        let Some(Node::File(entry)) = node else {
            return Err(format!(
                "{path:?}: a template makes no links or empty folders"
            ));
        };
        ProjectPath::parse(path)
            .and_then(|path| tree.insert(path, entry.clone()))
            .map_err(|error| error.to_string())?;
    }
    Ok(tree)
}

/// Compares what must be there with what is.
pub fn compare(what: &str, expected: &Files, found: &Files) -> Checked {
    if expected == found {
        return Ok(());
    }
    let mut problem = format!("{what} something else:\n");
    let paths: BTreeSet<&String> = expected.keys().chain(found.keys()).collect();
    for path in paths {
        let (expected, found) = (expected.get(path), found.get(path));
        if expected != found {
            let (expected, found) = (shown(expected), shown(found));
            problem += &format!("  {path:?} must be (-) and is (+)\n");
            problem += &difference(&expected, &found);
        }
    }
    Err(problem)
}

/// Leaves out of two descriptions what they begin and end with in common.
fn difference(expected: &str, found: &str) -> String {
    let [expected, found] = [expected, found].map(|text| text.lines().collect::<Vec<_>>());
    let pairs = expected.iter().zip(&found);
    let start = pairs.take_while(|(one, other)| one == other).count();
    let (expected, found) = (&expected[start..], &found[start..]);
    let pairs = expected.iter().rev().zip(found.iter().rev());
    let end = pairs.take_while(|(one, other)| one == other).count();
    let mut text = String::new();
    for (sign, lines) in [('-', expected), ('+', found)] {
        for line in &lines[..lines.len() - end] {
            text += &format!("    {sign} {line}\n");
        }
    }
    text
}

/// Writes down what lies at a path, so that every byte can be told.
fn shown(node: Option<&Option<Node>>) -> String {
    match node {
        None => "(nothing)\n".to_owned(),
        Some(None) => "(an empty folder)\n".to_owned(),
        Some(Some(Node::Link(to))) => format!("(a link to {})\n", to.display()),
        Some(Some(Node::File(entry))) => {
            let mut text = String::new();
            if entry.executable {
                text += "(it can be run)\n";
            }
            if entry.bytes.is_empty() {
                text += "(an empty file)\n";
            }
            for line in entry.bytes.split_inclusive(|byte| *byte == b'\n') {
                text += &match std::str::from_utf8(line) {
                    Ok(line) => line.escape_debug().to_string(),
                    Err(_) => line.escape_ascii().to_string(),
                };
                text += "\n";
            }
            text
        }
    }
}

/// Finds what the user has, and the base hasn't, that is nowhere any more.
///
/// That is every line, but for how it ends; in the formats that are merged by key every word,
/// because a list on one line can gain something; of what is no text, the whole file.
pub fn lost(base: &Files, yours: &Files, after: &Files) -> Checked {
    let [base, after] = [base, after].map(|side| {
        let files = side.iter();
        files
            .flat_map(|(_, node)| pieces(node.as_ref()))
            .flat_map(|piece| [words(&piece), vec![piece]].concat())
            .collect::<BTreeSet<_>>()
    });
    let mut problem = String::new();
    for (path, node) in yours {
        for piece in pieces(node.as_ref()) {
            let is_there = |piece: &Vec<u8>| base.contains(piece) || after.contains(piece);
            let by_key = path.ends_with(".toml") || path.ends_with(".json");
            if is_there(&piece) || by_key && words(&piece).iter().all(is_there) {
                continue;
            }
            problem += &format!("  {path:?} had {}\n", piece.escape_ascii());
        }
    }
    if problem.is_empty() {
        Ok(())
    } else {
        Err(format!("something is lost:\n{problem}"))
    }
}

/// Gives what mustn't be lost of a file or a link, each piece by itself.
fn pieces(node: Option<&Node>) -> Vec<Vec<u8>> {
    match node {
        None => Vec::new(),
        Some(Node::Link(to)) => vec![format!("link to {}", to.display()).into_bytes()],
        Some(Node::File(entry)) if entry.bytes.contains(&0) => vec![entry.bytes.to_vec()],
        Some(Node::File(entry)) => {
            let text = entry.bytes.strip_prefix(b"\xef\xbb\xbf");
            let lines = text.unwrap_or(&entry.bytes).split(|byte| *byte == b'\n');
            lines
                .map(|line| line.strip_suffix(b"\r").unwrap_or(line).to_vec())
                .collect()
        }
    }
}

/// Splits a line at what stands between the keys and values of a document.
fn words(line: &[u8]) -> Vec<Vec<u8>> {
    let is_between = |byte: &u8| byte.is_ascii_whitespace() || b"\"'[]{},:=".contains(byte);
    let words = line.split(is_between).filter(|word| !word.is_empty());
    words.map(<[u8]>::to_vec).collect()
}
