//! The value that signs look at: what they ask of a project, and what was seen there.

use std::sync::{Arc, Mutex, PoisonError};

use minijinja::value::{Kwargs, Object, Rest, Serde, Value, from_args};
use minijinja::{Error, ErrorKind, State};
use regex_lite::Regex;
use serde_json::Value as Json;

use super::lists::Listed;
use super::{Facts, PYPROJECT, package, python, value_at};
use crate::formats;

/// What signs call the value.
pub const NAME: &str = "found";

/// What signs can ask.
pub const METHODS: [&str; 8] = [
    "answer",
    "dependency",
    "file",
    "key",
    "package",
    "python",
    "requirements",
    "text",
];

/// What signs look at.
///
/// What isn't there is false or an empty text, so that a sign can go on with `or`, and a template
/// writes nothing.
#[derive(Debug, Clone)]
pub struct Evidence(Arc<Look>);

#[derive(Debug)]
struct Look {
    facts: Arc<Facts>,
    notes: Mutex<Vec<Note>>,
}

/// Something that was asked, in words.
#[derive(Debug)]
enum Note {
    Seen(String),
    Missed(String),
}

impl Evidence {
    pub(super) fn of(facts: Arc<Facts>) -> Self {
        let notes = Mutex::default();
        Evidence(Arc::new(Look { facts, notes }))
    }

    /// Gives what expressions and templates see under [`NAME`].
    pub fn value(&self) -> Value {
        Value::from_dyn_object(Arc::clone(&self.0))
    }

    /// Says by what a sign was told that held.
    ///
    /// It was told by what was seen, and by what was missed after that: what was missed before
    /// was the other side of an `or`.
    pub fn reason(&self) -> String {
        let notes = self.0.notes();
        let is_seen = |note: &Note| matches!(note, Note::Seen(_));
        let last = notes.iter().rposition(is_seen).unwrap_or(0);
        let mut parts: Vec<&str> = Vec::new();
        for (place, note) in notes.iter().enumerate() {
            let (Note::Seen(text) | Note::Missed(text)) = note;
            if (is_seen(note) || place >= last) && !parts.contains(&text.as_str()) {
                parts.push(text);
            }
        }
        parts.join(", ")
    }
}

impl Object for Look {
    fn call_method(
        self: &Arc<Self>,
        _: &mut State<'_, '_>,
        method: &str,
        arguments: &[Value],
    ) -> Result<Value, Error> {
        match method {
            "dependency" => {
                let (names,): (Rest<String>,) = from_args(arguments)?;
                Ok(self.dependency(&names).into())
            }
            "file" => {
                let (globs,): (Rest<String>,) = from_args(arguments)?;
                Ok(self.file(&globs).into())
            }
            "text" => {
                let (glob, source): (&str, &str) = from_args(arguments)?;
                Ok(self.text(glob, &Pattern::parse(source)?).into())
            }
            "key" => self.key(arguments),
            "package" => {
                let (project,): (Option<&str>,) = from_args(arguments)?;
                Ok(self.package(project.unwrap_or_default()).into())
            }
            "python" => {
                let (version, said): (&str, Option<&str>) = from_args(arguments)?;
                Ok(self.python(version, said.unwrap_or_default()).into())
            }
            "answer" => {
                let (names,): (Rest<String>,) = from_args(arguments)?;
                Ok(self.answer(&names).into())
            }
            "requirements" => {
                let (globs,): (Rest<String>,) = from_args(arguments)?;
                Ok(self.requirements(&globs).into())
            }
            _ => Err(Error::from(ErrorKind::UnknownMethod)),
        }
    }
}

impl Look {
    fn notes(&self) -> std::sync::MutexGuard<'_, Vec<Note>> {
        self.notes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn see(&self, what: String) {
        self.notes().push(Note::Seen(what));
    }

    fn miss(&self, what: &str) {
        self.notes().push(Note::Missed(format!("no {what}")));
    }

    /// Tells whether one of some packages is asked for.
    fn dependency(&self, names: &[String]) -> bool {
        for name in names {
            let normalised = formats::package_name(name).unwrap_or_default();
            if let Some(file) = self.facts.dependencies.get(&normalised) {
                self.see(format!("{file}: dependency {name}"));
                return true;
            }
        }
        self.miss(&format!("dependency {}", names.join(", ")));
        false
    }

    /// Gives the first path that matches one of some globs.
    fn file(&self, globs: &[String]) -> String {
        let matches = |glob: &String| {
            let mut files = self.facts.files.iter();
            files.find(|path| fast_glob::glob_match(glob, path.as_str()))
        };
        let Some(path) = globs.iter().find_map(matches) else {
            self.miss(&globs.join(", "));
            return String::new();
        };
        self.see(path.clone());
        path.clone()
    }

    /// Gives what a pattern finds first in the texts at the paths that match a glob.
    fn text(&self, glob: &str, pattern: &Pattern) -> String {
        let texts = self.facts.texts.iter();
        let mut meant = texts.filter(|(path, _)| fast_glob::glob_match(glob, path.as_str()));
        let found = meant.find_map(|(path, text)| Some((path, pattern.find(text)?)));
        // That a text doesn't say something would tell a person little.
        let Some((path, found)) = found else {
            return String::new();
        };
        self.see(format!("{path}: {}", found.whole));
        found.wanted
    }

    /// Gives the value at the first of some keys that is there, or what a pattern finds in it.
    fn key(&self, arguments: &[Value]) -> Result<Value, Error> {
        let (keys, options): (&[Value], Kwargs) = from_args(arguments)?;
        let file: &str = options.get::<Option<&str>>("file")?.unwrap_or(PYPROJECT);
        let pattern = options.get::<Option<&str>>("pattern")?;
        let pattern = pattern.map(Pattern::parse).transpose()?;
        options.assert_all_used()?;
        let document = self.facts.documents.get(file).unwrap_or(&Json::Null);
        for key in keys {
            let key = key.as_str().unwrap_or_default();
            let value = value_at(document, key).and_then(|value| match &pattern {
                Some(pattern) => pattern.find(&plain(value)).map(|found| found.wanted.into()),
                None => shown(value),
            });
            if let Some(value) = value {
                self.see(format!("{file}: {key}"));
                return Ok(value);
            }
        }
        let keys: Vec<&str> = keys.iter().filter_map(Value::as_str).collect();
        self.miss(&format!("{} in {file}", keys.join(", ")));
        Ok(Value::from(""))
    }

    /// Gives the requirements in the lists that match one of some globs, a line for each.
    fn requirements(&self, globs: &[String]) -> String {
        let matches = |path: &str| globs.iter().any(|glob| fast_glob::glob_match(glob, path));
        let paths = self.facts.texts.keys().map(String::as_str);
        let listed = Listed::read(&self.facts.texts, paths.filter(|path| matches(path)));
        if !listed.requirements.is_empty() {
            self.see(listed.files.join(", "));
        }
        for line in &listed.left {
            self.see(format!("'{line}' stays there alone"));
        }
        listed.requirements.join("\n")
    }

    /// Gives what the project is imported as.
    fn package(&self, project: &str) -> String {
        let Some((path, name)) = package::find(&self.facts.files, project) else {
            self.miss("package");
            return String::new();
        };
        self.see(path.to_owned());
        name.to_owned()
    }

    /// Tells whether a version of Python is supported; `said` counts where the project is silent.
    fn python(&self, version: &str, said: &str) -> bool {
        let supported = python::supported(&self.facts);
        let Some(supported) = supported else {
            return !said.is_empty() && python::Supported::said(said).has(version);
        };
        let has = supported.has(version);
        if has {
            self.see(supported.place);
        }
        has
    }

    /// Gives what another tool was answered under one of some names, as a text.
    fn answer(&self, names: &[String]) -> String {
        let answers = self.facts.answers.iter();
        let named = answers.flat_map(|answers| names.iter().map(move |name| (answers, name)));
        for (answers, name) in named {
            let text = answers.values.get(name).map(plain).unwrap_or_default();
            if !text.is_empty() {
                self.see(format!("{}: {name}", answers.file));
                return text;
            }
        }
        // What another tool wasn't asked would tell a person little.
        String::new()
    }
}

/// A pattern as it was written, and compiled.
struct Pattern(Regex);

impl Pattern {
    fn parse(source: &str) -> Result<Self, Error> {
        let invalid = |error: regex_lite::Error| {
            Error::new(ErrorKind::InvalidOperation, format!("'{source}': {error}"))
        };
        crate::language::pattern(source)
            .map(Pattern)
            .map_err(invalid)
    }

    /// Finds the pattern's first place in a text.
    fn find(&self, text: &str) -> Option<Match> {
        let captures = self.0.captures(text)?;
        let whole = captures.get(0)?.as_str().trim();
        let wanted = captures.get(1).map_or(whole, |group| group.as_str().trim());
        Some(Match {
            whole: whole.to_owned(),
            wanted: wanted.to_owned(),
        })
    }
}

/// What a pattern has found.
struct Match {
    /// All of it.
    whole: String,
    /// What its group holds; all of it where it has none.
    wanted: String,
}

/// Gives what signs see of a value: a table is `true`, even where it is empty.
fn shown(value: &Json) -> Option<Value> {
    match value {
        Json::Null => None,
        Json::Object(_) => Some(Value::from(true)),
        Json::String(text) if text.is_empty() => None,
        other => Some(Value::from(Serde(other))),
    }
}

/// Gives the text that a pattern looks at: a list is one text, with spaces.
fn plain(value: &Json) -> String {
    match value {
        Json::String(text) => text.clone(),
        Json::Array(values) => values.iter().map(plain).collect::<Vec<_>>().join(" "),
        Json::Object(_) | Json::Null => String::new(),
        other => other.to_string(),
    }
}
