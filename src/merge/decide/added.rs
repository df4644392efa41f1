//! Files that the template has and the base has not: new ones, and those in whose place the user's
//! own file stays.

use super::Decision;
use crate::error::Result;
use crate::merge::content::{Content, gain, is_alike, is_same, merge_content};
use crate::merge::plan::{Change, Verb};
use crate::merge::{Both, KeptFile};
use crate::tree::{Entry, Node, ProjectPath};

/// Two files that met without a base.
#[derive(Clone, Copy)]
struct Meeting<'a> {
    /// The path that the template has.
    wanted: &'a ProjectPath,
    /// Where the user's file is.
    place: &'a ProjectPath,
    /// What the user has.
    node: &'a Node,
    /// What the template has.
    theirs: &'a Entry,
    /// What becomes of both.
    both: Both,
    /// Why they can't be one.
    reason: &'static str,
    /// Why the user's stays alone, where the user said so.
    note: &'static str,
}

impl Decision<'_> {
    /// Decides about a file that is in no base.
    pub(super) fn added(&mut self, wanted: &ProjectPath, theirs: &Entry) -> Result<()> {
        let yours = self.sides.yours;
        let twin = |path: ProjectPath| yours.twins.get(&path).cloned().unwrap_or(path);
        if let Some(kept) = self.sides.kept.get(wanted) {
            return self.kept((wanted, &twin(wanted.clone())), kept, theirs);
        }
        // Where the user renamed the folder, whatever the template calls it now.
        let origin = self.renames.template.origin(wanted);
        let followed = self.renames.user.follow(origin.as_ref().unwrap_or(wanted));
        let path = match followed {
            Some(followed) if yours.get(wanted).is_none() => followed,
            _ => wanted.clone(),
        };
        let path = twin(path);
        if let Some(blocked) = self.obstacle(&path, None) {
            return self.displaced(&path, &blocked, theirs);
        }
        match yours.get(&path) {
            None => {
                self.create(&path, theirs);
                Ok(())
            }
            Some(node) => self.meet(Meeting {
                wanted,
                place: &path,
                node,
                theirs,
                both: self.sides.both,
                reason: "both sides have it",
                note: "yours stays; it differs from the template's",
            }),
        }
    }

    /// Decides about a file that stayed the user's: only what is new since then is told.
    fn kept(
        &mut self,
        (wanted, place): (&ProjectPath, &ProjectPath),
        kept: &KeptFile,
        theirs: &Entry,
    ) -> Result<()> {
        let Some(node) = self.sides.yours.get(place) else {
            self.plan.kept.insert(wanted.clone(), kept.both);
            self.deleted_by_user(place, wanted, (&kept.last, theirs));
            return Ok(());
        };
        let is_taken =
            matches!(node, Node::File(entry) if is_alike(&entry.bytes, &kept.last.bytes));
        if is_taken {
            // It has a base from now on.
            return self.changed((place, place), &kept.last, node, theirs);
        }
        if is_same(&kept.last, theirs) {
            self.plan.kept.insert(wanted.clone(), kept.both);
            return Ok(());
        }
        self.meet(Meeting {
            wanted,
            place,
            node,
            theirs,
            both: kept.both,
            reason: "it is yours, and the template changed its own",
            note: "yours stays; the template changed its own",
        })
    }

    /// Makes one file of two where that can be; else the user's stays.
    fn meet(&mut self, meeting: Meeting) -> Result<()> {
        let Meeting {
            place,
            node,
            theirs,
            ..
        } = meeting;
        let Node::File(entry) = node else {
            return self.stays(Meeting {
                reason: "you have a link there",
                ..meeting
            });
        };
        let (verb, bytes) = match self.both(meeting, entry)? {
            Content::Apart => return self.stays(meeting),
            Content::Yours if entry.executable || !theirs.executable => return Ok(()),
            Content::Yours => (Verb::Update, entry.bytes.to_vec()),
            Content::Desired(bytes) | Content::Merged(bytes) => (Verb::Merge, bytes),
            Content::Conflict(bytes) => (Verb::Conflict, bytes),
        };
        let mut change = Change::new(verb, place.clone());
        change.before = Some(node.clone());
        change.after = Some(Node::File(Entry {
            bytes: bytes.into(),
            executable: entry.executable || theirs.executable,
        }));
        if verb == Verb::Conflict {
            change.note = String::from("both sides added it");
            change.stages = Some(super::stages(None, Some(entry), theirs));
        }
        self.push(change);
        Ok(())
    }

    /// Merges a file that both sides have made.
    fn both(&self, meeting: Meeting, yours: &Entry) -> Result<Content> {
        let (path, own, new) = (meeting.place, &yours.bytes, &meeting.theirs.bytes);
        if meeting.both == Both::Markers || is_alike(own, new) {
            return merge_content(path, None, own, new, self.sides.labels);
        }
        Ok(gain(path, own, new))
    }

    /// Lets the user's file stay as it is, and remembers that it has no base.
    fn stays(&mut self, meeting: Meeting) -> Result<()> {
        let Meeting {
            wanted,
            place,
            node,
            theirs,
            both,
            ..
        } = meeting;
        if both == Both::Keep {
            self.plan.kept.insert(wanted.clone(), both);
            let mut change = Change::new(Verb::Keep, place.clone());
            change.before = Some(node.clone());
            change.after = Some(node.clone());
            self.push(change.note(meeting.note));
            return Ok(());
        }
        self.plan.kept.insert(wanted.clone(), Both::Beside);
        self.apart((place, place), node, (None, theirs), meeting.reason)
    }
}
