//! The commands that a layer declares: what is run, what is told, and what is checked.

use regex_lite::Regex;

use super::manifest::{Located, Table};
use crate::formats::Format;
use crate::language::{self, Expression};
use crate::steps::{self, Step};
use crate::tree::ProjectPath;

/// The group of a pattern that is a file.
const PATH: &str = "path";

/// The group of a pattern that is a rule which a file breaks.
const RULE: &str = "rule";

/// The group of a pattern that is what the project comes to.
const VALUE: &str = "value";

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

/// A check that can be relaxed for what fails it.
#[derive(Debug)]
pub struct Relax {
    /// What is checked, for people.
    pub title: Option<String>,
    /// The command that checks, as a template; split at spaces.
    pub run: Located<String>,
    /// What finds what fails in what the command says.
    pub finds: Finds,
    /// The file of settings that the check reads.
    pub file: ProjectPath,
    /// What is merged into that file, as a template over what fails.
    pub add: Located<String>,
    /// When it makes sense.
    pub when: Option<Located<Expression>>,
}

/// What finds what fails in what a command says.
#[derive(Debug)]
pub enum Finds {
    /// Each file is its group `path`.
    Files(Regex),
    /// Each file is its group `path`, and the rule that it breaks the group `rule`.
    Rules(Regex),
    /// What the project comes to is its group `value`.
    Value(Regex),
}

impl Finds {
    /// Reads the one of the two keys that is there.
    fn read(table: &Table) -> Option<Self> {
        match (table.located_text(PATH), table.located_text(VALUE)) {
            (Some(both), Some(_)) => {
                let message = format!("'{PATH}' and '{VALUE}' don't go together");
                table.report(both.error(message));
                None
            }
            (None, Some(source)) => {
                let pattern = parse(table, &source, |source| parse_pattern(source, VALUE))?;
                Some(Finds::Value(pattern))
            }
            (Some(source), None) => {
                let pattern = parse(table, &source, |source| parse_pattern(source, PATH))?;
                let has_rule = pattern.capture_names().flatten().any(|name| name == RULE);
                Some(if has_rule {
                    Finds::Rules(pattern)
                } else {
                    Finds::Files(pattern)
                })
            }
            (None, None) => {
                table.required_text(PATH);
                None
            }
        }
    }

    /// Gives all that is found: the file or the number, and the rule where there is one.
    pub fn all<'o>(&self, output: &'o str) -> Vec<(&'o str, Option<&'o str>)> {
        let (Finds::Files(pattern) | Finds::Rules(pattern) | Finds::Value(pattern)) = self;
        let found = pattern.captures_iter(output).filter_map(|captures| {
            let found = captures.name(PATH).or_else(|| captures.name(VALUE))?;
            Some((
                found.as_str(),
                captures.name(RULE).map(|rule| rule.as_str()),
            ))
        });
        found.collect()
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
    let mark = table.text("mark");
    table.refuse_unknown_keys();
    Some(Step {
        name,
        title,
        run: run?,
        makes,
        mark,
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
        mark: None,
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
    let title = table.text("title");
    let run = table.required_text("run");
    let finds = Finds::read(table);
    let file = table.required_text("file");
    let add = table.required_text("add");
    let when = table.expression("when");
    table.refuse_unknown_keys();
    let file = file.and_then(|source| parse(table, &source, parse_settings));
    Some(Relax {
        title,
        run: run?,
        finds: finds?,
        file: file?,
        add: add?,
        when,
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

/// Parses a pattern that has to have a group.
fn parse_pattern(source: &str, group: &str) -> Result<Regex, String> {
    let pattern = language::pattern(source).map_err(|error| error.to_string())?;
    if pattern.capture_names().flatten().any(|name| name == group) {
        return Ok(pattern);
    }
    Err(format!(
        "the pattern has no group '{group}', as in (?P<{group}>.+)"
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
