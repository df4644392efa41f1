//! A line that is typed: texts, whole numbers and secrets.
//!
//! It is our own because dialoguer's input has no Esc, and so no way back.

use console::{Key, measure_text_width};

use super::row::{Look, Row, character_width, cut};
use super::theme::head;
use super::wizard::MASKED;
use super::{Prompt, Reply};
use crate::answer::Answer;
use crate::resolve::Given;
use crate::visible;

/// What is typed so far.
#[derive(Debug, Clone, Default)]
pub(super) struct Line {
    typed: Vec<char>,
    /// How many characters stand before the cursor.
    cursor: usize,
    /// What is taken when nothing is typed.
    default: String,
    is_secret: bool,
}

impl Line {
    /// Begins with what was typed the last time.
    pub(super) fn new(prompt: &Prompt) -> Self {
        let default = prompt
            .default
            .as_ref()
            .map(Answer::typed)
            .unwrap_or_default();
        let typed: Vec<char> = match &prompt.previous {
            Some(Given::Typed(text)) if *text != default => text.chars().collect(),
            _ => Vec::new(),
        };
        Line {
            cursor: typed.len(),
            typed,
            default,
            is_secret: prompt.question.secret,
        }
    }

    /// Takes a key; gives a reply when the key ended the prompt.
    pub(super) fn press(&mut self, key: &Key) -> Option<Reply<Given>> {
        match key {
            Key::Enter => return Some(Reply::Answer(Given::Typed(self.text()))),
            Key::Escape => return Some(Reply::Back),
            Key::Char('\x15') => {
                self.typed.drain(..self.cursor);
                self.cursor = 0;
            }
            Key::Char('\x17') => self.delete_word(),
            Key::Char('\x0b') => self.typed.truncate(self.cursor),
            Key::Char(character) if !character.is_control() => self.insert(*character),
            Key::Backspace if self.cursor > 0 => {
                self.cursor -= 1;
                self.typed.remove(self.cursor);
            }
            Key::Del if self.cursor < self.typed.len() => {
                self.typed.remove(self.cursor);
            }
            Key::ArrowLeft => self.cursor = self.cursor.saturating_sub(1),
            Key::ArrowRight => self.cursor = self.typed.len().min(self.cursor + 1),
            Key::Home => self.cursor = 0,
            Key::End => self.cursor = self.typed.len(),
            _ => {}
        }
        None
    }

    /// Draws the line behind its question, and gives the column of the cursor.
    pub(super) fn row(&self, title: &str, keys: &str, columns: usize) -> (Row, usize) {
        // A long question leaves half of the row to the answer.
        let row = head(&cut(title, columns / 2), columns);
        let start = row.width();
        let (typed, column) = self.window(row.room());
        let row = if !typed.is_empty() {
            row.with(&typed, Look::Plain)
        } else if self.default.is_empty() {
            row.with(keys, Look::Faint)
        } else {
            let default = if self.is_secret {
                MASKED
            } else {
                &self.default
            };
            row.with(&format!("[{default}]  {keys}"), Look::Faint)
        };
        (row, start + column)
    }

    /// Writes the answer for people.
    pub(super) fn shown(&self) -> String {
        if self.is_secret {
            MASKED.to_owned()
        } else {
            self.text()
        }
    }

    /// Gives the answer: what was typed, or the default.
    fn text(&self) -> String {
        let typed: String = self.typed.iter().collect();
        let trimmed = if self.is_secret {
            typed.as_str()
        } else {
            typed.trim()
        };
        if trimmed.is_empty() {
            self.default.clone()
        } else {
            trimmed.to_owned()
        }
    }

    /// Gives the part of the line that fits, and the column of the cursor in it.
    fn window(&self, columns: usize) -> (String, usize) {
        let mask = |character: &char| match character {
            _ if self.is_secret => '*',
            // It takes one column, so that the cursor stays right.
            hidden if visible::is_hidden(*hidden) => char::REPLACEMENT_CHARACTER,
            seen => *seen,
        };
        let characters: Vec<char> = self.typed.iter().map(mask).collect();
        let before: String = characters[..self.cursor].iter().collect();
        let all: String = characters.iter().collect();
        let column = measure_text_width(&before);
        if measure_text_width(&all) <= columns && column < columns {
            return (all, column);
        }
        let mut start = self.cursor;
        let mut column = 1;
        while start > 0 && column + character_width(characters[start - 1]) < columns {
            start -= 1;
            column += character_width(characters[start]);
        }
        let rest: String = characters[start..].iter().collect();
        if start == 0 {
            (rest, column - 1)
        } else {
            (format!("…{rest}"), column)
        }
    }

    fn insert(&mut self, character: char) {
        self.typed.insert(self.cursor, character);
        self.cursor += 1;
    }

    /// Takes out everything between the start of the word before the cursor and the cursor.
    fn delete_word(&mut self) {
        let before = &self.typed[..self.cursor];
        let is_word = |character: &char| !character.is_whitespace();
        let end = before.iter().rposition(is_word).map_or(0, |last| last + 1);
        let start = before[..end]
            .iter()
            .rposition(|character| !is_word(character))
            .map_or(0, |space| space + 1);
        self.typed.drain(start..self.cursor);
        self.cursor = start;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(text: &str) -> Line {
        let mut line = Line::default();
        text.chars().for_each(|character| line.insert(character));
        line
    }

    fn press(line: &mut Line, keys: &[Key]) -> String {
        for key in keys {
            line.press(key);
        }
        line.typed.iter().collect()
    }

    #[test]
    fn keys_edit_at_the_cursor() {
        let mut line = typed("shp");
        assert_eq!(press(&mut line, &[Key::ArrowLeft, Key::Char('o')]), "shop");
        assert_eq!(
            press(&mut line, &[Key::Home, Key::Del, Key::Del, Key::Backspace]),
            "op"
        );
        assert_eq!(
            press(
                &mut line,
                &[Key::End, Key::ArrowRight, Key::Char('s'), Key::Del]
            ),
            "ops"
        );
        assert_eq!(
            press(
                &mut line,
                &[
                    Key::ArrowLeft,
                    Key::Backspace,
                    Key::ArrowLeft,
                    Key::ArrowLeft
                ]
            ),
            "os"
        );
        assert_eq!(
            press(
                &mut line,
                &[Key::Char('日'), Key::Char('\t'), Key::Char('\x04')]
            ),
            "日os"
        );
    }

    #[test]
    fn control_keys_delete_as_in_a_shell() {
        let mut line = typed("one two  three");
        assert_eq!(press(&mut line, &[Key::Char('\x17')]), "one two  ");
        assert_eq!(press(&mut line, &[Key::Char('\x17')]), "one ");
        assert_eq!(
            press(&mut line, &[Key::ArrowLeft, Key::Char('\x0b')]),
            "one"
        );
        assert_eq!(press(&mut line, &[Key::ArrowLeft, Key::Char('\x15')]), "e");
    }

    #[test]
    fn nothing_typed_takes_the_default() {
        let mut line = Line {
            default: "90".to_owned(),
            ..typed("  ")
        };
        assert_eq!(line.text(), "90");
        line.insert('8');
        assert_eq!(line.text(), "8");
    }

    #[test]
    fn a_secret_is_neither_trimmed_nor_shown() {
        let line = Line {
            is_secret: true,
            ..typed("ab ")
        };
        assert_eq!(line.text(), "ab ");
        assert_eq!(line.shown(), MASKED);
        assert_eq!(line.window(10), ("***".to_owned(), 3));
    }

    #[test]
    fn what_is_hidden_is_shown_in_one_column() {
        let line = typed("a\u{202e}b\u{200b}");
        assert_eq!(line.window(10), ("a\u{fffd}b\u{fffd}".to_owned(), 4));
        assert_eq!(line.text(), "a\u{202e}b\u{200b}");
    }

    #[test]
    fn the_window_follows_the_cursor() {
        let mut line = typed("abcdefghij");
        assert_eq!(line.window(20), ("abcdefghij".to_owned(), 10));
        assert_eq!(line.window(6), ("…ghij".to_owned(), 5));
        line.cursor = 7;
        assert_eq!(line.window(6), ("…defghij".to_owned(), 5));
        line.cursor = 0;
        assert_eq!(line.window(6), ("abcdefghij".to_owned(), 0));
        assert_eq!(typed("日本語").window(6), ("…本語".to_owned(), 5));
        assert_eq!(typed("日本語").window(0).1, 1);
    }
}
