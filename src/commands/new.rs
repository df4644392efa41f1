//! `pyscaffold new`: makes a project.

mod make;
mod report;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::{Arg, ArgMatches, Command, ValueHint, value_parser};

use crate::answer::Answers;
use crate::cli::{self, Cli};
use crate::commands::consent::Consent;
use crate::commands::{inputs, repeat};
use crate::error::{Ending, Error, Result};
use crate::given::Gathered;
use crate::interrupt::Interrupt;
use crate::project::{self, Enclosing, Target};
use crate::prompt::{self, Again, Interview, Terminal};
use crate::render::{self, Rendered, Seed};
use crate::state::{self, Memory};
use crate::template::Template;
use crate::ui::Ui;
use crate::visible;

use make::Plan;
use report::Report;

/// The question whose answer names the folder where no path is given.
const NAME: &str = "name";

/// Builds the command's part of the command line.
pub fn command(template: &Template) -> Command {
    Command::new("new")
        .about("Makes a project")
        .long_about(format!("Makes a project: {}.\n\nWhat no flag, file, variable or configuration answers is asked, or takes its default with --yes.", visible::line(&template.summary)))
        .arg(place("Folder of the project: a new one, an empty one, or '.'"))
        .args(cli::template_flags())
        .args(flags())
        .args(cli::question_flags(template))
}

/// Gives the argument that says where the project goes.
pub fn place(help: &'static str) -> Arg {
    Arg::new("path")
        .value_hint(ValueHint::AnyPath)
        .value_parser(value_parser!(PathBuf))
        .value_name("PATH")
        .help(help)
}

/// Gives the flags that say how a project is made.
pub fn flags() -> Vec<Arg> {
    let mut flags = cli::answer_flags().to_vec();
    flags.extend([
        cli::switch("yes", "Asks nothing; what isn't answered takes its default").short('y'),
        cli::switch("dry-run", "Shows what would be written, and writes nothing"),
        cli::json_flag(),
        cli::switch("no-git", "Makes no git repository"),
        cli::switch("no-lock", "Makes no lock file"),
        cli::switch("install", "Installs the project when it is made"),
        cli::switch(
            "trust",
            "Lets the template run the commands that it declares",
        ),
    ]);
    flags
}

/// Makes a project.
pub fn run(cli: &Cli) -> Result<Ending> {
    make_from(cli, super::matches(cli, "new")?)
}

/// Makes a project by the flags of a command that has a place and [`flags`].
pub fn make_from(cli: &Cli, matches: &ArgMatches) -> Result<Ending> {
    let request = Request { cli, matches };
    let interrupt = Interrupt::install()?;
    let (ui, template) = (cli.ui, &cli.template);
    let path = cli::path(matches, "path");
    let target = path.map(|path| request.prepare(&path)).transpose()?;
    let gathered = Gathered::from(inputs::sources(matches, template)?, template)?;
    ui.problems(&template.warnings);

    let asks = !matches.get_flag("yes") && Ui::can_ask();
    let mut terminal = asks.then(|| Terminal::new(&interrupt));
    let answers = request.decide(&gathered, target.as_ref(), terminal.as_mut())?;
    let target = target.map_or_else(|| request.named_target(&answers), Ok)?;
    interrupt.check()?;

    let seed = Seed::random()?;
    let mut rendered = render::render(template, &answers, &seed)?;
    refuse_member(&rendered, target.path())?;
    let made = rendered.made();
    let memory = Memory {
        template,
        answers: &answers,
        made: &made,
        skip: &[],
        kept: &BTreeMap::new(),
    };
    state::add_to(&mut rendered.tree, memory, target.path())?;
    let mut plan = Plan::new(rendered, matches);
    let mut report = Report::new(template, &answers, target.path(), &plan);
    if request.is_dry() {
        report.show_plan(ui, &plan);
        return Ok(Ending::Done);
    }
    let may_run = Consent::new(ui, template, matches)
        .obtain(plan.planned(), terminal.as_mut())
        .map_err(|error| plan.without_steps(error))?;
    if !may_run {
        plan.leave_out_steps();
    }
    make::make(&plan, target, ui, &interrupt, &mut report)?;
    report.show(ui);
    Ok(Ending::Done)
}

/// Refuses to make a project where a tool takes it for a part of another one.
fn refuse_member(rendered: &Rendered, folder: &Path) -> Result<()> {
    let Some(Enclosing {
        file,
        member,
        workspace,
    }) = project::enclosing(folder, &rendered.workspaces)
    else {
        return Ok(());
    };
    let file = file.display();
    let elsewhere = "make the project outside of that folder";
    let exclude = workspace.exclude.map_or_else(
        || elsewhere.to_owned(),
        |key| format!("list '{member}' under {key} there, or {elsewhere}"),
    );
    let because = workspace.because;
    Err(Error::request(format!(
        "'{member}' would be a member of the workspace in '{file}': {because}"
    ))
    .hint(exclude))
}

/// What was typed, and what it means.
struct Request<'a> {
    cli: &'a Cli,
    matches: &'a ArgMatches,
}

impl Request<'_> {
    /// Finishes what an earlier run left at a path, and checks that a project can go there.
    fn prepare(&self, path: &Path) -> Result<Target> {
        if self.is_dry() {
            return Target::parse(path);
        }
        let ui = self.cli.ui;
        let recovered = project::recover(path)?;
        if let Some(finished) = recovered.finished {
            ui.warn(&format!(
                "finished the project in {} that an earlier run was killed over",
                finished.display()
            ));
        }
        if recovered.swept > 0 {
            ui.detail("removed what a killed run had left");
        }
        Target::parse(path)
    }

    fn is_dry(&self) -> bool {
        self.matches.get_flag("dry-run")
    }

    /// Takes the project's name as its folder, where no path was given.
    fn named_target(&self, answers: &Answers) -> Result<Target> {
        match answers.get(NAME) {
            Some(name) => self.prepare(Path::new(&name.typed())),
            None => Err(self.no_path()),
        }
    }

    fn no_path(&self) -> Error {
        let command = repeat::program(&self.cli.template);
        Error::request("no PATH is given")
            .hint(format!("say where the project goes: {command} PATH"))
    }

    /// Answers all questions, by asking where somebody can be asked.
    fn decide(
        &self,
        gathered: &Gathered,
        target: Option<&Target>,
        terminal: Option<&mut Terminal>,
    ) -> Result<Answers> {
        let template = &self.cli.template;
        let input = inputs::input(self.cli, target.map(Target::path))?;
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
            return Err(self.no_path());
        }
        let unanswered = inputs::unanswered(self.matches);
        gathered.answer(template, &input, unanswered)
    }
}
