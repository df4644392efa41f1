//! Which files a step adds to a project.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::Path;

use crate::error::Result;
use crate::tree::ProjectPath;

/// The names of the files at the top of a folder, at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TopFiles(BTreeSet<OsString>);

impl TopFiles {
    /// Looks at a folder.
    pub fn of(folder: &Path) -> Result<Self> {
        let mut names = BTreeSet::new();
        for entry in fs_err::read_dir(folder)? {
            let entry = entry?;
            if entry.file_type()?.is_file() {
                names.insert(entry.file_name());
            }
        }
        Ok(TopFiles(names))
    }

    /// Gives the files that are new since then, ordered by name; folders and links don't count,
    /// nor what no project can hold.
    pub fn new_files(&self, folder: &Path) -> Result<Vec<ProjectPath>> {
        let now = TopFiles::of(folder)?;
        let new = now.0.difference(&self.0);
        Ok(new
            .filter_map(|name| ProjectPath::parse(name.to_str()?).ok())
            .collect())
    }

    /// Removes the files that are new since then, as far as they can be removed.
    pub(super) fn remove_new(&self, folder: &Path) {
        let Ok(now) = TopFiles::of(folder) else {
            return;
        };
        for name in now.0.difference(&self.0) {
            let _ = fs_err::remove_file(folder.join(name));
        }
    }
}
