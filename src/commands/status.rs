//! `pyscaffold status`: where a project stands against its template.

use std::path::{Path, PathBuf};

use clap::{Arg, ArgAction, Command, value_parser};
use serde_json::{Value as Json, json};

use super::{existing, inputs, release};
use crate::cli::{self, Cli};
use crate::error::{Ending, Error, Result};
use crate::given;
use crate::merge::{self, Both, Labels, Own, Sides, Verb, Yours};
use crate::project;
use crate::render::{self, Seed};
use crate::state::{self, State};
use crate::template::Template;
use crate::tree::Node;
use crate::ui::{Tone, Ui};
use crate::visible;
use crate::watch::watch;

/// What the command is called.
pub const NAME: &str = "status";

/// Builds the command's part of the command line.
pub fn command(_: &Template) -> Command {
    Command::new(NAME)
        .about("Shows where a project stands against its template")
        .long_about("Shows where the project around this folder stands against its template.\n\nWith --check it ends with exit code 5 when an update would change something, when conflicts are unresolved, and, for the paths that are named, when they are edited or deleted.")
        .arg(paths("Files and folders to look at; all where none is named"))
        .args(cli::template_flags())
        .arg(cli::switch("check", "Ends with 5 when the project is behind its template or has drifted"))
        .arg(cli::json_flag())
}

/// Gives the argument that names files and folders.
pub fn paths(help: &'static str) -> Arg {
    Arg::new("paths")
        .value_name("PATH")
        .action(ArgAction::Append)
        .num_args(0..)
        .value_parser(value_parser!(PathBuf))
        .help(help)
}

/// How a file of the template stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    Pristine,
    Edited,
    Deleted,
    Conflict,
}

impl Standing {
    fn name(self) -> &'static str {
        match self {
            Standing::Pristine => "pristine",
            Standing::Edited => "edited",
            Standing::Deleted => "deleted",
            Standing::Conflict => "conflict",
        }
    }

    fn of(path: &crate::tree::ProjectPath, entry: &crate::tree::Entry, yours: &Yours) -> Self {
        match yours.get(path) {
            None => Standing::Deleted,
            Some(Node::File(own)) if merge::is_same(own, entry) => Standing::Pristine,
            Some(Node::File(own)) if merge::has_markers(&own.bytes) => Standing::Conflict,
            Some(_) => Standing::Edited,
        }
    }
}

/// Shows where the project stands.
pub fn run(cli: &Cli) -> Result<Ending> {
    let matches = super::matches(cli, NAME)?;
    let here = std::env::current_dir()?;
    let root = state::find(&here)?;
    existing::recover(cli.ui, &root)?;
    let state = state::read(&root)?;
    let wanted = Wanted::of(matches, &root, &here)?;
    let template = &cli.template;
    let answers = inputs::remembered(template, &root, &state)?;
    for question in &template.questions {
        let recorded = state.answers.get(&question.name);
        let hidden = recorded.and_then(|given| given::taken_away(question, given));
        if let Some(hidden) = hidden.filter(|hidden| !hidden.follows) {
            let flag = question.flag();
            cli.ui
                .warn(&format!("{}; an update needs {flag}", hidden.in_project()));
        }
    }
    let seed = Seed::random()?;
    let mut rendered = watch(cli.ui, || render::render(template, &answers, &seed))?;
    rendered.leave_out(&state.skip)?;
    let desired = rendered.tree;
    let yours = project::read(&root, &state.snapshot, &desired, &[])?;
    let files: Vec<(&str, Standing)> = state
        .snapshot
        .iter()
        .filter(|(path, _)| wanted.has(path.as_str()))
        .map(|(path, entry)| (path.as_str(), Standing::of(path, entry, &yours)))
        .collect();
    let labels = Labels::new(&state.version, &template.version);
    let mut plan = merge::merge(Sides {
        base: &state.snapshot,
        yours: &yours,
        desired: &desired,
        labels: &labels,
        both: Both::Markers,
        own: Own::Follow,
    })?;
    plan.changes
        .retain(|change| wanted.has(change.path.as_str()));
    let left = yours
        .names
        .iter()
        .filter(|name| name.contains(merge::BESIDE));
    let left: Vec<&String> = left.filter(|name| wanted.has(name)).collect();
    let has_conflict = files
        .iter()
        .any(|(_, standing)| *standing == Standing::Conflict);
    let is_behind = plan.writes() || state.version != template.version;
    let has_drifted = has_conflict
        || !left.is_empty()
        || (!wanted.is_all()
            && files
                .iter()
                .any(|(_, standing)| *standing != Standing::Pristine));

    let standing = Shown {
        template,
        state: &state,
        files: &files,
        plan: &plan,
        left: &left,
        is_behind,
        has_drifted,
    };
    standing.show(cli.ui);
    if matches.get_flag("check") && (is_behind || has_drifted) {
        return Ok(Ending::Behind);
    }
    Ok(Ending::Done)
}

/// The paths that a command is about.
pub struct Wanted(Vec<String>);

impl Wanted {
    /// Reads the paths that were typed in a folder of the project.
    pub fn of(matches: &clap::ArgMatches, root: &Path, here: &Path) -> Result<Self> {
        let typed = matches.get_many::<PathBuf>("paths").into_iter().flatten();
        let mut wanted = Vec::new();
        for path in typed {
            let full = std::path::absolute(here.join(path))?;
            let Some(inner) =
                pathdiff::diff_paths(&full, root).filter(|inner| !inner.starts_with(".."))
            else {
                let message = format!("'{}' is not in the project", path.display());
                return Err(Error::request(message));
            };
            let inner = inner.to_string_lossy().replace('\\', "/");
            wanted.push(inner.trim_end_matches('/').to_owned());
        }
        wanted.retain(|path| path != "." || root == here);
        if wanted.iter().any(|path| path.is_empty() || path == ".") {
            wanted.clear();
        }
        Ok(Wanted(wanted))
    }

    /// Tells whether all paths are wanted.
    pub fn is_all(&self) -> bool {
        self.0.is_empty()
    }

    /// Tells whether a path is wanted.
    pub fn has(&self, path: &str) -> bool {
        let is_in = |folder: &String| {
            path.strip_prefix(folder.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        self.is_all() || self.0.iter().any(is_in)
    }
}

/// What there is to say.
struct Shown<'a> {
    template: &'a Template,
    state: &'a State,
    files: &'a [(&'a str, Standing)],
    plan: &'a merge::Plan,
    left: &'a [&'a String],
    is_behind: bool,
    has_drifted: bool,
}

impl Shown<'_> {
    fn show(&self, ui: Ui) {
        if ui.is_json {
            ui.data(&self.data());
            return;
        }
        let recorded = release(&self.state.version, self.state.commit.as_deref());
        let commit = self.template.commit.map(|commit| commit.to_string());
        let newest = release(&self.template.version, commit.as_deref());
        let standing = format!(
            "{} {recorded} from {}{}",
            self.state.name,
            self.state.source,
            if recorded == newest {
                String::new()
            } else {
                format!("; the newest is {newest}")
            }
        );
        ui.print(&format!("{}\n", visible::line(&standing)));
        let count = |standing| {
            self.files
                .iter()
                .filter(|(_, own)| *own == standing)
                .count()
        };
        ui.print(&format!(
            "{} pristine, {} edited, {} deleted\n",
            count(Standing::Pristine),
            count(Standing::Edited) + count(Standing::Conflict),
            count(Standing::Deleted)
        ));
        for (path, standing) in self.files {
            let tone = match standing {
                Standing::Pristine => continue,
                Standing::Edited | Standing::Deleted => Tone::Care,
                Standing::Conflict => Tone::Bad,
            };
            ui.entry((tone, standing.name()), path, "");
        }
        for path in self.left {
            ui.entry(
                (Tone::Bad, Standing::Conflict.name()),
                path,
                "lies beside yours",
            );
        }
        if self.plan.changes.is_empty() {
            if !self.is_behind {
                ui.done("Up to date with its template");
            }
            return;
        }
        ui.heading("'pyscaffold update' would:");
        existing::show_changes(ui, &self.plan.changes);
    }

    fn data(&self) -> Json {
        let files = self.files.iter();
        let files: Vec<Json> = files
            .map(|(path, standing)| json!({ "path": path, "status": standing.name() }))
            .collect();
        let changes: Vec<Json> = self.plan.changes.iter().map(merge::Change::data).collect();
        let added = self.plan.changes.iter();
        let added = added.filter(|change| change.verb == Verb::Create && change.from.is_none());
        json!({
            "template": {
                "source": self.state.source,
                "name": self.state.name,
                "version": self.state.version,
                "newest": self.template.version,
                "commit": self.state.commit,
                "newest_commit": self.template.commit.map(|commit| commit.to_string()),
            },
            "answers": self.state.answers.iter().map(|(name, given)| (name.clone(), answer(given))).collect::<serde_json::Map<_, _>>(),
            "files": files,
            "added_by_template": added.map(|change| change.path.as_str()).collect::<Vec<_>>(),
            "update": changes,
            "beside": self.left,
            "behind": self.is_behind,
            "drifted": self.has_drifted,
        })
    }
}

fn answer(given: &crate::resolve::Given) -> Json {
    match given {
        crate::resolve::Given::Data(value) => value.clone(),
        crate::resolve::Given::Typed(text) => json!(text),
    }
}
