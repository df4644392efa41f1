//! One requirement as PEP 508 writes it: `sqltoolkit[asyncio]>=2; python_version < "3.14"`.

use std::fmt;

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

    /// Tells whether both hold in the same environments.
    pub(super) fn has_marker_of(&self, other: &Requirement) -> bool {
        fn words(marker: Option<&String>) -> Option<String> {
            marker.map(|marker| {
                marker
                    .replace('\'', "\"")
                    .split_whitespace()
                    .collect::<String>()
            })
        }
        words(self.marker.as_ref()) == words(other.marker.as_ref())
    }

    /// Tells whether it holds in every environment.
    pub(super) fn is_unconditional(&self) -> bool {
        self.marker.is_none()
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
