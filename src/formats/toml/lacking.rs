//! What a document lacks of another one, where everything that it has stays as it is.

use std::collections::BTreeSet;

use toml_edit::{DocumentMut, Item, TableLike, Value};

use super::key_path::KeyPath;
use crate::formats::error::Fault;
use crate::formats::requirement::Requirement;

/// Gives what of `desired` has no like in `yours`.
///
/// A key that is there keeps its value, and a list its items: a list can replace what a tool does
/// by default, so that one item more can undo what the others are for. Only requirements add up, by
/// the name of the package; one that is there keeps its versions.
pub(in crate::formats) fn lacking(yours: &str, desired: &str) -> Result<String, Fault> {
    let read = |text: &str| text.parse::<DocumentMut>().map_err(Fault::from);
    let (yours, mut desired) = (read(yours)?, read(desired)?);
    prune(
        desired.as_table_mut(),
        yours.as_table(),
        &KeyPath::default(),
    );
    Ok(desired.to_string())
}

/// Takes out of a table what another one has.
fn prune(desired: &mut dyn TableLike, yours: &dyn TableLike, path: &KeyPath) {
    let names: Vec<String> = desired.iter().map(|(name, _)| name.to_owned()).collect();
    for name in names {
        let (Some(own), Some(item)) = (yours.get(&name), desired.get_mut(&name)) else {
            continue;
        };
        let path = path.join(std::slice::from_ref(&name));
        if !is_lacking(item, own, &path) {
            desired.remove(&name);
        }
    }
}

/// Takes out of an item what another one has, and tells whether anything is left.
fn is_lacking(item: &mut Item, own: &Item, path: &KeyPath) -> bool {
    if let Some(list) = item.as_array_mut() {
        let Some(own) = own.as_array().filter(|_| path.holds_requirements()) else {
            return false;
        };
        let own: BTreeSet<String> = own.iter().map(about).collect();
        list.retain(|item| !own.contains(&about(item)));
        return !list.is_empty();
    }
    match (item.as_table_like_mut(), own.as_table_like()) {
        (Some(table), Some(own)) => {
            prune(table, own, path);
            !table.is_empty()
        }
        _ => false,
    }
}

/// Gives what an item of a list of requirements is about: its package, or else all of it.
fn about(item: &Value) -> String {
    let requirement = item.as_str().and_then(Requirement::parse);
    requirement.map_or_else(
        || item.to_string().trim().to_owned(),
        |requirement| requirement.normalised_name(),
    )
}

/// Gives every requirement of a document: its key with the package as the last name, and the package.
pub(in crate::formats) fn packages(text: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    if let Ok(document) = text.parse::<DocumentMut>() {
        collect(document.as_table(), &KeyPath::default(), &mut found);
    }
    found
}

fn collect(table: &dyn TableLike, path: &KeyPath, found: &mut Vec<(String, String)>) {
    for (name, item) in table.iter() {
        let path = path.join(&[name.to_owned()]);
        if let Some(inner) = item.as_table_like() {
            collect(inner, &path, found);
        } else if path.holds_requirements() {
            let items = item
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(Value::as_str);
            let names = items.filter_map(|text| Some(Requirement::parse(text)?.normalised_name()));
            found.extend(
                names.map(|name| (path.join(std::slice::from_ref(&name)).to_string(), name)),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_there_stays_and_requirements_add_up_by_name() {
        let yours = r#"
[project]
dependencies = ["A.b==1", "c>=2; python_version < '4'", "odd @ file:///x"]
[project.optional-dependencies]
dev = []
[tool.lint]
select = ["E", "F"]
[tool.types]
strict = false
inline = { one = 1 }
[[tool.override]]
a = 1
"#;
        let desired = r#"
[project]
name = "x"
dependencies = ["a-b>=3", "c>=1", "d>=1"]
[project.optional-dependencies]
dev = ["tool>=1"]
[tool.lint]
select = ["ALL"]
fix = true
[tool.types]
strict = true
inline = { one = 2, two = 2 }
[[tool.override]]
a = 2
[tool.new]
a = 1
"#;
        let expected = r#"
[project]
name = "x"
dependencies = [ "d>=1"]
[project.optional-dependencies]
dev = ["tool>=1"]
[tool.lint]
fix = true
[tool.types]
inline = { two = 2 }
[tool.new]
a = 1
"#;
        assert_eq!(lacking(yours, desired).unwrap(), expected);
    }

    #[test]
    fn nothing_is_lacking_of_what_is_there() {
        let text = "[a]\nb = [1]\nc.d = 1\n[[e]]\nf = 1\n";
        assert_eq!(lacking(text, text).unwrap(), "");
        assert_eq!(lacking("a = 1\n", "[a]\nb = 1\n").unwrap(), "");
    }
}
