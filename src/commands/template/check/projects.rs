//! Runs the checks that layers declare, in projects as `new` makes them.

use std::collections::BTreeMap;

use super::Bench;
use super::report::Report;
use crate::check::{self, Finding, Samples, Trial};
use crate::commands::consent::Consent;
use crate::commands::{ran, repeat};
use crate::error::{Error, Kind, Result};
use crate::git::{self, NewRepository};
use crate::problem::{Problem, Rule};
use crate::project::{NewProject, Staging, Target};
use crate::prompt::Terminal;
use crate::render::{self, PlannedStep, Seed};
use crate::state::{self, Memory};
use crate::steps::{self, Own, StepOutcome};
use crate::ui::Ui;

/// What the projects are called.
const NAME: &str = "sample";

/// How many lines are shown of what a check says.
const SHOWN: usize = 20;

/// The message of the commit in a project.
const MESSAGE: &str = "Start the project from its template";

impl Bench<'_> {
    /// Makes a project for every pair of choices, and runs its checks in it.
    pub(super) fn projects(&self, samples: &Samples, report: &mut Report) -> Result<()> {
        let layers = &self.subject.template.layers;
        if layers.iter().all(|layer| layer.checks.is_empty()) {
            return Ok(());
        }
        let trials = check::pairs(self.subject, samples);
        self.require_trust(&trials)?;
        let mut found = Vec::new();
        let (mut runs, mut projects) = (0, 0);
        for (index, trial) in trials.iter().enumerate() {
            self.interrupt.begin_part()?;
            let title = format!("Checking project {} of {}", index + 1, trials.len());
            let _spinner = self.ui.spinner(&title);
            let (count, findings) = self.project(trial)?;
            runs += count;
            projects += usize::from(count > 0);
            found.extend(findings.into_iter().map(|finding| (index, finding)));
        }
        report.add(check::told_once(found.into_iter(), &trials));
        report.did(
            "checks",
            runs,
            format!("ran {runs} checks in {projects} projects"),
        );
        Ok(())
    }

    /// Refuses to run unseen what somebody else's template declares.
    fn require_trust(&self, trials: &[Trial]) -> Result<()> {
        let template = self.subject.template;
        let mut wanted: Vec<PlannedStep> = Vec::new();
        for trial in trials {
            let seed = Seed::default();
            let rendered = render::render_where(template, &trial.answers, &seed, |_| false)?;
            if rendered.checks.is_empty() {
                continue;
            }
            for planned in locks(&rendered.steps).chain(&rendered.checks) {
                if !wanted.contains(planned) {
                    wanted.push(planned.clone());
                }
            }
        }
        let mut terminal = Ui::can_ask().then(|| Terminal::new(self.interrupt));
        let consent = Consent::new(self.ui, template, self.matches);
        let add_hint = |error: Error| match error.kind {
            Kind::Untrusted => error.hint("or leave the checks out with --no-run"),
            _ => error,
        };
        if consent
            .obtain(&wanted, terminal.as_mut())
            .map_err(add_hint)?
        {
            return Ok(());
        }
        Err(Error::declined())
    }

    /// Makes one project, and says how many checks ran and what they found.
    fn project(&self, trial: &Trial) -> Result<(usize, Vec<Finding>)> {
        let template = self.subject.template;
        let mut rendered = render::render(template, &trial.answers, &Seed::random()?)?;
        if rendered.checks.is_empty() {
            return Ok((0, Vec::new()));
        }
        let place = tempfile::tempdir()?;
        let target = Target::parse(&place.path().join(NAME))?;
        let made = rendered.made();
        let memory = Memory {
            template,
            answers: &trial.answers,
            made: &made,
            skip: &[],
            kept: &BTreeMap::new(),
        };
        state::add_to(&mut rendered.tree, memory, target.path())?;
        let root = target.path().to_owned();
        let staging = Staging::create(target)?;
        let project = NewProject {
            tree: rendered.tree,
            once: rendered.once,
        };
        staging.write(&project, self.interrupt)?;
        staging.publish()?;
        let mut findings = Vec::new();
        let mut own = Own::new(project.tree.iter().map(|(path, _)| path.to_string()));
        for planned in locks(&rendered.steps) {
            let outcome = steps::run(&planned.step, &root, &own, self.interrupt)?;
            own.add(&planned.step);
            findings.extend(self.finding(trial, planned, outcome));
        }
        git::init_and_commit(&NewRepository {
            root: &root,
            target: &root,
            tree: &project.tree,
            extra: &[],
            message: MESSAGE,
        })?;
        for planned in &rendered.checks {
            let outcome = steps::look(&planned.step, &root, self.interrupt)?;
            findings.extend(self.finding(trial, planned, outcome));
        }
        Ok((rendered.checks.len(), findings))
    }

    /// Says that a command didn't work; a lock that can't be made is no more than odd, as for `new`.
    fn finding(
        &self,
        trial: &Trial,
        planned: &PlannedStep,
        outcome: StepOutcome,
    ) -> Option<Finding> {
        let step = &planned.step;
        let (reason, output) = match outcome {
            StepOutcome::Done => return None,
            StepOutcome::Held { path } => {
                (format!("{path} is the template's own file"), String::new())
            }
            StepOutcome::Missing { program } => {
                (format!("{program} is not installed"), String::new())
            }
            StepOutcome::Failed { output, .. } => {
                // Places in the output differ from run to run, but not the name of the file.
                (ran::last_line(&output).to_owned(), tail(&output))
            }
        };
        let template = self.subject.template;
        let layer = template.layers.iter().rev().find(|layer| {
            let mut declared = layer
                .checks
                .iter()
                .map(|check| &check.step)
                .chain(&layer.steps);
            declared.any(|declared| declared == step)
        });
        let file = layer.map_or("template.toml".to_owned(), |layer| {
            format!("{}/layer.toml", layer.name)
        });
        let file = format!("{}/{file}", template.source);
        let is_lock = step.name == steps::LOCK;
        let problem = if is_lock {
            Problem::warning(
                file,
                format!("the step '{}' didn't work: {reason}", step.title),
            )
        } else {
            let said = if output.is_empty() {
                format!(": {reason}")
            } else {
                String::new()
            };
            Problem::error(file, format!("the check '{}' failed{said}", step.title))
        };
        let again = repeat::command(template, &trial.answers, NAME);
        let command = format!("{again} && cd {NAME} && {}", step.command_line());
        let mut finding = Finding::from(problem.of(Rule::Check)).detail(output);
        finding.command = command;
        Some(finding)
    }
}

/// Gives the steps that `new` runs by itself.
fn locks(steps: &[PlannedStep]) -> impl Iterator<Item = &PlannedStep> {
    steps
        .iter()
        .filter(|planned| planned.step.name == steps::LOCK)
}

/// Gives the last lines of a text.
fn tail(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(SHOWN)..].join("\n")
}
