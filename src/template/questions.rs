//! Reads questions: the plain ones of `template.toml`, and the folders.

use std::collections::BTreeSet;

use toml_edit::Value;

use super::layer::{Origin, read_condition, read_names};
use super::manifest::{Problems, Table};
use super::question::{Choice, Condition, Default, Kind, Pattern, Question};
use super::unoffered;
use crate::answer::Answer;
use crate::language;
use crate::problem::Problem;

/// The types that a plain question can have.
const TYPES: [&str; 5] = ["text", "integer", "bool", "choice", "choices"];

/// Names that arguments of commands, of all of them, and the template language need for themselves:
/// a command that has no flags of questions today may have them tomorrow.
const TAKEN: [&str; 59] = [
    "accept",
    "all",
    "allow_dirty",
    "and",
    "answers",
    "both",
    "caller",
    "check",
    "content",
    "dict",
    "diff",
    "dry_run",
    "else",
    "false",
    "found",
    "help",
    "if",
    "in",
    "input",
    "install",
    "is",
    "json",
    "kwargs",
    "list",
    "loop",
    "namespace",
    "no_git",
    "no_install",
    "no_lock",
    "no_run",
    "no_trial",
    "none",
    "not",
    "offline",
    "or",
    "parts",
    "path",
    "paths",
    "quiet",
    "range",
    "ref",
    "sarif",
    "schema",
    "secret",
    "self",
    "set",
    "skip",
    "source",
    "sources",
    "strict",
    "super",
    "template",
    "true",
    "trust",
    "varargs",
    "verbose",
    "version",
    "with_example",
    "yes",
];

/// Reads a question of `template.toml`.
pub(super) fn read_plain(table: &Table, file: &str) -> Option<Question> {
    let name = table.required_text("name")?;
    if !is_identifier(&name.value) {
        table.report(name.error("a question's name must be lower-case letters, digits and '_'"));
    }
    let question = read(table, file, name.value, read_listed(table))?;
    table.refuse_unknown_keys();
    question.check_unoffered(table);
    Some(question)
}

/// Reads a question that is a folder; its choices are the folders in it.
pub(super) fn read_folder(
    origin: &Origin,
    name: &str,
    values: &BTreeSet<String>,
    problems: &Problems,
) -> Option<Question> {
    let path = format!("{name}/question.toml");
    let manifest = origin.manifest(&path, problems)?;
    let table = manifest.table(problems);
    let choices = values
        .iter()
        .map(|value| read_choice(origin, name, value, problems))
        .collect();
    let question = read(&table, &origin.name(&path), name.to_owned(), choices)?;
    table.refuse_unknown_keys();
    question.check_unoffered(&table);
    Some(question)
}

/// Reads a choice that is a folder.
pub(super) fn read_choice(
    origin: &Origin,
    question: &str,
    value: &str,
    problems: &Problems,
) -> Choice {
    let manifest = origin.manifest(&format!("{question}/{value}/layer.toml"), problems);
    let Some(manifest) = manifest.as_ref() else {
        return Choice::plain(value);
    };
    // The layer reads the same manifest and reports its mistakes.
    let unreported = Problems::default();
    choice_from(&manifest.table(&unreported), value.to_owned())
}

fn read(table: &Table, file: &str, name: String, choices: Vec<Choice>) -> Option<Question> {
    if TAKEN.contains(&name.as_str()) {
        table.report(Problem::error(
            file,
            format!("a question can't be called '{name}': pyscaffold uses this name itself"),
        ));
    }
    let kind = read_kind(table, &name, choices)?;
    let mut question = Question {
        kind,
        prompt: table.text("prompt").unwrap_or_else(|| name.clone()),
        help: table.text("help").unwrap_or_default(),
        default: None,
        fixed: None,
        hidden: Vec::new(),
        is_idle: false,
        order: table.integer("order").unwrap_or_default(),
        when: table.expression("when"),
        detect: table.located_texts("detect"),
        aliases: table
            .texts("aliases")
            .map(|names| names.value)
            .unwrap_or_default(),
        unfound: table.text("unfound").unwrap_or_default(),
        unoffered: unoffered::read_all(table),
        refusals: table
            .tables("refuse")
            .iter()
            .filter_map(read_refusal)
            .collect(),
        secret: table.boolean("secret").unwrap_or(false),
        file: file.to_owned(),
        name,
    };
    question.default = read_default(table, &question.kind);
    question.sort_choices();
    Some(question)
}

fn read_kind(table: &Table, name: &str, choices: Vec<Choice>) -> Option<Kind> {
    let fallback = if choices.is_empty() { "text" } else { "choice" };
    let kind = table.located_text("type");
    let pattern = table.located_text("pattern");
    let (minimum, maximum) = (table.integer("minimum"), table.integer("maximum"));
    match kind.as_ref().map_or(fallback, |kind| &kind.value) {
        "text" => match pattern.as_ref().map(|source| Pattern::parse(&source.value)) {
            Some(Err(message)) => {
                table.report(pattern?.error(message));
                None
            }
            pattern => Some(Kind::Text(pattern.and_then(Result::ok))),
        },
        "integer" => Some(Kind::Integer {
            minimum: minimum.unwrap_or(i64::MIN),
            maximum: maximum.unwrap_or(i64::MAX),
        }),
        "bool" => Some(Kind::Bool),
        "choice" if !choices.is_empty() => Some(Kind::Choice(choices)),
        "choices" if !choices.is_empty() => Some(Kind::Choices(choices)),
        "choice" | "choices" => {
            table.report(kind?.error(format!("'{name}' has no choices")));
            None
        }
        other => {
            let message = format!(
                "a question can't have the type '{other}'; there are {}",
                TYPES.join(", ")
            );
            table.report(kind?.error(message));
            None
        }
    }
}

fn read_default(table: &Table, kind: &Kind) -> Option<Default> {
    let default = table.any("default")?;
    let mismatch = || {
        table.report(default.error("the default doesn't fit the question's type"));
        None
    };
    match (kind, &default.value) {
        (Kind::Text(_), Value::String(text)) if text.value().contains("{{") => {
            table.located_text("default").map(Default::Template)
        }
        (Kind::Text(_) | Kind::Choice(_), Value::String(text)) => {
            Some(Default::Fixed(Answer::Text(text.value().clone())))
        }
        (Kind::Integer { .. }, Value::Integer(number)) => {
            Some(Default::Fixed(Answer::Integer(*number.value())))
        }
        (Kind::Bool, Value::Boolean(yes)) => Some(Default::Fixed(Answer::Bool(*yes.value()))),
        (Kind::Choices(_), Value::Array(_)) => {
            let values = table.texts("default")?.value;
            Some(Default::Fixed(Answer::List(values)))
        }
        _ => mismatch(),
    }
}

fn read_refusal(table: &Table) -> Option<Condition> {
    let condition = read_condition(table);
    table.refuse_unknown_keys();
    condition
}

/// Reads choices that are written in the manifest: texts, or tables with `value`.
fn read_listed(table: &Table) -> Vec<Choice> {
    match table.plain_texts("choices") {
        Some(values) => values.iter().map(|value| Choice::plain(value)).collect(),
        None => table
            .tables("choices")
            .iter()
            .filter_map(read_listed_choice)
            .collect(),
    }
}

fn read_listed_choice(table: &Table) -> Option<Choice> {
    let value = table.required_text("value")?.value;
    let choice = choice_from(table, value);
    table.refuse_unknown_keys();
    Some(choice)
}

fn choice_from(table: &Table, value: String) -> Choice {
    Choice {
        title: table.text("title").unwrap_or_else(|| value.clone()),
        hint: table.text("hint").unwrap_or_default(),
        order: table.integer("order").unwrap_or_default(),
        when: read_condition(table),
        aliases: table
            .texts("aliases")
            .map(|names| names.value)
            .unwrap_or_default(),
        detect: table.expressions("detect"),
        requires: read_names(table, "requires"),
        conflicts: read_names(table, "conflicts"),
        value,
    }
}

/// Tells whether a name can be a name in expressions.
pub(super) fn is_identifier(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_lowercase())
        && name
            .chars()
            .all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_')
}

impl Choice {
    /// Makes a choice that is nothing but its value.
    fn plain(value: &str) -> Self {
        Choice {
            value: value.to_owned(),
            title: value.to_owned(),
            hint: String::new(),
            order: 0,
            when: None,
            aliases: Vec::new(),
            detect: Vec::new(),
            requires: BTreeSet::new(),
            conflicts: BTreeSet::new(),
        }
    }
}

impl Pattern {
    /// Compiles a pattern that has to match the whole of a text.
    fn parse(source: &str) -> Result<Self, String> {
        let regex =
            language::pattern(&format!("^(?:{source})$")).map_err(|error| error.to_string())?;
        Ok(Pattern {
            source: source.to_owned(),
            regex,
        })
    }
}

impl Question {
    /// Puts the default choice first, then by order; equals stay as they were written.
    pub(super) fn sort_choices(&mut self) {
        let default = match &self.default {
            Some(Default::Fixed(Answer::Text(value))) => Some(value.clone()),
            _ => None,
        };
        if let Kind::Choice(choices) | Kind::Choices(choices) = &mut self.kind {
            choices.sort_by_key(|choice| (Some(&choice.value) != default.as_ref(), choice.order));
        }
    }
}

/// Finds the questions that are folders, with their choices: every folder with a `question.toml`.
pub(super) fn folders(origin: &Origin) -> Vec<(String, BTreeSet<String>)> {
    let names: BTreeSet<&str> = origin
        .files
        .keys()
        .filter_map(|path| path.strip_suffix("/question.toml"))
        .filter(|name| !name.contains('/'))
        .collect();
    names
        .into_iter()
        .map(|name| (name.to_owned(), folders_in(origin, name)))
        .collect()
}

/// Gives the names of the folders in a folder of the template.
pub(super) fn folders_in(origin: &Origin, folder: &str) -> BTreeSet<String> {
    let prefix = format!("{folder}/");
    let inside = origin
        .files
        .range(prefix.clone()..)
        .take_while(|(path, _)| path.starts_with(&prefix));
    inside
        .filter_map(|(path, _)| path[prefix.len()..].split_once('/'))
        .map(|(name, _)| name.to_owned())
        .collect()
}

/// Reads a manifest's plain questions.
pub(super) fn read_all_plain(manifest: &Table, file: &str) -> Vec<Question> {
    manifest
        .tables("question")
        .iter()
        .filter_map(|table| read_plain(table, file))
        .collect()
}
