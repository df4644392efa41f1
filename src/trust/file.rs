//! The list on disk: one file in the user's data folder, which nobody else may write.

use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;

use super::List;
use crate::error::{Error, Result};
use crate::file;

/// Where the list lies, below the user's data folder.
const LIST: &str = "pyscaffold/trust.toml";

/// The largest list, in bytes.
const MAX_BYTES: u64 = 16 * 1024 * 1024;

/// Gives the path of the list.
pub fn path() -> Result<PathBuf> {
    let folders = etcetera::choose_base_strategy().map_err(|_| {
        Error::failed("can't tell whom you trust: you have no home folder")
            .hint("set HOME or XDG_DATA_HOME")
    })?;
    Ok(folders.data_dir().join(LIST))
}

/// Reads the list; where there is none, nobody is trusted.
pub fn read() -> Result<List> {
    read_at(&path()?)
}

/// Changes the list, and gives what the change gives; nobody else changes it meanwhile.
pub fn change<T>(change: impl FnOnce(&mut List) -> Result<T>) -> Result<T> {
    let path = path()?;
    let folder = path.parent().unwrap_or(Path::new(""));
    make_private(folder)?;
    let lock = file::open_lock(&path.with_extension("lock"))?;
    lock.file().lock()?;
    let mut list = read_at(&path)?;
    let before = list.clone();
    let given = change(&mut list)?;
    if list != before {
        // A temporary file can be read and written by its owner only.
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        file.write_all(list.to_string().as_bytes())?;
        file.as_file().sync_all()?;
        file.persist(&path).map_err(|error| {
            Error::failed(format!("can't write '{}': {}", path.display(), error.error))
        })?;
    }
    Ok(given)
}

fn read_at(path: &Path) -> Result<List> {
    match fs_err::symlink_metadata(path) {
        // Nobody is trusted by a list that is another user's.
        Err(error)
            if matches!(
                error.kind(),
                ErrorKind::NotFound | ErrorKind::PermissionDenied
            ) =>
        {
            return Ok(List::default());
        }
        Err(error) => return Err(error.into()),
        Ok(_) => refuse_shared(path)?,
    }
    let text = file::own_text(path, MAX_BYTES)?;
    List::parse(&text, &path.display().to_string())
}

#[cfg(unix)]
fn make_private(folder: &Path) -> Result<()> {
    use std::os::unix::fs::DirBuilderExt;

    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true).mode(0o700);
    builder.create(folder).map_err(|error| {
        Error::failed(format!(
            "can't make the folder '{}': {error}",
            folder.display()
        ))
    })
}

#[cfg(not(unix))]
fn make_private(folder: &Path) -> Result<()> {
    Ok(fs_err::create_dir_all(folder)?)
}

/// Refuses a list that others could have written.
#[cfg(unix)]
fn refuse_shared(path: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;

    const OTHERS_WRITE: u32 = 0o022;
    let mode = fs_err::metadata(path)?.permissions().mode();
    if mode & OTHERS_WRITE == 0 {
        return Ok(());
    }
    let path = path.display();
    Err(Error::failed(format!(
        "'{path}' can be written by others, so it can't say whom you trust"
    ))
    .hint(format!("look at it, then: chmod 600 '{path}'")))
}

#[cfg(not(unix))]
fn refuse_shared(_: &Path) -> Result<()> {
    Ok(())
}
