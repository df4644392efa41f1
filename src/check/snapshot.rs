//! A project as one text that its template's author reads, accepts and keeps.
//!
//! Each file is a section. What a text can't show stands behind the path: the executable bit, that
//! it is written only once, how its lines end; of a file that isn't text, only its digest is kept.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::finding::Finding;
use crate::error::Result;
use crate::formats::is_text;
use crate::git;
use crate::problem::{Problem, Rule};
use crate::render::Rendered;
use crate::tree::Entry;

/// What the text begins with.
const HEADER: &str = "# What is made of the answers beside this file; 'pyscaffold template check --accept' writes it.\n";

/// What a section begins with.
const SECTION: &str = "==== ";

/// What stands before a line that would begin a section, and before one that has it itself.
const ESCAPE: char = '\\';

/// Writes a project.
pub fn write(rendered: &Rendered) -> String {
    let kept = rendered
        .tree
        .iter()
        .map(|(path, entry)| (path, entry, None));
    let once = rendered
        .once
        .iter()
        .map(|(path, entry)| (path, entry, Some("written once")));
    let mut files: Vec<_> = kept.chain(once).collect();
    files.sort_by_key(|(path, ..)| *path);
    let mut text = HEADER.to_owned();
    for (path, entry, mark) in files {
        let (marks, body) = describe(entry);
        let marks = mark.map(str::to_owned).into_iter().chain(marks);
        let marks = marks.fold(String::new(), |marks, mark| marks + " | " + &mark);
        text += &format!("\n{SECTION}{path}{marks}\n{body}");
    }
    text
}

/// Says what is special about a file, and gives its lines.
fn describe(entry: &Entry) -> (Vec<String>, String) {
    let mut marks = Vec::new();
    if entry.executable {
        marks.push("executable".to_owned());
    }
    let text = std::str::from_utf8(&entry.bytes).ok();
    let text = text.filter(|text| is_text(text.as_bytes()));
    let plain = text.and_then(|text| {
        let unix = text.replace("\r\n", "\n");
        if unix.contains('\r') {
            return None;
        }
        let windows = text.len() - unix.len();
        if windows == 0 {
            return Some(unix);
        }
        marks.push("CRLF".to_owned());
        (windows == unix.matches('\n').count()).then_some(unix)
    });
    let Some(mut lines) = plain else {
        marks.retain(|mark| mark != "CRLF");
        let digest = Sha256::digest(&entry.bytes);
        let digest = digest.iter().fold(String::new(), |digest, byte| {
            digest + &format!("{byte:02x}")
        });
        marks.push(format!("{} bytes", entry.bytes.len()));
        marks.push(format!("sha256 {digest}"));
        return (marks, String::new());
    };
    if lines.is_empty() {
        marks.push("empty".to_owned());
    } else if !lines.ends_with('\n') {
        marks.push("no line end".to_owned());
        lines.push('\n');
    }
    let is_ambiguous = |line: &str| line.trim_start_matches(ESCAPE).starts_with(SECTION);
    let lines = lines.split_inclusive('\n').map(|line| {
        if is_ambiguous(line) {
            format!("{ESCAPE}{line}")
        } else {
            line.to_owned()
        }
    });
    (marks, lines.collect())
}

/// Says what differs between what was accepted and what is made now.
pub fn compare(file: &str, accepted: &str, made: &str) -> Result<Option<Finding>> {
    // Git can be told to end the lines of texts otherwise.
    let accepted = accepted.replace("\r\n", "\n");
    if accepted == made {
        return Ok(None);
    }
    let (old, new) = (sections(&accepted), sections(made));
    let mut patches = String::new();
    let mut counts = [0_usize; 3];
    let mut paths: Vec<&str> = old.keys().chain(new.keys()).copied().collect();
    paths.sort_unstable();
    paths.dedup();
    for path in paths {
        let (before, after) = (old.get(path), new.get(path));
        if before == after {
            continue;
        }
        let kind = match (before, after) {
            (None, _) => 0,
            (Some(_), None) => 1,
            (Some(_), Some(_)) => 2,
        };
        counts[kind] += 1;
        let side = |text: Option<&&str>| text.map(|text| text.as_bytes().to_owned());
        let (before, after) = (side(before), side(after));
        patches += &git::patch(
            before.as_ref().map(|bytes| (path, bytes.as_slice())),
            after.as_ref().map(|bytes| (path, bytes.as_slice())),
        )?;
    }
    let words = ["new", "gone", "changed"];
    let said = counts.iter().zip(words).filter(|(count, _)| **count > 0);
    let said: Vec<String> = said
        .map(|(count, word)| format!("{word}: {count}"))
        .collect();
    let message = if said.is_empty() {
        "isn't written as 'pyscaffold template check --accept' writes it".to_owned()
    } else {
        format!(
            "what is made now differs from what was accepted: files {}; --accept takes it",
            said.join(", ")
        )
    };
    let problem = Problem::error(file, message).of(Rule::Snapshot);
    Ok(Some(Finding::from(problem).detail(patches)))
}

/// Says that nothing was accepted yet.
pub fn missing(file: &str) -> Finding {
    let message = "isn't compared with anything: --accept writes what is made of it now";
    Problem::warning(file, message).of(Rule::Snapshot).into()
}

/// Splits a text into its sections by path; each with what is special about the file, and a line
/// end before the next one.
fn sections(text: &str) -> BTreeMap<&str, &str> {
    let mark = format!("\n{SECTION}");
    let starts: Vec<usize> = text
        .match_indices(&mark)
        .map(|(start, _)| start + 1)
        .collect();
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    let sections = starts.iter().zip(ends).map(|(start, end)| {
        let section = text[*start..end].trim_start_matches(SECTION);
        let head = section.lines().next().unwrap_or_default();
        let path = head.split(" | ").next().unwrap_or_default();
        let body = &section[path.len()..];
        (path, body.strip_prefix('\n').unwrap_or(body))
    });
    sections.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::{ProjectPath, Tree};

    fn project(files: &[(&str, &[u8], bool)]) -> Rendered {
        let mut tree = Tree::new();
        for (path, bytes, executable) in files {
            let entry = Entry {
                bytes: bytes.to_vec().into(),
                executable: *executable,
            };
            tree.insert(ProjectPath::parse(path).unwrap(), entry)
                .unwrap();
        }
        Rendered {
            tree,
            ..Rendered::default()
        }
    }

    #[test]
    fn everything_that_a_text_can_not_show_is_said() {
        let text = write(&project(&[
            ("a", b"one\n==== b\n\\==== c\n", false),
            ("b", b"x", true),
            ("c", b"\0", false),
            ("d", b"x\r\ny\r\n", false),
            ("e", b"x\r\ny\n", false),
            ("f", b"", false),
        ]));
        let digest = |text: &str| {
            let start = text.find("sha256 ").unwrap();
            text[..start + 15].to_owned()
        };
        let shown = text.strip_prefix(HEADER).unwrap();
        let (head, rest) = shown.split_once("\n==== d").unwrap();
        assert_eq!(
            digest(head),
            "\n==== a\none\n\\==== b\n\\\\==== c\n\n==== b | executable | no line end\nx\n\n==== c | 1 bytes | sha256 6e340b9c"
        );
        assert!(rest.starts_with(" | CRLF\nx\ny\n\n==== e | 5 bytes | sha256 "));
        assert!(rest.ends_with("\n==== f | empty\n"));
    }

    #[test]
    fn what_is_written_once_is_among_the_rest() {
        let mut rendered = project(&[("b", b"2\n", false)]);
        rendered.once = project(&[("a", b"1\n", false)]).tree;
        let text = write(&rendered);
        assert!(
            text.ends_with("\n==== a | written once\n1\n\n==== b\n2\n"),
            "{text}"
        );
    }

    #[test]
    fn differences_are_told_by_file() {
        let old = write(&project(&[("a", b"1\n", false), ("b", b"2\n", false)]));
        let new = write(&project(&[("a", b"1\n", true), ("c", b"2\n", false)]));
        assert_eq!(compare("x", &old.replace('\n', "\r\n"), &old), Ok(None));
        let finding = compare("x", &old, &new).unwrap().unwrap();
        assert!(
            finding
                .problem
                .message
                .contains("files new: 1, gone: 1, changed: 1")
        );
        assert!(
            finding.detail.contains("+ | executable"),
            "{}",
            finding.detail
        );
    }
}
