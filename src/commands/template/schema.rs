//! `pyscaffold template schema`: JSON Schemas, with which editors check and complete.

use clap::builder::PossibleValuesParser;
use clap::{Arg, Command};
use serde_json::{Value as Json, json};

use crate::cli::{self, Cli};
use crate::error::{Ending, Error, Result};
use crate::schema::{self, Schema};
use crate::template::Template;
use crate::ui::Ui;

/// What the command is called.
pub const NAME: &str = "schema";

/// Builds the command's part of the command line.
pub fn command(_: &Template) -> Command {
    let names = schema::ALL.iter().map(|known| known.name);
    Command::new(NAME)
        .about("Prints a JSON Schema, with which editors check and complete manifests and answers")
        .long_about(
            "Prints a JSON Schema (draft 2020-12), with which editors check and complete manifests and answers. Without a name it lists all of them.\n\nWrite one to a file, and name that file in the first line of a manifest:\n\n  pyscaffold template schema layer > schemas/layer.json\n  #:schema ../../schemas/layer.json",
        )
        .arg(
            Arg::new("schema")
                .value_name("NAME")
                .value_parser(PossibleValuesParser::new(names))
                .help("What the schema is of"),
        )
        .args(cli::template_flags())
        .mut_arg("template", |flag| {
            flag.help("Template whose questions the answers are to; without it, any answers fit")
        })
        .arg(cli::json_flag())
}

/// Prints a schema, or lists all of them.
pub fn run(cli: &Cli) -> Result<Ending> {
    let matches = super::matches(cli, NAME)?;
    let name = matches.get_one::<String>("schema");
    let known = name.and_then(|name| schema::ALL.iter().find(|known| known.name == name));
    let is_specific = matches.contains_id("template");
    match known {
        Some(known) => {
            let schema = if is_specific {
                specific(known, &cli.template)?
            } else {
                // Our own files are valid: a test reads each of them.
                serde_json::from_str(known.text).unwrap_or_default()
            };
            cli.ui.data(&schema);
        }
        None if is_specific => {
            return Err(Error::request("--template goes with the schema of answers")
                .hint("pyscaffold template schema answers --template SOURCE"));
        }
        None => list(cli.ui),
    }
    Ok(Ending::Done)
}

fn specific(known: &Schema, template: &Template) -> Result<Json> {
    let place = known.answers.ok_or_else(|| {
        Error::request(format!(
            "the schema '{}' is the same for all templates",
            known.name
        ))
        .hint("leave --template out; it goes with 'answers' and 'project-answers'")
    })?;
    Ok(schema::of_answers(template, place))
}

fn list(ui: Ui) {
    if ui.is_json {
        let schemas: Vec<Json> = schema::ALL
            .iter()
            .map(|known| json!({ "name": known.name, "files": known.files }))
            .collect();
        ui.data(&json!({ "schemas": schemas }));
        return;
    }
    let names = schema::ALL.iter().map(|known| known.name.len());
    let width = names.max().unwrap_or(0);
    for known in schema::ALL {
        ui.line(&format!("{:width$}  ", known.name), known.files);
    }
}
