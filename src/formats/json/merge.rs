//! Three versions of a document, merged key by key into the text of the user's.

use std::collections::HashMap;

use super::document::{Classes, Document, Member, Node, Parts};
use super::layout::{Frame, Piece, Place, Style};
use crate::formats::merge::{Choice, Versions};
use crate::formats::order;

/// A value in three versions, each of which may lack it.
type Values<'n, 't> = Versions<Option<&'n Node<'t>>>;

/// What becomes of a value: its text in each version that has it.
type Texts = Versions<Option<String>>;

/// What is in an object or an array in three versions.
type Contents<'n, 't> = Versions<&'n Parts<'t>>;

/// Merges documents into three texts that are alike where both sides' changes fit together.
///
/// All that nobody changed is written as the user has it, byte by byte.
pub(super) fn merge(documents: &Versions<Document>, texts: &Versions<&str>) -> Versions<String> {
    let style = Style::of(&documents.yours, (texts.yours, texts.desired));
    let roots = documents.each_ref().map(|document| Some(&document.root));
    let merged = merge_values(&roots, style.root());
    let yours = &documents.yours;
    merged.map(|text| {
        let text = text.unwrap_or_default();
        format!("{}{text}{}", yours.before, yours.after)
    })
}

/// Merges a value that the user has.
fn merge_values(values: &Values, place: Place) -> Texts {
    let choice = values.choose_present();
    let is_settled = choice == Choice::Yours && values.desired.is_some();
    let none = Parts::default();
    let merged = if is_settled {
        None
    } else {
        let objects = values.map(|value| value.and_then(Node::object));
        let arrays = values.map(|value| value.and_then(Node::array));
        // What the template drops of an object leaves what the user put into it.
        let is_dropped =
            values.desired.is_none() && values.base.is_some() && choice == Choice::Yours;
        let desired = objects.desired.or(is_dropped.then_some(&none));
        match (objects.yours, desired, arrays.yours, arrays.desired) {
            (Some(yours), Some(desired), ..) => {
                let base = objects.base.unwrap_or(&none);
                Some((
                    "{}",
                    Versions {
                        base,
                        yours,
                        desired,
                    },
                ))
            }
            (_, _, Some(yours), Some(desired)) => {
                let base = arrays.base.unwrap_or(&none);
                Some((
                    "[]",
                    Versions {
                        base,
                        yours,
                        desired,
                    },
                ))
            }
            _ => None,
        }
    };
    if let Some((brackets, contents)) = merged {
        let frame = place.frame(contents.yours, contents.desired);
        return merge_contents(brackets, &contents, &frame);
    }
    let text = |value: Option<&Node>| value.map(|value| place.take(value));
    let own = values.yours.map(|value| value.text.to_owned());
    match choice {
        Choice::Yours => Versions::alike(&own),
        Choice::Desired => Versions::alike(&text(values.desired)),
        Choice::Neither => Versions {
            base: text(values.base),
            yours: own,
            desired: text(values.desired),
        },
    }
}

/// Merges what is in objects by key, and what is in arrays as sets; what the template alone changed
/// in an array is in its order.
fn merge_contents(brackets: &str, contents: &Contents, frame: &Frame) -> Texts {
    let is_array = brackets == "[]";
    let keys = contents.map(|parts| if is_array { items(parts) } else { names(parts) });
    let members = Versions {
        base: by_key(&keys.base, contents.base),
        yours: by_key(&keys.yours, contents.yours),
        desired: by_key(&keys.desired, contents.desired),
    };
    let order = if is_array && keys.base == keys.yours {
        keys.desired.clone()
    } else {
        order::merge(&keys.each_ref().map(Vec::as_slice))
    };
    let mut pieces: Versions<Vec<(Piece, String)>> = Versions::default();
    for key in &order {
        let versions = members.each_ref().map(|members| members.get(key).copied());
        let piece = match (versions.yours, versions.desired.or(versions.base)) {
            (Some(own), _) => Piece::Own(own),
            (None, Some(new)) => Piece::New(new),
            (None, None) => continue,
        };
        let values = versions.map(|member| member.map(|member| &member.value));
        let indent = frame.indent_of(piece);
        let place = frame.place(&indent);
        let mut merged = if values.yours.is_some() {
            merge_values(&values, place)
        } else {
            merge_new(&values, place)
        };
        for (pieces, text) in pieces.each().into_iter().zip(merged.each()) {
            pieces.extend(text.take().map(|text| (piece, text)));
        }
    }
    pieces.map(|pieces| Some(frame.write(brackets.split_at(1), &pieces)))
}

/// Merges a value that the user hasn't.
fn merge_new(values: &Values, place: Place) -> Texts {
    match values.choose_present() {
        Choice::Yours | Choice::Neither => Versions::default(),
        Choice::Desired => Versions::alike(&values.desired.map(|value| place.take(value))),
    }
}

fn names(parts: &Parts) -> Vec<String> {
    let members = parts.members.iter();
    members.map(|member| member.name.clone()).collect()
}

/// Names items by what identifies them, or by all that they say.
fn items(parts: &Parts) -> Vec<String> {
    order::keys(&parts.members, identity, |member| {
        member.value.class.to_string()
    })
}

fn identity(item: &Member) -> Option<String> {
    let object = item.value.object()?;
    let value = |name: &&str| {
        let mut members = object.members.iter();
        let found = members.find(|member| member.name == *name)?;
        Some(format!("{name}={}", found.value.class))
    };
    order::IDENTITIES.iter().find_map(value)
}

fn by_key<'n, 't>(keys: &[String], parts: &'n Parts<'t>) -> HashMap<String, &'n Member<'t>> {
    keys.iter().cloned().zip(&parts.members).collect()
}

/// Reads three documents; of nothing, an object without keys.
pub(super) fn parse<'t>(
    texts: &Versions<&'t str>,
) -> Result<Versions<Document<'t>>, super::FormatError> {
    use super::Side;
    let mut classes = Classes::default();
    let base = if texts.base.trim().is_empty() {
        Document::empty(&mut classes)
    } else {
        let base = Document::parse(texts.base, &mut classes);
        base.map_err(|fault| fault.on(Side::Base))?
    };
    let yours = Document::parse(texts.yours, &mut classes);
    let desired = Document::parse(texts.desired, &mut classes);
    Ok(Versions {
        base,
        yours: yours.map_err(|fault| fault.on(Side::Yours))?,
        desired: desired.map_err(|fault| fault.on(Side::Desired))?,
    })
}

#[cfg(test)]
mod tests {
    use crate::formats::{Format, Merged};

    fn merge(texts: [&str; 3]) -> Merged {
        let merged = Format::Json.merge(texts[0], texts[1], texts[2]);
        merged.unwrap().unwrap()
    }

    #[track_caller]
    fn assert_merges(texts: [&str; 3], expected: &str) {
        let [base, yours, desired] = texts;
        let expected: serde_json::Value = serde_json::from_str(expected).unwrap();
        let Merged::Clean(text) = merge([base, yours, desired]) else {
            panic!("conflict");
        };
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(value.to_string(), expected.to_string(), "got:\n{text}");
        assert_eq!(merge([desired, &text, desired]), Merged::Clean(text));
    }

    #[test]
    fn documents_are_merged_by_key() {
        let cases = [
            (
                [
                    r#"{"a":1,"b":1}"#,
                    r#"{"u":1,"b":1,"a":2}"#,
                    r#"{"a":1,"c":1,"b":3}"#,
                ],
                r#"{"u":1,"b":3,"a":2,"c":1}"#,
            ),
            (
                [
                    r#"{"a":{"x":1,"y":1},"b":1}"#,
                    r#"{"a":{"x":1,"y":2},"b":1}"#,
                    r#"{"b":1}"#,
                ],
                r#"{"a":{"y":2},"b":1}"#,
            ),
            (
                [
                    r#"{"a":{"x":1},"b":1}"#,
                    r#"{"a":{"x":1},"b":2}"#,
                    r#"{"b":1}"#,
                ],
                r#"{"b":2}"#,
            ),
            (
                [
                    r#"{"a":[1,2],"b":1}"#,
                    r#"{"a":[1,2,9],"b":1}"#,
                    r#"{"a":[3,2],"b":1}"#,
                ],
                r#"{"a":[3,2,9],"b":1}"#,
            ),
            (
                [r#"{"a":1,"b":1}"#, r#"{"b":1}"#, r#"{"a":2,"b":2}"#],
                r#"{"b":2}"#,
            ),
            (
                [
                    r#"[{"name":"x","a":1},{"name":"y"}]"#,
                    r#"[{"name":"x","a":1,"u":1},{"name":"y"},{"name":"z"}]"#,
                    r#"[{"name":"x","a":2}]"#,
                ],
                r#"[{"name":"x","a":2,"u":1},{"name":"z"}]"#,
            ),
            (
                ["", r#"{"a":[1]}"#, r#"{"a":[2],"b":1}"#],
                r#"{"a":[1,2],"b":1}"#,
            ),
        ];
        for (texts, expected) in cases {
            assert_merges(texts, expected);
        }
    }

    #[test]
    fn keys_that_both_changed_differ_in_one_line() {
        assert_eq!(
            merge([
                "{\n    \"a\": 1,\n    \"b\": 1\n}\n",
                "{\n    \"a\": 2,\n    \"b\": 1\n}\n",
                "{\"a\": 3, \"b\": 2}",
            ]),
            Merged::Conflict {
                base: "{\n    \"a\": 1,\n    \"b\": 2\n}\n".to_owned(),
                yours: "{\n    \"a\": 2,\n    \"b\": 2\n}\n".to_owned(),
                desired: "{\n    \"a\": 3,\n    \"b\": 2\n}\n".to_owned(),
            }
        );
    }

    #[test]
    fn a_key_that_is_there_twice_is_an_error() {
        let merged = Format::Json.merge("{}", r#"{"a": 1, "a": 2}"#, r#"{"b": 1}"#);
        let error = merged.unwrap().unwrap_err();
        assert_eq!(error.side, crate::formats::Side::Yours);
    }

    #[test]
    fn what_nobody_changed_stays_as_it_is_written() {
        let cases = [
            // Numbers and texts in a spelling of their own.
            (
                [
                    r#"{"n": [12345678901234567890123, 1.10, 1e5, -0], "t": "é", "a": 1}"#,
                    r#"{"n": [12345678901234567890123, 1.10, 1e5, -0], "t": "\u00e9", "a": 1}"#,
                    r#"{"n": [12345678901234567890123, 1.10, 1e5, -0], "t": "é", "a": 2.50}"#,
                ],
                r#"{"n": [12345678901234567890123, 1.10, 1e5, -0], "t": "\u00e9", "a": 2.50}"#,
            ),
            // Lines, commas and comments of the user's.
            (
                [
                    "{\n  \"a\": [1, 2],\n  \"b\": {\"x\": 1}\n}\n",
                    "// ours\n{\n\t\"b\": { \"x\" : 1 }, // why\n\n\t/* two */\n\t\"a\": [1,\n\t\t2], // last\n}\n// end",
                    "{\n  \"a\": [1, 2, 3],\n  \"b\": {\"x\": 1, \"y\": [true]},\n  \"c\": {\n    \"d\": [\n      null\n    ]\n  }\n}\n",
                ],
                "// ours\n{\n\t\"b\": { \"x\" : 1, \"y\" : [true] }, // why\n\t\"c\": {\n\t\t\"d\": [\n\t\t\tnull\n\t\t]\n\t},\n\n\t/* two */\n\t\"a\": [1,\n\t\t2,\n\t\t3], // last\n}\n// end",
            ),
            // All on one line.
            (
                [
                    r#"{"a":1}"#,
                    r#"{"a":1,"u":2}"#,
                    "{\n  \"a\": 1,\n  \"b\": {\n    \"c\": [1]\n  }\n}\n",
                ],
                r#"{"a":1,"b":{"c":[1]},"u":2}"#,
            ),
            // The last one goes, and its comma with it.
            (
                [
                    "{\n  \"a\": 1,\n  \"b\": 2\n}\n",
                    "{\n    \"u\": 0, \"a\": 1,\n    \"b\": 2\n}\n",
                    "{\n  \"a\": 1\n}\n",
                ],
                "{\n    \"u\": 0, \"a\": 1\n}\n",
            ),
            // What was empty is filled, and the other way round.
            (
                [
                    "{\"a\": {}, \"b\": [1]}",
                    "{\n    \"a\": {},\n    \"b\": [1], \"u\": 1\n}",
                    "{\n  \"a\": {\n    \"x\": 1\n  },\n  \"b\": []\n}",
                ],
                "{\n    \"a\": {\n        \"x\": 1\n    },\n    \"b\": [], \"u\": 1\n}",
            ),
            // Comments of the template's come with what they are about.
            (
                [
                    "{\n  \"a\": 1\n}",
                    "{\n    \"a\": 1,\n    \"u\": 1\n}",
                    "{\n  \"a\": 1,\n  // why\n  \"b\": 2 // so\n}",
                ],
                "{\n    \"a\": 1,\n    // why\n    \"b\": 2, // so\n    \"u\": 1\n}",
            ),
            // The comment of an item goes with it.
            (["[1, 2]", "[1, // one\n 2, 5]", "[2]"], "[\n 2, 5]"),
        ];
        for (texts, expected) in cases {
            assert_eq!(merge(texts), Merged::Clean(expected.to_owned()));
        }
    }

    #[test]
    fn long_documents_are_merged() {
        let keys = |from: usize, to: usize| -> Vec<String> {
            (from..to)
                .map(|key| format!("\"key{key}\": {key}"))
                .collect()
        };
        let object =
            |members: &[Vec<String>]| format!("{{\n  {}\n}}\n", members.concat().join(",\n  "));
        let merged = merge([
            &object(&[keys(0, 2000)]),
            &object(&[keys(1, 4000)]),
            &object(&[keys(0, 1900), keys(5000, 7000)]),
        ]);
        let expected = object(&[keys(1, 1900), keys(5000, 7000), keys(2000, 4000)]);
        assert_eq!(merged, Merged::Clean(expected));
    }
}
