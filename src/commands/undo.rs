//! `pyscaffold undo` and `redo`: go back on what was done, or taken back, last.

mod decide;

use clap::Command;
use serde_json::{Value as Json, json};

use super::existing::{self, Access};
use crate::cli::{self, Cli};
use crate::error::{Ending, Error, Result};
use crate::interrupt::Interrupt;
use crate::merge::Change;
use crate::project::change::{self, Past, Way};
use crate::state;
use crate::template::Template;
use crate::tree::ProjectPath;
use crate::visible;
use decide::decide;

/// What the command that takes back is called.
pub const NAME: &str = "undo";

/// What the command that does again is called.
pub const REDO: &str = "redo";

/// Builds the part of the command line of `undo`.
pub fn command(_: &Template) -> Command {
    Command::new(NAME)
        .about("Takes back the last change, update, add, remove, adopt or relax")
        .long_about("Takes back the last change, update, add, remove, adopt or relax; again, the one before it.\n\nWhat you edited since then is merged. 'pyscaffold redo' does it again.")
        .args(flags("Lists what can be taken back, the next one first"))
}

/// Builds the part of the command line of `redo`.
pub fn redo_command(_: &Template) -> Command {
    Command::new(REDO)
        .about("Does again what was taken back last")
        .long_about("Does again what 'pyscaffold undo' took back last, until something new is done.\n\nWhat you edited since then is merged.")
        .args(flags("Lists what can be done again, the next one first"))
}

fn flags(list: &'static str) -> [clap::Arg; 3] {
    [
        cli::switch("list", list).conflicts_with("dry-run"),
        cli::switch("dry-run", "Shows what would be done, and does nothing"),
        cli::json_flag(),
    ]
}

/// Takes the last change back.
pub fn run(cli: &Cli) -> Result<Ending> {
    go(cli, Way::Undo)
}

/// Does again what was taken back.
pub fn run_redo(cli: &Cli) -> Result<Ending> {
    go(cli, Way::Redo)
}

fn go(cli: &Cli, way: Way) -> Result<Ending> {
    let words = Words::of(way);
    let matches = super::matches(cli, words.name)?;
    let root = state::find_past(&std::env::current_dir()?)?;
    let is_dry = matches.get_flag("dry-run");
    let access = if is_dry || matches.get_flag("list") {
        Access::look(cli.ui, &root)?
    } else {
        Access::change(cli.ui, &root)?
    };
    if matches.get_flag("list") {
        list(cli, &words, &change::past(&root, way)?);
        return Ok(Ending::Done);
    }
    let interrupt = Interrupt::install()?;
    let Some(last) = change::last(&root, way)? else {
        return Err(Error::failed(words.nothing).hint(words.because));
    };
    let decided = decide(&root, &last, way)?;
    access.check()?;
    existing::refuse_left_out(&root, &decided.set.transitions)?;
    if !is_dry {
        // What the change left in the index, and is still there as it left it.
        let changes = decided.set.index.iter().map(|change| &change.path);
        let is_its = |path: &&ProjectPath| last.index.iter().any(|change| change.path == **path);
        existing::refuse_unmerged(cli.ui, &root, &changes.filter(is_its).collect())?;
    }
    existing::show_changes(cli.ui, &decided.shown);
    if is_dry {
        cli.ui.note(&format!("{}: {}", words.would, last.title));
    } else {
        change::apply(access.hold()?, &decided.set, &interrupt)?;
        cli.ui.done(&format!("{}: {}", words.did, last.title));
    }
    let conflicts: Vec<&str> = decided
        .conflicts()
        .iter()
        .map(ProjectPath::as_str)
        .collect();
    if cli.ui.is_json {
        let changes: Vec<_> = decided.shown.iter().map(Change::data).collect();
        let mut data = json!({
            "dry_run": is_dry,
            "changes": changes,
            "conflicts": conflicts,
        });
        data[words.key] = json!(last.title);
        cli.ui.data(&data);
    }
    Ok(if conflicts.is_empty() || is_dry {
        Ending::Done
    } else {
        Ending::Conflicts
    })
}

/// Lists changes by their titles.
fn list(cli: &Cli, words: &Words, past: &[Past]) {
    if cli.ui.is_json {
        let past = past.iter();
        let past = past.map(|past| json!({ "title": past.title, "paths": past.paths }));
        let mut data = json!({});
        data[words.name] = past.collect::<Json>();
        cli.ui.data(&data);
        return;
    }
    if past.is_empty() {
        cli.ui.note(words.nothing);
    }
    for past in past {
        let files = if past.paths == 1 { "file" } else { "files" };
        let line = format!("{} ({} {files})", past.title, past.paths);
        cli.ui.print(&format!("{}\n", visible::line(&line)));
    }
}

/// How one of the two commands speaks.
struct Words {
    name: &'static str,
    key: &'static str,
    would: &'static str,
    did: &'static str,
    nothing: &'static str,
    because: &'static str,
}

impl Words {
    fn of(way: Way) -> Self {
        match way {
            Way::Undo => Words {
                name: NAME,
                key: "undone",
                would: "Would take back",
                did: "Took back",
                nothing: "there is nothing to take back",
                because: "what pyscaffold did last is remembered in the folder that it was done in, and not in git",
            },
            Way::Redo => Words {
                name: REDO,
                key: "redone",
                would: "Would do again",
                did: "Did again",
                nothing: "there is nothing to do again",
                because: "what 'pyscaffold undo' takes back can be done again until something new is done",
            },
        }
    }
}
