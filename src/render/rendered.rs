//! What rendering makes.

use std::collections::{BTreeMap, BTreeSet};

use crate::error::Result;
use crate::steps::Step;
use crate::template::Workspace;
use crate::tree::{ProjectPath, Tree};

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
    /// Leaves files out that a glob matches.
    pub fn leave_out(&mut self, globs: &[String]) -> Result<()> {
        for tree in [&mut self.tree, &mut self.once] {
            let mut wanted = Tree::new();
            for (path, entry) in tree.iter() {
                let skips = |glob: &String| fast_glob::glob_match(glob, path.as_str());
                if !globs.iter().any(skips) {
                    wanted.insert(path.clone(), entry.clone())?;
                }
            }
            *tree = wanted;
        }
        Ok(())
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

/// A step, and whether it comes with the binary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedStep {
    /// The step.
    pub step: Step,
    /// Whether it may run without asking.
    pub is_builtin: bool,
}
