//! A project that is there already: what all commands on it have in common.
//!
//! Each of them decides on answers and a template; from there on it is one way: render, merge,
//! show, apply, lock.

mod apply;
mod ask;
mod decide;
mod disk;
mod flags;
mod next;
mod report;
mod standing;
mod transitions;
mod trial;

use std::path::PathBuf;

use clap::ArgMatches;
use serde_json::json;

use crate::answer::Answers;
use crate::cli::Cli;
use crate::error::{Ending, Result};
use crate::interrupt::Interrupt;
use crate::merge::Both;
use crate::prompt::Terminal;
use crate::resolve::Given;
use crate::state::{self, State};
use crate::ui::Ui;
use crate::visible;

pub use apply::in_index;
pub use ask::Request;
pub use decide::{Basis, Decided};
pub use disk::{node_at, recover};
pub use flags::{common_flags, flags};
pub use report::{changes, patches, show_changes};
pub use standing::{Standing, beside, standings};
pub use transitions::Transitions;

/// A project that is to be changed.
pub struct Existing<'a> {
    pub(super) cli: &'a Cli,
    pub(super) matches: &'a ArgMatches,
    pub(super) root: PathBuf,
    pub(super) state: State,
    pub(super) interrupt: Interrupt,
    pub(super) terminal: Option<Terminal>,
    both: Both,
}

impl<'a> Existing<'a> {
    /// Opens the project around the current folder, and finishes what a killed run left in it.
    pub fn open(cli: &'a Cli, command: &str) -> Result<Self> {
        let matches = super::matches(cli, command)?;
        let root = state::find(&std::env::current_dir()?)?;
        recover(cli.ui, &root)?;
        let state = state::read(&root)?;
        let project = Self::with(cli, matches, root, state)?;
        project.refuse_dirty()?;
        Ok(project)
    }

    /// Takes a folder with what is known of it.
    pub fn with(
        cli: &'a Cli,
        matches: &'a ArgMatches,
        root: PathBuf,
        state: State,
    ) -> Result<Self> {
        let interrupt = Interrupt::install()?;
        let asks = !matches.get_flag("yes") && !cli.ui.is_json && Ui::can_ask();
        let terminal = asks.then(|| Terminal::new(&interrupt));
        Ok(Existing {
            cli,
            matches,
            root,
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
