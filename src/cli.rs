//! The command line: its flags come from the questions of the template in use.

mod chosen;
mod opened;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Arg, ArgAction, ArgMatches, Command, ValueHint, value_parser};

use crate::answer::Answer;
use crate::commands;
use crate::error::{Error, Result};
use crate::template::{Choice, Default, Kind, Library, Question, Template, Wanted};
use crate::ui::{Ui, Volume};
use crate::visible;

pub use opened::Opened;

/// The place of the flags of all commands: after a command's own.
const GLOBAL: usize = 900;

/// The heading over the flags of questions.
const QUESTIONS: &str = "Questions";

/// What was typed, read as far as it can be without doing anything.
pub struct Cli {
    /// What is printed, and how.
    pub ui: Ui,
    /// The template in use.
    pub template: Template,
    /// Where other templates can be read from.
    pub library: Library,
    /// The flags.
    pub matches: ArgMatches,
    /// The project that the command is about, where it is in one.
    pub project: Option<Opened>,
}

impl Cli {
    /// Reads the arguments of the process; what clap has to say itself is the inner error.
    pub fn parse(arguments: &[OsString]) -> Result<Result<Self, clap::Error>> {
        let ui = ui_for(arguments);
        let words = chosen::words(arguments)?;
        let words: Vec<&str> = words.iter().map(AsRef::as_ref).collect();
        let project = Opened::of(&words, ui)?;
        let root = project.as_ref().map(|project| project.root.as_path());
        let (library, template) = chosen::open(&words, root, ui)?;
        Ok(command(&template)
            .try_get_matches_from(arguments)
            .map(|matches| Cli {
                ui,
                template,
                library,
                matches,
                project,
            }))
    }

    /// Says which template a command was told of: its source as it was typed, and the branch, tag or
    /// commit.
    pub fn wanted(&self, typed: &str, reference: Option<&str>) -> Result<Wanted> {
        chosen::typed(typed, reference).map(chosen::Chosen::wanted)
    }

    /// Opens a template that a command was told of: its source as it was typed, and the branch,
    /// tag or commit.
    pub fn open(&self, typed: &str, reference: Option<&str>) -> Result<Template> {
        let chosen = chosen::typed(typed, reference)?;
        chosen.open(&self.library)
    }
}

/// Reads how to print from the arguments, before it is known whether the rest of them is right.
pub fn ui_for(arguments: &[OsString]) -> Ui {
    let has = |names: &[&str]| {
        arguments
            .iter()
            .any(|argument| names.iter().any(|name| argument == name))
    };
    let volume = if has(&["-q", "--quiet"]) {
        Volume::Quiet
    } else if has(&["-v", "--verbose"]) {
        Volume::Verbose
    } else {
        Volume::Normal
    };
    Ui {
        volume,
        is_json: has(&["--json"]),
    }
}

/// Builds the whole command line for a template.
pub fn command(template: &Template) -> Command {
    let flag = |name: &'static str, short, help: &'static str| {
        Arg::new(name)
            .long(name)
            .short(short)
            .help(help)
            .action(ArgAction::SetTrue)
            .global(true)
            .display_order(GLOBAL)
    };
    Command::new("pyscaffold")
        .version(env!("CARGO_PKG_VERSION"))
        .about(env!("CARGO_PKG_DESCRIPTION"))
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommands(commands::ALL.iter().map(|known| (known.command)(template)))
        .arg(flag("quiet", 'q', "Says nothing but warnings and errors").conflicts_with("verbose"))
        .arg(flag("verbose", 'v', "Says how things are done, too"))
}

/// Gives the flags that say which template is used.
pub fn template_flags() -> [Arg; 3] {
    [
        Arg::new("template")
            .long("template")
            .value_name("SOURCE")
            .value_hint(ValueHint::DirPath)
            .help("Template to use: 'builtin', a folder, a git repository such as gh:OWNER/REPO, or an alias of your configuration"),
        Arg::new("ref")
            .long("ref")
            .value_name("REF")
            .help("Branch, tag or commit of the template's repository; its newest version where none is named"),
        switch("offline", "Uses what is in the cache of templates, and no network"),
    ]
}

/// Gives the flags that answer questions by a file and by name.
pub fn answer_flags() -> [Arg; 2] {
    [
        Arg::new("answers")
            .long("answers")
            .value_name("FILE")
            .value_hint(ValueHint::AnyPath)
            .value_parser(value_parser!(PathBuf))
            .help("Reads answers from a TOML or JSON file"),
        Arg::new("set")
            .long("set")
            .value_name("NAME=VALUE")
            .action(ArgAction::Append)
            .help("Answers a question by its name"),
    ]
}

/// Gives a flag that is there or not.
pub fn switch(name: &'static str, help: &'static str) -> Arg {
    Arg::new(name)
        .long(name)
        .action(ArgAction::SetTrue)
        .help(help)
}

/// Gives the flag that turns stdout into data.
pub fn json_flag() -> Arg {
    Arg::new("json")
        .long("json")
        .action(ArgAction::SetTrue)
        .help("Prints one JSON object on stdout")
}

/// Gives one flag per question of a template.
pub fn question_flags(template: &Template) -> impl Iterator<Item = Arg> {
    template.questions.iter().map(|question| {
        let arg = Arg::new(question.name.clone())
            .long(question.name.replace('_', "-"))
            .help(visible::line(&short_help(question)).into_owned())
            .long_help(visible::text(&long_help(question)).into_owned())
            .help_heading(QUESTIONS)
            // What is fixed can be said again, but isn't offered.
            .hide(!question.is_open())
            .allow_hyphen_values(matches!(question.kind, Kind::Integer { .. }));
        let arg = arg.value_name(question.placeholder());
        match question.kind {
            Kind::Bool => arg
                .num_args(0..=1)
                .require_equals(true)
                .default_missing_value("true"),
            Kind::Choices(_) => arg.action(ArgAction::Append),
            _ => arg,
        }
    })
}

/// Collects the questions that were answered by flags, `--set` among them.
pub fn answers_from_flags(
    matches: &ArgMatches,
    template: &Template,
) -> Result<BTreeMap<String, String>> {
    let mut answers = BTreeMap::new();
    for assignment in matches.get_many::<String>("set").into_iter().flatten() {
        let Some((name, value)) = assignment.split_once('=') else {
            return Err(Error::request(format!("--set '{assignment}' has no '='"))
                .hint("write --set NAME=VALUE"));
        };
        answers.insert(name.trim().replace('-', "_"), value.to_owned());
    }
    for question in &template.questions {
        if let Some(values) = matches.get_many::<String>(&question.name) {
            // Said several times, it is a list.
            let values: Vec<&str> = values.map(String::as_str).collect();
            answers.insert(question.name.clone(), values.join(","));
        }
    }
    Ok(answers)
}

/// Reads a path that was typed.
pub fn path(matches: &ArgMatches, name: &str) -> Option<PathBuf> {
    matches.get_one::<PathBuf>(name).cloned()
}

fn short_help(question: &Question) -> String {
    let mut help = question.prompt.clone();
    if !question.choices().is_empty() {
        let values: Vec<&str> = question
            .choices()
            .iter()
            .map(|choice| choice.value.as_str())
            .collect();
        help += &format!(" [{}]", values.join(", "));
    }
    if let Kind::Integer { minimum, maximum } = question.kind
        && (minimum, maximum) != (i64::MIN, i64::MAX)
    {
        help += &format!(" [{minimum} to {maximum}]");
    }
    match &question.default {
        Some(Default::Fixed(answer)) if *answer != Answer::Text(String::new()) => {
            help + &format!(" [default: {}]", answer.typed())
        }
        _ => help,
    }
}

fn long_help(question: &Question) -> String {
    let mut help = visible::line(&short_help(question)).into_owned();
    if !question.help.is_empty() {
        help += &format!("\n{}", question.help);
    }
    if let Some(when) = &question.when {
        help += &format!("\nOnly when {}.", when.value.source());
    }
    let width = question
        .choices()
        .iter()
        .map(|choice| choice.value.len())
        .max()
        .unwrap_or(0);
    for choice in question.choices() {
        help += &format!(
            "\n  {:width$}  {}",
            choice.value,
            visible::line(&describe(choice))
        );
        if let Some(when) = &choice.when {
            help += &format!(
                "\n  {:width$}  only when {}",
                "",
                when.expression.value.source()
            );
        }
    }
    help
}

/// Describes a choice in one line.
fn describe(choice: &Choice) -> String {
    if choice.hint.is_empty() {
        choice.title.clone()
    } else {
        format!("{}: {}", choice.title, choice.hint)
    }
}
