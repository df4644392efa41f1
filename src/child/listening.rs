//! What a child says, piece by piece.

use std::collections::VecDeque;
use std::io::{self, Read};
use std::process::ExitStatus;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, SyncSender};
use std::thread;
use std::time::Duration;

use super::Said;

/// How many pieces wait to be heard; who says more waits, too.
const WAITING: usize = 16;

/// The longest line that is heard whole, in bytes.
const LINE: usize = 1000;

/// Something that a child said.
pub(super) enum Piece {
    /// On its standard output.
    Printed(Vec<u8>),
    /// For people.
    Told(Vec<u8>),
}

/// The outputs of a child, each read by a thread of its own.
pub(super) struct Outputs {
    sender: Option<SyncSender<Piece>>,
    pieces: Receiver<Piece>,
}

impl Outputs {
    /// Begins without any.
    pub(super) fn new() -> Self {
        let (sender, pieces) = mpsc::sync_channel(WAITING);
        Outputs {
            sender: Some(sender),
            pieces,
        }
    }

    /// Listens to its standard output.
    pub(super) fn printed(&self, stream: impl Read + Send + 'static) {
        self.listen(stream, Piece::Printed);
    }

    /// Listens to what it says for people.
    pub(super) fn told(&self, stream: impl Read + Send + 'static) {
        self.listen(stream, Piece::Told);
    }

    fn listen(&self, mut stream: impl Read + Send + 'static, piece: fn(Vec<u8>) -> Piece) {
        let Some(sender) = self.sender.clone() else {
            return;
        };
        thread::spawn(move || {
            let mut buffer = [0; 8192];
            loop {
                let count = match stream.read(&mut buffer) {
                    Ok(count @ 1..) => count,
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                    Ok(_) | Err(_) => break,
                };
                if sender.send(piece(buffer[..count].to_vec())).is_err() {
                    break;
                }
            }
        });
    }

    /// Says that there are no more outputs.
    pub(super) fn seal(&mut self) {
        self.sender = None;
    }

    /// Gives the next piece; it is the end when all outputs are closed.
    pub(super) fn next(&self, time: Duration) -> Result<Piece, RecvTimeoutError> {
        self.pieces.recv_timeout(time)
    }
}

/// What is kept of what a child said.
pub(super) struct Heard {
    most: usize,
    kept: usize,
    printed: Vec<u8>,
    told: VecDeque<u8>,
    line: Vec<u8>,
}

impl Heard {
    /// Begins with nothing; so many bytes are kept of the beginning of what is printed, and of the
    /// end of what is told.
    pub(super) fn new(most: usize, kept: usize) -> Self {
        Heard {
            most,
            kept,
            printed: Vec::new(),
            told: VecDeque::new(),
            line: Vec::new(),
        }
    }

    /// Takes a piece, and lets the lines be heard that it ends.
    pub(super) fn take(&mut self, piece: Piece, hear: &mut dyn FnMut(&str)) {
        match piece {
            Piece::Printed(bytes) => {
                let room = self.most.saturating_sub(self.printed.len());
                self.printed.extend(&bytes[..bytes.len().min(room)]);
            }
            Piece::Told(bytes) => {
                self.told.extend(&bytes);
                let surplus = self.told.len().saturating_sub(self.kept);
                self.told.drain(..surplus);
                for byte in bytes {
                    // A line that is written over ends, too.
                    if matches!(byte, b'\n' | b'\r') {
                        self.finish(hear);
                    } else if self.line.len() < LINE {
                        self.line.push(byte);
                    }
                }
            }
        }
    }

    /// Lets the line be heard that has begun.
    pub(super) fn finish(&mut self, hear: &mut dyn FnMut(&str)) {
        if !self.line.is_empty() {
            hear(&String::from_utf8_lossy(&self.line));
            self.line.clear();
        }
    }

    /// Gives what was kept.
    pub(super) fn said(self, status: ExitStatus) -> Said {
        Said {
            status,
            stdout: self.printed,
            told: self.told.into(),
        }
    }
}
