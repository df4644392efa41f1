//! The right to change a project, which one process has at a time.
//!
//! Whoever changes a project takes it first, then reads, decides and writes: what was read is still
//! so when it is written. It is a lock on a file, so that it ends with its process, and a file that
//! a killed process left is free.

use std::fs::TryLockError;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use crate::error::{Error, Result};
use crate::interrupt::Interrupt;
use crate::project::change::local::{self, Local};
use crate::project::disk;

/// How often is looked whether the project is free.
const INTERVAL: Duration = Duration::from_millis(20);

/// The longest number of a process, in digits.
const MAX_DIGITS: u64 = 20;

/// The right to change a project, for as long as it isn't dropped.
#[derive(Debug)]
pub struct Hold {
    local: Local,
    lock: fs_err::File,
}

/// How to wait for another process that is at work in a project.
pub struct Patience<'a> {
    /// How long at most.
    pub longest: Duration,
    /// Ends the waiting.
    pub interrupt: &'a Interrupt,
    /// Says that somebody waits, and for which process, if that is known.
    pub tell: &'a dyn Fn(Option<u32>),
}

impl Hold {
    /// Takes the right to change a project; makes the private folder where it is missing.
    pub fn take(root: &Path, patience: &Patience) -> Result<Self> {
        let begun = Instant::now();
        let mut has_told = false;
        loop {
            patience.interrupt.check()?;
            let holder = match attempt(root)? {
                Attempt::Taken(hold) => return Ok(hold),
                Attempt::Gone => None,
                Attempt::Held(holder) => {
                    if !has_told && !patience.longest.is_zero() {
                        (patience.tell)(holder);
                        has_told = true;
                    }
                    holder
                }
            };
            if begun.elapsed() >= patience.longest {
                return Err(busy(holder));
            }
            thread::sleep(INTERVAL);
        }
    }

    /// Gives the folder of the project.
    pub fn root(&self) -> &Path {
        self.local.root()
    }

    /// Gives the private folder of the project.
    pub(super) fn local(&self) -> &Local {
        &self.local
    }
}

impl Drop for Hold {
    /// Removes what nobody needs, and unlocks at once: a process that is just starting may still
    /// hold the file.
    fn drop(&mut self) {
        local::tidy(self.root());
        let _ = self.lock.unlock();
    }
}

/// What became of one attempt to take the lock.
enum Attempt {
    Taken(Hold),
    /// The file went away meanwhile, with the process that held it.
    Gone,
    /// Another process has it, which wrote down its number.
    Held(Option<u32>),
}

fn attempt(root: &Path) -> Result<Attempt> {
    let is_new = !local::is_there(root)?;
    let attempted = local::make(root).and_then(|()| lock(root));
    if is_new && attempted.is_err() && !disk::is_taken(&local::lock_file(root))? {
        local::tidy(root);
    }
    attempted
}

fn lock(root: &Path) -> Result<Attempt> {
    let place = local::lock_file(root);
    let mut lock = match disk::open_lock(&place) {
        Ok(lock) => lock,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Attempt::Gone),
        Err(error) => return Err(error.into()),
    };
    match lock.try_lock() {
        Err(TryLockError::WouldBlock) => return Ok(Attempt::Held(read_holder(&mut lock))),
        // A file system without locks is used without.
        Ok(()) | Err(TryLockError::Error(_)) => {}
    }
    if !disk::is_at(&lock, &place)? {
        return Ok(Attempt::Gone);
    }
    // It is for people alone.
    let _ = write_holder(&mut lock);
    Ok(Attempt::Taken(Hold {
        local: Local::at(root),
        lock,
    }))
}

fn write_holder(lock: &mut fs_err::File) -> io::Result<()> {
    lock.set_len(0)?;
    lock.seek(SeekFrom::Start(0))?;
    lock.write_all(std::process::id().to_string().as_bytes())
}

fn read_holder(lock: &mut fs_err::File) -> Option<u32> {
    let mut digits = Vec::new();
    lock.take(MAX_DIGITS).read_to_end(&mut digits).ok()?;
    str::from_utf8(&digits).ok()?.parse().ok()
}

/// Says that another process is at work in a project, and which one, where that is known.
pub fn at_work(holder: Option<u32>) -> String {
    let process = holder.map_or_else(String::new, |holder| format!(" (process {holder})"));
    format!("another pyscaffold{process} is at work in this project")
}

fn busy(holder: Option<u32>) -> Error {
    Error::failed(format!("{}; nothing was changed", at_work(holder)))
        .hint("wait until it has ended, then run the command again")
}
