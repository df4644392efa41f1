//! A look at a project that nobody may change meanwhile.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::project::change::local::{self, Local};

/// A look at a project without the right to change it: in the end it tells whether what was seen
/// was one state of the project.
#[derive(Debug)]
pub struct Glimpse {
    root: PathBuf,
    /// The changes that were done.
    done: Vec<OsString>,
}

impl Glimpse {
    /// Begins to look.
    pub fn begin(root: &Path) -> Result<Self> {
        Ok(Glimpse {
            root: root.to_owned(),
            done: Local::at(root).names()?,
        })
    }

    /// Fails when the project has changed since then, or is just changing.
    pub fn check(&self) -> Result<()> {
        if !local::has_remains(&self.root)? && Local::at(&self.root).names()? == self.done {
            return Ok(());
        }
        Err(
            Error::failed("another pyscaffold changed the project while this one looked at it")
                .hint("run the command again"),
        )
    }
}
