//! `pyscaffold trust add`: lets a template run its commands from now on.

use clap::{Arg, ArgMatches, Command, ValueHint};
use serde_json::json;

use super::{describe, typed_origin};
use crate::cli::{self, Cli};
use crate::commands::consent;
use crate::error::{Ending, Error, Result};
use crate::trust::{self, Entry, Grant};

/// What the command is called.
pub const NAME: &str = "add";

/// Builds the command's part of the command line.
pub fn command() -> Command {
    Command::new(NAME)
        .about("Lets a template run its commands from now on")
        .long_about("Lets a template run its commands from now on, and everything that lies below the source: https://host/owner stands for all repositories of that owner, a folder for all templates in it.\n\nWhat a template extends has to be trusted, too.")
        .arg(
            Arg::new("source")
                .value_name("SOURCE")
                .value_hint(ValueHint::DirPath)
                .required(true)
                .help("Folder or URL, as after --template"),
        )
        .arg(cli::switch(
            "content",
            "Trusts only what it holds now, with all that it extends",
        ))
        .arg(cli::json_flag())
}

/// Adds a source.
pub fn run(cli: &Cli, matches: &ArgMatches) -> Result<Ending> {
    let ui = cli.ui;
    let text = matches
        .get_one::<String>("source")
        .map_or("", String::as_str);
    let entry = if matches.get_flag("content") {
        content(cli, text)?
    } else {
        Entry {
            origin: typed_origin(text)?,
            grant: Grant::Everything,
        }
    };
    trust::file::change(|list| {
        list.add(entry.clone());
        Ok(())
    })?;
    ui.done(&format!("Trusted: {entry}"));
    if ui.is_json {
        ui.data(&json!({ "added": describe(&[entry]) }));
    }
    Ok(Ending::Done)
}

/// Looks at what a template holds.
fn content(cli: &Cli, text: &str) -> Result<Entry> {
    let template = cli.open(text, None)?;
    if template.source.is_embedded() {
        typed_origin(text)?;
    }
    let origin = consent::origin(&template.source).map_err(|reason| {
        Error::request(format!("'{text}' can't be trusted by its name: {reason}"))
    })?;
    Ok(Entry {
        origin,
        grant: Grant::Content(template.digest),
    })
}
