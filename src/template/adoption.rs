//! What a template says about projects that were made by hand or by another tool: what isn't
//! brought to them, and what of them its files can ask.

use super::manifest::{Located, Table};
use crate::formats::{self, Format};
use crate::language::Expression;
use crate::tree::ProjectPath;

/// What the conditions of `[[leave]]` call the questions whose answers aren't the defaults.
pub const GIVEN: &str = "given";

/// What parts a file from a key in it.
const KEY: char = '#';

/// What isn't brought to a project that has something which doesn't go together with it.
#[derive(Debug)]
pub struct Leave {
    /// Globs over paths in the project, and keys: `pyproject.toml#tool.name`.
    pub skip: Vec<String>,
    /// When, over the answers, the data files, `found` and `adopted`.
    pub when: Located<Expression>,
    /// Why, for people.
    pub because: String,
}

/// Something that the files of a template can ask of a project that was adopted, as `adopted.name`.
#[derive(Debug)]
pub struct Trait {
    /// Its name.
    pub name: String,
    /// A template over the answers, the data files and `found`.
    pub text: Located<String>,
}

/// Splits what is skipped into a file and a key in it; nothing where whole files are meant.
pub fn key_in_file(skip: &str) -> Option<(&str, &str)> {
    skip.split_once(KEY).filter(|(path, _)| is_keyed(path))
}

fn is_keyed(path: &str) -> bool {
    ProjectPath::parse_foreign(path).is_ok_and(|path| Format::of(&path) == Format::Toml)
}

/// Reads an entry of `[[leave]]`.
pub(super) fn read_leave(table: &Table) -> Option<Leave> {
    let skip = table.required_texts("skip");
    let when = table.required_expression("when");
    let because = table.required_text("because");
    table.refuse_unknown_keys();
    let skip = skip?;
    let wrong = skip.value.iter().find(|skip| {
        let key = skip.split_once(KEY);
        key.is_some_and(|(path, key)| !is_keyed(path) || !formats::is_key(key))
    });
    if let Some(wrong) = wrong {
        let message = format!("'{wrong}' is no key of a TOML file, as in pyproject.toml#tool.name");
        table.report(skip.error(message));
    }
    Some(Leave {
        skip: skip.value,
        when: when?,
        because: because?.value,
    })
}

/// Reads `[adopted]`.
pub(super) fn read_traits(table: &Table) -> Vec<Trait> {
    let Some(table) = table.table("adopted") else {
        return Vec::new();
    };
    let mut traits = Vec::new();
    for (name, value) in table.values() {
        match value.value.as_str() {
            Some(text) => traits.push(Trait {
                text: value.with(text.to_owned()),
                name: name.value,
            }),
            None => table.report(value.error("must be a text: a template over 'found'")),
        }
    }
    traits
}
