//! Answers for a project that has some already.

use std::collections::BTreeMap;

use super::Existing;
use crate::answer::Answers;
use crate::commands::inputs;
use crate::error::Result;
use crate::given::Gathered;
use crate::prompt::{self, Again, Interview};

/// What a command wants to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    /// Everything again where nothing is given and somebody can be asked, else what is missing.
    Everything,
    /// The same where answers were found: what brings code is never taken from the configuration.
    Found,
    /// What has no answer yet.
    Missing,
    /// What has no answer yet, with these answers given, as they are typed.
    Given(BTreeMap<String, String>),
}

impl Existing<'_> {
    /// Answers all questions: what is given, else what the project remembers, else what is asked.
    pub fn answer(&mut self, request: Request) -> Result<Answers> {
        let template = &self.cli.template;
        let mut sources = inputs::sources(self.matches, template)?;
        sources.recorded = self.state.answers.clone();
        sources.written = self.state.written_for(template);
        let asks_all = matches!(request, Request::Everything | Request::Found)
            && sources.flags.is_empty()
            && sources.file.is_none();
        let is_found = request == Request::Found;
        if let Request::Given(given) = request {
            sources.parts = given;
        }
        let mut gathered = Gathered::from(sources, template)?;
        if is_found {
            gathered = gathered.for_found(template);
        }
        let input = inputs::input(self.cli, Some(&self.root))?;
        let Some(terminal) = self.terminal.as_mut() else {
            gathered.refuse_taken_away(template)?;
            let unanswered = inputs::unanswered(self.matches);
            return gathered.answer(template, &input, unanswered);
        };
        gathered.refuse_unknown()?;
        // Whoever can be asked is asked.
        self.cli.ui.problems(&gathered.unfit());
        let interview = Interview {
            template,
            input: &input,
            given: &gathered.given,
            recorded: &gathered.recorded,
            again: if asks_all {
                Again::Everything
            } else {
                Again::Missing
            },
            folder: None,
        };
        let answers = prompt::ask(interview, terminal)?;
        terminal.close()?;
        gathered.refuse_unused(template, &answers)?;
        Ok(answers)
    }
}
