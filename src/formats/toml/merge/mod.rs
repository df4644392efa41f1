//! Three versions of a document, merged key by key; the result looks like the user's.
//!
//! Every change is made in three documents that begin as the user's. They differ only where both
//! sides changed a key in different ways.

mod batch;
mod comments;
mod edit;
mod elements;
mod lists;
mod neighbours;
mod requirements;

#[cfg(test)]
mod tests;

use toml_edit::{Array, Value};

use batch::Batch;

use super::array::Items;
use super::document::{Document, Entry};
use super::key_path::KeyPath;
use super::tree::{Branch, Node, tree};
use crate::formats::merge::{Choice, Versions};

/// Merges documents into three that are alike where both sides' changes fit together.
pub(super) fn merge(documents: &Versions<&Document>) -> Versions<Document> {
    let mut merge = Merge {
        documents: *documents,
        results: Versions::alike(documents.yours),
        batch: Batch::of(documents),
        disputes: Batch::of(documents),
        others: Vec::new(),
    };
    let trees = documents.map(tree);
    merge.tables(&KeyPath::default(), &trees.each_ref());
    merge.batch.apply(&mut merge.results);
    for result in merge.results.each() {
        comments::merge(documents, result);
        result.sweep(documents);
        result.lift_tail();
    }
    merge.settle()
}

/// A merge on its way.
struct Merge<'doc> {
    documents: Versions<&'doc Document>,
    results: Versions<Document>,
    /// What becomes of entries that stand by themselves.
    batch: Batch<'doc>,
    /// What both sides changed in different ways.
    disputes: Batch<'doc>,
    /// The same where it is no entry: where, and what the base and the template have.
    others: Vec<(KeyPath, [Option<Value>; 2])>,
}

/// What is at a path in three versions, each of which may lack it.
type Nodes<'tree, 'doc> = Versions<Option<&'tree Node<'doc>>>;

impl Merge<'_> {
    /// Merges what both sides made of a table.
    fn tables(&mut self, path: &KeyPath, tables: &Versions<&Branch>) {
        let (base, desired) = (tables.base.names().iter(), tables.desired.names());
        let removed = base.filter(|name| tables.desired.get(name).is_none());
        for name in removed.chain(desired) {
            let nodes = tables.map(|table| table.get(name));
            self.nodes(&path.join(std::slice::from_ref(name)), &nodes);
        }
    }

    /// Merges what is at a path.
    fn nodes(&mut self, path: &KeyPath, nodes: &Nodes) {
        let empty = Branch::default();
        let tables = nodes.map(|node| node.and_then(Node::as_table));
        let or_empty = tables.map(|table| table.unwrap_or(&empty));
        match (tables.base, tables.yours, tables.desired) {
            (_, Some(_), Some(_)) => return self.tables(path, &or_empty),
            (Some(_), Some(_), None) if nodes.desired.is_none() => {
                return self.remove_table(path, &or_empty);
            }
            _ => {}
        }
        let choice = nodes.choose_present();
        match (choice, nodes.yours, nodes.desired) {
            (Choice::Yours, Some(yours), Some(desired))
                if yours.is_list() && desired.is_list() && has_new_comments(nodes) =>
            {
                self.lists(path, nodes);
            }
            // As in a table, what the user left as it was goes.
            (Choice::Yours, Some(Node::Elements(_)), None) if nodes.base.is_some() => {
                self.lists(path, nodes);
            }
            (Choice::Yours, ..) | (_, None, None) => {}
            (_, None, Some(desired)) => self.adopt(path, desired),
            (_, Some(Node::Elements(_)), None) => self.lists(path, nodes),
            (_, Some(_), None) => self.remove(path),
            (_, Some(yours), Some(desired)) if yours.is_list() && desired.is_list() => {
                self.lists(path, nodes);
            }
            (Choice::Desired, Some(Node::Value(own)), Some(Node::Value(value)))
                if !own.is_array() =>
            {
                self.set(path, Versions::alike(value));
            }
            (Choice::Desired, Some(_), Some(desired)) => self.replace(path, desired),
            (Choice::Neither, ..) => self.dispute(path, nodes),
        }
    }

    /// Merges arrays, whether they are written with headers or as values.
    fn lists(&mut self, path: &KeyPath, nodes: &Nodes) {
        if matches!(nodes.yours, Some(Node::Elements(_))) {
            let sections = nodes.map(|node| elements::of(node, path));
            let (Some(base), Some(yours), Some(desired)) =
                (sections.base, sections.yours, sections.desired)
            else {
                return match (nodes.choose_present(), nodes.desired) {
                    (Choice::Desired, Some(desired)) => self.replace(path, desired),
                    _ => self.dispute(path, nodes),
                };
            };
            let sections = Versions {
                base,
                yours,
                desired,
            };
            let mut merged = elements::merge(&sections);
            for (result, elements) in self.results.each().into_iter().zip(merged.each()) {
                result.replace_elements(path, std::mem::take(elements));
            }
            return;
        }
        let values = nodes.map(|node| node.map(Node::to_value));
        let empty = Array::new();
        let arrays = values.each_ref().map(|value| {
            let array = value.as_ref().and_then(Value::as_array);
            array.unwrap_or(&empty)
        });
        let room = self.batch.own(path).map_or(usize::MAX, Entry::room);
        let merged = lists::merge(path, &arrays, room);
        self.set(path, merged.map(Value::Array));
    }

    /// Adds what the template has at a path.
    fn adopt(&mut self, path: &KeyPath, desired: &Node) {
        if self.batch.adopt(path) {
            return;
        }
        for result in self.results.each() {
            result.adopt(path, self.documents.desired, desired);
        }
    }

    /// Sets the value at a path.
    fn set(&mut self, path: &KeyPath, mut values: Versions<Value>) {
        if self.batch.own(path).is_some() {
            return self.batch.set(path, values.map(Some));
        }
        for (result, value) in self.results.each().into_iter().zip(values.each()) {
            result.set(path, value.clone());
        }
    }

    /// Removes a value with the comments that came with it.
    fn remove(&mut self, path: &KeyPath) {
        if self.batch.own(path).is_some() {
            return self.batch.remove(path);
        }
        for result in self.results.each() {
            result.remove_value(path, self.documents.base);
        }
    }

    /// Removes what the user left as it was in a table that the template has no longer.
    fn remove_table(&mut self, path: &KeyPath, tables: &Versions<&Branch>) {
        self.tables(path, tables);
        for result in self.results.each() {
            if result.has_empty_table_at(path) {
                result.remove_value(path, self.documents.base);
            }
        }
    }

    /// Makes a value of a table, or a table of a value, that the user left as it was.
    fn replace(&mut self, path: &KeyPath, desired: &Node) {
        let known = self.documents.base.comments_at(path);
        for result in self.results.each() {
            let mut comments = result.comments_at(path);
            comments.retain(|line| !known.contains(line));
            result.clear(path);
            result.adopt(path, self.documents.desired, desired);
            result.add_lead(path, comments);
        }
    }

    /// Notes what both sides changed in different ways; until the end all have the user's.
    fn dispute(&mut self, path: &KeyPath, nodes: &Nodes) {
        let [base, desired] = [nodes.base, nodes.desired].map(|node| node.map(Node::to_value));
        match self.batch.own(path) {
            Some(own) => self.disputes.set(
                path,
                Versions {
                    base,
                    yours: Some(own.value.clone()),
                    desired,
                },
            ),
            None => self.others.push((path.clone(), [base, desired])),
        }
    }

    /// Lets each document have what its side has where there is a dispute.
    fn settle(mut self) -> Versions<Document> {
        self.disputes.apply(&mut self.results);
        for (path, [base, desired]) in self.others {
            self.results.base.set_or_clear(&path, base);
            self.results.desired.set_or_clear(&path, desired);
        }
        self.results
    }
}

/// Tells whether the template changed the comments in an array.
fn has_new_comments(nodes: &Nodes) -> bool {
    let comments = |node: Option<&Node>| match node {
        Some(Node::Value(Value::Array(array))) => Some(Items::of(array).comments()),
        _ => None,
    };
    nodes.base.is_some() && comments(nodes.base) != comments(nodes.desired)
}
