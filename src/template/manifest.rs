//! Reads the TOML files of a template, and finds all their mistakes at once, each with its place.
//!
//! It owns how a key is read. What keys there are is said where they are read.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use serde::Deserialize;
use serde::de::IntoDeserializer;
use serde_json::Value as Json;
use toml_edit::{Array, Document, Item, TableLike, Value};

use crate::language::{self, Expression};
use crate::problem::{Problem, Rule};
use crate::suggest;

/// A value with the place it was read from.
#[derive(Debug, Clone)]
pub struct Located<T> {
    /// The value.
    pub value: T,
    file: Arc<str>,
    text: Arc<str>,
    range: Range<usize>,
}

impl<T> Located<T> {
    /// Gives the file that the value is in, and its line, counted from 1.
    pub fn file_and_line(&self) -> (&str, usize) {
        let before = self.text.get(..self.range.start).unwrap_or_default();
        (&self.file, before.matches('\n').count() + 1)
    }

    /// Makes an error at the value's place.
    pub fn error(&self, message: impl Into<String>) -> Problem {
        Problem::error(&*self.file, message).at(&self.text, self.range.clone())
    }

    /// Makes a warning at the value's place.
    pub fn warning(&self, message: impl Into<String>) -> Problem {
        Problem::warning(&*self.file, message).at(&self.text, self.range.clone())
    }

    /// Gives another value the same place.
    pub fn with<U>(&self, value: U) -> Located<U> {
        Located {
            value,
            file: Arc::clone(&self.file),
            text: Arc::clone(&self.text),
            range: self.range.clone(),
        }
    }

    /// Gives the file that the value was read from, as messages call it.
    pub fn file(&self) -> &str {
        &self.file
    }
}

/// A table and where it is, in bytes.
type Spanned<'a> = (&'a dyn TableLike, Option<Range<usize>>);

/// The mistakes found so far.
pub type Problems = RefCell<Vec<Problem>>;

/// The text of a manifest, parsed.
pub struct Manifest {
    file: Arc<str>,
    text: Arc<str>,
    document: Document<String>,
}

impl Manifest {
    /// Parses a manifest; a mistake in its syntax goes to the problems.
    pub fn parse(file: &str, bytes: &[u8], problems: &Problems) -> Option<Self> {
        let Ok(text) = std::str::from_utf8(bytes) else {
            problems
                .borrow_mut()
                .push(Problem::error(file, "is not UTF-8"));
            return None;
        };
        match Document::parse(text.to_owned()) {
            Ok(document) => Some(Manifest {
                file: file.into(),
                text: text.into(),
                document,
            }),
            Err(error) => {
                let place = error.span().unwrap_or_default();
                let problem = Problem::error(file, error.message()).at(&text.into(), place);
                problems.borrow_mut().push(problem);
                None
            }
        }
    }

    /// Gives the top table.
    pub fn table<'a>(&'a self, problems: &'a Problems) -> Table<'a> {
        Table {
            manifest: self,
            entries: self.document.as_table(),
            range: 0..0,
            known: RefCell::default(),
            problems,
        }
    }

    /// Gives the whole document as data.
    pub fn data(&self) -> Json {
        let table = self.document.as_table().clone();
        toml_edit::de::from_document(toml_edit::DocumentMut::from(table)).unwrap_or_default()
    }

    fn located<T>(&self, value: T, range: Range<usize>) -> Located<T> {
        Located {
            value,
            file: Arc::clone(&self.file),
            text: Arc::clone(&self.text),
            range,
        }
    }
}

/// A table of a manifest. The keys that were asked for are the keys that it may have.
pub struct Table<'a> {
    manifest: &'a Manifest,
    entries: &'a dyn TableLike,
    range: Range<usize>,
    known: RefCell<BTreeSet<&'static str>>,
    problems: &'a Problems,
}

impl<'a> Table<'a> {
    /// Reads a text.
    pub fn text(&self, key: &'static str) -> Option<String> {
        self.typed(key, "a text", |value| value.as_str().map(str::to_owned))
            .map(|located| located.value)
    }

    /// Reads a text with its place.
    pub fn located_text(&self, key: &'static str) -> Option<Located<String>> {
        self.typed(key, "a text", |value| value.as_str().map(str::to_owned))
    }

    /// Reads a whole number.
    pub fn integer(&self, key: &'static str) -> Option<i64> {
        self.typed(key, "a whole number", Value::as_integer)
            .map(|located| located.value)
    }

    /// Reads `true` or `false`.
    pub fn boolean(&self, key: &'static str) -> Option<bool> {
        self.typed(key, "true or false", Value::as_bool)
            .map(|located| located.value)
    }

    /// Reads a value of any type.
    pub fn any(&self, key: &'static str) -> Option<Located<Value>> {
        self.typed(key, "a value", |value| Some(value.clone()))
    }

    /// Reads a list of texts.
    pub fn texts(&self, key: &'static str) -> Option<Located<Vec<String>>> {
        self.typed(key, "a list of texts", |value| texts(value.as_array()?))
    }

    /// Reads a list of texts, and leaves anything else to another reading of the same key.
    pub fn plain_texts(&self, key: &'static str) -> Option<Vec<String>> {
        texts(self.item(key)?.as_array()?)
    }

    /// Reads a text or a list of texts, each with its place.
    pub fn located_texts(&self, key: &'static str) -> Vec<Located<String>> {
        let Some(item) = self.item(key) else {
            return Vec::new();
        };
        let values = match item {
            Item::Value(Value::Array(array)) => array.iter().collect(),
            Item::Value(value) => vec![value],
            _ => Vec::new(),
        };
        let located = |value: &Value| {
            let range = value.span().unwrap_or_default();
            Some(self.manifest.located(value.as_str()?.to_owned(), range))
        };
        let texts: Option<Vec<_>> = values.into_iter().map(located).collect();
        texts.filter(|texts| !texts.is_empty()).unwrap_or_else(|| {
            self.report_at(item, format!("'{key}' must be a text or a list of texts"));
            Vec::new()
        })
    }

    /// Reads a condition and compiles it.
    pub fn expression(&self, key: &'static str) -> Option<Located<Expression>> {
        self.compile(self.located_text(key)?)
    }

    /// Reads a condition or a list of conditions, and compiles each.
    pub fn expressions(&self, key: &'static str) -> Vec<Located<Expression>> {
        let sources = self.located_texts(key).into_iter();
        sources.filter_map(|source| self.compile(source)).collect()
    }

    fn compile(&self, source: Located<String>) -> Option<Located<Expression>> {
        match Expression::parse(&source.value) {
            Ok(expression) => Some(self.manifest.located(expression, source.range)),
            Err(error) => {
                self.report(source.error(language::message(&error)).of(Rule::Syntax));
                None
            }
        }
    }

    /// Reads a list of tables: `[[key]]`, or inline.
    pub fn tables(&self, key: &'static str) -> Vec<Table<'a>> {
        let Some(item) = self.item(key) else {
            return Vec::new();
        };
        let tables: Option<Vec<Spanned>> = match item {
            Item::ArrayOfTables(tables) => Some(
                tables
                    .iter()
                    .map(|table| (table as &dyn TableLike, table.span()))
                    .collect(),
            ),
            Item::Value(Value::Array(array)) => array
                .iter()
                .map(|value| {
                    value
                        .as_inline_table()
                        .map(|table| (table as &dyn TableLike, value.span()))
                })
                .collect(),
            _ => None,
        };
        let Some(tables) = tables else {
            self.report_at(item, format!("'{key}' must be a list of tables, [[{key}]]"));
            return Vec::new();
        };
        tables
            .into_iter()
            .map(|(table, span)| Table {
                manifest: self.manifest,
                entries: table,
                range: span.unwrap_or_default(),
                known: RefCell::default(),
                problems: self.problems,
            })
            .collect()
    }

    /// Tells whether a key holds a text.
    pub fn is_text(&self, key: &'static str) -> bool {
        self.item(key).is_some_and(Item::is_str)
    }

    /// Reads a table: `[key]`, or inline.
    pub fn table(&self, key: &'static str) -> Option<Table<'a>> {
        let item = self.item(key)?;
        let Some(entries) = item.as_table_like() else {
            self.report_at(item, format!("'{key}' must be a table, [{key}]"));
            return None;
        };
        Some(Table {
            manifest: self.manifest,
            entries,
            range: item.span().unwrap_or_default(),
            known: RefCell::default(),
            problems: self.problems,
        })
    }

    /// Reads every entry, whatever it is called: its name and its value, each with its place.
    pub fn values(&self) -> Vec<(Located<String>, Located<Json>)> {
        let mut values = Vec::new();
        for (key, item) in self.entries.iter() {
            let range = self.entries.key(key).and_then(toml_edit::Key::span);
            let name = self
                .manifest
                .located(key.to_owned(), range.unwrap_or_default());
            let value = item
                .as_value()
                .and_then(|value| Json::deserialize(value.clone().into_deserializer()).ok());
            match value {
                Some(value) => {
                    let range = item.span().unwrap_or_default();
                    values.push((name, self.manifest.located(value, range)));
                }
                None => self.report(name.error(format!("'{key}' must be a value"))),
            }
        }
        values
    }

    /// Reads the places of the texts in a list, and leaves anything else to another reading of
    /// the same key.
    pub fn places(&self, key: &'static str) -> Vec<Located<String>> {
        let array = self.item(key).and_then(Item::as_array);
        let located = |value: &Value| {
            let range = value.span().unwrap_or_default();
            Some(self.manifest.located(value.as_str()?.to_owned(), range))
        };
        array.into_iter().flatten().filter_map(located).collect()
    }

    /// Reads a text that has to be there.
    pub fn required_text(&self, key: &'static str) -> Option<Located<String>> {
        self.require(key);
        self.located_text(key)
    }

    /// Reads a condition that has to be there, and compiles it.
    pub fn required_expression(&self, key: &'static str) -> Option<Located<Expression>> {
        self.require(key);
        self.expression(key)
    }

    /// Reads a list of texts that has to be there.
    pub fn required_texts(&self, key: &'static str) -> Option<Located<Vec<String>>> {
        self.require(key);
        self.texts(key)
    }

    fn require(&self, key: &'static str) {
        if self.item(key).is_none() {
            let place = self.range.start..self.range.start;
            self.report(
                self.manifest
                    .located((), place)
                    .error(format!("'{key}' is missing")),
            );
        }
    }

    /// Reports every key that nobody asked for.
    pub fn refuse_unknown_keys(&self) {
        let known = self.known.borrow();
        for (key, item) in self.entries.iter().filter(|(key, _)| !known.contains(key)) {
            let range = self
                .entries
                .key(key)
                .and_then(toml_edit::Key::span)
                .or_else(|| item.span());
            let mut message = format!("unknown key '{key}'");
            if let Some(meant) = suggest::nearest(key, known.iter().copied()) {
                message += &format!(", did you mean '{meant}'?");
            } else {
                let names: Vec<&str> = known.iter().copied().collect();
                message += &format!("; there are {}", names.join(", "));
            }
            self.report(
                self.manifest
                    .located((), range.unwrap_or_default())
                    .error(message),
            );
        }
    }

    /// Adds a problem to the list.
    pub fn report(&self, problem: Problem) {
        self.problems.borrow_mut().push(problem);
    }

    fn item(&self, key: &'static str) -> Option<&'a Item> {
        self.known.borrow_mut().insert(key);
        self.entries.get(key)
    }

    fn typed<T>(
        &self,
        key: &'static str,
        what: &str,
        read: impl Fn(&Value) -> Option<T>,
    ) -> Option<Located<T>> {
        let item = self.item(key)?;
        let value = item.as_value().and_then(read);
        if value.is_none() {
            self.report_at(item, format!("'{key}' must be {what}"));
        }
        Some(
            self.manifest
                .located(value?, item.span().unwrap_or_default()),
        )
    }

    fn report_at(&self, item: &Item, message: String) {
        let range = item.span().unwrap_or_default();
        self.report(self.manifest.located((), range).error(message));
    }
}

/// Reads a list of nothing but texts.
fn texts(array: &Array) -> Option<Vec<String>> {
    array
        .iter()
        .map(|item| item.as_str().map(str::to_owned))
        .collect()
}
