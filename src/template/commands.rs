//! The commands that a layer declares: what is run, what is told, and what is checked.

use regex_lite::Regex;

use super::manifest::{Located, Table};
use crate::formats::Format;
use crate::language::{self, Expression};
use crate::steps::{self, Step};
use crate::tree::ProjectPath;

/// The group of a pattern that is a file.
const PATH: &str = "path";

/// The name of a command that is declared as a check.
const CHECK: &str = "check";

/// A command that the user is told to type after the project was made.
#[derive(Debug)]
pub struct Next {
    /// The command, as a template.
    pub run: Located<String>,
    /// When it makes sense.
    pub when: Option<Located<Expression>>,
}

/// A command that has to work in every project with the layer. It is run when the template is
/// checked, and never when a project is made or changed.
#[derive(Debug)]
pub struct DeclaredCheck {
    /// The command.
    pub step: Step,
    /// When it makes sense.
    pub when: Option<Located<Expression>>,
}

/// A check that can be relaxed for files that fail it.
#[derive(Debug)]
pub struct Relax {
    /// The command that checks, as a template; split at spaces.
    pub run: Located<String>,
    /// What finds the files that fail in what the command says: each is its group `path`.
    pub path: Regex,
    /// The file of settings that the check reads.
    pub file: ProjectPath,
    /// What is merged into that file, as a template over `paths` and `modules`.
    pub add: Located<String>,
}

impl Relax {
    /// Gives the files that fail, as the command calls them.
    pub fn failing<'o>(&self, output: &'o str) -> impl Iterator<Item = &'o str> {
        let found = self.path.captures_iter(output);
        found.filter_map(|captures| Some(captures.name(PATH)?.as_str()))
    }
}

/// Reads a command that is run after writing.
pub(super) fn read_step(table: &Table) -> Option<Step> {
    let name = table.required_text("name")?.value;
    let title = table.text("title").unwrap_or_else(|| name.clone());
    let run = read_run(table);
    let makes = table.texts("makes");
    let is_wrong = |name: &String| ProjectPath::parse_foreign(name).err();
    if let Some(makes) = &makes
        && let Some(wrong) = makes.value.iter().find_map(is_wrong)
    {
        table.report(makes.error(format!("'makes' can't be: {}", wrong.message)));
    }
    let makes = makes.map_or_else(Vec::new, |makes| makes.value);
    table.refuse_unknown_keys();
    Some(Step {
        name,
        title,
        run: run?,
        makes,
    })
}

/// Reads a command that `template check` runs.
pub(super) fn read_check(table: &Table) -> Option<DeclaredCheck> {
    let title = table.text("title");
    let run = read_run(table);
    let when = table.expression("when");
    table.refuse_unknown_keys();
    let run = run?;
    let step = Step {
        name: CHECK.to_owned(),
        title: title.unwrap_or_else(|| run.join(" ")),
        run,
        makes: Vec::new(),
    };
    Some(DeclaredCheck { step, when })
}

/// Reads a command, which names at least a program.
fn read_run(table: &Table) -> Option<Vec<String>> {
    let run = table.required_texts("run")?;
    if run.value.is_empty() {
        let message = "'run' must name a program, as in run = [\"program\", \"argument\"]";
        table.report(run.error(message));
        return None;
    }
    if let Some(refused) = run
        .value
        .first()
        .and_then(|program| steps::refusal(program))
    {
        table.report(run.error(refused));
    }
    Some(run.value)
}

/// Reads a command that the user is told.
pub(super) fn read_next(table: &Table) -> Option<Next> {
    let next = Next {
        run: table.required_text("run")?,
        when: table.expression("when"),
    };
    table.refuse_unknown_keys();
    Some(next)
}

/// Reads how a check is relaxed.
pub(super) fn read_relax(table: &Table) -> Option<Relax> {
    let run = table.required_text("run");
    let path = table.required_text("path");
    let file = table.required_text("file");
    let add = table.required_text("add");
    table.refuse_unknown_keys();
    let path = path.and_then(|source| parse(table, &source, parse_failing));
    let file = file.and_then(|source| parse(table, &source, parse_settings));
    Some(Relax {
        run: run?,
        path: path?,
        file: file?,
        add: add?,
    })
}

/// Parses a text of a manifest, and reports why it can't be.
fn parse<T>(
    table: &Table,
    source: &Located<String>,
    parse: impl Fn(&str) -> Result<T, String>,
) -> Option<T> {
    let parsed = parse(&source.value);
    parsed
        .map_err(|message| table.report(source.error(message)))
        .ok()
}

/// Parses what finds the files that fail.
fn parse_failing(source: &str) -> Result<Regex, String> {
    let regex = language::pattern(source).map_err(|error| error.to_string())?;
    if regex.capture_names().flatten().any(|name| name == PATH) {
        return Ok(regex);
    }
    Err(format!(
        "the pattern has no group '{PATH}', as in (?P<{PATH}>.+)"
    ))
}

/// Parses the path of a file that settings can be merged into.
fn parse_settings(source: &str) -> Result<ProjectPath, String> {
    let path = ProjectPath::parse_foreign(source).map_err(|error| error.message)?;
    match Format::of(&path) {
        Format::Toml | Format::Json => Ok(path),
        Format::Lines | Format::Yaml | Format::Text => {
            Err("only a TOML or a JSON file can be merged into".to_owned())
        }
    }
}
