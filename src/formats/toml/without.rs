//! A document without some of its keys.

use toml_edit::{DocumentMut, Item, Key, TableLike, Value};

use crate::formats::error::Fault;
use crate::formats::requirement::Requirement;

/// Gives the names of a dotted key; nothing where it isn't one.
pub(in crate::formats) fn names(key: &str) -> Option<Vec<String>> {
    let keys = Key::parse(key).ok()?;
    Some(keys.iter().map(|key| key.get().to_owned()).collect())
}

/// Takes keys out of a document. The last name of a key may be an item of a list: a text, or the
/// package that a requirement is about.
pub(in crate::formats) fn without(text: &str, keys: &[&str]) -> Result<String, Fault> {
    let mut document: DocumentMut = text.parse().map_err(Fault::from)?;
    for key in keys {
        if let Some(names) = names(key) {
            take_out(document.as_table_mut(), &names);
        }
    }
    // The space above what is first now parted it from what is gone.
    Ok(document.to_string().trim_start_matches('\n').to_owned())
}

fn take_out(table: &mut dyn TableLike, names: &[String]) {
    let Some((name, inner)) = names.split_first() else {
        return;
    };
    if inner.is_empty() {
        table.remove(name);
        return;
    }
    let Some(item) = table.get_mut(name) else {
        return;
    };
    if let Some(list) = item.as_array_mut() {
        if let [wanted] = inner {
            list.retain(|value| !is_called(value, wanted));
        }
    } else if let Some(below) = item.as_table_like_mut() {
        take_out(below, inner);
    }
    // A table that holds nothing any more would still say something to some tools.
    if is_empty(item) {
        table.remove(name);
    }
}

fn is_empty(item: &Item) -> bool {
    let is_empty = |table: &dyn TableLike| table.is_empty();
    item.as_table_like().is_some_and(is_empty)
        || item.as_array().is_some_and(toml_edit::Array::is_empty)
}

fn is_called(value: &Value, name: &str) -> bool {
    let Some(text) = value.as_str() else {
        return false;
    };
    let package = Requirement::parse(text).map(|requirement| requirement.normalised_name());
    text == name || package.as_deref() == Some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_items_are_taken_out() {
        let text = "[a]\nb = 1 # one\nc = [\n    \"x-y>=1\",\n    \"z\", # last\n]\n\n[a.d]\ne = 1\n\n[\"f.g\"]\nh.i = 1\n";
        let cases: [(&[&str], &str); 6] = [
            (&[], text),
            (&["n", "a.n", "a.b.n", "a.c.n"], text),
            (&["a"], "[\"f.g\"]\nh.i = 1\n"),
            (
                &["a.c.x-y", "a.d.e", "\"f.g\".h.i"],
                "[a]\nb = 1 # one\nc = [\n    \"z\", # last\n]\n",
            ),
            (
                &["a.c.x-y", "a.c.z", "a.d"],
                "[a]\nb = 1 # one\n\n[\"f.g\"]\nh.i = 1\n",
            ),
            (&["a.b", "a.c", "a.d", "\"f.g\""], ""),
        ];
        for (keys, expected) in cases {
            assert_eq!(without(text, keys).unwrap(), expected, "{keys:?}");
        }
    }
}
