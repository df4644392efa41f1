//! Carrying a change out.
//!
//! What goes, goes first, so that a folder can take the place of a file and a file that of a
//! folder. The project's state comes after everything else.

use std::collections::BTreeSet;
use std::path::Path;

use crate::error::{Error, Result};
use crate::project::change::folder::{ChangeFolder, Direction, Shelf, create_folders};
use crate::project::change::journal::{Journal, Step};
use crate::project::change::look::{is_folder, is_hollow};
use crate::project::change::position::{Position, position};
use crate::project::disk;
use crate::tree::ProjectPath;

/// What to do about a path that somebody edited since the change began.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum WhenEdited {
    /// Fail: nobody was told that the change has begun.
    Fail,
    /// Leave it alone.
    Leave,
}

/// Carries out what isn't done yet, and gives the numbers of the steps that were left alone.
pub(super) fn carry_out(
    root: &Path,
    folder: &ChangeFolder,
    journal: &Journal,
    when_edited: WhenEdited,
) -> Result<Vec<usize>> {
    let mut forward = Forward {
        root,
        folder,
        when_edited,
        left: Vec::new(),
    };
    for group in journal.groups() {
        let places = group.clone();
        let (written, removed): (Vec<&Step>, Vec<&Step>) =
            group.into_iter().partition(|step| step.after.is_some());
        for step in &removed {
            forward.remove(step)?;
        }
        remove_emptied(root, &removed, &written)?;
        for step in &written {
            forward.write(step)?;
        }
        // The state says what the files are, so they come first when the power goes, too.
        sync(root, &places)?;
    }
    Ok(forward.left)
}

/// A change on its way.
struct Forward<'a> {
    root: &'a Path,
    folder: &'a ChangeFolder,
    when_edited: WhenEdited,
    left: Vec<usize>,
}

impl Forward<'_> {
    /// Lets a path have nothing.
    fn remove(&mut self, step: &Step) -> Result<()> {
        if self.is_next(step)? {
            disk::remove_file(&self.root.join(step.path.as_str()))?;
        }
        Ok(())
    }

    /// Lets a path have its new content.
    fn write(&mut self, step: &Step) -> Result<()> {
        if self.is_next(step)? {
            create_folders(self.root, &step.path)?;
            remove_hollow(self.root, &step.path)?;
            let new = self.folder.place(Shelf::New, step);
            disk::rename(&new, &self.root.join(step.path.as_str()))?;
        }
        Ok(())
    }

    /// Tells whether a step is to be done, and notes it when it is to be left alone.
    fn is_next(&mut self, step: &Step) -> Result<bool> {
        match position(self.root, step, Direction::Forward)? {
            Position::Before => return Ok(true),
            Position::There => return Ok(false),
            Position::Edited => {}
        }
        if self.when_edited == WhenEdited::Fail {
            let problem = format!("something else is at '{}' now", step.path);
            return Err(Error::failed(problem).hint("run the command again"));
        }
        // What has moved was done: the user edited what it brought.
        if !self.folder.has_moved(step, Shelf::New)? {
            self.left.push(step.number);
        }
        Ok(false)
    }
}

/// Waits until the names of all files of some steps would outlast a power cut.
pub(super) fn sync(root: &Path, steps: &[&Step]) -> Result<()> {
    let mut folders = BTreeSet::new();
    for step in steps {
        folders.insert(root.to_owned());
        for folder in step.path.folders() {
            if is_folder(root, folder)? {
                folders.insert(root.join(folder));
            }
        }
    }
    Ok(disk::sync_folders(&folders)?)
}

/// Removes the folders that lost their last file, unless they get another one.
fn remove_emptied(root: &Path, removed: &[&Step], written: &[&Step]) -> Result<()> {
    let folders = |steps: &[&'_ Step]| -> BTreeSet<String> {
        let folders = steps.iter().flat_map(|step| step.path.folders());
        folders.map(str::to_owned).collect()
    };
    let needed = folders(written);
    // In this order, what is in a folder comes after it.
    for folder in folders(removed).iter().rev() {
        if !needed.contains(folder) {
            remove_if_empty(root, folder)?;
        }
    }
    Ok(())
}

/// Removes a folder of empty folders that is in the place of a file.
fn remove_hollow(root: &Path, path: &ProjectPath) -> Result<()> {
    let place = root.join(path.as_str());
    if is_folder(root, path.as_str())? && is_hollow(&place)? {
        disk::remove_all(&place)?;
    }
    Ok(())
}

/// Removes a folder with nothing in it; one that can't go, because somebody uses it, may stay.
pub(super) fn remove_if_empty(root: &Path, folder: &str) -> Result<()> {
    let place = root.join(folder);
    if is_folder(root, folder)? && fs_err::read_dir(&place)?.next().is_none() {
        let _ = disk::remove_folder(&place);
    }
    Ok(())
}
