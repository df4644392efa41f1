//! Where a key is in a document, and where a new one goes.

use super::document::{Document, Entry, Kind, Section};
use super::key_path::KeyPath;

/// What a document has at a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// Nothing.
    Free,
    /// A table with a header, with dotted keys, or only through the tables in it.
    Table,
    /// A value.
    Value(Spot),
    /// A value already at the first so many names of the path.
    Inside(Spot, usize),
    /// An array of tables at the first so many names of the path, or at all of them.
    Elements(usize),
}

/// Which entry of which section is meant; good until the next insertion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Spot {
    pub(super) section: usize,
    pub(super) entry: usize,
}

impl Document {
    /// Finds what is at a path.
    pub(super) fn find(&self, path: &KeyPath) -> Place {
        let mut place = Place::Free;
        for (index, section) in self.sections.iter().enumerate() {
            if section.kind == Kind::Element && path.starts_with(&section.path) {
                return Place::Elements(section.path.depth());
            }
            if section.path.starts_with(path) {
                place = Place::Table;
            } else if path.is_inside(&section.path) {
                match section.find(index, path) {
                    Place::Free => {}
                    Place::Table => place = Place::Table,
                    found => return found,
                }
            }
        }
        place
    }

    /// Gives an entry that was found, to be looked at.
    pub(super) fn entry(&self, spot: Spot) -> Option<&Entry> {
        self.sections.get(spot.section)?.entries.get(spot.entry)
    }

    /// Gives an entry that was found.
    pub(super) fn entry_mut(&mut self, spot: Spot) -> Option<&mut Entry> {
        self.sections
            .get_mut(spot.section)?
            .entries
            .get_mut(spot.entry)
    }

    /// Tells whether an entry that was found is an array without items.
    pub(super) fn has_empty_array_at(&mut self, spot: Spot) -> bool {
        let array = self
            .entry_mut(spot)
            .and_then(|entry| entry.value.as_array());
        array.is_some_and(toml_edit::Array::is_empty)
    }

    /// Removes an entry that was found.
    pub(super) fn remove(&mut self, spot: Spot) {
        if let Some(section) = self.sections.get_mut(spot.section)
            && spot.entry < section.entries.len()
        {
            section.entries.remove(spot.entry);
        }
    }

    /// Adds an entry at a free path: to its own table if that is written out somewhere, else in
    /// the section it comes from, which is made if it is missing.
    pub(super) fn add(&mut self, entry: Entry, path: &KeyPath, origin: &Section) {
        for depth in (0..path.depth()).rev() {
            let table = path.up_to(depth);
            let names = path.names_from(depth);
            if let Some(section) = self.section_mut(&table) {
                section.entries.push(entry.under(names));
                return;
            }
            if let Some((section, after)) = self.dotted_mut(&table) {
                let names = path.names_from(section.path.depth());
                section.entries.insert(after + 1, entry.under(names));
                return;
            }
            let is_origin = depth == origin.path.depth();
            let has_tables = || {
                self.sections
                    .iter()
                    .any(|other| other.path.is_inside(&table))
            };
            if is_origin || has_tables() {
                let mut section = if is_origin {
                    origin.clone()
                } else {
                    Section::new(table, Kind::Table)
                };
                section.entries = vec![entry.under(names)];
                self.insert(section);
                return;
            }
        }
    }

    /// Adds a section: behind its like, before its own tables, or behind its nearest relatives.
    pub(super) fn insert(&mut self, section: Section) {
        let path = section.path.clone();
        let last_in = |depth: usize| {
            let relatives = path.up_to(depth);
            self.sections
                .iter()
                .rposition(|other| other.path.starts_with(&relatives))
        };
        let first_inside = || {
            self.sections
                .iter()
                .position(|other| other.path.is_inside(&path))
        };
        let position = match section.kind {
            Kind::Element => last_in(path.depth()).map(|last| last + 1),
            Kind::Table => first_inside(),
        };
        let position = position
            .or_else(|| {
                (1..path.depth())
                    .rev()
                    .find_map(last_in)
                    .map(|last| last + 1)
            })
            .unwrap_or(self.sections.len());
        let title = section.title.trim_start().to_owned();
        self.sections.insert(position, Section { title, ..section });
    }

    /// Gives the section of a table.
    fn section_mut(&mut self, table: &KeyPath) -> Option<&mut Section> {
        self.sections
            .iter_mut()
            .find(|section| section.kind == Kind::Table && section.path == *table)
    }

    /// Gives the section that makes a table with dotted keys, and the last of those keys.
    fn dotted_mut(&mut self, table: &KeyPath) -> Option<(&mut Section, usize)> {
        self.sections
            .iter_mut()
            .filter(|section| section.kind == Kind::Table && table.is_inside(&section.path))
            .find_map(|section| {
                let names = table.names_from(section.path.depth());
                let last = section
                    .entries
                    .iter()
                    .rposition(|entry| entry.names.starts_with(names))?;
                Some((section, last))
            })
    }
}

impl Section {
    /// Finds what the entries have at a path inside the section's table.
    fn find(&self, section: usize, path: &KeyPath) -> Place {
        let names = path.names_from(self.path.depth());
        let mut place = Place::Free;
        for (index, entry) in self.entries.iter().enumerate() {
            let spot = Spot {
                section,
                entry: index,
            };
            if entry.names == names {
                return Place::Value(spot);
            }
            if names.starts_with(&entry.names) {
                return Place::Inside(spot, self.path.depth() + entry.names.len());
            }
            if entry.names.starts_with(names) {
                place = Place::Table;
            }
        }
        place
    }
}
