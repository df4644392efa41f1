//! The journal of a project that moves into an empty folder, entry by entry.
//!
//! From the moment it is there, the project is complete in the staging and only moves. Nothing is
//! ever moved over something else.

use std::io;
use std::path::{Component, Path, PathBuf};

use crate::error::{Error, Result};
use crate::file;
use crate::project::disk::{self, Mode};
use crate::project::staging::PROJECT;

/// The name of the journal in a staging.
const NAME: &str = "journal";

/// The name of the journal while it is written.
const DRAFT: &str = "journal.draft";

/// The largest journal, in bytes: it has the names at the top of one project.
const MAX_BYTES: u64 = 1024 * 1024;

/// The first line of a journal: what it is, and the version of its format.
const HEADING: &str = "pyscaffold publish 1";

/// The entries that move last: the state comes after all, so that a folder that has it is a
/// complete project.
const LAST: [&str; 2] = [".git", ".pyscaffold"];

/// What moves, and from where to where.
#[derive(Debug)]
pub(super) struct Journal {
    staging: PathBuf,
    target: PathBuf,
    names: Vec<String>,
}

impl Journal {
    /// Begins a move: checks that nothing is in the way, and writes down what is to move.
    pub(super) fn begin(staging: &Path, project: &Path, target: &Path) -> Result<Self> {
        let journal = Journal {
            staging: staging.to_owned(),
            target: target.to_owned(),
            names: entries(project)?,
        };
        for name in &journal.names {
            journal.refuse_taken(name)?;
        }
        let text = format!("{HEADING}\n{}\n", journal.names.join("\n"));
        let draft = staging.join(DRAFT);
        disk::create_file(&draft, text.as_bytes(), Mode::Private)?;
        disk::sync_file(&draft)?;
        disk::rename(&draft, &staging.join(NAME))?;
        disk::sync_folder(staging)?;
        Ok(journal)
    }

    /// Tells whether the project of a staging has begun to move.
    pub(super) fn is_begun(staging: &Path) -> io::Result<bool> {
        disk::is_taken(&staging.join(NAME))
    }

    /// Reads the journal of a staging whose project has begun to move.
    pub(super) fn read(staging: &Path, target: &Path) -> Result<Self> {
        let path = staging.join(NAME);
        let text = file::text(&path, MAX_BYTES)?;
        let mut lines = text.lines();
        let heading = lines.next() == Some(HEADING);
        let names: Vec<String> = lines.map(str::to_owned).collect();
        let project = staging.join(PROJECT);
        let is_ours = fs_err::symlink_metadata(&project).is_ok_and(|found| found.is_dir());
        if !heading || !is_ours || !names.iter().all(|name| is_plain(name)) {
            return Err(Error::failed(format!(
                "can't read '{}', the journal of an earlier run",
                path.display()
            ))
            .hint("it is from another version of pyscaffold, or it was changed"));
        }
        Ok(Journal {
            staging: staging.to_owned(),
            target: target.to_owned(),
            names,
        })
    }

    /// Moves what hasn't moved yet.
    pub(super) fn finish(&self) -> Result<()> {
        for name in &self.names {
            let from = self.source(name);
            if disk::is_taken(&from)? {
                self.refuse_taken(name)?;
                disk::rename(&from, &self.target.join(name))?;
            }
        }
        Ok(())
    }

    /// Moves everything back into the staging, and forgets the move.
    ///
    /// Only for the process that began it: later, what lies in the target may be the user's.
    pub(super) fn take_back(&self) -> Result<()> {
        for name in self.names.iter().rev() {
            let (from, to) = (self.target.join(name), self.source(name));
            if !disk::is_taken(&to)? {
                disk::rename(&from, &to)?;
            }
        }
        disk::remove_file(&self.staging.join(NAME))?;
        Ok(())
    }

    /// Gives the place of an entry before it moves.
    fn source(&self, name: &str) -> PathBuf {
        self.staging.join(PROJECT).join(name)
    }

    /// Fails when the target has an entry of this name.
    fn refuse_taken(&self, name: &str) -> Result<()> {
        let path = self.target.join(name);
        if !disk::is_taken(&path)? {
            return Ok(());
        }
        Err(Error::failed(format!(
            "'{}' is in the way of the new project",
            path.display()
        ))
        .hint("move it away and run the command again"))
    }
}

/// Lists the entries of a project in the order in which they move.
fn entries(project: &Path) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs_err::read_dir(project)? {
        let name = entry?.file_name();
        match name.to_str() {
            Some(name) if is_plain(name) => names.push(name.to_owned()),
            _ => {
                let name = name.display();
                return Err(Error::failed(format!(
                    "can't move {name:?}: its name isn't plain text"
                )));
            }
        }
    }
    names.sort_by_key(|name| {
        let rank = LAST.iter().position(|last| last == name);
        (rank.map_or(0, |rank| rank + 1), name.clone())
    });
    Ok(names)
}

/// Tells whether a name is one entry of a folder and fits on a line.
fn is_plain(name: &str) -> bool {
    let mut components = Path::new(name).components();
    matches!(components.next(), Some(Component::Normal(first)) if first == name)
        && components.next().is_none()
        && !name.contains(['\n', '\r'])
}
