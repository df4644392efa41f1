//! The terminal as a place to draw on and to read keys from.
//!
//! Rows stay until they are taken back; under them stands one prompt. Prompts hide the cursor while
//! they wait, and no way out of one forgets to bring it back.

use std::io;

use console::{Key, Term};

use super::keyboard::Keyboard;
use super::row::Row;
use crate::error::{Error, Result};
use crate::interrupt::Interrupt;

/// How much fits on the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Size {
    /// The rows.
    pub(super) rows: usize,
    /// The columns of each.
    pub(super) columns: usize,
}

/// The screen, and the keyboard from the first prompt to the last.
pub(super) struct Screen {
    term: Term,
    interrupt: Interrupt,
    keyboard: Option<Keyboard>,
}

impl Screen {
    /// Draws on stderr; nothing appears before a key is awaited.
    pub(super) fn new(interrupt: &Interrupt) -> Self {
        Screen {
            term: Term::buffered_stderr(),
            interrupt: interrupt.clone(),
            keyboard: None,
        }
    }

    /// Measures the screen.
    pub(super) fn size(&self) -> Size {
        let (rows, columns) = self.term.size();
        Size {
            rows: rows.into(),
            columns: columns.into(),
        }
    }

    /// Writes a row that stays.
    pub(super) fn print(&mut self, row: &Row) -> Result<()> {
        Ok(self.term.write_line(row.text())?)
    }

    /// Erases the last rows that stayed, and all below them.
    pub(super) fn unprint<'r>(&mut self, rows: impl IntoIterator<Item = &'r Row>) -> Result<()> {
        // A row takes several lines after the window was made narrower.
        let columns = self.size().columns.max(1);
        let lines = rows
            .into_iter()
            .map(|row| row.width().div_ceil(columns).max(1))
            .sum();
        self.term.move_cursor_up(lines)?;
        Ok(self.term.clear_to_end_of_screen()?)
    }

    /// Draws the current row anew, with the cursor in one of its columns.
    pub(super) fn draw(&mut self, row: &Row, cursor: usize) -> Result<()> {
        self.clear()?;
        self.term.write_str(row.text())?;
        self.term.write_str("\r")?;
        Ok(self.term.move_cursor_right(cursor)?)
    }

    /// Erases the current row.
    pub(super) fn clear(&mut self) -> Result<()> {
        Ok(self.term.clear_line()?)
    }

    /// Waits for a key.
    pub(super) fn read(&mut self) -> Result<Key> {
        self.run(|term| {
            term.flush()?;
            Ok(term.read_key()?)
        })
    }

    /// Lets a prompt draw and read; Ctrl-C and signals that end programs are an error.
    pub(super) fn run<T>(
        &mut self,
        prompt: impl FnOnce(&Term) -> dialoguer::Result<T>,
    ) -> Result<T> {
        self.keyboard.get_or_insert_with(Keyboard::take);
        let waited = self.interrupt.wait(|| prompt(&self.term));
        let reply = waited
            .and_then(|reply| reply.map_err(|dialoguer::Error::IO(error)| unreadable(&error)));
        if reply.is_err() {
            // What is said next begins a row.
            self.clear()?;
        }
        reply
    }

    /// Shows all that was drawn, and gives the terminal back as it was.
    pub(super) fn close(&mut self) -> Result<()> {
        if self.keyboard.is_some() {
            self.term.show_cursor()?;
            self.term.flush()?;
            self.keyboard = None;
        }
        Ok(())
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        // A terminal that is gone needs nothing back.
        let _ = self.close();
    }
}

fn unreadable(error: &io::Error) -> Error {
    match error.kind() {
        // Ctrl-C was typed, a signal woke the reader up, or the terminal is gone with the person.
        io::ErrorKind::Interrupted | io::ErrorKind::UnexpectedEof => Error::interrupted(),
        _ => Error::failed(format!("can't read from the terminal: {error}")),
    }
}
