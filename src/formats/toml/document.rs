//! A TOML document as people see it: sections of entries, each with its comments.
//!
//! It owns what is printed: the order, the comments, the blank lines. It knows nothing of
//! composing.

use std::fmt;
use std::ops::Range;

use toml_edit::Value;

use super::key_path::{KeyPath, print_names};
use super::value::canonical;

/// How long a line may get before an array is broken into one item a line.
const LINE_LENGTH: usize = 88;

/// A whole file.
#[derive(Debug, Clone, Default)]
pub(super) struct Document {
    /// The comment at the top that is about the whole file.
    pub(super) header: Vec<String>,
    /// What stands before the first table header, then the tables, as they are printed.
    pub(super) sections: Vec<Section>,
    /// The comment at the end, apart from the last section.
    pub(super) footer: Vec<String>,
}

/// What stands under one table header, down to the next one.
#[derive(Debug, Clone, Default)]
pub(super) struct Section {
    /// The path in the header; empty for the root.
    pub(super) path: KeyPath,
    /// What the header makes.
    pub(super) kind: Kind,
    /// The header as it is printed.
    pub(super) title: String,
    /// The comment behind the header, with the space before it; may be empty.
    pub(super) comment: String,
    /// How many blank lines stand before it.
    pub(super) gap: usize,
    /// The comments above the header; an empty line parts them.
    pub(super) lead: Vec<String>,
    /// The keys and their values.
    pub(super) entries: Vec<Entry>,
    /// The comments below the last entry.
    pub(super) tail: Vec<String>,
    /// The tables inside this element of an array of tables; other sections have none.
    pub(super) children: Vec<Section>,
    /// Where the header was, in bytes of the text that was read.
    pub(super) range: Option<Range<usize>>,
}

/// What a header makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Kind {
    /// `[a]`, or the root.
    #[default]
    Table,
    /// `[[a]]`
    Element,
}

/// A key with its value.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    /// The names of a dotted key, below the path of its section.
    pub(super) names: Vec<String>,
    /// The line up to the value: `key = `.
    pub(super) opening: String,
    /// The value, without space or comments around it.
    pub(super) value: Value,
    /// The comment behind the value, with the space before it; may be empty.
    pub(super) comment: String,
    /// The comments above the key; an empty line parts them.
    pub(super) lead: Vec<String>,
    /// How many blank lines stand before it.
    pub(super) gap: usize,
    /// Where it was, in bytes of the text that was read.
    pub(super) range: Option<Range<usize>>,
}

impl Document {
    /// Tells whether there is nothing but a comment at the top.
    pub(super) fn is_blank(&self) -> bool {
        let is_empty = |section: &Section| section.path.depth() == 0 && section.entries.is_empty();
        self.sections.iter().all(is_empty)
    }
}

impl Document {
    /// Forgets where everything was, for a document whose parts come into another one.
    pub(super) fn forget_ranges(&mut self) {
        self.sections.iter_mut().for_each(Section::forget_ranges);
    }
}

impl Section {
    fn forget_ranges(&mut self) {
        self.range = None;
        for entry in &mut self.entries {
            entry.range = None;
        }
        self.children.iter_mut().for_each(Section::forget_ranges);
    }

    /// Makes a section without entries.
    pub(super) fn new(path: KeyPath, kind: Kind) -> Self {
        let title = match kind {
            Kind::Table => format!("[{path}]"),
            Kind::Element => format!("[[{path}]]"),
        };
        Section {
            path,
            kind,
            title,
            gap: 1,
            ..Section::default()
        }
    }

    /// Gives the section without what is under its header.
    pub(super) fn without_entries(&self) -> Section {
        Section {
            path: self.path.clone(),
            kind: self.kind,
            title: self.title.clone(),
            comment: self.comment.clone(),
            gap: self.gap,
            lead: self.lead.clone(),
            tail: self.tail.clone(),
            range: self.range.clone(),
            ..Section::default()
        }
    }

    /// Gives the section and the tables inside it, as they are printed.
    pub(super) fn flat(&self) -> Vec<&Section> {
        let children = self.children.iter().flat_map(Section::flat);
        std::iter::once(self).chain(children).collect()
    }

    /// Writes what an element of an array of tables holds, so that it can be compared.
    pub(super) fn fingerprint(&self) -> String {
        let mut lines: Vec<String> = self
            .entries
            .iter()
            .map(|entry| format!("{}={}", print_names(&entry.names), canonical(&entry.value)))
            .collect();
        lines.sort();
        for child in &self.children {
            lines.push(format!("{:?} {}", child.kind, child.path));
            lines.push(child.fingerprint());
        }
        lines.join("\n")
    }
}

impl Entry {
    /// Makes an entry without comments.
    pub(super) fn new(names: Vec<String>, value: Value) -> Self {
        Entry {
            opening: opening(&names),
            names,
            value,
            comment: String::new(),
            lead: Vec::new(),
            gap: 0,
            range: None,
        }
    }

    /// Counts the characters that a value may have on the line of this one.
    pub(super) fn room(&self) -> usize {
        let used = self.opening.chars().count() + self.comment.chars().count();
        LINE_LENGTH.saturating_sub(used)
    }

    /// Gives the entry another key; its text is kept where the names stay the same.
    #[must_use]
    pub(super) fn under(mut self, names: &[String]) -> Self {
        if self.names == names {
            self.opening = self.opening.trim_start().to_owned();
        } else {
            self.opening = opening(names);
            self.names = names.to_vec();
        }
        self
    }
}

fn opening(names: &[String]) -> String {
    format!("{} = ", print_names(names))
}

impl fmt::Display for Document {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut page = Page::default();
        page.lines(&self.header);
        page.blank();
        for section in &self.sections {
            for part in section.flat() {
                page.section(part);
            }
        }
        page.blank();
        page.lines(&self.footer);
        formatter.write_str(&page.text)
    }
}

/// Lines with at most one blank one between them, and none at the edges.
#[derive(Default)]
struct Page {
    text: String,
    is_blank_due: bool,
}

impl Page {
    fn section(&mut self, section: &Section) {
        if section.path.depth() > 0 {
            self.blank();
            self.lines(&section.lead);
            self.line(&format!("{}{}", section.title, section.comment));
        }
        self.entries(section);
    }

    fn entries(&mut self, section: &Section) {
        for (index, entry) in section.entries.iter().enumerate() {
            if entry.gap > 0 && index > 0 {
                self.blank();
            }
            self.lines(&entry.lead);
            self.line(&format!(
                "{}{}{}",
                entry.opening, entry.value, entry.comment
            ));
        }
        self.lines(&section.tail);
    }

    fn lines(&mut self, lines: &[String]) {
        for line in lines {
            if line.is_empty() {
                self.blank();
            } else {
                self.line(line);
            }
        }
    }

    fn line(&mut self, line: &str) {
        if self.is_blank_due && !self.text.is_empty() {
            self.text.push('\n');
        }
        self.is_blank_due = false;
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn blank(&mut self) {
        self.is_blank_due = true;
    }
}
