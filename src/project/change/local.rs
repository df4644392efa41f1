//! The private folder of a project.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::project::change::folder::{ChangeFolder, Direction};
use crate::project::change::history::{History, Name};
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

/// The folder of the changes that are done, each under its name.
const HISTORY: &str = ".pyscaffold/local/history";

/// How many changes are remembered.
const MAX_CHANGES: usize = 20;

/// How much they may hold together, in bytes; the newest is remembered whatever it holds.
const MAX_BYTES: u64 = 64 * 1024 * 1024;

/// Where an older version kept the one before the change that was done last, until that was
/// removed, and that one.
const OLDER: [&str; 2] = ["old", "last"];

/// The private folder of a project.
#[derive(Debug)]
pub(super) struct Local {
    root: PathBuf,
    folder: PathBuf,
}

impl Local {
    /// Names the private folder of a project; it need not be there.
    pub(super) fn at(root: &Path) -> Self {
        Local {
            root: root.to_owned(),
            folder: root.join(LOCAL),
        }
    }

    /// Gives the folder of the project.
    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    /// Gives the folder of a change that isn't done.
    pub(super) fn change(&self) -> ChangeFolder {
        ChangeFolder::at(self.folder.join(CHANGE))
    }

    /// Gives the folder of a change that is done.
    pub(super) fn record(&self, name: Name) -> ChangeFolder {
        ChangeFolder::at(self.place(name))
    }

    /// Reads which changes are done, and which of them were taken back.
    pub(super) fn history(&self) -> Result<History> {
        let mut names = Vec::new();
        // A link leads to something that no change has written.
        if is_folder(&self.root, HISTORY)? {
            for entry in fs_err::read_dir(self.root.join(HISTORY))? {
                names.extend(entry?.file_name().to_str().and_then(Name::parse));
            }
        }
        let is_whole = |name: &Name| {
            let direction = self.record(*name).direction();
            direction.is_ok_and(|direction| direction == Some(Direction::Forward))
        };
        let (whole, broken) = names.into_iter().partition(is_whole);
        Ok(History::of(whole, broken))
    }

    /// Lets the change that is under way be done, under its name or as something new.
    pub(super) fn promote(&self, name: Option<Name>) -> Result<()> {
        let name = match name {
            Some(name) if !disk::is_taken(&self.place(name))? => name,
            _ => self.history()?.next(None),
        };
        self.keep(CHANGE, name)
    }

    /// Moves a change to where it is remembered.
    fn keep(&self, folder: &str, name: Name) -> Result<()> {
        if !is_folder(&self.root, HISTORY)? {
            disk::create_folder(&self.root.join(HISTORY))?;
        }
        disk::rename(&self.folder.join(folder), &self.place(name))?;
        // It is done: what can't be waited for any more is no failure.
        let folders = [self.folder.clone(), self.root.join(HISTORY)];
        let _ = disk::sync_folders(&folders.into());
        Ok(())
    }

    /// Gives the names of the folders of all changes that are done; no two changes have the same.
    pub(super) fn names(&self) -> Result<Vec<OsString>> {
        let mut names = Vec::new();
        if is_folder(&self.root, HISTORY)? {
            for entry in fs_err::read_dir(self.root.join(HISTORY))? {
                names.push(entry?.file_name());
            }
        }
        names.sort();
        Ok(names)
    }

    fn place(&self, name: Name) -> PathBuf {
        self.root.join(HISTORY).join(name.to_string())
    }

    /// Removes what isn't needed any more, when no change is under way.
    pub(super) fn settle(&self) -> Result<()> {
        remove_if_there(&self.folder.join(CHANGE))?;
        self.take_over()?;
        let history = self.history()?;
        let mut bytes = 0;
        for (newer, name) in history.all().into_iter().rev().enumerate() {
            bytes += self.record(name).size()?;
            if newer > 0 && (newer >= MAX_CHANGES || bytes > MAX_BYTES) {
                let _ = disk::remove_all(&self.place(name));
            }
        }
        // What can't be removed now goes with the next change.
        for name in history.gone() {
            let _ = disk::remove_all(&self.place(*name));
        }
        Ok(())
    }

    /// Takes over what an older version remembered.
    pub(super) fn take_over(&self) -> Result<()> {
        for folder in OLDER {
            // A link leads to something that no change has written.
            if is_folder(&self.root, &format!("{LOCAL}/{folder}"))? {
                self.keep(folder, self.history()?.next(None))?;
            }
        }
        Ok(())
    }
}

/// Tells whether a project has a private folder.
pub(super) fn is_there(root: &Path) -> io::Result<bool> {
    is_folder(root, LOCAL)
}

/// Gives the file that is locked while somebody works on a project.
pub(super) fn lock_file(root: &Path) -> PathBuf {
    root.join(LOCAL).join(LOCK)
}

/// Tells whether a killed run may have left something, without taking the lock.
pub(super) fn has_remains(root: &Path) -> Result<bool> {
    let folder = root.join(LOCAL);
    if !is_folder(root, LOCAL)? {
        return Ok(false);
    }
    let mut names = [CHANGE].into_iter().chain(OLDER);
    names.try_fold(false, |any, name| {
        Ok(any || disk::is_taken(&folder.join(name))?)
    })
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
pub(super) fn make(root: &Path) -> Result<()> {
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
        disk::sync_file(&ignore)?;
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
pub(super) fn tidy(root: &Path) {
    let folder = root.join(LOCAL);
    let names = [IGNORE.0, LOCK];
    // It goes if it is empty.
    let _ = disk::remove_folder(&root.join(HISTORY));
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
