//! Asks before a template runs something.

use clap::ArgMatches;

use crate::error::{Error, Kind, Result};
use crate::prompt::Terminal;
use crate::render::PlannedStep;
use crate::template::{Source, Template};
use crate::trust::{self, Entry, Grant, Origin, Verdict};
use crate::ui::Ui;
use crate::visible;

/// What is asked.
const QUESTION: &str = "Let it run them?";

/// Who decides whether a template may run commands.
#[derive(Debug, Clone, Copy)]
pub struct Consent<'a> {
    ui: Ui,
    template: &'a Template,
    /// Whether a flag of this run says yes.
    is_given: bool,
}

/// Whose commands are to run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wants {
    /// Those that somebody else's template declares.
    Declared,
    /// Those that come with the binary, over the files of somebody else's template.
    Ours,
}

/// What can be answered, beside no.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Answer {
    No,
    Once,
    Content,
    Source,
}

impl<'a> Consent<'a> {
    /// Prepares to ask about a template, for a command with the flag `--trust`.
    pub fn new(ui: Ui, template: &'a Template, matches: &ArgMatches) -> Self {
        Consent {
            ui,
            template,
            is_given: matches.get_flag("trust"),
        }
    }

    /// Refuses to go on when somebody else's template wants to run what nobody agreed to, and tells
    /// whether the steps may run.
    ///
    /// Steps that come with the binary are left out rather than refused: what a tool reads in the
    /// files of somebody else's template can make it run more, but the project is complete without.
    pub fn obtain<'s>(
        &self,
        steps: impl IntoIterator<Item = &'s PlannedStep>,
        terminal: Option<&mut Terminal>,
    ) -> Result<bool> {
        let (ours, declared): (Vec<_>, Vec<_>) =
            steps.into_iter().partition(|planned| planned.is_builtin);
        let wants = if declared.is_empty() {
            Wants::Ours
        } else {
            Wants::Declared
        };
        let asked = if declared.is_empty() { ours } else { declared };
        let commands: Vec<&[String]> = asked.iter().map(|planned| &*planned.step.run).collect();
        if self.is_given || commands.is_empty() || self.template.foreign.is_empty() {
            return Ok(true);
        }
        let origins = self.origins();
        let verdict = origins.as_ref().map_or(Ok(Verdict::Unknown), |origins| {
            Ok::<_, Error>(trust::file::read()?.verdict(origins, &self.template.digest))
        })?;
        if verdict == Verdict::Trusted {
            return Ok(true);
        }
        let Some(terminal) = terminal else {
            return self.deny(wants, &commands, verdict);
        };
        self.show(wants, &commands, verdict);
        self.show_others(origins.as_deref());
        match (
            ask(terminal, origins.as_deref(), (wants, verdict))?,
            origins,
        ) {
            (Answer::No, _) if wants == Wants::Declared => Err(self.refusal(&commands)),
            (Answer::No, _) => Ok(false),
            (Answer::Once, _) | (_, None) => Ok(true),
            (Answer::Content, Some(origins)) => {
                let grant = Grant::Content(self.template.digest.clone());
                remember(origins.into_iter().take(1), &grant).map(|()| true)
            }
            (Answer::Source, Some(origins)) => {
                remember(origins.into_iter(), &Grant::Everything).map(|()| true)
            }
        }
    }

    /// Tells whether steps may run without anybody being asked.
    pub fn is_given<'s>(&self, steps: impl IntoIterator<Item = &'s PlannedStep>) -> Result<bool> {
        if self.is_given || self.template.foreign.is_empty() || steps.into_iter().next().is_none() {
            return Ok(true);
        }
        let Some(origins) = self.origins() else {
            return Ok(false);
        };
        let verdict = trust::file::read()?.verdict(&origins, &self.template.digest);
        Ok(verdict == Verdict::Trusted)
    }

    /// Answers where nobody can be asked.
    fn deny(&self, wants: Wants, commands: &[&[String]], verdict: Verdict) -> Result<bool> {
        if wants == Wants::Declared {
            self.show(wants, commands, verdict);
            return Err(self.refusal(commands));
        }
        let lines: Vec<String> = commands
            .iter()
            .map(|words| visible::command(words))
            .collect();
        self.ui.warn(&format!(
            "left out, because template '{}' is not trusted and this reads its files: {}; run it later, or say --trust",
            self.template.source,
            lines.join("; ")
        ));
        Ok(false)
    }

    /// Gives what the template and all that it extends are called in the list of what is trusted;
    /// nothing where one of them has no such name.
    fn origins(&self) -> Option<Vec<Origin>> {
        let foreign = self.template.foreign.iter();
        foreign.map(|source| origin(source).ok()).collect()
    }

    fn show(&self, wants: Wants, commands: &[&[String]], verdict: Verdict) {
        let source = &self.template.source;
        let number = match commands.len() {
            1 => "a command".to_owned(),
            several => format!("{several} commands"),
        };
        let changed = match verdict {
            Verdict::Changed => ". It has changed since you trusted it",
            Verdict::Trusted | Verdict::Unknown => "",
        };
        let lines: Vec<String> = commands
            .iter()
            .map(|words| visible::command(words))
            .collect();
        let heading = match wants {
            Wants::Declared => {
                format!("The template '{source}' wants to run {number} in the project{changed}:")
            }
            Wants::Ours => format!(
                "In the project, {number} would read the files of template '{source}'{changed}:"
            ),
        };
        self.ui.demands(&heading, &lines);
    }

    /// Shows what else is trusted with the template.
    fn show_others(&self, origins: Option<&[Origin]>) {
        if let Some([_, others @ ..]) = origins
            && !others.is_empty()
        {
            let names: Vec<String> = others.iter().map(ToString::to_string).collect();
            self.ui.demands("It extends, and is trusted with:", &names);
        }
    }

    fn refusal(&self, commands: &[&[String]]) -> Error {
        let source = &self.template.source;
        let message = format!("template '{source}' wants to run commands and is not trusted");
        Error::new(Kind::Untrusted, message)
            .with_commands(commands.iter().map(|words| words.to_vec()).collect())
            .hint("look at them, then say --trust for this run, or trust the template from now on with 'pyscaffold trust add'")
    }
}

/// Gives what a source is called in the list of what is trusted; the error says why it can't be.
pub fn origin(source: &Source) -> Result<Origin, String> {
    if let Source::Folder(folder) = source {
        let folder = fs_err::canonicalize(folder).map_err(|error| error.to_string())?;
        return Origin::folder(&folder);
    }
    Origin::parse(&source.to_string())
}

/// Asks; without names there is nothing to remember the answer by.
fn ask(
    terminal: &mut Terminal,
    origins: Option<&[Origin]>,
    (wants, verdict): (Wants, Verdict),
) -> Result<Answer> {
    let no = match wants {
        Wants::Declared => "nothing is written",
        Wants::Ours => "it is left out",
    };
    let mut options = vec![(Answer::No, "No", no), (Answer::Once, "Once", "this time")];
    if origins.is_some() {
        options.extend([
            (
                Answer::Content,
                "This content",
                "until a file of it changes",
            ),
            (
                Answer::Source,
                "This source",
                "now and later, whatever it holds then",
            ),
        ]);
    }
    let shown: Vec<(&str, &str)> = options
        .iter()
        .map(|(_, title, hint)| (*title, *hint))
        .collect();
    let question = match verdict {
        Verdict::Changed => "It has changed since you trusted it. Let it run them?",
        Verdict::Trusted | Verdict::Unknown => QUESTION,
    };
    let chosen = terminal.pick(question, &shown)?;
    let chosen = chosen.and_then(|place| options.get(place));
    Ok(chosen.map_or(Answer::No, |(answer, ..)| *answer))
}

/// Writes into the list what was agreed to for good.
fn remember(origins: impl Iterator<Item = Origin>, grant: &Grant) -> Result<()> {
    trust::file::change(|list| {
        for origin in origins {
            // What lies in a source that is trusted as a whole needs no entry as a whole.
            let is_known = *grant == Grant::Everything && list.covering(&origin).is_some();
            if !is_known {
                let grant = grant.clone();
                list.add(Entry { origin, grant });
            }
        }
        Ok(())
    })
}
