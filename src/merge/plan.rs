//! What a merge decided, path by path.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

use super::Both;
use crate::tree::{Entry, Node, ProjectPath};

/// What happens at a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verb {
    /// A file is new.
    Create,
    /// A file that the user left alone becomes the template's.
    Update,
    /// A file has the changes of both sides.
    Merge,
    /// Both sides changed the same thing.
    Conflict,
    /// A file that the user left alone goes.
    Delete,
    /// The user's stays, although the template wanted something else.
    Keep,
}

impl Verb {
    /// Gives the word that people and programs read.
    pub fn name(self) -> &'static str {
        match self {
            Verb::Create => "create",
            Verb::Update => "update",
            Verb::Merge => "merge",
            Verb::Conflict => "conflict",
            Verb::Delete => "delete",
            Verb::Keep => "keep",
        }
    }
}

/// The sides of a conflict, for git's index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stages {
    /// The common base.
    pub base: Option<Entry>,
    /// The user's.
    pub yours: Option<Entry>,
    /// The template's.
    pub desired: Option<Entry>,
}

/// What becomes of one path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Where it is afterwards.
    pub path: ProjectPath,
    /// Where it was, when it moves.
    pub from: Option<ProjectPath>,
    /// What happens.
    pub verb: Verb,
    /// What is there before, at `from` where it moves.
    pub before: Option<Node>,
    /// What is there afterwards.
    pub after: Option<Node>,
    /// What there is to say about it; empty where the verb says all.
    pub note: String,
    /// The sides of a conflict.
    pub stages: Option<Stages>,
    /// Where the template's lies beside the user's, in a conflict of whole files.
    pub beside: Option<ProjectPath>,
    /// Whether it holds secrets, so that it is never shown.
    pub is_private: bool,
}

impl Change {
    /// Begins with a verb at a path, where nothing is and nothing comes.
    pub(super) fn new(verb: Verb, path: ProjectPath) -> Self {
        Change {
            path,
            from: None,
            verb,
            before: None,
            after: None,
            note: String::new(),
            stages: None,
            beside: None,
            is_private: false,
        }
    }

    /// Creates a file.
    pub fn create(path: &ProjectPath, entry: &Entry) -> Self {
        let mut change = Change::new(Verb::Create, path.clone());
        change.after = Some(Node::File(entry.clone()));
        change
    }

    /// Deletes what is at a path.
    pub fn delete(path: &ProjectPath, node: &Node) -> Self {
        let mut change = Change::new(Verb::Delete, path.clone());
        change.before = Some(node.clone());
        change
    }

    /// Keeps what is at a path, for a reason.
    pub fn keep(path: &ProjectPath, node: Option<&Node>, reason: impl Into<String>) -> Self {
        let mut change = Change::new(Verb::Keep, path.clone()).note(reason);
        change.before = node.cloned();
        change.after = node.cloned();
        change
    }

    /// Makes of a path what it is to be, whatever was there before.
    pub fn of(path: &ProjectPath, before: Option<&Node>, after: Option<&Node>) -> Self {
        let verb = match (before, after) {
            (None, _) => Verb::Create,
            (Some(_), Some(_)) => Verb::Update,
            (Some(_), None) => Verb::Delete,
        };
        let mut change = Change::new(verb, path.clone());
        change.before = before.cloned();
        change.after = after.cloned();
        change
    }

    /// Keeps what it holds from being shown.
    #[must_use]
    pub fn private(mut self) -> Self {
        self.is_private = true;
        self
    }

    /// Says something about it.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = note.into();
        self
    }

    /// Tells whether the disk is any different afterwards.
    pub fn writes(&self) -> bool {
        self.before != self.after || self.from.is_some()
    }

    /// Describes it as data.
    pub fn data(&self) -> Json {
        json!({
            "path": self.path.as_str(),
            "from": self.from.as_ref().map(ProjectPath::as_str),
            "verb": self.verb.name(),
            "note": (!self.note.is_empty()).then_some(&self.note),
            "beside": self.beside.as_ref().map(ProjectPath::as_str),
        })
    }
}

/// All that a merge decided, by path. What stays as it is, is not in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// The changes.
    pub changes: Vec<Change>,
    /// The files of the template in whose place the user's own stays, with what becomes of news.
    pub kept: BTreeMap<ProjectPath, Both>,
}

impl Plan {
    /// Adds what becomes of a path.
    pub fn push(&mut self, change: Change) {
        self.changes.push(change);
    }

    /// Brings the changes into the order of their paths.
    pub fn sort(&mut self) {
        self.changes.sort_by(|one, other| one.path.cmp(&other.path));
    }

    /// Gives the changes that are left to the user.
    pub fn conflicts(&self) -> impl Iterator<Item = &Change> {
        self.changes
            .iter()
            .filter(|change| change.verb == Verb::Conflict)
    }

    /// Tells whether something is said about a path.
    pub fn has(&self, path: &ProjectPath) -> bool {
        self.changes.iter().any(|change| change.path == *path)
    }

    /// Tells whether the disk is any different afterwards.
    pub fn writes(&self) -> bool {
        self.changes.iter().any(Change::writes)
    }
}
