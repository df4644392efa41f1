//! Which versions of Python a project supports.

use serde_json::Value as Json;

use super::{Facts, PYPROJECT, setup, value_at};

/// A version of Python by its first two numbers.
type Minor = (u32, u32);

/// Files that pin one version, each with what stands before it.
const PINS: [(&str, &str); 6] = [
    (".python-version", ""),
    ("runtime.txt", "python-"),
    (".tool-versions", "python "),
    ("environment.yml", "- python"),
    ("environment.yaml", "- python"),
    ("Dockerfile", "FROM python:"),
];

/// Where a project says which versions it supports, and how it says so.
pub(super) struct Supported<'a> {
    /// What a person is told.
    pub place: String,
    specifier: &'a str,
}

impl Supported<'_> {
    /// Takes versions that something else has said, as a specifier says them.
    pub fn said(specifier: &str) -> Supported<'_> {
        Supported {
            place: String::new(),
            specifier,
        }
    }

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
    let in_setup = || {
        let (path, text) = facts.texts.get_key_value(setup::NAME)?;
        let specifier = setup::python(text)?;
        Some(Supported {
            place: format!("{path}: python_requires {specifier}"),
            specifier,
        })
    };
    let pinned = |(path, before): (&'static str, &str)| {
        let lines = facts.texts.get(path)?.lines().map(str::trim);
        let pins = lines.filter_map(|line| line.strip_prefix(before));
        let specifier = pins.map(str::trim).find(|pin| !pin.is_empty())?;
        Some(Supported {
            place: format!("{path}: {specifier}"),
            specifier,
        })
    };
    let stated = keys.into_iter().find_map(at_key).or_else(in_dependencies);
    stated
        .or_else(in_setup)
        .or_else(|| PINS.into_iter().find_map(pinned))
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
    let numbers: Vec<u32> = version.split('.').map_while(leading_number).collect();
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

/// Reads the number that a part of a version begins with: an image's has more after it.
fn leading_number(part: &str) -> Option<u32> {
    let end = part.find(|letter: char| !letter.is_ascii_digit());
    part[..end.unwrap_or(part.len())].parse().ok()
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
    fn every_place_that_says_it_is_read() {
        let cases = [
            (".python-version", "\n3.12.4\n", ".python-version: 3.12.4"),
            ("runtime.txt", "python-3.13.1\n", "runtime.txt: 3.13.1"),
            (
                ".tool-versions",
                "nodejs 20\npython 3.13.1\n",
                ".tool-versions: 3.13.1",
            ),
            (
                "environment.yml",
                "name: x\ndependencies:\n  - python=3.12\n  - pip\n",
                "environment.yml: =3.12",
            ),
            (
                "Dockerfile",
                "FROM python:3.13-slim AS build\nFROM scratch\n",
                "Dockerfile: 3.13-slim AS build",
            ),
            (
                "setup.py",
                "setup(python_requires='>=3.12')",
                "setup.py: python_requires >=3.12",
            ),
        ];
        for (path, text, place) in cases {
            let texts = [(path.to_owned(), text.to_owned())].into();
            let found = crate::found::Found::new([path.to_owned()].into(), texts);
            let supported = supported(&found.0).unwrap();
            assert_eq!(supported.place, place);
            assert!(supported.has("3.13") || supported.has("3.12"), "{path}");
            assert!(!supported.has("3.11"), "{path}");
        }
    }

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
            ("3.12-slim", "3.12"),
            ("3.13.1-bookworm", "3.13"),
            ("3-slim", "3.12 3.13 3.14"),
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
