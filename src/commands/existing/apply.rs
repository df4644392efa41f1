//! Carries out what was decided: shown, agreed to, applied as a whole, locked.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::dirty::refuse_uncommitted;
use super::report::Report;
use super::{Decided, Existing, node_at, refuse_left_out, refuse_unmerged, standings};
use crate::commands::consent::Consent;
use crate::commands::ran::{self, StepState};
use crate::error::{Ending, Error, Kind, Result};
use crate::git::{self, IndexChange};
use crate::merge::Change;
use crate::project;
use crate::project::change::{self, ChangeSet, Conflicts, Transition};
use crate::render::PlannedStep;
use crate::steps::{self, Own, Step};
use crate::tree::{Node, ProjectPath};

impl Existing<'_> {
    /// Refuses to change files that git couldn't give back.
    pub fn refuse_dirty(&self) -> Result<()> {
        if self.matches.get_flag("dry-run") {
            return Ok(());
        }
        refuse_unmerged(self.cli.ui, &self.root, &BTreeSet::new())?;
        if self.matches.get_flag("allow-dirty") {
            return Ok(());
        }
        refuse_uncommitted(&self.root)
    }

    /// Shows what was decided and does it.
    pub(super) fn carry_out(mut self, title: &str, mut decided: Decided) -> Result<Ending> {
        let ui = self.cli.ui;
        let mut transitions = std::mem::take(&mut decided.transitions);
        for transition in &mut transitions {
            let mut recorded = self.recorded.iter();
            if let Some((_, node)) = recorded.find(|(path, _)| *path == transition.path) {
                transition.before.clone_from(node);
            }
        }
        self.note_held(&mut decided)?;
        let decided = &decided;
        let mut report = Report::new(&self, title, decided)?;
        self.access.check()?;
        if transitions.is_empty() {
            report.show_nothing(ui, standings(&self.state, &decided.yours));
            return Ok(Ending::Done);
        }
        refuse_left_out(&self.root, &transitions)?;
        Report::show_plan(&self, decided)?;
        let mut steps = self.lock_steps(decided);
        let is_held =
            |planned: &&PlannedStep| decided.own.in_the_way(&planned.step, &self.root).is_some();
        let commands: Vec<String> = steps
            .iter()
            .filter(|planned| !is_held(planned))
            .map(|planned| planned.step.command_line())
            .collect();
        if self.matches.get_flag("dry-run") {
            report.show_dry(ui, &commands);
            return Ok(Ending::Done);
        }
        let may_run = Consent::new(ui, &self.cli.template, self.matches)
            .obtain(&steps, self.terminal.as_mut())
            .map_err(without_lock)?;
        let count = steps.len();
        if !may_run {
            steps.clear();
        }
        self.have_confirmed()?;
        let by_hand = self.by_hand(decided);
        let by_hand_lines = by_hand.iter().map(|step| step.command_line());
        let next = by_hand_lines.chain(self.next(decided)?).collect::<Vec<_>>();
        let conflicts: Vec<&Change> = decided.plan.conflicts().collect();
        // The conflicts are in the files; git's index is there to find them by.
        let index = in_index(&self.root, &conflicts).unwrap_or_else(|error| {
            ui.warn(&error.to_string());
            Vec::new()
        });
        let set = ChangeSet {
            title: title.to_owned(),
            transitions,
            index,
            conflicts: Conflicts {
                before: Vec::new(),
                after: conflicts.iter().map(|change| change.path.clone()).collect(),
            },
            way: None,
        };
        change::apply(self.access.hold()?, &set, &self.interrupt)?;
        // Markers may stand in what a step reads; what lies beside the user's files doesn't.
        let has_markers = decided.plan.conflicts().any(Change::writes);
        let left = if has_markers {
            commands
        } else {
            self.lock(&steps, &decided.own, &mut report);
            Vec::new()
        };
        if self.is_tried() {
            let locks = if has_markers {
                Err("conflicts come first")
            } else if steps.len() < count || !report.went_well(&by_hand) {
                Err("the dependencies aren't locked")
            } else {
                Ok(by_hand.as_slice())
            };
            report.add_trial(self.try_checks(decided, locks));
        }
        report.show(ui, decided, &left, &next);
        Ok(match decided.plan.conflicts().next() {
            Some(_) => Ending::Conflicts,
            None => Ending::Done,
        })
    }

    /// Adds the locks that can't be made again to the plan, where something else is done.
    fn note_held(&self, decided: &mut Decided) -> Result<()> {
        if !decided.plan.writes() {
            return Ok(());
        }
        let mut kept = Vec::new();
        for (step, path) in self.held(decided) {
            let path = ProjectPath::parse_foreign(path)?;
            if !decided.plan.has(&path) {
                let node = node_at(&self.root, &path)?;
                kept.push(Change::keep(&path, node.as_ref(), ran::held(step)));
            }
        }
        decided.plan.changes.extend(kept);
        decided.plan.sort();
        Ok(())
    }

    /// Gives the locks that can't be made again, each with the file that is in the way.
    fn held<'d>(&self, decided: &'d Decided) -> Vec<(&'d Step, &'d str)> {
        if self.matches.get_flag("no-lock") {
            return Vec::new();
        }
        let locks = decided.rendered.locks().map(|planned| &planned.step);
        locks
            .filter_map(|step| Some((step, decided.own.in_the_way(step, &self.root)?)))
            .collect()
    }

    /// Gives the locks that aren't made again, because they are somebody else's, and that nothing
    /// speaks against making by hand.
    fn by_hand<'d>(&self, decided: &'d Decided) -> Vec<&'d Step> {
        let held = self.held(decided).into_iter().map(|(step, _)| step);
        held.filter(|step| Own::can_be_run_by_hand(step, &self.root))
            .collect()
    }

    /// Asks whether to go on, where somebody can be asked.
    pub fn have_confirmed(&mut self) -> Result<()> {
        if let Some(terminal) = self.terminal.as_mut()
            && !terminal.agree("Do it?")?
        {
            return Err(Error::declined());
        }
        self.interrupt.check()
    }

    /// Gives the steps that lock what the project depends on.
    fn lock_steps(&self, decided: &Decided) -> Vec<PlannedStep> {
        if self.matches.get_flag("no-lock") || !decided.plan.writes() {
            return Vec::new();
        }
        let rendered = &decided.rendered;
        if let Some(enclosing) = project::enclosing(&self.root, &rendered.workspaces) {
            let file = enclosing.file.display();
            self.cli.ui.warn(&format!(
                "nothing is locked: the project is a member of the workspace in '{file}', whose lock is its own"
            ));
            return Vec::new();
        }
        rendered.locks().cloned().collect()
    }

    /// Makes the lock files again; what they were before is remembered for `undo`.
    ///
    /// The project is changed already, so what goes wrong here is told and fails nothing.
    fn lock(&self, steps: &[PlannedStep], own: &Own, report: &mut Report) {
        let before = self.made_by(steps);
        let mut own = own.clone();
        for planned in steps {
            let _spinner = self.cli.ui.spinner(&planned.step.title);
            let state = match steps::run(&planned.step, &self.root, &own, &self.interrupt) {
                Ok(outcome) => StepState::from(outcome),
                Err(_) => StepState::Stopped,
            };
            if state == StepState::Done {
                own.add(&planned.step);
            }
            report.add_step(&planned.step, state);
        }
        let remembered = before.and_then(|before| self.remember(before));
        if let Err(error) = remembered {
            self.cli.ui.warn(&format!(
                "'pyscaffold undo' won't take the lock back: {error}"
            ));
        }
    }

    /// Reads the files that steps make.
    fn made_by(&self, steps: &[PlannedStep]) -> Result<BTreeMap<ProjectPath, Option<Node>>> {
        let names = steps.iter().flat_map(|planned| &planned.step.makes);
        names
            .map(|name| {
                let path = ProjectPath::parse(name)?;
                let node = node_at(&self.root, &path)?;
                Ok((path, node))
            })
            .collect()
    }

    /// Lets `undo` give back what was there before the steps.
    fn remember(&self, before: BTreeMap<ProjectPath, Option<Node>>) -> Result<()> {
        let mut transitions = Vec::new();
        for (path, before) in before {
            let after = node_at(&self.root, &path)?;
            if before != after {
                transitions.push(Transition {
                    path,
                    before,
                    after,
                    is_private: false,
                    like: None,
                });
            }
        }
        change::amend_last(self.access.hold()?, transitions)
    }
}

/// Says how to go without what isn't trusted.
fn without_lock(error: Error) -> Error {
    if error.kind == Kind::Untrusted {
        return error.hint("or leave them out with --no-lock");
    }
    error
}

/// Plans what git's index is to say of conflicts.
pub fn in_index(root: &Path, conflicts: &[&Change]) -> Result<Vec<IndexChange>> {
    let conflicts = conflicts.iter().filter_map(|change| {
        let stages = change.stages.clone()?;
        Some(git::Conflict {
            path: change.path.clone(),
            base: stages.base,
            yours: stages.yours,
            desired: stages.desired,
        })
    });
    git::plan_conflicts(root, &conflicts.collect::<Vec<_>>())
}
