//! What is to be done to go back on a change: exactly the reverse, or a merge where something was
//! edited since then.

use std::collections::BTreeSet;
use std::path::Path;

use crate::commands::existing::{self, Transitions};
use crate::error::Result;
use crate::git::{self, IndexChange};
use crate::merge::{self, Both, Change, Kept, Labels, Own, Plan, Sides, Verb};
use crate::project;
use crate::project::change::{self, ChangeSet, Conflicts, Found, Transition, Way};
use crate::state;
use crate::tree::{Entry, Node, ProjectPath, Tree};

/// What is to be done, before any of it is.
pub struct Decided {
    /// What is shown.
    pub shown: Vec<Change>,
    /// What is done to the disk and to git's index.
    pub set: ChangeSet,
}

impl Decided {
    /// Gives the paths with conflicts that are left to the user.
    pub fn conflicts(&self) -> &[ProjectPath] {
        &self.set.conflicts.after
    }
}

/// Gives every path back what was there before the last change; where the user edited something
/// since then, by a merge backwards.
pub fn decide(root: &Path, last: &ChangeSet, way: Way) -> Result<Decided> {
    let mut edited = false;
    for one in &last.transitions {
        edited |= !is_there(root, one)?;
    }
    let mut plan = if edited {
        merge_back(root, last)?
    } else {
        exactly_back(last)
    };
    let private = last.transitions.iter().filter(|one| one.is_private);
    let private: BTreeSet<_> = private.map(|one| &one.path).collect();
    for change in &mut plan.changes {
        change.is_private = private.contains(&change.path);
    }
    let mut transitions = Transitions::of(&plan.changes).into_list();
    for transition in &mut transitions {
        // What lies beside its place is like what was to be there.
        let path = transition.path.as_str();
        let place = merge::laid_beside(path).unwrap_or(path);
        let mut known = last.transitions.iter();
        let known = known.find(|one| one.path.as_str() == place);
        transition.like = known.and_then(|one| one.like.clone());
    }
    let index = index(root, last, &plan)?;
    let again = open_again(last, &plan);
    let new = plan.conflicts().map(|change| change.path.clone());
    let conflicts: BTreeSet<ProjectPath> = again.iter().cloned().chain(new).collect();
    let mut shown = plan.changes;
    shown.retain(|change| !state::is_ours(&change.path));
    for change in shown
        .iter_mut()
        .filter(|change| again.contains(&change.path))
    {
        change.verb = Verb::Conflict;
    }
    Ok(Decided {
        shown,
        set: ChangeSet {
            title: last.title.clone(),
            transitions,
            index,
            conflicts: Conflicts {
                before: last.conflicts.after.clone(),
                after: conflicts.into_iter().collect(),
            },
            way: Some(way),
        },
    })
}

/// Tells whether a path is what it was when the change was done, with nothing in its way.
fn is_there(root: &Path, one: &Transition) -> Result<bool> {
    Ok(match change::look(root, &one.path)? {
        Found::Node(node) => Some(node) == one.after,
        Found::Nothing => one.after.is_none() && !change::is_blocked(root, &one.path)?,
        Found::Folder => one.after.is_none() && change::is_hollow(&root.join(one.path.as_str()))?,
        Found::Other | Found::BehindLink => false,
    })
}

/// Gives the conflicts that were open before a change and come back with what was there.
///
/// One in a file that the user edited since then is for the merge to decide.
fn open_again(last: &ChangeSet, plan: &Plan) -> Vec<ProjectPath> {
    let is_back = |path: &&ProjectPath| {
        let before = last.transitions.iter().find(|one| one.path == **path);
        let change = plan.changes.iter().find(|change| change.path == **path);
        match (before, change) {
            (Some(one), Some(change)) => change.after == one.before,
            (Some(_), None) => false,
            // It lies beside the user's file, which no change touched.
            (None, _) => true,
        }
    };
    last.conflicts
        .before
        .iter()
        .filter(is_back)
        .cloned()
        .collect()
}

/// Plans what git's index is to say: what it said before, where nobody changed it since then, and
/// the conflicts that are new.
fn index(root: &Path, last: &ChangeSet, plan: &Plan) -> Result<Vec<IndexChange>> {
    let mut index = git::plan_return(root, &last.index)?;
    let is_ours = |path: &ProjectPath| !last.index.iter().any(|change| change.path == *path);
    let is_back = |path: &ProjectPath| index.iter().any(|change| change.path == *path);
    // What the user staged to resolve a conflict stays.
    let new = plan.conflicts();
    let new: Vec<&Change> = new
        .filter(|change| is_ours(&change.path) || is_back(&change.path))
        .collect();
    let new = existing::in_index(root, &new)?;
    index.retain(|change| new.iter().all(|other| other.path != change.path));
    index.extend(new);
    Ok(index)
}

/// Gives back exactly what was there.
fn exactly_back(last: &ChangeSet) -> Plan {
    let mut plan = Plan::default();
    for one in &last.transitions {
        let (before, after) = (one.after.as_ref(), one.before.as_ref());
        plan.push(Change::of(&one.path, before, after));
    }
    plan
}

/// Merges from what was written to what was there before.
fn merge_back(root: &Path, last: &ChangeSet) -> Result<Plan> {
    let side = |of: fn(&Transition) -> Option<&Node>| -> Result<Tree> {
        let mut tree = Tree::new();
        for one in &last.transitions {
            if let Some(entry) = file(of(one)) {
                tree.insert(one.path.clone(), entry.clone())?;
            }
        }
        Ok(tree)
    };
    let base = side(|one| one.after.as_ref())?;
    let desired = side(|one| one.before.as_ref())?;
    let yours = project::read(root, &base, &desired, &[])?;
    let labels = Labels::new("written then", "before that");
    let (mut plan, _) = project::merge(root, yours, |yours| {
        merge::merge(Sides {
            base: &base,
            kept: &Kept::new(),
            yours,
            desired: &desired,
            labels: &labels,
            both: Both::Markers,
            // What moved along is in the change; what didn't, stays.
            own: Own::Stay,
        })
    })?;
    for one in &last.transitions {
        let is_link = |node: Option<&Node>| matches!(node, Some(Node::Link(_)));
        let (before, after) = (one.after.as_ref(), one.before.as_ref());
        // A link is in no tree: it goes back where nobody touched it.
        if (is_link(before) || is_link(after)) && is_there(root, one)? {
            plan.push(Change::of(&one.path, before, after));
        }
    }
    plan.sort();
    Ok(plan)
}

fn file(node: Option<&Node>) -> Option<&Entry> {
    match node {
        Some(Node::File(entry)) => Some(entry),
        Some(Node::Link(_)) | None => None,
    }
}
