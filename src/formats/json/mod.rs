//! JSON, object by object; comments aren't JSON.

mod keys;
mod merge;

use serde::Serialize;
use serde_json::Value;
use serde_json::map::Entry;
use serde_json::ser::{PrettyFormatter, Serializer};

use super::error::{Fault, FormatError, Side};
use super::merge::{Merged, Versions};
pub(super) use keys::keys;

/// What a level is indented by where the lower text doesn't tell.
const INDENT: &str = "  ";

/// Lays a document over another one: objects recursively, arrays get what they lack, and of two
/// other values the upper one wins.
pub(super) fn compose(below: &str, above: &str) -> Result<String, FormatError> {
    let mut document = parse(below).map_err(|fault| fault.on(Side::Below))?;
    let upper = parse(above).map_err(|fault| fault.on(Side::Above))?;
    let mut path = Vec::new();
    lay_over(&mut document, upper, &mut path)?;
    print(&document, indent(below)).map_err(|error| FormatError {
        message: format!("the composed document can't be written: {error}"),
        range: None,
        side: Side::Above,
    })
}

/// Merges two changes of a document: objects recursively, arrays as sets whose order is the
/// user's.
pub(super) fn merge(texts: &Versions<&str>) -> Result<Merged, FormatError> {
    let values = Versions {
        base: parse_or_empty(texts.base).map_err(|fault| fault.on(Side::Base))?,
        yours: parse(texts.yours).map_err(|fault| fault.on(Side::Yours))?,
        desired: parse(texts.desired).map_err(|fault| fault.on(Side::Desired))?,
    };
    let lossy = || FormatError {
        message: "the document has keys twice, or numbers or texts in a spelling of their own"
            .to_owned(),
        range: None,
        side: Side::Yours,
    };
    let indent = indent(texts.yours);
    let before = print(&values.yours, indent)
        .ok()
        .filter(|printed| has_words_of(printed, texts.yours));
    let before = before.ok_or_else(lossy)?;
    let merged = merge::merge(&values);
    let [base, yours, desired] =
        [&merged.base, &merged.yours, &merged.desired].map(|value| print(value, indent));
    let print = |printed: Result<String, String>| printed.map_err(|_| lossy());
    let merged = Merged::of(Versions {
        base: print(base)?,
        yours: print(yours)?,
        desired: print(desired)?,
    });
    Ok(match merged {
        Merged::Clean(text) if text == before => Merged::Clean(texts.yours.to_owned()),
        Merged::Clean(text) if !texts.yours.ends_with('\n') => {
            Merged::Clean(text.trim_end().to_owned())
        }
        merged => merged,
    })
}

/// Reads a document; of nothing, an object without keys.
fn parse_or_empty(text: &str) -> Result<Value, Fault> {
    if text.trim().is_empty() {
        return Ok(Value::Object(serde_json::Map::new()));
    }
    parse(text)
}

/// Tells whether two texts differ in nothing but space.
fn has_words_of(text: &str, other: &str) -> bool {
    let words = |text: &str| text.split_ascii_whitespace().collect::<String>();
    words(text) == words(other)
}

/// Tells why a text isn't JSON.
pub(super) fn check(text: &str) -> Result<(), Fault> {
    parse(text).map(|_| ())
}

fn parse(text: &str) -> Result<Value, Fault> {
    serde_json::from_str(text).map_err(|error| {
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

fn lay_over(below: &mut Value, above: Value, path: &mut Vec<String>) -> Result<(), FormatError> {
    match (below, above) {
        (Value::Object(below), Value::Object(above)) => {
            for (key, value) in above {
                path.push(key.clone());
                match below.entry(key) {
                    Entry::Occupied(mut lower) => lay_over(lower.get_mut(), value, path)?,
                    Entry::Vacant(free) => {
                        free.insert(value);
                    }
                }
                path.pop();
            }
        }
        (Value::Array(below), Value::Array(above)) => {
            let mut known: std::collections::HashSet<String> =
                below.iter().map(canonical).collect();
            below.extend(
                above
                    .into_iter()
                    .filter(|item| known.insert(canonical(item))),
            );
        }
        (below, above) if kind(below) == kind(&above) => *below = above,
        (below, above) => return Err(conflict(path, kind(below), kind(&above))),
    }
    Ok(())
}

/// Writes a value so that equal values give equal texts, whatever the order of their keys.
fn canonical(value: &Value) -> String {
    match value {
        Value::Object(object) => {
            let mut members: Vec<String> = object
                .iter()
                .map(|(key, value)| format!("{key:?}:{}", canonical(value)))
                .collect();
            members.sort();
            format!("{{{}}}", members.join(","))
        }
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(canonical).collect();
            format!("[{}]", items.join(","))
        }
        scalar => scalar.to_string(),
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Object(_) => "an object",
        Value::Array(_) => "an array",
        _ => "a single value",
    }
}

fn conflict(path: &[String], below: &str, above: &str) -> FormatError {
    let place = if path.is_empty() {
        "the document".to_owned()
    } else {
        format!("key '{}'", path.join("."))
    };
    FormatError {
        message: format!("{place} is {below} below and {above} above"),
        range: None,
        side: Side::Above,
    }
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

fn print(document: &Value, indent: &str) -> Result<String, String> {
    let mut bytes = Vec::new();
    let formatter = PrettyFormatter::with_indent(indent.as_bytes());
    document
        .serialize(&mut Serializer::with_formatter(&mut bytes, formatter))
        .map_err(|error| error.to_string())?;
    bytes.push(b'\n');
    String::from_utf8(bytes).map_err(|error| error.to_string())
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
