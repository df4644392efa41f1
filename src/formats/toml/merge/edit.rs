//! Changes of a document at a path that keep the rest as it is.

use toml_edit::{InlineTable, Value};

use crate::formats::merge::Versions;
use crate::formats::toml::document::{Document, Entry, Kind, Section};
use crate::formats::toml::key_path::KeyPath;
use crate::formats::toml::place::{Place, Spot};
use crate::formats::toml::tree::Node;
use crate::formats::toml::value::{bare, inside, remove_inside, set_inside};

use super::batch::tables;

impl Document {
    /// Sets the value at a path; a table with headers that is there goes.
    pub(super) fn set(&mut self, path: &KeyPath, value: Value) {
        match self.find(path) {
            Place::Value(spot) => {
                if let Some(entry) = self.entry_mut(spot) {
                    entry.value = bare(value);
                }
            }
            Place::Inside(spot, depth) => {
                if let Some(entry) = self.entry_mut(spot) {
                    set_inside(&mut entry.value, path.names_from(depth), value);
                }
            }
            Place::Free => self.add_value(path, value),
            Place::Table | Place::Elements(_) => {
                self.clear(path);
                self.add_value(path, value);
            }
        }
    }

    /// Sets the value at a path, or removes what is there.
    pub(super) fn set_or_clear(&mut self, path: &KeyPath, value: Option<Value>) {
        match value {
            Some(value) => self.set(path, value),
            None => self.clear(path),
        }
    }

    fn add_value(&mut self, path: &KeyPath, value: Value) {
        let depth = path.depth().saturating_sub(1);
        let entry = Entry::new(path.names_from(depth).to_vec(), bare(value));
        self.add_entry(entry, path, &Section::new(path.up_to(depth), Kind::Table));
    }

    /// Adds an entry, and parts the first table from it if that was the first of all.
    fn add_entry(&mut self, entry: Entry, path: &KeyPath, origin: &Section) {
        self.add(entry, path, origin);
        if let [root, first, ..] = self.sections.as_mut_slice()
            && root.entries.len() == 1
        {
            first.gap = first.gap.max(1);
        }
    }

    /// Removes all that is at a path.
    pub(super) fn clear(&mut self, path: &KeyPath) {
        self.sections
            .retain(|section| section.path.depth() == 0 || !section.path.starts_with(path));
        for section in &mut self.sections {
            let table = section.path.clone();
            section
                .entries
                .retain(|entry| !path.holds(&table, &entry.names));
        }
        if let Place::Inside(spot, depth) = self.find(path)
            && let Some(entry) = self.entry_mut(spot)
        {
            remove_inside(&mut entry.value, path.names_from(depth));
        }
    }

    /// Removes a value, but keeps the comments around it that weren't in the base.
    pub(super) fn remove_value(&mut self, path: &KeyPath, base: &Document) {
        match self.find(path) {
            Place::Value(spot) => self.remove_entry(spot, base.entry_at(path)),
            Place::Inside(spot, depth) => {
                if let Some(entry) = self.entry_mut(spot) {
                    remove_inside(&mut entry.value, path.names_from(depth));
                }
            }
            Place::Free | Place::Table | Place::Elements(_) => {}
        }
    }

    fn remove_entry(&mut self, spot: Spot, base: Option<&Entry>) {
        let Some(section) = self.sections.get_mut(spot.section) else {
            return;
        };
        if spot.entry >= section.entries.len() {
            return;
        }
        let removed = section.entries.remove(spot.entry);
        let mut comments = removed.own_comments(base);
        let target = match section.entries.get_mut(spot.entry) {
            Some(next) => &mut next.lead,
            None => &mut section.tail,
        };
        comments.append(target);
        *target = comments;
    }

    /// Tells whether a table without headers is at a path and holds nothing.
    pub(super) fn has_empty_table_at(&self, path: &KeyPath) -> bool {
        let (spot, depth) = match self.find(path) {
            Place::Value(spot) => (spot, path.depth()),
            Place::Inside(spot, depth) => (spot, depth),
            Place::Free | Place::Table | Place::Elements(_) => return false,
        };
        self.entry(spot)
            .and_then(|entry| inside(&entry.value, path.names_from(depth)))
            .and_then(Value::as_inline_table)
            .is_some_and(InlineTable::is_empty)
    }

    /// Gives the entry that has a path as its key.
    pub(super) fn entry_at(&self, path: &KeyPath) -> Option<&Entry> {
        match self.find(path) {
            Place::Value(spot) => self.entry(spot),
            _ => None,
        }
    }

    /// Adds what another document has at a path where this one has nothing.
    pub(super) fn adopt(&mut self, path: &KeyPath, other: &Document, node: &Node) {
        if let Place::Inside(..) = self.find(path) {
            return self.set(path, node.to_value());
        }
        let mut is_found = false;
        for section in &other.sections {
            let is_at_path = section.path.starts_with(path);
            if section.kind == Kind::Element {
                if is_at_path {
                    is_found = true;
                    self.adopt_section(section.clone(), other);
                }
                continue;
            }
            if is_at_path && section.entries.is_empty() && self.find(&section.path) == Place::Free {
                is_found = true;
                self.adopt_section(section.clone(), other);
            }
            for entry in &section.entries {
                if path.holds(&section.path, &entry.names) {
                    is_found = true;
                    self.adopt_entry(entry, section, other);
                }
            }
        }
        if !is_found {
            self.set(path, node.to_value());
        }
    }

    /// Adds an entry of another document where it stands there, as far as that is here.
    fn adopt_entry(&mut self, entry: &Entry, origin: &Section, other: &Document) {
        let path = origin.path.join(&entry.names);
        if self.find(&path) != Place::Free {
            return self.set(&path, entry.value.clone());
        }
        let count = self.sections.len();
        self.add_entry(entry.clone(), &path, &origin.without_entries());
        let Place::Value(spot) = self.find(&path) else {
            return;
        };
        if self.sections.len() > count {
            self.settle_section(spot.section, other);
        } else if let Some(section) = self.sections.get_mut(spot.section)
            && section.path == origin.path
        {
            section.settle_entry(spot.entry, origin);
        }
    }

    fn adopt_section(&mut self, section: Section, other: &Document) {
        let path = section.path.clone();
        let is_first = !self.sections.iter().any(|own| own.path == path);
        self.insert(section);
        let place = self.sections.iter().rposition(|own| own.path == path);
        if let Some(place) = place.filter(|_| is_first) {
            self.settle_section(place, other);
        }
    }

    /// Removes the headers that have lost all that was under them, and that the template lacks.
    pub(super) fn sweep(&mut self, documents: &Versions<&Document>) {
        let tables = documents.map(tables);
        self.sections.retain(|section| {
            let is_dead = section.kind == Kind::Table
                && section.path.depth() > 0
                && section.entries.is_empty()
                && !tables.desired.contains_key(&section.path);
            let base = tables.base.get(&section.path).copied();
            let own = tables.yours.get(&section.path);
            let had_entries = own.is_some_and(|own| !own.entries.is_empty());
            !is_dead || !(had_entries || base.is_some()) || section.has_own_comments(base)
        });
    }
}
