//! What holds for all pairs of texts.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use proptest::prelude::*;
use toml_edit::{DocumentMut, Item, TableLike, Value};

use super::Format;

/// What composing gives; a conflict is no property of the result, and is left out.
fn compose(format: Format, below: &str, above: &str) -> Option<String> {
    format.compose(below, above).unwrap().ok()
}

fn word() -> impl Strategy<Value = String> {
    "[a-c]|[ab]-[cd]|'[a-b] c'"
}

fn comment() -> impl Strategy<Value = String> {
    "|||  # [xy]"
}

fn requirement() -> impl Strategy<Value = String> {
    "(a|b-c|B_c|d)(|\\[(x|y|x,y)\\])(|>=1|==2)(|; m == '1'|; m == '2')"
}

/// An array on one line, or one item a line with comments.
fn array(item: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
    let items = prop::collection::vec((item, comment()), 0..4);
    (items, any::<bool>()).prop_map(|(items, is_tall)| {
        let mut text = "[".to_owned();
        for (item, comment) in &items {
            if is_tall {
                write!(text, "\n  {item},{comment}").unwrap();
            } else {
                write!(text, "{item}, ").unwrap();
            }
        }
        text.push_str(if is_tall { "\n]" } else { "]" });
        text
    })
}

fn value() -> impl Strategy<Value = String> {
    let scalar = "[0-9]|true|\"[a-z]?\"|1\\.5|2026-11-20";
    prop_oneof![
        3 => scalar,
        2 => array(scalar),
        1 => (word(), scalar).prop_map(|(key, value)| format!("{{ {key} = {value} }}")),
        1 => array((word(), scalar).prop_map(|(key, value)| format!("{{ {key} = {value} }}"))),
    ]
}

fn line() -> impl Strategy<Value = String> {
    let key = prop_oneof![
        word(),
        (word(), word()).prop_map(|(one, two)| format!("{one}.{two}"))
    ];
    let list = array(requirement().prop_map(|text| format!("\"{text}\"")));
    prop_oneof![
        4 => (key, value(), comment()).prop_map(|(key, value, comment)| format!("{key} = {value}{comment}\n")),
        2 => list.prop_map(|list| format!("dependencies = {list}\n")),
        2 => (word(), word()).prop_map(|(one, two)| format!("[{one}.{two}]\n")),
        1 => word().prop_map(|name| format!("[{name}]\n")),
        1 => word().prop_map(|name| format!("[[{name}]]\n")),
        1 => Just("# about\n".to_owned()),
        1 => Just("\n".to_owned()),
    ]
}

/// A valid document: the lines that keep it valid.
fn document() -> impl Strategy<Value = String> {
    prop::collection::vec(line(), 0..14).prop_map(|lines| {
        let mut text = String::new();
        for line in lines {
            let longer = text.clone() + &line;
            if longer.parse::<DocumentMut>().is_ok() {
                text = longer;
            }
        }
        text
    })
}

/// Gives the scalars and items at each key; requirements by package, tables of arrays together.
fn leaves(text: &str) -> BTreeMap<String, Vec<String>> {
    let mut leaves = BTreeMap::new();
    let document: DocumentMut = text.parse().unwrap();
    add_table(&mut leaves, "", document.as_table());
    leaves
}

fn add_table(leaves: &mut BTreeMap<String, Vec<String>>, path: &str, table: &dyn TableLike) {
    for (key, item) in table.iter() {
        let path = format!("{path}/{key}");
        match item {
            Item::Table(table) => add_table(leaves, &path, table),
            Item::ArrayOfTables(tables) => {
                leaves.entry(path.clone()).or_default();
                for table in tables {
                    add_table(leaves, &path, table);
                }
            }
            Item::Value(value) => add_value(leaves, &path, value),
            Item::None => {}
        }
    }
}

fn add_value(leaves: &mut BTreeMap<String, Vec<String>>, path: &str, value: &Value) {
    match value {
        Value::InlineTable(table) => add_table(leaves, path, table),
        Value::Array(items) if path.ends_with("/dependencies") => {
            let all = leaves.entry(path.to_owned()).or_default();
            all.extend(items.iter().filter_map(Value::as_str).map(package));
        }
        Value::Array(items) => {
            leaves.entry(path.to_owned()).or_default();
            for item in items {
                add_value(leaves, path, item);
            }
        }
        scalar => {
            let all = leaves.entry(path.to_owned()).or_default();
            all.push(scalar.clone().decorated("", "").to_string());
        }
    }
}

fn package(requirement: &str) -> String {
    let end = requirement.find(['[', '>', '=', ';']);
    let name = &requirement[..end.unwrap_or(requirement.len())];
    name.to_lowercase().replace('_', "-")
}

fn json() -> impl Strategy<Value = String> {
    let leaf = "[0-9]|null|true|\"[a-c]\"".prop_map(String::from);
    leaf.prop_recursive(3, 24, 4, |inner| {
        let members = prop::collection::btree_map("[a-c]", inner.clone(), 0..4);
        prop_oneof![
            3 => members.prop_map(|members| {
                let members: Vec<String> = members.iter().map(|(key, value)| format!("\"{key}\": {value}")).collect();
                format!("{{{}}}", members.join(", "))
            }),
            1 => prop::collection::vec(inner, 0..4).prop_map(|items| format!("[{}]", items.join(", "))),
        ]
    })
}

fn lines() -> impl Strategy<Value = String> {
    let line = "||# [xy]|[a-d]|[AB]=[12]|# [AB]=1|export A=3";
    prop::collection::vec(line, 0..12).prop_map(|lines| lines.join("\n"))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn toml_is_composed_once(below in document(), above in document()) {
        if let Some(composed) = compose(Format::Toml, &below, &above) {
            prop_assert_eq!(Format::Toml.check(&composed), Ok(()));
            prop_assert_eq!(compose(Format::Toml, &composed, &above), Some(composed.clone()));
            prop_assert!(!composed.contains("\n\n\n"));
            prop_assert!(!composed.starts_with('\n') && !composed.ends_with("\n\n"));
        }
    }

    #[test]
    fn toml_is_not_changed_by_nothing(below in document()) {
        let composed = compose(Format::Toml, &below, "").unwrap();
        prop_assert_eq!(leaves(&composed), leaves(&below));
        prop_assert_eq!(compose(Format::Toml, &composed, ""), Some(composed.clone()));
        prop_assert_eq!(composed.matches('#').count(), below.matches('#').count());
    }

    #[test]
    fn toml_keeps_all_of_the_upper_and_every_key_of_the_lower(below in document(), above in document()) {
        if let Some(composed) = compose(Format::Toml, &below, &above) {
            let all = leaves(&composed);
            for key in leaves(&below).keys() {
                prop_assert!(all.contains_key(key), "{key} is lost in\n{composed}");
            }
            for (key, values) in leaves(&above) {
                for value in values {
                    prop_assert!(all[&key].contains(&value), "{key} lacks {value} in\n{composed}");
                }
            }
        }
    }

    #[test]
    fn json_is_composed_once(below in json(), above in json()) {
        if let Some(composed) = compose(Format::Json, &below, &above) {
            prop_assert_eq!(Format::Json.check(&composed), Ok(()));
            prop_assert_eq!(compose(Format::Json, &composed, &above), Some(composed.clone()));
        }
    }

    #[test]
    fn lines_are_composed_once(below in lines(), above in lines()) {
        let composed = compose(Format::Lines, &below, &above).unwrap();
        prop_assert_eq!(compose(Format::Lines, &composed, &above), Some(composed.clone()));
        for line in below.lines().chain(above.lines()) {
            let is_lone = line.len() == 1;
            prop_assert!(!is_lone || composed.lines().any(|other| other == line));
        }
    }
}
