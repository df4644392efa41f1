//! What rendering makes.

use std::collections::{BTreeMap, BTreeSet};

use crate::error::Result;
use crate::formats::Format;
use crate::steps::{self, Step};
use crate::template::{Workspace, key_in_file};
use crate::tree::{Entry, ProjectPath, Tree};

/// A rendered project.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rendered {
    /// What the template keeps up to date, and git holds.
    pub tree: Tree,
    /// What is written once where it is missing and never looked at again; it may hold secrets.
    pub once: Tree,
    /// What is run after writing, in this order.
    pub steps: Vec<PlannedStep>,
    /// The workspaces that the project can find itself in.
    pub workspaces: Vec<Workspace>,
    /// What the user is told to type next.
    pub next: Vec<String>,
    /// What has to work in the project when its template is checked.
    pub checks: Vec<PlannedStep>,
    /// The file of the template on top of each path, as messages call it.
    pub makers: BTreeMap<ProjectPath, String>,
}

impl Rendered {
    /// Leaves out the files that a glob matches, and keys of files: `pyproject.toml#tool.name`.
    pub fn leave_out(&mut self, skip: &[String]) -> Result<()> {
        for tree in [&mut self.tree, &mut self.once] {
            let mut wanted = Tree::new();
            for (path, entry) in tree.iter() {
                let skips = |glob: &String| fast_glob::glob_match(glob, path.as_str());
                if !skip.iter().any(skips)
                    && let Some(entry) = without_keys(path, entry, skip)
                {
                    wanted.insert(path.clone(), entry)?;
                }
            }
            *tree = wanted;
        }
        Ok(())
    }

    /// Gives the steps that lock what the project depends on.
    pub fn locks(&self) -> impl Iterator<Item = &PlannedStep> {
        let steps = self.steps.iter();
        steps.filter(|planned| planned.step.name == steps::LOCK)
    }

    /// Gives the files that the steps make, in order and once.
    pub fn made(&self) -> Vec<String> {
        let made: BTreeSet<&String> = self
            .steps
            .iter()
            .flat_map(|planned| &planned.step.makes)
            .collect();
        made.into_iter().cloned().collect()
    }
}

/// Leaves keys out of a file, and the file where nothing else is in it.
fn without_keys(path: &ProjectPath, entry: &Entry, skip: &[String]) -> Option<Entry> {
    let keys = skip.iter().filter_map(|skip| key_in_file(skip));
    let keys: Vec<&str> = keys
        .filter(|(file, _)| *file == path.as_str())
        .map(|(_, key)| key)
        .collect();
    let text = std::str::from_utf8(&entry.bytes);
    let (false, Ok(text)) = (keys.is_empty(), text) else {
        return Some(entry.clone());
    };
    // What can't be read has none of the keys.
    let Some(Ok(left)) = Format::of(path).without(text, &keys) else {
        return Some(entry.clone());
    };
    (!left.trim().is_empty()).then(|| Entry {
        bytes: left.into_bytes().into(),
        executable: entry.executable,
    })
}

/// A step, and whether it comes with the binary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedStep {
    /// The step.
    pub step: Step,
    /// Whether it may run without asking.
    pub is_builtin: bool,
}
