//! The list of what is trusted: its format, what it says of a template, and how it changes.

use std::fmt;

use serde::Deserialize;
use toml_edit::{ArrayOfTables, Document, DocumentMut, Item, Table, value};

use super::Origin;
use crate::error::{Error, Result};
use crate::problem::Problem;

/// The version of the list's format.
const FORMAT: i64 = 1;

/// What the list begins with.
const HEADER: &str = "# Whose templates may run the commands that they declare. 'pyscaffold trust' shows and changes it.\n\n";

/// What a digest begins with.
const DIGEST: &str = "sha256:";

/// What of a source is trusted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grant {
    /// Whatever it holds, now and later.
    Everything,
    /// The content with this digest, and no other.
    Content(String),
}

/// A source that is trusted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// The source.
    pub origin: Origin,
    /// What of it.
    pub grant: Grant,
}

impl fmt::Display for Entry {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.grant {
            Grant::Everything => write!(formatter, "{}", self.origin),
            Grant::Content(digest) => write!(formatter, "{} {digest}", self.origin),
        }
    }
}

/// What the list says of a template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It may run its commands.
    Trusted,
    /// Another content of the same source may.
    Changed,
    /// Nothing.
    Unknown,
}

/// Everything that is trusted, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct List {
    entries: Vec<Entry>,
}

/// The file as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    #[serde(rename = "format")]
    _format: i64,
    #[serde(default)]
    trusted: Vec<StoredEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredEntry {
    source: String,
    content: Option<String>,
}

impl List {
    /// Reads the list from a file's text; what isn't exactly as it should be is an error.
    pub fn parse(text: &str, file: &str) -> Result<Self> {
        let broken = |message: &str, range: std::ops::Range<usize>| {
            let problem = Problem::error(file, message).at(&text.into(), range);
            Error::failed("can't read whom you trust")
                .with_problems(vec![problem])
                .hint("mend the file, or delete it to trust nobody")
        };
        let wrong =
            |error: toml_edit::de::Error| broken(error.message(), error.span().unwrap_or_default());
        let document = Document::parse(text).map_err(|error| wrong(error.into()))?;
        match document.get("format").and_then(Item::as_integer) {
            Some(FORMAT) => {}
            Some(format) if format > FORMAT => {
                return Err(Error::failed(format!(
                    "whom you trust is written in format {format}, and this pyscaffold knows formats up to {FORMAT}"
                ))
                .hint("use a newer pyscaffold"));
            }
            _ => return Err(broken("the file doesn't say which format it has", 0..0)),
        }
        let stored: Stored = toml_edit::de::from_str(text).map_err(wrong)?;
        let mut list = List::default();
        for (index, entry) in stored.trusted.into_iter().enumerate() {
            let entry = entry.read().map_err(|(key, reason)| {
                let tables = document.get("trusted").and_then(Item::as_array_of_tables);
                let table = tables.and_then(|tables| tables.get(index));
                let item = table.and_then(|table| table.get(key));
                broken(&reason, item.and_then(Item::span).unwrap_or_default())
            })?;
            list.add(entry);
        }
        Ok(list)
    }

    /// Gives the entries, ordered by source.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Tells what is known of a template: of its source, the first one, and of all others that it
    /// extends; `digest` is that of all of them together.
    pub fn verdict(&self, origins: &[Origin], digest: &str) -> Verdict {
        let Some(first) = origins.first() else {
            return Verdict::Unknown;
        };
        if origins.iter().all(|origin| self.covering(origin).is_some()) {
            return Verdict::Trusted;
        }
        let own = self.entries.iter().filter(|entry| entry.origin == *first);
        let contents = own.filter_map(|entry| match &entry.grant {
            Grant::Content(trusted) => Some(trusted == digest),
            Grant::Everything => None,
        });
        match contents.max() {
            Some(true) => Verdict::Trusted,
            Some(false) => Verdict::Changed,
            None => Verdict::Unknown,
        }
    }

    /// Finds the source that is trusted as a whole and has another in it.
    pub fn covering(&self, origin: &Origin) -> Option<&Origin> {
        let whole = self
            .entries
            .iter()
            .filter(|entry| entry.grant == Grant::Everything);
        whole
            .map(|entry| &entry.origin)
            .find(|trusted| trusted.covers(origin))
    }

    /// Adds an entry; who trusts a source as a whole needs no entry for a content of it.
    pub fn add(&mut self, entry: Entry) {
        if entry.grant == Grant::Everything {
            self.entries.retain(|other| other.origin != entry.origin);
        }
        if let Err(place) = self.entries.binary_search(&entry) {
            self.entries.insert(place, entry);
        }
    }

    /// Takes out all entries of a source, and gives them.
    pub fn remove(&mut self, origin: &Origin) -> Vec<Entry> {
        let (removed, left) = self
            .entries
            .drain(..)
            .partition(|entry| entry.origin == *origin);
        self.entries = left;
        removed
    }
}

impl StoredEntry {
    /// Reads an entry; the error says which key is wrong, and why.
    fn read(self) -> Result<Entry, (&'static str, String)> {
        let wrong = |reason| ("source", format!("this can't be trusted: {reason}"));
        let origin = Origin::parse(&self.source).map_err(wrong)?;
        if origin.to_string() != self.source {
            return Err(("source", format!("this source is written '{origin}' here")));
        }
        let grant = match self.content {
            None => Grant::Everything,
            Some(digest) if is_digest(&digest) => Grant::Content(digest),
            Some(_) => return Err(("content", format!("this is not '{DIGEST}' and 64 digits"))),
        };
        Ok(Entry { origin, grant })
    }
}

/// Writes the file.
impl fmt::Display for List {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut document = DocumentMut::new();
        document["format"] = value(FORMAT);
        let mut entries = ArrayOfTables::new();
        for entry in &self.entries {
            let mut table = Table::new();
            table["source"] = value(entry.origin.to_string());
            if let Grant::Content(digest) = &entry.grant {
                table["content"] = value(digest);
            }
            entries.push(table);
        }
        if !entries.is_empty() {
            document["trusted"] = Item::ArrayOfTables(entries);
        }
        write!(formatter, "{HEADER}{document}")
    }
}

fn is_digest(text: &str) -> bool {
    let is_digit = |letter: char| matches!(letter, '0'..='9' | 'a'..='f');
    text.strip_prefix(DIGEST)
        .is_some_and(|digits| digits.len() == 64 && digits.chars().all(is_digit))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origins(texts: &[&str]) -> Vec<Origin> {
        texts
            .iter()
            .map(|text| Origin::parse(text).unwrap())
            .collect()
    }

    fn digest(digit: char) -> String {
        format!("{DIGEST}{}", digit.to_string().repeat(64))
    }

    fn list(entries: &[(&str, Grant)]) -> List {
        let mut list = List::default();
        for (source, grant) in entries {
            list.add(Entry {
                origin: Origin::parse(source).unwrap(),
                grant: grant.clone(),
            });
        }
        list
    }

    #[test]
    fn a_list_is_read_as_it_was_written() {
        let list = list(&[
            ("gh:acme/api", Grant::Content(digest('a'))),
            ("gh:acme/api", Grant::Content(digest('b'))),
            ("/home/ada/the \"templates\"", Grant::Everything),
            ("git@git.example:acme", Grant::Everything),
        ]);
        assert_eq!(List::parse(&list.to_string(), "trust.toml").unwrap(), list);
        let empty = List::default();
        assert_eq!(
            List::parse(&empty.to_string(), "trust.toml").unwrap(),
            empty
        );
    }

    #[test]
    fn every_source_of_a_template_has_to_be_trusted() {
        let trusted = list(&[("gh:acme", Grant::Everything)]);
        let verdict = |texts: &[&str]| trusted.verdict(&origins(texts), &digest('a'));
        assert_eq!(verdict(&["gh:acme/api", "gh:acme/base"]), Verdict::Trusted);
        assert_eq!(verdict(&["gh:acme/api", "gh:other/base"]), Verdict::Unknown);
        assert_eq!(verdict(&["gh:other/api", "gh:acme/base"]), Verdict::Unknown);
        assert_eq!(verdict(&[]), Verdict::Unknown);
    }

    #[test]
    fn a_content_is_trusted_where_it_comes_from_and_nowhere_else() {
        let trusted = list(&[("gh:acme/api", Grant::Content(digest('a')))]);
        let verdict = |text: &str, digit| trusted.verdict(&origins(&[text]), &digest(digit));
        assert_eq!(verdict("gh:acme/api", 'a'), Verdict::Trusted);
        assert_eq!(verdict("gh:acme/api", 'b'), Verdict::Changed);
        assert_eq!(verdict("gh:eve/api", 'a'), Verdict::Unknown);
        assert_eq!(verdict("gh:acme/api#web", 'a'), Verdict::Unknown);
        let chain = origins(&["gh:acme/api", "gh:other/base"]);
        assert_eq!(trusted.verdict(&chain, &digest('a')), Verdict::Trusted);
    }

    #[test]
    fn the_whole_replaces_the_contents() {
        let mut trusted = list(&[
            ("gh:acme/api", Grant::Content(digest('a'))),
            ("gh:acme/api", Grant::Everything),
            ("gh:acme/api2", Grant::Everything),
        ]);
        assert_eq!(trusted.entries().len(), 2);
        let removed = trusted.remove(&origins(&["gh:acme/api"])[0]);
        assert_eq!(removed.len(), 1);
        assert_eq!(trusted, list(&[("gh:acme/api2", Grant::Everything)]));
    }

    #[test]
    fn a_broken_list_is_never_half_a_list() {
        let entry = "[[trusted]]\nsource = \"https://github.com/acme/api\"\n";
        let broken = [
            (String::new(), "doesn't say which format"),
            ("format = \"1\"\n".to_owned(), "doesn't say which format"),
            ("format = 0\n".to_owned(), "doesn't say which format"),
            ("format = 1\n[[".to_owned(), ""),
            ("format = 1\nmore = 1\n".to_owned(), "unknown field `more`"),
            (
                format!("format = 1\n{entry}until = 3\n"),
                "unknown field `until`",
            ),
            (
                "format = 1\n[[trusted]]\n".to_owned(),
                "missing field `source`",
            ),
            (
                "format = 1\n[[trusted]]\nsource = \"https://github.com\"\n".to_owned(),
                "can't be trusted: it names no repository",
            ),
            (
                "format = 1\n[[trusted]]\nsource = \"gh:acme/api\"\n".to_owned(),
                "is written 'https://github.com/acme/api' here",
            ),
            (
                format!("format = 1\n{entry}content = \"\"\n"),
                "is not 'sha256:'",
            ),
            (
                format!("format = 1\n{entry}content = \"sha256:AB\"\n"),
                "is not 'sha256:'",
            ),
        ];
        for (text, reason) in broken {
            let error = List::parse(&text, "trust.toml").unwrap_err();
            assert!(
                error.problems[0].message.contains(reason),
                "{text}: {error:?}"
            );
            assert_eq!(error.hints, ["mend the file, or delete it to trust nobody"]);
        }
        let error = List::parse("format = 2\nfuture = 1\n", "trust.toml").unwrap_err();
        assert!(error.message.contains("format 2"), "{error}");
    }
}
