//! Writes the project: staged, locked, committed, and only then visible.

use std::path::Path;

use clap::ArgMatches;

use super::report::Report;
use crate::commands::ran::StepState;
use crate::error::{Error, Kind, Result};
use crate::git::{self, NewRepository};
use crate::interrupt::Interrupt;
use crate::project::{NewProject, Staging, Target};
use crate::render::{PlannedStep, Rendered};
use crate::steps::{self, Own, Step, TopFiles};
use crate::tree::ProjectPath;
use crate::ui::Ui;

/// The message of the first commit.
const MESSAGE: &str = "Start the project from its template";

/// All that is to be done, decided before the first write.
pub struct Plan {
    /// What is written.
    pub project: NewProject,
    /// What the user is told to type next.
    pub next: Vec<String>,
    /// Whether a repository is made.
    pub uses_git: bool,
    /// What runs before the first commit.
    before_commit: Vec<PlannedStep>,
    /// What runs when the project is in its place.
    afterwards: Vec<PlannedStep>,
}

impl Plan {
    /// Chooses by the flags what is done.
    pub fn new(rendered: Rendered, flags: &ArgMatches) -> Self {
        let (locks, others): (Vec<_>, Vec<_>) = rendered
            .steps
            .into_iter()
            .partition(|planned| planned.step.name == steps::LOCK);
        let installs = flags.get_flag("install");
        Plan {
            project: NewProject {
                tree: rendered.tree,
                once: rendered.once,
            },
            next: rendered.next,
            uses_git: !flags.get_flag("no-git"),
            before_commit: if flags.get_flag("no-lock") {
                Vec::new()
            } else {
                locks
            },
            afterwards: others
                .into_iter()
                .filter(|planned| installs || planned.step.name != steps::INSTALL)
                .collect(),
        }
    }

    /// Runs nothing.
    pub fn leave_out_steps(&mut self) {
        self.before_commit.clear();
        self.afterwards.clear();
    }

    /// Gives what will run, in this order.
    pub fn steps(&self) -> impl Iterator<Item = &Step> {
        self.planned().map(|planned| &planned.step)
    }

    /// Says how to go without what isn't trusted, where there is a way.
    pub fn without_steps(&self, error: Error) -> Error {
        let is_left_out = |planned: &PlannedStep| {
            let name = planned.step.name.as_str();
            planned.is_builtin || [steps::LOCK, steps::INSTALL].contains(&name)
        };
        if error.kind == Kind::Untrusted && self.planned().all(is_left_out) {
            return error.hint("or leave them out with --no-lock and without --install");
        }
        error
    }

    /// Gives what will run, with who wants it.
    pub fn planned(&self) -> impl Iterator<Item = &PlannedStep> {
        self.before_commit.iter().chain(&self.afterwards)
    }
}

/// Makes the project: everything until its appearance is taken back when something fails.
pub fn make(
    plan: &Plan,
    target: Target,
    ui: Ui,
    interrupt: &Interrupt,
    report: &mut Report,
) -> Result<()> {
    let place = target.path().to_owned();
    let staging = Staging::create(target)?;
    staging.write(&plan.project, interrupt)?;
    let before = TopFiles::of(staging.root())?;
    // Nothing but the template's own files is in the staging folder.
    let trees = [&plan.project.tree, &plan.project.once].into_iter();
    let paths = trees.flat_map(|tree| tree.iter().map(|(path, _)| path.to_string()));
    let mut own = Own::new(paths);
    for planned in &plan.before_commit {
        let _spinner = ui.spinner(&planned.step.title);
        let state = steps::run(&planned.step, staging.root(), &own, interrupt)?.into();
        if state == StepState::Done {
            own.add(&planned.step);
        }
        report.add_step(&planned.step, state);
    }
    before.remove_new_folders(staging.root())?;
    if plan.uses_git {
        let mut extra = before.new_files(staging.root())?;
        extra.extend(made_below(plan, staging.root()));
        let repository = NewRepository {
            root: staging.root(),
            target: &place,
            tree: &plan.project.tree,
            extra: &extra,
            message: MESSAGE,
        };
        report.git = Some(git::init_and_commit(&repository)?);
    }
    interrupt.check()?;
    let root = staging.publish()?;
    for planned in &plan.afterwards {
        let _spinner = ui.spinner(&planned.step.title);
        // The project is there, so an interrupt is no more than a step that didn't end.
        let state = match steps::run(&planned.step, &root, &own, interrupt) {
            Ok(outcome) => StepState::from(outcome),
            Err(_) => StepState::Stopped,
        };
        if state == StepState::Done {
            own.add(&planned.step);
        }
        report.add_step(&planned.step, state);
    }
    Ok(())
}

/// Gives the files below the top of the project that the steps say they make, as far as they did.
fn made_below(plan: &Plan, root: &Path) -> impl Iterator<Item = ProjectPath> {
    let steps = plan.before_commit.iter();
    let made = steps.flat_map(|planned| &planned.step.makes);
    made.filter(|path| path.contains('/'))
        .filter_map(|path| ProjectPath::parse(path).ok())
        .filter(|path| root.join(path.as_str()).is_file())
}
