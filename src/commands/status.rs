//! `pyscaffold status`: where a project stands against its template.

use std::path::{Path, PathBuf};

use clap::{Arg, ArgAction, Command, value_parser};
use serde_json::{Value as Json, json};

use super::existing::{self, Basis, Standing};
use super::{inputs, release};
use crate::cli::{self, Cli, Opened};
use crate::error::{Ending, Error, Result};
use crate::given;
use crate::merge::{self, Both, Verb};
use crate::state::{self, State};
use crate::template::Template;
use crate::ui::{Tone, Ui};
use crate::visible;

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

/// Shows where the project stands.
pub fn run(cli: &Cli) -> Result<Ending> {
    let matches = super::matches(cli, NAME)?;
    let here = std::env::current_dir()?;
    let Opened { root, access } = existing::opened(cli)?;
    let mut is_unsettled = state::refuse_two_branches(&root).is_err();
    let read = state::read_or(&root, |state, lost| {
        existing::rebuild(cli, &root, (state, lost)).inspect_err(|_| is_unsettled = true)
    });
    let state = match read {
        Err(error) if is_unsettled && matches.get_flag("check") => {
            cli.ui.error(&error);
            return Ok(Ending::Behind);
        }
        read => read?,
    };
    let wanted = Wanted::of(matches, &root, &here)?;
    let template = &cli.template;
    let answers = inputs::presumed(cli, &root, &state)?;
    for question in &template.questions {
        let recorded = state.answers.get(&question.name);
        let hidden = recorded.and_then(|given| given::taken_away(question, given));
        if let Some(hidden) = hidden.filter(|hidden| !hidden.follows) {
            let flag = question.flag();
            cli.ui
                .warn(&format!("{}; an update needs {flag}", hidden.in_project()));
        }
    }
    let basis = Basis {
        template,
        root: &root,
        state: &state,
        both: Both::default(),
    };
    let mut decided = basis.decide(answers)?;
    let plan = &mut decided.plan;
    plan.changes
        .retain(|change| wanted.has(change.path.as_str()));
    let files: Vec<(&str, Standing)> = existing::standings(&state, &decided.yours)
        .map(|(path, standing)| (path.as_str(), standing))
        .filter(|(path, _)| wanted.has(path))
        .collect();
    let left = existing::beside(&decided.yours);
    let left: Vec<&str> = left.filter(|name| wanted.has(name)).collect();
    let is_behind = if wanted.is_all() {
        !decided.transitions.is_empty()
    } else {
        plan.writes() || state.version != template.version
    };
    let has_drifted = !wanted.is_all()
        && files
            .iter()
            .any(|(_, standing)| !matches!(standing, Standing::Pristine | Standing::Yours));

    access.check()?;
    let standing = Shown {
        template,
        state: &state,
        files: &files,
        plan: &decided.plan,
        left: &left,
        is_behind,
        has_drifted,
    };
    standing.show(cli.ui);
    if matches.get_flag("check") && (is_behind || standing.has_drifted()) {
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
    left: &'a [&'a str],
    /// Whether an update would do anything.
    is_behind: bool,
    /// Whether a file that was named isn't as the template has it.
    has_drifted: bool,
}

impl Shown<'_> {
    /// Counts the conflicts that are open.
    fn conflicts(&self) -> usize {
        let marked = self.files.iter();
        let marked = marked.filter(|(_, standing)| *standing == Standing::Conflict);
        marked.count() + self.left.len()
    }

    fn has_drifted(&self) -> bool {
        self.has_drifted || self.conflicts() > 0
    }

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
        let yours = match count(Standing::Yours) {
            0 => String::new(),
            yours => format!(", {yours} of your own"),
        };
        ui.print(&format!(
            "{} pristine, {} edited, {} deleted{yours}\n",
            count(Standing::Pristine),
            count(Standing::Edited) + count(Standing::Conflict),
            count(Standing::Deleted)
        ));
        for (path, standing) in self.files {
            let tone = match standing {
                Standing::Pristine => continue,
                Standing::Yours => Tone::Good,
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
        match self.conflicts() {
            0 if self.is_behind => {}
            0 => ui.done("Up to date with its template"),
            1 => ui.warn("1 conflict is open: edit the file, and remove what lies beside it"),
            open => ui.warn(&format!(
                "{open} conflicts are open: edit the files, and remove what lies beside them"
            )),
        }
        if !self.plan.changes.is_empty() {
            ui.heading("'pyscaffold update' would:");
            existing::show_changes(ui, &self.plan.changes);
        } else if self.is_behind {
            ui.note("'pyscaffold update' would change no file but the project's own record");
        }
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
            "drifted": self.has_drifted(),
        })
    }
}

fn answer(given: &crate::resolve::Given) -> Json {
    match given {
        crate::resolve::Given::Data(value) => value.clone(),
        crate::resolve::Given::Typed(text) => json!(text),
    }
}
