//! Arrays in three versions, merged as sets whose order is the user's.

use std::collections::HashMap;

use toml_edit::Array;

use super::requirements;
use crate::formats::merge::{Choice, Versions};
use crate::formats::order;
use crate::formats::toml::array::{ArrayItem, Items};
use crate::formats::toml::key_path::KeyPath;
use crate::formats::toml::value::canonical;

/// Merges arrays; where the results differ, both sides changed one item in different ways.
///
/// An array stays on one line if it fits into the room.
pub(super) fn merge(path: &KeyPath, arrays: &Versions<&Array>, room: usize) -> Versions<Array> {
    let texts = arrays.map(|array| array.to_string().trim().to_owned());
    if texts.base == texts.yours {
        return Versions::alike(arrays.desired);
    }
    let items = arrays.map(Items::with_layout_of);
    let mut look = items.yours.clone();
    look.merge_look(&items.base, &items.desired);
    let lists = requirements::read(path, &items);
    let grows_tall = lists.is_some() && items.yours.list.len() < 2;
    let (mut merged, mut comments) = match lists {
        Some(lists) => {
            let (merged, comments) = merge_items(&lists, &items.yours, requirements::merge);
            (requirements::sort(merged, &lists.yours), comments)
        }
        None => merge_items(&items.each_ref().map(List::of), &items.yours, merge_values),
    };
    look.add_closing(&mut comments);
    let is_clean = values(&merged.base) == values(&merged.yours)
        && values(&merged.yours) == values(&merged.desired);
    if !is_clean || (grows_tall && merged.yours.len() > 1) {
        look.spread();
        for item in merged.each().into_iter().flatten() {
            item.spread();
        }
    }
    merged.map(|list| {
        let mut result = look.clone();
        result.list = list;
        result.print(&items.desired, room)
    })
}

fn values(items: &[ArrayItem]) -> Vec<String> {
    items.iter().map(|item| canonical(&item.value)).collect()
}

/// Items that can be found by what they are about.
pub(super) struct List<'items> {
    /// What each item is about; no two are about the same.
    keys: Vec<String>,
    items: HashMap<String, &'items ArrayItem>,
}

impl<'items> List<'items> {
    /// Makes a list of items that are about nothing but themselves.
    fn of(items: &'items Items) -> Self {
        List::new(items, |item| canonical(&item.value))
    }

    /// Makes a list of items that are about what a function tells.
    pub(super) fn new(items: &'items Items, about: impl Fn(&ArrayItem) -> String) -> Self {
        let keys = order::numbered(items.list.iter().map(about));
        List {
            items: keys.iter().cloned().zip(&items.list).collect(),
            keys,
        }
    }

    /// Gives the items in their order.
    pub(super) fn items(&self) -> impl Iterator<Item = &'items ArrayItem> {
        self.keys
            .iter()
            .filter_map(|key| self.items.get(key).copied())
    }

    fn get(&self, key: &str) -> Option<&'items ArrayItem> {
        self.items.get(key).copied()
    }
}

/// An item in three versions, each of which may lack it.
pub(super) type ItemVersions<T> = Versions<Option<T>>;

/// Merges lists with a function that merges items which are about the same; gives the items, and
/// the comments of the user's that have lost theirs and have none behind them.
fn merge_items(
    lists: &Versions<List>,
    own: &Items,
    merge: impl Fn(ItemVersions<&ArrayItem>) -> ItemVersions<ArrayItem>,
) -> (Versions<Vec<ArrayItem>>, Vec<String>) {
    let mut merged: HashMap<&String, ItemVersions<ArrayItem>> = HashMap::new();
    let mut comments = Vec::new();
    for key in &lists.yours.keys {
        let versions = lists.each_ref().map(|list| list.get(key));
        let mut result = merge(versions);
        match &mut result.yours {
            Some(item) => item.add_lead(&mut comments),
            None => comments.extend(own_comments(&versions)),
        }
        if let Some(item) = &result.yours {
            let item = item.clone();
            for other in [&mut result.base, &mut result.desired]
                .into_iter()
                .flatten()
            {
                *other = item.saying(&other.value);
            }
            merged.insert(key, result);
        }
    }
    let fitting = own.fitting();
    for key in &lists.desired.keys {
        let is_new = lists.yours.get(key).is_none() && lists.base.get(key).is_none();
        if let Some(item) = lists.desired.get(key).filter(|_| is_new) {
            let item = Some(fitting(item.clone()));
            merged.insert(key, Versions::alike(&item));
        }
    }
    let keys = lists.each_ref().map(|list| list.keys.as_slice());
    let order = if keys.base == keys.yours {
        keys.desired.to_vec()
    } else {
        order::merge(&keys)
    };
    let mut all: Versions<Vec<_>> = Versions::default();
    for versions in order.iter().filter_map(|key| merged.remove(key)) {
        all.base.extend(versions.base);
        all.yours.extend(versions.yours);
        all.desired.extend(versions.desired);
    }
    (all, comments)
}

/// Gives the comments of an item that the template has never had there.
fn own_comments(versions: &ItemVersions<&ArrayItem>) -> Vec<String> {
    let own = versions.yours.map(|item| item.own_comments(versions.base));
    own.unwrap_or_default()
}

/// Merges items that are equal where they are there at all.
fn merge_values(versions: ItemVersions<&ArrayItem>) -> ItemVersions<ArrayItem> {
    let values = versions.map(|item| item.map(|item| canonical(&item.value)));
    Versions::alike(&chosen(values.choose_present(), &versions))
}

/// Gives the chosen version of an item with its comments merged.
pub(super) fn chosen(choice: Choice, versions: &ItemVersions<&ArrayItem>) -> Option<ArrayItem> {
    let value = match choice {
        Choice::Desired => &versions.desired?.value,
        Choice::Yours | Choice::Neither => &versions.yours?.value,
    };
    let mut item = versions.yours.or(versions.desired)?.saying(value);
    if let Some(desired) = versions.desired {
        item.merge_comments(versions.base, desired);
    }
    Some(item)
}
