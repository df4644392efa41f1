//! How the steps of a template ended, for people and as data.

use serde_json::{Value as Json, json};

use crate::steps::{Step, StepOutcome};
use crate::ui::Ui;

/// How a step ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StepState {
    /// It did what it is for.
    Done,
    /// It wasn't run, to keep this file that isn't its own.
    Held(String),
    /// It couldn't, for this reason.
    Failed(String),
    /// The user stopped it.
    Stopped,
}

impl From<StepOutcome> for StepState {
    fn from(outcome: StepOutcome) -> Self {
        match outcome {
            StepOutcome::Done => StepState::Done,
            StepOutcome::Held { path } => StepState::Held(path),
            StepOutcome::Missing { program } => {
                StepState::Failed(format!("{program} is not installed"))
            }
            StepOutcome::Failed { output, .. } => StepState::Failed(output),
        }
    }
}

/// Says how a step ended.
pub fn show(ui: Ui, step: &Step, state: &StepState) {
    match state {
        StepState::Done => ui.done(&step.title),
        StepState::Held(path) => ui.warn(&format!(
            "{} wasn't made: {path}: {}",
            step.title.to_lowercase(),
            held(step)
        )),
        StepState::Failed(reason) => {
            ui.warn(&format!(
                "{} didn't work; run `{}` later: {}",
                step.title.to_lowercase(),
                step.command_line(),
                last_line(reason)
            ));
            ui.detail(reason);
        }
        StepState::Stopped => ui.warn(&format!("stopped; run `{}` later", step.command_line())),
    }
}

/// Says why a step isn't run, and what to do.
pub fn held(step: &Step) -> String {
    // What carries no mark is known by its name alone to be the program's.
    let way = if step.mark.is_some() {
        "move it away and run"
    } else {
        "move it away, or run"
    };
    format!(
        "it is there already, no run of pyscaffold made it, and it stays; {way} `{}` yourself",
        step.command_line()
    )
}

/// Describes how steps ended as data.
pub fn all(steps: &[(Step, StepState)]) -> Json {
    let steps = steps.iter().map(|(step, state)| data(step, state));
    Json::Array(steps.collect())
}

/// Describes how a step ended as data.
fn data(step: &Step, state: &StepState) -> Json {
    let (status, reason) = match state {
        StepState::Done => ("done", None),
        StepState::Held(path) => ("held", Some(path)),
        StepState::Failed(reason) => ("failed", Some(reason)),
        StepState::Stopped => ("stopped", None),
    };
    json!({ "name": step.name, "run": step.run, "status": status, "reason": reason })
}

/// Says how much a check found fault with.
pub fn in_files(findings: usize, files: usize) -> String {
    let counted = |number: usize, noun: &str| {
        let plural = if number == 1 { "" } else { "s" };
        format!("{number} {noun}{plural}")
    };
    format!(
        "{} in {}",
        counted(findings, "finding"),
        counted(files, "file")
    )
}

/// Gives the line that says most of why a command failed.
pub fn last_line(text: &str) -> &str {
    // Some programs draw lines around it, or below.
    text.lines()
        .rev()
        .find(|line| line.contains(char::is_alphanumeric))
        .unwrap_or("no reason was given")
        .trim_matches(|letter: char| letter.is_whitespace() || letter == '=')
}
