//! The keyboard while prompts are on the screen.
//!
//! Reading a key changes the terminal's modes only while it waits. What is typed ahead, or pasted,
//! would be shown between two keys and shift everything that is drawn, and Ctrl-C would become a
//! signal that nobody waits for.

/// Keeps what is typed for the next prompt; the modes from before return with the drop.
pub(super) struct Keyboard {
    #[cfg(unix)]
    before: Option<rustix::termios::Termios>,
}

#[cfg(unix)]
mod unix {
    use std::io::stdin;
    use std::time::Duration;

    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};

    use super::Keyboard;

    /// How long a signal can go unnoticed.
    const MOMENT: Duration = Duration::from_millis(50);

    impl Keyboard {
        /// Takes the keyboard; nothing happens where the input is no terminal.
        pub(in super::super) fn take() -> Self {
            let before = tcgetattr(stdin()).ok();
            if let Some(mut modes) = before.clone() {
                modes.local_modes -= LocalModes::ECHO | LocalModes::ICANON | LocalModes::ISIG;
                // Without this, prompts work and are merely less tidy.
                let _ = tcsetattr(stdin(), OptionalActions::Drain, &modes);
            }
            Keyboard { before }
        }

        /// Waits a moment, and tells whether there is something to read.
        pub(in super::super) fn is_pressed(&self) -> bool {
            if self.before.is_none() {
                return true;
            }
            let stdin = stdin();
            let mut inputs = [PollFd::new(&stdin, PollFlags::IN)];
            let moment = Timespec::try_from(MOMENT).ok();
            match poll(&mut inputs, moment.as_ref()) {
                Ok(ready) => ready > 0,
                // What else goes wrong is for the reader to find out.
                Err(error) => error != rustix::io::Errno::INTR,
            }
        }
    }

    impl Drop for Keyboard {
        fn drop(&mut self) {
            if let Some(before) = &self.before {
                // A terminal that is gone needs no modes.
                let _ = tcsetattr(stdin(), OptionalActions::Drain, before);
            }
        }
    }
}

#[cfg(not(unix))]
impl Keyboard {
    /// Takes the keyboard; a console shows what is typed only when a program reads lines.
    pub(super) fn take() -> Self {
        Keyboard {}
    }

    /// Leaves the waiting to the reader.
    pub(super) fn is_pressed(&self) -> bool {
        true
    }
}
