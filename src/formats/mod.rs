//! What is known of file formats: how one text is laid over another, how two changes of one text
//! are merged, and when a text is valid.
//!
//! It owns the rules of each format, one file or folder per format. All of it is pure: texts in,
//! texts out; it never knows a template, a terminal or the disk.

mod error;
mod json;
mod line_ending;
mod lines;
mod merge;
mod order;
mod requirement;
mod text;
mod toml;
mod yaml;

#[cfg(test)]
mod properties;

pub use error::{Fault, FormatError, Side};
pub use merge::Merged;
pub use text::is_text;

use crate::tree::ProjectPath;
pub use line_ending::LineEnding;
use merge::Versions;

/// What a file is, told by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// Tables and keys with comments: `*.toml`.
    Toml,
    /// Objects: `*.json`. The user's may have comments.
    Json,
    /// Lines in paragraphs: ignore files, `.gitattributes`, `.env` and `.env.*`.
    Lines,
    /// `*.yml` and `*.yaml`; only known to be valid or not.
    Yaml,
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
            Some((_, "yml" | "yaml")) => Format::Yaml,
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
            Format::Yaml | Format::Text => return None,
        };
        Some(composed.map(|text| LineEnding::of(below).apply(&text)))
    }

    /// Merges what `yours` and `desired` changed since `base`; `None` where nothing is known of the format.
    ///
    /// What only one of them changed is taken as it is there; the rest looks as it does in `yours`,
    /// and has its line ending. What the user removed stays away, and what the user changed stays
    /// when the template removes it. With an empty `base` everything counts as added by both.
    pub fn merge(
        self,
        base: &str,
        yours: &str,
        desired: &str,
    ) -> Option<Result<Merged, FormatError>> {
        let merge = match self {
            Format::Toml => toml::merge,
            Format::Json => json::merge,
            Format::Lines => lines::merge,
            Format::Yaml | Format::Text => return None,
        };
        let texts = Versions {
            base,
            yours,
            desired,
        };
        if let Some(text) = merge::settle(&texts) {
            return Some(Ok(Merged::Clean(text)));
        }
        let ending = LineEnding::of(yours);
        let unix = texts.map(|text| LineEnding::Unix.apply(text));
        let merged = merge(&unix.as_deref()).map(|merged| merged.map(|text| ending.apply(text)));
        Some(merged.and_then(|merged| self.check_merged(merged)))
    }

    /// Gives `yours` what it lacks of `desired`; `None` where nothing is known of the format.
    ///
    /// What is there stays as it is: in TOML a list, too, unless it is one of requirements, which
    /// gains the packages that it doesn't name.
    pub fn gain(self, yours: &str, desired: &str) -> Option<Result<Merged, FormatError>> {
        if self != Format::Toml {
            return self.merge("", yours, desired);
        }
        let [own, new] = [yours, desired].map(|text| LineEnding::Unix.apply(text));
        match toml::lacking(&own, &new) {
            Ok(lacking) => self.merge("", yours, &lacking),
            Err(fault) => Some(Err(fault.on(Side::Yours))),
        }
    }

    /// Gives a text without some keys; `None` where the format isn't known to have any.
    pub fn without(self, text: &str, keys: &[&str]) -> Option<Result<String, Fault>> {
        let ending = LineEnding::of(text);
        let without = || toml::without(&LineEnding::Unix.apply(text), keys);
        (self == Format::Toml).then(|| without().map(|text| ending.apply(&text)))
    }

    /// Makes sure that a clean text is valid, too.
    fn check_merged(self, merged: Merged) -> Result<Merged, FormatError> {
        if let Merged::Clean(text) = &merged {
            let checked = match self {
                Format::Json => json::check_merged(text),
                other => other.check(text),
            };
            checked.map_err(|fault| FormatError {
                message: format!("the merged document isn't valid: {}", fault.message),
                range: None,
                side: Side::Desired,
            })?;
        }
        Ok(merged)
    }

    /// Gives the keys that each line of a text holds a part of, the one that it begins with first;
    /// `None` where the format has no keys, or the text isn't valid.
    ///
    /// Two texts that were composed have the same keys where they say something about the same.
    pub fn keys(self, text: &str) -> Option<Vec<Vec<String>>> {
        match self {
            Format::Toml => toml::keys(text).ok(),
            Format::Json => json::keys(text).ok(),
            Format::Lines => Some(lines::keys(text)),
            Format::Yaml | Format::Text => None,
        }
    }

    /// Tells why a text isn't valid in this format; lines and text always are.
    pub fn check(self, text: &str) -> Result<(), Fault> {
        match self {
            Format::Toml => toml::check(text),
            Format::Json => json::check(text),
            Format::Yaml => yaml::check(text),
            Format::Lines | Format::Text => Ok(()),
        }
    }
}

/// Gives every requirement in a TOML text: its key, with the package as the last name, and the
/// normalised name of the package.
pub fn packages(text: &str) -> Vec<(String, String)> {
    toml::packages(text)
}

/// Tells whether a text is a dotted key.
pub fn is_key(text: &str) -> bool {
    toml::names(text).is_some()
}

/// Gives the normalised name of the package that a requirement is about (PEP 503); `None` when the
/// text isn't a requirement.
pub fn package_name(requirement: &str) -> Option<String> {
    requirement::Requirement::parse(requirement).map(|parsed| parsed.normalised_name())
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
            ("ci.yml", Format::Yaml),
            ("compose.yaml", Format::Yaml),
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

    #[test]
    fn merged_texts_have_the_line_ending_of_the_users() {
        let cases = [
            (
                Format::Toml,
                ["a = 1\n", "a = 1\r\nu = [\r\n  1,\r\n]\r\n", "a = 2\n"],
                "a = 2\r\nu = [\r\n  1,\r\n]\r\n",
            ),
            (
                Format::Toml,
                ["a = 1\r\n", "a = 1\nu = 1\n", "a = 2\r\n"],
                "a = 2\nu = 1\n",
            ),
            (
                Format::Lines,
                ["a\n", "a\r\nu\r\n", "a\nb\n"],
                "a\r\nb\r\nu\r\n",
            ),
            (
                Format::Json,
                ["{}\n", "{\r\n\t\"u\": 1\r\n}", "{\"a\": 1}"],
                "{\r\n\t\"u\": 1,\r\n\t\"a\": 1\r\n}",
            ),
        ];
        for (format, [base, yours, desired], expected) in cases {
            let merged = format.merge(base, yours, desired);
            assert_eq!(merged, Some(Ok(Merged::Clean(expected.to_owned()))));
        }
    }

    #[test]
    fn what_can_not_be_read_is_an_error_that_tells_the_side() {
        assert_eq!(Format::Text.merge("a", "b", "c"), None);
        for (format, texts) in [
            (Format::Toml, ["a = 1", "b = 1", "c = 1"]),
            (Format::Json, ["[1]", "[2]", "[3]"]),
        ] {
            for (place, side) in [Side::Base, Side::Yours, Side::Desired]
                .into_iter()
                .enumerate()
            {
                let mut texts = texts;
                texts[place] = "[[";
                let error = format.merge(texts[0], texts[1], texts[2]);
                assert_eq!(error.unwrap().unwrap_err().side, side);
            }
        }
    }
}
