//! What the user's folder holds, as far as a merge has to know.

use std::collections::{BTreeMap, BTreeSet};

use crate::tree::{Node, ProjectPath, Tree};

/// What stands where a file is to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Blocked {
    /// A folder with these files in it.
    Folder(Vec<String>),
    /// A path above it is a file, or a link.
    Under(ProjectPath),
    /// Something that is neither a file nor a link nor a folder.
    Other,
}

/// The user's side of a merge.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Yours {
    /// What was read: all that the template's trees name, and what may have been renamed.
    pub nodes: BTreeMap<ProjectPath, Node>,
    /// Paths of the template that something else stands in the way of.
    pub blocked: BTreeMap<ProjectPath, Blocked>,
    /// All paths that aren't ignored, read or not.
    pub names: BTreeSet<String>,
    /// Paths beside those of the template that are taken, although they are ignored.
    pub taken: BTreeSet<String>,
    /// Where the user has a file whose path some systems take for that of a new one of the template.
    pub twins: BTreeMap<ProjectPath, ProjectPath>,
}

impl From<&Tree> for Yours {
    /// Takes a project in memory for the user's side.
    fn from(tree: &Tree) -> Self {
        let files = tree.iter();
        Yours {
            nodes: files
                .map(|(path, entry)| (path.clone(), Node::File(entry.clone())))
                .collect(),
            names: tree.iter().map(|(path, _)| path.to_string()).collect(),
            ..Yours::default()
        }
    }
}

impl Yours {
    /// Gives what was read at a path.
    pub fn get(&self, path: &ProjectPath) -> Option<&Node> {
        self.nodes.get(path)
    }

    /// Tells whether a path is taken.
    pub fn has(&self, path: &str) -> bool {
        self.nodes.contains_key(path) || self.taken.contains(path) || self.at(path).next().is_some()
    }

    /// Gives the file at a path, or those in the folder that is there; without ignored ones.
    pub fn at(&self, path: &str) -> impl Iterator<Item = &str> {
        let folder = format!("{path}/");
        let inside = self.names.range(folder.clone()..);
        let inside = inside.take_while(move |name| name.starts_with(&folder));
        self.names
            .get(path)
            .into_iter()
            .chain(inside)
            .map(String::as_str)
    }
}
