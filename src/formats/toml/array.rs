//! The items of an array with their comments: what moves together when an array changes.

use toml_edit::{Array, Value};

/// What an item is indented by.
const INDENT: &str = "    ";

/// An array whose comments belong to its items.
#[derive(Debug, Clone, Default)]
pub(super) struct Items {
    /// The comment behind the opening bracket.
    opening: String,
    /// The items in their order.
    pub(super) list: Vec<ArrayItem>,
    /// The comments behind the last item.
    closing: Vec<String>,
    /// Whether it stands on several lines.
    is_tall: bool,
    /// How the comments behind the items stood when it was read.
    alignment: Alignment,
}

/// An item with the comments that belong to it.
#[derive(Debug, Clone)]
pub(super) struct ArrayItem {
    /// The value, without space or comments around it.
    pub(super) value: Value,
    /// The comments above it; an empty line parts them.
    lead: Vec<String>,
    /// The comment on its line, with the space before it; may be empty.
    comment: String,
}

/// How the comments behind items stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Alignment {
    /// All in one column.
    Column,
    /// Each right behind its item.
    Ragged,
    /// Too few to tell.
    #[default]
    Unknown,
}

impl Items {
    /// Takes an array apart.
    pub(super) fn of(array: &Array) -> Self {
        let mut all = Items::default();
        let mut before = String::new();
        for value in array {
            before.push_str(raw(value.decor().prefix()));
            let (comment, lead) = split(&before);
            all.end_line(comment);
            let mut bare = value.clone();
            bare.decor_mut().set_prefix("");
            bare.decor_mut().set_suffix("");
            all.is_tall |= before.contains('\n');
            all.list.push(ArrayItem {
                value: bare,
                lead,
                comment: String::new(),
            });
            raw(value.decor().suffix()).clone_into(&mut before);
        }
        before.push_str(array.trailing().as_str().unwrap_or_default());
        all.is_tall |= before.contains('\n');
        let (comment, closing) = split(&before);
        all.end_line(comment);
        all.closing = closing;
        if all.closing.last().is_some_and(String::is_empty) {
            all.closing.pop();
        }
        all.alignment = alignment(&all.list);
        all
    }

    /// Puts the array together again: on several lines if it was, holds comments, or has no room.
    pub(super) fn print(&self, other: &Items, room: usize) -> Array {
        let flat = self.flat();
        let is_flat =
            !self.is_tall && !self.has_comments() && flat.to_string().trim().len() <= room;
        if is_flat { flat } else { self.tall(other) }
    }

    /// Writes one item a line, with the comments aligned as they were here or else in the other.
    pub(super) fn tall(&self, other: &Items) -> Array {
        let alignment = match self.alignment {
            Alignment::Unknown => other.alignment,
            known => known,
        };
        let column = self.list.iter().filter(|item| !item.comment.is_empty());
        let column = column.map(ArrayItem::width).max().unwrap_or_default();
        let mut array = Array::new();
        let mut before = self.opening.clone();
        for item in &self.list {
            before.push('\n');
            push_lines(&mut before, &item.lead);
            before.push_str(INDENT);
            array.push_formatted(item.value.clone().decorated(before.as_str(), ""));
            before.clear();
            if !item.comment.is_empty() {
                let padding = match alignment {
                    Alignment::Ragged => 0,
                    Alignment::Column | Alignment::Unknown => column - item.width(),
                };
                before.push_str(&" ".repeat(padding + 1));
                before.push_str(item.comment.trim_start());
            }
        }
        before.push('\n');
        push_lines(&mut before, &self.closing);
        array.set_trailing(before);
        array.set_trailing_comma(true);
        array
    }

    fn flat(&self) -> Array {
        let mut array = Array::new();
        for (index, item) in self.list.iter().enumerate() {
            let space = if index == 0 { "" } else { " " };
            array.push_formatted(item.value.clone().decorated(space, ""));
        }
        array
    }

    /// Tells whether it stands on several lines, or must because of its comments.
    pub(super) fn is_tall(&self) -> bool {
        self.is_tall || self.has_comments()
    }

    fn has_comments(&self) -> bool {
        let has_comment = |item: &ArrayItem| !item.comment.is_empty() || !item.lead.is_empty();
        !self.opening.is_empty() || !self.closing.is_empty() || self.list.iter().any(has_comment)
    }

    /// Puts a comment behind the last item, or behind the opening bracket.
    fn end_line(&mut self, comment: String) {
        match self.list.last_mut() {
            Some(item) => item.comment = comment,
            None => self.opening = comment,
        }
    }
}

impl ArrayItem {
    /// Takes the comments of another item for those it lacks itself.
    pub(super) fn inherit_comments(&mut self, other: &ArrayItem) {
        if self.comment.is_empty() {
            self.comment.clone_from(&other.comment);
        }
        if self.lead.is_empty() {
            self.lead.clone_from(&other.lead);
        }
    }

    /// Counts the characters of the item as it is printed.
    fn width(&self) -> usize {
        self.value.to_string().chars().count()
    }
}

/// Tells how the comments behind items stand.
fn alignment(items: &[ArrayItem]) -> Alignment {
    let is_same = |measure: &dyn Fn(&ArrayItem) -> usize| {
        let commented = items.iter().filter(|item| !item.comment.is_empty());
        let mut all = commented.map(measure);
        let first = all.next();
        all.all(|other| Some(other) == first)
    };
    let space = |item: &ArrayItem| item.comment.len() - item.comment.trim_start().len();
    if is_same(&ArrayItem::width) {
        Alignment::Unknown
    } else if is_same(&|item| item.width() + space(item)) {
        Alignment::Column
    } else {
        Alignment::Ragged
    }
}

fn raw(text: Option<&toml_edit::RawString>) -> &str {
    text.and_then(toml_edit::RawString::as_str)
        .unwrap_or_default()
}

/// Parts the comment that ends a line from the lines after it.
fn split(text: &str) -> (String, Vec<String>) {
    let mut lines: Vec<String> = text
        .split('\n')
        .map(|line| line.trim().to_owned())
        .collect();
    lines.pop();
    if lines.is_empty() {
        return (String::new(), lines);
    }
    lines.remove(0);
    lines.dedup_by(|second, first| second.is_empty() && first.is_empty());
    let first = text.split('\n').next().unwrap_or_default().trim_end();
    (first.to_owned(), lines)
}

fn push_lines(text: &mut String, lines: &[String]) {
    for line in lines {
        if !line.is_empty() {
            text.push_str(INDENT);
            text.push_str(line);
        }
        text.push('\n');
    }
}
