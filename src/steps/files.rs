//! Which files a step adds to a project.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::Path;

use crate::error::Result;
use crate::tree::ProjectPath;

/// The names of what is at the top of a folder, at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TopFiles {
    files: BTreeSet<OsString>,
    folders: BTreeSet<OsString>,
}

impl TopFiles {
    /// Looks at a folder.
    pub fn of(folder: &Path) -> Result<Self> {
        let (mut files, mut folders) = (BTreeSet::new(), BTreeSet::new());
        for entry in fs_err::read_dir(folder)? {
            let entry = entry?;
            let kind = entry.file_type()?;
            if kind.is_file() {
                files.insert(entry.file_name());
            } else if kind.is_dir() {
                folders.insert(entry.file_name());
            }
        }
        Ok(TopFiles { files, folders })
    }

    /// Gives the files that are new since then, ordered by name; folders and links don't count,
    /// nor what no project can hold.
    pub fn new_files(&self, folder: &Path) -> Result<Vec<ProjectPath>> {
        let now = TopFiles::of(folder)?;
        let new = now.files.difference(&self.files);
        Ok(new
            .filter_map(|name| ProjectPath::parse(name.to_str()?).ok())
            .collect())
    }

    /// Removes the files that are new since then, as far as they can be removed.
    pub(super) fn remove_new(&self, folder: &Path) {
        let Ok(now) = TopFiles::of(folder) else {
            return;
        };
        for name in now.files.difference(&self.files) {
            let _ = fs_err::remove_file(folder.join(name));
        }
    }

    /// Removes the folders that are new since then: an environment or a cache that a step made
    /// holds the path that it was made at, and a project that moves leaves that.
    pub fn remove_new_folders(&self, folder: &Path) -> Result<()> {
        let now = TopFiles::of(folder)?;
        for name in now.folders.difference(&self.folders) {
            fs_err::remove_dir_all(folder.join(name))?;
        }
        Ok(())
    }
}
