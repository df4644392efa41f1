//! The snapshot of a project: its tree as it was last rendered, in one `.tar.gz`.
//!
//! The same tree gives the same bytes. What is read is taken for hostile: a snapshot travels with
//! the project, and anybody can have changed it.

use std::borrow::Cow;
use std::io::{self, Read, Write};

use flate2::read::GzDecoder;
use flate2::{Compression, GzBuilder};
use tar::{Archive, EntryType, Header};

use crate::error::{Error, Result};
use crate::tree::{Entry, MAX_PATH, ProjectPath, Tree};

/// The most that all files of a snapshot may hold together, in bytes.
const MAX_BYTES: u64 = 64 * 1024 * 1024;

/// The most files that a snapshot may hold.
const MAX_FILES: usize = 50_000;

/// The most that the unpacked archive may be, with what tar adds to each file.
const MAX_ARCHIVE: u64 = MAX_BYTES + MAX_FILES as u64 * 2048;

/// How hard it is compressed: above this, packing takes twice the time to save a twentieth.
const LEVEL: Compression = Compression::new(LEVEL_NUMBER);

/// The number of [`LEVEL`], from 0 to 9.
const LEVEL_NUMBER: u32 = 4;

/// The number that gzip's header has for an unknown operating system.
const UNKNOWN_SYSTEM: u8 = 255;

/// Packs a tree; the same tree always gives the same bytes.
pub fn pack(tree: &Tree) -> Result<Vec<u8>> {
    write_archive(tree).map_err(|error| Error::failed(format!("can't pack the snapshot: {error}")))
}

/// Reads a tree back, and refuses what [`pack`] can't have written.
pub fn unpack(bytes: &[u8]) -> Result<Tree> {
    let mut archive = Archive::new(Limited {
        inner: GzDecoder::new(bytes),
        left: MAX_ARCHIVE,
    });
    let mut tree = Tree::new();
    let mut left = MAX_BYTES;
    let mut long_name = None;
    // As they are: put together by the library, a name could be as long as the archive.
    for entry in archive.entries().map_err(unreadable)?.raw(true) {
        let entry = entry.map_err(unreadable)?;
        if entry.header().entry_type() == EntryType::GNULongName {
            long_name = Some(read_name(entry)?);
            continue;
        }
        if tree.len() == MAX_FILES {
            return Err(refused(&format!("holds more than {MAX_FILES} files")));
        }
        let name = match long_name.take() {
            Some(name) => name,
            None => entry.path_bytes().into_owned(),
        };
        let (path, entry) = read_entry(entry, name, &mut left)?;
        tree.insert(path, entry)
            .map_err(|error| refused(&format!("is wrong: {error}")))?;
    }
    if long_name.is_some() {
        return Err(refused("ends in the middle of a name"));
    }
    io::copy(&mut archive.into_inner(), &mut io::sink()).map_err(unreadable)?;
    Ok(tree)
}

/// Writes all files into one compressed archive, without anything that changes between runs.
fn write_archive(tree: &Tree) -> io::Result<Vec<u8>> {
    let gzip = GzBuilder::new()
        .mtime(0)
        .operating_system(UNKNOWN_SYSTEM)
        .write(Vec::new(), LEVEL);
    let mut archive = tar::Builder::new(gzip);
    for (path, entry) in tree.iter() {
        let mut header = Header::new_gnu();
        header.set_entry_type(EntryType::Regular);
        header.set_mode(if entry.executable { 0o755 } else { 0o644 });
        header.set_uid(0);
        header.set_gid(0);
        header.set_mtime(0);
        header.set_size(entry.bytes.len() as u64);
        archive.append_data(&mut header, path.as_str(), &*entry.bytes)?;
    }
    let mut gzip = archive.into_inner()?;
    gzip.flush()?;
    gzip.finish()
}

/// Reads a name that has no room in a header.
fn read_name<R: Read>(entry: tar::Entry<'_, R>) -> Result<Vec<u8>> {
    if entry.size() > MAX_PATH as u64 + 1 {
        return Err(refused("holds a path that is too long"));
    }
    let mut name = Vec::new();
    entry
        .take(MAX_PATH as u64 + 1)
        .read_to_end(&mut name)
        .map_err(unreadable)?;
    // A name ends like a string of C.
    let end = name.iter().position(|byte| *byte == 0);
    name.truncate(end.unwrap_or(name.len()));
    Ok(name)
}

/// Reads one file of the archive and takes its size off what is left.
fn read_entry<R: Read>(
    mut entry: tar::Entry<'_, R>,
    name: Vec<u8>,
    left: &mut u64,
) -> Result<(ProjectPath, Entry)> {
    let name = String::from_utf8(name).map_err(|_| refused("holds a path that isn't UTF-8"))?;
    let path = ProjectPath::parse_foreign(&name)
        .map_err(|error| refused(&format!("is wrong: {error}")))?;
    if entry.header().entry_type() != EntryType::Regular {
        return Err(refused(&format!(
            "holds '{path}', which isn't a plain file"
        )));
    }
    let size = entry.size();
    *left = left
        .checked_sub(size)
        .ok_or_else(|| refused(&format!("holds more than {} MiB", MAX_BYTES / 1024 / 1024)))?;
    let executable = entry.header().mode().map_err(unreadable)? & 0o100 != 0;
    let mut bytes = Vec::new();
    entry.read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 != size {
        return Err(refused(&format!("ends in the middle of '{path}'")));
    }
    let bytes = Cow::Owned(bytes);
    Ok((path, Entry { bytes, executable }))
}

/// Says why a snapshot is refused.
fn refused(problem: &str) -> Error {
    Error::failed(format!("the project's snapshot {problem}"))
        .hint("restore '.pyscaffold/snapshot.tar.gz' from the project's history")
}

/// Says that a snapshot can't be read as an archive.
#[expect(clippy::needless_pass_by_value, reason = "for map_err")]
fn unreadable(error: io::Error) -> Error {
    refused(&format!("can't be read: {error}"))
}

/// A reader that fails, instead of ending, when it has given all that it may give.
struct Limited<R> {
    inner: R,
    left: u64,
}

impl<R: Read> Read for Limited<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.left = self
            .left
            .checked_sub(count as u64)
            .ok_or_else(|| io::Error::other("it is too large"))?;
        Ok(count)
    }
}

#[cfg(test)]
mod tests;
