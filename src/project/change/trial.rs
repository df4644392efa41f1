//! A change that is there for no longer than something is looked at with it.

use std::path::Path;

use crate::error::{Error, Result};
use crate::interrupt::Interrupt;
use crate::project::change::folder::Direction;
use crate::project::change::forward::{self, WhenEdited};
use crate::project::change::local::Local;
use crate::project::change::{ChangeSet, begin, recovery, verify};

/// Applies a change, looks at the project, and takes the change back whatever comes of the look.
///
/// The journal says from the first file on that it is taken back: where the process is killed, the
/// next command does that. The change is never the one that [`last`](super::last) gives.
pub fn try_out<T>(
    root: &Path,
    set: &ChangeSet,
    interrupt: &Interrupt,
    look: impl FnOnce() -> Result<T>,
) -> Result<T> {
    interrupt.check()?;
    verify::check(root, set)?;
    let local = Local::create(root)?;
    let folder = local.change();
    let journal = match begin(&local, &folder, set, interrupt) {
        Ok(journal) => journal,
        Err(error) => {
            local.tidy();
            return Err(error);
        }
    };
    if let Err(error) = folder.turn_back() {
        let _ = local.settle();
        local.tidy();
        return Err(error);
    }
    let looked = forward::carry_out(root, &folder, &journal, WhenEdited::Fail).and_then(|_| look());
    let taken_back = recovery::recover(&local, Direction::Back)?;
    local.settle()?;
    local.tidy();
    let Some(left) = taken_back.left.first() else {
        return looked;
    };
    let mut error = Error::failed(format!("'{}' was edited meanwhile", left.path));
    if let Some(beside) = &left.beside {
        error = error.hint(format!(
            "it was changed for '{}'; '{beside}' is what it was before",
            set.title
        ));
    }
    Err(error)
}
