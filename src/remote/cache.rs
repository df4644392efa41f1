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
use git2::{Oid, Repository, RepositoryInitOptions};
use sha2::{Digest, Sha256};

use super::address::Address;
use super::at::Named;
use super::listing::Listing;
use crate::error::{Error, Result};
use crate::file;
use crate::git::StoredFolder;
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
    repository: PathBuf,
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
            listing: cache.join(format!("{key}.refs")),
            _lock: lock,
        })
    }

    /// Gives git's own folder.
    pub(super) fn repository(&self) -> &Path {
        &self.repository
    }

    /// Makes the repository where it is missing or can't be used.
    pub(super) fn make(&self) -> Result<()> {
        self.sweep();
        if self.is_sound() {
            return Ok(());
        }
        self.renew()?;
        let mut options = RepositoryInitOptions::new();
        options.bare(true).no_reinit(true).external_template(false);
        let made = Repository::init_opts(&self.repository, &options);
        made.map(|_| ()).map_err(|error| {
            let path = self.repository.display();
            Error::failed(format!("can't make '{path}': {}", error.message()))
        })
    }

    /// Removes what a killed run of git left: nobody else is at work here. What can't be removed
    /// stops git later, with its own words.
    fn sweep(&self) {
        for folder in ["", COMMITS, "objects/pack"] {
            let entries = std::fs::read_dir(self.repository.join(folder));
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
        match fs::remove_dir_all(&self.repository) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
            _ => Ok(()),
        }
    }

    /// Tells whether all that is kept can be read, as far as that is seen without reading it.
    fn is_sound(&self) -> bool {
        let check = || {
            let repository = Repository::open_bare(&self.repository)?;
            for reference in repository.references_glob(&format!("{COMMITS}*"))? {
                reference?.peel_to_tree()?;
            }
            Ok::<_, git2::Error>(())
        };
        check().is_ok()
    }

    /// Tells whether a commit is here.
    pub(super) fn has(&self, commit: Oid) -> bool {
        let find = || {
            let repository = Repository::open_bare(&self.repository).ok()?;
            let found = repository.find_commit(commit).ok()?.tree().is_ok();
            Some(found)
        };
        find().unwrap_or(false)
    }

    /// Lets a commit stay that is here.
    pub(super) fn keep(&self, commit: Oid) -> Result<()> {
        let keep = || {
            let repository = Repository::open_bare(&self.repository)?;
            repository
                .reference(&format!("{COMMITS}{commit}"), commit, true, "")
                .map(|_| ())
        };
        keep().map_err(|error| {
            let path = self.repository.display();
            Error::failed(format!("can't write '{path}': {}", error.message()))
        })
    }

    /// Finds a commit by the beginning of its id.
    pub(super) fn find(&self, named: &Named) -> Result<Oid, String> {
        let find = || {
            let repository = Repository::open_bare(&self.repository)?;
            let object = repository.revparse_single(named.as_str())?;
            Ok::<_, git2::Error>(object.peel_to_commit()?.id())
        };
        find().map_err(|error| error.message().to_owned())
    }

    /// Says where a folder of a commit can be read.
    pub(super) fn stored(&self, commit: Oid, folder: &str) -> StoredFolder {
        StoredFolder {
            repository: self.repository.clone(),
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
