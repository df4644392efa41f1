//! The keyboard while prompts are on the screen.
//!
//! Reading a key changes the terminal's modes only while it waits. What is typed ahead, or pasted,
//! would be shown between two keys and shift everything that is drawn, and Ctrl-C would become a
//! signal that nobody waits for.

/// Keeps what is typed for the next prompt; the modes from before return with the drop.
pub(super) struct Keyboard {
    #[cfg(unix)]
    before: Option<nix::sys::termios::Termios>,
}

#[cfg(unix)]
impl Keyboard {
    /// Takes the keyboard; nothing happens where the input is no terminal.
    pub(super) fn take() -> Self {
        use nix::sys::termios::{LocalFlags, SetArg, tcgetattr, tcsetattr};

        let before = tcgetattr(std::io::stdin()).ok();
        if let Some(mut modes) = before.clone() {
            modes.local_flags -= LocalFlags::ECHO | LocalFlags::ICANON | LocalFlags::ISIG;
            // Without this, prompts work and are merely less tidy.
            let _ = tcsetattr(std::io::stdin(), SetArg::TCSADRAIN, &modes);
        }
        Keyboard { before }
    }
}

#[cfg(unix)]
impl Drop for Keyboard {
    fn drop(&mut self) {
        use nix::sys::termios::{SetArg, tcsetattr};

        if let Some(before) = &self.before {
            // A terminal that is gone needs no modes.
            let _ = tcsetattr(std::io::stdin(), SetArg::TCSADRAIN, before);
        }
    }
}

#[cfg(not(unix))]
impl Keyboard {
    /// Takes the keyboard; a console shows what is typed only when a program reads lines.
    pub(super) fn take() -> Self {
        Keyboard {}
    }
}
