//! Writes the project: staged, locked, committed, and only then visible.

use clap::ArgMatches;

use super::report::{Report, StepState};
use crate::error::{Error, Kind, Result};
use crate::git::{self, NewRepository};
use crate::interrupt::Interrupt;
use crate::project::{NewProject, Staging, Target};
use crate::prompt::Terminal;
use crate::render::{PlannedStep, Rendered};
use crate::steps::{self, Step, StepOutcome, TopFiles};
use crate::template::Template;
use crate::ui::Ui;

/// The step that runs before the first commit.
const LOCK: &str = "lock";

/// The step that runs only when it is asked for.
const INSTALL: &str = "install";

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
            .partition(|planned| planned.step.name == LOCK);
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
                .filter(|planned| installs || planned.step.name != INSTALL)
                .collect(),
        }
    }

    /// Gives what will run, in this order.
    pub fn steps(&self) -> impl Iterator<Item = &Step> {
        self.before_commit
            .iter()
            .chain(&self.afterwards)
            .map(|planned| &planned.step)
    }

    /// Refuses to go on when somebody else's template wants to run something unseen.
    pub fn require_trust(
        &self,
        ui: Ui,
        template: &Template,
        is_trusted: bool,
        terminal: Option<&mut Terminal>,
    ) -> Result<()> {
        let foreign = self
            .before_commit
            .iter()
            .chain(&self.afterwards)
            .filter(|planned| !planned.is_builtin);
        let commands: Vec<String> = foreign.map(|planned| planned.step.command_line()).collect();
        if is_trusted || commands.is_empty() {
            return Ok(());
        }
        let source = &template.source;
        ui.commands(
            &format!("The template '{source}' wants to run, in the new project:"),
            &commands,
        );
        if let Some(terminal) = terminal
            && terminal.agree("Let it run them?")?
        {
            return Ok(());
        }
        Err(Error::new(Kind::Untrusted, format!("template '{source}' wants to run commands and is not trusted: {}", commands.join("; ")))
            .hint("look at them, then say --trust; or leave them out with --no-lock and without --install"))
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
    for planned in &plan.before_commit {
        report.add_step(&planned.step, run(&planned.step, &staging, ui, interrupt)?);
    }
    if plan.uses_git {
        let repository = NewRepository {
            root: staging.root(),
            target: &place,
            tree: &plan.project.tree,
            extra: &before.new_files(staging.root())?,
            message: MESSAGE,
        };
        report.git = Some(git::init_and_commit(&repository)?);
    }
    interrupt.check()?;
    let root = staging.publish()?;
    for planned in &plan.afterwards {
        let _spinner = ui.spinner(&planned.step.title);
        // The project is there, so an interrupt is no more than a step that didn't end.
        let state = match steps::run(&planned.step, &root, interrupt) {
            Ok(outcome) => StepState::from(outcome),
            Err(_) => StepState::Stopped,
        };
        report.add_step(&planned.step, state);
    }
    Ok(())
}

fn run(step: &Step, staging: &Staging, ui: Ui, interrupt: &Interrupt) -> Result<StepState> {
    let _spinner = ui.spinner(&step.title);
    steps::run(step, staging.root(), interrupt).map(StepState::from)
}

impl From<StepOutcome> for StepState {
    fn from(outcome: StepOutcome) -> Self {
        match outcome {
            StepOutcome::Done => StepState::Done,
            StepOutcome::Missing { program } => {
                StepState::Failed(format!("{program} is not installed"))
            }
            StepOutcome::Failed { output, .. } => StepState::Failed(output),
        }
    }
}
