//! Files of lines in paragraphs: ignore files, `.gitattributes`, `.env`.
//!
//! A paragraph is a block between blank lines, usually led by a comment. Comments belong to the
//! lines that follow them. A line `KEY=value` is an assignment: a key is there once.

mod merge;

use std::collections::{HashMap, HashSet};

pub(super) use merge::merge;

/// Lays lines over lines: what isn't there yet is added, assignments are replaced.
///
/// The lines of a paragraph go to the end of the one below that begins with the same comment,
/// else they become a paragraph at the end. A comment comes only with a line that follows it.
pub(super) fn compose(below: &str, above: &str) -> String {
    let mut document = Document::read(below);
    for paragraph in paragraphs(above) {
        document.lay_over(&paragraph);
    }
    document.print()
}

/// The paragraphs of a file, and what is in them.
#[derive(Default)]
struct Document {
    paragraphs: Vec<Vec<String>>,
    /// All lines but the comments.
    known: HashSet<String>,
    /// Where each key is assigned last: the paragraph and the line in it.
    assignments: HashMap<String, (usize, usize)>,
}

impl Document {
    fn read(text: &str) -> Self {
        let mut document = Document::default();
        for (index, paragraph) in paragraphs(text).into_iter().enumerate() {
            document.paragraphs.push(Vec::new());
            for line in paragraph {
                document.push(index, line);
            }
        }
        document
    }

    fn lay_over(&mut self, paragraph: &[&str]) {
        let mut target = self.paragraph_headed_as(paragraph);
        let mut comments = Vec::new();
        let mut is_after_comment = false;
        for line in paragraph {
            if is_comment(line) {
                if !is_after_comment {
                    comments.clear();
                }
                comments.push(*line);
                is_after_comment = true;
                continue;
            }
            is_after_comment = false;
            if self.assign(line) || self.known.contains(*line) {
                continue;
            }
            let index = *target.get_or_insert_with(|| {
                self.paragraphs.push(Vec::new());
                self.paragraphs.len() - 1
            });
            for comment in comments.drain(..) {
                self.push_comment(index, comment);
            }
            self.push(index, line);
        }
    }

    /// Finds the paragraph that begins with the same comment.
    fn paragraph_headed_as(&self, paragraph: &[&str]) -> Option<usize> {
        let heading = paragraph.first().filter(|line| is_comment(line))?;
        self.paragraphs
            .iter()
            .position(|lower| lower.first().is_some_and(|line| line == heading))
    }

    /// Replaces the line that assigns the same key, and tells whether there was one.
    fn assign(&mut self, line: &str) -> bool {
        let place = assigned_key(line).and_then(|key| self.assignments.get(key));
        let lower = place
            .and_then(|&(paragraph, index)| self.paragraphs.get_mut(paragraph)?.get_mut(index));
        match lower {
            Some(lower) => {
                line.clone_into(lower);
                true
            }
            None => false,
        }
    }

    fn push_comment(&mut self, paragraph: usize, comment: &str) {
        if let Some(lines) = self.paragraphs.get_mut(paragraph)
            && !lines.iter().any(|line| line == comment)
        {
            lines.push(comment.to_owned());
        }
    }

    fn push(&mut self, paragraph: usize, line: &str) {
        let Some(lines) = self.paragraphs.get_mut(paragraph) else {
            return;
        };
        if let Some(key) = assigned_key(line) {
            self.assignments
                .insert(key.to_owned(), (paragraph, lines.len()));
        }
        if !is_comment(line) {
            self.known.insert(line.to_owned());
        }
        lines.push(line.to_owned());
    }

    fn print(&self) -> String {
        let paragraphs: Vec<String> = self
            .paragraphs
            .iter()
            .map(|lines| lines.join("\n"))
            .collect();
        let text = paragraphs.join("\n\n");
        if text.is_empty() { text } else { text + "\n" }
    }
}

/// Cuts a text at its blank lines.
fn paragraphs(text: &str) -> Vec<Vec<&str>> {
    let lines: Vec<&str> = text.lines().collect();
    lines
        .split(|line| line.trim().is_empty())
        .filter(|lines| !lines.is_empty())
        .map(<[&str]>::to_vec)
        .collect()
}

/// Gives the key of each line: what it assigns, or all of it.
pub(super) fn keys(text: &str) -> Vec<Vec<String>> {
    let key = |line: &str| assigned_key(line).unwrap_or(line.trim()).to_owned();
    let keys = text.lines().map(key);
    keys.map(|key| {
        if key.is_empty() {
            Vec::new()
        } else {
            vec![key]
        }
    })
    .collect()
}

/// Tells whether a line only explains; an assignment that is commented out is a line of its own.
fn is_comment(line: &str) -> bool {
    line.strip_prefix('#').is_some_and(|text| {
        let is_shouted = |key: &str| !key.contains(|character: char| character.is_lowercase());
        !assigned_key(text.trim_start()).is_some_and(is_shouted)
    })
}

/// Gives the key of `KEY=value`, with or without `export` before it.
fn assigned_key(line: &str) -> Option<&str> {
    let (key, _) = line.split_once('=')?;
    let key = key.strip_prefix("export ").unwrap_or(key).trim();
    let is_word = |character: char| character.is_ascii_alphanumeric() || character == '_';
    let is_key = key.chars().all(is_word) && !key.starts_with(|first: char| first.is_ascii_digit());
    (is_key && !key.is_empty()).then_some(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assert_composes(below: &str, above: &str, expected: &str) {
        let composed = compose(below, above);
        assert_eq!(composed, expected);
        assert_eq!(compose(&composed, above), composed);
    }

    #[test]
    fn nothing_over_nothing_is_nothing() {
        assert_composes("", "", "");
        assert_composes("", "\n\na", "a\n");
        assert_composes("a\n\n\n\nb\n\n", "", "a\n\nb\n");
    }

    #[test]
    fn lines_that_are_there_are_not_added() {
        assert_composes("a\nb", "b\nc\n\na\n", "a\nb\n\nc\n");
    }

    #[test]
    fn paragraphs_with_the_same_heading_are_joined() {
        assert_composes(
            "# Python\n__pycache__/\n\n# Tools\n.coverage\n",
            "# Python\n__pycache__/\n*.egg-info/\n\n# Daphne\n/staticfiles/\n",
            "# Python\n__pycache__/\n*.egg-info/\n\n# Tools\n.coverage\n\n# Daphne\n/staticfiles/\n",
        );
    }

    #[test]
    fn comments_come_only_with_a_line_that_follows() {
        assert_composes("a\n", "# about a\na\n", "a\n");
        assert_composes("a\n", "# nothing follows\n", "a\n");
        assert_composes(
            "a\nb\n",
            "# about a\na\n# about\n# c\nc\n",
            "a\nb\n\n# about\n# c\nc\n",
        );
    }

    #[test]
    fn assignments_are_replaced_in_place() {
        assert_composes(
            "# Server\nHOST=127.0.0.1\nexport PORT=8000\n",
            "# Server\nPORT=80\n# where logs go\nLOG=stderr\n\n# Database\nDATABASE_URL=storage://\n",
            "# Server\nHOST=127.0.0.1\nPORT=80\n# where logs go\nLOG=stderr\n\n# Database\nDATABASE_URL=storage://\n",
        );
        assert_composes("", "A=1\nA=2\n", "A=2\n");
        assert_composes("A=1\nA=2\n", "A=1\n", "A=1\nA=1\n");
    }

    #[test]
    fn assignments_that_are_commented_out_stay() {
        assert_composes(
            "A=1\n",
            "# Tracing\n# SENTRY_DSN=https://x\n",
            "A=1\n\n# Tracing\n# SENTRY_DSN=https://x\n",
        );
    }
}
