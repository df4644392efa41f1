//! The data of a document, whatever its spelling: tables of values, by name.

use std::collections::HashMap;

use toml_edit::{Array, InlineTable, Value};

use super::document::{Document, Kind, Section};
use super::value::{bare, canonical};

/// The names of a table and what they hold, in the order of the document.
#[derive(Debug, Default)]
pub(super) struct Branch<'doc> {
    names: Vec<String>,
    nodes: HashMap<String, Node<'doc>>,
}

/// What a name holds.
#[derive(Debug)]
pub(super) enum Node<'doc> {
    /// A value that is no table.
    Value(&'doc Value),
    /// A table with a header, with dotted keys, inline, or only through what is in it.
    Table(Branch<'doc>),
    /// An array of tables with headers.
    Elements(Vec<&'doc Section>),
}

impl<'doc> Branch<'doc> {
    /// Gives the names in their order.
    pub(super) fn names(&self) -> &[String] {
        &self.names
    }

    /// Gives what a name holds.
    pub(super) fn get(&self, name: &str) -> Option<&Node<'doc>> {
        self.nodes.get(name)
    }

    /// Gives what a name holds, and lets it hold something if it holds nothing.
    fn get_or_insert(&mut self, name: &str, node: Node<'doc>) -> &mut Node<'doc> {
        if !self.nodes.contains_key(name) {
            self.names.push(name.to_owned());
        }
        self.nodes.entry(name.to_owned()).or_insert(node)
    }
}

impl<'doc> Node<'doc> {
    /// Gives the table, if it is one.
    pub(super) fn as_table(&self) -> Option<&Branch<'doc>> {
        match self {
            Node::Table(branch) => Some(branch),
            Node::Value(_) | Node::Elements(_) => None,
        }
    }

    /// Tells whether it is an array of any spelling.
    pub(super) fn is_list(&self) -> bool {
        match self {
            Node::Value(value) => value.is_array(),
            Node::Elements(_) => true,
            Node::Table(_) => false,
        }
    }

    /// Writes the data as one value.
    pub(super) fn to_value(&self) -> Value {
        match self {
            Node::Value(value) => bare((*value).clone()),
            Node::Table(branch) => Value::InlineTable(inline(branch)),
            Node::Elements(elements) => {
                let mut array = Array::new();
                for element in elements {
                    array.push(inline(&branch(element)));
                }
                Value::Array(array)
            }
        }
    }

    /// Writes the data so that equal data give equal texts, whatever their spelling and order.
    fn canonical(&self) -> String {
        match self {
            Node::Value(value) => canonical(value),
            Node::Table(_) | Node::Elements(_) => canonical(&self.to_value()),
        }
    }
}

impl PartialEq for Node<'_> {
    /// Tells whether both hold the same data.
    fn eq(&self, other: &Self) -> bool {
        self.canonical() == other.canonical()
    }
}

/// Gives the data of a document.
pub(super) fn tree(document: &Document) -> Branch<'_> {
    let mut root = Branch::default();
    grow(&mut root, &document.sections, 0);
    root
}

/// Gives the data of an element of an array of tables.
pub(super) fn branch(element: &Section) -> Branch<'_> {
    let mut root = Branch::default();
    let depth = element.path.depth();
    add_entries(&mut root, element, depth);
    grow(&mut root, &element.children, depth);
    root
}

/// Adds sections, whose paths count from a depth.
fn grow<'doc>(root: &mut Branch<'doc>, sections: &'doc [Section], depth: usize) {
    for section in sections {
        let names = section.path.names_from(depth);
        match section.kind {
            Kind::Table => add_entries(root, section, depth),
            Kind::Element => add_element(root, names, section),
        }
    }
}

fn add_entries<'doc>(root: &mut Branch<'doc>, section: &'doc Section, depth: usize) {
    let names = section.path.names_from(depth);
    let Some(table) = table_at(root, names) else {
        return;
    };
    for entry in &section.entries {
        add_value(table, &entry.names, &entry.value);
    }
}

fn add_value<'doc>(root: &mut Branch<'doc>, names: &[String], value: &'doc Value) {
    if let Value::InlineTable(inner) = value {
        if let Some(table) = table_at(root, names) {
            for (name, value) in inner {
                add_value(table, &[name.to_owned()], value);
            }
        }
    } else if let Some((name, parents)) = names.split_last()
        && let Some(table) = table_at(root, parents)
    {
        table.get_or_insert(name, Node::Value(value));
    }
}

fn add_element<'doc>(root: &mut Branch<'doc>, names: &[String], section: &'doc Section) {
    let Some((name, parents)) = names.split_last() else {
        return;
    };
    let Some(table) = table_at(root, parents) else {
        return;
    };
    if let Node::Elements(elements) = table.get_or_insert(name, Node::Elements(Vec::new())) {
        elements.push(section);
    }
}

/// Gives the table at some names, and makes it if it is missing; none where a value is.
fn table_at<'tree, 'doc>(
    root: &'tree mut Branch<'doc>,
    names: &[String],
) -> Option<&'tree mut Branch<'doc>> {
    let mut table = root;
    for name in names {
        table = match table.get_or_insert(name, Node::Table(Branch::default())) {
            Node::Table(inner) => inner,
            Node::Value(_) | Node::Elements(_) => return None,
        };
    }
    Some(table)
}

fn inline(branch: &Branch) -> InlineTable {
    let mut table = InlineTable::new();
    for name in &branch.names {
        if let Some(node) = branch.get(name) {
            table.insert(name, node.to_value());
        }
    }
    table
}
