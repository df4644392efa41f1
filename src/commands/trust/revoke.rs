//! `pyscaffold trust revoke`: has a template asked about again.

use std::path::Path;

use clap::{Arg, ArgAction, ArgMatches, Command, ValueHint};
use serde_json::json;

use super::{describe, typed_origin};
use crate::cli;
use crate::error::{Ending, Error, Result};
use crate::suggest;
use crate::trust::{self, Entry, List, Origin};
use crate::ui::Ui;

/// What the command is called.
pub const NAME: &str = "revoke";

/// Builds the command's part of the command line.
pub fn command() -> Command {
    Command::new(NAME)
        .about("Has a template asked about again")
        .arg(
            Arg::new("sources")
                .value_name("SOURCE")
                .value_hint(ValueHint::DirPath)
                .action(ArgAction::Append)
                .num_args(1..)
                .required_unless_present("all")
                .conflicts_with("all")
                .help("Source, as 'pyscaffold trust' lists it"),
        )
        .arg(cli::switch("all", "Revokes everything"))
        .arg(cli::json_flag())
}

/// Revokes sources: all that are named, or none when one of them isn't trusted.
pub fn run(ui: Ui, matches: &ArgMatches) -> Result<Ending> {
    let typed: Vec<&String> = matches.get_many("sources").into_iter().flatten().collect();
    let revoked = trust::file::change(|list| {
        if matches.get_flag("all") {
            let revoked = list.entries().to_vec();
            *list = List::default();
            return Ok(revoked);
        }
        let mut revoked = Vec::new();
        for text in &typed {
            revoked.extend(remove(list, text)?);
        }
        for origin in revoked.iter().map(|entry| &entry.origin) {
            if let Some(above) = list.covering(origin) {
                ui.warn(&format!("{origin} is still trusted, with all of {above}"));
            }
        }
        Ok(revoked)
    })?;
    for entry in &revoked {
        ui.done(&format!("Revoked: {entry}"));
    }
    if ui.is_json {
        ui.data(&json!({ "revoked": describe(&revoked) }));
    }
    Ok(Ending::Done)
}

fn remove(list: &mut List, text: &str) -> Result<Vec<Entry>> {
    let origin = typed_origin(text).or_else(|error| gone(text).ok_or(error))?;
    let removed = list.remove(&origin);
    if !removed.is_empty() {
        return Ok(removed);
    }
    let error = Error::request(format!("'{text}' is not trusted by itself"));
    let name = origin.to_string();
    let names: Vec<String> = list
        .entries()
        .iter()
        .map(|entry| entry.origin.to_string())
        .collect();
    Err(
        match (
            list.covering(&origin),
            suggest::nearest(&name, names.iter().map(String::as_str)),
        ) {
            (Some(above), _) => error.hint(format!("it is trusted with all of {above}")),
            (None, Some(nearest)) => error.hint(format!("did you mean '{nearest}'?")),
            (None, None) => error.hint("'pyscaffold trust' lists what is"),
        },
    )
}

/// Gives the name of a folder that is no longer there.
fn gone(text: &str) -> Option<Origin> {
    let path = std::path::absolute(Path::new(text)).ok()?;
    Origin::folder(&path).ok()
}
