//! The checks: what the settings relax of them, and what fails them.

use std::collections::BTreeSet;

use super::settings::{Settings, change_set};
use crate::commands::existing::Existing;
use crate::commands::ran;
use crate::error::{Error, Kind, Result};
use crate::merge::Change;
use crate::project::{self, change};
use crate::render::{Finding, PlannedStep, Relaxation};
use crate::steps::{self, StepOutcome};

/// A check that can be relaxed, and what is found out about it.
pub struct Checked<'a> {
    /// What the template declares.
    pub relaxation: &'a Relaxation<'a>,
    /// What is checked, for people.
    pub title: String,
    /// What is run; nothing where the check isn't the project's, or is no longer.
    pub check: Option<PlannedStep>,
    /// What the settings relax.
    pub relaxed: BTreeSet<Finding>,
    /// What fails without that.
    pub failing: BTreeSet<Finding>,
    /// How often the check found fault.
    pub count: usize,
    /// Why it can't be told what fails; what is relaxed stays as it is then.
    pub unknown: Option<Error>,
}

impl Checked<'_> {
    /// Gives what is relaxed and passes, or is gone: paths of files that are there, else names.
    pub fn to_tighten(&self, names: &BTreeSet<String>) -> BTreeSet<String> {
        let fails = |finding: &&Finding| self.failing.iter().any(|one| one.is_about(finding));
        let passing = self.relaxed.iter().filter(|finding| !fails(finding));
        let called = passing.map(|finding| match finding.module() {
            Some(module) if names.contains(&module.path) => module.path.clone(),
            Some(module) => module.name.clone(),
            None => self.title.clone(),
        });
        // A file that breaks another rule isn't strict yet.
        let still: BTreeSet<&str> = self.failing.iter().filter_map(path).collect();
        called
            .filter(|path| !still.contains(path.as_str()))
            .collect()
    }

    /// Gives the files that fail, each with the rules that it breaks.
    pub fn files(&self) -> Vec<(&str, Vec<&str>)> {
        let mut files: Vec<(&str, Vec<&str>)> = Vec::new();
        for finding in &self.failing {
            let Some(path) = path(finding) else {
                continue;
            };
            if files.last().is_none_or(|(last, _)| *last != path) {
                files.push((path, Vec::new()));
            }
            let rule = Some(finding.detail()).filter(|rule| !rule.is_empty());
            if let Some((_, rules)) = files.last_mut() {
                rules.extend(rule);
            }
        }
        files
    }

    /// Gives what the project comes to, where that isn't enough.
    pub fn value(&self) -> Option<&str> {
        let mut values = self.failing.iter().filter(|one| one.module().is_none());
        values.next().map(Finding::detail)
    }
}

fn path(finding: &Finding) -> Option<&str> {
    finding.module().map(|module| module.path.as_str())
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
        let title = match &check {
            Some(_) => relaxation.title()?,
            None => String::new(),
        };
        Ok(Checked {
            relaxation,
            title,
            check,
            relaxed: BTreeSet::new(),
            failing: BTreeSet::new(),
            count: 0,
            unknown: None,
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
/// A check that can't tell is left as it is, unless none can.
pub fn find_failing(
    checked: &mut [Checked],
    project: &Existing,
    strict: &[Change],
    names: &BTreeSet<String>,
) -> Result<()> {
    let look = || {
        let found = checked
            .iter()
            .map(|one| match failing(project, one, names) {
                Err(error) if error.kind == Kind::Interrupted => Err(error),
                found => Ok(found),
            });
        found.collect::<Result<Vec<Result<Vec<Finding>>>>>()
    };
    let found = if strict.is_empty() {
        look()?
    } else {
        change::try_out(
            project.access.hold()?,
            &change_set(strict),
            &project.interrupt,
            look,
        )?
    };
    let is_known = checked
        .iter()
        .zip(&found)
        .any(|(one, found)| one.check.is_some() && found.is_ok());
    for (one, found) in checked.iter_mut().zip(found) {
        match found {
            Ok(failing) => {
                one.count = failing.len();
                one.failing = failing.into_iter().collect();
            }
            Err(error) if is_known => {
                one.failing = one.relaxed.clone();
                one.unknown = Some(error);
            }
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Runs the checks again, says what still fails, and tells of each whether it passes, as far as
/// that is known.
pub fn passes(project: &Existing, checked: &[Checked]) -> Vec<Option<bool>> {
    let Ok(names) = project::list(&project.root) else {
        return vec![None];
    };
    let mut passes = Vec::new();
    for one in checked.iter().filter(|one| one.check.is_some()) {
        let still = match failing(project, one, &names) {
            Ok(failing) if failing.is_empty() => {
                passes.push(Some(true));
                continue;
            }
            Ok(failing) => {
                let paths: BTreeSet<&str> = failing.iter().filter_map(path).collect();
                if paths.is_empty() {
                    format!("relaxing is no help for {}", one.title)
                } else {
                    let paths: Vec<&str> = paths.into_iter().collect();
                    format!("relaxing is no help for {}", paths.join(", "))
                }
            }
            // It is done, so an interrupt is no more than checks that didn't end.
            Err(error) if error.kind == Kind::Interrupted => {
                passes.push(None);
                break;
            }
            Err(error) => error.message,
        };
        project.cli.ui.warn(&still);
        passes.push(Some(false));
    }
    passes
}

/// Runs a check, and gives what fails, each time that it says so.
fn failing(project: &Existing, one: &Checked, names: &BTreeSet<String>) -> Result<Vec<Finding>> {
    let Some(PlannedStep { step, .. }) = &one.check else {
        return Ok(Vec::new());
    };
    let line = step.command_line();
    let ui = project.cli.ui;
    let _spinner = ui.spinner(&step.title);
    let cannot = |reason: &str| {
        Error::failed(format!("can't find what fails: `{line}` {reason}"))
            .hint("install the project, and see that the command works in it")
    };
    match steps::look(step, &project.root, &project.interrupt)? {
        StepOutcome::Done => Ok(Vec::new()),
        StepOutcome::Held { path } => Err(Error::failed(format!("{path}: {}", ran::held(step)))),
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
