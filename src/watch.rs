//! The last bound on what a template may cost: memory that is counted, and time.
//!
//! What rendering does is counted in steps, and each text and list has a largest size; but one
//! step can join two texts, again and again. So a second thread looks at what the program holds
//! while a template is read and rendered, when nothing is written yet, and ends it.

use std::alloc::System;
use std::process;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use cap::Cap;

use crate::error::Error;
use crate::ui::Ui;

/// The memory that a template may take, in bytes; ours takes some ten million.
const MAX_MEMORY: usize = 1024 * 1024 * 1024;

/// The memory at which the program ends without a word, in case the thread was too late.
const MAX_MEMORY_EVER: usize = 4 * MAX_MEMORY;

/// The time that a template may take to be read and rendered; ours takes a tenth of a second.
///
/// It is the processor's time: a server that takes its time, or a busy machine, doesn't count.
const MAX_TIME: Duration = Duration::from_secs(30);

/// How often is looked.
const INTERVAL: Duration = Duration::from_millis(2);

/// Counts what the program holds.
#[global_allocator]
static MEMORY: Cap<System> = Cap::new(System, MAX_MEMORY_EVER);

/// Does something that a template decides about and that writes nothing; ends the program when that
/// takes too much.
pub fn watch<T>(ui: Ui, work: impl FnOnce() -> T) -> T {
    let (done, wait) = channel::<()>();
    thread::scope(|scope| {
        let look = move || {
            let begun = used();
            while wait.recv_timeout(INTERVAL) == Err(RecvTimeoutError::Timeout) {
                let Some(what) = excess(begun) else {
                    continue;
                };
                let message = format!("the template takes too much {what}; nothing was changed");
                let error = Error::failed(message)
                    .hint("it makes too much of too little: look at what repeats or joins texts");
                ui.error(&error);
                process::exit(error.kind.code().into());
            }
        };
        // Without a second thread, the other limits have to do.
        let _ = thread::Builder::new().spawn_scoped(scope, look);
        let result = work();
        drop(done);
        result
    })
}

/// Says what is used up.
fn excess(begun: Duration) -> Option<String> {
    if MEMORY.allocated() > MAX_MEMORY {
        return Some(format!("memory, more than {MAX_MEMORY} bytes"));
    }
    let is_late = used().saturating_sub(begun) > MAX_TIME;
    is_late.then(|| format!("time, more than {} seconds", MAX_TIME.as_secs()))
}

/// Gives the processor's time that the program has used.
#[cfg(unix)]
fn used() -> Duration {
    let clock = nix::time::ClockId::CLOCK_PROCESS_CPUTIME_ID;
    clock.now().map_or(Duration::ZERO, Duration::from)
}

/// Gives the time that the program has run.
#[cfg(not(unix))]
fn used() -> Duration {
    static BEGUN: std::sync::LazyLock<std::time::Instant> =
        std::sync::LazyLock::new(std::time::Instant::now);
    BEGUN.elapsed()
}
