//! Which checks a project passes that was just adopted: they are run in a copy of it, so that
//! nothing of theirs stays in the project.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use serde_json::{Value as Json, json};
use tempfile::TempDir;

use super::{Decided, Existing};
use crate::commands::consent::Consent;
use crate::commands::ran;
use crate::error::{Error, Result};
use crate::interrupt::Interrupt;
use crate::project;
use crate::render::{self, Relaxation};
use crate::steps::{self, Step, StepOutcome};
use crate::ui::{Tone, Ui};

/// How long all of it may take.
const LIMIT: Duration = Duration::from_secs(180);

/// The most that is copied, in bytes.
const MAX_BYTES: u64 = 256 * 1024 * 1024;

/// What was found out about the checks of a project.
pub(super) struct Trial(Vec<Tried>);

/// What was found out about a check.
struct Tried {
    title: String,
    run: Vec<String>,
    found: Found,
}

/// How a check ended.
enum Found {
    Passes,
    /// It fails, with this to say.
    Fails(String),
    /// It was not tried, for this reason.
    Unknown(String),
}

impl Found {
    /// Gives the word for it, and what there is to say.
    fn said(&self) -> ((Tone, &'static str), Option<&str>) {
        match self {
            Found::Passes => ((Tone::Good, "passes"), None),
            Found::Fails(reason) => ((Tone::Bad, "fails"), Some(reason)),
            Found::Unknown(reason) => ((Tone::Care, "untried"), Some(reason)),
        }
    }
}

impl Trial {
    /// Tells whether all is well.
    pub(super) fn passes(&self) -> bool {
        self.0.iter().all(|one| matches!(one.found, Found::Passes))
    }

    /// Shows what passes and what doesn't.
    pub(super) fn show(&self, ui: Ui) {
        if self.0.is_empty() {
            return;
        }
        ui.heading("What the checks say, in a copy of the project:");
        for one in &self.0 {
            let (label, reason) = one.found.said();
            ui.entry(label, &one.title, reason.unwrap_or_default());
        }
    }

    /// Describes it as data.
    pub(super) fn data(&self) -> Json {
        let describe = |one: &Tried| {
            let ((_, status), reason) = one.found.said();
            json!({ "title": one.title, "run": one.run, "status": status, "reason": reason })
        };
        Json::Array(self.0.iter().map(describe).collect())
    }
}

impl Existing<'_> {
    /// Tells whether the project is new to the template, and nobody said that it isn't to be tried.
    pub(super) fn is_tried(&self) -> bool {
        let skips = |flag| self.matches.get_flag(flag);
        self.state.version.is_empty() && !skips("no-lock") && !skips("no-trial")
    }

    /// Tries the checks that the template lets be relaxed, after the locks that are left for people
    /// to make; or `locks` says why it can't be tried.
    ///
    /// The project is changed already, so nothing here fails anything.
    pub(super) fn try_checks(
        &self,
        decided: &Decided,
        locks: Result<&[&Step], &str>,
    ) -> Result<Trial> {
        let relaxations = render::relaxations(&self.cli.template, &decided.answers)?;
        let on: Vec<&Relaxation> = relaxations.iter().filter(|one| one.is_on).collect();
        if on.is_empty() {
            return Ok(Trial(Vec::new()));
        }
        let place = match locks {
            Ok(locks) => self.prepare(decided, locks, &on)?,
            Err(reason) => Err(reason.to_owned()),
        };
        let mut tried = Vec::new();
        for relaxation in on {
            let step = relaxation.check()?.step;
            let title = relaxation.title()?;
            let found = match &place {
                Ok(place) => {
                    let _spinner = self.cli.ui.spinner(&format!("Trying {title}"));
                    place.run(relaxation, &step)
                }
                Err(reason) => Found::Unknown(reason.clone()),
            };
            let run = step.run;
            tried.push(Tried { title, run, found });
        }
        Ok(Trial(tried))
    }

    /// Copies the project, and locks and installs it there; the inner error says why that can't be.
    fn prepare(
        &self,
        decided: &Decided,
        locks: &[&Step],
        on: &[&Relaxation],
    ) -> Result<Result<Place, String>> {
        let steps = decided.rendered.steps.iter();
        let installs: Vec<_> = steps
            .filter(|planned| planned.step.name == steps::INSTALL)
            .cloned()
            .collect();
        let checks = on.iter().map(|one| one.check());
        let checks = checks.collect::<Result<Vec<_>>>()?;
        let consent = Consent::new(self.cli.ui, &self.cli.template, self.matches);
        if !consent.is_given(installs.iter().chain(&checks))? {
            return Ok(Err("the template is not trusted".to_owned()));
        }
        let place = match Place::copy(&self.root, self.interrupt.within(LIMIT)) {
            Ok(place) => place,
            Err(error) => return Ok(Err(error.message)),
        };
        let installs = installs.iter().map(|planned| &planned.step);
        for step in locks.iter().copied().chain(installs) {
            let _spinner = self.cli.ui.spinner(&step.title);
            let reason = match place.look(step) {
                Ok(None) => continue,
                Ok(Some(output)) => ran::last_line(&output).to_owned(),
                Err(reason) => reason,
            };
            let line = step.command_line();
            return Ok(Err(format!("`{line}` didn't work: {reason}")));
        }
        Ok(Ok(place))
    }
}

/// A copy of a project in which its checks are run.
struct Place {
    folder: TempDir,
    /// Ends what runs, when the user wants to stop or it takes too long.
    interrupt: Interrupt,
}

impl Place {
    /// Copies the files of a project that git doesn't ignore.
    fn copy(root: &Path, interrupt: Interrupt) -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("pyscaffold-").tempdir()?;
        let mut room = MAX_BYTES;
        for name in project::list(root)? {
            interrupt.check()?;
            let from = root.join(&name);
            let found = fs_err::symlink_metadata(&from)?;
            if !found.is_file() {
                continue;
            }
            room = room
                .checked_sub(found.len())
                .ok_or_else(|| Error::failed("the project is too large to be copied"))?;
            let to = folder.path().join(&name);
            if let Some(parent) = to.parent() {
                fs_err::create_dir_all(parent)?;
            }
            fs_err::copy(&from, &to)?;
        }
        Ok(Place { folder, interrupt })
    }

    /// Runs a check.
    fn run(&self, relaxation: &Relaxation, step: &Step) -> Found {
        match self.look(step) {
            Ok(None) => Found::Passes,
            Ok(Some(output)) => {
                let root = self.folder.path();
                let failing =
                    relaxation.failing(&output, root, &project::list(root).unwrap_or_default());
                let of_file = |one: &render::Finding| one.module().map(|one| one.path.clone());
                let files: BTreeSet<String> = failing.iter().filter_map(of_file).collect();
                Found::Fails(if files.is_empty() {
                    ran::last_line(&output).to_owned()
                } else {
                    ran::in_files(failing.len(), files.len())
                })
            }
            Err(reason) => Found::Unknown(reason),
        }
    }

    /// Runs a command; gives what it said when it failed, or why it couldn't run to its end.
    fn look(&self, step: &Step) -> Result<Option<String>, String> {
        match steps::look(step, self.folder.path(), &self.interrupt) {
            Ok(StepOutcome::Done) => Ok(None),
            Ok(StepOutcome::Failed { output, .. }) => Ok(Some(output)),
            Ok(StepOutcome::Held { path }) => Err(format!("{path} is in the way")),
            Ok(StepOutcome::Missing { program }) => Err(format!("{program} is not installed")),
            Err(_) if self.interrupt.is_over() => Err("it took too long".to_owned()),
            Err(_) => Err("stopped".to_owned()),
        }
    }
}
