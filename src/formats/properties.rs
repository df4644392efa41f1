//! What holds for all pairs of texts.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use proptest::prelude::*;
use toml_edit::{DocumentMut, Item, TableLike, Value};

use super::{Format, Merged};

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
    prop::collection::vec(line(), 0..14).prop_map(|lines| valid(&lines))
}

fn valid(lines: &[String]) -> String {
    let mut text = String::new();
    for line in lines {
        let longer = text.clone() + line;
        if longer.parse::<DocumentMut>().is_ok() {
            text = longer;
        }
    }
    text
}

/// Three texts that have most of their lines in common.
fn versions(line: impl Strategy<Value = String>) -> impl Strategy<Value = [Vec<String>; 3]> {
    let holders = prop_oneof![4 => Just(7u8), 3 => 0..8u8];
    prop::collection::vec((line, holders), 0..16).prop_map(|lines| {
        [1, 2, 4].map(|holder| {
            let held = lines.iter().filter(|(_, holders)| holders & holder > 0);
            held.map(|(line, _)| line.clone()).collect()
        })
    })
}

fn documents() -> impl Strategy<Value = [String; 3]> {
    versions(line()).prop_map(|versions| versions.map(|lines| valid(&lines)))
}

fn merge(format: Format, base: &str, yours: &str, desired: &str) -> Option<Merged> {
    format.merge(base, yours, desired).unwrap().ok()
}

/// Checks what holds of merging in every format.
fn check_merge(format: Format, [base, yours, desired]: &[String; 3]) -> Result<(), TestCaseError> {
    let clean = |text: &str| Some(Merged::Clean(text.to_owned()));
    prop_assert_eq!(merge(format, base, base, desired), clean(desired));
    prop_assert_eq!(merge(format, base, yours, base), clean(yours));
    prop_assert_eq!(merge(format, base, yours, yours), clean(yours));
    match merge(format, base, yours, desired) {
        Some(Merged::Clean(text)) => {
            prop_assert_eq!(format.check(&text), Ok(()));
            prop_assert_eq!(merge(format, desired, &text, desired), clean(&text));
        }
        Some(Merged::Conflict {
            base,
            yours,
            desired,
        }) => {
            prop_assert!(base != yours && yours != desired);
            prop_assert_eq!(format.check(&yours), Ok(()));
        }
        None => {}
    }
    Ok(())
}

/// Gives what the user has in the end.
fn users(merged: Option<Merged>) -> Option<String> {
    merged.map(|merged| match merged {
        Merged::Clean(text) | Merged::Conflict { yours: text, .. } => text,
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

/// An object with space, comments and commas as people write them.
fn layout() -> impl Strategy<Value = String> {
    let leaf = "[0-9]|null|1\\.10|-0|1e5|12345678901234567890123|\"[a-c]\"|\"\\\\u00e9\""
        .prop_map(String::from);
    let value = leaf.prop_recursive(3, 24, 4, |inner| {
        let members = prop::collection::btree_map("[a-c]", inner.clone(), 0..4);
        prop_oneof![
            3 => (members, look()).prop_map(|(members, look)| {
                let members = members.iter().map(|(key, value)| format!("\"{key}\"{}{value}", look.colon));
                look.frame("{}", &members.collect::<Vec<_>>())
            }),
            1 => (prop::collection::vec(inner, 0..4), look())
                .prop_map(|(items, look)| look.frame("[]", &items)),
        ]
    });
    (prop::collection::btree_map("[a-c]", value, 1..4), look()).prop_map(|(members, look)| {
        let members = members
            .iter()
            .map(|(key, value)| format!("\"{key}\"{}{value}", look.colon));
        look.frame("{}", &members.collect::<Vec<_>>())
    })
}

/// How somebody writes an object or an array.
#[derive(Debug, Clone)]
struct Look {
    first: &'static str,
    between: &'static str,
    colon: &'static str,
    remark: &'static str,
    comma: &'static str,
    end: &'static str,
}

fn look() -> impl Strategy<Value = Look> {
    let looks = [
        ("", ", ", ": ", "", "", ""),
        ("", ",", ":", "", "", ""),
        (" ", ", ", " : ", "", "", " "),
        ("\n  ", ",\n  ", ": ", "", "", "\n"),
        ("\n\t", ",\n\t", ": ", "", ",", "\n"),
        ("\n    ", ",\n\n    ", ": ", "", "", "\n"),
        ("\n  // one\n  ", ",\n  /* two */ ", ": ", "", "", "\n"),
        ("\n  ", ", // so\n  ", ": ", " // last", ",", "\n  "),
        (" /* one */ ", ", ", ": ", "", "", ""),
    ];
    prop::sample::select(looks.to_vec()).prop_map(|(first, between, colon, remark, comma, end)| {
        Look {
            first,
            between,
            colon,
            remark,
            comma,
            end,
        }
    })
}

impl Look {
    fn frame(&self, brackets: &str, members: &[String]) -> String {
        let (open, close) = brackets.split_at(1);
        if members.is_empty() {
            return brackets.to_owned();
        }
        let members = members.join(self.between);
        let Look {
            first,
            comma,
            remark,
            end,
            ..
        } = self;
        format!("{open}{first}{members}{comma}{remark}{end}{close}")
    }
}

/// A document without space, comments, and commas behind the last of several values.
fn bare(text: &str) -> String {
    let comments = ["// one", "/* one */", "/* two */", "// so", "// last"];
    let mut text = text.to_owned();
    for comment in comments {
        text = text.replace(comment, "");
    }
    text.retain(|letter| !letter.is_whitespace());
    text.replace(",}", "}").replace(",]", "]")
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

    #[test]
    fn toml_is_merged(texts in documents()) {
        check_merge(Format::Toml, &texts)?;
    }

    #[test]
    fn toml_without_a_base_is_merged(yours in document(), desired in document()) {
        check_merge(Format::Toml, &[String::new(), yours.clone(), desired.clone()])?;
        if let Some(text) = users(merge(Format::Toml, "", &yours, &desired)) {
            let all = leaves(&text);
            for (key, values) in leaves(&yours) {
                prop_assert!(all.contains_key(&key), "{key} is lost in\n{text}");
                prop_assert!(values.iter().all(|value| all[&key].contains(value)), "{key} has lost values in\n{text}");
            }
        }
    }

    #[test]
    fn toml_merges_lose_nothing_of_the_users(texts in documents()) {
        let [base, yours, desired] = &texts;
        let yours = yours.replace("# x", "# mine");
        if let Some(text) = users(merge(Format::Toml, base, &yours, desired)) {
            prop_assert_eq!(text.matches("# mine").count(), yours.matches("# mine").count(), "in\n{}", text);
            let (before, all) = (leaves(base), leaves(&text));
            for (key, values) in leaves(&yours) {
                let old = before.get(&key);
                prop_assert!(old.is_some() || all.contains_key(&key), "{key} is lost in\n{text}");
                for value in values.iter().filter(|value| !old.is_some_and(|old| old.contains(value))) {
                    prop_assert!(all.get(&key).is_some_and(|all| all.contains(value)), "{key} lacks {value} in\n{text}");
                }
            }
        }
    }

    #[test]
    fn toml_that_comes_and_goes_leaves_no_trace(base in document(), layer in document()) {
        let mine = |text: &str| format!("{text}\n[mine]\nown = 1 # mine\n").trim_start().to_owned();
        let base = compose(Format::Toml, &base, "").unwrap();
        prop_assume!(!leaves(&base).is_empty());
        if let Some(desired) = compose(Format::Toml, &base, &layer)
            && let Some(Merged::Clean(there)) = merge(Format::Toml, &base, &mine(&base), &desired)
        {
            prop_assert_eq!(leaves(&there), leaves(&mine(&desired)));
            let back = merge(Format::Toml, &desired, &there, &base);
            prop_assert_eq!(back, Some(Merged::Clean(mine(&base))), "by way of\n{}", there);
        }
    }

    #[test]
    fn json_is_merged(base in json(), yours in json(), desired in json()) {
        check_merge(Format::Json, &[base, yours, desired])?;
    }

    #[test]
    fn json_merges_lose_nothing_of_the_users(base in json(), yours in json(), desired in json()) {
        if let Some(text) = users(merge(Format::Json, &base, &yours, &desired)) {
            let [base, yours, text] = [&base, &yours, &text].map(|text| serde_json::from_str(text).unwrap());
            prop_assert_eq!(lost(&base, &yours, &text), None, "in {}", text);
        }
    }

    #[test]
    fn json_that_comes_and_goes_leaves_no_trace(yours in layout()) {
        let base = bare(&yours);
        let desired = format!("{},\"new\":{{\"x\":[1,2]}}}}", &base[..base.len() - 1]);
        let there = merge(Format::Json, &base, &yours, &desired);
        let Some(Merged::Clean(there)) = there else { panic!("{there:?}") };
        prop_assert_eq!(bare(&there), desired.clone(), "in\n{}", there);
        let back = merge(Format::Json, &desired, &there, &base);
        prop_assert_eq!(back, Some(Merged::Clean(yours)), "by way of\n{}", there);
    }

    #[test]
    fn json_in_any_layout_becomes_what_is_desired(yours in layout(), desired in layout()) {
        let merged = merge(Format::Json, &bare(&yours), &yours, &desired);
        let Some(Merged::Clean(text)) = merged else { panic!("{merged:?}") };
        let [text, desired] = [text, desired].map(|text| -> serde_json::Value {
            serde_json::from_str(&bare(&text)).unwrap()
        });
        prop_assert_eq!(text, desired);
    }

    #[test]
    fn lines_are_merged(texts in versions("||# [xy]|[a-d]|[AB]=[12]|# [AB]=1|export A=3".prop_map(String::from))) {
        let texts = texts.map(|lines| lines.join("\n"));
        check_merge(Format::Lines, &texts)?;
        let [base, yours, desired] = &texts;
        let text = users(merge(Format::Lines, base, yours, desired)).unwrap();
        for line in yours.lines() {
            let is_own = !line.is_empty() && !base.lines().any(|other| other == line);
            prop_assert!(!is_own || text.lines().any(|other| other == line), "{line} is lost in\n{text}");
        }
    }
}

/// Finds something that the user added or changed and that is no longer there.
fn lost(
    base: &serde_json::Value,
    yours: &serde_json::Value,
    merged: &serde_json::Value,
) -> Option<String> {
    use serde_json::Value::{Array, Null, Object};
    if yours == base {
        return None;
    }
    match (yours, merged) {
        (Object(own), Object(all)) => own.iter().find_map(|(key, value)| {
            let before = base.get(key);
            match all.get(key) {
                Some(merged) => lost(before.unwrap_or(&Null), value, merged)
                    .filter(|_| before.is_some() || !value.is_null()),
                None => (before != Some(value)).then(|| key.clone()),
            }
        }),
        (Array(own), Array(all)) => {
            let is_old = |item| base.as_array().is_some_and(|base| base.contains(item));
            let lost = own.iter().find(|item| !is_old(item) && !all.contains(item));
            lost.map(ToString::to_string)
        }
        (yours, merged) => (yours != merged).then(|| yours.to_string()),
    }
}
