//! The files of settings that relax checks, as they are and as they become.

use std::collections::{BTreeMap, BTreeSet};

use super::NAME;
use super::check::Checked;
use crate::commands::existing::{self, Existing, Transitions};
use crate::error::{Error, Result};
use crate::merge::Change;
use crate::project::change::ChangeSet;
use crate::render::{Finding, Relaxation};
use crate::tree::{Entry, Node, ProjectPath};

/// The files of settings that relax something, or could.
pub struct Settings {
    files: BTreeMap<ProjectPath, (Option<Entry>, String)>,
}

impl Settings {
    /// Reads them.
    pub fn read(project: &Existing, relaxations: &[Relaxation]) -> Result<Self> {
        let mut files = BTreeMap::new();
        for path in relaxations.iter().map(Relaxation::file) {
            let entry = match existing::node_at(&project.root, path)? {
                Some(Node::File(entry)) => Some(entry),
                Some(Node::Link(_)) => {
                    return Err(Error::failed(format!(
                        "'{path}' is a link, and links are never followed"
                    )));
                }
                None => None,
            };
            let bytes = entry.as_ref().map(|entry| entry.bytes.to_vec());
            let text = String::from_utf8(bytes.unwrap_or_default())
                .map_err(|_| Error::failed(format!("'{path}' is not UTF-8")))?;
            files.insert(path.clone(), (entry, text));
        }
        Ok(Settings { files })
    }

    /// Gives the text of one; empty where it isn't there.
    pub fn text(&self, path: &ProjectPath) -> &str {
        self.files.get(path).map_or("", |(_, text)| text)
    }

    /// Gives their texts with nothing relaxed.
    pub fn strict(&self, checked: &[Checked]) -> Result<BTreeMap<ProjectPath, String>> {
        self.with(checked, |_| BTreeSet::new())
    }

    /// Gives their texts with all relaxed that fails.
    pub fn relaxed(&self, checked: &[Checked]) -> Result<BTreeMap<ProjectPath, String>> {
        self.with(checked, |one| one.failing.clone())
    }

    fn with(
        &self,
        checked: &[Checked],
        findings: impl Fn(&Checked) -> BTreeSet<Finding>,
    ) -> Result<BTreeMap<ProjectPath, String>> {
        let mut texts = BTreeMap::new();
        for one in checked {
            let (path, findings) = (one.relaxation.file(), findings(one));
            let text = texts
                .entry(path.clone())
                .or_insert_with(|| self.text(path).to_owned());
            if one.relaxed != findings {
                *text = one.relaxation.relax(text, &one.relaxed, &findings)?;
            }
        }
        Ok(texts)
    }

    /// Gives what changes where they get other texts.
    pub fn changes(&self, texts: &BTreeMap<ProjectPath, String>) -> Vec<Change> {
        let mut changes = Vec::new();
        for (path, (before, old)) in &self.files {
            let Some(new) = texts.get(path).filter(|new| *new != old) else {
                continue;
            };
            let after = Node::File(Entry {
                bytes: new.clone().into_bytes().into(),
                executable: before.as_ref().is_some_and(|before| before.executable),
            });
            let before = before.clone().map(Node::File);
            changes.push(Change::of(path, before.as_ref(), Some(&after)));
        }
        changes
    }
}

/// Names the changes for people, and for `undo`.
pub fn change_set(changes: &[Change]) -> ChangeSet {
    ChangeSet {
        title: NAME.to_owned(),
        transitions: Transitions::of(changes).into_list(),
        ..ChangeSet::default()
    }
}
