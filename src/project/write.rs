//! Writes the files of a new project into an empty folder.

use std::collections::HashSet;
use std::path::Path;

use crate::error::{Error, Result};
use crate::interrupt::Interrupt;
use crate::project::disk::{self, Mode};
use crate::tree::{Entry, ProjectPath, Tree};

/// What `new` writes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewProject {
    /// The files that are committed, the state in `.pyscaffold/` among them.
    pub tree: Tree,
    /// The files that are written once and never committed, such as `.env`; only their owner may
    /// read them.
    pub once: Tree,
}

/// Writes all files below a folder that has nothing in it.
pub(super) fn write(project: &NewProject, root: &Path, interrupt: &Interrupt) -> Result<()> {
    let mut folders = HashSet::new();
    for (path, entry) in project.tree.iter() {
        interrupt.check()?;
        create_folders(path, root, &mut folders)?;
        disk::create_file(&root.join(path.as_str()), &entry.bytes, mode(entry))?;
    }
    for (path, entry) in project.once.iter() {
        interrupt.check()?;
        if project.tree.get(path.as_str()).is_some() {
            return Err(Error::failed(format!(
                "file '{path}' is both committed and written only once"
            )));
        }
        create_folders(path, root, &mut folders)?;
        disk::create_file(&root.join(path.as_str()), &entry.bytes, Mode::Private)?;
    }
    Ok(())
}

/// Gives the rights that a committed file has.
fn mode(entry: &Entry) -> Mode {
    if entry.executable {
        Mode::Executable
    } else {
        Mode::Plain
    }
}

/// Makes the folders above a file that aren't made yet.
fn create_folders<'tree>(
    path: &'tree ProjectPath,
    root: &Path,
    made: &mut HashSet<&'tree str>,
) -> Result<()> {
    for folder in path.folders() {
        if made.insert(folder) {
            disk::create_folder(&root.join(folder))?;
        }
    }
    Ok(())
}
