//! `pyscaffold diff`: what was edited since the template wrote it.

use clap::Command;
use serde_json::{Value as Json, json};

use super::existing::Access;
use super::status::{Wanted, paths};
use crate::cli::{self, Cli};
use crate::error::{Ending, Result};
use crate::git;
use crate::merge;
use crate::project;
use crate::state;
use crate::template::Template;
use crate::tree::{Entry, Node};

/// What the command is called.
pub const NAME: &str = "diff";

/// Builds the command's part of the command line.
pub fn command(_: &Template) -> Command {
    Command::new(NAME)
        .about("Shows what was edited since the template wrote it")
        .arg(paths(
            "Files and folders to compare; all where none is named",
        ))
        .arg(cli::json_flag())
}

/// Compares what the template wrote with what is there.
pub fn run(cli: &Cli) -> Result<Ending> {
    let matches = super::matches(cli, NAME)?;
    let here = std::env::current_dir()?;
    let root = state::find(&here)?;
    let access = Access::look(cli.ui, &root)?;
    let state = state::read(&root)?;
    let snapshot = &state.snapshot;
    let wanted = Wanted::of(matches, &root, &here)?;
    let yours = project::read(&root, snapshot, snapshot, &[])?;
    access.check()?;
    let mut files = Vec::new();
    for (path, entry) in snapshot
        .iter()
        .filter(|(path, _)| wanted.has(path.as_str()))
    {
        let own: Option<&Entry> = match yours.get(path) {
            Some(Node::File(own)) if merge::is_same(own, entry) => continue,
            Some(Node::File(own)) => Some(own),
            Some(Node::Link(_)) | None => None,
        };
        // What stayed the user's was never the template's: it isn't edited.
        let is_yours = yours.get(path).is_some() && state.kept.contains_key(path.as_str());
        if is_yours && wanted.is_all() && !cli.ui.is_json {
            continue;
        }
        let status = match own {
            _ if is_yours => "yours",
            Some(_) => "edited",
            None => "deleted",
        };
        let text = git::patch(
            Some((path.as_str(), &entry.bytes)),
            own.map(|own| (path.as_str(), &*own.bytes)),
        )?;
        if cli.ui.is_json {
            files.push(json!({ "path": path.as_str(), "status": status, "diff": text }));
        } else {
            cli.ui.patch(&text);
        }
    }
    if cli.ui.is_json {
        cli.ui.data(&json!({ "files": Json::Array(files) }));
    }
    Ok(Ending::Done)
}
