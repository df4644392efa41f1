//! Comments in three versions: the template's new ones where the user left them alone.

use std::collections::HashMap;

use crate::formats::merge::Versions;
use crate::formats::toml::array::Items;
use crate::formats::toml::document::{Document, Entry, Section};
use crate::formats::toml::key_path::KeyPath;
use crate::formats::toml::place::Place;

use super::batch::tables;

/// Merges the comments of documents into a result, which has the user's so far.
pub(super) fn merge(documents: &Versions<&Document>, result: &mut Document) {
    let (base, desired) = (documents.base, documents.desired);
    lines(&base.header, &mut result.header, &desired.header);
    lines(&base.footer, &mut result.footer, &desired.footer);
    let (old, new) = (Entries::of(base), Entries::of(desired));
    let (old_tables, new_tables) = (tables(base), tables(desired));
    for (index, section) in result.sections.iter_mut().enumerate() {
        let path = section.path.clone();
        for (place_here, entry) in section.entries.iter_mut().enumerate() {
            let path = path.join(&entry.names);
            if let (Some(&(_, old)), Some(&(place, new))) = (old.0.get(&path), new.0.get(&path)) {
                entry.merge_comments(old, new);
                let is_first = place == 0 || place_here == 0;
                if !is_first && old.gap == entry.gap {
                    entry.gap = new.gap;
                }
            }
        }
        if let (Some(old), Some(new)) = (old_tables.get(&path), new_tables.get(&path)) {
            section.merge_comments(old, new);
            let is_first = |document: &Document| {
                let has_entries =
                    |root: &Section| root.path.depth() > 0 || !root.entries.is_empty();
                let first = document
                    .sections
                    .iter()
                    .find(|section| has_entries(section));
                first.is_none_or(|first| first.path == path)
            };
            let is_top = index == 0 || is_first(base) || is_first(desired);
            if !is_top && old.gap == section.gap {
                section.gap = new.gap;
            }
        }
    }
}

/// The entries of a document by path, each with its place in its section.
pub(super) struct Entries<'doc>(HashMap<KeyPath, (usize, &'doc Entry)>);

impl<'doc> Entries<'doc> {
    pub(super) fn of(document: &'doc Document) -> Self {
        let mut entries = HashMap::new();
        for section in &document.sections {
            for (place, entry) in section.entries.iter().enumerate() {
                entries.insert(section.path.join(&entry.names), (place, entry));
            }
        }
        Entries(entries)
    }

    /// Gives the entry that has a path as its key.
    pub(super) fn get(&self, path: &KeyPath) -> Option<&'doc Entry> {
        self.0.get(path).map(|(_, entry)| *entry)
    }
}

impl Document {
    /// Gives all comments at a path and in the table there.
    pub(super) fn comments_at(&self, path: &KeyPath) -> Vec<String> {
        let mut comments = Vec::new();
        for section in self.sections.iter().flat_map(Section::flat) {
            if section.path.starts_with(path) {
                comments.extend(section.comments());
                continue;
            }
            let is_inside = |entry: &&Entry| path.holds(&section.path, &entry.names);
            let entries = section.entries.iter().filter(is_inside);
            comments.extend(entries.flat_map(Entry::comments));
        }
        comments
    }

    /// Puts comments above what is at a path.
    pub(super) fn add_lead(&mut self, path: &KeyPath, mut comments: Vec<String>) {
        if comments.is_empty() {
            return;
        }
        let place = self.find(path);
        let entry = match place {
            Place::Value(spot) | Place::Inside(spot, _) => self.entry_mut(spot),
            Place::Free | Place::Table | Place::Elements(_) => None,
        };
        let is_at_path = |section: &&mut Section| section.path.starts_with(path);
        let lead = if let Some(entry) = entry {
            &mut entry.lead
        } else if let Some(section) = self.sections.iter_mut().find(is_at_path) {
            &mut section.lead
        } else {
            &mut self.header
        };
        comments.append(lead);
        *lead = comments;
    }

    /// Puts comments that were below the last entry before all tables to the top, if it has gone.
    pub(super) fn lift_tail(&mut self) {
        if let Some(root) = self.sections.first_mut()
            && root.path.depth() == 0
            && root.entries.is_empty()
        {
            self.header.append(&mut root.tail);
        }
    }
}

impl Section {
    /// Merges the comments above and below the entries, and behind the header.
    pub(super) fn merge_comments(&mut self, base: &Section, desired: &Section) {
        lines(&base.lead, &mut self.lead, &desired.lead);
        lines(&base.tail, &mut self.tail, &desired.tail);
        line(&base.comment, &mut self.comment, &desired.comment);
    }

    /// Tells whether there are comments that aren't those of the base; those of entries don't
    /// count.
    pub(super) fn has_own_comments(&self, base: Option<&Section>) -> bool {
        let known = base.map(Section::comments_around).unwrap_or_default();
        let own = self.comments_around();
        own.iter().any(|line| !known.contains(line))
    }

    /// Gives all comments of the section.
    pub(super) fn comments(&self) -> Vec<String> {
        let mut all = self.comments_around();
        all.extend(self.entries.iter().flat_map(Entry::comments));
        all
    }

    /// Gives the comments above, behind and below the header and what is under it.
    fn comments_around(&self) -> Vec<String> {
        let comment = std::iter::once(self.comment.trim_start().to_owned());
        let around = self.lead.iter().chain(&self.tail).cloned();
        let mut all: Vec<String> = around.chain(comment).collect();
        all.retain(|line| !line.is_empty());
        all
    }
}

impl Entry {
    fn merge_comments(&mut self, base: &Entry, desired: &Entry) {
        lines(&base.lead, &mut self.lead, &desired.lead);
        line(&base.comment, &mut self.comment, &desired.comment);
    }

    /// Gives the comments that aren't those of the base.
    pub(super) fn own_comments(&self, base: Option<&Entry>) -> Vec<String> {
        let known = base.map(Entry::comments).unwrap_or_default();
        let mut own = self.comments();
        own.retain(|line| !known.contains(line));
        own
    }

    /// Gives all comments: above it, behind it, and in its array.
    pub(super) fn comments(&self) -> Vec<String> {
        let inner = self
            .value
            .as_array()
            .map(|array| Items::of(array).comments());
        let comment = std::iter::once(self.comment.trim_start().to_owned());
        let around = self.lead.iter().cloned().chain(comment);
        let mut all: Vec<String> = around.chain(inner.unwrap_or_default()).collect();
        all.retain(|line| !line.is_empty());
        all
    }
}

fn line(base: &str, yours: &mut String, desired: &str) {
    let [old, new] = [base, desired].map(str::trim_start);
    if old != new && old == yours.trim_start() {
        desired.clone_into(yours);
    }
}

/// Replaces the lines of the base where they stand together.
fn lines(base: &[String], yours: &mut Vec<String>, desired: &[String]) {
    if base == desired || yours == desired {
        return;
    }
    let place = if base.is_empty() {
        Some(0).filter(|_| yours.is_empty())
    } else {
        yours.windows(base.len()).position(|window| window == base)
    };
    if let Some(place) = place {
        yours.splice(place..place + base.len(), desired.iter().cloned());
    }
}
