//! A project that is there already: what all commands on it have in common.
//!
//! Each of them decides on answers and a template; from there on it is one way: render, merge,
//! show, apply, lock.

mod access;
mod apply;
mod ask;
mod decide;
mod dirty;
mod disk;
mod flags;
mod next;
mod rebuild;
mod report;
mod standing;
mod transitions;
mod trial;
mod unmerged;

use std::path::{Path, PathBuf};
use std::rc::Rc;

use clap::ArgMatches;
use serde_json::json;

use crate::answer::Answers;
use crate::cli::{Cli, Opened};
use crate::error::{Ending, Error, Result};
use crate::interrupt::Interrupt;
use crate::merge::Both;
use crate::prompt::Terminal;
use crate::resolve::Given;
use crate::state::{self, State};
use crate::tree::{Node, ProjectPath};
use crate::ui::Ui;
use crate::visible;

pub use access::Access;
pub use apply::in_index;
pub use ask::Request;
pub use decide::{Basis, Decided};
pub use disk::node_at;
pub use flags::{common_flags, flags};
pub use rebuild::rebuild;
pub use report::{changes, patches, show_changes};
pub use standing::{Standing, beside, standings};
pub use transitions::Transitions;
pub use unmerged::{refuse_left_out, refuse_unmerged};

/// A project that is to be changed.
pub struct Existing<'a> {
    pub(super) cli: &'a Cli,
    pub(super) matches: &'a ArgMatches,
    pub(super) root: PathBuf,
    pub(super) access: Rc<Access>,
    /// The files of the state, as they were when it was read.
    recorded: Vec<(ProjectPath, Option<Node>)>,
    pub(super) state: State,
    pub(super) interrupt: Interrupt,
    pub(super) terminal: Option<Terminal>,
    both: Both,
}

impl<'a> Existing<'a> {
    /// Takes the project that the command line was opened for, the one around the current folder.
    pub fn open(cli: &'a Cli, command: &str) -> Result<Self> {
        let matches = super::matches(cli, command)?;
        let opened = opened(cli)?;
        let recorded = recorded(&opened.root)?;
        let state = state::read_or(&opened.root, |state, lost| {
            rebuild(cli, &opened.root, (state, lost))
        })?;
        let mut project = Self::with(cli, matches, opened, state)?;
        project.recorded = recorded;
        project.refuse_dirty()?;
        Ok(project)
    }

    /// Takes a folder with what is known of it.
    pub fn with(
        cli: &'a Cli,
        matches: &'a ArgMatches,
        opened: Opened,
        state: State,
    ) -> Result<Self> {
        let interrupt = Interrupt::install()?;
        let asks = !matches.get_flag("yes") && !cli.ui.is_json && Ui::can_ask();
        let terminal = asks.then(|| Terminal::new(&interrupt));
        Ok(Existing {
            cli,
            matches,
            recorded: recorded(&opened.root)?,
            root: opened.root,
            access: opened.access,
            state,
            interrupt,
            terminal,
            both: Both::default(),
        })
    }

    /// Tells whether somebody can be asked.
    pub fn asks(&self) -> bool {
        self.terminal.is_some()
    }

    /// Says what becomes of files that both sides have and no template has made.
    pub fn take_over(&mut self, both: Both) {
        self.both = both;
    }

    /// Writes the command that would do the same again, for the record.
    pub fn title(&self, command: &str, answers: &Answers) -> String {
        let changed = answers.iter().filter(|(name, answer)| {
            let question = self.cli.template.question(name);
            let is_shown = question.is_some_and(|question| !question.secret && question.is_open());
            let recorded = self.state.answers.get(*name);
            is_shown && !matches!(recorded, Some(Given::Data(value)) if *value == json!(answer))
        });
        let flags = changed.map(|(name, answer)| {
            format!(
                " --{} {}",
                name.replace('_', "-"),
                visible::word(&answer.typed())
            )
        });
        format!("{command}{}", flags.collect::<String>())
    }

    /// Warns when the template isn't the one that the project was made from.
    pub fn warn_of_another_template(&self) {
        let template = &self.cli.template;
        if template.name != self.state.name {
            self.cli.ui.warn(&format!(
                "the project was made from '{}', and this template is '{}'",
                self.state.name, template.name
            ));
        }
    }

    /// Brings the project to these answers and to the template in use.
    pub fn bring_to(self, title: &str, answers: Answers) -> Result<Ending> {
        let basis = Basis {
            template: &self.cli.template,
            root: &self.root,
            state: &self.state,
            both: self.both,
        };
        let decided = basis.decide(answers)?;
        self.carry_out(title, decided)
    }
}

/// Gives the project around the current folder.
pub fn opened(cli: &Cli) -> Result<Opened> {
    match &cli.project {
        Some(opened) => Ok(opened.clone()),
        // Finding none says why.
        None => Err(state::find(&std::env::current_dir()?).map_or_else(
            |error| error,
            |_| Error::failed("the project appeared meanwhile").hint("run the command again"),
        )),
    }
}

/// Reads the files of a project's state.
fn recorded(root: &Path) -> Result<Vec<(ProjectPath, Option<Node>)>> {
    let paths = [state::ANSWERS, state::SNAPSHOT];
    let read = |path| {
        let path = ProjectPath::parse(path)?;
        let node = node_at(root, &path)?;
        Ok((path, node))
    };
    paths.into_iter().map(read).collect()
}
