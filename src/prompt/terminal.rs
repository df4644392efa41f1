//! A person at a terminal.
//!
//! Each question is a prompt that collapses to one row when it is answered. Going back erases
//! those rows again, and the summary takes their place.

use super::field::{Field, Head, Pressed, answered};
use super::line::Line;
use super::list::{List, Preferred};
use super::row::{Look, Row};
use super::screen::Screen;
use super::{Prompt, Prompter, Reply, Summary};
use crate::error::Result;
use crate::interrupt::Interrupt;
use crate::resolve::Given;
use crate::template::Kind;

/// What the person is asked last.
const CONFIRMATION: &str = "Make the project?";

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

    /// Asks something that is no question of a template; Esc means no, and so does Enter.
    pub fn agree(&mut self, question: &str) -> Result<bool> {
        let mut field = List::yes_or_no(Preferred::No);
        let reply = self.run(&Head::plain(question), &mut field)?;
        let agrees = reply == Reply::Answer(Given::Data(true.into()));
        let answer = if agrees { "yes" } else { "no" };
        self.screen
            .print(&answered(question, answer, self.screen.size().columns))?;
        self.screen.close()?;
        Ok(agrees)
    }

    /// Draws and reads until there is a reply; its frame is erased then.
    fn run(&mut self, head: &Head, field: &mut dyn Field) -> Result<Reply<Given>> {
        loop {
            self.screen.draw(&field.frame(head, self.screen.size()))?;
            let pressed = field.press(&self.screen.read()?);
            if pressed == Pressed::Stay {
                continue;
            }
            self.screen.erase()?;
            return Ok(if pressed == Pressed::Done {
                Reply::Answer(field.given())
            } else {
                Reply::Back
            });
        }
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
        let widest = lines
            .iter()
            .map(|(title, _)| console::measure_text_width(title))
            .max()
            .unwrap_or(0);
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
        let mut field: Box<dyn Field> = match question.kind {
            Kind::Text(_) | Kind::Integer { .. } => Box::new(Line::new(prompt)),
            Kind::Bool | Kind::Choice(_) | Kind::Choices(_) => Box::new(List::new(prompt)),
        };
        let reply = self.run(&Head::new(prompt), field.as_mut())?;
        if matches!(reply, Reply::Answer(_)) {
            let row = answered(&question.prompt, &field.shown(), self.screen.size().columns);
            self.screen.print(&row)?;
            self.answered.push((question.name.clone(), row));
        }
        Ok(reply)
    }

    fn confirm(&mut self, summary: &Summary) -> Result<Reply<bool>> {
        let rows = self.print_summary(summary)?;
        let mut field = List::yes_or_no(Preferred::Yes);
        let head = Head {
            can_go_back: summary.can_go_back,
            ..Head::plain(CONFIRMATION)
        };
        let reply = self.run(&head, &mut field)?;
        match reply {
            Reply::Answer(given) => {
                let row = answered(CONFIRMATION, &field.shown(), self.screen.size().columns);
                self.screen.print(&row)?;
                self.screen.close()?;
                Ok(Reply::Answer(given == Given::Data(true.into())))
            }
            Reply::Back => {
                self.screen.unprint(rows.iter())?;
                self.answered
                    .iter()
                    .try_for_each(|(_, row)| self.screen.print(row))?;
                Ok(Reply::Back)
            }
        }
    }
}
