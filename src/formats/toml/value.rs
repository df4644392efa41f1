//! Values laid over values.

use std::collections::HashSet;

use toml_edit::{Array, InlineTable, Value};

use super::array::{ArrayItem, Items};
use super::key_path::KeyPath;
use super::requirement_list::RequirementList;

/// Two values of different kinds at the same key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Conflict {
    pub(super) path: KeyPath,
    pub(super) below: &'static str,
    pub(super) above: &'static str,
}

/// Lays a value over another one; an array stays on one line if it fits into the room.
pub(super) fn compose(
    below: &mut Value,
    above: Value,
    path: &KeyPath,
    room: usize,
) -> Result<(), Conflict> {
    match (below, above) {
        (Value::Array(below), Value::Array(above)) => compose_arrays(below, above, path, room),
        (Value::InlineTable(below), Value::InlineTable(above)) => {
            return compose_inline_tables(below, above, path);
        }
        (below, above) if kind(below) == kind(&above) => {
            if canonical(below) != canonical(&above) {
                *below = above;
            }
        }
        (below, above) => {
            return Err(Conflict {
                path: path.clone(),
                below: kind(below),
                above: kind(&above),
            });
        }
    }
    Ok(())
}

/// Says what a value is, as far as composing makes a difference.
pub(super) fn kind(value: &Value) -> &'static str {
    match value {
        Value::Array(_) => "an array",
        Value::InlineTable(_) => "a table",
        _ => "a single value",
    }
}

fn compose_inline_tables(
    below: &mut InlineTable,
    above: InlineTable,
    path: &KeyPath,
) -> Result<(), Conflict> {
    let mut has_grown = false;
    for (name, value) in above {
        let path = path.join(std::slice::from_ref(&name));
        if let Some(lower) = below.get_mut(&name) {
            let decor = lower.decor().clone();
            compose(lower, value, &path, usize::MAX)?;
            *lower.decor_mut() = decor;
        } else {
            below.insert(name, value);
            has_grown = true;
        }
    }
    if has_grown {
        below.fmt();
    }
    Ok(())
}

fn compose_arrays(below: &mut Array, above: Array, path: &KeyPath, room: usize) {
    if above.is_empty() {
        return;
    }
    let mut lower = Items::of(below);
    if lower.list.is_empty() && !lower.is_tall() {
        *below = above;
        return;
    }
    let upper = Items::of(&above);
    if path.holds_requirements()
        && let Some(list) = RequirementList::read(&lower)
        && let Some(above) = RequirementList::read(&upper)
    {
        compose_requirements(below, (lower, list), (upper, above), room);
        return;
    }
    let mut known: HashSet<String> = lower
        .list
        .iter()
        .map(|item| canonical(&item.value))
        .collect();
    let new = upper
        .list
        .iter()
        .filter(|item| known.insert(canonical(&item.value)));
    let count = lower.list.len();
    lower.list.extend(new.cloned());
    if lower.list.len() > count {
        *below = lower.print(&upper, room);
    }
}

/// Unites lists of requirements; one that has all of the other already is left as it is.
fn compose_requirements(
    array: &mut Array,
    (mut lower, below): (Items, RequirementList),
    (upper, above): (Items, RequirementList),
    room: usize,
) {
    let composed = below.compose(above);
    if texts(&composed) == texts(&lower.list) {
        return;
    }
    lower.list = composed;
    let is_short = lower.list.len() < 2;
    *array = if is_short {
        lower.print(&upper, room)
    } else {
        lower.tall(&upper)
    };
}

/// Gives what the items say, whatever their order.
fn texts(items: &[ArrayItem]) -> Vec<String> {
    let mut texts: Vec<String> = items.iter().map(|item| canonical(&item.value)).collect();
    texts.sort();
    texts
}

/// Puts a value into as many tables as there are names.
pub(super) fn nest(names: &[String], value: Value) -> Value {
    names.iter().rev().fold(value, |value, name| {
        let mut table = InlineTable::new();
        table.insert(name, value);
        Value::InlineTable(table)
    })
}

/// Sets a value inside tables, and makes the tables that are missing.
pub(super) fn set_inside(value: &mut Value, names: &[String], new: Value) {
    let (Some((name, rest)), Some(table)) = (names.split_first(), value.as_inline_table_mut())
    else {
        return;
    };
    let is_padded = is_padded(table);
    match table.get_mut(name) {
        Some(own) if rest.is_empty() => {
            let decor = own.decor().clone();
            *own = new;
            *own.decor_mut() = decor;
        }
        Some(own) => set_inside(own, rest, new),
        None => {
            table.insert(name, nest(rest, new));
            format(table, is_padded);
        }
    }
}

/// Removes a value inside tables.
pub(super) fn remove_inside(value: &mut Value, names: &[String]) {
    let (Some((name, rest)), Some(table)) = (names.split_first(), value.as_inline_table_mut())
    else {
        return;
    };
    let is_padded = is_padded(table);
    if rest.is_empty() {
        table.remove(name);
        format(table, is_padded);
    } else if let Some(own) = table.get_mut(name) {
        remove_inside(own, rest);
    }
}

/// Gives the value inside tables.
pub(super) fn inside<'value>(value: &'value Value, names: &[String]) -> Option<&'value Value> {
    names
        .iter()
        .try_fold(value, |value, name| value.as_inline_table()?.get(name))
}

/// Tells whether space stands inside the braces of a table.
fn is_padded(table: &InlineTable) -> bool {
    table.is_empty() || table.to_string().trim_start().starts_with("{ ")
}

/// Writes a table with one space between its parts.
fn format(table: &mut InlineTable, is_padded: bool) {
    table.fmt();
    if is_padded {
        return;
    }
    if let Some((mut key, _)) = table.iter_mut().next() {
        key.leaf_decor_mut().set_prefix("");
    }
    if let Some((_, value)) = table.iter_mut().last() {
        value.decor_mut().set_suffix("");
    }
}

/// Removes the space and comments around a value.
pub(super) fn bare(mut value: Value) -> Value {
    value.decor_mut().clear();
    if let Some(table) = value
        .as_inline_table_mut()
        .filter(|table| table.is_dotted())
    {
        table.set_dotted(false);
        table.fmt();
    }
    value
}

/// Writes a value so that equal values give equal texts, whatever their spelling and order.
pub(super) fn canonical(value: &Value) -> String {
    match value {
        Value::String(text) => format!("{:?}", text.value()),
        Value::Integer(number) => number.value().to_string(),
        Value::Float(number) => format!("{:?}", number.value()),
        Value::Boolean(truth) => truth.value().to_string(),
        Value::Datetime(time) => time.value().to_string(),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(canonical).collect();
            format!("[{}]", items.join(","))
        }
        Value::InlineTable(table) => {
            let mut members: Vec<String> = table
                .iter()
                .map(|(name, value)| format!("{name:?}={}", canonical(value)))
                .collect();
            members.sort();
            format!("{{{}}}", members.join(","))
        }
    }
}
