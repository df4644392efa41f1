//! Programs of others: the only place that starts one.
//!
//! A child is looked up on a `PATH` without what depends on a folder, and gets that `PATH`; it gets
//! no input, unless it is given some; nothing of its environment leads it to another repository.
//! What it says is bounded. One that is to stop is asked first, and ended with all that it started
//! when it doesn't; on Windows it is ended alone. None is left unwaited for.

mod ending;
mod environment;
mod listening;
mod place;

use std::ffi::OsStr;
use std::io::{self, PipeReader, Write};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::RecvTimeoutError;
use std::thread;
use std::time::{Duration, Instant};

use crate::error::Result;

pub use environment::LOCATION_VARIABLES;
pub use place::find;

use ending::Group;
use listening::{Heard, Outputs};

/// How often it is looked whether to stop.
const TICK: Duration = Duration::from_millis(40);

/// How long a child has to end by itself when it is to stop; and how long its outputs have to close
/// after its end.
const GRACE: Duration = Duration::from_secs(1);

/// How much is kept of what a child prints on its standard output, and of what it says beside that,
/// in bytes.
const MOST: usize = 64 * 1024 * 1024;
const TAIL: usize = 64 * 1024;

/// Hears a line that a child says for people.
pub type Hear<'h> = dyn FnMut(&str) + 'h;

/// Fails when a child is to stop.
pub type Check<'c> = dyn FnMut() -> Result<()> + 'c;

/// A program that is to be run.
#[derive(Debug)]
pub struct Call {
    command: Command,
    group: Group,
    input: Option<Vec<u8>>,
    /// How much is kept of both outputs together, where they are one.
    together: Option<usize>,
}

/// How a child ended, and what it said.
#[derive(Debug)]
pub struct Said {
    /// How it ended.
    pub status: ExitStatus,
    /// The beginning of what it printed; nothing where both outputs are one.
    pub stdout: Vec<u8>,
    /// The end of what it said beside that, or on both.
    pub told: Vec<u8>,
}

impl Call {
    /// Prepares a program, by its name or its path; nothing where there is none of that name.
    pub fn of(program: &str, folder: &Path) -> Option<Self> {
        find(program).map(|program| Call::at(&program, folder))
    }

    /// Prepares the program that lies at a path.
    pub fn at(program: &Path, folder: &Path) -> Self {
        let mut command = Command::new(program);
        command.current_dir(folder);
        environment::clean(&mut command);
        Call {
            command,
            group: Group::Own,
            input: None,
            together: None,
        }
    }

    /// Adds arguments.
    pub fn args(&mut self, arguments: impl IntoIterator<Item = impl AsRef<OsStr>>) -> &mut Self {
        self.command.args(arguments);
        self
    }

    /// Sets a variable.
    pub fn env(&mut self, name: &str, value: impl AsRef<OsStr>) -> &mut Self {
        self.command.env(name, value);
        self
    }

    /// Takes variables away.
    pub fn without(&mut self, names: &[&str]) -> &mut Self {
        for name in names {
            self.command.env_remove(name);
        }
        self
    }

    /// Lets it ask the user, on the terminal: for the secret of a key, for example.
    pub fn attended(&mut self) -> &mut Self {
        self.group = Group::Ours;
        self
    }

    /// Gives it something to read.
    pub fn input(&mut self, input: Vec<u8>) -> &mut Self {
        self.input = Some(input);
        self
    }

    /// Takes both outputs for one, and keeps so many bytes of its end.
    pub fn together(&mut self, kept: usize) -> &mut Self {
        self.together = Some(kept);
        self
    }

    /// Runs it to its end, and lets every line be heard that it says for people; it is ended as soon
    /// as `check` fails, and that is the error. The inner one says why it couldn't be run.
    pub fn run(mut self, hear: &mut Hear<'_>, check: &mut Check<'_>) -> Result<io::Result<Said>> {
        check()?;
        let kept = self.together.unwrap_or(TAIL);
        let (mut child, outputs) = match self.start() {
            Ok(started) => started,
            Err(error) => return Ok(Err(error)),
        };
        let mut heard = Heard::new(MOST, kept);
        let waited = wait(&mut child, &outputs, &mut heard, (hear, check));
        if waited.is_err() {
            // It has to be gone before anything is cleaned up.
            ending::end(&mut child, self.group, &outputs)?;
        }
        Ok(waited?.map(|status| heard.said(status)))
    }

    /// Starts it.
    fn start(&mut self) -> io::Result<(Child, Outputs)> {
        self.group.prepare(&mut self.command);
        self.command.stdin(match self.input {
            Some(_) => Stdio::piped(),
            None => Stdio::null(),
        });
        let mut outputs = Outputs::new();
        let both: Option<PipeReader> = if self.together.is_some() {
            let (reader, writer) = io::pipe()?;
            self.command.stdout(writer.try_clone()?).stderr(writer);
            Some(reader)
        } else {
            self.command.stdout(Stdio::piped()).stderr(Stdio::piped());
            None
        };
        let mut child = self.command.spawn()?;
        // The command holds our ends of the pipe; it would never end with them open.
        self.command.stdout(Stdio::null()).stderr(Stdio::null());
        if let Some(both) = both {
            outputs.told(both);
        }
        if let Some(stdout) = child.stdout.take() {
            outputs.printed(stdout);
        }
        if let Some(stderr) = child.stderr.take() {
            outputs.told(stderr);
        }
        outputs.seal();
        if let (Some(mut stdin), Some(input)) = (child.stdin.take(), self.input.take()) {
            // One that ends without reading it all has its reasons.
            thread::spawn(move || stdin.write_all(&input));
        }
        Ok((child, outputs))
    }
}

/// Waits for the end of a child, and of what it says.
fn wait(
    child: &mut Child,
    outputs: &Outputs,
    heard: &mut Heard,
    (hear, check): (&mut Hear<'_>, &mut Check<'_>),
) -> Result<io::Result<ExitStatus>> {
    let mut ended: Option<(ExitStatus, Instant)> = None;
    let mut is_silent = false;
    let mut pause = Duration::from_micros(50);
    loop {
        if is_silent {
            thread::sleep(pause);
            pause = (pause * 2).min(TICK);
        } else {
            match outputs.next(TICK) {
                Ok(piece) => heard.take(piece, hear),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => is_silent = true,
            }
        }
        match ended {
            // What it left running may hold its outputs.
            Some((status, since)) if is_silent || since.elapsed() > GRACE => {
                heard.finish(hear);
                return Ok(Ok(status));
            }
            Some(_) => {}
            None => match ending::status(child) {
                Ok(status) => ended = status.map(|status| (status, Instant::now())),
                Err(error) => return Ok(Err(error)),
            },
        }
        check()?;
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests;
