//! A change that is there for no longer than something is looked at with it.

use crate::error::{Error, Result};
use crate::interrupt::Interrupt;
use crate::project::change::folder::Direction;
use crate::project::change::forward::{self, WhenEdited};
use crate::project::change::{ChangeSet, Hold, begin, recovery, verify};

/// Applies a change, looks at the project, and takes the change back whatever comes of the look.
///
/// The journal says from the first file on that it is taken back: where the process is killed, the
/// next command does that. The change is never the one that [`last`](super::last) gives.
pub fn try_out<T>(
    hold: &Hold,
    set: &ChangeSet,
    interrupt: &Interrupt,
    look: impl FnOnce() -> Result<T>,
) -> Result<T> {
    interrupt.check()?;
    verify::check(hold.root(), set)?;
    let local = hold.local();
    let folder = local.change();
    let journal = begin(local, set, interrupt)?;
    if let Err(error) = folder.turn_back() {
        let _ = local.settle();
        return Err(error);
    }
    let done = forward::carry_out(hold.root(), &folder, &journal, WhenEdited::Fail);
    let looked = done.and_then(|_| look());
    let taken_back = recovery::recover(local, Direction::Back)?;
    local.settle()?;
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
