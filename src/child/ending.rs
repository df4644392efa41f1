//! How a child ends that is to stop.

use std::io;
use std::process::{Child, Command, ExitStatus};
use std::sync::mpsc::RecvTimeoutError;
use std::thread;
use std::time::{Duration, Instant};

use super::GRACE;
use super::listening::Outputs;
use crate::interrupt;

/// How often it is looked whether a child has ended.
const LOOK: Duration = Duration::from_millis(10);

/// Who hears of a signal for a child, and who may read from the terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Group {
    /// The child with what it starts, and nobody else; the terminal isn't theirs to read.
    Own,
    /// All of us: Ctrl-C reaches everybody, and the child may ask.
    Ours,
}

impl Group {
    /// Lets a child start in its group.
    #[cfg_attr(not(unix), allow(clippy::unused_self))]
    pub(super) fn prepare(self, command: &mut Command) {
        #[cfg(unix)]
        if self == Group::Own {
            std::os::unix::process::CommandExt::process_group(command, 0);
        }
        #[cfg(not(unix))]
        let _ = command;
    }
}

/// Asks a child to end, and what it started; ends them after a moment.
pub(super) fn end(child: &mut Child, group: Group, outputs: &Outputs) -> io::Result<()> {
    let _hold = interrupt::hold();
    signals::ask(child, group);
    let begin = Instant::now();
    let mut has_ended = false;
    while begin.elapsed() < GRACE {
        has_ended = has_ended || child.try_wait()?.is_some();
        if has_ended && !signals::is_left(child, group) {
            return Ok(());
        }
        // Who says something on the way out mustn't wait for a reader.
        if let Err(RecvTimeoutError::Disconnected) = outputs.next(LOOK) {
            thread::sleep(LOOK);
        }
    }
    signals::kill(child, group);
    child.kill()?;
    child.wait()?;
    Ok(())
}

/// Tells how a child ended, if it has; one that waits for the terminal waits for ever.
pub(super) fn status(child: &mut Child) -> io::Result<Option<ExitStatus>> {
    if signals::is_stopped(child) {
        signals::kill(child, Group::Own);
        child.kill()?;
        child.wait()?;
        let message = "it asks for something, and nobody can be asked while it runs";
        return Err(io::Error::other(message));
    }
    child.try_wait()
}

#[cfg(unix)]
mod signals {
    use std::process::Child;

    use nix::sys::signal::{Signal, kill as send};
    use nix::unistd::Pid;

    use super::Group;

    /// Asks for an end, so that it can clean up what it began.
    pub(super) fn ask(child: &Child, group: Group) {
        let to = receiver(child, group);
        // One that is gone already needs no signal, and one that is stopped hears none.
        let _ = send(to, Signal::SIGTERM);
        let _ = send(to, Signal::SIGCONT);
    }

    /// Ends all that is left.
    pub(super) fn kill(child: &Child, group: Group) {
        if group == Group::Own {
            let _ = send(receiver(child, group), Signal::SIGKILL);
        }
    }

    /// Tells whether something is left of what a child started, where that is known.
    pub(super) fn is_left(child: &Child, group: Group) -> bool {
        group == Group::Own && send(receiver(child, group), None).is_ok()
    }

    /// Gives the child alone, or the group that it leads.
    fn receiver(child: &Child, group: Group) -> Pid {
        let id = i32::try_from(child.id()).unwrap_or(i32::MAX);
        match group {
            Group::Own => Pid::from_raw(-id),
            Group::Ours => Pid::from_raw(id),
        }
    }

    /// Tells whether the system has stopped a child because it wanted to read from the terminal.
    #[cfg(target_os = "linux")]
    pub(super) fn is_stopped(child: &Child) -> bool {
        use nix::sys::wait::{Id, WaitPidFlag, WaitStatus, waitid};

        let id = Id::Pid(Pid::from_raw(i32::try_from(child.id()).unwrap_or(i32::MAX)));
        let flags = WaitPidFlag::WSTOPPED | WaitPidFlag::WNOHANG | WaitPidFlag::WNOWAIT;
        matches!(
            waitid(id, flags),
            Ok(WaitStatus::Stopped(_, Signal::SIGTTIN))
        )
    }

    /// Can't tell.
    #[cfg(not(target_os = "linux"))]
    pub(super) fn is_stopped(_: &Child) -> bool {
        false
    }
}

#[cfg(not(unix))]
mod signals {
    use std::process::Child;

    use super::Group;

    /// Has no way to ask.
    pub(super) fn ask(_: &Child, _: Group) {}

    /// Has no way to end others.
    pub(super) fn kill(_: &Child, _: Group) {}

    /// Knows of nobody else.
    pub(super) fn is_left(_: &Child, _: Group) -> bool {
        false
    }

    /// Knows no such state.
    pub(super) fn is_stopped(_: &Child) -> bool {
        false
    }
}
