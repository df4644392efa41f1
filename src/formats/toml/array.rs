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
    /// How it was laid out, if it is to stay so.
    layout: Option<Layout>,
}

/// What of the look of an array can be kept when its items change.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Layout {
    /// What the first item that starts a line is indented by.
    indent: String,
    /// What the closing bracket is indented by.
    closing_indent: String,
    /// The space inside the brackets of an array on one line.
    padding: String,
    /// Whether a comma stands behind the last item.
    has_trailing_comma: bool,
    /// By how much the column of the comments is further to the right than needed.
    extra_space: usize,
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
    /// Whether it is the first one on its line.
    starts_line: bool,
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
            let starts_line = before.contains('\n');
            all.is_tall |= starts_line;
            all.list.push(ArrayItem {
                value: bare,
                lead,
                comment: String::new(),
                starts_line,
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

    /// Takes an array apart to put it together again in the look that it has.
    pub(super) fn with_layout_of(array: &Array) -> Self {
        let mut all = Items::of(array);
        let last_line = |text: &str| text.rsplit_once('\n').map(|(_, line)| line.to_owned());
        let prefixes = || array.iter().map(|item| raw(item.decor().prefix()));
        let trailing = array.trailing().as_str().unwrap_or_default();
        let last = array.iter().last();
        let end = format!(
            "{}{trailing}",
            raw(last.and_then(|item| item.decor().suffix()))
        );
        all.layout = Some(Layout {
            indent: prefixes()
                .find_map(last_line)
                .unwrap_or_else(|| INDENT.to_owned()),
            closing_indent: last_line(&end).unwrap_or_default(),
            padding: prefixes()
                .next()
                .filter(|_| !all.is_tall)
                .unwrap_or_default()
                .to_owned(),
            has_trailing_comma: array.trailing_comma() || !all.is_tall,
            extra_space: all.extra_space(),
        });
        if !all.is_tall {
            all.list.iter_mut().for_each(ArrayItem::spread);
        }
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
        let column = self.column() + self.layout.as_ref().map_or(0, |layout| layout.extra_space);
        let indent = self.layout.as_ref().map_or(INDENT, |layout| &layout.indent);
        let mut array = Array::new();
        let mut before = self.opening.clone();
        for (index, item) in self.list.iter().enumerate() {
            let stays_on_line = self.layout.is_some() && index > 0 && !item.starts_line;
            if stays_on_line && before.is_empty() && item.lead.is_empty() {
                before.push(' ');
            } else {
                before.push('\n');
                push_lines(&mut before, &item.lead, indent);
                before.push_str(indent);
            }
            array.push_formatted(item.value.clone().decorated(before.as_str(), ""));
            before = match alignment {
                Alignment::Ragged if self.layout.is_some() => item.comment.clone(),
                Alignment::Ragged => item.comment_behind(1),
                Alignment::Column | Alignment::Unknown => {
                    item.comment_behind(column.saturating_sub(item.width()) + 1)
                }
            };
        }
        before.push('\n');
        push_lines(&mut before, &self.closing, indent);
        if let Some(layout) = &self.layout {
            before.push_str(&layout.closing_indent);
        }
        array.set_trailing(before);
        let has_comma = |layout: &Layout| layout.has_trailing_comma;
        array.set_trailing_comma(self.layout.as_ref().is_none_or(has_comma));
        array
    }

    fn flat(&self) -> Array {
        let layout = self.layout.as_ref();
        let padding = layout.map_or("", |layout| layout.padding.as_str());
        let mut array = Array::new();
        for (index, item) in self.list.iter().enumerate() {
            let space = if index == 0 { padding } else { " " };
            array.push_formatted(item.value.clone().decorated(space, ""));
        }
        if !self.list.is_empty() {
            array.set_trailing(padding);
        }
        array
    }

    /// Gives the width of the widest item with a comment.
    fn column(&self) -> usize {
        let commented = self.list.iter().filter(|item| !item.comment.is_empty());
        commented.map(ArrayItem::width).max().unwrap_or_default()
    }

    fn extra_space(&self) -> usize {
        let commented = self.list.iter().filter(|item| !item.comment.is_empty());
        let space = |item: &ArrayItem| item.width() + item.space();
        let furthest = commented.map(space).max().unwrap_or_default();
        furthest.saturating_sub(self.column() + 1)
    }

    /// Merges what isn't said of any item: the comments at the brackets, and one line or several.
    pub(super) fn merge_look(&mut self, base: &Items, desired: &Items) {
        if base.opening == self.opening {
            self.opening.clone_from(&desired.opening);
        }
        if base.closing == self.closing {
            self.closing.clone_from(&desired.closing);
        }
        if base.is_tall == self.is_tall {
            self.is_tall = desired.is_tall;
        }
        if self.alignment == Alignment::Unknown {
            self.alignment = desired.alignment;
        }
    }

    /// Gives all comments in their order.
    pub(super) fn comments(&self) -> Vec<String> {
        let of_item = |item: &ArrayItem| item.own_comments(None);
        let opening = std::iter::once(self.opening.trim_start().to_owned());
        let inner = opening.chain(self.list.iter().flat_map(of_item));
        let all = inner.chain(self.closing.iter().cloned());
        all.filter(|line| !line.is_empty()).collect()
    }

    /// Puts comments before the closing bracket.
    pub(super) fn add_closing(&mut self, comments: &mut Vec<String>) {
        comments.append(&mut self.closing);
        self.closing = std::mem::take(comments);
    }

    /// Gives what makes an item of another array fit in here: on a line as most of the items are.
    pub(super) fn fitting(&self) -> impl Fn(ArrayItem) -> ArrayItem {
        let is_packed = |own: &ArrayItem| !own.starts_line;
        let starts_line = !(self.is_tall && self.list.iter().skip(1).any(is_packed));
        move |item| ArrayItem {
            starts_line,
            comment: item.comment_behind(1),
            ..item
        }
    }

    /// Makes it stand on several lines.
    pub(super) fn spread(&mut self) {
        self.is_tall = true;
        if let Some(layout) = &mut self.layout {
            layout.has_trailing_comma = true;
        }
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
    /// Merges the comments of this item, which is the user's, with those of its like.
    pub(super) fn merge_comments(&mut self, base: Option<&ArrayItem>, desired: &ArrayItem) {
        let Some(base) = base else {
            return;
        };
        if base.lead != desired.lead && base.lead == self.lead {
            self.lead.clone_from(&desired.lead);
        }
        let [old, own, new] = [base, &*self, desired].map(|item| item.comment.trim_start());
        if old != new && old == own {
            self.comment.clone_from(&desired.comment);
        }
    }

    /// Gives the comments that another item, which is the template's, doesn't have.
    pub(super) fn own_comments(&self, base: Option<&ArrayItem>) -> Vec<String> {
        let all = self.lead.iter().map(String::as_str);
        let is_own = |line: &&str| {
            let is_in = |base: &ArrayItem| {
                base.comment.trim_start() == *line || base.lead.iter().any(|other| other == line)
            };
            !line.is_empty() && !base.is_some_and(is_in)
        };
        let all = all.chain(std::iter::once(self.comment.trim_start()));
        all.filter(is_own).map(str::to_owned).collect()
    }

    /// Gives an item with another value and these comments.
    #[must_use]
    pub(super) fn saying(&self, value: &Value) -> ArrayItem {
        ArrayItem {
            value: value.clone(),
            ..self.clone()
        }
    }

    /// Lets the item start a line.
    pub(super) fn spread(&mut self) {
        self.starts_line = true;
    }

    /// Puts comments above the item.
    pub(super) fn add_lead(&mut self, comments: &mut Vec<String>) {
        comments.append(&mut self.lead);
        self.lead = std::mem::take(comments);
    }

    /// Takes the comments of another item for those it lacks itself.
    pub(super) fn inherit_comments(&mut self, other: &ArrayItem) {
        if self.comment.is_empty() {
            self.comment.clone_from(&other.comment);
        }
        if self.lead.is_empty() {
            self.lead.clone_from(&other.lead);
        }
    }

    /// Gives the comment behind some space; nothing if there is no comment.
    fn comment_behind(&self, space: usize) -> String {
        if self.comment.is_empty() {
            return String::new();
        }
        format!("{}{}", " ".repeat(space), self.comment.trim_start())
    }

    /// Counts the characters between the comma and the comment.
    fn space(&self) -> usize {
        self.comment.len() - self.comment.trim_start().len()
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
    if is_same(&ArrayItem::width) {
        Alignment::Unknown
    } else if is_same(&|item| item.width() + item.space()) {
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

fn push_lines(text: &mut String, lines: &[String], indent: &str) {
    for line in lines {
        if !line.is_empty() {
            text.push_str(indent);
            text.push_str(line);
        }
        text.push('\n');
    }
}
