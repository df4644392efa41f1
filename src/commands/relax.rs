//! `pyscaffold relax`: phases checks in: file by file, rule by rule, or by a number that may only rise.

mod check;
mod settings;

use std::collections::BTreeSet;

use clap::Command;
use serde_json::{Value as Json, json};

use super::consent::Consent;
use super::existing::{self, Existing};
use super::inputs;
use super::ran;
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
pub const NEXT: &str = "pyscaffold relax  # phases in what fails today";

/// Builds the command's part of the command line.
pub fn command(_: &Template) -> Command {
    Command::new(NAME)
        .about("Relaxes checks for what fails them today")
        .long_about("Relaxes checks for what fails them today, so that strictness can be phased in.\n\nThe checks are run as the project's template declares them, and the project's settings get what leaves the failing files out, or the number that is reached. Everything new is checked. Run it again to narrow that: what passes by then is checked from then on.")
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
    let names = project::list(&project.root)?;
    let on = || checked.iter().filter(|one| one.check.is_some());
    let checks = on().filter_map(|one| one.check.as_ref());
    let checks: Vec<&Vec<String>> = checks.map(|planned| &planned.step.run).collect();
    let mut relaxed = BTreeSet::new();
    let mut tightened = BTreeSet::new();
    for one in checked {
        let known = one.unknown.is_none();
        for (path, rules) in one.files().into_iter().filter(|_| known) {
            relaxed.insert(path.to_owned());
            let remark = format!("{} {}", one.title, rules.join(" "));
            ui.entry((Tone::Care, "relaxed"), path, remark.trim_end());
        }
        for name in one.to_tighten(&names) {
            ui.entry((Tone::Good, "strict"), &name, &one.title);
            tightened.insert(name);
        }
    }
    for one in on() {
        match &one.unknown {
            Some(error) => ui.warn(&error.message),
            None => ui.note(&summary(one)),
        }
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
        "phases": on().map(phase).collect::<Vec<_>>(),
        "changes": existing::changes(project.matches, changes)?,
    }))
}

/// Says what is left of a check.
fn summary(one: &Checked) -> String {
    let (title, files) = (&one.title, one.files().len());
    match (one.value(), files) {
        (Some(value), _) => format!("{title}: {value} is enough from now on, and less fails"),
        (None, 0) => format!("{title}: all passes"),
        (None, _) => format!("{title}: {} put off", ran::in_files(one.count, files)),
    }
}

/// Describes a check as data.
fn phase(one: &Checked) -> Json {
    let files = one.files().into_iter();
    let files = files.map(|(path, rules)| json!({ "path": path, "rules": rules }));
    json!({
        "title": one.title,
        "findings": one.count,
        "files": files.collect::<Vec<_>>(),
        "value": one.value(),
        "unknown": one.unknown.as_ref().map(|error| &error.message),
    })
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
        let passes = |one: &Checked| one.failing.is_empty() && one.unknown.is_none();
        ui.done(if checked.iter().all(passes) {
            "Nothing to do: everything passes"
        } else {
            "Nothing to do: what is relaxed still fails"
        });
    } else if project.matches.get_flag("dry-run") {
        ui.note("Nothing was written.");
        facts["dry_run"] = json!(true);
    } else {
        project.have_confirmed()?;
        change::apply(
            project.access.hold()?,
            &change_set(changes),
            &project.interrupt,
        )?;
        ui.done(&format!("Done: {NAME}"));
        let passes = check::passes(&project, checked);
        facts["passes"] = json!(if passes.contains(&None) {
            None
        } else {
            Some(!passes.contains(&Some(false)))
        });
        ui.note("To take it back: pyscaffold undo");
    }
    if ui.is_json {
        ui.data(&facts);
    }
    Ok(Ending::Done)
}
