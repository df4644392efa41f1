//! Says what was found: for people, as data, and as SARIF.

use std::path::Path;

use serde_json::{Value as Json, json};

use crate::check::{self, Breadth, Finding, Swept};
use crate::error::{Ending, Result};
use crate::problem::{Problem, Severity};
use crate::template::{Source, Template};
use crate::ui::Ui;
use crate::visible;

/// What stands for stdout.
const STDOUT: &str = "-";

/// What was found, and how much was looked at.
pub struct Report {
    findings: Vec<Finding>,
    root: String,
    template: Json,
    done: Vec<String>,
    counts: serde_json::Map<String, Json>,
    accepted: Vec<String>,
}

impl Report {
    /// Begins with what reading the template found.
    pub fn new(source: &Source, problems: &[Problem]) -> Self {
        let root = source.to_string();
        Report {
            findings: problems.iter().cloned().map(Finding::from).collect(),
            template: json!({ "source": root }),
            root,
            done: Vec::new(),
            counts: serde_json::Map::new(),
            accepted: Vec::new(),
        }
    }

    /// Names the template.
    pub fn name(&mut self, template: &Template) {
        self.template = json!({
            "source": self.root,
            "name": template.name,
            "version": template.version,
        });
    }

    /// Adds what was found.
    pub fn add<T: Into<Finding>>(&mut self, findings: impl IntoIterator<Item = T>) {
        for finding in findings.into_iter().map(T::into) {
            // What can be seen in a file shows again in what is made of it.
            let is_known = |known: &Finding| known.problem == finding.problem;
            if !self.findings.iter().any(is_known) {
                self.findings.push(finding);
            }
        }
    }

    /// Notes how much was rendered.
    pub fn sweep(&mut self, swept: &Swept, all: usize, breadth: Breadth) {
        let what = match breadth {
            Breadth::Pairs => format!("{all} combinations, all pairs of choices among them"),
            Breadth::All if swept.is_complete => format!("all {all} combinations"),
            Breadth::All => {
                format!("{all} combinations, which are too many, all triples of choices among them")
            }
        };
        let trials = swept.trials.len();
        self.done.push(format!(
            "rendered {} projects: {trials} of {what}; {} with awkward texts",
            swept.rendered,
            swept.rendered - trials.min(swept.rendered)
        ));
        self.done
            .push(format!("read {} TOML, YAML and JSON files", swept.parsed));
        self.count("combinations", all);
        self.count("rendered", swept.rendered);
        self.count("parsed", swept.parsed);
    }

    /// Notes that something was done, and counts it.
    pub fn did(&mut self, key: &str, count: usize, text: String) {
        self.count(key, count);
        if count > 0 {
            self.done.push(text);
        }
    }

    fn count(&mut self, key: &str, count: usize) {
        self.counts.insert(key.to_owned(), json!(count));
    }

    /// Notes that a snapshot was written.
    pub fn accept(&mut self, path: String) {
        self.accepted.push(path);
    }

    /// Tells whether something keeps the template from being used.
    pub fn has_errors(&self) -> bool {
        self.findings.iter().any(Finding::is_error)
    }

    /// Counts warnings as errors.
    pub fn be_strict(&mut self) {
        for finding in &mut self.findings {
            finding.problem.severity = Severity::Error;
        }
    }

    /// Says everything.
    pub fn show(self, ui: Ui, sarif: Option<&Path>) -> Result<Ending> {
        for finding in &self.findings {
            ui.problems(&[finding.shown()]);
            ui.quote(&finding.detail);
            if !finding.command.is_empty() {
                ui.quote(&format!("to see it: {}", finding.command));
            }
        }
        for path in &self.accepted {
            ui.done(&format!("Wrote {path}"));
        }
        for done in &self.done {
            ui.note(done);
        }
        let errors = self
            .findings
            .iter()
            .filter(|finding| finding.is_error())
            .count();
        let warnings = self.findings.len() - errors;
        let said = format!(
            "template '{}': {} and {}",
            self.root,
            counted(errors, "error"),
            counted(warnings, "warning")
        );
        match (errors, warnings) {
            (0, 0) => ui.done(&said),
            (0, _) => ui.warn(&said),
            _ => ui.fault(&said),
        }
        let log = sarif.map(|path| (path, check::sarif(&self.findings, &self.root)));
        let is_data = |path: &Path| path == Path::new(STDOUT);
        match log {
            Some((path, log)) if is_data(path) => ui.data(&log),
            Some((path, log)) => fs_err::write(path, visible::json(&format!("{log:#}\n")))?,
            None => {}
        }
        if ui.is_json && !sarif.is_some_and(is_data) {
            let findings: Vec<Json> = self.findings.iter().map(Finding::data).collect();
            ui.data(&json!({
                "template": self.template,
                "errors": errors,
                "warnings": warnings,
                "findings": findings,
                "counts": self.counts,
                "accepted": self.accepted,
            }));
        }
        Ok(if errors == 0 {
            Ending::Done
        } else {
            Ending::Mistakes
        })
    }
}

/// Writes a number of things.
pub(super) fn counted(count: usize, noun: &str) -> String {
    match count {
        0 => format!("no {noun}s"),
        1 => format!("1 {noun}"),
        more => format!("{more} {noun}s"),
    }
}
