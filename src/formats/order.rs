//! Where something new goes in an order that is the user's, and how the parts of it are told apart.

use std::collections::{HashMap, HashSet};
use std::hash::Hash;

use super::merge::Versions;

/// The keys that say which table or object of an array is meant, if it has one of them.
pub(super) const IDENTITIES: [&str; 5] = ["id", "name", "label", "module", "path"];

/// Gives all keys of the user's with the new ones of the template's among them.
///
/// A new key that took the place of one that the template has no longer stands next to that.
pub(super) fn merge<K: Clone + Eq + Hash>(keys: &Versions<&[K]>) -> Vec<K> {
    let [base, yours, desired] = [keys.base, keys.yours, keys.desired]
        .map(|keys| keys.iter().cloned().collect::<HashSet<K>>());
    let removed = base.difference(&desired).cloned().collect();
    let is_new = |key: &&K| !base.contains(key) && !yours.contains(key);
    let new = desired.iter().filter(is_new).cloned().collect();
    let template = weave(keys.desired, keys.base, &removed);
    weave(keys.yours, &template, &new)
}

/// Names items by what identifies them, if that is unique among them, or by all that they say;
/// no two get the same key.
pub(super) fn keys<T>(
    items: &[T],
    identity: impl Fn(&T) -> Option<String>,
    text: impl Fn(&T) -> String,
) -> Vec<String> {
    let identities: Vec<Option<String>> = items.iter().map(identity).collect();
    let mut counts: HashMap<&String, usize> = HashMap::new();
    for identity in identities.iter().flatten() {
        *counts.entry(identity).or_default() += 1;
    }
    let is_unique = |identity: &&String| counts.get(identity) == Some(&1);
    let names = items.iter().zip(&identities).map(|(item, identity)| {
        let unique = identity.as_ref().filter(is_unique);
        unique.cloned().unwrap_or_else(|| text(item))
    });
    numbered(names)
}

/// Adds to each name how often it was there before, so that no two are the same.
pub(super) fn numbered(names: impl Iterator<Item = String>) -> Vec<String> {
    let mut counts: HashMap<String, usize> = HashMap::new();
    let number = |name: String| {
        let count = counts.entry(name.clone()).or_default();
        *count += 1;
        format!("{name}#{count}")
    };
    names.map(number).collect()
}

/// Puts what is new in another order among what is kept: behind what it follows there, else
/// before what it precedes, else at the end.
pub(super) fn weave<K: Clone + Eq + Hash>(kept: &[K], other: &[K], new: &HashSet<K>) -> Vec<K> {
    let places: HashMap<&K, usize> = kept.iter().zip(0..).collect();
    let mut before: Vec<Vec<K>> = vec![Vec::new(); kept.len()];
    let mut behind: Vec<Vec<K>> = vec![Vec::new(); kept.len()];
    let mut anchor = None;
    let mut waiting = Vec::new();
    for key in other {
        if new.contains(key) {
            let group = anchor.and_then(|place: usize| behind.get_mut(place));
            group.unwrap_or(&mut waiting).push(key.clone());
        } else if let Some(&place) = places.get(key) {
            if let Some(group) = before.get_mut(place) {
                group.append(&mut waiting);
            }
            anchor = Some(place);
        }
    }
    let mut woven = Vec::with_capacity(kept.len() + new.len());
    for ((key, mut before), mut behind) in kept.iter().zip(before).zip(behind) {
        woven.append(&mut before);
        woven.push(key.clone());
        woven.append(&mut behind);
    }
    woven.append(&mut waiting);
    woven
}

/// Finds the place for one of other keys: behind what it follows there, else before what it
/// precedes; `None` when it has no neighbours here.
pub(super) fn slot<K: PartialEq>(own: &[K], others: &[K], place: usize) -> Option<usize> {
    let (before, from) = others.split_at_checked(place)?;
    let behind = |key: &K| {
        own.iter()
            .rposition(|own| own == key)
            .map(|found| found + 1)
    };
    let before = before.iter().rev().find_map(behind);
    before.or_else(|| {
        let position = |key: &K| own.iter().position(|own| own == key);
        from.iter().skip(1).find_map(position)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_keys_stand_by_their_neighbours() {
        let cases = [
            ("abc", "abxc", "x", "abxc"),
            ("aubw", "axby", "xy", "axubyw"),
            ("ub", "xyb", "xy", "uxyb"),
            ("uw", "xy", "xy", "uwxy"),
            ("", "xy", "xy", "xy"),
            ("ba", "axby", "xy", "byax"),
            ("a", "gaxh", "x", "ax"),
        ];
        for (kept, other, new, expected) in cases {
            let [kept, other, new] =
                [kept, other, new].map(|text| text.chars().collect::<Vec<_>>());
            let woven = weave(&kept, &other, &new.into_iter().collect());
            assert_eq!(woven.into_iter().collect::<String>(), expected);
        }
    }

    #[test]
    fn what_replaces_a_key_stands_next_to_it() {
        let cases = [
            ("a", "au", "x", "xau"),
            ("abc", "aubc", "axc", "aubxc"),
            ("abc", "ac", "abxc", "axc"),
            ("", "u", "xy", "uxy"),
        ];
        for (base, yours, desired, expected) in cases {
            let keys = [base, yours, desired].map(|text| text.chars().collect::<Vec<_>>());
            let merged = merge(&Versions {
                base: keys[0].as_slice(),
                yours: &keys[1],
                desired: &keys[2],
            });
            assert_eq!(merged.into_iter().collect::<String>(), expected);
        }
    }
}
