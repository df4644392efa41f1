//! The making of a new project, all or nothing.
//!
//! Everything is written into a staging folder on the same file system and appears at its target
//! when it is complete:
//!
//! ```text
//! .name.pyscaffold-x7Kq2f/   beside a target that isn't there, inside one that is empty
//!     lock                   held as long as somebody works on it
//!     journal                from the moment when an empty target begins to fill
//!     project/               what will be the project
//! ```
//!
//! A target that isn't there appears by one rename. An empty one stays the folder that it is, so
//! the entries of `project/` move up one by one; the journal lets [`recover`](super::recover)
//! finish that. A process that ends at any moment leaves the target as it was, or complete, or
//! with a journal. The same is true when the power goes: all is on the disk before it appears.

use std::io;
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::interrupt::{self, Interrupt};
use crate::project::journal::Journal;
use crate::project::target::Target;
use crate::project::write::{self, NewProject};
use crate::project::{disk, recovery};

/// The name of the locked file in a staging.
pub(super) const LOCK: &str = "lock";

/// The name of the future project in a staging.
pub(super) const PROJECT: &str = "project";

/// What stands between the project's name and the random end of a staging's name.
pub(super) const MARK: &str = ".pyscaffold-";

/// How many random characters a staging's name ends with.
pub(super) const RANDOM: usize = 6;

/// How much of a project's name a staging's name takes over, in characters.
const MAX_STEM: usize = 48;

/// How often a staging is begun again, when another process swept it before it was locked.
const ATTEMPTS: usize = 5;

/// A project that is being made; dropping it takes everything back.
#[derive(Debug)]
pub struct Staging {
    target: Target,
    folder: PathBuf,
    project: PathBuf,
    keep: bool,
    // The fields drop in this order: the lock must be free before the parents can go on Windows.
    _lock: fs_err::File,
    parents: Parents,
}

impl Staging {
    /// Begins a project: makes the folders above the target and the staging.
    pub fn create(target: Target) -> Result<Self> {
        let mut parents = Parents::default();
        let beside = match &target {
            Target::Absent {
                path,
                parents: missing,
            } => {
                parents.create(missing)?;
                path.parent().unwrap_or(path).to_owned()
            }
            Target::Empty { path } => path.clone(),
        };
        let (folder, lock) = create_locked(&beside, &prefix(&target))?;
        let staging = Staging {
            target,
            project: folder.join(PROJECT),
            folder,
            keep: false,
            _lock: lock,
            parents,
        };
        disk::create_folder(&staging.project)?;
        Ok(staging)
    }

    /// Gives the folder that will be the project, to work on before it is published.
    pub fn root(&self) -> &Path {
        &self.project
    }

    /// Gives the place where the project will appear.
    pub fn target(&self) -> &Target {
        &self.target
    }

    /// Writes all files; looks for an interrupt before each.
    pub fn write(&self, project: &NewProject, interrupt: &Interrupt) -> Result<()> {
        write::write(project, &self.project, interrupt)
    }

    /// Lets the project appear at its target, and gives the path of its folder.
    ///
    /// It is too short to be interrupted. When it fails, the target is as it was.
    pub fn publish(mut self) -> Result<PathBuf> {
        // It may take a moment, and can still be stopped.
        disk::sync_all(&self.project)?;
        let _hold = interrupt::hold_to_change();
        match &self.target {
            Target::Absent { path, .. } => {
                publish_folder(&self.project, path)?;
                // It is there: what can't be waited for any more is no failure.
                let _ = disk::sync_folder(path.parent().unwrap_or(path));
            }
            Target::Empty { path } => {
                let journal = Journal::begin(&self.folder, &self.project, path)?;
                if let Err(error) = journal.finish() {
                    self.keep = journal.take_back().is_err();
                    return Err(explain(error, self.keep));
                }
                // Before the journal goes.
                let _ = disk::sync_folder(path);
            }
        }
        self.parents.keep();
        Ok(self.target.path().to_owned())
    }
}

impl Drop for Staging {
    /// Removes the staging; what can't be removed now is swept by the next `new`.
    fn drop(&mut self) {
        if self.keep {
            self.parents.keep();
        } else {
            let _ = remove(&self.folder);
        }
    }
}

/// Removes a staging, its lock last: one that is found with a lock is known to be abandoned.
pub(super) fn remove(staging: &Path) -> io::Result<()> {
    let lock = staging.join(LOCK);
    for entry in fs_err::read_dir(staging)? {
        let entry = entry?;
        let path = entry.path();
        if entry.file_type()?.is_dir() {
            disk::remove_all(&path)?;
        } else if path != lock {
            disk::remove_file(&path)?;
        }
    }
    disk::remove_file(&lock)?;
    disk::remove_folder(staging)
}

/// Moves a project to a path where nothing is.
fn publish_folder(project: &Path, path: &Path) -> Result<()> {
    if disk::is_taken(path)? {
        return Err(Error::failed(format!(
            "'{}' appeared while the project was being made",
            path.display()
        ))
        .hint("move it away and run the command again"));
    }
    disk::rename(project, path)?;
    Ok(())
}

/// Adds what happens next to a failure of publishing.
fn explain(error: Error, kept: bool) -> Error {
    if kept {
        error.hint("run the command again to finish the project")
    } else {
        error
    }
}

/// Makes a staging's folder and takes its lock.
fn create_locked(beside: &Path, prefix: &str) -> Result<(PathBuf, fs_err::File)> {
    for _ in 0..ATTEMPTS {
        let folder = disk::create_staging(beside, prefix, RANDOM)?;
        match disk::create_lock(&folder.join(LOCK)) {
            Ok(lock) if recovery::hold(&lock) => return Ok((folder, lock)),
            Ok(_) => {}
            // Another process took the folder for an abandoned one.
            Err(_) if !disk::is_taken(&folder)? => {}
            Err(error) => {
                let _ = disk::remove_folder(&folder);
                return Err(error.into());
            }
        }
    }
    Err(Error::failed(format!(
        "another process keeps removing what is being made in '{}'",
        beside.display()
    )))
}

/// Gives what the name of a target's staging begins with.
fn prefix(target: &Target) -> String {
    let stem: String = target
        .name()
        .unwrap_or("project")
        .chars()
        .take(MAX_STEM)
        .collect();
    format!(".{stem}{MARK}")
}

/// The folders that were made above a target; dropping them removes those that are empty.
#[derive(Debug, Default)]
struct Parents(Vec<PathBuf>);

impl Parents {
    /// Makes folders, the outermost first; one that appeared meanwhile is somebody else's.
    fn create(&mut self, missing: &[PathBuf]) -> Result<()> {
        for folder in missing {
            match disk::create_folder(folder) {
                Ok(()) => self.0.push(folder.clone()),
                Err(_) if folder.is_dir() => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    /// Lets the folders stay.
    fn keep(&mut self) {
        self.0.clear();
    }
}

impl Drop for Parents {
    fn drop(&mut self) {
        for folder in self.0.iter().rev() {
            let _ = disk::remove_folder(folder);
        }
    }
}

#[cfg(test)]
mod tests;
