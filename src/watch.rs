//! The last bound on what a command may cost, and its end where nobody heeds the wish for one.
//!
//! What rendering does is counted in steps, and each text and list has a largest size; but one
//! step can join two texts, again and again. So a second thread looks at what the program holds
//! and takes, and ends it: with an error, and never while files of the user's move. The same thread
//! ends a program that was told to stop and hangs.

use std::alloc::System;
use std::process;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use cap::Cap;

use crate::error::{Error, Kind};
use crate::interrupt::{self, Interrupt};
use crate::ui::Ui;

/// The memory that a command may take, in bytes; with our template it takes some ten million.
const MAX_MEMORY: usize = 1024 * 1024 * 1024;

/// The memory at which the program ends without a word, in case the thread was too late.
const MAX_MEMORY_EVER: usize = 4 * MAX_MEMORY;

/// The time that a command may take; with our template it takes a tenth of a second.
///
/// It is the processor's time: neither the user nor a child, a server or a busy machine counts.
const MAX_TIME: Duration = Duration::from_secs(30);

/// The time that each part of a long work may take besides.
const MAX_TIME_OF_PART: Duration = Duration::from_secs(1);

/// How often is looked.
const INTERVAL: Duration = Duration::from_millis(2);

/// How long the last words may take, which somebody may not be reading.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// Counts what the program holds.
#[global_allocator]
static MEMORY: Cap<System> = Cap::new(System, MAX_MEMORY_EVER);

/// Runs a command; ends the program when it takes too much, or is to stop and doesn't.
pub fn watch<T>(ui: Ui, command: impl FnOnce() -> T) -> T {
    let (done, wait) = channel::<()>();
    thread::scope(|scope| {
        let look = move || {
            let begun = used();
            while wait.recv_timeout(INTERVAL) == Err(RecvTimeoutError::Timeout) {
                if Interrupt::installed().is_some_and(Interrupt::is_overdue) {
                    interrupt::unless_held(|files| {
                        let message = format!("interrupted; {files}");
                        end(ui, &Error::new(Kind::Interrupted, message));
                    });
                } else if let Some(what) = excess(begun) {
                    interrupt::unless_held(|files| {
                        let message = format!("this takes too much {what}; {files}");
                        end(ui, &Error::failed(message).hint(
                            "a template that makes too much of too little does that: look at what repeats or joins texts",
                        ));
                    });
                }
            }
        };
        // Without a second thread, the other limits have to do.
        let _ = thread::Builder::new().spawn_scoped(scope, look);
        let result = command();
        drop(done);
        result
    })
}

/// Ends the program with an error.
fn end(ui: Ui, error: &Error) {
    let code = error.kind.code().into();
    // Who holds the output may be the one who hangs.
    thread::spawn(move || {
        thread::sleep(LAST_WORDS);
        process::exit(code)
    });
    ui.error(error);
    process::exit(code);
}

/// Says what is used up.
fn excess(begun: Duration) -> Option<String> {
    if MEMORY.allocated() > MAX_MEMORY {
        return Some(format!("memory, more than {MAX_MEMORY} bytes"));
    }
    let parts = Interrupt::installed().map_or(0, Interrupt::parts);
    let most = MAX_TIME + MAX_TIME_OF_PART * parts;
    let is_late = used().saturating_sub(begun) > most;
    is_late.then(|| format!("time, more than {} seconds", most.as_secs()))
}

/// Gives the processor's time that the program has used.
#[cfg(unix)]
fn used() -> Duration {
    let clock = nix::time::ClockId::CLOCK_PROCESS_CPUTIME_ID;
    clock.now().map_or(Duration::ZERO, Duration::from)
}

/// Gives the processor's time that the program has used.
#[cfg(not(unix))]
fn used() -> Duration {
    let used = cpu_time::ProcessTime::try_now();
    used.map_or(Duration::ZERO, |used| used.as_duration())
}
