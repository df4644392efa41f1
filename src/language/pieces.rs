//! The pieces of a template that come out of it, each with the line that it stands on.

use minijinja::machinery::{Token, tokenize};

use super::syntax;

/// How a piece comes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PieceKind {
    /// As it stands there.
    Text,
    /// As an empty line, or the end of one.
    Blank,
    /// As the value of an expression.
    Output,
}

/// A piece of a template that comes out of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// How it comes out.
    pub kind: PieceKind,
    /// The line that it stands on, counted from 1.
    pub line: usize,
    /// Where a visible character before it comes out before it and changes nothing else, in bytes.
    pub offset: usize,
}

/// Reads the pieces of a template, in their order, up to its first syntax error.
///
/// A text has a piece for each of its lines. What is trimmed around tags has none.
pub fn pieces(source: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut lines = Lines::new(source);
    let mut tokens = tokenize(source, false, syntax())
        .map_while(Result::ok)
        .peekable();
    while let Some((token, span)) = tokens.next() {
        match token {
            Token::TemplateData(text) => add_text(&mut lines, text, &mut pieces),
            // What the block below gives has pieces of its own.
            Token::VariableStart if matches!(tokens.peek(), Some((Token::Ident("super"), _))) => {}
            Token::VariableStart => {
                let start = span.start_offset as usize;
                pieces.push(Piece {
                    kind: PieceKind::Output,
                    line: lines.at(start),
                    offset: before_trimmed(source, start, span.end_offset as usize),
                });
            }
            _ => {}
        }
    }
    pieces
}

/// Adds a text, line by line: each from its first visible character, or where it ends.
fn add_text(lines: &mut Lines, text: &str, pieces: &mut Vec<Piece>) {
    // The text is a part of the source; the span of a raw block is wider than its text.
    let mut start = (text.as_ptr() as usize).saturating_sub(lines.source.as_ptr() as usize);
    for line in text.split_inclusive('\n') {
        let (kind, indent) = match line.find(|letter: char| !letter.is_whitespace()) {
            Some(indent) => (PieceKind::Text, indent),
            None => (
                PieceKind::Blank,
                line.len() - line.trim_start_matches([' ', '\t']).len(),
            ),
        };
        if kind == PieceKind::Text || line.ends_with('\n') {
            pieces.push(Piece {
                kind,
                line: lines.at(start),
                offset: start + indent,
            });
        }
        start += line.len();
    }
}

/// Gives where an expression begins, before the space that its tag trims away.
fn before_trimmed(source: &str, start: usize, end: usize) -> usize {
    let trims = source.get(start..).is_some_and(|tag| {
        tag.strip_prefix("{{")
            .is_some_and(|inside| inside.starts_with('-'))
    }) || source.get(start..end).is_some_and(|tag| tag.ends_with('-'));
    match source.get(..start) {
        Some(before) if trims => before.trim_end().len(),
        _ => start,
    }
}

/// Counts the lines of a source on the way through it.
struct Lines<'s> {
    source: &'s str,
    read_to: usize,
    line: usize,
}

impl<'s> Lines<'s> {
    fn new(source: &'s str) -> Self {
        Lines {
            source,
            read_to: 0,
            line: 1,
        }
    }

    /// Gives the line of a place that isn't before those asked for already.
    fn at(&mut self, offset: usize) -> usize {
        let between = self.source.get(self.read_to..offset).unwrap_or_default();
        self.line += between.matches('\n').count();
        self.read_to = self.read_to.max(offset);
        self.line
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language;

    /// Puts a mark before every piece, and gives what comes out with and without them.
    fn rendered(source: &str) -> (String, String) {
        let mut marked = source.to_owned();
        for piece in pieces(source).iter().rev() {
            marked.insert(piece.offset, '\u{f0000}');
        }
        let environment = language::environment();
        let render = |source: &str| environment.render_str(source, ()).unwrap();
        (render(&marked), render(source))
    }

    #[test]
    fn marks_before_pieces_change_nothing_else() {
        for source in [
            "one\n\n  two\n",
            "  {% if true %}\n  a\n\n  {% endif %}\nb\n",
            "a {%- if true -%}  \n b {{- 'c' -}} \n d {%- endif %}\n",
            "{% if true -%}\n  {{- 1 }}  {{ 2 -}}\n\n{% endif %}\nx",
            "{% raw %}\n {{ no }}\n\n  {% endraw %}\nb {{ 'x' }}\n",
            "{%- raw -%}\n {{ no }}\n\n  {%- endraw -%}\nb",
            "{# c #}\n  {#- c -#}\n a {# c #} b\n",
            "a\r\n\r\n{% if true %}\r\nb\r\n{% endif %}\r\n",
            "{% set x %}\n a\n{% endset %}\n[{{ x }}]\n\t\n",
            "{% for i in [1, 2] %}\n{{ i }}\n\n{% endfor %}",
        ] {
            let (marked, plain) = rendered(source);
            assert_eq!(marked.replace('\u{f0000}', ""), plain, "{source:?}");
            assert!(marked.len() > plain.len(), "{source:?}");
        }
    }

    #[test]
    fn pieces_know_their_lines() {
        let source = "a\n\n{% if true %}\n  b {{ c }}\n{% endif %}\n";
        let lines: Vec<_> = pieces(source)
            .iter()
            .map(|piece| (piece.kind, piece.line))
            .collect();
        assert_eq!(
            lines,
            [
                (PieceKind::Text, 1),
                (PieceKind::Blank, 2),
                (PieceKind::Text, 4),
                (PieceKind::Output, 4),
                (PieceKind::Blank, 4),
            ]
        );
    }
}
