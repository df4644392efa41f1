//! What the prompts for choices look like.

use std::fmt::{self, Write};

use console::measure_text_width;
use dialoguer::theme::Theme;
use fuzzy_matcher::FuzzyMatcher;
use fuzzy_matcher::skim::SkimMatcherV2;

use super::options::Item;
use super::row::{Look, Row};

/// The most columns that titles get before the hints begin.
const MAX_TITLE: usize = 28;

/// Draws rows that never wrap; what is active and marked can be seen without colour.
pub(super) struct RowTheme<'a> {
    /// How wide the screen is.
    pub(super) columns: usize,
    /// What there is to choose from; dialoguer knows only the titles.
    pub(super) options: &'a [Item],
    /// What the keys do.
    pub(super) keys: &'a str,
}

impl RowTheme<'_> {
    fn head(&self, title: &str) -> Row {
        head(title, self.columns)
    }

    /// Adds an option's title and its hint, all hints in one column.
    fn option(&self, row: Row, title: &str, active: bool) -> Row {
        let (look, faint) = if active {
            (Look::Active, Look::Plain)
        } else {
            (Look::Plain, Look::Faint)
        };
        let widths = self
            .options
            .iter()
            .map(|option| measure_text_width(&option.title));
        let hints = row.width() + widths.max().unwrap_or(0).min(MAX_TITLE) + 2;
        let hint = self.options.iter().find(|option| option.title == title);
        let row = row.with(title, look);
        match hint {
            Some(option) if !option.hint.is_empty() && row.width() < hints => {
                row.pad(hints).with(&option.hint, faint)
            }
            Some(option) if !option.hint.is_empty() => {
                row.with("  ", Look::Plain).with(&option.hint, faint)
            }
            _ => row,
        }
    }

    fn mark(&self, active: bool) -> Row {
        Row::new(self.columns).with(if active { "❯ " } else { "  " }, Look::Active)
    }

    /// Tells whether a filter leaves something to choose.
    fn has_match(&self, filter: &str) -> bool {
        let matcher = SkimMatcherV2::default();
        let is_match = |option: &Item| matcher.fuzzy_match(&option.title, filter).is_some();
        self.options.iter().any(is_match)
    }
}

impl Theme for RowTheme<'_> {
    fn format_confirm_prompt(
        &self,
        f: &mut dyn Write,
        prompt: &str,
        default: Option<bool>,
    ) -> fmt::Result {
        let keys = match default {
            Some(true) => "[Y/n] ",
            Some(false) => "[y/N] ",
            None => "[y/n] ",
        };
        let row = self.head(prompt).with(keys, Look::Plain);
        f.write_str(row.with(self.keys, Look::Faint).text())
    }

    fn format_multi_select_prompt(&self, f: &mut dyn Write, prompt: &str) -> fmt::Result {
        f.write_str(self.head(prompt).with(self.keys, Look::Faint).text())
    }

    fn format_multi_select_prompt_item(
        &self,
        f: &mut dyn Write,
        text: &str,
        checked: bool,
        active: bool,
    ) -> fmt::Result {
        let (mark, look) = if checked {
            ("[x] ", Look::Good)
        } else {
            ("[ ] ", Look::Faint)
        };
        let row = self.mark(active).with(mark, look);
        f.write_str(self.option(row, text, active).text())
    }

    fn format_fuzzy_select_prompt(
        &self,
        f: &mut dyn Write,
        prompt: &str,
        search_term: &str,
        bytes_pos: usize,
    ) -> fmt::Result {
        let (before, after) = search_term.split_at(bytes_pos);
        let mut rest = after.chars();
        let under = rest.next().unwrap_or(' ').to_string();
        let row = self
            .head(prompt)
            .with(before, Look::Plain)
            .with(&under, Look::Cursor)
            .with(rest.as_str(), Look::Plain);
        let row = if search_term.is_empty() {
            row.with(self.keys, Look::Faint)
        } else if self.has_match(search_term) {
            row
        } else {
            row.with(" nothing matches", Look::Faint)
        };
        f.write_str(row.text())
    }

    fn format_fuzzy_select_prompt_item(
        &self,
        f: &mut dyn Write,
        text: &str,
        active: bool,
        _highlight_matches: bool,
        _matcher: &SkimMatcherV2,
        _search_term: &str,
    ) -> fmt::Result {
        f.write_str(self.option(self.mark(active), text, active).text())
    }
}

/// Draws the beginning of a row that asks.
pub(super) fn head(title: &str, columns: usize) -> Row {
    Row::new(columns)
        .with("? ", Look::Active)
        .with(title, Look::Strong)
        .with(" › ", Look::Faint)
}
