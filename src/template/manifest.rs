//! Reads the TOML files of a template, and finds all their mistakes at once, each with its place.
//!
//! It owns how a key is read. What keys there are is said where they are read.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use toml_edit::{Array, Document, Item, TableLike, Value};

use crate::language::{self, Expression};
use crate::problem::Problem;
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
    /// Makes an error at the value's place.
    pub fn error(&self, message: impl Into<String>) -> Problem {
        Problem::error(&*self.file, message).at(&self.text, self.range.clone())
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
    pub fn data(&self) -> serde_json::Value {
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
                self.report(source.error(language::message(&error)));
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

    /// Reads a text that has to be there.
    pub fn required_text(&self, key: &'static str) -> Option<Located<String>> {
        if self.item(key).is_none() {
            let place = self.range.start..self.range.start;
            self.report(
                self.manifest
                    .located((), place)
                    .error(format!("'{key}' is missing")),
            );
        }
        self.located_text(key)
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
