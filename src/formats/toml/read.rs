//! Reads a text into a [`Document`]; `toml_edit` finds the keys and values, what lies between
//! them is comments and space.

use std::ops::Range;

use toml_edit::{Item, Key, Table, Value};

use super::document::{Document, Entry, Kind, Section};
use super::key_path::KeyPath;
use crate::formats::error::Fault;

/// Reads a document.
pub(super) fn read(text: &str) -> Result<Document, Fault> {
    let parsed = toml_edit::Document::parse(text)?;
    let mut finder = Finder {
        text,
        marks: Vec::new(),
    };
    finder.table(parsed.as_table(), &KeyPath::default())?;
    finder.marks.sort_by_key(|mark| mark.range.start);
    Ok(assemble(text, finder.marks))
}

/// A header or an entry, and the bytes from the start of its line to its own end.
struct Mark {
    range: Range<usize>,
    what: What,
}

enum What {
    Header(KeyPath, Kind),
    Entry(Vec<String>, Value, usize),
}

/// Collects the marks of a document.
struct Finder<'text> {
    text: &'text str,
    marks: Vec<Mark>,
}

impl Finder<'_> {
    /// Collects a table that has a header of its own, or is only there through others.
    fn table(&mut self, table: &Table, path: &KeyPath) -> Result<(), Fault> {
        for (keys, value) in table.get_values() {
            self.entry(&keys, value)?;
        }
        self.inner_tables(table, path)
    }

    fn inner_tables(&mut self, table: &Table, path: &KeyPath) -> Result<(), Fault> {
        for (name, item) in table {
            let path = path.join(&[name.to_owned()]);
            match item {
                Item::Table(inner) if inner.is_dotted() => self.inner_tables(inner, &path)?,
                Item::Table(inner) => {
                    self.header(inner, &path, Kind::Table);
                    self.table(inner, &path)?;
                }
                Item::ArrayOfTables(elements) => {
                    for element in elements {
                        self.header(element, &path, Kind::Element);
                        self.table(element, &path)?;
                    }
                }
                Item::Value(_) | Item::None => {}
            }
        }
        Ok(())
    }

    fn header(&mut self, table: &Table, path: &KeyPath, kind: Kind) {
        if let Some(range) = table.span().filter(|_| !table.is_implicit()) {
            self.marks.push(Mark {
                range: self.line_start(range.start)..range.end,
                what: What::Header(path.clone(), kind),
            });
        }
    }

    fn entry(&mut self, keys: &[&Key], value: &Value) -> Result<(), Fault> {
        let (Some(key), Some(span)) = (keys.last().and_then(|key| key.span()), value.span()) else {
            return Ok(());
        };
        let source = self.text.get(span.clone()).unwrap_or_default();
        let value = source.replace("\r\n", "\n").parse().map_err(|_| Fault {
            message: "value can't be read by itself".to_owned(),
            range: Some(span.clone()),
        })?;
        let names = keys.iter().map(|key| key.get().to_owned()).collect();
        self.marks.push(Mark {
            range: self.line_start(key.start)..span.end,
            what: What::Entry(names, value, span.start),
        });
        Ok(())
    }

    fn line_start(&self, position: usize) -> usize {
        let before = self.text.get(..position).unwrap_or_default();
        before.rfind('\n').map_or(0, |newline| newline + 1)
    }
}

/// Puts the marks and the comments between them together.
fn assemble(text: &str, marks: Vec<Mark>) -> Document {
    let mut document = Document::default();
    let mut section = Section::default();
    let mut read_to = 0;
    for (index, mark) in marks.into_iter().enumerate() {
        let gap = Gap::of(text.get(read_to..mark.range.start).unwrap_or_default());
        let mut lead = gap.lines;
        if index == 0 {
            lead = top(gap.comment, lead);
            document.header = take_first_paragraph(&mut lead);
        } else {
            add_comment(&mut section, &gap.comment);
        }
        read_to = mark.range.end;
        match mark.what {
            What::Header(path, kind) => {
                section.tail = take_first_paragraph(&mut lead);
                let mut next = Section::new(path, kind);
                text.get(mark.range.clone())
                    .unwrap_or_default()
                    .clone_into(&mut next.title);
                next.gap = gap.blank;
                next.lead = lead;
                next.range = Some(mark.range);
                place(
                    &mut document.sections,
                    std::mem::replace(&mut section, next),
                );
            }
            What::Entry(names, value, value_start) => section.entries.push(Entry {
                names,
                opening: text
                    .get(mark.range.start..value_start)
                    .unwrap_or_default()
                    .to_owned(),
                value,
                comment: String::new(),
                gap: if lead.first().is_some_and(String::is_empty) {
                    gap.blank
                } else {
                    0
                },
                lead: without_blank_start(lead),
                range: Some(mark.range),
            }),
        }
    }
    let Gap {
        comment, mut lines, ..
    } = Gap::of(text.get(read_to..).unwrap_or_default());
    if read_to == 0 {
        document.header = top(comment, lines);
        return document;
    }
    add_comment(&mut section, &comment);
    if lines.iter().any(String::is_empty) {
        section.tail = take_first_paragraph(&mut lines);
        document.footer = lines;
    } else {
        section.tail = lines;
    }
    place(&mut document.sections, section);
    document
}

/// Appends a section to others, or to the element of an array of tables that it is in.
pub(super) fn place(sections: &mut Vec<Section>, section: Section) {
    let owner = sections
        .iter_mut()
        .rev()
        .find(|owner| owner.kind == Kind::Element && section.path.is_inside(&owner.path));
    match owner {
        Some(owner) => place(&mut owner.children, section),
        None => sections.push(section),
    }
}

/// Puts a comment behind what was read last.
fn add_comment(section: &mut Section, comment: &str) {
    match section.entries.last_mut() {
        Some(entry) => comment.clone_into(&mut entry.comment),
        None => comment.clone_into(&mut section.comment),
    }
}

/// What lies between two marks.
struct Gap {
    /// The comment on the first line, with the space before it.
    comment: String,
    /// The lines after it: comments, and empty ones.
    lines: Vec<String>,
    /// How many blank lines stand together where the first of them are.
    blank: usize,
}

impl Gap {
    fn of(text: &str) -> Gap {
        let mut lines = text.split('\n').map(|line| line.trim_end().to_owned());
        let comment = lines.next().unwrap_or_default();
        let mut lines: Vec<String> = lines.collect();
        // What follows the last line end is the beginning of the next mark's line.
        if lines.last().is_some_and(String::is_empty) {
            lines.pop();
        }
        let is_blank = |line: &&String| line.is_empty();
        let from_blank = lines.iter().skip_while(|line| !is_blank(line));
        let blank = from_blank.take_while(is_blank).count();
        Gap {
            comment,
            blank,
            lines: without_pile_ups(lines),
        }
    }
}

/// Takes the lines before the first empty one, if there is an empty one.
fn take_first_paragraph(lines: &mut Vec<String>) -> Vec<String> {
    match lines.iter().position(String::is_empty) {
        Some(end) => {
            let rest = lines.split_off(end + 1);
            let mut first = std::mem::replace(lines, rest);
            first.pop();
            first
        }
        None => Vec::new(),
    }
}

/// Gives the lines at the top of a file, where the first one isn't behind anything.
fn top(first: String, rest: Vec<String>) -> Vec<String> {
    let lines = std::iter::once(first).chain(rest).collect();
    without_blank_start(without_pile_ups(lines))
}

/// Makes one empty line of several.
fn without_pile_ups(mut lines: Vec<String>) -> Vec<String> {
    lines.dedup_by(|second, first| second.is_empty() && first.is_empty());
    lines
}

/// Removes an empty line at the start; one at the end parts a comment from what follows.
fn without_blank_start(mut lines: Vec<String>) -> Vec<String> {
    if lines.first().is_some_and(String::is_empty) {
        lines.remove(0);
    }
    lines
}
