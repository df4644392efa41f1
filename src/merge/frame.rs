//! What stands around the lines of a text, and comes and goes with editors.

use std::borrow::Cow;

/// What some editors write before a text.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Whether a text begins with a byte order mark, and whether its last line ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Frame {
    is_marked: bool,
    is_ended: bool,
}

impl Frame {
    /// Looks at a text.
    pub(super) fn of(text: &[u8]) -> Self {
        let is_marked = text.starts_with(BYTE_ORDER_MARK);
        let lines = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text);
        Frame {
            is_marked,
            is_ended: lines.is_empty() || lines.ends_with(b"\n"),
        }
    }

    /// Gives the user's frame where the user changed it, else the template's.
    pub(super) fn merge(base: Option<Self>, yours: Self, desired: Self) -> Self {
        let base = base.unwrap_or(desired);
        let choose = |of: fn(Frame) -> bool| {
            if of(yours) == of(base) {
                of(desired)
            } else {
                of(yours)
            }
        };
        Frame {
            is_marked: choose(|frame| frame.is_marked),
            is_ended: choose(|frame| frame.is_ended),
        }
    }

    /// Gives the lines of a text alone, all of them ended.
    pub(super) fn strip(text: &[u8]) -> Cow<'_, [u8]> {
        let lines = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text);
        if Frame::of(text).is_ended {
            return Cow::Borrowed(lines);
        }
        let is_windows = lines.windows(2).any(|pair| pair == b"\r\n");
        let ending: &[u8] = if is_windows { b"\r\n" } else { b"\n" };
        Cow::Owned([lines, ending].concat())
    }

    /// Puts the frame around lines.
    pub(super) fn put(self, lines: Vec<u8>) -> Vec<u8> {
        let mut lines = lines;
        if !self.is_ended && lines.last() == Some(&b'\n') {
            lines.pop();
            if lines.last() == Some(&b'\r') {
                lines.pop();
            }
        }
        self.mark(lines)
    }

    /// Puts only what stands before a text there.
    pub(super) fn mark(self, lines: Vec<u8>) -> Vec<u8> {
        if self.is_marked {
            [BYTE_ORDER_MARK, &lines].concat()
        } else {
            lines
        }
    }
}
