//! A document laid over a document, key by key.

use std::ops::Range;

use toml_edit::{Array, InlineTable, Value};

use super::document::{Document, Entry, Kind, Section};
use super::key_path::KeyPath;
use super::place::{Place, Spot};
use super::value::{self, Conflict, bare, canonical, kind, nest};

/// What an array of tables is called in messages.
const ELEMENTS: &str = "an array of tables";

/// A conflict, and where in the upper text it is.
#[derive(Debug)]
pub(super) struct Misfit {
    pub(super) conflict: Conflict,
    pub(super) range: Option<Range<usize>>,
}

/// Lays a document over another one.
pub(super) fn compose(below: &mut Document, mut above: Document) -> Result<(), Misfit> {
    if below.is_blank() {
        if !below.header.is_empty() {
            above.header = std::mem::take(&mut below.header);
        }
        *below = above;
        return Ok(());
    }
    for section in above.sections {
        match section.kind {
            Kind::Table => lay_section(below, section)?,
            Kind::Element => lay_element(below, section)?,
        }
    }
    Ok(())
}

/// Lays a table over what is at its path.
fn lay_section(below: &mut Document, mut section: Section) -> Result<(), Misfit> {
    match below.find(&section.path) {
        Place::Elements(depth) => {
            let path = section.path.up_to(depth);
            return Err(misfit(path, ELEMENTS, "a table", section.range));
        }
        Place::Value(spot) => {
            let range = section.range.clone();
            let table = Value::from(InlineTable::new());
            lay_value(below, spot, (table, &section.path, range))?;
        }
        Place::Inside(spot, depth) => {
            let range = section.range.clone();
            let table = nest(section.path.names_from(depth), InlineTable::new().into());
            lay_value(below, spot, (table, &section.path.up_to(depth), range))?;
        }
        Place::Free if section.entries.is_empty() => {
            below.insert(section);
            return Ok(());
        }
        Place::Free | Place::Table => {}
    }
    for entry in std::mem::take(&mut section.entries) {
        lay_entry(below, entry, &section)?;
    }
    Ok(())
}

/// Lays an entry over what is at its path.
fn lay_entry(below: &mut Document, entry: Entry, origin: &Section) -> Result<(), Misfit> {
    let path = origin.path.join(&entry.names);
    match below.find(&path) {
        Place::Free => below.add(entry, &path, origin),
        Place::Value(spot) => lay_entry_on_entry(below, spot, entry, &path)?,
        Place::Inside(spot, depth) => {
            let value = nest(path.names_from(depth), entry.value);
            lay_value(below, spot, (value, &path.up_to(depth), entry.range))?;
        }
        Place::Table => {
            let Value::InlineTable(table) = entry.value else {
                return Err(misfit(path, "a table", kind(&entry.value), entry.range));
            };
            for (name, value) in table {
                let names = [entry.names.as_slice(), &[name]].concat();
                let mut inner = Entry::new(names, bare(value));
                inner.range.clone_from(&entry.range);
                lay_entry(below, inner, origin)?;
            }
        }
        Place::Elements(depth) if depth == path.depth() => {
            for element in elements(&entry, &path)? {
                lay_element(below, element)?;
            }
        }
        Place::Elements(depth) => {
            return Err(misfit(path.up_to(depth), ELEMENTS, "a table", entry.range));
        }
    }
    Ok(())
}

/// Lays an entry over the one with the same key, with the comments it has.
fn lay_entry_on_entry(
    below: &mut Document,
    spot: Spot,
    entry: Entry,
    path: &KeyPath,
) -> Result<(), Misfit> {
    if let Some(lower) = below.entry_mut(spot) {
        if !entry.comment.is_empty() {
            lower.comment = entry.comment;
        }
        let is_scalar = kind(&entry.value) == "a single value";
        if lower.lead.is_empty() && is_scalar && canonical(&lower.value) != canonical(&entry.value)
        {
            lower.lead = entry.lead;
        }
    }
    lay_value(below, spot, (entry.value, path, entry.range))
}

/// Lays a value over that of an entry; with it come its path and its place in the upper text.
fn lay_value(
    below: &mut Document,
    spot: Spot,
    (above, path, range): (Value, &KeyPath, Option<Range<usize>>),
) -> Result<(), Misfit> {
    let Some(lower) = below.entry_mut(spot) else {
        return Ok(());
    };
    let room = lower.room();
    value::compose(&mut lower.value, above, path, room)
        .map_err(|conflict| Misfit { conflict, range })
}

/// Appends an element to an array of tables, unless the array has its like.
fn lay_element(below: &mut Document, section: Section) -> Result<(), Misfit> {
    let path = section.path.clone();
    match below.find(&path) {
        Place::Free => below.insert(section),
        Place::Elements(depth) if depth == path.depth() => {
            let is_like = |other: &Section| {
                other.kind == Kind::Element
                    && other.path == path
                    && other.fingerprint() == section.fingerprint()
            };
            if !below.sections.iter().any(is_like) {
                below.insert(section);
            }
        }
        Place::Elements(depth) => {
            return Err(misfit(
                path.up_to(depth),
                ELEMENTS,
                "a table",
                section.range,
            ));
        }
        Place::Table => return Err(misfit(path, "a table", ELEMENTS, section.range)),
        Place::Value(spot) if below.has_empty_array_at(spot) => {
            below.remove(spot);
            below.insert(section);
        }
        Place::Value(spot) => {
            let array = one_item(inline(&section)?);
            lay_value(below, spot, (array, &path, section.range))?;
        }
        Place::Inside(spot, depth) => {
            let array = nest(path.names_from(depth), one_item(inline(&section)?));
            lay_value(below, spot, (array, &path.up_to(depth), section.range))?;
        }
    }
    Ok(())
}

/// Writes the tables of an array as sections.
fn elements(entry: &Entry, path: &KeyPath) -> Result<Vec<Section>, Misfit> {
    let conflict = || {
        let above = kind(&entry.value);
        misfit(path.clone(), ELEMENTS, above, entry.range.clone())
    };
    let Value::Array(items) = &entry.value else {
        return Err(conflict());
    };
    items
        .iter()
        .map(|item| {
            let table = item.as_inline_table().ok_or_else(conflict)?;
            let mut section = Section::new(path.clone(), Kind::Element);
            section.range.clone_from(&entry.range);
            section.entries = table
                .iter()
                .map(|(name, value)| Entry::new(vec![name.to_owned()], bare(value.clone())))
                .collect();
            Ok(section)
        })
        .collect()
}

/// Writes an element of an array of tables as an inline table.
fn inline(section: &Section) -> Result<Value, Misfit> {
    let mut table = Value::from(InlineTable::new());
    for part in section.flat() {
        let names = part.path.names_from(section.path.depth());
        let mut own = Value::from(InlineTable::new());
        for entry in &part.entries {
            put(&mut own, nest(&entry.names, entry.value.clone()), section)?;
        }
        let own = match part.kind {
            Kind::Element if !names.is_empty() => one_item(own),
            Kind::Element | Kind::Table => own,
        };
        put(&mut table, nest(names, own), section)?;
    }
    Ok(table)
}

fn put(table: &mut Value, value: Value, section: &Section) -> Result<(), Misfit> {
    value::compose(table, value, &section.path, usize::MAX).map_err(|conflict| Misfit {
        conflict,
        range: section.range.clone(),
    })
}

fn one_item(value: Value) -> Value {
    let mut array = Array::new();
    array.push_formatted(value);
    Value::Array(array)
}

fn misfit(
    path: KeyPath,
    below: &'static str,
    above: &'static str,
    range: Option<Range<usize>>,
) -> Misfit {
    let conflict = Conflict { path, below, above };
    Misfit { conflict, range }
}
