//! The few operations on the disk that make and change a project.
//!
//! Every change goes through here, so that the tests can stop the program before any of them.

use std::collections::BTreeSet;
use std::fs::{Metadata, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::error::Result;
use crate::file;
use crate::git::{self, IndexChange};

/// Who may read and run a file, before the user's umask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// Everybody may read it.
    Plain,
    /// Everybody may read it and run it.
    Executable,
    /// Only its owner may read it.
    Private,
}

/// Makes a folder with a name that nobody else has; only its owner may look into it.
pub(super) fn create_staging(beside: &Path, prefix: &str, random: usize) -> io::Result<PathBuf> {
    checkpoint()?;
    let folder = tempfile::Builder::new()
        .prefix(prefix)
        .rand_bytes(random)
        .tempdir_in(beside)?
        .keep();
    #[cfg(test)]
    faults::note(|| faults::Operation::MakeFolder(folder.clone()));
    Ok(folder)
}

/// Makes a file to hold a lock on.
pub(super) fn create_lock(path: &Path) -> io::Result<fs_err::File> {
    checkpoint()?;
    #[cfg(test)]
    faults::note(|| faults::Operation::Write(path.to_owned(), Vec::new()));
    fs_err::File::create_new(path)
}

/// Opens a file to hold a lock on, and makes it where it is missing; a link could make it somewhere
/// else.
pub(super) fn open_lock(path: &Path) -> io::Result<fs_err::File> {
    checkpoint()?;
    file::open_lock(path)
}

/// Tells whether an open file is still the one at a path, and hasn't been removed.
pub(super) fn is_at(file: &fs_err::File, path: &Path) -> io::Result<bool> {
    let Some(found) = metadata(path)? else {
        return Ok(false);
    };
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;

        let own = file.metadata()?;
        Ok((own.dev(), own.ino()) == (found.dev(), found.ino()))
    }
    #[cfg(not(unix))]
    {
        let _ = (file, found);
        Ok(true)
    }
}

/// Makes one folder.
pub(super) fn create_folder(path: &Path) -> io::Result<()> {
    checkpoint()?;
    #[cfg(test)]
    faults::note(|| faults::Operation::MakeFolder(path.to_owned()));
    fs_err::create_dir(path)
}

/// Writes a file that must not be there yet.
pub(super) fn create_file(path: &Path, bytes: &[u8], mode: Mode) -> io::Result<()> {
    checkpoint()?;
    #[cfg(test)]
    faults::note(|| faults::Operation::Write(path.to_owned(), bytes.to_vec()));
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    set_mode(&mut options, mode);
    let mut file = fs_err::OpenOptions::from_options(options).open(path)?;
    file.write_all(bytes)
}

/// Makes a symbolic link.
pub(super) fn create_link(path: &Path, to: &Path) -> io::Result<()> {
    checkpoint()?;
    #[cfg(test)]
    faults::note(|| faults::Operation::Symlink(path.to_owned(), to.to_owned()));
    #[cfg(unix)]
    return fs_err::os::unix::fs::symlink(to, path);
    #[cfg(windows)]
    return fs_err::os::windows::fs::symlink_file(to, path);
}

/// Gives a file the rights, the owner and the attributes that another one has, but for who may run
/// it: everybody who may read it, or nobody.
pub(super) fn copy_rights(from: &Path, to: &Path, executable: bool) -> io::Result<()> {
    checkpoint()?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::{MetadataExt, PermissionsExt};

        let found = fs_err::symlink_metadata(from)?;
        let mode = with_executable(found.permissions().mode() & 0o7777, executable);
        let own = fs_err::symlink_metadata(to)?;
        if (own.uid(), own.gid()) != (found.uid(), found.gid()) {
            // Only root can give a file away.
            let _ = std::os::unix::fs::chown(to, Some(found.uid()), Some(found.gid()));
        }
        copy_attributes(from, to);
        fs_err::set_permissions(to, PermissionsExt::from_mode(mode))?;
    }
    #[cfg(not(unix))]
    let _ = (from, to, executable);
    Ok(())
}

/// Copies what else a file system knows of a file, as far as both have it and let us.
#[cfg(unix)]
fn copy_attributes(from: &Path, to: &Path) {
    for name in xattr::list(from).into_iter().flatten() {
        if let Ok(Some(value)) = xattr::get(from, &name) {
            let _ = xattr::set(to, &name, &value);
        }
    }
}

/// Waits until all that is in a folder, and in the folders in it, will outlast a power cut.
pub(super) fn sync_all(folder: &Path) -> io::Result<()> {
    checkpoint()?;
    #[cfg(test)]
    faults::note(|| faults::Operation::SyncAll(folder.to_owned()));
    #[cfg(not(test))]
    sync::everything(folder)?;
    Ok(())
}

/// Waits until the content of a file will outlast a power cut.
pub(super) fn sync_file(path: &Path) -> io::Result<()> {
    checkpoint()?;
    #[cfg(test)]
    faults::note(|| faults::Operation::SyncFile(path.to_owned()));
    #[cfg(not(test))]
    fs_err::OpenOptions::new()
        .write(true)
        .open(path)?
        .sync_all()?;
    Ok(())
}

/// Waits until the names in a folder will outlast a power cut.
pub(super) fn sync_folder(folder: &Path) -> io::Result<()> {
    sync_folders(&BTreeSet::from([folder.to_owned()]))
}

/// The same for several folders of one file system.
pub(super) fn sync_folders(folders: &BTreeSet<PathBuf>) -> io::Result<()> {
    checkpoint()?;
    #[cfg(test)]
    for folder in folders {
        faults::note(|| faults::Operation::SyncFolder(folder.clone()));
    }
    #[cfg(not(test))]
    sync::folders(folders)?;
    Ok(())
}

/// Waiting for the disk. The tests write down instead that it is waited for: they play the power
/// cut through themselves.
#[cfg(not(test))]
mod sync {
    use std::collections::BTreeSet;
    use std::io;
    use std::path::{Path, PathBuf};

    /// One call for the whole file system takes less time than one for each file.
    #[cfg(target_os = "linux")]
    pub(super) fn everything(folder: &Path) -> io::Result<()> {
        Ok(nix::unistd::syncfs(fs_err::File::open(folder)?.file())?)
    }

    #[cfg(not(target_os = "linux"))]
    pub(super) fn everything(place: &Path) -> io::Result<()> {
        for entry in fs_err::read_dir(place)? {
            let entry = entry?;
            let kind = entry.file_type()?;
            if kind.is_dir() {
                everything(&entry.path())?;
            } else if kind.is_file() {
                let mut options = fs_err::OpenOptions::new();
                // Some systems sync only what can be written; what can't be, nobody wrote.
                if let Ok(file) = options.read(true).write(true).open(entry.path()) {
                    file.sync_all()?;
                }
            }
        }
        folder(place)
    }

    /// One call is enough for several, too.
    pub(super) fn folders(folders: &BTreeSet<PathBuf>) -> io::Result<()> {
        if cfg!(target_os = "linux") && folders.len() > 1 {
            return folders.first().map_or(Ok(()), |first| everything(first));
        }
        folders.iter().try_for_each(|it| folder(it))
    }

    /// Only Unix opens folders, and syncs them.
    fn folder(folder: &Path) -> io::Result<()> {
        if cfg!(unix) {
            fs_err::File::open(folder)?.sync_all()?;
        }
        Ok(())
    }
}

/// Tells whether the owner of a file may run it.
#[cfg(unix)]
pub(super) fn is_executable(metadata: &Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;

    metadata.permissions().mode() & 0o100 != 0
}

/// Tells that no file has a right of being run.
#[cfg(not(unix))]
pub(super) fn is_executable(_metadata: &Metadata) -> bool {
    false
}

/// Lets a file be run or not; a mode that says so already stays.
#[cfg(unix)]
fn with_executable(mode: u32, executable: bool) -> u32 {
    if (mode & 0o100 != 0) == executable {
        mode
    } else if executable {
        mode | ((mode & 0o444) >> 2)
    } else {
        mode & !0o111
    }
}

/// Moves a file or a folder on the same file system; over a file that is there, too.
pub(super) fn rename(from: &Path, to: &Path) -> io::Result<()> {
    checkpoint()?;
    #[cfg(test)]
    faults::note(|| faults::Operation::Rename(from.to_owned(), to.to_owned()));
    fs_err::rename(from, to)
}

/// Changes the index of the repository that a project is part of.
pub(super) fn change_index(root: &Path, changes: &[IndexChange]) -> Result<()> {
    if changes.is_empty() {
        return Ok(());
    }
    checkpoint()?;
    git::change_index(root, changes)
}

/// Removes a file.
pub(super) fn remove_file(path: &Path) -> io::Result<()> {
    checkpoint()?;
    #[cfg(test)]
    faults::note(|| faults::Operation::Remove(path.to_owned()));
    fs_err::remove_file(path)
}

/// Removes a folder that has nothing in it.
pub(super) fn remove_folder(path: &Path) -> io::Result<()> {
    checkpoint()?;
    fs_err::remove_dir(path)?;
    #[cfg(test)]
    faults::note(|| faults::Operation::Remove(path.to_owned()));
    Ok(())
}

/// Removes a folder and what is in it; follows no link.
pub(super) fn remove_all(path: &Path) -> io::Result<()> {
    checkpoint()?;
    #[cfg(test)]
    faults::note(|| faults::Operation::Remove(path.to_owned()));
    fs_err::remove_dir_all(path)
}

/// Tells whether something has this name, be it a link to nothing.
pub(super) fn is_taken(path: &Path) -> io::Result<bool> {
    metadata(path).map(|found| found.is_some())
}

fn metadata(path: &Path) -> io::Result<Option<Metadata>> {
    match fs_err::symlink_metadata(path) {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

#[cfg(unix)]
fn set_mode(options: &mut OpenOptions, mode: Mode) {
    use std::os::unix::fs::OpenOptionsExt;

    options.mode(match mode {
        Mode::Plain => 0o666,
        Mode::Executable => 0o777,
        Mode::Private => 0o600,
    });
}

#[cfg(not(unix))]
fn set_mode(_options: &mut OpenOptions, _mode: Mode) {}

#[cfg(not(test))]
#[expect(clippy::unnecessary_wraps, reason = "it fails in tests")]
fn checkpoint() -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
fn checkpoint() -> io::Result<()> {
    faults::checkpoint()
}

/// Faults that the tests ask for.
#[cfg(test)]
pub(super) mod faults {
    use std::cell::{Cell, RefCell};
    use std::io;
    use std::path::PathBuf;

    /// What happens at an operation.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub(in crate::project) enum Fault {
        /// The process ends at once, as by `kill -9`.
        Kill,
        /// The operation fails, and so do none of those after it.
        Fail,
        /// The operation fails, and the process ends so many operations later.
        #[cfg_attr(not(unix), allow(dead_code, reason = "its tests need Unix"))]
        FailAndKill(u32),
    }

    /// What was done on the disk, for a test that lets the power go.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub(in crate::project) enum Operation {
        MakeFolder(PathBuf),
        Write(PathBuf, Vec<u8>),
        Symlink(PathBuf, PathBuf),
        Rename(PathBuf, PathBuf),
        Remove(PathBuf),
        SyncFile(PathBuf),
        SyncFolder(PathBuf),
        SyncAll(PathBuf),
    }

    thread_local! {
        static NOTES: RefCell<Option<Vec<Operation>>> = const { RefCell::new(None) };
        static PLAN: Cell<Option<(u32, Fault)>> = const { Cell::new(None) };
        static COUNT: Cell<u32> = const { Cell::new(0) };
    }

    /// Lets the operation with this number, from 0, meet a fault.
    pub(in crate::project) fn plan(at: u32, fault: Fault) {
        PLAN.set(Some((at, fault)));
        COUNT.set(0);
    }

    /// Takes the plan back, and gives how many operations there were since it was made.
    pub(in crate::project) fn clear() -> u32 {
        PLAN.set(None);
        COUNT.replace(0)
    }

    /// Begins to write down what is done.
    pub(in crate::project) fn record() {
        NOTES.set(Some(Vec::new()));
    }

    /// Gives what was done since then.
    pub(in crate::project) fn recorded() -> Vec<Operation> {
        NOTES.take().unwrap_or_default()
    }

    pub(super) fn note(operation: impl FnOnce() -> Operation) {
        NOTES.with_borrow_mut(|notes| notes.as_mut().map(|notes| notes.push(operation())));
    }

    pub(super) fn checkpoint() -> io::Result<()> {
        let number = COUNT.replace(COUNT.get() + 1);
        match PLAN.get() {
            Some((at, Fault::Kill)) if at == number => std::process::abort(),
            Some((at, Fault::FailAndKill(more))) if at + more == number => std::process::abort(),
            Some((at, Fault::Fail | Fault::FailAndKill(_))) if at == number => {
                Err(io::Error::other("planned fault"))
            }
            _ => Ok(()),
        }
    }
}
