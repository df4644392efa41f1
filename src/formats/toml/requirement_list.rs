//! Arrays of requirements: united by package, sorted by name.

use std::collections::{BTreeMap, HashSet};

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
    /// The environments that it holds in.
    condition: Option<String>,
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
        let mut known = HashSet::new();
        for item in items.list.iter().cloned() {
            if item.value.is_inline_table() {
                list.includes.push(item);
                continue;
            }
            let requirement = Requirement::parse(item.value.as_str()?)?;
            let package = Package {
                name: requirement.normalised_name(),
                condition: requirement.condition(),
                requirement,
                item,
            };
            if !known.insert((package.name.clone(), package.condition.clone())) {
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
        let says = |include: &ArrayItem| include.value.to_string();
        let mut known: HashSet<String> = self.includes.iter().map(says).collect();
        let new = above.includes.into_iter();
        self.includes
            .extend(new.filter(|include| known.insert(says(include))));
        let mut packages = by_name(self.packages);
        for (name, above) in by_name(above.packages) {
            let below = packages.entry(name).or_default();
            *below = lay_over(std::mem::take(below), above);
        }
        let packages = packages.into_values().flatten().map(Package::into_item);
        self.includes.into_iter().chain(packages).collect()
    }
}

fn by_name(packages: Vec<Package>) -> BTreeMap<String, Vec<Package>> {
    let mut names: BTreeMap<String, Vec<Package>> = BTreeMap::new();
    for package in packages {
        names.entry(package.name.clone()).or_default().push(package);
    }
    names
}

/// Lays packages of one name over each other.
fn lay_over(mut below: Vec<Package>, above: Vec<Package>) -> Vec<Package> {
    let mut laid = Vec::new();
    let mut open = Vec::new();
    for package in above {
        let twin = below
            .iter()
            .position(|own| own.condition == package.condition);
        match twin {
            Some(twin) => laid.push(package.over(&[below.remove(twin)])),
            None => open.push(package),
        }
    }
    let (replaced, mut all): (Vec<Package>, Vec<Package>) = below
        .into_iter()
        .partition(|own| open.iter().any(|package| own.overlaps(package)));
    for package in open {
        let mut own = replaced.clone();
        own.retain(|own| own.overlaps(&package));
        laid.push(package.over(&own));
    }
    all.append(&mut laid);
    all
}

impl Package {
    /// Tells whether both can hold in the same environment, as far as that is sure.
    fn overlaps(&self, other: &Package) -> bool {
        self.condition.is_none() || other.condition.is_none()
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
