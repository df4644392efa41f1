//! Taking back a change that has begun: the steps of [`forward`](super::forward), from the last to
//! the first.

use std::path::Path;

use crate::error::Result;
use crate::project::change::folder::{ChangeFolder, Direction, Shelf, create_folders};
use crate::project::change::forward::{remove_if_empty, sync};
use crate::project::change::journal::{Journal, Step};
use crate::project::change::position::{Position, position};
use crate::project::disk;

/// Takes back what was done, and gives the numbers of the steps that were left alone because
/// somebody edited their paths.
pub(super) fn take_back(
    root: &Path,
    folder: &ChangeFolder,
    journal: &Journal,
) -> Result<Vec<usize>> {
    let mut left = Vec::new();
    for group in journal.groups().into_iter().rev() {
        let places = group.clone();
        let (written, removed): (Vec<&Step>, Vec<&Step>) =
            group.into_iter().partition(|step| step.after.is_some());
        for step in written.into_iter().rev() {
            restore(root, folder, step, &mut left)?;
        }
        for made in journal.folders.iter().rev() {
            remove_if_empty(root, made.as_str())?;
        }
        for step in removed.into_iter().rev() {
            restore(root, folder, step, &mut left)?;
        }
        sync(root, &places)?;
    }
    Ok(left)
}

/// Lets a path be what it was before.
fn restore(root: &Path, folder: &ChangeFolder, step: &Step, left: &mut Vec<usize>) -> Result<()> {
    match position(root, step, Direction::Back)? {
        Position::There => {}
        // It was taken back already: the user edited what was there before.
        Position::Edited if folder.has_moved(step, Shelf::Before)? => {}
        Position::Edited => left.push(step.number),
        Position::Before => {
            let place = root.join(step.path.as_str());
            let Some(before) = &step.before else {
                return Ok(disk::remove_file(&place)?);
            };
            folder.read(Shelf::Before, step, before)?;
            create_folders(root, &step.path)?;
            disk::rename(&folder.place(Shelf::Before, step), &place)?;
        }
    }
    Ok(())
}
