//! The private folder of a project, and who may work in it.

use std::fs::TryLockError;
use std::io;
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::project::change::folder::ChangeFolder;
use crate::project::change::look::is_folder;
use crate::project::disk::{self, Mode};
use crate::tree::ProjectPath;

/// The folder of a project's state.
const STATE: &str = ".pyscaffold";

/// The private folder of a project.
const LOCAL: &str = ".pyscaffold/local";

/// The file that keeps git from the private folder, and what it says.
const IGNORE: (&str, &str) = (".gitignore", "*\n");

/// The file that is locked while somebody works on the project.
const LOCK: &str = "lock";

/// The folder of a change that isn't done.
const CHANGE: &str = "change";

/// The folder of the change that was done last.
const LAST: &str = "last";

/// The folder of the one before it, until that is removed.
const OLD: &str = "old";

/// How often the lock is opened again, when another process removed it before it was taken.
const ATTEMPTS: usize = 5;

/// The private folder of a project, while nobody else works on the project.
pub(super) struct Local {
    root: PathBuf,
    folder: PathBuf,
    lock: fs_err::File,
}

impl Local {
    /// Takes the private folder of a project, and makes it where it is missing.
    pub(super) fn create(root: &Path) -> Result<Self> {
        let is_new = !is_folder(root, LOCAL)?;
        let made = make(root).and_then(|()| Local::take(root));
        // The lock of somebody else stays.
        if made.is_err() && is_new && !disk::is_taken(&root.join(LOCAL).join(LOCK))? {
            tidy(root);
        }
        made
    }

    /// Takes the private folder of a project, if it has one.
    pub(super) fn open(root: &Path) -> Result<Option<Self>> {
        if !is_folder(root, LOCAL)? {
            return Ok(None);
        }
        Local::take(root).map(Some)
    }

    /// Takes the lock of a private folder that is there.
    fn take(root: &Path) -> Result<Self> {
        let folder = root.join(LOCAL);
        for _ in 0..ATTEMPTS {
            let lock = disk::open_lock(&folder.join(LOCK))?;
            match lock.try_lock() {
                Err(TryLockError::WouldBlock) => break,
                // A file system without locks is used without.
                Ok(()) | Err(TryLockError::Error(_)) => {}
            }
            if disk::is_taken(lock.path())? {
                return Ok(Local {
                    root: root.to_owned(),
                    folder,
                    lock,
                });
            }
        }
        Err(
            Error::failed("another pyscaffold is at work in this project")
                .hint("wait until it has ended, then run the command again"),
        )
    }

    /// Gives the folder of the project.
    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    /// Gives the folder of a change that isn't done.
    pub(super) fn change(&self) -> ChangeFolder {
        ChangeFolder::at(self.folder.join(CHANGE))
    }

    /// Gives the folder of the change that was done last.
    pub(super) fn last(&self) -> ChangeFolder {
        ChangeFolder::at(self.folder.join(LAST))
    }

    /// Lets the change that is done be the last one.
    pub(super) fn promote(&self) -> Result<()> {
        let [change, last, old] = [CHANGE, LAST, OLD].map(|name| self.folder.join(name));
        if disk::is_taken(&last)? {
            remove_if_there(&old)?;
            disk::rename(&last, &old)?;
        }
        disk::rename(&change, &last)?;
        Ok(())
    }

    /// Removes what isn't needed any more, when no change is under way.
    pub(super) fn settle(&self) -> Result<()> {
        let [change, last, old] = [CHANGE, LAST, OLD].map(|name| self.folder.join(name));
        remove_if_there(&change)?;
        if disk::is_taken(&old)? && !disk::is_taken(&last)? {
            disk::rename(&old, &last)?;
        }
        remove_if_there(&old)?;
        Ok(())
    }

    /// Removes the private folder, if there is nothing worth keeping in it.
    pub(super) fn tidy(self) {
        tidy(&self.root);
    }
}

impl Drop for Local {
    /// Unlocks at once: a process that is just starting may still hold the file.
    fn drop(&mut self) {
        let _ = self.lock.unlock();
    }
}

/// Tells whether a killed run may have left something, without taking the lock.
pub(super) fn has_remains(root: &Path) -> Result<bool> {
    let folder = root.join(LOCAL);
    if !is_folder(root, LOCAL)? {
        return Ok(false);
    }
    Ok(disk::is_taken(&folder.join(CHANGE))? || disk::is_taken(&folder.join(OLD))?)
}

/// Tells whether a path is part of a project's state, which changes after everything else.
pub(super) fn is_state(path: &ProjectPath) -> bool {
    path.folders().any(|folder| folder == STATE)
}

/// Tells whether a path is in the private folder, or in the place of one above it.
pub(super) fn owns(path: &ProjectPath) -> bool {
    // The same folder on a file system that takes one case for the other.
    let path = path.as_str().to_ascii_lowercase();
    path == STATE || path == LOCAL || path.starts_with(&format!("{LOCAL}/"))
}

/// Makes the private folder, unless it is there.
fn make(root: &Path) -> Result<()> {
    for folder in [STATE, LOCAL] {
        let place = root.join(folder);
        if is_folder(root, folder)? {
            continue;
        }
        if disk::is_taken(&place)? {
            return Err(Error::failed(format!(
                "can't work in the project: '{}' isn't a folder",
                place.display()
            )));
        }
        tolerate_existing(disk::create_folder(&place))?;
    }
    let (name, text) = IGNORE;
    let ignore = root.join(LOCAL).join(name);
    if !disk::is_taken(&ignore)? {
        tolerate_existing(disk::create_file(&ignore, text.as_bytes(), Mode::Plain))?;
    }
    Ok(())
}

/// Takes it for done when another process was faster.
fn tolerate_existing(made: io::Result<()>) -> io::Result<()> {
    match made {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        made => made,
    }
}

/// Removes a private folder with nothing in it but what every one has, and the one around it.
fn tidy(root: &Path) {
    let folder = root.join(LOCAL);
    let names = [IGNORE.0, LOCK];
    let Ok(mut entries) = fs_err::read_dir(&folder) else {
        let _ = disk::remove_folder(&root.join(STATE));
        return;
    };
    let is_bare = entries
        .all(|entry| entry.is_ok_and(|entry| names.iter().any(|name| entry.file_name() == *name)));
    if is_bare {
        for name in names {
            let _ = disk::remove_file(&folder.join(name));
        }
        let _ = disk::remove_folder(&folder);
        let _ = disk::remove_folder(&root.join(STATE));
    }
}

fn remove_if_there(folder: &Path) -> io::Result<()> {
    if disk::is_taken(folder)? {
        disk::remove_all(folder)?;
    }
    Ok(())
}
