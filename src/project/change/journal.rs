//! What a change is to do: the journal in its folder.
//!
//! Its first line says what it is and in which version, the second is the hash of the rest, so
//! that one that was cut off is noticed.

use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::error::{Error, Result};
use crate::git::IndexChange;
use crate::project::change::folder::REPAIR;
use crate::project::change::history::Name;
use crate::project::change::look::is_folder;
use crate::project::change::{ChangeSet, Conflicts, local};
use crate::tree::{Node, ProjectPath};

/// The first line of a journal: what it is, and the version of its format.
const HEADING: &str = "pyscaffold change 1";

/// Everything about a change but the contents.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Journal {
    /// The name of the change for people.
    pub(super) title: String,
    /// The name of its folder when it is done; older versions wrote none.
    #[serde(default)]
    pub(super) name: Option<Name>,
    /// The folders that the change makes, the outer before the inner.
    pub(super) folders: Vec<ProjectPath>,
    /// What becomes of each path.
    pub(super) steps: Vec<Step>,
    /// What becomes of git's index; older versions wrote nothing down.
    #[serde(default)]
    pub(super) index: Option<Vec<IndexChange>>,
    /// The paths with conflicts that are left to the user.
    #[serde(default)]
    pub(super) conflicts: Conflicts,
}

/// What becomes of one path.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Step {
    pub(super) path: ProjectPath,
    /// The name of its contents in the folder of the change.
    pub(super) number: usize,
    pub(super) before: Option<Side>,
    pub(super) after: Option<Side>,
    /// Whether only its owner may read a file that is new there.
    #[serde(default)]
    pub(super) is_private: bool,
    /// Whether it was left alone, because the user had edited the path.
    #[serde(default)]
    pub(super) left: bool,
}

/// What lies at a path before or after the change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Side {
    kind: Kind,
    sha256: String,
    /// Of the file, or of where the link points to.
    size: u64,
    pub(super) executable: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Kind {
    File,
    Link,
}

impl Journal {
    /// Writes down what a change is to do in a project that is as the change takes it to be.
    pub(super) fn of(root: &Path, set: &ChangeSet, name: Name) -> Result<Self> {
        let steps = set.transitions.iter().enumerate();
        let steps = steps.map(|(number, transition)| Step {
            path: transition.path.clone(),
            number,
            before: transition.before.as_ref().map(Side::of),
            after: transition.after.as_ref().map(Side::of),
            is_private: transition.is_private,
            left: false,
        });
        let mut journal = Journal {
            title: set.title.clone(),
            name: Some(name),
            folders: Vec::new(),
            steps: steps.collect(),
            index: Some(set.index.clone()),
            conflicts: set.conflicts.clone(),
        };
        let mut folders = Vec::new();
        for step in journal.steps.iter().filter(|step| step.after.is_some()) {
            for folder in step.path.folders() {
                if !is_folder(root, folder)? {
                    folders.push(ProjectPath::parse(folder)?);
                }
            }
        }
        folders.sort();
        folders.dedup();
        journal.folders = folders;
        Ok(journal)
    }

    /// Gives the steps in the order of their groups: the files of the project, then its state.
    pub(super) fn groups(&self) -> [Vec<&Step>; 2] {
        let (state, files) = self
            .steps
            .iter()
            .filter(|step| !step.left)
            .partition(|step| local::is_state(&step.path));
        [files, state]
    }

    /// Gives what becomes of git's index.
    pub(super) fn index(&self) -> &[IndexChange] {
        self.index.as_deref().unwrap_or_default()
    }

    /// Gives the bytes of the file.
    pub(super) fn encode(&self) -> Result<Vec<u8>> {
        let body = serde_json::to_string_pretty(self)
            .map_err(|error| Error::failed(format!("can't write the journal: {error}")))?;
        let hash = hash(body.as_bytes());
        Ok(format!("{HEADING}\n{hash}\n{body}").into_bytes())
    }

    /// Reads the bytes of a file that lies at a path.
    pub(super) fn decode(bytes: &[u8], place: &Path) -> Result<Self> {
        let text = str::from_utf8(bytes).ok();
        let body = text
            .and_then(|text| text.strip_prefix(HEADING)?.strip_prefix('\n'))
            .and_then(|text| text.split_once('\n'))
            .filter(|(expected, body)| hash(body.as_bytes()) == *expected)
            .map(|(_, body)| body);
        let journal = body.and_then(|body| serde_json::from_str::<Journal>(body).ok());
        let owns = |journal: &Journal| journal.steps.iter().any(|step| local::owns(&step.path));
        let journal = journal.filter(|journal| !owns(journal));
        journal.ok_or_else(|| {
            Error::failed(format!(
                "can't read '{}', the journal of a change",
                place.display()
            ))
            .hint("it is from another version of pyscaffold, or it is damaged")
            .hint(REPAIR)
        })
    }
}

impl Side {
    /// Describes what lies at a path.
    pub(super) fn of(node: &Node) -> Self {
        let (kind, bytes, executable) = match node {
            Node::File(entry) => (Kind::File, &*entry.bytes, entry.executable),
            Node::Link(to) => (Kind::Link, to.as_os_str().as_encoded_bytes(), false),
        };
        Side {
            kind,
            sha256: hash(bytes),
            size: bytes.len() as u64,
            executable,
        }
    }

    /// Tells whether this is what lies at a path of the project.
    pub(super) fn describes(&self, node: &Node) -> bool {
        self.is(&Side::of(node))
    }

    /// Tells whether both are the same, as far as the disk can tell.
    pub(super) fn is(&self, other: &Side) -> bool {
        // Elsewhere, no file on the disk knows whether it can be run.
        self.has_content_of(other) && (!cfg!(unix) || self.executable == other.executable)
    }

    /// Tells whether this is what lies there, whoever may run it.
    pub(super) fn has_content_of(&self, other: &Side) -> bool {
        (self.kind, self.size, &self.sha256) == (other.kind, other.size, &other.sha256)
    }
}

fn hash(bytes: &[u8]) -> String {
    format!("{:x}", Sha256::digest(bytes))
}
