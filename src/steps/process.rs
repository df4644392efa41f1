//! One child process: started, listened to, and ended when the user wants to stop.

use std::collections::VecDeque;
use std::io::{self, PipeReader, Read};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crate::interrupt::Interrupt;
use crate::steps::{environment, program};

/// How often an interrupt is looked for.
const TICK: Duration = Duration::from_millis(40);

/// How long a program has to end by itself after an interrupt, for Ctrl-C reaches it, too; and how
/// long its outputs have to close after its end.
const GRACE: Duration = Duration::from_secs(1);

/// How a process ended.
#[derive(Debug)]
pub(super) enum Ended {
    Success,
    Missing(String),
    Failure { code: Option<i32>, output: String },
    Interrupted,
}

/// Runs a program in a folder until it ends or the user wants to stop; of what it says, the last
/// bytes are kept.
pub(super) fn run(words: &[String], folder: &Path, interrupt: &Interrupt, kept: usize) -> Ended {
    let Some((program, arguments)) = words.split_first() else {
        return could_not("it names no program");
    };
    if interrupt.is_raised() {
        return Ended::Interrupted;
    }
    let located = match program::locate(program, folder) {
        Ok(located) => located,
        Err(reason) => return could_not(&reason),
    };
    let (mut child, listener) = match start(&located, arguments, folder, kept) {
        Ok(started) => started,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Ended::Missing(program.clone());
        }
        Err(error) => return could_not(&error.to_string()),
    };
    match wait(&mut child, &listener, interrupt) {
        Ok(Some(status)) if status.success() => Ended::Success,
        Ok(Some(status)) => Ended::Failure {
            code: status.code(),
            output: listener.text(),
        },
        Ok(None) => Ended::Interrupted,
        Err(error) => could_not(&error.to_string()),
    }
}

/// Says that a process couldn't be run at all.
fn could_not(reason: &str) -> Ended {
    Ended::Failure {
        code: None,
        output: reason.to_owned(),
    }
}

/// Starts a program whose two outputs go to one listener.
fn start(
    program: &Path,
    arguments: &[String],
    folder: &Path,
    kept: usize,
) -> io::Result<(Child, Listener)> {
    let (reader, writer) = io::pipe()?;
    let mut command = Command::new(program);
    command
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(writer.try_clone()?)
        .stderr(writer);
    environment::clean(&mut command);
    let child = command.spawn()?;
    // The command holds our ends of the pipe; it would never end with them open.
    drop(command);
    Ok((child, Listener::new(reader, kept)))
}

/// Waits for the end of a process; gives nothing when it was ended by an interrupt.
fn wait(
    child: &mut Child,
    listener: &Listener,
    interrupt: &Interrupt,
) -> io::Result<Option<ExitStatus>> {
    loop {
        // Usually the outputs close when the program ends; what it left running keeps them open.
        let is_silent = listener.wait(TICK);
        if interrupt.is_raised() {
            end(child, listener)?;
            return Ok(None);
        }
        if is_silent {
            return wait_silently(child, interrupt);
        }
        if let Some(status) = child.try_wait()? {
            // On a busy machine the end of what it said may not have been heard yet.
            listener.wait(GRACE);
            return Ok(Some(status));
        }
    }
}

/// Waits for a process that has closed its outputs.
fn wait_silently(child: &mut Child, interrupt: &Interrupt) -> io::Result<Option<ExitStatus>> {
    let mut pause = Duration::from_micros(50);
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if interrupt.is_raised() {
            child.kill()?;
            child.wait()?;
            return Ok(None);
        }
        thread::sleep(pause);
        pause = (pause * 2).min(TICK);
    }
}

/// Lets a process end by itself for a moment, then ends it.
fn end(child: &mut Child, listener: &Listener) -> io::Result<()> {
    let begin = Instant::now();
    while begin.elapsed() < GRACE {
        if child.try_wait()?.is_some() {
            return Ok(());
        }
        if listener.wait(TICK) {
            break;
        }
    }
    child.kill()?;
    child.wait()?;
    Ok(())
}

/// A thread that keeps the end of what a process says.
struct Listener {
    tail: Arc<Mutex<VecDeque<u8>>>,
    closed: Receiver<()>,
}

impl Listener {
    /// Begins to listen.
    fn new(mut reader: PipeReader, most: usize) -> Self {
        let tail = Arc::new(Mutex::new(VecDeque::new()));
        let kept = Arc::clone(&tail);
        let (close, closed) = mpsc::channel();
        thread::spawn(move || {
            let mut buffer = [0; 4096];
            loop {
                let count = match reader.read(&mut buffer) {
                    Ok(count @ 1..) => count,
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                    Ok(_) | Err(_) => break,
                };
                let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
                kept.extend(&buffer[..count]);
                let surplus = kept.len().saturating_sub(most);
                kept.drain(..surplus);
            }
            drop(close);
        });
        Listener { tail, closed }
    }

    /// Waits until the process has closed its outputs, and tells whether it has.
    fn wait(&self, time: Duration) -> bool {
        matches!(
            self.closed.recv_timeout(time),
            Err(RecvTimeoutError::Disconnected)
        )
    }

    /// Gives what was kept.
    fn text(&self) -> String {
        let mut tail = self.tail.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(tail.make_contiguous())
            .trim_end()
            .to_owned()
    }
}
