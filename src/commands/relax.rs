//! `pyscaffold relax`: phases strict checks in, file by file.

mod check;
mod settings;

use std::collections::BTreeSet;

use clap::Command;
use serde_json::{Value as Json, json};

use super::consent::Consent;
use super::existing::{self, Existing};
use super::inputs;
use crate::cli::Cli;
use crate::error::{Ending, Error, Result};
use crate::merge::Change;
use crate::project;
use crate::project::change;
use crate::render;
use crate::template::Template;
use crate::ui::Tone;
use check::Checked;
use settings::{Settings, change_set};

/// What the command is called.
pub const NAME: &str = "relax";

/// The command as it is told to people who may want it next.
pub const NEXT: &str = "pyscaffold relax  # phases strict checks in, file by file";

/// Builds the command's part of the command line.
pub fn command(_: &Template) -> Command {
    Command::new(NAME)
        .about("Relaxes strict checks for the files that fail them today")
        .long_about("Relaxes strict checks for the files that fail them today, so that strictness can be phased in.\n\nThe checks are run as the project's template declares them, and the project's settings get what leaves the failing files out. Run it again to narrow that: what passes by then is checked from then on.")
        .args(existing::common_flags())
}

/// Relaxes checks.
pub fn run(cli: &Cli) -> Result<Ending> {
    let mut project = Existing::open(cli, NAME)?;
    let answers = inputs::remembered(&cli.template, &project.root, &project.state)?;
    let relaxations = render::relaxations(&cli.template, &answers)?;
    let mut checked = check::all(&project, &relaxations)?;
    let checks = checked.iter().filter_map(|one| one.check.as_ref());
    let consent = Consent::new(cli.ui, &cli.template, project.matches);
    if !consent.obtain(checks, project.terminal.as_mut())? {
        return Err(Error::declined());
    }
    let settings = Settings::read(&project, &relaxations)?;
    let names = project::list(&project.root)?;
    check::find_relaxed(&mut checked, &settings, &names)?;
    let strict = settings.strict(&checked)?;
    check::find_failing(&mut checked, &project, &settings.changes(&strict), &names)?;
    let relaxed = settings.relaxed(&checked)?;
    let changes = settings.changes(&relaxed);
    let facts = show(&project, &checked, &changes)?;
    carry_out(project, &checked, &changes, facts)
}

/// Shows what was found and what is to change, and gives it as data.
fn show(project: &Existing, checked: &[Checked], changes: &[Change]) -> Result<Json> {
    let ui = project.cli.ui;
    let checks = checked.iter().filter_map(|one| one.check.as_ref());
    let checks: Vec<&Vec<String>> = checks.map(|planned| &planned.step.run).collect();
    let relaxed: BTreeSet<&String> = checked.iter().flat_map(Checked::to_relax).collect();
    let tightened: BTreeSet<&String> = checked.iter().flat_map(Checked::to_tighten).collect();
    for path in &relaxed {
        ui.entry((Tone::Care, "relaxed"), path, "");
    }
    for module in &tightened {
        ui.entry((Tone::Good, "strict"), module, "");
    }
    existing::show_changes(ui, changes);
    if project.matches.get_flag("diff") && !ui.is_json {
        for text in existing::patches(changes)? {
            ui.patch(&text);
        }
    }
    Ok(json!({
        "checks": checks,
        "relaxed": relaxed,
        "tightened": tightened,
        "changes": existing::changes(project.matches, changes)?,
    }))
}

/// Does what was shown, and looks whether the checks pass now.
fn carry_out(
    mut project: Existing,
    checked: &[Checked],
    changes: &[Change],
    mut facts: Json,
) -> Result<Ending> {
    let ui = project.cli.ui;
    if changes.is_empty() {
        ui.done(if checked.iter().all(|one| one.failing.is_empty()) {
            "Nothing to do: every file passes"
        } else {
            "Nothing to do: what is relaxed still fails"
        });
    } else if project.matches.get_flag("dry-run") {
        ui.note("Nothing was written.");
        facts["dry_run"] = json!(true);
    } else {
        project.have_confirmed()?;
        change::apply(&project.root, &change_set(changes), &project.interrupt)?;
        ui.done(&format!("Done: {NAME}"));
        facts["passes"] = json!(check::passes(&project, checked));
        ui.note("To take it back: pyscaffold undo");
    }
    if ui.is_json {
        ui.data(&facts);
    }
    Ok(Ending::Done)
}
