//! The user's wish to stop: Ctrl-C, or a signal that ends programs.
//!
//! It only remembers the wish. Whoever works on the disk asks for it between two operations, so
//! that nothing stops half-way.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::error::{Error, Result};

/// Whether the user asked to stop; copies share the answer.
#[derive(Debug, Clone, Default)]
pub struct Interrupt(Arc<AtomicBool>);

impl Interrupt {
    /// Makes an interrupt that nothing raises by itself.
    pub fn new() -> Self {
        Interrupt::default()
    }

    /// Makes the interrupt that SIGINT, SIGTERM and SIGHUP raise; a process can have one.
    pub fn install() -> Result<Self> {
        let interrupt = Interrupt::new();
        let raised = interrupt.clone();
        ctrlc::set_handler(move || raised.raise())
            .map_err(|error| Error::failed(format!("can't listen for Ctrl-C: {error}")))?;
        Ok(interrupt)
    }

    /// Asks everybody who holds a copy to stop.
    pub fn raise(&self) {
        self.0.store(true, Ordering::SeqCst);
    }

    /// Tells whether to stop.
    pub fn is_raised(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }

    /// Fails when the user asked to stop.
    pub fn check(&self) -> Result<()> {
        if self.is_raised() {
            return Err(Error::interrupted());
        }
        Ok(())
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
}
