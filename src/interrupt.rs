//! The user's wish to stop: Ctrl-C, or a signal that ends programs.
//!
//! It only remembers the wish. Whoever works on the disk asks for it between two operations, so
//! that nothing stops half-way. Whoever waits for the user is woken up. Where nobody heeds it, the
//! program may be ended, but never while somebody [holds](hold) it.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use crate::error::{Error, Result};

/// How long a wish may go unheeded.
const PATIENCE: Duration = Duration::from_secs(2);

/// The one interrupt that signals raise.
static INSTALLED: OnceLock<Interrupt> = OnceLock::new();

/// Who keeps the program from being ended.
static HOLDS: Mutex<Holds> = Mutex::new(Holds {
    count: 0,
    has_changed: false,
});

/// Whether the user asked to stop; copies share the answer.
#[derive(Debug, Clone, Default)]
pub struct Interrupt {
    state: Arc<State>,
    /// When it is raised by itself.
    until: Option<Instant>,
}

#[derive(Debug, Default)]
struct State {
    is_raised: AtomicBool,
    /// When it was raised first.
    since: OnceLock<Instant>,
    /// Whether it was raised once more.
    is_urgent: AtomicBool,
    /// How many parts of a long work have begun.
    parts: AtomicU32,
    waiter: waiter::Waiter,
}

impl Interrupt {
    /// Makes an interrupt that nothing raises by itself.
    pub fn new() -> Self {
        Interrupt::default()
    }

    /// Gives the interrupt that SIGINT, SIGTERM and SIGHUP raise; a process has one, which the
    /// first who asks for it sets up.
    pub fn install() -> Result<Self> {
        if let Some(installed) = INSTALLED.get() {
            return Ok(installed.clone());
        }
        let interrupt = INSTALLED.get_or_init(Interrupt::new).clone();
        let raised = interrupt.clone();
        ctrlc::set_handler(move || {
            if !raised.state.waiter.is_own_signal() {
                raised.raise();
            }
            raised.state.waiter.wake();
        })
        .map_err(|error| Error::failed(format!("can't listen for Ctrl-C: {error}")))?;
        Ok(interrupt)
    }

    /// Gives the interrupt that signals raise, if somebody has asked for one.
    pub fn installed() -> Option<&'static Self> {
        INSTALLED.get()
    }

    /// Asks everybody who holds a copy to stop; the second time it is urgent.
    pub fn raise(&self) {
        self.state.since.get_or_init(Instant::now);
        if self.state.is_raised.swap(true, Ordering::SeqCst) {
            self.state.is_urgent.store(true, Ordering::SeqCst);
        }
    }

    /// Tells whether the user asked to stop and nobody heeds it.
    pub fn is_overdue(&self) -> bool {
        let since = self.state.since.get();
        self.state.is_urgent.load(Ordering::SeqCst)
            || since.is_some_and(|since| since.elapsed() > PATIENCE)
    }

    /// Fails when the user asked to stop; otherwise notes that one of many like parts of a long
    /// work begins, which may take its own time.
    pub fn begin_part(&self) -> Result<()> {
        self.state.parts.fetch_add(1, Ordering::SeqCst);
        self.check()
    }

    /// Counts the parts that have begun.
    pub fn parts(&self) -> u32 {
        self.state.parts.load(Ordering::SeqCst)
    }

    /// Gives a copy that is also raised when some time is over, for those who hold it.
    #[must_use]
    pub fn within(&self, time: Duration) -> Self {
        Interrupt {
            until: Instant::now().checked_add(time),
            ..self.clone()
        }
    }

    /// Tells whether to stop.
    pub fn is_raised(&self) -> bool {
        self.state.is_raised.load(Ordering::SeqCst) || self.is_over()
    }

    /// Tells whether the time is over that there was.
    pub fn is_over(&self) -> bool {
        self.until.is_some_and(|until| Instant::now() >= until)
    }

    /// Fails when the user asked to stop.
    pub fn check(&self) -> Result<()> {
        if self.is_raised() {
            return Err(Error::interrupted());
        }
        Ok(())
    }

    /// Waits for something that may never come; fails when the user asked to stop before or
    /// meanwhile. An interrupt that was installed ends system calls in `wait` early.
    pub fn wait<T>(&self, wait: impl FnOnce() -> T) -> Result<T> {
        let waiting = self.state.waiter.begin();
        self.check()?;
        let result = wait();
        drop(waiting);
        self.check().map(|()| result)
    }
}

/// Who keeps the program from being ended, and whether something has changed meanwhile.
#[derive(Debug)]
struct Holds {
    count: usize,
    has_changed: bool,
}

/// Keeps the program from being ended until the drop.
#[derive(Debug)]
pub struct Hold(());

/// Keeps the program from being ended; for what is short and mustn't stop half-way.
#[must_use]
pub fn hold() -> Hold {
    holds().count += 1;
    Hold(())
}

/// Keeps the program from being ended while something of the user's is changed.
#[must_use]
pub fn hold_to_change() -> Hold {
    let mut holds = holds();
    holds.count += 1;
    holds.has_changed = true;
    Hold(())
}

/// Does something that ends the program, unless somebody holds it; says to it what is to be told of
/// the user's files. Nobody begins to hold it meanwhile.
pub fn unless_held(end: impl FnOnce(&str)) {
    let holds = holds();
    if holds.count == 0 {
        end(if holds.has_changed {
            "what was changed before stays"
        } else {
            "nothing was changed"
        });
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        holds().count -= 1;
    }
}

fn holds() -> MutexGuard<'static, Holds> {
    HOLDS.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(unix)]
mod waiter {
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::sync::{Mutex, MutexGuard, PoisonError};
    use std::time::Duration;

    use nix::sys::pthread::{Pthread, pthread_kill, pthread_self};
    use nix::sys::signal::Signal;

    /// The thread that waits for the user.
    #[derive(Debug, Default)]
    pub(super) struct Waiter {
        thread: Mutex<Option<Pthread>>,
        /// How many signals of our own are under way.
        nudges: AtomicU32,
    }

    /// The time in which a thread waits; ends with the drop.
    pub(super) struct Waiting<'w>(&'w Waiter);

    impl Waiter {
        /// Notes that this thread begins to wait.
        pub(super) fn begin(&self) -> Waiting<'_> {
            *self.lock() = Some(pthread_self());
            Waiting(self)
        }

        /// Interrupts the system call in which a thread waits; returns when nobody waits.
        pub(super) fn wake(&self) {
            // A signal that comes just before the call, and not in it, wakes up nobody.
            while self.nudge() {
                std::thread::sleep(Duration::from_millis(10));
            }
        }

        /// Tells whether a signal is one of our own, and counts it off; some that come together are
        /// one.
        pub(super) fn is_own_signal(&self) -> bool {
            let one_less = |nudges: u32| nudges.checked_sub(1);
            let ordering = Ordering::SeqCst;
            self.nudges
                .fetch_update(ordering, ordering, one_less)
                .is_ok()
        }

        /// Sends a signal to the thread that waits, and tells whether there is one.
        fn nudge(&self) -> bool {
            // The lock is held, so the thread is still there.
            self.lock().is_some_and(|thread| {
                self.nudges.fetch_add(1, Ordering::SeqCst);
                pthread_kill(thread, Signal::SIGINT).is_ok()
            })
        }

        fn lock(&self) -> MutexGuard<'_, Option<Pthread>> {
            self.thread.lock().unwrap_or_else(PoisonError::into_inner)
        }
    }

    impl Drop for Waiting<'_> {
        fn drop(&mut self) {
            *self.0.lock() = None;
        }
    }
}

#[cfg(not(unix))]
mod waiter {
    /// Nobody: a console reports Ctrl-C as a key, and closing it ends the process.
    #[derive(Debug, Default)]
    pub(super) struct Waiter;

    impl Waiter {
        /// Needs no note.
        pub(super) fn begin(&self) {}

        /// Sends no signals.
        pub(super) fn is_own_signal(&self) -> bool {
            false
        }

        /// Has nobody to wake up.
        pub(super) fn wake(&self) {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Kind;

    #[test]
    fn all_copies_see_it() {
        let interrupt = Interrupt::new();
        let copy = interrupt.clone();
        assert!(copy.check().is_ok());
        interrupt.raise();
        assert_eq!(copy.check().unwrap_err().kind, Kind::Interrupted);
    }

    #[test]
    fn the_second_wish_is_urgent() {
        let interrupt = Interrupt::new();
        assert!(!interrupt.is_overdue());
        interrupt.raise();
        assert!(!interrupt.is_overdue());
        interrupt.raise();
        assert!(interrupt.is_overdue());
    }

    #[test]
    fn nobody_is_ended_who_is_held() {
        let mut told = String::new();
        {
            let _outer = hold_to_change();
            drop(hold());
            unless_held(|_| unreachable!());
        }
        // Other tests hold it, too, for moments.
        while told.is_empty() {
            unless_held(|what| what.clone_into(&mut told));
        }
        assert_eq!(told, "what was changed before stays");
    }

    #[test]
    fn nobody_waits_after_it() {
        let interrupt = Interrupt::new();
        assert_eq!(interrupt.wait(|| 1).unwrap(), 1);
        interrupt.raise();
        let mut waited = false;
        let error = interrupt.wait(|| waited = true).unwrap_err();
        assert_eq!(error.kind, Kind::Interrupted);
        assert!(!waited);
    }

    #[cfg(unix)]
    #[test]
    fn a_signal_that_comes_before_the_wait_ends_it() {
        use std::os::fd::AsFd;

        use nix::errno::Errno;
        use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
        use nix::sys::signal::{Signal, kill};
        use nix::unistd::Pid;

        let interrupt = Interrupt::install().unwrap();
        let (silence, _writer) = std::io::pipe().unwrap();
        let mut woken = Ok(0);
        let error = interrupt
            .wait(|| {
                kill(Pid::this(), Signal::SIGTERM).unwrap();
                while !interrupt.is_raised() {
                    std::thread::yield_now();
                }
                let key = PollFd::new(silence.as_fd(), PollFlags::POLLIN);
                woken = poll(&mut [key], PollTimeout::from(30_000_u16));
            })
            .unwrap_err();
        assert_eq!(woken, Err(Errno::EINTR));
        assert_eq!(error.kind, Kind::Interrupted);
    }
}
