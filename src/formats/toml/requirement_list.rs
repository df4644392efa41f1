//! Arrays of requirements: united by package, sorted by name.

use toml_edit::Value;

use super::array::{ArrayItem, Items};
use crate::formats::requirement::Requirement;

/// The items of an array of requirements.
pub(super) struct RequirementList {
    /// Items that aren't packages: `{ include-group = "test" }`.
    includes: Vec<ArrayItem>,
    packages: Vec<Package>,
}

/// A requirement and the item it is written in.
#[derive(Clone)]
struct Package {
    name: String,
    requirement: Requirement,
    item: ArrayItem,
}

impl RequirementList {
    /// Reads the items; `None` when one of them is neither a requirement nor a table, or when two
    /// say different things about the same package: nothing tells which of them is meant.
    pub(super) fn read(items: &Items) -> Option<Self> {
        let mut list = RequirementList {
            includes: Vec::new(),
            packages: Vec::new(),
        };
        for item in items.list.iter().cloned() {
            if item.value.is_inline_table() {
                list.includes.push(item);
                continue;
            }
            let requirement = Requirement::parse(item.value.as_str()?)?;
            let package = Package {
                name: requirement.normalised_name(),
                requirement,
                item,
            };
            if list.packages.iter().any(|own| own.is_twin_of(&package)) {
                return None;
            }
            list.packages.push(package);
        }
        Some(list)
    }

    /// Lays requirements over these, and gives all items: the includes, then the packages by name.
    ///
    /// A requirement replaces the one of the same package and marker. Where there is none, it
    /// replaces those of the package unless both have a marker: those hold in different places.
    pub(super) fn compose(mut self, above: RequirementList) -> Vec<ArrayItem> {
        for include in above.includes {
            let text = include.value.to_string();
            if !self
                .includes
                .iter()
                .any(|own| own.value.to_string() == text)
            {
                self.includes.push(include);
            }
        }
        let mut laid = Vec::new();
        let mut open = Vec::new();
        for package in above.packages {
            let twins = self.take(|own| own.is_twin_of(&package));
            if twins.is_empty() {
                open.push(package);
            } else {
                laid.push(package.over(&twins));
            }
        }
        let replaced = self.take(|own| open.iter().any(|package| own.overlaps(package)));
        for package in open {
            let mut own = replaced.clone();
            own.retain(|own| own.overlaps(&package));
            laid.push(package.over(&own));
        }
        self.packages.append(&mut laid);
        self.packages
            .sort_by(|one, other| one.name.cmp(&other.name));
        let packages = self.packages.into_iter().map(Package::into_item);
        self.includes.into_iter().chain(packages).collect()
    }

    /// Takes the packages out that a condition holds for.
    fn take(&mut self, condition: impl Fn(&Package) -> bool) -> Vec<Package> {
        let (taken, kept) = std::mem::take(&mut self.packages)
            .into_iter()
            .partition(condition);
        self.packages = kept;
        taken
    }
}

impl Package {
    fn is_twin_of(&self, other: &Package) -> bool {
        self.name == other.name && self.requirement.has_marker_of(&other.requirement)
    }

    /// Tells whether both can hold in the same environment, as far as that is sure.
    fn overlaps(&self, other: &Package) -> bool {
        let is_sure = self.requirement.is_unconditional() || other.requirement.is_unconditional();
        self.name == other.name && is_sure
    }

    /// Replaces earlier packages, and keeps their extras and comments.
    fn over(mut self, earlier: &[Package]) -> Package {
        for package in earlier {
            self.requirement.replace(&package.requirement);
            self.item.inherit_comments(&package.item);
        }
        self
    }

    fn into_item(self) -> ArrayItem {
        let text = self.requirement.to_string();
        let mut item = self.item;
        if item.value.as_str() != Some(&text) {
            item.value = Value::from(text);
        }
        item
    }
}
