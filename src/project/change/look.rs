//! What lies at one path of a project.

use std::borrow::Cow;
use std::fs::Metadata;
use std::io;
use std::path::Path;

use crate::error::Result;
use crate::file;
use crate::project::disk;
use crate::tree::{Entry, Node, ProjectPath};

/// The largest file that is read, in bytes: it is held in memory, several times while it is merged.
const MAX_FILE: u64 = 128 * 1024 * 1024;

/// What was found at a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// Nothing; a file in the place of a folder above has nothing below it.
    Nothing,
    /// A file or a link.
    Node(Node),
    /// A folder.
    Folder,
    /// Something else, such as a device.
    Other,
    /// A folder above is a symbolic link, so that it lies somewhere else.
    BehindLink,
}

/// Looks at one path and reads what lies there; follows no link.
pub fn look(root: &Path, path: &ProjectPath) -> Result<Found> {
    for folder in path.folders() {
        match metadata(&root.join(folder))? {
            Some(above) if above.is_symlink() => return Ok(Found::BehindLink),
            Some(above) if above.is_dir() => {}
            _ => return Ok(Found::Nothing),
        }
    }
    let place = root.join(path.as_str());
    let Some(metadata) = metadata(&place)? else {
        return Ok(Found::Nothing);
    };
    Ok(if metadata.is_dir() {
        Found::Folder
    } else if metadata.is_file() || metadata.is_symlink() {
        Found::Node(read(&place, &metadata)?)
    } else {
        Found::Other
    })
}

/// Reads a file or a link.
pub(in crate::project) fn read(place: &Path, metadata: &Metadata) -> io::Result<Node> {
    if metadata.is_symlink() {
        return fs_err::read_link(place).map(Node::Link);
    }
    Ok(Node::File(Entry {
        bytes: Cow::Owned(file::read(place, MAX_FILE)?),
        executable: disk::is_executable(metadata),
    }))
}

/// Tells whether something that isn't a folder is in the place of one above a path.
pub fn is_blocked(root: &Path, path: &ProjectPath) -> io::Result<bool> {
    for folder in path.folders() {
        match metadata(&root.join(folder))? {
            Some(above) if above.is_dir() => {}
            Some(_) => return Ok(true),
            None => return Ok(false),
        }
    }
    Ok(false)
}

/// Tells whether a path of the project is a folder, and neither a link to one nor behind a link.
pub(super) fn is_folder(root: &Path, folder: &str) -> io::Result<bool> {
    let mut place = root.to_owned();
    for name in folder.split('/') {
        place.push(name);
        if !metadata(&place)?.is_some_and(|found| found.is_dir()) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Tells what lies at a path, if anything does.
pub(in crate::project) fn metadata(place: &Path) -> io::Result<Option<Metadata>> {
    match fs_err::symlink_metadata(place) {
        Ok(metadata) => Ok(Some(metadata)),
        Err(error) if is_absence(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Tells whether an error means that nothing has the path.
fn is_absence(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
    )
}

/// Tells whether a folder holds nothing but folders that are empty.
pub fn is_hollow(folder: &Path) -> io::Result<bool> {
    for entry in fs_err::read_dir(folder)? {
        let entry = entry?;
        if !entry.file_type()?.is_dir() || !is_hollow(&entry.path())? {
            return Ok(false);
        }
    }
    Ok(true)
}
