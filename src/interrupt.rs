//! The user's wish to stop: Ctrl-C, or a signal that ends programs.
//!
//! It only remembers the wish. Whoever works on the disk asks for it between two operations, so
//! that nothing stops half-way. Whoever waits for the user is woken up.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use crate::error::{Error, Result};

/// Whether the user asked to stop; copies share the answer.
#[derive(Debug, Clone, Default)]
pub struct Interrupt(Arc<State>);

#[derive(Debug, Default)]
struct State {
    is_raised: AtomicBool,
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
        static INSTALLED: OnceLock<Interrupt> = OnceLock::new();
        if let Some(installed) = INSTALLED.get() {
            return Ok(installed.clone());
        }
        let interrupt = INSTALLED.get_or_init(Interrupt::new).clone();
        let raised = interrupt.clone();
        ctrlc::set_handler(move || {
            raised.raise();
            raised.0.waiter.wake();
        })
        .map_err(|error| Error::failed(format!("can't listen for Ctrl-C: {error}")))?;
        Ok(interrupt)
    }

    /// Asks everybody who holds a copy to stop.
    pub fn raise(&self) {
        self.0.is_raised.store(true, Ordering::SeqCst);
    }

    /// Tells whether to stop.
    pub fn is_raised(&self) -> bool {
        self.0.is_raised.load(Ordering::SeqCst)
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
        let waiting = self.0.waiter.begin();
        self.check()?;
        let result = wait();
        drop(waiting);
        self.check().map(|()| result)
    }
}

#[cfg(unix)]
mod waiter {
    use std::sync::{Mutex, MutexGuard, PoisonError};
    use std::time::Duration;

    use nix::sys::pthread::{Pthread, pthread_kill, pthread_self};
    use nix::sys::signal::Signal;

    /// The thread that waits for the user.
    #[derive(Debug, Default)]
    pub(super) struct Waiter(Mutex<Option<Pthread>>);

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

        /// Sends a signal to the thread that waits, and tells whether there is one.
        fn nudge(&self) -> bool {
            // The lock is held, so the thread is still there.
            self.lock()
                .is_some_and(|thread| pthread_kill(thread, Signal::SIGINT).is_ok())
        }

        fn lock(&self) -> MutexGuard<'_, Option<Pthread>> {
            self.0.lock().unwrap_or_else(PoisonError::into_inner)
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
