//! Says what was done, or would be done, to a project: for people, and as data.

use std::collections::BTreeSet;

use clap::ArgMatches;
use serde_json::{Map, Value as Json, json};

use super::trial::Trial;
use super::{Decided, Existing, Standing};
use crate::answer::Answer;
use crate::commands::ran::{self, StepState};
use crate::commands::{relax, release};
use crate::error::Result;
use crate::git;
use crate::merge::{Change, Verb};
use crate::resolve::Given;
use crate::steps::Step;
use crate::template::Question;
use crate::tree::{Node, ProjectPath};
use crate::ui::{Tone, Ui};

/// What there is to say.
pub(super) struct Report {
    title: String,
    facts: Map<String, Json>,
    steps: Vec<(Step, StepState)>,
    trial: Option<Result<Trial>>,
}

impl Report {
    /// Begins with what is decided.
    pub(super) fn new(existing: &Existing, title: &str, decided: &Decided) -> Result<Self> {
        let template = &existing.cli.template;
        let changes = changes(existing.matches, &decided.plan.changes)?;
        let conflicts: Vec<&str> = decided
            .plan
            .conflicts()
            .map(|change| change.path.as_str())
            .collect();
        let facts = json!({
            "template": {
                "source": template.source.to_string(),
                "name": template.name,
                "version": template.version,
                "from_version": existing.state.version,
                "commit": template.commit.map(|commit| commit.to_string()),
                "from_commit": existing.state.commit,
            },
            "answers": answers(existing, decided),
            "changes": changes,
            "conflicts": conflicts,
        });
        Ok(Report {
            title: title.to_owned(),
            facts: facts.as_object().cloned().unwrap_or_default(),
            steps: Vec::new(),
            trial: None,
        })
    }

    /// Notes how a step ended.
    pub(super) fn add_step(&mut self, step: &Step, state: StepState) {
        self.steps.push((step.clone(), state));
    }

    /// Tells whether all steps did what they are for, but for those that people run by hand.
    pub(super) fn went_well(&self, by_hand: &[&Step]) -> bool {
        self.steps.iter().all(|(step, state)| match state {
            StepState::Done => true,
            StepState::Held(_) => by_hand.contains(&step),
            StepState::Failed(_) | StepState::Stopped => false,
        })
    }

    /// Gives the commands of the steps that were begun in vain.
    fn unmade(&self) -> Vec<String> {
        let steps = self.steps.iter();
        let unmade =
            steps.filter(|(_, state)| matches!(state, StepState::Failed(_) | StepState::Stopped));
        unmade.map(|(step, _)| step.command_line()).collect()
    }

    /// Notes which checks pass.
    pub(super) fn add_trial(&mut self, trial: Result<Trial>) {
        self.trial = Some(trial);
    }

    /// Shows what is decided, before it is done.
    pub(super) fn show_plan(existing: &Existing, decided: &Decided) -> Result<()> {
        let ui = existing.cli.ui;
        let template = &existing.cli.template;
        let before = release(&existing.state.version, existing.state.commit.as_deref());
        let commit = template.commit.map(|commit| commit.to_string());
        let after = release(&template.version, commit.as_deref());
        if before != after && !existing.state.version.is_empty() {
            ui.note(&format!("{}: {before} → {after}", template.name));
        }
        // An adopted project has no answers yet: what was found is told, the rest is in the summary.
        let is_adopted = existing.state.version.is_empty();
        for (name, change) in answers(existing, decided) {
            if is_adopted {
                continue;
            }
            let because = change["because"].as_str();
            let because = because.map_or_else(String::new, |because| format!(" ({because})"));
            ui.note(&format!(
                "{name}: {} → {}{because}",
                words(&change["from"]),
                words(&change["to"])
            ));
        }
        show_changes(ui, &decided.plan.changes);
        if existing.matches.get_flag("diff") && !ui.is_json {
            for text in patches(&decided.plan.changes)? {
                ui.patch(&text);
            }
        }
        Ok(())
    }

    /// Shows that nothing was done.
    pub(super) fn show_dry(mut self, ui: Ui, steps: &[String]) {
        if !steps.is_empty() {
            ui.commands("Then it would run:", steps);
        }
        ui.note("Nothing was written.");
        if ui.is_json {
            self.facts.insert("dry_run".into(), json!(true));
            self.facts.insert("steps".into(), json!(steps));
            ui.data(&Json::Object(self.facts));
        }
    }

    /// Shows that there is nothing to do, and what of the user's isn't as the template has it.
    pub(super) fn show_nothing<'a>(
        mut self,
        ui: Ui,
        standings: impl Iterator<Item = (&'a ProjectPath, Standing)>,
    ) {
        ui.done("Nothing to do: the project has all that its template makes of these answers");
        let own = standings.filter(|(_, standing)| *standing != Standing::Pristine);
        match own.count() {
            0 => {}
            1 => ui.note("1 file isn't as the template has it, and stays: pyscaffold status"),
            own => ui.note(&format!(
                "{own} files aren't as the template has them, and stay: pyscaffold status"
            )),
        }
        if ui.is_json {
            self.facts.insert("steps".into(), json!([]));
            ui.data(&Json::Object(self.facts));
        }
    }

    /// Shows what was done, what is left to the user, and what comes next.
    pub(super) fn show(mut self, ui: Ui, decided: &Decided, left: &[String], next: &[String]) {
        ui.done(&format!("Done: {}", self.title));
        for (step, state) in &self.steps {
            ran::show(ui, step, state);
        }
        match decided.plan.conflicts().count() {
            0 => {}
            1 => ui.warn("1 conflict of the list above is left for you to resolve"),
            left => ui.warn(&format!(
                "{left} conflicts of the list above are left for you to resolve"
            )),
        }
        match &self.trial {
            Some(Ok(trial)) => {
                trial.show(ui);
                self.facts.insert("trial".into(), trial.data());
            }
            Some(Err(error)) => ui.warn(&format!("the checks weren't tried: {error}")),
            None => {}
        }
        if !left.is_empty() {
            ui.commands("When they are resolved:", left);
        }
        let is_fine = matches!(&self.trial, Some(Ok(trial)) if trial.passes());
        let next = next.iter().filter(|line| !is_fine || *line != relax::NEXT);
        let mut next: Vec<String> = next.cloned().collect();
        if !next.is_empty() {
            // What comes next needs the locks.
            next.splice(..0, self.unmade());
        }
        if !next.is_empty() {
            ui.commands("Next:", &next);
        }
        ui.note("To take it back: pyscaffold undo");
        if ui.is_json {
            self.facts.insert("steps".into(), ran::all(&self.steps));
            self.facts
                .insert("next".into(), json!([left, &next].concat()));
            ui.data(&Json::Object(self.facts));
        }
    }
}

/// Shows every path with its verb; a conflict names the file that lies beside the user's itself.
pub fn show_changes(ui: Ui, changes: &[Change]) {
    let beside: BTreeSet<&ProjectPath> = changes
        .iter()
        .filter_map(|change| change.beside.as_ref())
        .collect();
    for change in changes
        .iter()
        .filter(|change| !beside.contains(&change.path))
    {
        let tone = match change.verb {
            Verb::Create | Verb::Update | Verb::Merge => Tone::Good,
            Verb::Delete | Verb::Keep => Tone::Care,
            Verb::Conflict => Tone::Bad,
        };
        let was = change.from.as_ref();
        let was = was.map_or_else(String::new, |from| format!("was {from}"));
        let remarks = [was.as_str(), change.note.as_str()];
        let remark: Vec<&str> = remarks
            .into_iter()
            .filter(|text| !text.is_empty())
            .collect();
        let label = (tone, change.verb.name());
        ui.entry(label, change.path.as_str(), &remark.join("; "));
    }
}

/// Describes changes as data, with their text where that is wanted and may be shown.
pub fn changes(flags: &ArgMatches, changes: &[Change]) -> Result<Vec<Json>> {
    let shows_text = flags.get_flag("diff") && flags.get_flag("json");
    let describe = |change: &Change| {
        let mut data = change.data();
        if shows_text && !change.is_private {
            data["diff"] = json!(patch(change)?);
        }
        Ok(data)
    };
    changes.iter().map(describe).collect()
}

/// Gives the text of every change that may be shown.
pub fn patches(changes: &[Change]) -> Result<Vec<String>> {
    let shown = changes.iter().filter(|change| !change.is_private);
    let mut texts = Vec::new();
    for change in shown {
        texts.extend(patch(change)?);
    }
    Ok(texts)
}

/// Gives the text of a change; nothing where no text changes.
fn patch(change: &Change) -> Result<Option<String>> {
    let old_path = change.from.as_ref().unwrap_or(&change.path);
    let text = git::patch(
        side(old_path, change.before.as_ref()),
        side(&change.path, change.after.as_ref()),
    )?;
    Ok((!text.is_empty()).then_some(text))
}

fn side<'a>(path: &'a ProjectPath, node: Option<&'a Node>) -> Option<(&'a str, &'a [u8])> {
    match node? {
        Node::File(entry) => Some((path.as_str(), &entry.bytes)),
        Node::Link(_) => None,
    }
}

/// Gives the answers that are others than the project remembers.
fn answers(existing: &Existing, decided: &Decided) -> Map<String, Json> {
    let template = &existing.cli.template;
    let before = |name: &str| match existing.state.answers.get(name) {
        Some(Given::Data(value)) => value.clone(),
        _ => Json::Null,
    };
    let after = |name: &str| {
        decided
            .answers
            .get(name)
            .map_or(Json::Null, |answer: &Answer| json!(answer))
    };
    let new = decided.answers.iter().map(|(name, _)| name);
    let old = existing.state.answers.keys().map(String::as_str);
    let mut changed = Map::new();
    for name in new.chain(old.filter(|name| decided.answers.get(name).is_none())) {
        if before(name) != after(name) && !template.is_secret(name) {
            let mut change = json!({ "from": before(name), "to": after(name) });
            let question = template.question(name);
            if let Some(because) = question.and_then(|question| because(question, &before(name))) {
                change["because"] = json!(because);
            }
            changed.insert(name.to_owned(), change);
        }
    }
    changed
}

/// Says why the answer that a project had can't stay, where a template fixes or hides something.
fn because(question: &Question, before: &Json) -> Option<String> {
    if before.is_null() {
        return None;
    }
    if let Some(fixed) = &question.fixed {
        return Some(format!("template {} fixes it", fixed.by));
    }
    let values = match before {
        Json::Array(values) => values.as_slice(),
        value => std::slice::from_ref(value),
    };
    let hidden = values
        .iter()
        .find_map(|value| question.hidden(value.as_str()?))?;
    Some(format!("'{}': {}", hidden.value, hidden.reason()))
}

/// Writes an answer for people.
fn words(value: &Json) -> String {
    match value {
        Json::Null => "not asked".to_owned(),
        Json::String(text) if text.is_empty() => "(empty)".to_owned(),
        Json::String(text) => text.clone(),
        Json::Array(values) if values.is_empty() => "none".to_owned(),
        Json::Array(values) => values.iter().map(words).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}
