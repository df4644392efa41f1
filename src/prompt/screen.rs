//! The terminal as a place to draw on and to read keys from.
//!
//! What is drawn is always in one of two parts: rows that stay, and under them the frame of the
//! current prompt, which is drawn anew after each key. The cursor is never hidden, so that no way
//! out of a prompt can forget to bring it back.

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

/// The rows of a prompt, and where the cursor stands in them.
#[derive(Debug, Clone)]
pub(super) struct Frame {
    /// The rows from top to bottom.
    pub(super) rows: Vec<Row>,
    /// The row that the cursor is in, and its column.
    pub(super) cursor: (usize, usize),
}

/// The screen, with what has to be erased from it.
pub(super) struct Screen {
    term: Term,
    interrupt: Interrupt,
    /// Held from the first frame to the last.
    keyboard: Option<Keyboard>,
    /// The widths of the frame's rows down to the cursor's.
    above_cursor: Vec<usize>,
}

impl Screen {
    /// Draws on stderr; nothing appears before a key is awaited.
    pub(super) fn new(interrupt: &Interrupt) -> Self {
        Screen {
            term: Term::buffered_stderr(),
            interrupt: interrupt.clone(),
            keyboard: None,
            above_cursor: Vec::new(),
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

    /// Draws the frame of the current prompt in place of the one before.
    pub(super) fn draw(&mut self, frame: &Frame) -> Result<()> {
        self.keyboard.get_or_insert_with(Keyboard::take);
        self.erase()?;
        let rows: Vec<&str> = frame.rows.iter().map(Row::text).collect();
        self.term.write_str(&rows.join("\n"))?;
        let (row, column) = frame.cursor;
        self.term
            .move_cursor_up(rows.len().saturating_sub(row + 1))?;
        self.term.write_str("\r")?;
        self.term.move_cursor_right(column)?;
        self.above_cursor = frame.rows[..row]
            .iter()
            .map(Row::width)
            .chain([column])
            .collect();
        Ok(())
    }

    /// Erases the frame of the current prompt.
    pub(super) fn erase(&mut self) -> Result<()> {
        if let Some((column, above)) = std::mem::take(&mut self.above_cursor).split_last() {
            let within = column / self.size().columns.max(1);
            self.take_back(above.iter().copied(), within)?;
        }
        Ok(())
    }

    /// Writes a row that stays.
    pub(super) fn print(&mut self, row: &Row) -> Result<()> {
        Ok(self.term.write_line(row.text())?)
    }

    /// Erases the last rows that stayed, and all below them.
    pub(super) fn unprint<'r>(&mut self, rows: impl Iterator<Item = &'r Row>) -> Result<()> {
        self.take_back(rows.map(Row::width), 0)
    }

    /// Goes up over rows of these widths, and erases from there on.
    fn take_back(&self, widths: impl Iterator<Item = usize>, more: usize) -> Result<()> {
        // A row takes several lines after the window was made narrower.
        let columns = self.size().columns.max(1);
        let lines: usize = widths.map(|width| width.div_ceil(columns).max(1)).sum();
        self.term.move_cursor_up(lines + more)?;
        self.term.write_str("\r")?;
        Ok(self.term.clear_to_end_of_screen()?)
    }

    /// Shows all that was drawn.
    pub(super) fn show(&self) -> Result<()> {
        Ok(self.term.flush()?)
    }

    /// Shows all that was drawn, and gives the terminal back as it was.
    pub(super) fn close(&mut self) -> Result<()> {
        self.show()?;
        self.keyboard = None;
        Ok(())
    }

    /// Waits for a key; Ctrl-C and signals that end programs erase the frame and are an error.
    pub(super) fn read(&mut self) -> Result<Key> {
        self.show()?;
        let key = self.wait().and_then(|()| self.read_key());
        if key.is_err() {
            self.erase()?;
            self.close()?;
        }
        key
    }

    /// Waits until there is a key to read, or a signal came.
    fn wait(&self) -> Result<()> {
        loop {
            self.interrupt.check()?;
            if self.keyboard.as_ref().is_none_or(Keyboard::is_pressed) {
                return Ok(());
            }
        }
    }

    fn read_key(&self) -> Result<Key> {
        let key = match self.term.read_key_raw() {
            // Ctrl-C that was typed, or a signal that woke the reader up.
            Ok(Key::CtrlC) => Err(Error::interrupted()),
            // The terminal is gone, and the person with it.
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Err(Error::interrupted()),
            Err(error) => Err(Error::failed(format!(
                "can't read from the terminal: {error}"
            ))),
            // Escape twice, so quickly that it arrived as one sequence.
            Ok(Key::UnknownEscSeq(sequence)) if sequence == ['\x1b'] => Ok(Key::Escape),
            Ok(key) => Ok(key),
        };
        self.interrupt.check().and(key)
    }
}
