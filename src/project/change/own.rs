//! Which files are as our own changes made them, so that they are nobody's work.

use std::path::Path;

use crate::error::Result;
use crate::merge::has_markers;
use crate::project::change::folder::Direction;
use crate::project::change::journal::{Journal, Side};
use crate::project::change::local::Local;
use crate::tree::{Entry, Node, ProjectPath};

/// What the changes that are remembered made of the project.
pub struct OwnWork(Vec<Journal>);

impl OwnWork {
    /// Reads it, the oldest change first; what can't be read explains nothing.
    pub fn read(root: &Path) -> Result<Self> {
        let local = Local::at(root);
        // Where it can't, nothing can be changed here.
        let _ = local.take_over();
        let names = local.history()?.all();
        let journals = names.into_iter();
        let journals = journals.map(|name| local.record(name).journal(Direction::Forward));
        Ok(OwnWork(journals.filter_map(Result::ok).collect()))
    }

    /// Tells whether nothing is remembered.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Tells whether our changes alone lead from what git has to every one of these versions.
    pub fn explains(
        &self,
        path: &ProjectPath,
        committed: Option<&Node>,
        versions: &[Option<&Node>],
    ) -> bool {
        let mut known = sides(committed);
        for (before, after) in self.steps(path) {
            if known.iter().any(|side| is_same(side.as_ref(), before)) {
                known.push(after.cloned());
            }
        }
        let is_known = |side: &Option<Side>| {
            let mut known = known.iter();
            known.any(|other| is_same(other.as_ref(), side.as_ref()))
        };
        versions
            .iter()
            .all(|version| sides(*version).iter().any(is_known))
    }

    /// Tells which change left a conflict at a path that is still there as it was left.
    pub fn open_conflict(&self, path: &ProjectPath, found: &Node) -> Option<&str> {
        let Node::File(entry) = found else {
            return None;
        };
        let mut journals = self.0.iter().rev();
        let last = journals.find(|journal| journal.steps.iter().any(|step| step.path == *path))?;
        let is_open = last.conflicts.after.contains(path) && has_markers(&entry.bytes);
        is_open.then_some(&last.title)
    }

    /// Gives what became of a path, in order.
    fn steps(&self, path: &ProjectPath) -> impl Iterator<Item = (Option<&Side>, Option<&Side>)> {
        let steps = self.0.iter().flat_map(|journal| &journal.steps);
        steps
            .filter(move |step| step.path == *path && !step.left)
            .map(|step| (step.before.as_ref(), step.after.as_ref()))
    }
}

/// Describes a version, with each of the line endings that git may have stored it without.
fn sides(node: Option<&Node>) -> Vec<Option<Side>> {
    let mut sides = vec![node.map(Side::of)];
    if let Some(Node::File(entry)) = node
        && !entry.bytes.contains(&b'\r')
        && let Ok(text) = str::from_utf8(&entry.bytes)
    {
        sides.push(Some(Side::of(&Node::File(Entry {
            bytes: text.replace('\n', "\r\n").into_bytes().into(),
            executable: entry.executable,
        }))));
    }
    sides
}

fn is_same(one: Option<&Side>, other: Option<&Side>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => one.is(other),
        (None, None) => true,
        _ => false,
    }
}
