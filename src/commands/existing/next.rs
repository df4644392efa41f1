//! What the user is told to type when a command is done.

use super::{Decided, Existing, node_at};
use crate::commands::relax;
use crate::error::Result;
use crate::git;
use crate::project;
use crate::render::{self, Relaxation};
use crate::resolve::Given;
use crate::steps;
use crate::tree::Node;

/// Commits what a command has written.
const COMMIT: &str = "git add --all && git commit --message \"Adopt the template\"";

impl Existing<'_> {
    /// Gives the commands that a project which is new to the template, or which is checked in
    /// another way from now on, needs next.
    pub(super) fn next(&self, decided: &Decided) -> Result<Vec<String>> {
        let relaxations = render::relaxations(&self.cli.template, &decided.answers)?;
        let mut next = Vec::new();
        let is_adopted = self.state.version.is_empty();
        if is_adopted && relaxations.iter().any(|relaxation| relaxation.is_on) {
            // It wants all work to be in git.
            if git::enclosing_repository(&self.root)?.is_some() {
                next.push(COMMIT.to_owned());
            }
            let steps = decided.rendered.steps.iter().map(|planned| &planned.step);
            let installs = steps.filter(|step| step.name == steps::INSTALL);
            next.extend(installs.map(steps::Step::command_line));
            next.push(relax::NEXT.to_owned());
        } else if self.has_stale(&relaxations)? {
            next.push(relax::NEXT.to_owned());
        }
        Ok(next)
    }

    /// Tells whether something is relaxed for a check that goes with an answer that is given up.
    fn has_stale(&self, relaxations: &[Relaxation]) -> Result<bool> {
        let goes = |relaxation: &&Relaxation| {
            !relaxation.is_on
                && self.state.answers.iter().any(|(question, given)| {
                    let answer = match given {
                        Given::Data(answer) => answer.as_str(),
                        Given::Typed(answer) => Some(answer.as_str()),
                    };
                    answer.is_some_and(|answer| relaxation.belongs_to(question, answer))
                })
        };
        for relaxation in relaxations.iter().filter(goes) {
            let Some(Node::File(entry)) = node_at(&self.root, relaxation.file())? else {
                continue;
            };
            let settings = String::from_utf8_lossy(&entry.bytes);
            let names = project::list(&self.root)?;
            let relaxed = relaxation.relaxed(&settings, &names);
            if relaxed.is_ok_and(|relaxed| !relaxed.is_empty()) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
