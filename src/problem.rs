//! A mistake at a place: file, line, column and the line itself.

mod rule;

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

pub use rule::Rule;

/// How bad a problem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    /// The template can't be used.
    Error,
    /// The template works, but something in it does nothing.
    Warning,
}

/// One mistake in a file that somebody wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// How bad it is.
    pub severity: Severity,
    /// What kind of problem it is.
    pub rule: Rule,
    /// The file's path, relative to its template's folder.
    pub file: String,
    /// What is wrong: lower case, no full stop.
    pub message: String,
    /// The text around the mistake, when the mistake is in a text.
    pub place: Option<Place>,
}

/// A range of bytes in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The whole text of the file.
    pub text: Arc<str>,
    /// Where the mistake is, in bytes; empty ranges point between two characters.
    pub range: Range<usize>,
}

impl Place {
    /// Gives the line and the column, both counted from 1; columns count characters.
    pub fn line_and_column(&self) -> (usize, usize) {
        let before = self.text.get(..self.range.start).unwrap_or(&self.text);
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        (
            before.matches('\n').count() + 1,
            before[line_start..].chars().count() + 1,
        )
    }

    /// Gives the line that the mistake begins on, without its end.
    pub fn line(&self) -> &str {
        let (line, _) = self.line_and_column();
        self.text.lines().nth(line - 1).unwrap_or_default()
    }
}

impl Problem {
    /// Makes an error about a whole file.
    pub fn error(file: impl Into<String>, message: impl Into<String>) -> Self {
        Problem {
            severity: Severity::Error,
            rule: Rule::default(),
            file: file.into(),
            message: message.into(),
            place: None,
        }
    }

    /// Makes a warning about a whole file.
    pub fn warning(file: impl Into<String>, message: impl Into<String>) -> Self {
        Problem {
            severity: Severity::Warning,
            ..Problem::error(file, message)
        }
    }

    /// Says what kind of problem it is.
    #[must_use]
    pub fn of(mut self, rule: Rule) -> Self {
        self.rule = rule;
        self
    }

    /// Says what kind of problem it is, unless that is known.
    #[must_use]
    pub fn or(mut self, rule: Rule) -> Self {
        if self.rule == Rule::default() {
            self.rule = rule;
        }
        self
    }

    /// Points at a range of bytes of the file's text.
    #[must_use]
    pub fn at(mut self, text: &Arc<str>, range: Range<usize>) -> Self {
        self.place = Some(Place {
            text: Arc::clone(text),
            range,
        });
        self
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.file)?;
        if let Some(place) = &self.place {
            let (line, column) = place.line_and_column();
            write!(formatter, ":{line}:{column}")?;
        }
        write!(formatter, ": {}", self.message)
    }
}
