//! Where a new project goes: a folder that isn't there yet, or one that is empty.
//!
//! It only looks. Everything else is refused here, before anything is made.

use std::ffi::OsString;
use std::io;
use std::path::{Component, Path, PathBuf};

use crate::error::{Error, Result};
use crate::project::recovery;

/// How many names of a folder a message shows.
const SHOWN: usize = 5;

/// A place that a new project can take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// Nothing is there: the project's folder appears when all is done.
    Absent {
        /// The absolute path of the folder, without links in the part that is there.
        path: PathBuf,
        /// The folders above it that are to be made, the outermost first.
        parents: Vec<PathBuf>,
    },
    /// A folder with nothing in it, which stays the same folder: somebody may stand in it.
    Empty {
        /// The absolute path of the folder, without links.
        path: PathBuf,
    },
}

impl Target {
    /// Finds out what a path leads to, and refuses what can't hold a new project.
    pub fn parse(path: &Path) -> Result<Self> {
        match fs_err::metadata(path) {
            Ok(metadata) if metadata.is_dir() => empty(path),
            Ok(_) => Err(Error::request(format!(
                "can't make a project at '{}': it is a file",
                path.display()
            ))
            .hint("choose a path that isn't there yet, or an empty folder")),
            Err(error) if is_absence(&error) => absent(path),
            Err(error) => Err(error.into()),
        }
    }

    /// Gives the absolute path of the project's folder.
    pub fn path(&self) -> &Path {
        match self {
            Target::Absent { path, .. } | Target::Empty { path } => path,
        }
    }

    /// Gives the last name of the project's folder; the root of a file system has none.
    pub fn name(&self) -> Option<&str> {
        self.path().file_name()?.to_str()
    }
}

/// Takes a folder that is there, if it is empty but for stale stagings of ours.
fn empty(path: &Path) -> Result<Target> {
    let path = fs_err::canonicalize(path)?;
    let mut names = Vec::new();
    for entry in fs_err::read_dir(&path)? {
        let entry = entry?;
        if !recovery::is_stale(&entry.path()) {
            names.push(entry.file_name());
        }
    }
    if names.is_empty() {
        return Ok(Target::Empty { path });
    }
    Err(Error::request(format!(
        "folder '{}' isn't empty: it has {}",
        path.display(),
        list(names)
    ))
    .hint("choose a path that isn't there yet, or an empty folder"))
}

/// Takes a path where nothing is, below the folders that are there.
fn absent(path: &Path) -> Result<Target> {
    let refuse = |problem: &str| {
        let path = path.display();
        Err(Error::request(format!(
            "can't make a project at '{path}': {problem}"
        )))
    };
    let mut missing = Vec::new();
    let mut above = std::path::absolute(path)?;
    while let Err(error) = fs_err::metadata(&above) {
        if !is_absence(&error) {
            return Err(error.into());
        }
        if above.is_symlink() {
            return refuse(&format!("'{}' is a link to nothing", above.display()));
        }
        let Some(Component::Normal(name)) = above.components().next_back() else {
            return refuse("it leads back through a folder that isn't there");
        };
        missing.push(name.to_owned());
        above.pop();
    }
    if !above.is_dir() {
        return refuse(&format!("'{}' is a file", above.display()));
    }
    let above = fs_err::canonicalize(above)?;
    let mut chain: Vec<PathBuf> = Vec::new();
    for name in missing.iter().rev() {
        let parent = chain.last().unwrap_or(&above);
        chain.push(parent.join(name));
    }
    match chain.pop() {
        Some(path) => Ok(Target::Absent {
            path,
            parents: chain,
        }),
        None => refuse("it isn't a folder's name"),
    }
}

/// Tells whether an error means that nothing has the path.
fn is_absence(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
    )
}

/// Names what is in a folder, in order; not more than a few.
fn list(mut names: Vec<OsString>) -> String {
    names.sort();
    let shown: Vec<String> = names
        .iter()
        .take(SHOWN)
        .map(|name| format!("'{}'", name.display()))
        .collect();
    let shown = shown.join(", ");
    match names.len().saturating_sub(SHOWN) {
        0 => shown,
        rest => format!("{shown} and {rest} more"),
    }
}

#[cfg(test)]
mod tests;
