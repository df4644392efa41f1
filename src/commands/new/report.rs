//! Says what was done, or would be done: for people, and as data.

use std::path::Path;

use serde_json::{Map, Value as Json, json};

use super::make::Plan;
use crate::answer::Answers;
use crate::commands::ran::{self, StepState};
use crate::commands::repeat;
use crate::git::Outcome;
use crate::steps::Step;
use crate::template::Template;
use crate::tree::Tree;
use crate::ui::Ui;
use crate::visible::word;

/// What there is to say about a project that was made.
pub struct Report {
    /// What became of the repository; nothing where none was wanted.
    pub git: Option<Outcome>,
    steps: Vec<(Step, StepState)>,
    facts: Map<String, Json>,
    path: String,
    file_count: usize,
    next: Vec<String>,
    command: String,
}

impl Report {
    /// Begins a report with what is decided.
    pub fn new(template: &Template, answers: &Answers, path: &Path, plan: &Plan) -> Self {
        let path = shown(path);
        let command = repeat::command(template, answers, &path);
        let mut next = vec![format!("cd {}", word(&path))];
        next.extend(plan.next.iter().cloned());
        let stored: Map<String, Json> = repeat::stored(template, answers)
            .map(|(name, answer)| (name.to_owned(), json!(answer)))
            .collect();
        let files = files(&plan.project.tree).chain(files(&plan.project.once));
        let facts = json!({
            "path": path,
            "template": {
                "source": template.source.to_string(),
                "name": template.name,
                "version": template.version,
                "commit": template.commit.map(|commit| commit.to_string()),
            },
            "answers": stored,
            "files": files.collect::<Vec<_>>(),
            "next": next,
            "command": command,
        });
        let facts = facts.as_object().cloned().unwrap_or_default();
        let file_count = plan.project.tree.len() + plan.project.once.len();
        Report {
            git: None,
            steps: Vec::new(),
            facts,
            path,
            file_count,
            next,
            command,
        }
    }

    /// Notes how a step ended.
    pub fn add_step(&mut self, step: &Step, state: StepState) {
        self.steps.push((step.clone(), state));
    }

    /// Shows what would be written and run.
    pub fn show_plan(mut self, ui: Ui, plan: &Plan) {
        let commands: Vec<String> = plan.steps().map(Step::command_line).collect();
        if ui.is_json {
            self.facts.insert("dry_run".into(), json!(true));
            self.facts.insert("steps".into(), json!(commands));
            ui.data(&Json::Object(self.facts));
            return;
        }
        ui.print(&format!(
            "{}/\n{}",
            self.path,
            draw(&[&plan.project.tree, &plan.project.once])
        ));
        if !commands.is_empty() {
            ui.commands("Then it would run:", &commands);
        }
        ui.note("Nothing was written.");
    }

    /// Shows what was done, and what to type next.
    pub fn show(mut self, ui: Ui) {
        ui.done(&format!(
            "Made {} with {} files",
            self.path, self.file_count
        ));
        for (step, state) in &self.steps {
            ran::show(ui, step, state);
        }
        self.show_git(ui);
        ui.commands("Next:", &self.next);
        ui.commands(
            "To make the same project again:",
            std::slice::from_ref(&self.command),
        );
        if ui.is_json {
            self.facts.insert("steps".into(), ran::all(&self.steps));
            self.facts.insert(
                "git".into(),
                self.git.as_ref().map_or(Json::Null, describe_git),
            );
            ui.data(&Json::Object(self.facts));
        }
    }

    fn show_git(&self, ui: Ui) {
        match &self.git {
            Some(Outcome::Committed { branch, commit }) => ui.done(&format!(
                "Committed to {branch} as {}",
                &commit[..commit.len().min(7)]
            )),
            Some(Outcome::InsideRepository(outer)) => ui.note(&format!(
                "{} is a repository already, so none was made",
                outer.display()
            )),
            Some(other) => {
                if let Some(hint) = other.hint() {
                    ui.warn(&hint);
                }
            }
            None => {}
        }
    }
}

fn describe_git(outcome: &Outcome) -> Json {
    match outcome {
        Outcome::Committed { branch, commit } => {
            json!({ "status": "committed", "branch": branch, "commit": commit })
        }
        Outcome::NoIdentity { branch } => json!({ "status": "no identity", "branch": branch }),
        Outcome::Unsigned { branch, reason } => {
            json!({ "status": "unsigned", "branch": branch, "reason": reason })
        }
        Outcome::InsideRepository(outer) => {
            json!({ "status": "inside a repository", "repository": outer })
        }
    }
}

fn files(tree: &Tree) -> impl Iterator<Item = Json> {
    tree.iter().map(|(path, entry)| json!({ "path": path.as_str(), "size": entry.bytes.len(), "executable": entry.executable }))
}

/// Draws trees as one, with the sizes of the files.
fn draw(trees: &[&Tree]) -> String {
    let mut files: Vec<(&str, usize)> = trees
        .iter()
        .flat_map(|tree| tree.iter())
        .map(|(path, entry)| (path.as_str(), entry.bytes.len()))
        .collect();
    files.sort_unstable();
    let mut drawing = String::new();
    draw_folder(&files, "", &mut drawing);
    drawing
}

/// Draws the files whose paths, relative to a folder, are given in order.
fn draw_folder(files: &[(&str, usize)], indent: &str, drawing: &mut String) {
    let first = |path: &str| path.split('/').next().map(str::len);
    let groups: Vec<_> = files
        .chunk_by(|(one, _), (other, _)| {
            one.contains('/')
                && other.contains('/')
                && one.split('/').next() == other.split('/').next()
        })
        .collect();
    for (index, group) in groups.iter().enumerate() {
        let [(path, size), ..] = group else { continue };
        let (branch, below) = if index + 1 == groups.len() {
            ("└── ", "    ")
        } else {
            ("├── ", "│   ")
        };
        if !path.contains('/') {
            drawing.push_str(&format!("{indent}{branch}{path}  {}\n", human(*size)));
            continue;
        }
        let length = first(path).unwrap_or(0);
        drawing.push_str(&format!("{indent}{branch}{}/\n", &path[..length]));
        let inner: Vec<_> = group
            .iter()
            .map(|(path, size)| (&path[length + 1..], *size))
            .collect();
        draw_folder(&inner, &format!("{indent}{below}"), drawing);
    }
}

/// Writes a number of bytes for people.
fn human(bytes: usize) -> String {
    if bytes < 1024 {
        format!("{bytes} B")
    } else {
        format!("{}.{} KiB", bytes / 1024, bytes % 1024 * 10 / 1024)
    }
}

/// Writes a path the way the user can type it from where they are.
fn shown(path: &Path) -> String {
    let here = std::env::current_dir().unwrap_or_default();
    match path.strip_prefix(&here) {
        Ok(inner) if inner.as_os_str().is_empty() => ".".to_owned(),
        Ok(inner) => inner.display().to_string(),
        Err(_) => path.display().to_string(),
    }
}
