//! The command line: its flags come from the questions of the template in use.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::builder::StyledStr;
use clap::{Arg, ArgAction, ArgMatches, Command, ValueHint};

use crate::answer::Answer;
use crate::commands;
use crate::error::{Error, Result};
use crate::state;
use crate::template::{Choice, Default, Kind, Question, Source, Template};
use crate::ui::{Ui, Volume};

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
    /// The flags.
    pub matches: ArgMatches,
}

impl Cli {
    /// Reads the arguments of the process; what clap has to say itself is the inner error.
    pub fn parse(arguments: &[OsString]) -> Result<Result<Self, clap::Error>> {
        let source = template_source(arguments)?;
        let template = Template::load(source)?;
        Ok(command(&template)
            .try_get_matches_from(arguments)
            .map(|matches| Cli {
                ui: ui_for(arguments),
                template,
                matches,
            }))
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

/// Finds the template among the arguments, or in the project that they are about: its questions
/// decide what the other arguments mean.
fn template_source(arguments: &[OsString]) -> Result<Source> {
    if let Some(typed) = typed_source(arguments) {
        return Source::parse(typed, Path::new(""));
    }
    let command = arguments.iter().skip(1).find(|argument| {
        argument
            .to_str()
            .is_some_and(|argument| !argument.starts_with('-'))
    });
    let in_project = command.is_some_and(|command| {
        let known = commands::ALL.iter().find(|known| command == known.name);
        known.is_some_and(|known| known.is_in_project)
    });
    // Outside of a project, the command itself says so; its help is for the template built in.
    let Some(root) = in_project
        .then(|| state::find(Path::new(".")).ok())
        .flatten()
    else {
        return Ok(Source::default());
    };
    let source = state::source(&root)?;
    Source::parse(&source, &root).map_err(|error| {
        error.hint(
            "the project was made from it; if it has moved, say where it is now: --template SOURCE",
        )
    })
}

/// Finds what was typed after `--template`.
fn typed_source(arguments: &[OsString]) -> Option<&str> {
    let mut arguments = arguments
        .iter()
        .filter_map(|argument| argument.to_str())
        .take_while(|argument| *argument != "--");
    while let Some(argument) = arguments.next() {
        match argument.strip_prefix("--template") {
            Some("") => return arguments.next(),
            Some(rest) if rest.starts_with('=') => return rest.strip_prefix('='),
            _ => {}
        }
    }
    None
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

/// Gives the flag that names the template.
pub fn template_flag() -> Arg {
    Arg::new("template")
        .long("template")
        .value_name("SOURCE")
        .value_hint(ValueHint::DirPath)
        .help("Template to use: 'builtin', or a folder")
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
            .help(short_help(question))
            .long_help(long_help(question))
            .help_heading(QUESTIONS)
            .allow_hyphen_values(matches!(question.kind, Kind::Integer { .. }));
        match question.kind {
            Kind::Bool => arg
                .value_name("BOOL")
                .num_args(0..=1)
                .require_equals(true)
                .default_missing_value("true"),
            Kind::Integer { .. } => arg.value_name("NUMBER"),
            Kind::Text(_) => arg.value_name("TEXT"),
            Kind::Choice(_) => arg.value_name("CHOICE"),
            Kind::Choices(_) => arg.value_name("CHOICES"),
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
        if let Some(value) = matches.get_one::<String>(&question.name) {
            answers.insert(question.name.clone(), value.clone());
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

fn long_help(question: &Question) -> StyledStr {
    let mut help = short_help(question);
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
        help += &format!("\n  {:width$}  {}", choice.value, describe(choice));
        if let Some(when) = &choice.when {
            help += &format!(
                "\n  {:width$}  only when {}",
                "",
                when.expression.value.source()
            );
        }
    }
    help.into()
}

/// Describes a choice in one line.
fn describe(choice: &Choice) -> String {
    if choice.hint.is_empty() {
        choice.title.clone()
    } else {
        format!("{}: {}", choice.title, choice.hint)
    }
}
