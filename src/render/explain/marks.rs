//! Marks in templates that come out with what they stand before.
//!
//! A mark is one character of the areas that Unicode keeps free for private use, so that it goes
//! wherever a letter goes. What it stands for is its number.

use std::collections::BTreeMap;

use crate::language::{self, Piece, PieceKind};

/// How many marks each of the two areas has.
const AREA: u32 = 0xfffe;

/// Where the two areas begin.
const STARTS: [u32; 2] = [0xf_0000, 0x10_0000];

/// What is marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Detail {
    /// Every piece.
    All,
    /// Lines of text that can be seen; what trims or measures values sees no mark.
    Text,
}

/// A piece of a template that a mark stands before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Spot<'a> {
    /// The template's name.
    pub file: &'a str,
    /// The line of the piece, counted from 1.
    pub line: usize,
    kind: PieceKind,
}

/// Templates with marks in them.
pub(super) struct Marks<'a> {
    spots: Vec<Spot<'a>>,
    texts: BTreeMap<&'a str, String>,
}

impl<'a> Marks<'a> {
    /// Marks templates, given by name and text; none where there are too many pieces, or one of the
    /// texts has such characters itself.
    pub fn in_texts(sources: &[(&'a str, &'a str)], detail: Detail) -> Option<Self> {
        let mut marks = Marks {
            spots: Vec::new(),
            texts: BTreeMap::new(),
        };
        for (file, source) in sources {
            if source.chars().any(|letter| number(letter).is_some()) {
                return None;
            }
            let text = marks.mark(file, source, detail)?;
            marks.texts.insert(file, text);
        }
        Some(marks)
    }

    fn mark(&mut self, file: &'a str, source: &str, detail: Detail) -> Option<String> {
        let mut text = String::with_capacity(source.len() * 2);
        let mut read_to = 0;
        for Piece { kind, line, offset } in language::pieces(source) {
            if detail == Detail::Text && kind != PieceKind::Text {
                continue;
            }
            text.push_str(source.get(read_to..offset)?);
            text.push(character(self.spots.len())?);
            self.spots.push(Spot { file, line, kind });
            read_to = offset;
        }
        text.push_str(source.get(read_to..)?);
        Some(text)
    }

    /// Gives a template's text with its marks.
    pub fn text(&self, file: &str) -> Option<&str> {
        self.texts.get(file).map(String::as_str)
    }

    /// Reads off a marked text what its lines are made of; none where it says anything else than
    /// the text without marks.
    pub fn read(&self, marked: &str, plain: &str) -> Option<Vec<Vec<Spot<'a>>>> {
        let mut lines = Vec::new();
        let mut line = Reading::default();
        let mut expected = plain.chars();
        for letter in marked.chars() {
            if let Some(number) = number(letter) {
                line.pass(*self.spots.get(number)?);
                continue;
            }
            if expected.next() != Some(letter) {
                return None;
            }
            line.is_begun = true;
            if letter == '\n' {
                lines.push(line.end());
            } else if !letter.is_whitespace() {
                line.see();
            }
        }
        if expected.next().is_some() {
            return None;
        }
        if line.is_begun {
            lines.push(line.end());
        }
        Some(lines)
    }
}

/// A line that is being read.
#[derive(Default)]
struct Reading<'a> {
    /// The piece that comes out here; it may have begun on a line before.
    current: Option<Spot<'a>>,
    /// The pieces that something can be seen of.
    seen: Vec<Spot<'a>>,
    /// The expressions that give something here, perhaps through pieces of their own.
    outputs: Vec<Spot<'a>>,
    is_begun: bool,
}

impl<'a> Reading<'a> {
    fn pass(&mut self, spot: Spot<'a>) {
        self.current = Some(spot);
        if spot.kind == PieceKind::Output {
            self.outputs.push(spot);
        }
    }

    fn see(&mut self) {
        if let Some(current) = self.current
            && self.seen.last() != Some(&current)
        {
            self.seen.push(current);
        }
    }

    /// Gives the pieces of the line, the first one first, and begins the next one.
    fn end(&mut self) -> Vec<Spot<'a>> {
        let mut spots = std::mem::take(&mut self.seen);
        let outputs = std::mem::take(&mut self.outputs);
        if spots.is_empty() {
            spots.extend(self.current);
        } else {
            spots.extend(outputs);
        }
        let mut own: Vec<Spot> = Vec::new();
        for spot in spots {
            let is_known = |known: &Spot| (known.file, known.line) == (spot.file, spot.line);
            if !own.iter().any(is_known) {
                own.push(spot);
            }
        }
        self.is_begun = false;
        own
    }
}

/// Gives the mark of a number; none where there are no more.
fn character(number: usize) -> Option<char> {
    let number = u32::try_from(number).ok()?;
    let start = STARTS.get((number / AREA) as usize)?;
    char::from_u32(start + number % AREA)
}

/// Gives the number of a mark; none for any other character.
fn number(letter: char) -> Option<usize> {
    let code = u32::from(letter);
    let area = STARTS
        .iter()
        .position(|start| (*start..start + AREA).contains(&code))?;
    let inside = code - STARTS.get(area)?;
    Some(area * AREA as usize + inside as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mark_has_its_number() {
        for number_ in [0, 1, 0xfffd, 0xfffe, 0x1_0000, 2 * AREA as usize - 1] {
            assert_eq!(character(number_).and_then(number), Some(number_));
        }
        assert_eq!(character(2 * AREA as usize), None);
        assert_eq!(number('a'), None);
        assert_eq!(number('\u{ffffe}'), None);
    }

    /// Renders a template with marks, and gives the lines of the template for each line.
    fn lines(source: &str) -> Option<Vec<Vec<usize>>> {
        let environment = language::environment();
        let plain = environment.render_str(source, ()).unwrap();
        let marks = Marks::in_texts(&[("a", source)], Detail::All).unwrap();
        let marked = environment
            .render_str(marks.text("a").unwrap(), ())
            .unwrap();
        let lines = marks.read(&marked, &plain)?;
        let numbers = |spots: Vec<Spot>| spots.iter().map(|spot| spot.line).collect();
        Some(lines.into_iter().map(numbers).collect())
    }

    #[test]
    fn lines_say_what_they_are_made_of() {
        let source = "a\n\n{% for i in [1, 2] %}\nb {{ i }}\n{% endfor %}\nc";
        assert_eq!(
            lines(source).unwrap(),
            [vec![1], vec![2], vec![4], vec![4], vec![6]]
        );
        let source =
            "{% macro m() %}\nx\ny\n{% endmacro %}\n{{ m() }}z {% if true %}u{% endif %}\n";
        assert_eq!(lines(source).unwrap(), [vec![2, 5], vec![3], vec![5]]);
        assert_eq!(lines("{{ 'a\nb' }}").unwrap(), [vec![1], vec![1]]);
    }

    #[test]
    fn a_mark_that_is_measured_is_noticed() {
        let source = "{% set x %}abc{% endset %}{{ x | length }}\n";
        assert_eq!(lines(source), None);
    }
}
