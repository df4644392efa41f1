//! The decision for every file.

mod added;

use std::collections::{BTreeSet, HashSet};

use super::content::{Content, is_same, merge_content};
use super::kept::comes_from;
use super::plan::{Change, Plan, Stages, Verb};
use super::renames::Renames;
use super::yours::Blocked;
use super::{Both, Own, Sides, beside, names_beside};
use crate::error::Result;
use crate::formats::Format;
use crate::tree::{Entry, Node, ProjectPath};

/// Decides what becomes of every path.
pub(super) fn decide(sides: Sides, renames: &Renames) -> Result<Plan> {
    let mut decision = Decision {
        sides,
        renames,
        plan: Plan::default(),
        cleared: HashSet::new(),
        settled: BTreeSet::new(),
    };
    for (path, entry) in sides.base.iter() {
        decision.known(path, entry)?;
    }
    if sides.own == Own::Follow {
        decision.follow()?;
    }
    let settled = std::mem::take(&mut decision.settled);
    for (path, entry) in sides.desired.iter() {
        if !settled.contains(path) {
            decision.added(path, entry)?;
        }
    }
    Ok(decision.plan)
}

struct Decision<'a> {
    sides: Sides<'a>,
    renames: &'a Renames,
    plan: Plan,
    /// The paths that are deleted or moved away.
    cleared: HashSet<String>,
    /// The desired paths that a file of the base became.
    settled: BTreeSet<ProjectPath>,
}

impl Decision<'_> {
    /// Decides about a file of the base.
    fn known(&mut self, path: &ProjectPath, base: &Entry) -> Result<()> {
        let Sides { yours, desired, .. } = self.sides;
        let target = match self.renames.template.of(path) {
            Some(moved) => moved,
            None => path,
        };
        // The name can be another file's now.
        let is_given_away = target == path && self.renames.template.has_target(path);
        let theirs = desired.get(target.as_str()).filter(|_| !is_given_away);
        if theirs.is_some() {
            self.settled.insert(target.clone());
        }
        let place = match yours.get(path) {
            Some(_) => path,
            None => self.renames.user.of(path).unwrap_or(path),
        };
        match (yours.get(place), theirs) {
            (None, None) => {}
            (None, Some(theirs)) => self.deleted_by_user(path, target, (base, theirs)),
            (Some(node), None) => self.dropped_by_template(path, place, base, node),
            (Some(node), Some(theirs)) => {
                let goal = self.goal(path, place, target);
                self.changed((place, &goal), base, node, theirs)?;
                if goal != *target && target != path {
                    let note = format!("the template has it as {target} now");
                    self.note_last(&goal, note);
                }
            }
        }
        Ok(())
    }

    /// Decides where a file goes that is at `place` and that the template wants at `target`: who
    /// moved it says where, the user before the template; a folder and a name can both have moved.
    fn goal(&self, path: &ProjectPath, place: &ProjectPath, target: &ProjectPath) -> ProjectPath {
        let joined = match (place == path, target == path) {
            (true, _) => Some(target.clone()),
            (false, true) => None,
            (false, false) => joined(path, place, target),
        };
        let yours = self.sides.yours;
        let is_free = |goal: &ProjectPath| {
            let mut there = yours.at(goal.as_str());
            let is_empty = there.all(|file| file == place.as_str() || self.is_cleared(file));
            is_empty && yours.get(goal).is_none() && self.obstacle(goal, Some(place)).is_none()
        };
        joined
            .filter(|goal| goal == place || is_free(goal))
            .unwrap_or_else(|| place.clone())
    }

    fn deleted_by_user(
        &mut self,
        path: &ProjectPath,
        target: &ProjectPath,
        (base, theirs): (&Entry, &Entry),
    ) {
        if !is_same(base, theirs) {
            let change = Change::new(Verb::Keep, target.clone());
            let note = if self.sides.yours.blocked.contains_key(path) {
                "you have something else in its place; that stays, although the template changed it"
            } else {
                "you deleted it; it stays deleted, although the template changed it"
            };
            self.push(change.note(note));
        }
    }

    fn dropped_by_template(
        &mut self,
        path: &ProjectPath,
        place: &ProjectPath,
        base: &Entry,
        node: &Node,
    ) {
        let is_untouched = matches!(node, Node::File(entry) if is_same(entry, base));
        let verb = if is_untouched && path == place {
            Verb::Delete
        } else {
            Verb::Keep
        };
        let mut change = Change::new(verb, place.clone());
        change.before = Some(node.clone());
        if verb == Verb::Keep {
            change.after = Some(node.clone());
            change.note =
                String::from("the template no longer has it; you changed it, so it stays");
        }
        self.push(change);
    }

    /// Decides about a file that both sides still have.
    fn changed(
        &mut self,
        (place, goal): (&ProjectPath, &ProjectPath),
        base: &Entry,
        node: &Node,
        theirs: &Entry,
    ) -> Result<()> {
        let entry = match node {
            Node::File(entry) => entry,
            Node::Link(_) if is_same(base, theirs) && place == goal => return Ok(()),
            Node::Link(_) => {
                let reason = "you made it a link";
                return self.apart((place, place), node, (Some(base), theirs), reason);
            }
        };
        let labels = self.sides.labels;
        let merged = merge_content(goal, Some(&base.bytes), &entry.bytes, &theirs.bytes, labels)?;
        let executable = if entry.executable == base.executable {
            theirs.executable
        } else {
            entry.executable
        };
        let is_untouched = is_same(entry, base);
        let verb = if is_untouched {
            Verb::Update
        } else {
            Verb::Merge
        };
        let (verb, bytes) = match merged {
            Content::Apart => {
                let reason = "both sides changed it, and it is no text";
                return self.apart((place, goal), node, (Some(base), theirs), reason);
            }
            Content::Conflict(_) if place == goal && is_rewritten(goal, entry, base) => {
                self.plan.kept.insert(goal.clone(), Both::Beside);
                let reason = "you wrote another one";
                return self.apart((place, goal), node, (Some(base), theirs), reason);
            }
            Content::Yours if place == goal && executable == entry.executable => return Ok(()),
            Content::Yours => (verb, entry.bytes.to_vec()),
            Content::Desired(bytes) | Content::Merged(bytes) => (verb, bytes),
            Content::Conflict(bytes) => (Verb::Conflict, bytes),
        };
        let mut change = Change::new(verb, goal.clone());
        change.from = (place != goal).then(|| place.clone());
        change.before = Some(node.clone());
        change.after = Some(Node::File(Entry {
            bytes: bytes.into(),
            executable,
        }));
        if verb == Verb::Conflict {
            change.note = String::from("both sides changed the same lines");
            change.stages = Some(stages(Some(base), Some(entry), theirs));
        }
        self.push(change);
        Ok(())
    }

    /// Leaves the user's as it is, and puts the template's beside it.
    fn apart(
        &mut self,
        (place, goal): (&ProjectPath, &ProjectPath),
        node: &Node,
        (base, theirs): (Option<&Entry>, &Entry),
        reason: &str,
    ) -> Result<()> {
        let lying = self.lying_beside(goal);
        let other = match &lying {
            Some((other, _)) => other.clone(),
            None => beside(goal, goal, self.sides.yours)?,
        };
        let mut change = Change::new(Verb::Conflict, goal.clone());
        change.from = (place != goal).then(|| place.clone());
        change.before = Some(node.clone());
        change.after = Some(node.clone());
        change.note = format!("{reason}; the template's is {other}");
        change.beside = Some(other.clone());
        let entry = match node {
            Node::File(entry) => Some(entry),
            Node::Link(_) => None,
        };
        change.stages = entry.map(|entry| stages(base, Some(entry), theirs));
        self.push(change);
        match lying {
            Some((_, old)) => {
                let new = Node::File(theirs.clone());
                self.push(Change::of(&other, Some(&old), Some(&new)));
            }
            None => self.create(&other, theirs),
        }
        Ok(())
    }

    /// Gives earlier news of the template that lie beside a file as they were put there.
    fn lying_beside(&self, goal: &ProjectPath) -> Option<(ProjectPath, Node)> {
        let kept = self.sides.kept.get(goal)?;
        let path = ProjectPath::parse(&names_beside(goal).next()?).ok()?;
        let node = self.sides.yours.get(&path)?;
        let is_ours = matches!(node, Node::File(entry) if is_same(entry, &kept.last));
        is_ours.then(|| (path, node.clone()))
    }

    /// Puts a file beside the place where something else stands.
    fn displaced(
        &mut self,
        path: &ProjectPath,
        blocked: &ProjectPath,
        theirs: &Entry,
    ) -> Result<()> {
        let other = beside(path, blocked, self.sides.yours)?;
        let mut change = Change::new(Verb::Conflict, path.clone());
        change.note = format!("{blocked} is in the way; the template's is {other}");
        change.beside = Some(other.clone());
        self.push(change);
        self.create(&other, theirs);
        Ok(())
    }

    fn create(&mut self, path: &ProjectPath, theirs: &Entry) {
        self.push(Change::create(path, theirs));
    }

    /// Gives the path that keeps a file from its place, unless this merge clears it, or it is the
    /// one that the file leaves.
    fn obstacle(&self, path: &ProjectPath, left: Option<&ProjectPath>) -> Option<ProjectPath> {
        let is_cleared =
            |file: &str| left.is_some_and(|left| left.as_str() == file) || self.is_cleared(file);
        match self.sides.yours.blocked.get(path)? {
            Blocked::Folder(inside) if inside.iter().all(|file| is_cleared(file)) => None,
            Blocked::Under(above) if is_cleared(above.as_str()) => None,
            Blocked::Under(above) => Some(above.clone()),
            Blocked::Folder(_) | Blocked::Other => Some(path.clone()),
        }
    }

    /// Tells whether a file is deleted or moved away.
    fn is_cleared(&self, path: &str) -> bool {
        self.cleared.contains(path)
    }

    /// Adds what becomes of a path.
    fn push(&mut self, change: Change) {
        let cleared = match &change.from {
            None if change.verb == Verb::Delete => Some(&change.path),
            from => from.as_ref(),
        };
        self.cleared.extend(cleared.map(ToString::to_string));
        self.plan.push(change);
    }

    /// Lets the user's own files follow a folder that the template moved.
    fn follow(&mut self) -> Result<()> {
        let Sides {
            base,
            kept,
            yours,
            desired,
            ..
        } = self.sides;
        for (path, node) in &yours.nodes {
            let is_own = base.get(path.as_str()).is_none() && desired.get(path.as_str()).is_none();
            if !is_own || self.renames.user.has_target(path) {
                continue;
            }
            let Some(target) = self.renames.template.follow(path) else {
                continue;
            };
            let theirs = desired.get(target.as_str());
            let kept = kept.get(path);
            if yours.has(target.as_str()) || (theirs.is_some() && kept.is_none()) {
                continue;
            }
            if let (Some(kept), Some(theirs)) = (kept, theirs) {
                self.settled.insert(target.clone());
                self.plan.kept.insert(target.clone(), kept.both);
                if kept.both != Both::Keep && !is_same(&kept.last, theirs) {
                    let reason = "yours; it follows its folder";
                    self.apart((path, &target), node, (None, theirs), reason)?;
                    continue;
                }
            }
            let mut change = Change::new(Verb::Update, target);
            change.from = Some(path.clone());
            change.before = Some(node.clone());
            change.after = Some(node.clone());
            change.note = String::from("yours; it follows its folder");
            self.push(change);
        }
        Ok(())
    }

    fn note_last(&mut self, path: &ProjectPath, note: String) {
        let last = self.plan.changes.last_mut();
        match last.filter(|change| change.path == *path) {
            Some(change) if change.note.is_empty() => change.note = note,
            Some(_) => {}
            None => {
                let change = Change::new(Verb::Keep, path.clone());
                self.push(change.note(note));
            }
        }
    }
}

/// Puts together a folder that one side changed and a name that the other one did.
fn joined(path: &ProjectPath, one: &ProjectPath, other: &ProjectPath) -> Option<ProjectPath> {
    let folder = |path: &ProjectPath| path.folders().last().unwrap_or_default().to_owned();
    let (renamed, moved) = if folder(one) == folder(path) {
        (one, other)
    } else if folder(other) == folder(path) {
        (other, one)
    } else {
        return None;
    };
    if moved.file_name() != path.file_name() {
        return None;
    }
    let folder = folder(moved);
    let goal = if folder.is_empty() {
        renamed.file_name().to_owned()
    } else {
        format!("{folder}/{}", renamed.file_name())
    };
    ProjectPath::parse(&goal).ok()
}

/// Tells whether the user wrote another file, of a format without keys, in the place of one.
fn is_rewritten(path: &ProjectPath, yours: &Entry, base: &Entry) -> bool {
    let text = std::str::from_utf8(&yours.bytes).unwrap_or_default();
    Format::of(path).keys(text).is_none() && !comes_from(&yours.bytes, &base.bytes)
}

fn stages(base: Option<&Entry>, yours: Option<&Entry>, desired: &Entry) -> Stages {
    Stages {
        base: base.cloned(),
        yours: yours.cloned(),
        desired: Some(desired.clone()),
    }
}
