//! How objects and arrays are written: as the user has them, with what is new in the same manner.

use super::document::{Document, Kind, Member, Node, Parts};
use super::indent;

/// What is between a key and its value where nobody tells.
const COLON: &str = ": ";

/// How the user writes a document, and how the template does.
#[derive(Debug, Clone, Copy)]
pub(super) struct Style<'t> {
    /// What a level of the user's is indented by.
    unit: &'t str,
    /// What a level of the template's is indented by.
    template_unit: &'t str,
    /// What the user has between a key and its value.
    colon: &'t str,
}

/// A member of a merged object or array.
#[derive(Debug, Clone, Copy)]
pub(super) enum Piece<'m, 't> {
    /// One that the user has.
    Own(&'m Member<'t>),
    /// One of another document.
    New(&'m Member<'t>),
}

/// Where a value stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'p, 't> {
    style: Style<'t>,
    /// What the line begins with on which it begins.
    indent: &'p str,
    /// Whether what it is in is written on more than one line.
    is_tall: bool,
}

/// An object or an array of the user's.
#[derive(Debug, Clone, Copy)]
pub(super) struct Frame<'p, 't> {
    style: Style<'t>,
    /// What the line begins with on which it begins.
    indent: &'p str,
    parts: &'p Parts<'t>,
    /// Whether it is written on more than one line.
    is_tall: bool,
}

impl<'t> Style<'t> {
    /// Looks at how both are written.
    pub(super) fn of(yours: &Document<'t>, texts: (&'t str, &'t str)) -> Self {
        let colon = match &yours.root.kind {
            Kind::Object(parts) => parts.members.first().map(|member| member.colon),
            Kind::Array(_) | Kind::Scalar => None,
        };
        Style {
            unit: indent(texts.0),
            template_unit: indent(texts.1),
            colon: colon.filter(|colon| is_plain(colon)).unwrap_or(COLON),
        }
    }

    /// Gives the place of the whole document.
    pub(super) fn root(self) -> Place<'static, 't> {
        Place {
            style: self,
            indent: "",
            is_tall: true,
        }
    }

    /// Writes a value of another document where lines begin with an indent.
    fn take(self, node: &Node, indent: &str) -> String {
        let mut lines = node.text.split('\n');
        let mut text = lines.next().unwrap_or_default().to_owned();
        for line in lines {
            text.push('\n');
            text += &self.line(line, node.indent, indent);
        }
        text
    }

    /// Indents a line of another document anew.
    fn line(self, line: &str, from: &str, to: &str) -> String {
        let words = line.trim_start_matches([' ', '\t']);
        let space = &line[..line.len() - words.len()];
        let inner = space.strip_prefix(from).unwrap_or_default();
        let levels = inner.len() / self.template_unit.len().max(1);
        let rest = &inner[levels * self.template_unit.len().max(1)..];
        format!("{to}{}{rest}{words}", self.unit.repeat(levels))
    }

    /// Writes a value of another document on one line.
    fn flat(self, node: &Node) -> String {
        let (brackets, parts) = match &node.kind {
            Kind::Scalar => return node.text.to_owned(),
            Kind::Object(parts) => (["{", "}"], parts),
            Kind::Array(parts) => (["[", "]"], parts),
        };
        let members = parts.members.iter().map(|member| {
            let colon = if member.key.is_empty() {
                ""
            } else {
                self.colon
            };
            format!("{}{colon}{}", member.key, self.flat(&member.value))
        });
        let between = format!(",{}", gap_of(self.colon));
        let members: Vec<String> = members.collect();
        format!("{}{}{}", brackets[0], members.join(&between), brackets[1])
    }
}

impl<'p, 't> Place<'p, 't> {
    /// Looks at an object or an array of the user's here, and at the template's for what it hasn't.
    pub(super) fn frame(self, parts: &'p Parts<'t>, template: &Parts) -> Frame<'p, 't> {
        let is_empty = parts.members.is_empty();
        Frame {
            style: self.style,
            indent: self.indent,
            parts,
            is_tall: parts.is_tall() || (is_empty && self.is_tall && template.is_tall()),
        }
    }

    /// Writes a value of another document here.
    pub(super) fn take(self, node: &Node) -> String {
        if self.is_tall || !node.text.contains('\n') {
            self.style.take(node, self.indent)
        } else {
            self.style.flat(node)
        }
    }
}

impl<'p, 't> Frame<'p, 't> {
    /// Gives the place of a member, where the line begins with an indent.
    pub(super) fn place<'i>(&self, indent: &'i str) -> Place<'i, 't> {
        Place {
            style: self.style,
            indent,
            is_tall: self.is_tall,
        }
    }

    /// Gives what the line begins with on which a member stands.
    pub(super) fn indent_of(&self, piece: Piece<'p, 't>) -> String {
        match piece {
            Piece::Own(member) => match member.before.rsplit_once('\n') {
                Some((_, indent)) => space_of(indent).to_owned(),
                None => self.indent.to_owned(),
            },
            Piece::New(_) => self.inner_indent(),
        }
    }

    fn inner_indent(&self) -> String {
        if !self.is_tall {
            return self.indent.to_owned();
        }
        let mut spaces = self.parts.members.iter();
        let found = spaces.find_map(|member| member.before.rsplit_once('\n'));
        match found {
            Some((_, indent)) => space_of(indent).to_owned(),
            None => format!("{}{}", self.indent, self.style.unit),
        }
    }

    /// Writes members with their values between two brackets.
    pub(super) fn write(&self, brackets: (&str, &str), members: &[(Piece, String)]) -> String {
        let mut text = brackets.0.to_owned();
        let mut is_commented = false;
        let inner = self.inner_indent();
        for (place, (piece, value)) in members.iter().enumerate() {
            let before = self.before(place, *piece, &inner);
            // Nothing else stands on the line of a comment.
            if is_commented && !before.contains('\n') {
                text += &format!("\n{inner}");
            }
            text += &before;
            let (key, colon, after, remark) = match piece {
                Piece::Own(own) => (own.key, own.colon, own.after, own.remark),
                Piece::New(new) => {
                    let colon = if new.key.is_empty() { "" } else { self.colon() };
                    let remark = if self.is_tall { new.remark } else { "" };
                    (new.key, colon, "", remark)
                }
            };
            text += key;
            text += colon;
            text += value;
            text += after;
            if place + 1 < members.len() || self.parts.ends_with_comma {
                text.push(',');
            }
            text += remark;
            is_commented = !remark.is_empty();
        }
        let tail = self.tail(members.is_empty());
        if is_commented && !tail.contains('\n') {
            text += &format!("\n{}", self.indent);
        }
        text + &tail + brackets.1
    }

    /// Gives what stands before a member.
    fn before(&self, place: usize, piece: Piece, inner: &str) -> String {
        let members = &self.parts.members;
        let first = members.first().map_or("", |member| member.before);
        let on_line = format!("\n{inner}");
        if self.is_tall {
            return match piece {
                Piece::Own(own)
                    if place > 0 && is_at(members, 0, own) && !own.before.contains('\n') =>
                {
                    on_line + own.before.trim_start()
                }
                Piece::Own(own) => own.before.to_owned(),
                Piece::New(new) if is_plain(new.before) => on_line,
                Piece::New(new) => self.comments(new, inner),
            };
        }
        let between = match members.get(1) {
            Some(second) if is_plain(second.before) => second.before,
            _ => gap_of(self.colon()),
        };
        match piece {
            Piece::Own(own) if !is_plain(own.before) || is_at(members, place, own) => own.before,
            _ if place == 0 && is_plain(first) => first,
            Piece::Own(own) if !std::ptr::eq(own.before, first) => own.before,
            _ if place == 0 => "",
            _ => between,
        }
        .to_owned()
    }

    /// Indents the comments before a member of another document anew.
    fn comments(&self, new: &Member, inner: &str) -> String {
        let from = new
            .before
            .rsplit_once('\n')
            .map_or("", |(_, end)| space_of(end));
        let lines = new.before.split('\n').skip(1);
        let lines = lines.map(|line| self.style.line(line, from, inner));
        let text: Vec<String> = lines.collect();
        if text.is_empty() {
            return format!("\n{inner}");
        }
        format!("\n{}", text.join("\n"))
    }

    fn colon(&self) -> &'t str {
        let own = self.parts.members.first().map(|member| member.colon);
        own.filter(|colon| is_plain(colon) && !colon.is_empty())
            .unwrap_or(self.style.colon)
    }

    /// Gives what stands before the closing bracket.
    fn tail(&self, is_empty: bool) -> String {
        let had_none = self.parts.members.is_empty();
        let tail = self.parts.tail;
        if is_empty != had_none && is_plain(tail) {
            return match (is_empty, self.is_tall) {
                (false, true) => format!("\n{}", self.indent),
                _ => String::new(),
            };
        }
        tail.to_owned()
    }
}

/// Tells whether a member of the user's stands where it stood.
fn is_at(members: &[Member], place: usize, own: &Member) -> bool {
    members
        .get(place)
        .is_some_and(|member| std::ptr::eq(member, own))
}

/// Gives the space between two values on a line where there is such a colon.
fn gap_of(colon: &str) -> &'static str {
    if colon.ends_with(' ') { " " } else { "" }
}

/// Tells whether there is no comment in what is between two values.
fn is_plain(space: &str) -> bool {
    !space.contains('/')
}

/// Gives the space that a text begins with.
fn space_of(text: &str) -> &str {
    &text[..text.len() - text.trim_start().len()]
}
