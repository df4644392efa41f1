//! What is known of file formats: how one text is laid over another, and when a text is valid.
//!
//! It owns the rules of each format, one file or folder per format. All of it is pure: texts in,
//! texts out; it never knows a template, a terminal or the disk.

mod error;
mod json;
mod line_ending;
mod lines;
mod requirement;
mod toml;

#[cfg(test)]
mod properties;

pub use error::{Fault, FormatError, Side};

use crate::tree::ProjectPath;
use line_ending::LineEnding;

/// What a file is, told by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// Tables and keys with comments: `*.toml`.
    Toml,
    /// Objects without comments: `*.json`.
    Json,
    /// Lines in paragraphs: ignore files, `.gitattributes`, `.env` and `.env.*`.
    Lines,
    /// Everything else; nothing is known of it.
    Text,
}

impl Format {
    /// Tells the format of the file at a path.
    pub fn of(path: &ProjectPath) -> Format {
        let name = path.file_name();
        if let Some(rest) = name.strip_prefix('.') {
            let is_environment = rest == "env" || rest.starts_with("env.");
            if is_environment || rest == "gitattributes" || rest.ends_with("ignore") {
                return Format::Lines;
            }
        }
        match name.rsplit_once('.') {
            Some((_, "toml")) => Format::Toml,
            Some((_, "json")) => Format::Json,
            _ => Format::Text,
        }
    }

    /// Lays a text over another one; `None` where nothing is known of the format.
    ///
    /// Laying the same text over the result once more changes nothing. The result has the line
    /// ending of the lower text.
    pub fn compose(self, below: &str, above: &str) -> Option<Result<String, FormatError>> {
        let composed = match self {
            Format::Toml => toml::compose(below, above),
            Format::Json => json::compose(below, above),
            Format::Lines => Ok(lines::compose(below, above)),
            Format::Text => return None,
        };
        Some(composed.map(|text| LineEnding::of(below).apply(&text)))
    }

    /// Tells why a text isn't valid in this format; lines and text always are.
    pub fn check(self, text: &str) -> Result<(), Fault> {
        match self {
            Format::Toml => toml::check(text),
            Format::Json => json::check(text),
            Format::Lines | Format::Text => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_told_by_name() {
        let cases = [
            ("pyproject.toml", Format::Toml),
            ("a/b/ruff.toml", Format::Toml),
            (".devcontainer/devcontainer.json", Format::Json),
            (".gitignore", Format::Lines),
            ("docs/.gitignore", Format::Lines),
            (".dockerignore", Format::Lines),
            (".prettierignore", Format::Lines),
            (".gitattributes", Format::Lines),
            (".env", Format::Lines),
            (".env.example", Format::Lines),
            (".envrc", Format::Text),
            ("toml", Format::Text),
            ("tool.lock", Format::Text),
            ("main.py", Format::Text),
            ("tsconfig.jsonc", Format::Text),
        ];
        for (path, format) in cases {
            assert_eq!(
                Format::of(&ProjectPath::parse(path).unwrap()),
                format,
                "{path}"
            );
        }
    }

    #[test]
    fn text_can_not_be_composed_and_is_always_valid() {
        assert_eq!(Format::Text.compose("a", "b"), None);
        assert_eq!(Format::Text.check("[\0"), Ok(()));
        assert_eq!(Format::Lines.check("[\0"), Ok(()));
    }

    #[test]
    fn results_have_the_lower_line_ending() {
        let cases = [
            (Format::Toml, "a = 1\r\n", "b = 2\n", "a = 1\r\nb = 2\r\n"),
            (Format::Toml, "a = 1\n", "b = 2\r\n", "a = 1\nb = 2\n"),
            (
                Format::Toml,
                "a = [\r\n    1, # one\r\n]\r\n",
                "a = [2]\n",
                "a = [\r\n    1, # one\r\n    2,\r\n]\r\n",
            ),
            (Format::Lines, "a\r\n", "b\n", "a\r\n\r\nb\r\n"),
            (Format::Lines, "a\n", "b\r\n", "a\n\nb\n"),
            (
                Format::Json,
                "{\r\n  \"a\": 1\r\n}\r\n",
                "{\"b\": 2}",
                "{\r\n  \"a\": 1,\r\n  \"b\": 2\r\n}\r\n",
            ),
        ];
        for (format, below, above, expected) in cases {
            let composed = format.compose(below, above).unwrap().unwrap();
            assert_eq!(composed, expected);
            assert_eq!(format.compose(&composed, above), Some(Ok(composed)));
        }
    }
}
