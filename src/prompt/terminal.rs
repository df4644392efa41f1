//! A person at a terminal.
//!
//! Each question is a prompt that collapses to one row when it is answered. Going back erases
//! those rows again, and the summary takes their place.

use dialoguer::{Confirm, FuzzySelect, MultiSelect};
use serde_json::Value as Json;

use super::line::Line;
use super::options::{Item, begin_with, items, preferred};
use super::row::{Look, Row, wrap};
use super::screen::{Screen, Size};
use super::theme::RowTheme;
use super::words::{BACK, keys, problem, title};
use super::{Prompt, Prompter, Reply, Summary};
use crate::error::Result;
use crate::interrupt::Interrupt;
use crate::resolve::Given;
use crate::template::Kind;

/// What the person is asked last.
const CONFIRMATION: &str = "Make the project?";

/// The fewest rows that a screen needs for the question's help, too.
const ROOMY: usize = 8;

/// The most rows that a refusal takes.
const MAX_PROBLEM: usize = 4;

/// The most options that are shown at once.
const MAX_OPTIONS: usize = 12;

/// Asks on stderr and reads keys from the terminal; needs both to be one.
pub struct Terminal {
    screen: Screen,
    /// The questions that were answered, each with its row.
    answered: Vec<(String, Row)>,
}

impl Terminal {
    /// Makes a prompter that an interrupt ends.
    pub fn new(interrupt: &Interrupt) -> Self {
        Terminal {
            screen: Screen::new(interrupt),
            answered: Vec::new(),
        }
    }

    /// Leaves what was asked on the screen, for something else to follow.
    pub fn close(&mut self) -> Result<()> {
        self.screen.close()
    }

    /// Asks something that is no question of a template; Esc means no, and so does Enter.
    pub fn agree(&mut self, question: &str) -> Result<bool> {
        let agrees = self.confirm_with(question, false, "")? == Some(true);
        self.print_answered(question, yes_or_no(agrees))?;
        self.screen.close()?;
        Ok(agrees)
    }

    /// Has one of several things chosen that are no question of a template; the first is taken by
    /// Enter, and Esc takes none. Each has a title and a hint.
    pub fn pick(&mut self, question: &str, options: &[(&str, &str)]) -> Result<Option<usize>> {
        let size = self.screen.size();
        let item = |(title, hint): &(&str, &str)| Item {
            title: (*title).to_owned(),
            hint: (*hint).to_owned(),
            value: String::new(),
        };
        let items: Vec<Item> = options.iter().map(item).collect();
        let theme = RowTheme {
            columns: size.columns,
            options: &items,
            keys: "type to filter, enter to choose",
        };
        let select = FuzzySelect::with_theme(&theme)
            .with_prompt(question)
            .items(items.iter().map(|option| &option.title))
            .default(0)
            .max_length(size.rows.saturating_sub(2).clamp(1, MAX_OPTIONS))
            .report(false);
        let chosen = self.screen.run(|term| select.interact_on_opt(term))?;
        let shown = chosen.and_then(|place| options.get(place));
        self.print_answered(question, shown.map_or("no", |(title, _)| title))?;
        self.screen.close()?;
        Ok(chosen)
    }

    /// Reads a line; gives it with what is shown of it.
    fn type_in(&mut self, prompt: &Prompt) -> Result<Reply<(Given, String)>> {
        let mut line = Line::new(prompt);
        let title = title(prompt);
        let keys = keys(prompt, "");
        loop {
            let (row, cursor) = line.row(&title, &keys, self.screen.size().columns);
            self.screen.draw(&row, cursor)?;
            if let Some(reply) = line.press(&self.screen.read()?) {
                self.screen.clear()?;
                return Ok(reply.map(|given| (given, line.shown())));
            }
        }
    }

    /// Has one choice taken, by arrows or by typing what it is called.
    fn choose(&mut self, prompt: &Prompt, size: Size) -> Result<Reply<(Given, String)>> {
        let shown = size.rows.saturating_sub(2).clamp(1, MAX_OPTIONS);
        let mut options = items(prompt);
        let first = begin_with(&mut options, &preferred(prompt), shown);
        let theme = RowTheme {
            columns: size.columns,
            options: &options,
            keys: &keys(prompt, "type to filter, enter to choose"),
        };
        let select = FuzzySelect::with_theme(&theme)
            .with_prompt(&prompt.question.prompt)
            .items(options.iter().map(|option| &option.title))
            .default(first)
            .max_length(shown)
            .report(false);
        let chosen = self.screen.run(|term| select.interact_on_opt(term))?;
        Ok(match chosen.and_then(|place| options.get(place)) {
            Some(option) => {
                let value = option.value.as_str().into();
                Reply::Answer((Given::Data(value), option.title.clone()))
            }
            None => Reply::Back,
        })
    }

    /// Has any number of choices marked.
    fn mark(&mut self, prompt: &Prompt, size: Size) -> Result<Reply<(Given, String)>> {
        let options = items(prompt);
        let marked = preferred(prompt);
        let is_marked = |value: &String| {
            let marked = marked.as_array();
            marked.is_some_and(|marked| marked.iter().any(|one| one == value))
        };
        let theme = RowTheme {
            columns: size.columns,
            options: &options,
            keys: &keys(prompt, "space to mark, enter to go on"),
        };
        let select = MultiSelect::with_theme(&theme)
            .with_prompt(&prompt.question.prompt)
            .items_checked(
                options
                    .iter()
                    .map(|option| (&option.title, is_marked(&option.value))),
            )
            .max_length(size.rows)
            .report(false);
        let chosen = self.screen.run(|term| select.interact_on_opt(term))?;
        let Some(places) = chosen else {
            return Ok(Reply::Back);
        };
        let chosen = || places.iter().filter_map(|&place| options.get(place));
        let values: Json = chosen().map(|option| option.value.as_str()).collect();
        let titles: Vec<&str> = chosen().map(|option| option.title.as_str()).collect();
        let shown = if titles.is_empty() {
            "none".to_owned()
        } else {
            titles.join(", ")
        };
        Ok(Reply::Answer((Given::Data(values), shown)))
    }

    /// Asks for yes or no as the answer to a question.
    fn decide(&mut self, prompt: &Prompt) -> Result<Reply<(Given, String)>> {
        let default = preferred(prompt).as_bool().unwrap_or(false);
        let title = &prompt.question.prompt;
        let decided = self.confirm_with(title, default, &keys(prompt, ""))?;
        Ok(match decided {
            Some(yes) => Reply::Answer((Given::Data(yes.into()), yes_or_no(yes).to_owned())),
            None => Reply::Back,
        })
    }

    /// Asks for yes or no; none when the person wants to go back.
    fn confirm_with(&mut self, title: &str, default: bool, keys: &str) -> Result<Option<bool>> {
        let theme = RowTheme {
            columns: self.screen.size().columns,
            options: &[],
            keys,
        };
        let confirm = Confirm::with_theme(&theme)
            .with_prompt(title)
            .default(default)
            .report(false);
        self.screen.run(|term| confirm.interact_on_opt(term))
    }

    /// Shows why a reply was refused and what the question is about; its rows come back.
    fn print_lead(&mut self, prompt: &Prompt) -> Result<Vec<Row>> {
        let Size { rows, columns } = self.screen.size();
        let wrapped = problem(prompt)
            .into_iter()
            .flat_map(|sentence| wrap(&sentence, columns.saturating_sub(3)));
        let marks = std::iter::once("✘ ").chain(std::iter::repeat("  "));
        let refused = marks.zip(wrapped).map(|(mark, text)| {
            Row::new(columns)
                .with(mark, Look::Bad)
                .with(&text, Look::Bad)
        });
        let most = MAX_PROBLEM.min(rows.saturating_sub(3));
        let help = &prompt.question.help;
        let explained = (rows >= ROOMY && !help.is_empty()).then(|| {
            Row::new(columns)
                .with("  ", Look::Plain)
                .with(help, Look::Faint)
        });
        let lead: Vec<Row> = refused.take(most).chain(explained).collect();
        lead.iter().try_for_each(|row| self.screen.print(row))?;
        Ok(lead)
    }

    /// Writes the row that stays of a prompt that was answered.
    fn print_answered(&mut self, title: &str, answer: &str) -> Result<Row> {
        let answer = if answer.is_empty() { "(empty)" } else { answer };
        let row = Row::new(self.screen.size().columns)
            .with("✔ ", Look::Good)
            .with(title, Look::Strong)
            .with(" · ", Look::Faint)
            .with(answer, Look::Plain);
        self.screen.print(&row)?;
        Ok(row)
    }

    /// Erases the rows of a question that is put again, and of those after it.
    fn reopen(&mut self, name: &str) -> Result<()> {
        match self.answered.iter().position(|(known, _)| known == name) {
            Some(place) => {
                let again = self.answered.split_off(place);
                self.screen.unprint(again.iter().map(|(_, row)| row))
            }
            None => Ok(()),
        }
    }

    /// Shows all answers in place of the rows of the answered questions.
    fn print_summary(&mut self, summary: &Summary) -> Result<Vec<Row>> {
        let columns = self.screen.size().columns;
        let folder = summary.folder.as_deref().map(|folder| ("Folder", folder));
        let answers = summary
            .answers
            .iter()
            .map(|(title, answer)| (title.as_str(), answer.as_str()));
        let lines: Vec<(&str, &str)> = folder.into_iter().chain(answers).collect();
        let widths = lines
            .iter()
            .map(|(title, _)| console::measure_text_width(title));
        let widest = widths.max().unwrap_or(0);
        let row = |(title, answer): (&str, &str)| {
            Row::new(columns)
                .with("  ", Look::Plain)
                .with(title, Look::Faint)
                .pad(widest + 4)
                .with(answer, Look::Plain)
        };
        let empty = || std::iter::once(Row::new(columns));
        let rows: Vec<Row> = empty()
            .chain(lines.into_iter().map(row))
            .chain(empty())
            .collect();
        self.screen
            .unprint(self.answered.iter().map(|(_, row)| row))?;
        rows.iter().try_for_each(|row| self.screen.print(row))?;
        Ok(rows)
    }
}

impl Prompter for Terminal {
    fn ask(&mut self, prompt: &Prompt) -> Result<Reply<Given>> {
        let question = prompt.question;
        self.reopen(&question.name)?;
        let lead = self.print_lead(prompt)?;
        let size = self.screen.size();
        let below = Size {
            rows: size.rows.saturating_sub(lead.len()),
            ..size
        };
        let reply = match question.kind {
            Kind::Text(_) | Kind::Integer { .. } => self.type_in(prompt),
            Kind::Bool => self.decide(prompt),
            Kind::Choice(_) => self.choose(prompt, below),
            Kind::Choices(_) => self.mark(prompt, below),
        }?;
        self.screen.unprint(&lead)?;
        Ok(match reply {
            Reply::Answer((given, shown)) => {
                let row = self.print_answered(&question.prompt, &shown)?;
                self.answered.push((question.name.clone(), row));
                Reply::Answer(given)
            }
            Reply::Back => Reply::Back,
        })
    }

    fn confirm(&mut self, summary: &Summary) -> Result<Reply<bool>> {
        let rows = self.print_summary(summary)?;
        let keys = if summary.can_go_back { BACK } else { "" };
        if let Some(yes) = self.confirm_with(CONFIRMATION, true, keys)? {
            self.print_answered(CONFIRMATION, yes_or_no(yes))?;
            self.screen.close()?;
            return Ok(Reply::Answer(yes));
        }
        self.screen.unprint(&rows)?;
        self.answered
            .iter()
            .try_for_each(|(_, row)| self.screen.print(row))?;
        Ok(Reply::Back)
    }
}

fn yes_or_no(yes: bool) -> &'static str {
    if yes { "yes" } else { "no" }
}
