//! Where new parts of a document go: next to what they stand by in the one that they come from.

use crate::formats::order::slot;
use crate::formats::toml::document::{Document, Entry, Section};
use crate::formats::toml::key_path::KeyPath;

impl Document {
    /// Moves a new section to its neighbours in another document.
    pub(super) fn settle_section(&mut self, place: usize, other: &Document) {
        if place >= self.sections.len() {
            return;
        }
        let section = self.sections.remove(place);
        let paths = |document: &Document| {
            let paths = document.sections.iter().map(|section| section.path.clone());
            paths.collect::<Vec<KeyPath>>()
        };
        let (own, others) = (paths(self), paths(other));
        let is_root = |path: &KeyPath| path.depth() == 0;
        let position = others.iter().position(|path| *path == section.path);
        let others_start = others.iter().take_while(|path| is_root(path)).count();
        let slot = position.and_then(|position| {
            let others = others.get(others_start..)?;
            slot(&own, others, position.checked_sub(others_start)?)
        });
        let mut slot = slot.unwrap_or(place);
        if let Some(before) = slot.checked_sub(1).and_then(|before| own.get(before)) {
            let is_closer = |path: &&KeyPath| {
                let near = path.common_depth(before);
                !others.contains(path) && near > section.path.common_depth(before)
            };
            slot += own.iter().skip(slot).take_while(is_closer).count();
        }
        self.sections.insert(
            slot,
            Section {
                gap: section.gap.max(1),
                ..section
            },
        );
        if let Some(next) = self.sections.get_mut(slot + 1) {
            next.gap = next.gap.max(1);
        }
    }

    /// Puts elements in the place of those of an array of tables; those that were there stay at
    /// their place.
    pub(super) fn replace_elements(&mut self, path: &KeyPath, elements: Vec<Section>) {
        let stays = |section: &Section| elements.iter().any(|own| own.range == section.range);
        let is_one = |section: &Section| section.path == *path;
        let old = |section: &Section| is_one(section) && stays(section);
        let last = self
            .sections
            .iter()
            .rposition(old)
            .or_else(|| self.sections.iter().position(is_one));
        let is_kept: Vec<bool> = self.sections.iter().map(old).collect();
        let mut queue = elements.into_iter().peekable();
        let mut sections = Vec::new();
        let all = std::mem::take(&mut self.sections).into_iter();
        for (index, (section, is_kept)) in all.zip(is_kept).enumerate() {
            if is_kept {
                while let Some(new) = queue.next_if(|new| new.range != section.range) {
                    sections.push(new);
                }
                sections.extend(queue.next());
            }
            if Some(index) == last {
                sections.extend(queue.by_ref());
            }
            if section.path != *path {
                sections.push(section);
            }
        }
        self.sections = sections;
    }
}

impl Section {
    /// Moves a new entry to its neighbours in the section that it comes from.
    pub(super) fn settle_entry(&mut self, place: usize, origin: &Section) {
        if place >= self.entries.len() {
            return;
        }
        let entry = self.entries.remove(place);
        let own: Vec<&[String]> = self.entries.iter().map(names).collect();
        let others: Vec<&[String]> = origin.entries.iter().map(names).collect();
        let position = others.iter().position(|names| *names == entry.names);
        let slot = position.and_then(|position| slot(&own, &others, position));
        self.entries.insert(slot.unwrap_or(place), entry);
    }
}

fn names(entry: &Entry) -> &[String] {
    &entry.names
}
