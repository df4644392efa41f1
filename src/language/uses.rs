//! What templates mention: names, keys of names, and texts.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use minijinja::machinery::{Token, tokenize};

use super::scan::bytes;
use super::syntax;

/// What some templates mention together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Uses {
    names: BTreeMap<String, usize>,
    texts: BTreeSet<String>,
    keys: BTreeMap<String, BTreeSet<String>>,
    whole: BTreeSet<String>,
}

impl Uses {
    /// Adds what a template mentions, up to its first syntax error.
    pub fn add(&mut self, source: &str) {
        let tokens = tokenize(source, false, syntax()).map_while(Result::ok);
        let tokens: Vec<Token> = tokens.map(|(token, _)| token).collect();
        for (place, token) in tokens.iter().enumerate() {
            match token {
                Token::Str(text) => {
                    self.texts.insert((*text).to_owned());
                }
                Token::Ident(name) => {
                    *self.names.entry((*name).to_owned()).or_default() += 1;
                    let is_member = place > 0 && matches!(tokens[place - 1], Token::Dot);
                    if !is_member {
                        self.value(name, &tokens[place + 1..]);
                    }
                }
                _ => {}
            }
        }
    }

    fn value(&mut self, name: &str, after: &[Token]) {
        let key = match after {
            [Token::Dot, Token::Ident(key), ..]
            | [Token::BracketOpen, Token::Str(key), Token::BracketClose, ..] => *key,
            _ => {
                self.whole.insert(name.to_owned());
                return;
            }
        };
        let keys = self.keys.entry(name.to_owned()).or_default();
        keys.insert(key.to_owned());
    }

    /// Counts how often a name stands anywhere.
    pub fn count(&self, name: &str) -> usize {
        self.names.get(name).copied().unwrap_or_default()
    }

    /// Tells whether a text stands anywhere in quotes.
    pub fn has_text(&self, text: &str) -> bool {
        self.texts.contains(text)
    }

    /// Tells whether a value is used.
    pub fn has(&self, name: &str) -> bool {
        self.whole.contains(name) || self.keys.contains_key(name)
    }

    /// Gives the keys that are taken from a value; nothing where it is used as a whole, too.
    pub fn keys(&self, name: &str) -> Option<&BTreeSet<String>> {
        let keys = self.keys.get(name)?;
        (!self.whole.contains(name)).then_some(keys)
    }
}

/// Gives the places of tags that begin with `${{`, as other languages write theirs, in bytes.
pub fn dollar_tags(source: &str) -> Vec<Range<usize>> {
    let tokens = tokenize(source, false, syntax()).map_while(Result::ok);
    tokens
        .filter(|(token, _)| matches!(token, Token::VariableStart))
        .map(|(_, span)| bytes(span))
        .filter(|range| source[..range.start].ends_with('$'))
        .map(|range| range.start - 1..range.end)
        .collect()
}

/// Gives the names of the macros that a template defines, each with its place in bytes.
pub fn macros(source: &str) -> Vec<(&str, Range<usize>)> {
    let tokens: Vec<_> = tokenize(source, false, syntax())
        .map_while(Result::ok)
        .collect();
    let defined = tokens.windows(2).filter_map(|pair| match pair {
        [(Token::Ident("macro"), _), (Token::Ident(name), span)] => Some((*name, bytes(*span))),
        _ => None,
    });
    defined.collect()
}

/// Gives the places where a text that nothing renders holds a value's tag, as in `{{ name }}`: the
/// name, and where the tag begins in bytes.
pub fn copied_tags(text: &str) -> impl Iterator<Item = (&str, Range<usize>)> {
    text.match_indices("{{").filter_map(|(start, _)| {
        if text[..start].ends_with(['$', '{']) {
            return None;
        }
        let inner = text[start + 2..]
            .strip_prefix('-')
            .unwrap_or(&text[start + 2..]);
        let inner = inner.trim_start_matches(' ');
        let is_part = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
        let end = inner.find(|letter| !is_part(letter))?;
        let (name, rest) = inner.split_at(end);
        let rest = rest.trim_start_matches([' ', '-']);
        let is_tag = rest.starts_with("}}") || rest.starts_with('|') || rest.starts_with('.');
        (is_tag && !name.is_empty()).then_some((name, start..start + 2))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_known_unless_the_value_is_used_as_a_whole() {
        let mut uses = Uses::default();
        uses.add("{{ a.one ~ a['two'] ~ x.a }} {% if b[c] == 'text' %}{% endif %} b.no");
        let keys: Vec<_> = uses.keys("a").unwrap().iter().collect();
        assert_eq!(keys, ["one", "two"]);
        assert_eq!(uses.keys("b"), None);
        assert!(uses.has("b") && uses.has("c") && !uses.has("one"));
        assert!(uses.has_text("text") && uses.count("a") == 3);
    }

    #[test]
    fn tags_of_others_are_found_where_they_are_read() {
        let source = "${{ a }} {% raw %}${{ b }}{% endraw %} {{ \"${{ c }}\" }}";
        assert_eq!(dollar_tags(source), vec![0..3; 1]);
    }

    #[test]
    fn tags_that_nothing_reads_are_found() {
        let found: Vec<_> = copied_tags("{{ a }} ${{ b }} {{- c.d -}} {{e|x}} {{{ f }}} {{ g h }}")
            .map(|(name, _)| name)
            .collect();
        assert_eq!(found, ["a", "c", "e"]);
    }

    #[test]
    fn macros_are_found() {
        let source = "{% macro one(a) %}{% endmacro %}";
        assert_eq!(macros(source), [("one", 9..12)]);
    }
}
