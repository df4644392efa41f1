//! Which versions of Python a project supports.

use serde_json::Value as Json;

use super::{Facts, PYPROJECT, value_at};

/// A version of Python by its first two numbers.
type Minor = (u32, u32);

/// Where a project says which versions it supports, and how it says so.
pub(super) struct Supported<'a> {
    /// What a person is told.
    pub place: String,
    specifier: &'a str,
}

impl Supported<'_> {
    /// Tells whether some release of a version, such as `3.13`, is supported.
    pub fn has(&self, version: &str) -> bool {
        let Some(minor) = minor(version) else {
            return false;
        };
        self.specifier
            .split('|')
            .filter(|part| !part.trim().is_empty())
            .any(|part| part.split(',').all(|clause| admits(clause.trim(), minor)))
    }
}

/// Finds where a project says which versions it supports: the most binding place first.
pub(super) fn supported(facts: &Facts) -> Option<Supported<'_>> {
    let keys = [
        (PYPROJECT, "project.requires-python"),
        ("setup.cfg", "options.python_requires"),
        ("Pipfile", "requires.python_version"),
    ];
    let at_key = |(path, key): (&str, &str)| {
        let specifier = value_at(facts.documents.get(path)?, key)?.as_str()?;
        Some(Supported {
            place: format!("{path}: {key} {specifier}"),
            specifier,
        })
    };
    let in_dependencies = || {
        let specifier = in_tables(facts.documents.get(PYPROJECT)?)?;
        Some(Supported {
            place: format!("{PYPROJECT}: python {specifier}"),
            specifier,
        })
    };
    let pinned = || {
        let (path, text) = facts.texts.get_key_value(".python-version")?;
        let specifier = text.lines().map(str::trim).find(|line| !line.is_empty())?;
        Some(Supported {
            place: format!("{path}: {specifier}"),
            specifier,
        })
    };
    let stated = keys.into_iter().find_map(at_key);
    stated.or_else(in_dependencies).or_else(pinned)
}

/// Finds Python itself among the dependencies, where some tools put it.
fn in_tables(value: &Json) -> Option<&str> {
    value.as_object()?.iter().find_map(|(key, value)| {
        if key == "dependencies" {
            value.get("python")?.as_str()
        } else {
            in_tables(value)
        }
    })
}

/// Tells whether some release of a version is in a clause such as `>=3.12` or `^3.12`.
fn admits(clause: &str, minor: Minor) -> bool {
    let end = clause
        .find(|character: char| character.is_ascii_digit() || character == '*')
        .unwrap_or(clause.len());
    let (operator, version) = clause.split_at(end);
    let numbers: Vec<u32> = version
        .split('.')
        .map_while(|part| part.parse().ok())
        .collect();
    let Some(&major) = numbers.first() else {
        return version == "*" || clause.is_empty();
    };
    let bound = (major, numbers.get(1).copied().unwrap_or(0));
    let is_same = minor.0 == major && numbers.get(1).is_none_or(|second| *second == minor.1);
    match operator.trim() {
        ">=" | ">" => minor >= bound,
        "<=" => minor <= bound,
        "<" if numbers.iter().skip(2).any(|number| *number > 0) => minor <= bound,
        "<" => minor < bound,
        "!=" => numbers.len() > 2 || !is_same,
        "^" => minor >= bound && minor.0 == major,
        "~=" if numbers.len() == 2 => minor >= bound && minor.0 == major,
        "==" | "===" | "=" | "~" | "~=" | "" => is_same,
        _ => false,
    }
}

/// Reads a version such as `3.13`.
fn minor(version: &str) -> Option<Minor> {
    let (major, minor) = version.split_once('.')?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_supported_where_one_of_its_releases_is() {
        let cases = [
            (">=3.8", "3.12 3.13 3.14"),
            (">=3.13", "3.13 3.14"),
            (">=3.13.2,<4", "3.13 3.14"),
            (" >= 3.12 , < 3.14 ", "3.12 3.13"),
            (">3.12", "3.12 3.13 3.14"),
            ("<=3.12", "3.12"),
            ("<3.13.1", "3.12 3.13"),
            (">=3.12,!=3.12.*", "3.13 3.14"),
            (">=3.12,!=3.12.1", "3.12 3.13 3.14"),
            ("^3.13", "3.13 3.14"),
            ("^4", ""),
            ("~3.13", "3.13"),
            ("~3.13.2", "3.13"),
            ("~=3.13", "3.13 3.14"),
            ("~=3.13.1", "3.13"),
            ("==3.12.*", "3.12"),
            ("3.14", "3.14"),
            ("3.14.1", "3.14"),
            ("3.*", "3.12 3.13 3.14"),
            ("*", "3.12 3.13 3.14"),
            ("", ""),
            ("~3.12 || ^3.14", "3.12 3.14"),
            ("3.11", ""),
            ("3.1", ""),
            ("what?", ""),
            ("pypy3.12", ""),
        ];
        for (specifier, expected) in cases {
            let supported = Supported {
                place: String::new(),
                specifier,
            };
            let versions = ["3.12", "3.13", "3.14"].into_iter();
            let found: Vec<&str> = versions.filter(|version| supported.has(version)).collect();
            assert_eq!(found.join(" "), expected, "{specifier}");
        }
    }
}
