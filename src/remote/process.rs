//! One run of the `git` program: listened to while it runs, and ended when it is to stop.

use std::io::{self, Read};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crate::error::{Error, Result};

/// How often it is looked whether to stop.
const TICK: Duration = Duration::from_millis(100);

/// How long a program has to end by itself when it is to stop.
const GRACE: Duration = Duration::from_secs(1);

/// The most that a program may print, in bytes; no listing of a repository is that long.
const MOST: u64 = 64 * 1024 * 1024;

/// The most lines that are kept of what a program says, and the longest of them, in bytes.
const LINES: usize = 50;
const LINE: usize = 1000;

/// What a program said, and how it ended.
pub(super) struct Said {
    pub is_success: bool,
    pub stdout: String,
    /// The last lines for people.
    pub lines: Vec<String>,
}

/// Runs a program to its end, and lets every line that it says for people be heard; ends it as
/// soon as `check` fails.
pub(super) fn run(
    mut command: Command,
    hear: &mut dyn FnMut(&str),
    check: &mut dyn FnMut() -> Result<()>,
) -> Result<Said> {
    check()?;
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => {
            Error::failed("there is no 'git' program, which templates are fetched by")
                .hint("install git")
        }
        _ => Error::failed(format!("can't run 'git': {error}")),
    })?;
    let printed = child.stdout.take().map(collect);
    let said = child.stderr.take().map(listen);
    let mut lines = Vec::new();
    let mut keep = |line: String| {
        hear(&line);
        if lines.len() == LINES {
            lines.remove(0);
        }
        lines.push(line);
    };
    let status = match wait(&mut child, said, &mut keep, check) {
        Ok(status) => status?,
        Err(error) => {
            // It has to be gone before anything is cleaned up.
            end(&mut child)?;
            return Err(error);
        }
    };
    let stdout = printed.and_then(|thread| thread.join().ok());
    Ok(Said {
        is_success: status.success(),
        stdout: stdout.unwrap_or_default(),
        lines,
    })
}

/// Waits for the end of a program.
fn wait(
    child: &mut Child,
    said: Option<Receiver<String>>,
    keep: &mut dyn FnMut(String),
    check: &mut dyn FnMut() -> Result<()>,
) -> Result<io::Result<ExitStatus>> {
    let mut said = said;
    let mut ended: Option<(ExitStatus, Instant)> = None;
    loop {
        match said.as_ref().map(|said| said.recv_timeout(TICK)) {
            Some(Ok(line)) => keep(line),
            Some(Err(RecvTimeoutError::Timeout)) => {}
            Some(Err(RecvTimeoutError::Disconnected)) => said = None,
            None => thread::sleep(Duration::from_millis(2)),
        }
        match ended {
            // What it left running may hold its outputs.
            Some((status, since)) if said.is_none() || since.elapsed() > GRACE => {
                return Ok(Ok(status));
            }
            Some(_) => {}
            None => match child.try_wait() {
                Ok(status) => ended = status.map(|status| (status, Instant::now())),
                Err(error) => return Ok(Err(error)),
            },
        }
        check()?;
    }
}

/// Lets a program end by itself for a moment, then ends it.
fn end(child: &mut Child) -> Result<()> {
    ask_to_end(child);
    let begin = Instant::now();
    while begin.elapsed() < GRACE {
        if child.try_wait()?.is_some() {
            return Ok(());
        }
        thread::sleep(Duration::from_millis(10));
    }
    child.kill()?;
    child.wait()?;
    Ok(())
}

/// Lets git clean up what it began, and end the programs that it started.
#[cfg(unix)]
fn ask_to_end(child: &Child) {
    use nix::sys::signal::{Signal, kill};
    use nix::unistd::Pid;

    if let Ok(id) = i32::try_from(child.id()) {
        // One that is gone already needs no signal.
        let _ = kill(Pid::from_raw(id), Signal::SIGTERM);
    }
}

/// Has no way to ask.
#[cfg(not(unix))]
fn ask_to_end(_: &Child) {}

/// Reads all that a program prints, in a thread of its own.
fn collect(stream: impl Read + Send + 'static) -> JoinHandle<String> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        // What was read before a failure is what there is.
        let _ = stream.take(MOST).read_to_end(&mut bytes);
        String::from_utf8_lossy(&bytes).into_owned()
    })
}

/// Reads what a program says, line by line; one that is written over ends, too.
fn listen(mut stream: impl Read + Send + 'static) -> Receiver<String> {
    let (sender, lines) = mpsc::channel();
    thread::spawn(move || {
        let mut line = Vec::new();
        let mut buffer = [0; 4096];
        loop {
            let count = match stream.read(&mut buffer) {
                Ok(count @ 1..) => count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Ok(_) | Err(_) => break,
            };
            for &byte in &buffer[..count] {
                if !matches!(byte, b'\n' | b'\r') {
                    if line.len() < LINE {
                        line.push(byte);
                    }
                } else if !line.is_empty() {
                    let text = String::from_utf8_lossy(&line).into_owned();
                    line.clear();
                    if sender.send(text).is_err() {
                        return;
                    }
                }
            }
        }
        if !line.is_empty() {
            // Nobody may be listening any more.
            let _ = sender.send(String::from_utf8_lossy(&line).into_owned());
        }
    });
    lines
}
