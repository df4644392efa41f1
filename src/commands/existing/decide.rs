//! The one decision about a project: rendered and merged, and nothing of it done yet.
//!
//! What changes a project carries it out, and `status` shows it, so that one says what the others
//! do.

use std::collections::BTreeSet;
use std::path::Path;

use super::{Transitions, node_at};
use crate::answer::Answers;
use crate::error::Result;
use crate::merge::{self, Both, Change, Labels, Plan, Sides, Verb, Yours};
use crate::project;
use crate::project::change::Transition;
use crate::render::{self, Rendered, Seed};
use crate::state::{self, Memory, State};
use crate::steps::{Own, Step};
use crate::template::Template;
use crate::tree::{Entry, Node, ProjectPath, Tree};

/// What a decision is about.
#[derive(Clone, Copy)]
pub struct Basis<'a> {
    /// The template that the project is to be brought to.
    pub template: &'a Template,
    /// The folder of the project.
    pub root: &'a Path,
    /// What the project remembers.
    pub state: &'a State,
    /// What becomes of files that both sides have and no template has made.
    pub both: Both,
}

/// What is to be done, before any of it is.
pub struct Decided {
    /// The answers that the project is to have.
    pub answers: Answers,
    /// What the template makes of them.
    pub rendered: Rendered,
    /// What the folder of the project holds.
    pub yours: Yours,
    /// What becomes of the files.
    pub plan: Plan,
    /// What becomes of every path on disk, the state included.
    pub transitions: Vec<Transition>,
    /// What steps may write although it is there.
    pub own: Own,
}

impl Basis<'_> {
    /// Renders and merges; reads the disk and writes nothing.
    pub fn decide(&self, mut answers: Answers) -> Result<Decided> {
        let (template, state) = (self.template, self.state);
        answers.set_adopted(state.adopted.clone());
        let seed = Seed::random()?;
        let mut rendered = render::render(template, &answers, &seed)?;
        rendered.leave_out(&state.skip)?;
        let stale = self.stale(&rendered)?;
        let (base, kept) = state.sides()?;
        let beside = merge::beside_kept(&kept)?;
        let others = [&rendered.once, &stale, &beside, &state.snapshot];
        let yours = project::read(self.root, &base, &rendered.tree, &others)?;
        let labels = self.labels();
        let (mut plan, yours) = project::merge(self.root, yours, |yours| {
            merge::merge(Sides {
                base: &base,
                kept: &kept,
                yours,
                desired: &rendered.tree,
                labels: &labels,
                both: self.both,
                own: merge::Own::Follow,
            })
        })?;
        for (path, entry) in rendered.once.iter() {
            let is_free = yours.get(path).is_none() && !yours.blocked.contains_key(path);
            if is_free {
                plan.push(Change::create(path, entry).private());
            }
        }
        for (path, _) in stale.iter() {
            if let Some(node) = yours.get(path).filter(|node| self.is_marked(path, node)) {
                let note = "a step of the template made it, and no longer does";
                plan.push(Change::delete(path, node).note(note));
            }
        }
        plan.sort();
        let own = self.own(&plan);
        let made = self.made(&rendered, &own);
        let memory = Memory {
            template,
            answers: &answers,
            made: &made,
            skip: &state.skip,
            kept: &plan.kept,
        };
        let transitions = self.transitions(&rendered.tree, memory, &plan)?;
        Ok(Decided {
            answers,
            rendered,
            yours,
            plan,
            transitions,
            own,
        })
    }

    /// Says which versions of the template the sides of a conflict come from.
    fn labels(&self) -> Labels {
        let (template, state) = (self.template, self.state);
        let base = if state.version.is_empty() {
            "nothing".to_owned()
        } else {
            format!("{} {}", state.name, state.version)
        };
        Labels::new(&base, &format!("{} {}", template.name, template.version))
    }

    /// Gives the files that steps made which are no longer there; their bytes don't matter.
    fn stale(&self, rendered: &Rendered) -> Result<Tree> {
        let made = rendered.made();
        let mut stale = Tree::new();
        for name in self.state.made.iter().filter(|name| !made.contains(name)) {
            let path = ProjectPath::parse_foreign(name)?;
            if rendered.tree.get(name).is_none() && self.state.snapshot.get(name).is_none() {
                stale.insert(path, Entry::default())?;
            }
        }
        Ok(stale)
    }

    /// Gives the files that steps may write although they are there: what earlier runs of them made,
    /// and what this change brings.
    fn own(&self, plan: &Plan) -> Own {
        let created = plan.changes.iter();
        let created = created.filter(|change| change.verb == Verb::Create);
        let created = created.map(|change| change.path.to_string());
        Own::new(self.state.made.iter().cloned().chain(created))
    }

    /// Gives the files that steps make, without those that are there and aren't their own.
    fn made(&self, rendered: &Rendered, own: &Own) -> Vec<String> {
        let is_own = |step: &Step, name: &String| {
            let in_the_way = own.in_the_way(step, self.root);
            in_the_way.is_none_or(|path| path != name && self.state.made.contains(name))
        };
        let steps = rendered.steps.iter().map(|planned| &planned.step);
        let made: BTreeSet<&String> = steps
            .flat_map(|step| step.makes.iter().filter(move |name| is_own(step, name)))
            .collect();
        made.into_iter().cloned().collect()
    }

    /// Tells whether a file that a step made still is what its program writes.
    fn is_marked(&self, path: &ProjectPath, node: &Node) -> bool {
        let layers = self.template.layers.iter();
        let steps = layers.flat_map(|layer| &layer.steps);
        let mut makers = steps.filter(|step| step.makes.iter().any(|name| name == path.as_str()));
        let text = match node {
            Node::File(entry) => String::from_utf8_lossy(&entry.bytes),
            Node::Link(_) => return makers.all(|step| step.mark.is_none()),
        };
        makers.all(|step| step.mark.as_ref().is_none_or(|mark| text.contains(mark)))
    }

    /// Gives what becomes of every path on disk, the state included.
    fn transitions(&self, tree: &Tree, memory: Memory, plan: &Plan) -> Result<Vec<Transition>> {
        let mut transitions = Transitions::of(&plan.changes);
        for (path, bytes) in state::files(tree, memory, self.root)? {
            let is_same = self.state.snapshot == *tree && !self.state.is_lost;
            if path.as_str() == state::SNAPSHOT && is_same {
                continue;
            }
            let before = node_at(self.root, &path)?;
            let after = Node::File(Entry {
                bytes: bytes.into(),
                executable: false,
            });
            if before.as_ref() != Some(&after) {
                transitions.set(path, before, Some(after));
            }
        }
        Ok(transitions.into_list())
    }
}
