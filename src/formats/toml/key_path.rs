//! Where a key is in a document: `tool.ruff.lint`.

use std::fmt;

/// The names from the root to a key or a table; empty for the root.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub(super) struct KeyPath(Vec<String>);

impl KeyPath {
    /// Counts the names.
    pub(super) fn depth(&self) -> usize {
        self.0.len()
    }

    /// Adds names at the end.
    pub(super) fn join(&self, names: &[String]) -> KeyPath {
        KeyPath([self.0.as_slice(), names].concat())
    }

    /// Gives the path of the table at a depth; the path itself if it isn't that deep.
    pub(super) fn up_to(&self, depth: usize) -> KeyPath {
        KeyPath(self.0.iter().take(depth).cloned().collect())
    }

    /// Tells whether the names in a table lead to this path, or into the table here.
    pub(super) fn holds(&self, table: &KeyPath, names: &[String]) -> bool {
        let mut all = table.0.iter().chain(names);
        self.0.iter().all(|name| all.next() == Some(name))
    }

    /// Gives the path from the table at a depth.
    pub(super) fn below(&self, depth: usize) -> KeyPath {
        KeyPath(self.names_from(depth).to_vec())
    }

    /// Counts the names that both begin with.
    pub(super) fn common_depth(&self, other: &KeyPath) -> usize {
        let pairs = self.0.iter().zip(&other.0);
        pairs.take_while(|(one, other)| one == other).count()
    }

    /// Gives the names below a depth.
    pub(super) fn names_from(&self, depth: usize) -> &[String] {
        self.0.get(depth..).unwrap_or_default()
    }

    /// Tells whether the path is another one, or lies in its table.
    pub(super) fn starts_with(&self, table: &KeyPath) -> bool {
        self.0.starts_with(&table.0)
    }

    /// Tells whether the path lies in a table, at any depth.
    pub(super) fn is_inside(&self, table: &KeyPath) -> bool {
        self.depth() > table.depth() && self.starts_with(table)
    }

    /// Tells whether an array at this path is one of requirements, as far as names can tell.
    pub(super) fn holds_requirements(&self) -> bool {
        let mut names = self.0.iter().rev().map(String::as_str);
        let (last, parent) = (names.next(), names.next());
        matches!(last, Some("dependencies" | "requires" | "dev-dependencies"))
            || matches!(
                parent,
                Some("optional-dependencies" | "dependency-groups" | "dev-dependencies")
            )
    }
}

impl fmt::Display for KeyPath {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&print_names(&self.0))
    }
}

/// Writes names as a dotted key, quoted where TOML asks for it.
pub(super) fn print_names(names: &[String]) -> String {
    let names: Vec<String> = names
        .iter()
        .map(|name| toml_edit::Key::new(name).display_repr().into_owned())
        .collect();
    names.join(".")
}
