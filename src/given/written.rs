//! Answers in a file that somebody wrote: where each stands, and which a template can't take.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use toml_edit::{Document, Item, TableLike};

use super::{Gathered, Wrong, unknown};
use crate::problem::{Place, Problem};
use crate::suggest;
use crate::template::Template;

/// Where the answers of a file in TOML stand in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Written {
    /// The file, for messages.
    file: String,
    text: Arc<str>,
    keys: BTreeMap<String, Range<usize>>,
    /// The places of the values; of a list, those of its elements follow its own.
    values: BTreeMap<String, Vec<Range<usize>>>,
    /// Whether the answers were given to the release of the template that looks at them.
    is_current: bool,
}

impl Written {
    /// Reads the places of answers under `answers`, or at the top where there are none. A text
    /// that can't be parsed has none: who reads the answers says what is wrong with it.
    pub fn read(file: &str, text: &str) -> Self {
        let mut written = Written {
            file: file.to_owned(),
            text: text.into(),
            ..Written::default()
        };
        if let Ok(document) = Document::parse(text) {
            let table = document.as_table();
            let inner = table.get("answers").and_then(Item::as_table_like);
            written.add(table);
            if let Some(inner) = inner {
                written.add(inner);
            }
        }
        written
    }

    /// Makes an error about the name of something in the file.
    pub fn problem(&self, name: &str, message: &str) -> Problem {
        Problem {
            place: self.key(name),
            ..Problem::error(&self.file, message)
        }
    }

    /// Says whether the answers were given to the release of the template that looks at them.
    #[must_use]
    pub fn for_release(mut self, is_current: bool) -> Self {
        self.is_current = is_current;
        self
    }

    fn add(&mut self, table: &dyn TableLike) {
        for (name, item) in table.iter() {
            let key = table.key(name).and_then(toml_edit::Key::span);
            self.keys.extend(key.map(|range| (name.to_owned(), range)));
            let elements = item.as_array().into_iter().flatten();
            let elements = elements.filter_map(toml_edit::Value::span);
            let ranges = item.span().into_iter().chain(elements);
            self.values.insert(name.to_owned(), ranges.collect());
        }
    }

    /// Gives the place of an answer's name.
    pub(super) fn key(&self, name: &str) -> Option<Place> {
        let range = self.keys.get(name)?;
        Some(self.place(range))
    }

    /// Gives the place of an answer, or of an element of it.
    pub(super) fn value(&self, name: &str, element: Option<usize>) -> Option<Place> {
        let ranges = self.values.get(name)?;
        let inner = element.and_then(|element| ranges.get(element + 1));
        inner.or(ranges.first()).map(|range| self.place(range))
    }

    fn place(&self, range: &Range<usize>) -> Place {
        Place {
            text: Arc::clone(&self.text),
            range: range.clone(),
        }
    }

    /// Finds what a project remembers and its template can't take, whatever else is answered: it
    /// would become the default, and nobody would have said so.
    pub(super) fn unfit(&self, template: &Template, gathered: &Gathered) -> Vec<Wrong> {
        // What is guessed is written nowhere.
        if self.file.is_empty() {
            return Vec::new();
        }
        let find = |(name, given): (&String, _)| {
            let Some(question) = template.question(name) else {
                return self.is_typo(name, template, gathered).then(|| Wrong {
                    place: self.key(name),
                    ..unknown(&self.file, name, template)
                });
            };
            // What is said anew, or fixed, doesn't come from here.
            if gathered.given.contains_key(name) || question.fixed.is_some() {
                return None;
            }
            let mistake = question.mistake(given)?;
            Some(Wrong {
                hints: mistake.hint.into_iter().collect(),
                place: self.value(name, mistake.element),
                flag: Some(format!("{} {}", question.flag(), question.placeholder())),
                ..Wrong::new(&self.file, format!("{name}: {}", mistake.message))
            })
        };
        let mut wrong: Vec<Wrong> = gathered.recorded.iter().filter_map(find).collect();
        wrong.sort_by_key(|one| one.place.as_ref().map(|place| place.range.start));
        wrong
    }

    /// Tells whether a name that no question has was meant to be another one. A question that a
    /// newer template no longer has is no mistake, unless what it is called like has no answer.
    fn is_typo(&self, name: &str, template: &Template, gathered: &Gathered) -> bool {
        let names = template
            .questions
            .iter()
            .map(|question| question.name.as_str());
        let meant = suggest::nearest(name, names);
        self.is_current
            || meant.is_some_and(|meant| {
                !gathered.recorded.contains_key(meant) && !gathered.given.contains_key(meant)
            })
    }
}
