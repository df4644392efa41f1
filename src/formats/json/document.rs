//! A document as it is written: its values with the text around each of them.

use std::collections::HashMap;
use std::ops::Range;

use jsonc_parser::common::Ranged;
use jsonc_parser::{CollectOptions, ParseOptions, ast, parse_to_ast};

use super::Fault;

/// Values that are alike have one class, in whichever document they stand.
pub(super) type Class = usize;

/// Gives every value its class.
#[derive(Debug, Default)]
pub(super) struct Classes(HashMap<Shape, Class>);

/// What makes two values alike; the order of the keys of an object doesn't count.
#[derive(Debug, PartialEq, Eq, Hash)]
enum Shape {
    Text(String),
    Word(String),
    Array(Vec<Class>),
    Object(Vec<(String, Class)>),
}

/// A document.
#[derive(Debug)]
pub(super) struct Document<'t> {
    /// What stands before the value.
    pub(super) before: &'t str,
    /// The value.
    pub(super) root: Node<'t>,
    /// What stands behind it.
    pub(super) after: &'t str,
}

/// A value, and where it stands.
#[derive(Debug)]
pub(super) struct Node<'t> {
    /// The text of the value.
    pub(super) text: &'t str,
    /// What the line begins with on which it begins, where it has more than one.
    pub(super) indent: &'t str,
    pub(super) class: Class,
    pub(super) kind: Kind<'t>,
}

/// What a value is.
#[derive(Debug)]
pub(super) enum Kind<'t> {
    Scalar,
    Object(Parts<'t>),
    Array(Parts<'t>),
}

/// What is in an object or an array.
#[derive(Debug, Default)]
pub(super) struct Parts<'t> {
    pub(super) members: Vec<Member<'t>>,
    /// Whether a comma stands behind the last one.
    pub(super) ends_with_comma: bool,
    /// What stands before the closing bracket.
    pub(super) tail: &'t str,
}

/// A value in an object or an array, with all that belongs to it.
#[derive(Debug)]
pub(super) struct Member<'t> {
    /// The space and the comments before it.
    pub(super) before: &'t str,
    /// The key as it is meant; empty in arrays.
    pub(super) name: String,
    /// The key as it is written, with the quotes.
    pub(super) key: &'t str,
    /// What stands between key and value.
    pub(super) colon: &'t str,
    pub(super) value: Node<'t>,
    /// What stands between the value and the comma.
    pub(super) after: &'t str,
    /// The comment that ends the line behind the comma.
    pub(super) remark: &'t str,
}

impl<'t> Document<'t> {
    /// Reads a document, which may have comments and commas behind the last of several values.
    pub(super) fn parse(text: &'t str, classes: &mut Classes) -> Result<Self, Fault> {
        let options = ParseOptions {
            allow_comments: true,
            allow_trailing_commas: true,
            allow_loose_object_property_names: false,
            allow_missing_commas: false,
            allow_single_quoted_strings: false,
            allow_hexadecimal_numbers: false,
            allow_unary_plus_numbers: false,
            allow_bare_decimal_point_numbers: false,
            allow_non_finite_numbers: false,
            allow_extended_string_escapes: false,
        };
        let parsed = parse_to_ast(text, &CollectOptions::default(), &options);
        let parsed = parsed.map_err(|error| Fault {
            message: error.kind().to_string(),
            range: Some(error.range().start..error.range().end),
        })?;
        let Some(value) = parsed.value else {
            return Err(Fault {
                message: "there is no value in it".to_owned(),
                range: Some(0..0),
            });
        };
        let range = value.start()..value.end();
        let root = Reader { text, classes }.node(&value)?;
        Ok(Document {
            before: &text[..range.start],
            root,
            after: &text[range.end..],
        })
    }

    /// Gives the document that stands for nothing: an object without keys.
    pub(super) fn empty(classes: &mut Classes) -> Self {
        Document {
            before: "",
            root: Node {
                text: "{}",
                indent: "",
                class: classes.of(Shape::Object(Vec::new())),
                kind: Kind::Object(Parts::default()),
            },
            after: "\n",
        }
    }
}

impl Classes {
    fn of(&mut self, shape: Shape) -> Class {
        let new = self.0.len();
        *self.0.entry(shape).or_insert(new)
    }
}

impl PartialEq for Node<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.class == other.class
    }
}

impl<'t> Node<'t> {
    /// Gives what is in an object.
    pub(super) fn object(&self) -> Option<&Parts<'t>> {
        match &self.kind {
            Kind::Object(parts) => Some(parts),
            Kind::Array(_) | Kind::Scalar => None,
        }
    }

    /// Gives what is in an array.
    pub(super) fn array(&self) -> Option<&Parts<'t>> {
        match &self.kind {
            Kind::Array(parts) => Some(parts),
            Kind::Object(_) | Kind::Scalar => None,
        }
    }
}

impl<'t> Parts<'t> {
    /// Gives the values by their keys.
    pub(super) fn by_name(&self) -> HashMap<&str, &Member<'t>> {
        let members = self.members.iter();
        members
            .map(|member| (member.name.as_str(), member))
            .collect()
    }

    /// Tells whether it is written on more than one line.
    pub(super) fn is_tall(&self) -> bool {
        let spaces = self.members.iter().map(|member| member.before);
        spaces.chain([self.tail]).any(|space| space.contains('\n'))
    }
}

struct Reader<'t, 'c> {
    text: &'t str,
    classes: &'c mut Classes,
}

/// A value with the key before it, if it has one.
type Part<'a, 't> = (Option<&'a ast::ObjectPropName<'t>>, &'a ast::Value<'t>);

impl<'t> Reader<'t, '_> {
    fn node(&mut self, value: &ast::Value<'t>) -> Result<Node<'t>, Fault> {
        let range = value.start()..value.end();
        let text = &self.text[range.clone()];
        let (kind, shape) = match value {
            ast::Value::StringLit(text) => (Kind::Scalar, Shape::Text(text.value.to_string())),
            ast::Value::Object(object) => {
                let parts = object.properties.iter();
                let parts = parts.map(|member| (Some(&member.name), &member.value));
                let parts = self.parts(&range, &parts.collect::<Vec<_>>())?;
                let mut members: Vec<_> = parts
                    .members
                    .iter()
                    .map(|member| (member.name.clone(), member.value.class))
                    .collect();
                members.sort_unstable();
                if members.windows(2).any(|pair| pair[0].0 == pair[1].0) {
                    return Err(Fault {
                        message: "the document has a key twice".to_owned(),
                        range: Some(range),
                    });
                }
                (Kind::Object(parts), Shape::Object(members))
            }
            ast::Value::Array(array) => {
                let parts: Vec<Part> = array.elements.iter().map(|value| (None, value)).collect();
                let parts = self.parts(&range, &parts)?;
                let members = parts.members.iter().map(|member| member.value.class);
                let shape = Shape::Array(members.collect());
                (Kind::Array(parts), shape)
            }
            _ => (Kind::Scalar, Shape::Word(text.to_owned())),
        };
        let indent = if text.contains('\n') {
            indent_at(self.text, range.start)
        } else {
            ""
        };
        Ok(Node {
            text,
            indent,
            class: self.classes.of(shape),
            kind,
        })
    }

    /// Reads what is between two brackets.
    fn parts(&mut self, range: &Range<usize>, values: &[Part<'_, 't>]) -> Result<Parts<'t>, Fault> {
        let text = self.text;
        let mut parts = Parts {
            tail: &text[range.start + 1..range.end - 1],
            ..Parts::default()
        };
        let mut from = range.start + 1;
        for (place, (name, value)) in values.iter().enumerate() {
            let start = name.map_or(value.start(), Ranged::start);
            let key = name.map_or(start..start, |name| name.start()..name.end());
            let next = values.get(place + 1);
            let end = next.map_or(range.end - 1, |(name, value)| {
                name.map_or(value.start(), Ranged::start)
            });
            let gap = &text[value.end()..end];
            let comma = comma_in(gap);
            let after = &gap[..comma.unwrap_or(0)];
            let rest = &gap[comma.map_or(0, |comma| comma + 1)..];
            let remark = remark_of(rest);
            parts.members.push(Member {
                before: &text[from..start],
                name: name.map_or_else(String::new, |name| name.as_str().to_owned()),
                key: &text[key.clone()],
                colon: &text[key.end..value.start()],
                value: self.node(value)?,
                after,
                remark,
            });
            parts.tail = &rest[remark.len()..];
            parts.ends_with_comma = comma.is_some();
            from = end - parts.tail.len();
        }
        Ok(parts)
    }
}

/// Gives what a line begins with, by a place on it.
fn indent_at(text: &str, place: usize) -> &str {
    let start = text[..place].rfind('\n').map_or(0, |end| end + 1);
    let line = &text[start..place];
    &line[..line.len() - line.trim_start().len()]
}

/// Finds the comma between two values, which is in no comment.
fn comma_in(gap: &str) -> Option<usize> {
    let mut place = 0;
    while let Some(rest) = gap.get(place..) {
        let found = rest.find([',', '/'])?;
        let rest = &rest[found..];
        place += found;
        if rest.starts_with(',') {
            return Some(place);
        }
        let end = if rest.starts_with("//") { "\n" } else { "*/" };
        place += rest.find(end)? + end.len();
    }
    None
}

/// Gives the comment that ends the line before the next value, with the space before it.
fn remark_of(rest: &str) -> &str {
    match rest.split_once('\n') {
        Some((line, _)) if !line.trim().is_empty() && !is_open(line) => line,
        _ => "",
    }
}

/// Tells whether a comment goes on behind a line.
fn is_open(line: &str) -> bool {
    line.rfind("/*")
        .is_some_and(|start| !line[start..].contains("*/"))
}
