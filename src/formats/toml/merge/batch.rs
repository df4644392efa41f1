//! Changes of entries that are gathered first and made in one pass, so that a merge of long tables
//! costs no more than reading them.

use std::collections::{HashMap, HashSet};

use toml_edit::Value;

use super::comments::Entries;
use crate::formats::merge::Versions;
use crate::formats::order;
use crate::formats::toml::document::{Document, Entry, Kind, Section};
use crate::formats::toml::key_path::KeyPath;
use crate::formats::toml::value::bare;

/// Gives the value of one version.
type Pick = fn(&Versions<Option<Value>>) -> &Option<Value>;

/// What becomes of entries of the user's, and what comes to them.
pub(super) struct Batch<'doc> {
    entries: Versions<Entries<'doc>>,
    /// The tables of the user's and of the template that have a header, and the root.
    tables: Versions<HashMap<&'doc KeyPath, &'doc Section>>,
    values: HashMap<KeyPath, Versions<Option<Value>>>,
    removed: HashSet<KeyPath>,
    /// The names of new entries, by their table.
    new: HashMap<KeyPath, HashSet<Vec<String>>>,
}

impl<'doc> Batch<'doc> {
    pub(super) fn of(documents: &Versions<&'doc Document>) -> Self {
        Batch {
            entries: documents.map(Entries::of),
            tables: documents.map(tables),
            values: HashMap::new(),
            removed: HashSet::new(),
            new: HashMap::new(),
        }
    }

    /// Gives the entry of the user's that has a path as its key.
    pub(super) fn own(&self, path: &KeyPath) -> Option<&'doc Entry> {
        self.entries.yours.get(path)
    }

    /// Lets an entry of the user's have other values, or go where there is none.
    pub(super) fn set(&mut self, path: &KeyPath, values: Versions<Option<Value>>) {
        self.values.insert(path.clone(), values);
    }

    /// Lets an entry of the user's go, but for the comments around it that weren't in the base.
    pub(super) fn remove(&mut self, path: &KeyPath) {
        self.removed.insert(path.clone());
    }

    /// Adds an entry of the template to a table that both have, and tells whether it is one.
    pub(super) fn adopt(&mut self, path: &KeyPath) -> bool {
        let Some(depth) = path.depth().checked_sub(1) else {
            return false;
        };
        let table = path.up_to(depth);
        let names = path.names_from(depth);
        let entry = self.entries.desired.get(path);
        let is_known = self.tables.yours.contains_key(&table)
            && entry.is_some_and(|entry| entry.names == names);
        if is_known {
            self.new.entry(table).or_default().insert(names.to_vec());
        }
        is_known
    }

    /// Makes all changes in three documents that have the user's entries.
    pub(super) fn apply(&self, results: &mut Versions<Document>) {
        let pick: [Pick; 3] = [|all| &all.base, |all| &all.yours, |all| &all.desired];
        for (result, pick) in results.each().into_iter().zip(pick) {
            for section in &mut result.sections {
                if section.kind == Kind::Table {
                    self.change(section, pick);
                    self.extend(section);
                }
            }
            self.part(result);
        }
    }

    fn change(&self, section: &mut Section, pick: Pick) {
        let mut comments = Vec::new();
        let entries = std::mem::take(&mut section.entries);
        section.entries.reserve(entries.len());
        for mut entry in entries {
            let path = section.path.join(&entry.names);
            if self.removed.contains(&path) {
                comments.append(&mut entry.own_comments(self.entries.base.get(&path)));
                continue;
            }
            if let Some(values) = self.values.get(&path) {
                let Some(value) = pick(values) else {
                    continue;
                };
                entry.value = bare(value.clone());
            }
            comments.append(&mut entry.lead);
            entry.lead = std::mem::take(&mut comments);
            section.entries.push(entry);
        }
        comments.append(&mut section.tail);
        section.tail = comments;
    }

    /// Puts new entries to their neighbours.
    fn extend(&self, section: &mut Section) {
        let (Some(new), Some(origin)) = (
            self.new.get(&section.path),
            self.tables.desired.get(&section.path),
        ) else {
            return;
        };
        let names = |section: &Section| -> Vec<Vec<String>> {
            let entries = section.entries.iter();
            entries.map(|entry| entry.names.clone()).collect()
        };
        let order = order::weave(&names(section), &names(origin), new);
        let coming = origin.entries.iter();
        let coming = coming
            .filter(|entry| new.contains(&entry.names))
            .map(|entry| entry.clone().under(&entry.names));
        let all = section.entries.drain(..).chain(coming);
        let mut all: HashMap<Vec<String>, Entry> =
            all.map(|entry| (entry.names.clone(), entry)).collect();
        section.entries = order.iter().filter_map(|names| all.remove(names)).collect();
    }

    /// Parts the first table from the entries before it, if those are new.
    fn part(&self, result: &mut Document) {
        let root = KeyPath::default();
        let own = self.tables.yours.get(&root);
        let was_empty = own.is_none_or(|own| own.entries.is_empty());
        if let [first, second, ..] = result.sections.as_mut_slice()
            && ((was_empty && self.new.contains_key(&root))
                || (!self.new.is_empty() && first.entries.len() == 1))
        {
            second.gap = second.gap.max(1);
        }
    }
}

/// Gives the tables that have a header, and the root.
pub(super) fn tables(document: &Document) -> HashMap<&KeyPath, &Section> {
    let sections = document.sections.iter();
    let tables = sections.filter(|section| section.kind == Kind::Table);
    tables.map(|section| (&section.path, section)).collect()
}
