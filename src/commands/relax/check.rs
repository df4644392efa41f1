//! The checks: what the settings relax of them, and what fails them.

use std::collections::BTreeSet;

use super::settings::{Settings, change_set};
use crate::commands::existing::Existing;
use crate::commands::ran;
use crate::error::{Error, Kind, Result};
use crate::merge::Change;
use crate::project::{self, change};
use crate::render::{Module, PlannedStep, Relaxation};
use crate::steps::{self, StepOutcome};

/// A check that can be relaxed, and what is found out about it.
pub struct Checked<'a> {
    /// What the template declares.
    pub relaxation: &'a Relaxation<'a>,
    /// What is run; nothing where the check isn't the project's, or is no longer.
    pub check: Option<PlannedStep>,
    /// What the settings relax.
    pub relaxed: BTreeSet<Module>,
    /// What fails without that.
    pub failing: BTreeSet<Module>,
    /// What is relaxed and passes, or is gone: paths of files that are there, else names.
    passing: BTreeSet<String>,
}

impl Checked<'_> {
    /// Gives the paths of what is to be relaxed.
    pub fn to_relax(&self) -> impl Iterator<Item = &String> {
        self.failing.iter().map(|module| &module.path)
    }

    /// Gives what is to be relaxed no longer.
    pub fn to_tighten(&self) -> impl Iterator<Item = &String> {
        self.passing.iter()
    }

    fn fails(&self, module: &Module) -> bool {
        let mut failing = self.failing.iter();
        failing.any(|other| other.path == module.path || other.name == module.name)
    }
}

/// Begins with what the template declares; some of it has to be for the project's answers.
pub fn all<'a>(project: &Existing, relaxations: &'a [Relaxation]) -> Result<Vec<Checked<'a>>> {
    if !relaxations.iter().any(|relaxation| relaxation.is_on) {
        let template = &project.cli.template.source;
        return Err(Error::failed(format!(
            "template '{template}' has no check that can be relaxed with the project's answers"
        )));
    }
    let begin = |relaxation: &'a Relaxation| {
        let check = relaxation.is_on.then(|| relaxation.check()).transpose()?;
        Ok(Checked {
            relaxation,
            check,
            relaxed: BTreeSet::new(),
            failing: BTreeSet::new(),
            passing: BTreeSet::new(),
        })
    };
    relaxations.iter().map(begin).collect()
}

/// Finds what the settings relax.
pub fn find_relaxed(
    checked: &mut [Checked],
    settings: &Settings,
    names: &BTreeSet<String>,
) -> Result<()> {
    for one in checked {
        let text = settings.text(one.relaxation.file());
        let relaxed = one.relaxation.relaxed(text, names);
        // What can't be written with these answers isn't there.
        one.relaxed = if one.check.is_some() {
            relaxed?
        } else {
            relaxed.unwrap_or_default()
        };
    }
    Ok(())
}

/// Finds what fails when nothing is relaxed: the settings are strict for as long as the checks run.
pub fn find_failing(
    checked: &mut [Checked],
    project: &Existing,
    strict: &[Change],
    names: &BTreeSet<String>,
) -> Result<()> {
    let look = || {
        checked
            .iter()
            .map(|one| failing(project, one, names))
            .collect()
    };
    let found: Vec<BTreeSet<Module>> = if strict.is_empty() {
        look()?
    } else {
        change::try_out(&project.root, &change_set(strict), &project.interrupt, look)?
    };
    for (one, failing) in checked.iter_mut().zip(found) {
        one.failing = failing;
        let passing = one.relaxed.iter().filter(|module| !one.fails(module));
        let called = passing.map(|module| {
            let is_there = names.contains(&module.path);
            if is_there {
                module.path.clone()
            } else {
                module.name.clone()
            }
        });
        one.passing = called.collect();
    }
    Ok(())
}

/// Runs the checks again, says what still fails, and tells whether all is well, if that is known.
pub fn passes(project: &Existing, checked: &[Checked]) -> Option<bool> {
    let names = project::list(&project.root).ok()?;
    let mut passes = true;
    for one in checked {
        let still = match failing(project, one, &names) {
            Ok(failing) if failing.is_empty() => continue,
            Ok(failing) => {
                let paths: Vec<&str> = failing.iter().map(|module| module.path.as_str()).collect();
                format!("relaxing is no help for {}", paths.join(", "))
            }
            // It is done, so an interrupt is no more than a check that didn't end.
            Err(error) if error.kind == Kind::Interrupted => return None,
            Err(error) => error.message,
        };
        project.cli.ui.warn(&still);
        passes = false;
    }
    Some(passes)
}

/// Runs a check, and gives what fails.
fn failing(
    project: &Existing,
    one: &Checked,
    names: &BTreeSet<String>,
) -> Result<BTreeSet<Module>> {
    let Some(PlannedStep { step, .. }) = &one.check else {
        return Ok(BTreeSet::new());
    };
    let line = step.command_line();
    let ui = project.cli.ui;
    let _spinner = ui.spinner(&step.title);
    let cannot = |reason: &str| {
        Error::failed(format!("can't find what fails: `{line}` {reason}"))
            .hint("install the project, and see that the command works in it")
    };
    match steps::look(step, &project.root, &project.interrupt)? {
        StepOutcome::Done => Ok(BTreeSet::new()),
        StepOutcome::Missing { program } => {
            Err(cannot(&format!("needs {program}, which is not installed")))
        }
        StepOutcome::Failed { output, .. } => {
            let failing = one.relaxation.failing(&output, &project.root, names);
            if failing.is_empty() {
                ui.detail(&output);
                let reason = ran::last_line(&output);
                return Err(cannot(&format!("failed and named no file: {reason}")));
            }
            Ok(failing)
        }
    }
}
