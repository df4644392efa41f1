//! `pyscaffold trust`: whose templates may run the commands that they declare.

mod add;
mod revoke;

use std::path::Path;

use clap::Command;
use serde_json::{Value as Json, json};

use super::consent;
use crate::cli::{self, Cli};
use crate::config;
use crate::error::{Ending, Error, Result};
use crate::template::{Source, Template};
use crate::trust::{self, Entry, Grant, Origin};

/// What the command is called.
pub const NAME: &str = "trust";

/// Builds the command's part of the command line.
pub fn command(_: &Template) -> Command {
    Command::new(NAME)
        .about("Lists, adds and revokes whose templates may run commands")
        .long_about("Lists whose templates may run the commands that they declare, adds to them and revokes.\n\nA template that only renders needs no trust. One that declares commands is asked about before anything is written; what you answered for good is listed here. The template that is built in is always trusted.")
        .args_conflicts_with_subcommands(true)
        .arg(cli::json_flag())
        .subcommand(add::command())
        .subcommand(revoke::command())
}

/// Lists, adds or revokes.
pub fn run(cli: &Cli) -> Result<Ending> {
    let matches = super::matches(cli, NAME)?;
    match matches.subcommand() {
        Some((add::NAME, matches)) => add::run(cli, matches),
        Some((revoke::NAME, matches)) => revoke::run(cli.ui, matches),
        _ => list(cli),
    }
}

fn list(cli: &Cli) -> Result<Ending> {
    let path = trust::file::path()?;
    let list = trust::file::read()?;
    if cli.ui.is_json {
        let trusted = describe(list.entries());
        cli.ui.data(&json!({ "file": path, "trusted": trusted }));
        return Ok(Ending::Done);
    }
    if list.entries().is_empty() {
        cli.ui
            .note("Nobody is trusted but the template that is built in.");
    }
    let lines: Vec<String> = list
        .entries()
        .iter()
        .map(|entry| format!("{entry}\n"))
        .collect();
    cli.ui.print(&lines.concat());
    Ok(Ending::Done)
}

/// Describes entries as data.
fn describe(entries: &[Entry]) -> Json {
    let entries = entries.iter().map(|entry| {
        let content = match &entry.grant {
            Grant::Everything => None,
            Grant::Content(digest) => Some(digest),
        };
        json!({ "source": entry.origin.to_string(), "content": content })
    });
    Json::Array(entries.collect())
}

/// Reads a source that was typed; a folder has to be there, and needs to be no template.
fn typed_origin(text: &str) -> Result<Origin> {
    if [Source::Builtin, Source::Starter]
        .iter()
        .any(|own| own.to_string() == text)
    {
        return Err(Error::request(
            "the template that is built in is always trusted",
        ));
    }
    let alias = config::alias(text)?;
    let text = alias.as_deref().unwrap_or(text);
    let folder = Path::new(text);
    let found = if folder.is_dir() {
        consent::origin(&Source::Folder(folder.to_owned()))
    } else {
        Origin::parse(text)
    };
    found.map_err(|reason| {
        Error::request(format!("'{text}' can't be trusted by its name: {reason}"))
            .hint("name a folder that is there, or a URL such as https://host/owner/repository")
    })
}
