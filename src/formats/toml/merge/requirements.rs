//! Lists of requirements in three versions: by package, and part by part within a package.

use std::collections::{HashMap, HashSet};

use toml_edit::Value;

use super::lists::{ItemVersions, List, chosen};
use crate::formats::merge::{Choice, Versions};
use crate::formats::requirement::Requirement;
use crate::formats::toml::array::{ArrayItem, Items};
use crate::formats::toml::key_path::KeyPath;
use crate::formats::toml::requirement_list::RequirementList;
use crate::formats::toml::value::canonical;

/// Reads lists of requirements; `None` when the path is of none, or one of them can't be read.
pub(super) fn read<'items>(
    path: &KeyPath,
    items: &'items Versions<Items>,
) -> Option<Versions<List<'items>>> {
    let all = [&items.base, &items.yours, &items.desired];
    let is_one = |items: &&Items| RequirementList::read(items).is_some();
    if !path.holds_requirements() || !all.iter().all(is_one) {
        return None;
    }
    let repeated: HashSet<String> = all.into_iter().flat_map(repeated).collect();
    let about = |item: &ArrayItem| match requirement(item) {
        Some(requirement) => {
            let name = requirement.normalised_name();
            let is_repeated = repeated.contains(&name);
            let condition = requirement.condition().filter(|_| is_repeated);
            format!("{name};{}", condition.unwrap_or_default())
        }
        None => canonical(&item.value),
    };
    Some(items.each_ref().map(|items| List::new(items, about)))
}

/// Merges items about one package, or tables that are equal.
pub(super) fn merge(versions: ItemVersions<&ArrayItem>) -> ItemVersions<ArrayItem> {
    let facts = versions.map(|item| item.map(Fact::of));
    let choice = facts.choose_present();
    let item = chosen(choice, &versions);
    let (Choice::Neither, Some(yours), Some(desired)) = (
        choice,
        requirement_of(versions.yours),
        requirement_of(versions.desired),
    ) else {
        return Versions::alike(&item);
    };
    let base = requirement_of(versions.base);
    if let Some(merged) = Requirement::merge(base.as_ref(), &yours, &desired) {
        let text = [yours, desired]
            .into_iter()
            .find(|side| side.is_like(&merged))
            .unwrap_or(merged)
            .to_string();
        return Versions::alike(&item.map(|item| item.saying(&Value::from(text))));
    }
    Versions {
        base: versions.base.cloned(),
        yours: item,
        desired: versions.desired.cloned(),
    }
}

/// Sorts merged packages by name if the user's were, behind what is no package.
pub(super) fn sort(merged: Versions<Vec<ArrayItem>>, yours: &List) -> Versions<Vec<ArrayItem>> {
    let places: Vec<Option<String>> = yours.items().map(place).collect();
    if !places.is_sorted() {
        return merged;
    }
    merged.map(|mut list| {
        list.sort_by_cached_key(place);
        list
    })
}

/// Gives what lists are sorted by.
fn place(item: &ArrayItem) -> Option<String> {
    requirement(item).map(|requirement| requirement.normalised_name())
}

/// What an item says, whatever its spelling.
struct Fact {
    requirement: Option<Requirement>,
    text: String,
}

impl Fact {
    fn of(item: &ArrayItem) -> Self {
        Fact {
            requirement: requirement(item),
            text: canonical(&item.value),
        }
    }
}

impl PartialEq for Fact {
    fn eq(&self, other: &Self) -> bool {
        match (&self.requirement, &other.requirement) {
            (Some(one), Some(other)) => one.is_like(other),
            _ => self.text == other.text,
        }
    }
}

fn requirement_of(item: Option<&ArrayItem>) -> Option<Requirement> {
    item.and_then(requirement)
}

fn requirement(item: &ArrayItem) -> Option<Requirement> {
    Requirement::parse(item.value.as_str()?)
}

/// Gives the names that more than one item is about.
fn repeated(items: &Items) -> Vec<String> {
    let mut counts: HashMap<String, usize> = HashMap::new();
    for requirement in items.list.iter().filter_map(requirement) {
        *counts.entry(requirement.normalised_name()).or_default() += 1;
    }
    let repeated = counts.into_iter().filter(|(_, count)| *count > 1);
    repeated.map(|(name, _)| name).collect()
}
