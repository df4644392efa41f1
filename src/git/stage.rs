//! Fills the index of a new repository.

use std::fs::Metadata;

use git2::{Index, IndexEntry, IndexTime, Oid, Repository};

use crate::error::Result;
use crate::file;
use crate::git::{NewRepository, failed};
use crate::tree::{Entry, ProjectPath};

/// The mode of a file in git.
const PLAIN: u32 = 0o100_644;

/// The mode of a file in git that can be run.
const EXECUTABLE: u32 = 0o100_755;

/// The largest file of a step's that is committed, in bytes.
const MAX_EXTRA: u64 = 512 * 1024 * 1024;

/// Puts all files into the index, writes it, and gives the tree that it stands for.
///
/// The bytes come from memory, as they are: no filter and no line ending changes them. Size and
/// times come from the disk, so that git knows the files without reading them.
pub(super) fn stage(repository: &Repository, new: &NewRepository<'_>) -> Result<Oid> {
    let failure = |error: git2::Error| failed(new.root, error.message());
    let mut index = repository.index().map_err(failure)?;
    for (path, entry) in new.tree.iter() {
        let metadata = fs_err::symlink_metadata(new.root.join(path.as_str()))?;
        let id = repository.blob(&entry.bytes).map_err(failure)?;
        add(&mut index, path, (id, mode_of(entry)), &metadata).map_err(failure)?;
    }
    for path in new.extra {
        if new.tree.get(path.as_str()).is_some() || is_ignored(repository, path) {
            continue;
        }
        let place = new.root.join(path.as_str());
        let metadata = fs_err::symlink_metadata(&place)?;
        if metadata.is_file() {
            let id = repository
                .blob(&file::read(&place, MAX_EXTRA)?)
                .map_err(failure)?;
            add(&mut index, path, (id, mode_on_disk(&metadata)), &metadata).map_err(failure)?;
        }
    }
    let tree = index.write_tree().map_err(failure)?;
    index.write().map_err(failure)?;
    Ok(tree)
}

/// Tells whether the project's own rules keep a file out of its repository.
fn is_ignored(repository: &Repository, path: &ProjectPath) -> bool {
    repository.is_path_ignored(path.as_str()).unwrap_or(false)
}

/// Adds a file to the index, with its object and what the disk says about it.
fn add(
    index: &mut Index,
    path: &ProjectPath,
    (id, mode): (Oid, u32),
    metadata: &Metadata,
) -> Result<(), git2::Error> {
    let status = Status::of(metadata);
    index.add(&IndexEntry {
        ctime: status.changed,
        mtime: status.modified,
        dev: status.device,
        ino: status.inode,
        mode,
        uid: status.user,
        gid: status.group,
        file_size: truncate(metadata.len()),
        id,
        flags: 0,
        flags_extended: 0,
        path: path.as_str().into(),
    })
}

/// What git compares to find out whether a file may have changed.
struct Status {
    changed: IndexTime,
    modified: IndexTime,
    device: u32,
    inode: u32,
    user: u32,
    group: u32,
}

#[cfg(unix)]
impl Status {
    fn of(metadata: &Metadata) -> Self {
        use std::os::unix::fs::MetadataExt;

        Status {
            changed: time(metadata.ctime(), metadata.ctime_nsec()),
            modified: time(metadata.mtime(), metadata.mtime_nsec()),
            device: truncate(metadata.dev()),
            inode: truncate(metadata.ino()),
            user: metadata.uid(),
            group: metadata.gid(),
        }
    }
}

#[cfg(not(unix))]
impl Status {
    fn of(metadata: &Metadata) -> Self {
        use std::time::{SystemTime, UNIX_EPOCH};

        let since = |moment: std::io::Result<SystemTime>| {
            let since = moment
                .ok()
                .and_then(|moment| moment.duration_since(UNIX_EPOCH).ok());
            let since = since.unwrap_or_default();
            time(since.as_secs().cast_signed(), since.subsec_nanos().into())
        };
        Status {
            changed: since(metadata.created()),
            modified: since(metadata.modified()),
            device: 0,
            inode: 0,
            user: 0,
            group: 0,
        }
    }
}

/// Gives the mode of a file in memory.
pub(super) fn mode_of(entry: &Entry) -> u32 {
    if entry.executable { EXECUTABLE } else { PLAIN }
}

/// Gives the mode of a file on disk.
#[cfg(unix)]
pub(super) fn mode_on_disk(metadata: &Metadata) -> u32 {
    use std::os::unix::fs::MetadataExt;

    if metadata.mode() & 0o100 == 0 {
        PLAIN
    } else {
        EXECUTABLE
    }
}

#[cfg(not(unix))]
pub(super) fn mode_on_disk(_metadata: &Metadata) -> u32 {
    PLAIN
}

/// Keeps the lower half of a number, as git does in its index.
#[expect(clippy::cast_possible_truncation, reason = "git's index has 32 bits")]
fn truncate(number: u64) -> u32 {
    number as u32
}

/// Makes a time out of seconds and nanoseconds.
#[expect(clippy::cast_possible_truncation, reason = "git's index has 32 bits")]
fn time(seconds: i64, nanoseconds: i64) -> IndexTime {
    IndexTime::new(seconds as i32, nanoseconds.unsigned_abs() as u32)
}
