//! Three versions of a value, merged key by key.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::canonical;
use crate::formats::merge::{Choice, Versions};
use crate::formats::order;

/// A value in three versions, each of which may lack it.
type Values<'value> = Versions<Option<&'value Value>>;

/// Merges values into three that are alike where both sides' changes fit together.
pub(super) fn merge(values: &Versions<Value>) -> Versions<Value> {
    let merged = merge_values(&values.each_ref().map(Some));
    Versions {
        base: merged.base.unwrap_or_default(),
        yours: merged.yours.unwrap_or_default(),
        desired: merged.desired.unwrap_or_default(),
    }
}

fn merge_values(values: &Values) -> Versions<Option<Value>> {
    let choice = values.choose_present();
    let is_settled = choice == Choice::Yours && values.desired.is_some();
    match (values.base, values.yours, values.desired) {
        (base, Some(Value::Object(yours)), Some(Value::Object(desired))) if !is_settled => {
            merge_objects(base, yours, desired)
        }
        (Some(base), Some(Value::Object(yours)), None) if choice == Choice::Yours => {
            merge_objects(Some(base), yours, &Map::new())
        }
        (base, Some(Value::Array(yours)), Some(Value::Array(desired))) if !is_settled => {
            let base = base.and_then(Value::as_array).map(Vec::as_slice);
            merge_arrays(&Versions {
                base: base.unwrap_or_default(),
                yours,
                desired,
            })
        }
        _ => match choice {
            Choice::Yours => Versions::alike(&values.yours.cloned()),
            Choice::Desired => Versions::alike(&values.desired.cloned()),
            Choice::Neither => values.map(Option::<&Value>::cloned),
        },
    }
}

fn merge_objects(
    base: Option<&Value>,
    yours: &Map<String, Value>,
    desired: &Map<String, Value>,
) -> Versions<Option<Value>> {
    let empty = Map::new();
    let objects = Versions {
        base: base.and_then(Value::as_object).unwrap_or(&empty),
        yours,
        desired,
    };
    let keys = objects.map(|object| object.keys().collect::<Vec<_>>());
    let mut merged: Versions<Map<String, Value>> = Versions::default();
    for key in order::merge(&keys.each_ref().map(Vec::as_slice)) {
        let mut values = merge_values(&objects.map(|object| object.get(key)));
        for (object, value) in merged.each().into_iter().zip(values.each()) {
            if let Some(value) = value.take() {
                object.insert(key.clone(), value);
            }
        }
    }
    merged.map(|object| Some(Value::Object(object)))
}

/// Merges arrays as sets; what the template alone changed is in its order.
fn merge_arrays(arrays: &Versions<&[Value]>) -> Versions<Option<Value>> {
    let keys = arrays.map(|items| order::keys(items, identity, canonical));
    let all = Versions {
        base: by_key(&keys.base, arrays.base),
        yours: by_key(&keys.yours, arrays.yours),
        desired: by_key(&keys.desired, arrays.desired),
    };
    let order = if keys.base == keys.yours {
        keys.desired.clone()
    } else {
        order::merge(&keys.each_ref().map(Vec::as_slice))
    };
    let mut merged: Versions<Vec<Value>> = Versions::default();
    for key in &order {
        let mut values = merge_values(&all.each_ref().map(|items| items.get(key).copied()));
        for (items, value) in merged.each().into_iter().zip(values.each()) {
            items.extend(value.take());
        }
    }
    merged.map(|items| Some(Value::Array(items)))
}

fn identity(item: &Value) -> Option<String> {
    let object = item.as_object()?;
    let value = |name: &&str| {
        let value = object.get(*name)?;
        Some(format!("{name}={}", canonical(value)))
    };
    order::IDENTITIES.iter().find_map(value)
}

fn by_key<'value>(keys: &[String], items: &'value [Value]) -> HashMap<String, &'value Value> {
    keys.iter().cloned().zip(items).collect()
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
    fn what_can_not_be_printed_as_it_was_is_an_error() {
        for yours in [r#"{"a": 1e5}"#, r#"{"a": 1, "a": 2}"#, r#"{"a": "\u0061"}"#] {
            let merged = Format::Json.merge("{}", yours, r#"{"b": 1}"#).unwrap();
            assert_eq!(merged.unwrap_err().side, crate::formats::Side::Yours);
        }
    }

    #[test]
    fn long_documents_take_no_time() {
        let keys = |from: usize, to: usize| -> Vec<String> {
            (from..to)
                .map(|key| format!("\"key{key}\": {key}"))
                .collect()
        };
        let object =
            |members: &[Vec<String>]| format!("{{\n  {}\n}}\n", members.concat().join(",\n  "));
        let started = std::time::Instant::now();
        let merged = merge([
            &object(&[keys(0, 2000)]),
            &object(&[keys(1, 4000)]),
            &object(&[keys(0, 1900), keys(5000, 7000)]),
        ]);
        let expected = object(&[keys(1, 1900), keys(5000, 7000), keys(2000, 4000)]);
        assert_eq!(merged, Merged::Clean(expected));
        assert!(started.elapsed().as_secs() < 5);
    }
}
