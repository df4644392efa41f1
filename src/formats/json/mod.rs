//! JSON, object by object.
//!
//! What one side of a merge changed is written into the text of the user's, so that all else stays
//! as it is, with the comments and commas that some tools allow.

mod compose;
mod document;
mod keys;
mod layout;
mod merge;

use serde::de::IgnoredAny;

use super::error::{Fault, FormatError, Side};
use super::merge::{Merged, Versions};
use document::{Classes, Document};
pub(super) use keys::keys;

/// What a level is indented by where the text doesn't tell.
const INDENT: &str = "  ";

/// Lays a document over another one: objects recursively, arrays get what they lack, and of two
/// other values the upper one wins.
pub(super) fn compose(below: &str, above: &str) -> Result<String, FormatError> {
    let mut classes = Classes::default();
    let mut read = |text, side| {
        check(text)
            .and_then(|()| Document::parse(text, &mut classes))
            .map_err(|fault| fault.on(side))
    };
    let (lower, upper) = (read(below, Side::Below)?, read(above, Side::Above)?);
    compose::lay_over(&lower.root, &upper.root, indent(below))
}

/// Merges two changes of a document: objects recursively, arrays as sets whose order is the
/// user's.
pub(super) fn merge(texts: &Versions<&str>) -> Result<Merged, FormatError> {
    let documents = merge::parse(texts)?;
    Ok(Merged::of(merge::merge(&documents, texts)))
}

/// Tells why a merged text can't be read any more.
pub(super) fn check_merged(text: &str) -> Result<(), Fault> {
    Document::parse(text, &mut Classes::default()).map(|_| ())
}

/// Tells why a text isn't JSON.
pub(super) fn check(text: &str) -> Result<(), Fault> {
    let parsed: Result<IgnoredAny, _> = serde_json::from_str(text);
    parsed.map(|_| ()).map_err(|error| {
        let start = offset(text, error.line(), error.column());
        let full = error.to_string();
        let position = format!(" at line {} column {}", error.line(), error.column());
        Fault {
            message: full.strip_suffix(&position).unwrap_or(&full).to_owned(),
            range: Some(start..start),
        }
    })
}

/// Turns a line and a column, both counted from 1, into bytes; `serde_json` counts columns in bytes.
fn offset(text: &str, line: usize, column: usize) -> usize {
    let before: usize = text
        .split_inclusive('\n')
        .take(line.saturating_sub(1))
        .map(str::len)
        .sum();
    let mut start = (before + column.saturating_sub(1)).min(text.len());
    while !text.is_char_boundary(start) {
        start -= 1;
    }
    start
}

/// Gives what the first indented line of a text begins with.
fn indent(text: &str) -> &str {
    text.lines()
        .find_map(|line| {
            let space = &line[..line.len() - line.trim_start().len()];
            (!space.is_empty() && space.len() < line.len()).then_some(space)
        })
        .unwrap_or(INDENT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_compose() {
        let cases = [
            ("{}", r#"{"a": 1}"#, "{\n  \"a\": 1\n}\n"),
            (r#"{"a": 1}"#, r#"{"a": 2}"#, "{\n  \"a\": 2\n}\n"),
            (r#"{"a": 1}"#, r#"{"a": "x"}"#, "{\n  \"a\": \"x\"\n}\n"),
            (
                r#"{"b": {"x": 1}, "a": [1, 2]}"#,
                r#"{"a": [2, 3], "b": {"y": null}}"#,
                "{\n  \"b\": {\n    \"x\": 1,\n    \"y\": null\n  },\n  \"a\": [\n    1,\n    2,\n    3\n  ]\n}\n",
            ),
            (
                "{\n    \"a\": {}\n}\n",
                r#"{"a": {"b": 1}}"#,
                "{\n    \"a\": {\n        \"b\": 1\n    }\n}\n",
            ),
            (
                "{\n\t\"a\": 1\n}",
                r#"{"b": []}"#,
                "{\n\t\"a\": 1,\n\t\"b\": []\n}\n",
            ),
            (
                r#"[{"a": 1, "b": 2}]"#,
                r#"[{"b": 2, "a": 1}]"#,
                "[\n  {\n    \"a\": 1,\n    \"b\": 2\n  }\n]\n",
            ),
        ];
        for (below, above, expected) in cases {
            let composed = compose(below, above).unwrap();
            assert_eq!(composed, expected);
            assert_eq!(compose(&composed, above).unwrap(), composed);
        }
    }

    #[test]
    fn different_kinds_are_an_error_that_names_the_key() {
        let cases = [
            (
                r#"{"a": {"b": []}}"#,
                r#"{"a": {"b": {}}}"#,
                "key 'a.b' is an array below and an object above",
            ),
            (
                r#"{"a": {}}"#,
                r#"{"a": 1}"#,
                "key 'a' is an object below and a single value above",
            ),
            (
                "[]",
                "{}",
                "the document is an array below and an object above",
            ),
        ];
        for (below, above, message) in cases {
            let error = compose(below, above).unwrap_err();
            assert_eq!(error.message, message);
            assert_eq!(error.side, Side::Above);
        }
    }

    #[test]
    fn what_is_no_json_is_an_error_with_its_place() {
        let fault = check("{\n  // no\n}\n").unwrap_err();
        assert_eq!(fault.message, "key must be a string");
        assert_eq!(fault.range, Some(4..4));
        assert_eq!(check("{\"a\": 1,}").unwrap_err().range, Some(8..8));
        assert_eq!(check("").unwrap_err().range, Some(0..0));
        assert_eq!(compose("{", "{}").unwrap_err().side, Side::Below);
        assert_eq!(compose("{}", "é").unwrap_err().side, Side::Above);
    }
}
