//! `pyscaffold new`: makes a project.

mod make;
mod report;

use std::path::{Path, PathBuf};

use clap::{Arg, ArgAction, Command, ValueHint, value_parser};

use crate::answer::Answers;
use crate::cli::{self, Cli};
use crate::commands::{inputs, trust};
use crate::error::{Ending, Error, Result};
use crate::given::Gathered;
use crate::interrupt::Interrupt;
use crate::project::{self, Target};
use crate::prompt::{self, Again, Interview, Terminal};
use crate::render::{self, Seed};
use crate::state::{self, Memory};
use crate::template::Template;
use crate::ui::Ui;

use make::Plan;
use report::Report;

/// The question whose answer names the folder where no path is given.
const NAME: &str = "name";

/// Builds the command's part of the command line.
pub fn command(template: &Template) -> Command {
    let file = |name: &'static str| {
        Arg::new(name)
            .value_hint(ValueHint::AnyPath)
            .value_parser(value_parser!(PathBuf))
    };
    Command::new("new")
        .about("Makes a project")
        .long_about(format!("Makes a project: {}.\n\nWhat no flag, file, variable or configuration answers is asked, or takes its default with --yes.", template.summary))
        .arg(file("path").value_name("PATH").help("Folder of the project: a new one, an empty one, or '.'"))
        .arg(cli::template_flag())
        .arg(file("answers").long("answers").value_name("FILE").help("Reads answers from a TOML or JSON file"))
        .arg(Arg::new("set").long("set").value_name("NAME=VALUE").action(ArgAction::Append).help("Answers a question by its name"))
        .arg(cli::switch("yes", "Asks nothing; what isn't answered takes its default").short('y'))
        .arg(cli::switch("dry-run", "Shows what would be written, and writes nothing"))
        .arg(cli::json_flag())
        .arg(cli::switch("no-git", "Makes no git repository"))
        .arg(cli::switch("no-lock", "Makes no lock file"))
        .arg(cli::switch("install", "Installs the project when it is made"))
        .arg(cli::switch("trust", "Lets the template run the commands that it declares"))
        .args(cli::question_flags(template))
}

/// Makes a project.
pub fn run(cli: &Cli) -> Result<Ending> {
    let Some(matches) = cli.matches.subcommand_matches("new") else {
        return Ok(Ending::Done);
    };
    let interrupt = Interrupt::install()?;
    let (ui, template) = (cli.ui, &cli.template);
    let path = cli::path(matches, "path");
    let target = path.map(|path| prepare(cli, &path)).transpose()?;
    let gathered = Gathered::from(inputs::sources(matches, template)?, template)?;
    ui.problems(&template.warnings);

    let asks = !matches.get_flag("yes") && Ui::can_ask();
    let mut terminal = asks.then(|| Terminal::new(&interrupt));
    let answers = decide(cli, &gathered, target.as_ref(), terminal.as_mut())?;
    let target = target.map_or_else(|| named_target(cli, &answers), Ok)?;
    interrupt.check()?;

    let mut rendered = render::render(template, &answers, &Seed::random()?)?;
    let made = rendered.made();
    let memory = Memory {
        template,
        answers: &answers,
        made: &made,
        skip: &[],
    };
    state::add_to(&mut rendered.tree, memory, target.path())?;
    let plan = Plan::new(rendered, matches);
    let mut report = Report::new(template, &answers, target.path(), &plan);
    if is_dry(cli) {
        report.show_plan(ui, &plan);
        return Ok(Ending::Done);
    }
    let is_trusted = matches.get_flag("trust");
    trust::require(ui, template, plan.planned(), is_trusted, terminal.as_mut())?;
    make::make(&plan, target, ui, &interrupt, &mut report)?;
    report.show(ui);
    Ok(Ending::Done)
}

/// Finishes what an earlier run left at a path, and checks that a project can go there.
fn prepare(cli: &Cli, path: &Path) -> Result<Target> {
    if is_dry(cli) {
        return Target::parse(path);
    }
    let recovered = project::recover(path)?;
    if let Some(finished) = recovered.finished {
        cli.ui.warn(&format!(
            "finished the project in {} that an earlier run was killed over",
            finished.display()
        ));
    }
    if recovered.swept > 0 {
        cli.ui.detail("removed what a killed run had left");
    }
    Target::parse(path)
}

fn is_dry(cli: &Cli) -> bool {
    cli.matches
        .subcommand_matches("new")
        .is_some_and(|matches| matches.get_flag("dry-run"))
}

/// Takes the project's name as its folder, where no path was given.
fn named_target(cli: &Cli, answers: &Answers) -> Result<Target> {
    match answers.get(NAME) {
        Some(name) => prepare(cli, Path::new(&name.typed())),
        None => Err(no_path()),
    }
}

fn no_path() -> Error {
    Error::request("no PATH is given").hint("say where the project goes: pyscaffold new PATH")
}

/// Answers all questions, by asking where somebody can be asked.
fn decide(
    cli: &Cli,
    gathered: &Gathered,
    target: Option<&Target>,
    terminal: Option<&mut Terminal>,
) -> Result<Answers> {
    let template = &cli.template;
    let input = inputs::input(target.and_then(Target::name));
    if let Some(terminal) = terminal {
        gathered.refuse_unknown()?;
        let folder = target.map(Target::path);
        let given = &gathered.given;
        let interview = Interview {
            template,
            input: &input,
            given,
            recorded: &gathered.recorded,
            again: Again::New,
            folder,
        };
        let answers = prompt::ask(interview, terminal)?;
        gathered.refuse_unused(template, &answers)?;
        return Ok(answers);
    }
    if target.is_none() && !gathered.given.contains_key(NAME) {
        return Err(no_path());
    }
    let matches = super::matches(cli, "new")?;
    gathered.answer(template, &input, inputs::unanswered(matches))
}
