//! Why a text, or two texts together, can't be used.

use std::fmt;
use std::ops::Range;

/// What is wrong with one text, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// What is wrong: lower case, no full stop.
    pub message: String,
    /// Where it is, in bytes of that text, if that is known.
    pub range: Option<Range<usize>>,
}

/// Which of the texts that are put together is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The text that was there before.
    Below,
    /// The text that is laid over it.
    Above,
    /// The text that both sides of a merge began with.
    Base,
    /// The text that the user has.
    Yours,
    /// The text that the template wants.
    Desired,
}

/// Why texts can't be composed or merged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormatError {
    /// What is wrong: lower case, no full stop.
    pub message: String,
    /// Where it is, in bytes of the text on that side, if that is known.
    pub range: Option<Range<usize>>,
    /// The text that is wrong, or that doesn't fit on the other.
    pub side: Side,
}

impl Fault {
    /// Says on which side the text with the fault is.
    pub(super) fn on(self, side: Side) -> FormatError {
        FormatError {
            message: self.message,
            range: self.range,
            side,
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl fmt::Display for FormatError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for Fault {}
impl std::error::Error for FormatError {}
