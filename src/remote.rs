//! Repositories of others: fetched by the user's own `git` program into a cache, and read from
//! there without a checkout.
//!
//! It owns addresses, which commit is meant, the cache, and how `git` is called. The user's own
//! configuration of git holds: keys, proxies, credentials; nothing of the repository's does.
//! Credentials of an address are given to `git` and to nobody else. It never prints.

mod address;
mod at;
mod cache;
pub mod hosts;
mod listing;
mod program;

use std::cell::OnceCell;
use std::path::PathBuf;

use semver::Version;
use tempfile::TempDir;

use crate::error::{Error, Kind, Result};
use crate::git::{self, Oid, StoredFolder};
use crate::interrupt::Interrupt;

pub use address::Address;
pub use at::{At, Named};
pub use cache::Age;

use cache::Shelf;
use listing::{Listing, Selected};
use program::Program;

/// The most that one fetch may bring, in bytes.
pub const MOST: u64 = 256 * 1024 * 1024;

/// What is told while somebody waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A server is asked for what there is.
    Asking(String),
    /// A repository is on its way: how much of it is here, in percent.
    Receiving(String, u64),
    /// There is nothing to wait for any more.
    Arrived,
    /// Something isn't as it should be, and doesn't stop anything.
    Warning(String),
}

/// Whether the network may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// It may, and the cache is there for when it can't be.
    Network,
    /// What isn't in the cache isn't there.
    Cache,
}

/// Whether somebody is there whom `git` and its helpers can ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attendance {
    /// Somebody is.
    Attended,
    /// Nobody is: what would ask fails.
    Unattended,
}

/// How repositories are fetched.
pub struct Remote {
    /// The folder of the cache.
    pub cache: PathBuf,
    /// Whether the network may be used.
    pub reach: Reach,
    /// Whether somebody can be asked.
    pub attendance: Attendance,
    /// The most that one fetch may bring, in bytes.
    pub most: u64,
    /// Gives the wish to stop, once there is something to stop.
    pub interrupt: fn() -> Result<Interrupt>,
    /// Hears what is told meanwhile.
    pub tell: Box<dyn Fn(Event)>,
    /// Stands in for a cache that can't be written, until the end of this run.
    pub scratch: OnceCell<TempDir>,
}

/// A repository's commit that is in the cache now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetched {
    /// Where it can be read.
    pub stored: StoredFolder,
    /// The branch, when one was named.
    pub branch: Option<String>,
    /// The version that it is tagged as, when it was found by that.
    pub version: Option<Version>,
}

impl Remote {
    /// Finds the commit that is meant, and brings it here unless it is.
    pub fn fetch(&self, address: &Address, at: &At) -> Result<Fetched> {
        let interrupt = (self.interrupt)()?;
        let shelf = self.shelf(address, &interrupt)?;
        let program = Program {
            remote: self,
            address,
            shelf: &shelf,
            interrupt: &interrupt,
        };
        let selected = self.select(&program, at);
        let fetched = selected.and_then(|selected| {
            self.bring(&program, &selected)?;
            Ok(Fetched {
                stored: shelf.stored(selected.commit, address.folder()),
                branch: selected.branch,
                version: selected.version,
            })
        });
        (self.tell)(Event::Arrived);
        fetched
    }

    /// Throws away what is in the cache of a repository, because it can't be read.
    pub fn forget(&self, address: &Address) -> Result<()> {
        let interrupt = (self.interrupt)()?;
        self.shelf(address, &interrupt)?.renew()
    }

    /// Takes the place of a repository in the cache or, where nothing can be written there, in a
    /// folder for this run alone.
    fn shelf(&self, address: &Address, interrupt: &Interrupt) -> Result<Shelf> {
        let error = match Shelf::lock(&self.cache, address, interrupt) {
            Ok(shelf) => return Ok(shelf),
            Err(error) if error.kind == Kind::Interrupted || self.reach == Reach::Cache => {
                return Err(error);
            }
            Err(error) => error,
        };
        if self.scratch.get().is_none() {
            let folder = tempfile::Builder::new().prefix("pyscaffold-").tempdir()?;
            // Only one thread is here.
            let _ = self.scratch.set(folder);
            let message = format!("what is fetched can't be kept: {}", error.message);
            (self.tell)(Event::Warning(message));
        }
        let folder = self.scratch.get().map(TempDir::path);
        Shelf::lock(folder.unwrap_or(&self.cache), address, interrupt)
    }

    /// Finds the commit that is meant.
    fn select(&self, program: &Program, at: &At) -> Result<Selected> {
        let Program { address, shelf, .. } = program;
        if let At::Exactly(commit) = at {
            return Ok(Selected::commit(*commit));
        }
        if self.reach == Reach::Cache {
            let Some((listing, age)) = shelf.listing(address.folder()) else {
                return Err(absent(address));
            };
            let selected = Self::select_cached(program, at, &listing);
            let selected = selected.map_err(|error| error.hint("this is what is in the cache; go on without --offline for what is on the server"))?;
            self.warn_of_age(address, &selected, &age);
            return Ok(selected);
        }
        (self.tell)(Event::Asking(address.to_string()));
        let listed = match program.list() {
            Ok(listed) => listed,
            Err(error) if error.kind == Kind::Interrupted => return Err(error),
            Err(error) => return self.fall_back(program, at, error),
        };
        shelf.remember(&listed)?;
        let listing = Listing::parse(&listed, address.folder());
        self.complain(address, at, &listing);
        match at {
            At::Named(named) if !listing.has(named) && named.is_hex() => {
                shelf.make(listing.format())?;
                Self::find_hex(program, named, &listing)
            }
            _ => listing.select(address, at, |_| true),
        }
    }

    /// Finds the commit that is meant among those in the cache.
    fn select_cached(program: &Program, at: &At, listing: &Listing) -> Result<Selected> {
        let Program { address, shelf, .. } = program;
        if let At::Named(named) = at
            && !listing.has(named)
            && named.is_hex()
            && let Ok(commit) = shelf.find(named)
        {
            return Ok(Selected::commit(commit));
        }
        listing.select(address, at, |commit| shelf.has(commit))
    }

    /// Uses what is in the cache where the server can't be asked.
    fn fall_back(&self, program: &Program, at: &At, error: Error) -> Result<Selected> {
        let Program { address, shelf, .. } = program;
        let Some((listing, age)) = shelf.listing(address.folder()) else {
            return Err(error);
        };
        let Ok(selected) = Self::select_cached(program, at, &listing) else {
            return Err(error);
        };
        (self.tell)(Event::Arrived);
        (self.tell)(Event::Warning(error.message));
        self.warn_of_age(address, &selected, &age);
        Ok(selected)
    }

    /// Says that something isn't the newest, perhaps.
    fn warn_of_age(&self, address: &Address, selected: &Selected, age: &Age) {
        let commit = git::short(selected.commit);
        let version = selected.version.as_ref();
        let version = version.map_or_else(String::new, |version| format!(", version {version}"));
        (self.tell)(Event::Warning(format!(
            "{address} is used as it was {age}: commit {commit}{version}"
        )));
    }

    /// Says that a branch is gone which was followed.
    fn complain(&self, address: &Address, at: &At, listing: &Listing) {
        if let At::Branch(branch) = at
            && !listing.has(branch)
        {
            (self.tell)(Event::Warning(format!(
                "{address} has no branch '{}' any more; the newest version is used",
                branch.as_str()
            )));
        }
    }

    /// Finds a commit by the beginning of its id.
    fn find_hex(program: &Program, named: &Named, listing: &Listing) -> Result<Selected> {
        if let Some(commit) = named.commit().or_else(|| listing.starting(named)) {
            return Ok(Selected::commit(commit));
        }
        // Only who has all commits can tell.
        program.fetch_all(listing.format())??;
        let found = program.shelf.find(named).map_err(|error| {
            listing
                .unknown(program.address, named)
                .hint(format!("git says: {error}"))
        })?;
        Ok(Selected::commit(found))
    }

    /// Brings a commit into the cache.
    fn bring(&self, program: &Program, selected: &Selected) -> Result<()> {
        let Program { address, shelf, .. } = program;
        let commit = selected.commit;
        shelf.make(commit.format())?;
        if shelf.has(commit) {
            return shelf.keep(commit);
        }
        if self.reach == Reach::Cache {
            return Err(
                missing(address, commit, "is not in the cache").hint("go on without --offline")
            );
        }
        let shallow = program.fetch_one(commit)?;
        if !shelf.has(commit) {
            // Some servers give whole branches only.
            program
                .fetch_all(commit.format())?
                .map_err(|error| shallow.err().unwrap_or(error))?;
        }
        if shelf.has(commit) {
            return shelf.keep(commit);
        }
        Err(missing(
            address,
            commit,
            "is neither in the cache nor on the server",
        ))
    }
}

/// Says that nothing is known of a repository.
fn absent(address: &Address) -> Error {
    Error::failed(format!("template '{address}' is not in the cache"))
        .hint("go on without --offline")
}

/// Says that a commit isn't there.
fn missing(address: &Address, commit: Oid, reason: &str) -> Error {
    Error::failed(format!(
        "commit {} of template '{address}' {reason}",
        git::short(commit)
    ))
}

#[cfg(test)]
mod tests;
