//! The cache: for each repository a bare one of our own, and what its server said last.
//!
//! Nothing in it tells a credential. What was fetched is kept under references of our own, so that
//! no clean-up of git's ever drops it.

use std::fmt;
use std::fs::{File, TryLockError};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use fs_err as fs;
use sha2::{Digest, Sha256};

use super::address::Address;
use super::at::Named;
use super::listing::Listing;
use crate::error::{Error, Result};
use crate::file;
use crate::git::{Bare, Format, Oid, StoredFolder};
use crate::interrupt::Interrupt;

/// Where fetched commits are kept.
pub(super) const COMMITS: &str = "refs/pyscaffold/commits/";

/// How long to wait before a lock is tried again.
const TICK: Duration = Duration::from_millis(40);

/// The largest answer of a server that is read again, in bytes.
const MAX_LISTING: u64 = 64 * 1024 * 1024;

const DAY: u64 = 24 * 60 * 60;

/// The place of one repository in the cache, locked against other processes.
pub(super) struct Shelf {
    /// The repository of objects in the format that is everywhere.
    repository: PathBuf,
    /// The one of objects in the newer format.
    newer: PathBuf,
    listing: PathBuf,
    /// Holds the lock until it is dropped.
    _lock: File,
}

/// How long ago the server was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Age(Duration);

impl fmt::Display for Age {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.as_secs() / DAY {
            0 => formatter.write_str("less than a day ago"),
            1 => formatter.write_str("a day ago"),
            days => write!(formatter, "{days} days ago"),
        }
    }
}

impl Shelf {
    /// Takes the place of a repository, and waits while another process has it.
    pub(super) fn lock(cache: &Path, address: &Address, interrupt: &Interrupt) -> Result<Self> {
        make_private(cache)?;
        let key = format!("{:x}", Sha256::digest(address.plain_url()));
        let path = cache.join(format!("{key}.lock"));
        let lock = file::open_lock(&path)?.into_file();
        // Some network file systems have no locks; a clash there is a failed fetch.
        while let Err(TryLockError::WouldBlock) = lock.try_lock() {
            interrupt.check()?;
            std::thread::sleep(TICK);
        }
        Ok(Shelf {
            repository: cache.join(format!("{key}.git")),
            newer: cache.join(format!("{key}.sha256.git")),
            listing: cache.join(format!("{key}.refs")),
            _lock: lock,
        })
    }

    /// Gives git's own folder for objects of a format.
    pub(super) fn repository(&self, format: Format) -> &Path {
        match format {
            Format::Sha1 => &self.repository,
            Format::Sha256 => &self.newer,
        }
    }

    /// Gives the repository for objects of a format.
    fn bare(&self, format: Format) -> Bare<'_> {
        Bare::new(self.repository(format), format)
    }

    /// Makes the repository for objects of a format where it is missing or can't be used.
    pub(super) fn make(&self, format: Format) -> Result<()> {
        self.sweep(format);
        if self.bare(format).is_sound(COMMITS) {
            return Ok(());
        }
        remove(self.repository(format))?;
        self.bare(format).make().map_err(|reason| {
            let path = self.repository(format).display();
            Error::failed(format!("can't make '{path}': {reason}"))
        })
    }

    /// Removes what a killed run of git left: nobody else is at work here. What can't be removed
    /// stops git later, with its own words.
    fn sweep(&self, format: Format) {
        for folder in ["", COMMITS, "objects/pack"] {
            let entries = std::fs::read_dir(self.repository(format).join(folder));
            for entry in entries.into_iter().flatten().flatten() {
                let name = entry.file_name();
                let name = name.to_string_lossy();
                if name.ends_with(".lock") || name.starts_with("tmp_") {
                    let _ = std::fs::remove_file(entry.path());
                }
            }
        }
    }

    /// Throws away what is there.
    pub(super) fn renew(&self) -> Result<()> {
        for format in Format::ALL {
            remove(self.repository(format))?;
        }
        Ok(())
    }

    /// Tells whether a commit is here.
    pub(super) fn has(&self, commit: Oid) -> bool {
        self.bare(commit.format()).has(commit)
    }

    /// Lets a commit stay that is here.
    pub(super) fn keep(&self, commit: Oid) -> Result<()> {
        let name = format!("{COMMITS}{commit}");
        let kept = self.bare(commit.format()).refer(&name, commit);
        kept.map_err(|reason| {
            let path = self.repository(commit.format()).display();
            Error::failed(format!("can't write '{path}': {reason}"))
        })
    }

    /// Finds a commit by the beginning of its id.
    pub(super) fn find(&self, named: &Named) -> Result<Oid, String> {
        let older = self.bare(Format::Sha1).find(named.as_str());
        older.or_else(|reason| {
            if self.newer.is_dir() {
                self.bare(Format::Sha256).find(named.as_str())
            } else {
                Err(reason)
            }
        })
    }

    /// Says where a folder of a commit can be read.
    pub(super) fn stored(&self, commit: Oid, folder: &str) -> StoredFolder {
        StoredFolder {
            repository: self.repository(commit.format()).to_owned(),
            commit,
            folder: folder.to_owned(),
        }
    }

    /// Gives what the server said last, to find versions of a folder, and how long ago.
    pub(super) fn listing(&self, folder: &str) -> Option<(Listing, Age)> {
        let text = file::text(&self.listing, MAX_LISTING).ok()?;
        let written = fs::metadata(&self.listing).ok()?.modified().ok()?;
        let age = SystemTime::now().duration_since(written);
        Some((Listing::parse(&text, folder), Age(age.unwrap_or_default())))
    }

    /// Remembers what the server said.
    pub(super) fn remember(&self, listed: &str) -> Result<()> {
        let folder = self.listing.parent().unwrap_or(Path::new("."));
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        file.write_all(listed.as_bytes())?;
        let persisted = file.persist(&self.listing);
        persisted.map(|_| ()).map_err(|error| error.error.into())
    }
}

/// Removes a folder, if it is there.
fn remove(folder: &Path) -> Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

/// Makes a folder that nobody else can look into: private templates lie there.
fn make_private(folder: &Path) -> Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(|error| {
        Error::failed(format!(
            "can't make the folder '{}' for fetched templates: {error}",
            folder.display()
        ))
    })
}
