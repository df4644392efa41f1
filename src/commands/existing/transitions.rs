//! From changes to what happens on the disk.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use crate::merge::Change;
use crate::project::change::Transition;
use crate::tree::{Node, ProjectPath};

/// What becomes of every path, once for each.
#[derive(Default)]
pub struct Transitions {
    sides: BTreeMap<ProjectPath, (Option<Node>, Option<Node>)>,
    private: BTreeSet<ProjectPath>,
    /// Where a file comes from that moves.
    like: BTreeMap<ProjectPath, PathBuf>,
}

impl Transitions {
    /// Collects all that changes write.
    pub fn of(changes: &[Change]) -> Self {
        let mut transitions = Transitions::default();
        for change in changes.iter().filter(|change| change.writes()) {
            transitions.add(change);
        }
        transitions
    }

    /// Adds a change; one that moves a file is about two paths.
    fn add(&mut self, change: &Change) {
        if change.is_private {
            self.private.insert(change.path.clone());
        }
        if let Some(from) = &change.from {
            self.like
                .insert(change.path.clone(), PathBuf::from(from.as_str()));
            self.set(from.clone(), change.before.clone(), None);
            self.set(change.path.clone(), None, change.after.clone());
        } else {
            self.set(
                change.path.clone(),
                change.before.clone(),
                change.after.clone(),
            );
        }
    }

    /// Says what becomes of a path; what was said before about it is where it begins.
    pub fn set(&mut self, path: ProjectPath, before: Option<Node>, after: Option<Node>) {
        match self.sides.get_mut(&path) {
            Some(known) => {
                known.0 = known.0.take().or(before);
                known.1 = known.1.take().or(after);
            }
            None => {
                self.sides.insert(path, (before, after));
            }
        }
    }

    /// Gives the paths that are any different afterwards.
    pub fn into_list(self) -> Vec<Transition> {
        let (private, mut like) = (self.private, self.like);
        let all = self.sides.into_iter();
        all.filter(|(_, (before, after))| before != after)
            .map(|(path, (before, after))| Transition {
                is_private: private.contains(&path),
                like: like.remove(&path),
                path,
                before,
                after,
            })
            .collect()
    }
}
