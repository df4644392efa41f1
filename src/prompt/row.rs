//! One row of the screen: styled text that never wraps and never carries control characters.

use console::{Style, measure_text_width};

use crate::visible;

/// What a part of a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    /// Text.
    Plain,
    /// What is asked.
    Strong,
    /// What helps, and may be overlooked.
    Faint,
    /// Where the person is.
    Active,
    /// Where the next character goes.
    Cursor,
    /// A thing done.
    Good,
    /// A thing refused.
    Bad,
}

impl Look {
    /// Gives the style; it has no effect where there is no colour.
    fn style(self) -> Style {
        let style = Style::new().for_stderr();
        match self {
            Look::Plain => style,
            Look::Strong => style.bold(),
            Look::Faint => style.dim(),
            Look::Active => style.cyan().bold(),
            Look::Cursor => style.reverse(),
            Look::Good => style.green(),
            Look::Bad => style.red(),
        }
    }
}

/// A row under construction; what doesn't fit is cut.
#[derive(Debug, Clone)]
pub(super) struct Row {
    text: String,
    width: usize,
    columns: usize,
}

impl Row {
    /// Begins an empty row on a screen with so many columns.
    pub(super) fn new(columns: usize) -> Self {
        // The last column stays free: some terminals wrap as soon as it is written.
        Row {
            text: String::new(),
            width: 0,
            columns: columns.saturating_sub(1),
        }
    }

    /// Adds text.
    pub(super) fn with(mut self, text: &str, look: Look) -> Self {
        let text = cut(&visible::line(text).replace('\t', " "), self.room());
        self.width += measure_text_width(&text);
        if !text.is_empty() {
            self.text.push_str(&look.style().apply_to(text).to_string());
        }
        self
    }

    /// Adds space up to a column.
    pub(super) fn pad(self, column: usize) -> Self {
        let missing = column.saturating_sub(self.width);
        self.with(&" ".repeat(missing), Look::Plain)
    }

    /// Gives the columns that are still free.
    pub(super) fn room(&self) -> usize {
        self.columns - self.width
    }

    /// Gives the columns that are taken.
    pub(super) fn width(&self) -> usize {
        self.width
    }

    /// Gives the text with its styles.
    pub(super) fn text(&self) -> &str {
        &self.text
    }
}

/// Gives the columns that a character takes.
pub(super) fn character_width(character: char) -> usize {
    measure_text_width(character.encode_utf8(&mut [0; 4]))
}

/// Cuts a text to a width, and shows that it was cut.
pub(super) fn cut(text: &str, columns: usize) -> String {
    if measure_text_width(text) <= columns {
        return text.to_owned();
    }
    let mut cut = String::new();
    let mut width = 1;
    for character in text.chars() {
        width += character_width(character);
        if width > columns {
            break;
        }
        cut.push(character);
    }
    if columns > 0 {
        cut.push('…');
    }
    cut
}

/// Breaks a text into rows at its spaces.
pub(super) fn wrap(text: &str, columns: usize) -> Vec<String> {
    let mut rows: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match rows.last_mut() {
            Some(row) if measure_text_width(row) + 1 + measure_text_width(word) <= columns => {
                row.push(' ');
                row.push_str(word);
            }
            _ => rows.push(word.to_owned()),
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_cut_before_the_last_column() {
        let row = Row::new(10)
            .with("twelve", Look::Plain)
            .with("letters", Look::Plain);
        assert_eq!((row.text(), row.width()), ("twelvele…", 9));
    }

    #[test]
    fn a_wide_character_is_not_halved() {
        assert_eq!(cut("日本語", 4), "日…");
        assert_eq!(cut("日本語", 0), "");
        assert_eq!(cut("日本", 4), "日本");
    }

    #[test]
    fn a_row_without_columns_is_empty() {
        assert_eq!(Row::new(0).with("text", Look::Plain).pad(3).text(), "");
    }

    #[test]
    fn control_characters_do_not_reach_the_terminal() {
        assert_eq!(
            Row::new(40)
                .with("a\x1b[2Jb\nc\t\u{202e}d", Look::Plain)
                .text(),
            r"a\u{1b}[2Jb\nc \u{202e}d"
        );
    }

    #[test]
    fn words_go_to_the_next_row() {
        assert_eq!(
            wrap("a name can't be empty", 9),
            ["a name", "can't be", "empty"]
        );
    }
}
