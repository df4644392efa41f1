//! One requirement as PEP 508 writes it: `sqltoolkit[asyncio]>=2; python_version < "3.14"`.

use std::collections::BTreeSet;
use std::fmt;

use super::merge::{Choice, Versions};

/// A package that a project needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Requirement {
    name: String,
    extras: Vec<String>,
    /// The versions with their operators, or `@` and an address; may be empty.
    specifier: String,
    marker: Option<String>,
    /// The text as it was written; none when it was put together here.
    source: Option<String>,
}

impl Requirement {
    /// Reads a requirement; `None` when the text isn't one.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let source = text.trim();
        let name_end = source
            .find(|character: char| !is_name_character(character))
            .unwrap_or(source.len());
        let (name, rest) = source.split_at(name_end);
        let is_edge = |character: char| character.is_ascii_alphanumeric();
        if !name.starts_with(is_edge) || !name.ends_with(is_edge) {
            return None;
        }
        let (extras, rest) = match rest.trim_start().strip_prefix('[') {
            Some(inner) => inner.split_once(']')?,
            None => ("", rest),
        };
        let rest = rest.trim();
        let separator = if rest.starts_with('@') { " ;" } else { ";" };
        let (specifier, marker) = match rest.split_once(separator) {
            Some((specifier, marker)) => (specifier.trim(), Some(marker.trim().to_owned())),
            None => (rest, None),
        };
        if !(specifier.is_empty() || specifier.starts_with(['<', '>', '=', '!', '~', '(', '@'])) {
            return None;
        }
        Some(Requirement {
            name: name.to_owned(),
            extras: extras
                .split(',')
                .map(|extra| extra.trim().to_owned())
                .filter(|extra| !extra.is_empty())
                .collect(),
            specifier: specifier.to_owned(),
            marker,
            source: Some(source.to_owned()),
        })
    }

    /// Gives the name that says whether two requirements are about the same package (PEP 503).
    pub(super) fn normalised_name(&self) -> String {
        normalise(&self.name)
    }

    /// Gives the marker so that equal ones give equal texts, whatever their spelling.
    pub(super) fn condition(&self) -> Option<String> {
        let words = |marker: &String| {
            let marker = marker.replace('\'', "\"");
            marker.split_whitespace().collect()
        };
        self.marker.as_ref().map(words)
    }

    /// Tells whether both say the same, whatever their spelling.
    pub(super) fn is_like(&self, other: &Requirement) -> bool {
        let facts = |one: &Requirement| {
            let extras = one.extra_names();
            (
                one.normalised_name(),
                extras,
                one.version(),
                one.condition(),
            )
        };
        facts(self) == facts(other)
    }

    /// Merges two changes of a requirement, part by part; `None` when both changed one part in
    /// different ways.
    ///
    /// Where there was none before, extras are united and a version wins over none.
    pub(super) fn merge(
        base: Option<&Requirement>,
        yours: &Requirement,
        desired: &Requirement,
    ) -> Option<Requirement> {
        let version = Versions {
            base: base.map_or_else(String::new, Requirement::version),
            yours: yours.version(),
            desired: desired.version(),
        };
        let marker = Versions {
            base: base.and_then(Requirement::condition),
            yours: yours.condition(),
            desired: desired.condition(),
        };
        let pick = |choice| match choice {
            Choice::Yours => Some(yours),
            Choice::Desired => Some(desired),
            Choice::Neither => None,
        };
        Some(Requirement {
            name: yours.name.clone(),
            extras: merge_extras(base, yours, desired),
            specifier: pick(version.choose())?.specifier.clone(),
            marker: pick(marker.choose())?.marker.clone(),
            source: None,
        })
    }

    /// Gives the versions without the space in them.
    fn version(&self) -> String {
        self.specifier.split_whitespace().collect()
    }

    fn extra_names(&self) -> BTreeSet<String> {
        self.extras.iter().map(|extra| normalise(extra)).collect()
    }

    /// Replaces an earlier requirement of the same package, and keeps that one's extras.
    ///
    /// One without a version keeps the earlier version: it only adds extras.
    pub(super) fn replace(&mut self, earlier: &Requirement) {
        for extra in &earlier.extras {
            if !self
                .extras
                .iter()
                .any(|own| normalise(own) == normalise(extra))
            {
                self.extras.push(extra.clone());
                self.extras.sort_by_key(|extra| normalise(extra));
                self.source = None;
            }
        }
        if self.specifier.is_empty() && !earlier.specifier.is_empty() {
            self.specifier.clone_from(&earlier.specifier);
            self.source = None;
        }
    }
}

impl fmt::Display for Requirement {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(source) = &self.source {
            return formatter.write_str(source);
        }
        formatter.write_str(&self.name)?;
        if !self.extras.is_empty() {
            write!(formatter, "[{}]", self.extras.join(","))?;
        }
        let is_address = self.specifier.starts_with('@');
        if is_address {
            formatter.write_str(" ")?;
        }
        formatter.write_str(&self.specifier)?;
        match &self.marker {
            Some(marker) if is_address => write!(formatter, " ; {marker}"),
            Some(marker) => write!(formatter, "; {marker}"),
            None => Ok(()),
        }
    }
}

/// Merges extras as sets, in the order of the user's; new ones come behind.
fn merge_extras(
    base: Option<&Requirement>,
    yours: &Requirement,
    desired: &Requirement,
) -> Vec<String> {
    let before = base.map(Requirement::extra_names).unwrap_or_default();
    let (own, wanted) = (yours.extra_names(), desired.extra_names());
    let is_kept = |extra: &&String| {
        let name = normalise(extra);
        wanted.contains(&name) || !before.contains(&name)
    };
    let is_new = |extra: &&String| {
        let name = normalise(extra);
        !own.contains(&name) && !before.contains(&name)
    };
    let kept = yours.extras.iter().filter(is_kept);
    let new = desired.extras.iter().filter(is_new);
    kept.chain(new).cloned().collect()
}

fn is_name_character(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '-' | '_' | '.')
}

/// Writes a name in lower case, with every run of `-`, `_` and `.` as one `-`.
fn normalise(name: &str) -> String {
    let parts: Vec<String> = name
        .split(['-', '_', '.'])
        .filter(|part| !part.is_empty())
        .map(str::to_ascii_lowercase)
        .collect();
    parts.join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_normalised() {
        for text in [
            "ruamel.yaml",
            "Ruamel_YAML>=1",
            "ruamel-._yaml[x] ; a",
            "ruamel-yaml @ https://x",
        ] {
            let requirement = Requirement::parse(text).unwrap();
            assert_eq!(requirement.normalised_name(), "ruamel-yaml", "{text}");
            assert_eq!(requirement.to_string(), text);
        }
    }

    #[test]
    fn other_texts_are_no_requirements() {
        for text in [
            "",
            "-r a.txt",
            "./here",
            "a b",
            "a[b",
            "_a",
            "a-",
            "${X}",
            "COM812 # no",
        ] {
            assert_eq!(Requirement::parse(text), None, "{text}");
        }
    }

    #[test]
    fn two_changes_are_merged_part_by_part() {
        let cases = [
            ("a>=1", "a[x]>=1", "a>=2", Some("a[x]>=2")),
            (
                "a>=1",
                "a>=1; m == '1'",
                "a[y] >= 1",
                Some("a[y]>=1; m == '1'"),
            ),
            ("a[x,y]", "a[x,y,z]", "a[y,w]", Some("a[y,z,w]")),
            ("a>=1", "a>=2", "a>=3", None),
            ("a>=1", "a >= 1", "a>=3", Some("a>=3")),
            ("a; m == '1'", "a; m == '2'", "a; m == '3'", None),
            ("", "a[x]", "a[y]>=1", Some("a[x,y]>=1")),
            ("", "a>1", "a<2", None),
        ];
        for (base, yours, desired, expected) in cases {
            let base = Requirement::parse(base);
            let [yours, desired] = [yours, desired].map(|text| Requirement::parse(text).unwrap());
            let merged = Requirement::merge(base.as_ref(), &yours, &desired);
            assert_eq!(merged.map(|merged| merged.to_string()).as_deref(), expected);
        }
    }

    #[test]
    fn the_later_replaces_the_earlier() {
        let cases = [
            ("a>=1", "a>=2", "a>=2"),
            ("a>=1", "A == 2", "A == 2"),
            ("a[x]>=1", "a>=2", "a[x]>=2"),
            ("a>=1", "a[x]>=2", "a[x]>=2"),
            ("a[y,x]>=1", "a[z]>=2", "a[x,y,z]>=2"),
            ("a[X]", "a[x] >= 1", "a[x] >= 1"),
            ("a>=1,<2", "a[x]", "a[x]>=1,<2"),
            ("a[x] @ https://h/a;b", "a", "a[x] @ https://h/a;b"),
            ("a[x]; b == '1'", "a>1; b == '1'", "a[x]>1; b == '1'"),
        ];
        for (below, above, expected) in cases {
            let mut requirement = Requirement::parse(above).unwrap();
            requirement.replace(&Requirement::parse(below).unwrap());
            assert_eq!(requirement.to_string(), expected);
        }
    }
}
