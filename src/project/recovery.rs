//! What an earlier run left behind when it was killed.
//!
//! A staging whose lock is free belongs to nobody. If its project had begun to move into its
//! target, the move is finished; otherwise it is removed. Nothing of the user's is ever touched.

use std::ffi::OsStr;
use std::fs::TryLockError;
use std::io;
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::file;
use crate::interrupt;
use crate::project::disk;
use crate::project::journal::Journal;
use crate::project::staging::{self, LOCK, MARK, RANDOM};

/// What was found and done.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Recovered {
    /// The folder of a project that an earlier run had all but made; it is complete now.
    pub finished: Option<PathBuf>,
    /// How many stagings of earlier runs were removed.
    pub swept: usize,
}

/// Finishes or removes what earlier runs left at a path where a new project is to go.
///
/// To be called before [`Target::parse`](super::Target::parse): a project that is finished here
/// makes the folder one that isn't empty.
pub fn recover(path: &Path) -> Result<Recovered> {
    let mut recovered = Recovered::default();
    let path = std::path::absolute(path)?;
    for staging in path.parent().map(abandoned).unwrap_or_default() {
        // One that has begun to move is finished by a run for its own target.
        if !Journal::is_begun(&staging.folder)? && staging.remove().is_ok() {
            recovered.swept += 1;
        }
    }
    for staging in abandoned(&path) {
        if Journal::is_begun(&staging.folder)? {
            let target = fs_err::canonicalize(&path)?;
            let _hold = interrupt::hold_to_change();
            Journal::read(&staging.folder, &target)?.finish()?;
            recovered.finished = Some(target);
            staging.remove()?;
        } else if staging.remove().is_ok() {
            recovered.swept += 1;
        }
    }
    Ok(recovered)
}

/// Fails when a new project is being made in a folder, or was left there by a killed run.
pub fn refuse_unfinished(folder: &Path) -> Result<()> {
    for entry in fs_err::read_dir(folder)? {
        let entry = entry?;
        if is_our_name(&entry.file_name()) && entry.file_type()?.is_dir() {
            return Err(Error::failed(format!(
                "a new project is being made in '{}', or was left unfinished there",
                folder.display()
            ))
            .hint("wait until it has ended; what a killed run left is finished or removed by 'pyscaffold new'"));
        }
    }
    Ok(())
}

/// Takes the lock of a staging that was just made; fails when another process was faster.
///
/// On a file system without locks, nobody ever takes a staging for an abandoned one.
pub(super) fn hold(lock: &fs_err::File) -> bool {
    match lock.try_lock() {
        Ok(()) => disk::is_taken(lock.path()).unwrap_or(false),
        Err(TryLockError::WouldBlock) => false,
        Err(TryLockError::Error(_)) => true,
    }
}

/// Tells whether a path is a staging that belongs to nobody.
pub(super) fn is_stale(path: &Path) -> bool {
    take(path).is_ok_and(|staging| staging.is_some())
}

/// A staging that belongs to nobody else.
struct Abandoned {
    folder: PathBuf,
    /// The lock, unless its process ended before it made one.
    lock: Option<fs_err::File>,
}

impl Abandoned {
    /// Removes it; one without a lock must be empty, or it has just got one.
    fn remove(self) -> io::Result<()> {
        match &self.lock {
            Some(_) => staging::remove(&self.folder),
            None => match disk::remove_folder(&self.folder) {
                Err(error) if error.kind() == io::ErrorKind::DirectoryNotEmpty => Ok(()),
                done => done,
            },
        }
    }
}

/// Finds the stagings in a folder that belong to nobody; a folder that can't be read has none.
fn abandoned(folder: &Path) -> Vec<Abandoned> {
    let entries = fs_err::read_dir(folder).into_iter().flatten().flatten();
    // What can't be looked at belongs to somebody else, or is just being removed by its owner.
    entries
        .filter_map(|entry| take(&entry.path()).ok().flatten())
        .collect()
}

/// Takes over a staging, unless somebody works on it or it isn't one.
fn take(folder: &Path) -> io::Result<Option<Abandoned>> {
    if !folder.file_name().is_some_and(is_our_name) || !fs_err::symlink_metadata(folder)?.is_dir() {
        return Ok(None);
    }
    let lock = match file::open_lock_there(&folder.join(LOCK)) {
        Ok(lock) => lock,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let is_empty = fs_err::read_dir(folder)?.next().is_none();
            let folder = folder.to_owned();
            return Ok(is_empty.then_some(Abandoned { folder, lock: None }));
        }
        // Another user's staging is theirs.
        Err(_) => return Ok(None),
    };
    Ok(lock.try_lock().is_ok().then(|| Abandoned {
        folder: folder.to_owned(),
        lock: Some(lock),
    }))
}

/// Tells whether a name is one that stagings have.
fn is_our_name(name: &OsStr) -> bool {
    let parts = name.to_str().and_then(|name| name.rsplit_once(MARK));
    parts.is_some_and(|(stem, random)| {
        stem.starts_with('.')
            && random.len() == RANDOM
            && random.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}
