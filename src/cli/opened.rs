//! The project that a command is about, opened before anything of it is read: its template is in
//! its state, too.

use std::path::{Path, PathBuf};
use std::rc::Rc;

use crate::commands::existing::Access;
use crate::commands::{self, Questions, Use};
use crate::error::Result;
use crate::state;
use crate::ui::Ui;

/// A project with its folder.
#[derive(Debug, Clone)]
pub struct Opened {
    /// The folder.
    pub root: PathBuf,
    /// What may be done in it.
    pub access: Rc<Access>,
}

impl Opened {
    /// Opens the project that a command is about, as its words say; outside of a project there is none.
    pub(super) fn of(arguments: &[&str], ui: Ui) -> Result<Option<Self>> {
        let (Questions::Project(with) | Questions::Newest(with)) = commands::asked(arguments)
        else {
            return Ok(None);
        };
        let Ok(root) = state::find(Path::new(".")) else {
            return Ok(None);
        };
        let has = |flags: &[&str]| arguments.iter().any(|argument| flags.contains(argument));
        let changes = match with {
            Use::Look => false,
            Use::Change => !has(&["--help", "-h", "--dry-run"]),
            Use::Try => !has(&["--help", "-h"]),
        };
        let access = if changes {
            Access::change(ui, &root)?
        } else {
            Access::look(ui, &root)?
        };
        Ok(Some(Opened {
            root,
            access: Rc::new(access),
        }))
    }
}
