//! What can be read off a template without rendering it, each with its place.

use std::ops::Range;

use minijinja::machinery::{Span, Token, tokenize};

use super::syntax;

/// The name by which a file extends the one below it.
pub const BELOW: &str = "below";

/// A block that a template defines or overrides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// The block's name.
    pub name: String,
    /// Where the name stands, in bytes.
    pub range: Range<usize>,
    /// The place of the block in the same template that it stands inside, among all of them.
    pub outer: Option<usize>,
    /// Whether it shows what it stands for below, with `{{ super() }}`.
    pub calls_super: bool,
}

impl Block {
    /// Tells whether it stands inside another block of the same template.
    pub fn is_nested(&self) -> bool {
        self.outer.is_some()
    }
}

/// The blocks of a template, and where it extends the file below.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scan {
    /// Where `"below"` stands in `{% extends "below" %}`, in bytes.
    pub extends_below: Option<Range<usize>>,
    /// All blocks, in the order of their first lines.
    pub blocks: Vec<Block>,
}

impl Scan {
    /// Reads a template up to its first syntax error, which compiling it will report.
    pub fn of(source: &str) -> Self {
        let mut scan = Scan::default();
        let mut open: Vec<usize> = Vec::new();
        let mut tokens = tokenize(source, false, syntax()).map_while(Result::ok);
        while let Some((token, _)) = tokens.next() {
            if matches!(token, Token::Ident("super"))
                && let Some(inner) = open.last()
            {
                scan.blocks[*inner].calls_super = true;
            }
            if !matches!(token, Token::BlockStart) {
                continue;
            }
            match (tokens.next(), tokens.next()) {
                (Some((Token::Ident("block"), _)), Some((Token::Ident(name), span))) => {
                    let outer = open.last().copied();
                    open.push(scan.blocks.len());
                    scan.blocks.push(Block {
                        name: name.to_owned(),
                        range: bytes(span),
                        outer,
                        calls_super: false,
                    });
                }
                (Some((Token::Ident("endblock"), _)), _) => {
                    open.pop();
                }
                (Some((Token::Ident("extends"), _)), Some((Token::Str(BELOW), span))) => {
                    scan.extends_below = Some(bytes(span));
                }
                _ => {}
            }
        }
        scan
    }

    /// Finds where a name is first used in a template, in bytes.
    pub fn place_of(source: &str, name: &str) -> Option<Range<usize>> {
        let mut after_dot = false;
        for (token, span) in tokenize(source, false, syntax()).map_while(Result::ok) {
            if matches!(token, Token::Ident(found) if found == name) && !after_dot {
                return Some(bytes(span));
            }
            after_dot = matches!(token, Token::Dot);
        }
        None
    }

    /// Gives what a template asks of a value, as in `{{ name.member }}`.
    pub fn members_of<'s>(source: &'s str, name: &str) -> Vec<&'s str> {
        let tokens: Vec<Token> = tokenize(source, false, syntax())
            .map_while(Result::ok)
            .map(|(token, _)| token)
            .collect();
        let member = |tokens: &[Token<'s>]| match tokens {
            [
                before,
                Token::Ident(value),
                Token::Dot,
                Token::Ident(member),
            ] if *value == name && !matches!(before, Token::Dot) => Some(*member),
            _ => None,
        };
        tokens.windows(4).filter_map(member).collect()
    }
}

/// Turns the machinery's span into a range of bytes.
pub(super) fn bytes(span: Span) -> Range<usize> {
    span.start_offset as usize..span.end_offset as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_and_the_extended_file_are_found() {
        let source =
            "{# {% block no %} #}{% extends \"below\" %}\n{%- block routes -%}x{% endblock %}";
        let scan = Scan::of(source);
        assert_eq!(&source[scan.extends_below.unwrap()], "\"below\"");
        let [block] = scan.blocks.as_slice() else {
            panic!("one block expected, found {:?}", scan.blocks);
        };
        assert_eq!(
            (block.name.as_str(), &source[block.range.clone()]),
            ("routes", "routes")
        );
    }

    #[test]
    fn a_block_knows_what_it_stands_in_and_whether_it_shows_what_is_below() {
        let source = "{% block a %}{% block b %}{{ super() }}{% endblock %}{% endblock %}\
            {% block c %}{% if x %}{{- super() -}}{% endif %}{% endblock %}{{ super() }}";
        let scan = Scan::of(source);
        let known: Vec<_> = scan
            .blocks
            .iter()
            .map(|block| (block.name.as_str(), block.outer, block.calls_super))
            .collect();
        assert_eq!(
            known,
            [("a", None, false), ("b", Some(0), true), ("c", None, true)]
        );
    }

    #[test]
    fn a_name_is_not_confused_with_an_attribute() {
        let source = "{{ versions.orm }} {{ orm }}";
        assert_eq!(Scan::place_of(source, "orm"), Some(22..25));
    }

    #[test]
    fn members_are_those_of_the_value_itself() {
        let source = "{{ x.one(x.two) or a.x.no }} x.no {% if x.three %}{% endif %}";
        assert_eq!(Scan::members_of(source, "x"), ["one", "two", "three"]);
    }
}
