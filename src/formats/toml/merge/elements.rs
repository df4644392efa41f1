//! Arrays of tables in three versions: element by element, and key by key within one.

use std::collections::{HashMap, HashSet};

use toml_edit::Value;

use super::merge as merge_documents;
use crate::formats::merge::Versions;
use crate::formats::order;
use crate::formats::toml::document::{Document, Entry, Kind, Section};
use crate::formats::toml::key_path::KeyPath;
use crate::formats::toml::read::place;
use crate::formats::toml::tree::Node;
use crate::formats::toml::value::{bare, canonical};

/// Gives the elements of an array; `None` when it holds anything but tables.
pub(super) fn of(node: Option<&Node>, path: &KeyPath) -> Option<Vec<Section>> {
    match node {
        None => Some(Vec::new()),
        Some(Node::Elements(elements)) => Some(elements.iter().copied().cloned().collect()),
        Some(Node::Value(Value::Array(items))) => {
            items.iter().map(|item| element(item, path)).collect()
        }
        Some(Node::Value(_) | Node::Table(_)) => None,
    }
}

fn element(item: &Value, path: &KeyPath) -> Option<Section> {
    let mut section = Section::new(path.clone(), Kind::Element);
    section.entries = item
        .as_inline_table()?
        .iter()
        .map(|(name, value)| Entry::new(vec![name.to_owned()], bare(value.clone())))
        .collect();
    Some(section)
}

/// Merges elements into three arrays that are alike where both sides' changes fit together.
pub(super) fn merge(arrays: &Versions<Vec<Section>>) -> Versions<Vec<Section>> {
    let mut keys = arrays
        .each_ref()
        .map(|elements| order::keys(elements, identity, Section::fingerprint));
    pair(&mut keys, arrays);
    let [base, yours, desired] = [&arrays.base, &arrays.yours, &arrays.desired];
    join((&mut keys.desired, desired), (&keys.base, base));
    join((&mut keys.yours, yours), (&keys.base, base));
    join((&mut keys.desired, desired), (&keys.yours, yours));
    let sections = Versions {
        base: by_key(&keys.base, &arrays.base),
        yours: by_key(&keys.yours, &arrays.yours),
        desired: by_key(&keys.desired, &arrays.desired),
    };
    let mut merged = HashMap::new();
    for key in &keys.yours {
        let versions = sections
            .each_ref()
            .map(|sections| sections.get(key).copied());
        if let Some(result) = merge_element(&versions) {
            merged.insert(key, result);
        }
    }
    for key in &keys.desired {
        let is_new = !sections.base.contains_key(key) && !sections.yours.contains_key(key);
        if let Some(&section) = sections.desired.get(key).filter(|_| is_new) {
            let gap = section.gap.max(1);
            let new = Section {
                gap,
                ..section.clone()
            };
            merged.insert(key, Versions::alike(&new));
        }
    }
    let order = order::merge(&keys.each_ref().map(Vec::as_slice));
    let mut all: Versions<Vec<_>> = Versions::default();
    for element in order.iter().filter_map(|key| merged.remove(key)) {
        all.base.push(element.base);
        all.yours.push(element.yours);
        all.desired.push(element.desired);
    }
    all
}

/// Gives elements that nothing identifies, and that the template changed in place, their old keys.
fn pair(keys: &mut Versions<Vec<String>>, arrays: &Versions<Vec<Section>>) {
    if keys.base.len() != keys.desired.len() {
        return;
    }
    let (base, yours, desired) = (&keys.base, &keys.yours, keys.desired.clone());
    let elements = arrays.base.iter().zip(&arrays.desired);
    for (place, (old, new)) in elements.enumerate() {
        let (Some(old_key), Some(new_key)) = (base.get(place), keys.desired.get_mut(place)) else {
            continue;
        };
        let is_known =
            base.contains(new_key) || yours.contains(new_key) || desired.contains(old_key);
        if !is_known && identity(old).is_none() && identity(new).is_none() {
            new_key.clone_from(old_key);
        }
    }
}

/// Gives elements that a list names, such as the modules that a setting is for, the keys of others
/// that say the same of another list: one of the lists has grown out of the other.
fn join((keys, elements): (&mut [String], &[Section]), (others, known): (&[String], &[Section])) {
    for (place, element) in elements.iter().enumerate() {
        let Some(says) = beside_list(element) else {
            continue;
        };
        let is_like = |(key, other): &(&String, &Section)| {
            !keys.contains(key) && beside_list(other).as_ref() == Some(&says)
        };
        let like = others.iter().zip(known).find(is_like);
        let like = like.map(|(key, _)| key.clone());
        let own = keys.get_mut(place).filter(|key| !others.contains(key));
        if let (Some(own), Some(like)) = (own, like) {
            *own = like;
        }
    }
}

/// Gives all that an element says which a list names, but for the list.
fn beside_list(element: &Section) -> Option<String> {
    let mut rest = element.clone();
    let mut names = order::IDENTITIES.iter();
    let place =
        names.find_map(|name| rest.entries.iter().position(|entry| is_named(entry, name)))?;
    let list = rest.entries.remove(place);
    list.value.is_array().then(|| rest.fingerprint())
}

/// Merges an element that the user has; `None` when it goes.
fn merge_element(versions: &Versions<Option<&Section>>) -> Option<Versions<Section>> {
    let yours = versions.yours?;
    let Some(desired) = versions.desired else {
        let is_as_it_was = |base: &Section| {
            base.fingerprint() == yours.fingerprint() && !has_more_comments(yours, base)
        };
        let goes = versions.base.is_some_and(is_as_it_was);
        return (!goes).then(|| Versions::alike(yours));
    };
    let empty = Section::new(yours.path.clone(), Kind::Element);
    let base = versions.base.unwrap_or(&empty);
    let documents = Versions {
        base,
        yours,
        desired,
    }
    .map(open);
    let merged = merge_documents(&documents.each_ref());
    Some(merged.map(|document| {
        let mut section = close(document, yours);
        if versions.base.is_some() {
            section.merge_comments(base, desired);
        }
        section
    }))
}

/// Makes a document of an element, whose paths begin in it.
fn open(section: &Section) -> Document {
    let depth = section.path.depth();
    let relative = |section: &Section| Section {
        path: section.path.below(depth),
        children: Vec::new(),
        ..section.clone()
    };
    let root = Section {
        entries: section.entries.clone(),
        ..Section::default()
    };
    let mut document = Document::default();
    document.sections.push(root);
    for part in section.flat().into_iter().skip(1) {
        place(&mut document.sections, relative(part));
    }
    document
}

/// Makes an element of a document again, with the header of another element.
fn close(document: Document, header: &Section) -> Section {
    let mut element = header.without_entries();
    element.tail.splice(0..0, document.header);
    for section in &document.sections {
        for part in section.flat() {
            let mut part = part.clone();
            part.children = Vec::new();
            if part.path.depth() == 0 {
                element.entries = part.entries;
                element.tail.splice(0..0, part.tail);
                continue;
            }
            part.path = header.path.join(part.path.names_from(0));
            place(&mut element.children, part);
        }
    }
    element
}

fn identity(element: &Section) -> Option<String> {
    let value = |name: &str| {
        let mut entries = element.entries.iter();
        let entry = entries.find(|entry| is_named(entry, name))?;
        Some(format!("{name}={}", canonical(&entry.value)))
    };
    order::IDENTITIES.iter().find_map(|name| value(name))
}

fn is_named(entry: &Entry, name: &str) -> bool {
    entry.names.iter().map(String::as_str).eq([name])
}

fn by_key<'doc>(keys: &[String], elements: &'doc [Section]) -> HashMap<String, &'doc Section> {
    keys.iter().cloned().zip(elements).collect()
}

/// Tells whether a comment is in an element that another one lacks.
fn has_more_comments(element: &Section, base: &Section) -> bool {
    let comments = |section: &Section| -> HashSet<String> {
        let parts = section.flat();
        parts.into_iter().flat_map(Section::comments).collect()
    };
    !comments(element).is_subset(&comments(base))
}
