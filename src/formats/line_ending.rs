//! How the lines of a text end.

/// The characters between two lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineEnding {
    /// `\n`
    Unix,
    /// `\r\n`
    Windows,
}

impl LineEnding {
    /// Tells how the first line of a text ends.
    pub fn of(text: &str) -> LineEnding {
        match text.find('\n') {
            Some(end) if text[..end].ends_with('\r') => LineEnding::Windows,
            _ => LineEnding::Unix,
        }
    }

    /// Ends all lines of a text alike.
    pub fn apply(self, text: &str) -> String {
        let unix = text.replace("\r\n", "\n");
        match self {
            LineEnding::Unix => unix,
            LineEnding::Windows => unix.replace('\n', "\r\n"),
        }
    }
}
