//! The folder of one change: its journal and its contents.

use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::file;
use crate::project::change::Transition;
use crate::project::change::journal::{Journal, Side, Step};
use crate::project::change::look;
use crate::project::disk::{self, Mode};
use crate::tree::{Entry, Node, ProjectPath};

/// The name of the journal of a change that is carried out, or was.
const JOURNAL: &str = "journal";

/// The name of the journal of a change that is taken back.
const BACK: &str = "journal.back";

/// The name of the journal while it is written.
const DRAFT: &str = "journal.draft";

/// The largest journal, in bytes: one has some hundred for each path.
const MAX_JOURNAL: u64 = 64 * 1024 * 1024;

/// What to do when nothing else helps.
pub(super) const REPAIR: &str = "if it can't be restored, remove the folder '.pyscaffold/local' and compare the project with its \
     history";

/// Which of the contents of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shelf {
    /// What a path was.
    Before,
    /// What it becomes.
    After,
    /// The same, until it moves to its place.
    New,
}

/// Where a change goes that has begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    Forward,
    Back,
}

/// The folder of one change.
#[derive(Debug)]
pub(super) struct ChangeFolder(PathBuf);

impl ChangeFolder {
    /// Names the folder; it need not be there.
    pub(super) fn at(path: PathBuf) -> Self {
        ChangeFolder(path)
    }

    /// Makes the folder, without a journal.
    pub(super) fn create(&self) -> Result<()> {
        disk::create_folder(&self.0)?;
        for shelf in [Shelf::Before, Shelf::After, Shelf::New] {
            disk::create_folder(&self.0.join(shelf.name()))?;
        }
        Ok(())
    }

    /// Gives the place of a content.
    pub(super) fn place(&self, shelf: Shelf, step: &Step) -> PathBuf {
        self.0.join(shelf.name()).join(step.number.to_string())
    }

    /// Writes everything that a step needs.
    pub(super) fn stage(&self, root: &Path, step: &Step, transition: &Transition) -> Result<()> {
        self.keep(step, transition)?;
        if let Some(Node::File(entry)) = &transition.before {
            let place = self.place(Shelf::Before, step);
            disk::copy_rights(&root.join(step.path.as_str()), &place, entry.executable)?;
        }
        if let Some(after) = &transition.after {
            let own = root.join(step.path.as_str());
            let like = transition.like.as_ref().map(|like| root.join(like));
            let like = like.filter(|_| !is_file(&own)).unwrap_or(own);
            self.stage_new(step, after, &like)?;
        }
        Ok(())
    }

    /// Waits until what was written would outlast a power cut.
    pub(super) fn sync(&self) -> Result<()> {
        Ok(disk::sync_all(&self.0)?)
    }

    /// Writes what is kept of a step for `undo`.
    pub(super) fn keep(&self, step: &Step, transition: &Transition) -> Result<()> {
        let sides = [
            (Shelf::Before, &transition.before),
            (Shelf::After, &transition.after),
        ];
        for (shelf, node) in sides {
            if let Some(node) = node {
                create(&self.place(shelf, step), node, Mode::Private)?;
            }
        }
        Ok(())
    }

    /// Writes what will move to its place, with the rights of the file that it replaces or comes from.
    fn stage_new(&self, step: &Step, after: &Node, like: &Path) -> Result<()> {
        let place = self.place(Shelf::New, step);
        match after {
            Node::File(entry) if is_file(like) => {
                create(&place, after, Mode::Private)?;
                disk::copy_rights(like, &place, entry.executable)?;
            }
            Node::File(_) if step.is_private => create(&place, after, Mode::Private)?,
            Node::File(entry) if entry.executable => create(&place, after, Mode::Executable)?,
            _ => create(&place, after, Mode::Plain)?,
        }
        Ok(())
    }

    /// Makes sure that what will move to its place is there and whole.
    pub(super) fn restage(&self, root: &Path, step: &Step, after: &Side) -> Result<()> {
        if self.read(Shelf::New, step, after).is_ok() {
            return Ok(());
        }
        let after = self.read(Shelf::After, step, after)?;
        remove_if_there(&self.place(Shelf::New, step))?;
        self.stage_new(step, &after, &root.join(step.path.as_str()))
    }

    /// Tells whether a content of a step was there and has moved away.
    pub(super) fn has_moved(&self, step: &Step, shelf: Shelf) -> Result<bool> {
        let side = match shelf {
            Shelf::Before => &step.before,
            Shelf::After | Shelf::New => &step.after,
        };
        Ok(side.is_some() && !disk::is_taken(&self.place(shelf, step))?)
    }

    /// Reads a content, and fails when it isn't what the journal says.
    pub(super) fn read(&self, shelf: Shelf, step: &Step, side: &Side) -> Result<Node> {
        let place = self.place(shelf, step);
        let metadata = fs_err::symlink_metadata(&place)?;
        let node = look::read(&place, &metadata)?;
        if !side.has_content_of(&Side::of(&node)) {
            return Err(Error::failed(format!(
                "'{}' is damaged: it holds '{}' for a change of the project",
                place.display(),
                step.path
            ))
            .hint(REPAIR));
        }
        Ok(match node {
            Node::File(entry) => Node::File(Entry {
                executable: side.executable,
                ..entry
            }),
            link @ Node::Link(_) => link,
        })
    }

    /// Writes the journal, over the one that is there.
    pub(super) fn write_journal(&self, journal: &Journal) -> Result<()> {
        let draft = self.0.join(DRAFT);
        remove_if_there(&draft)?;
        disk::create_file(&draft, &journal.encode()?, Mode::Private)?;
        disk::sync_file(&draft)?;
        disk::rename(&draft, &self.0.join(JOURNAL))?;
        Ok(())
    }

    /// Waits until the journal would outlast a power cut, with its name.
    pub(super) fn sync_journal(&self) -> Result<()> {
        Ok(disk::sync_folder(&self.0)?)
    }

    /// Removes the journal, so that nothing has begun.
    pub(super) fn forget(&self) -> Result<()> {
        remove_if_there(&self.0.join(JOURNAL))
    }

    /// Decides that a change that has begun is taken back.
    pub(super) fn turn_back(&self) -> Result<()> {
        disk::rename(&self.0.join(JOURNAL), &self.0.join(BACK))?;
        // What was done is taken back even so.
        let _ = disk::sync_folder(&self.0);
        Ok(())
    }

    /// Tells whether a change has begun, and where it goes.
    pub(super) fn direction(&self) -> Result<Option<Direction>> {
        let shelves =
            [Shelf::Before, Shelf::After, Shelf::New].map(|shelf| self.0.join(shelf.name()));
        // A link leads to something that no change has written.
        if self.0.is_symlink() || shelves.iter().any(|shelf| shelf.is_symlink()) {
            return Ok(None);
        }
        for (name, direction) in [(JOURNAL, Direction::Forward), (BACK, Direction::Back)] {
            if disk::is_taken(&self.0.join(name))? {
                return Ok(Some(direction));
            }
        }
        Ok(None)
    }

    /// Reads the journal of a change that has begun.
    pub(super) fn journal(&self, direction: Direction) -> Result<Journal> {
        let place = self.0.join(match direction {
            Direction::Forward => JOURNAL,
            Direction::Back => BACK,
        });
        Journal::decode(&file::read(&place, MAX_JOURNAL)?, &place)
    }

    /// Tells how many bytes its contents have.
    pub(super) fn size(&self) -> Result<u64> {
        let mut size = 0;
        for shelf in [Shelf::Before, Shelf::After] {
            let shelf = self.0.join(shelf.name());
            if !look::metadata(&shelf)?.is_some_and(|found| found.is_dir()) {
                continue;
            }
            for entry in fs_err::read_dir(shelf)? {
                size += entry?.metadata()?.len();
            }
        }
        Ok(size)
    }

    /// Removes what an earlier run left under the number of a step.
    pub(super) fn clear(&self, step: &Step) -> Result<()> {
        for shelf in [Shelf::Before, Shelf::After] {
            remove_if_there(&self.place(shelf, step))?;
        }
        Ok(())
    }
}

impl Shelf {
    fn name(self) -> &'static str {
        match self {
            Shelf::Before => "before",
            Shelf::After => "after",
            Shelf::New => "new",
        }
    }
}

/// Makes the folders above a path of the project.
pub(super) fn create_folders(root: &Path, path: &ProjectPath) -> Result<()> {
    for folder in path.folders() {
        let folder = root.join(folder);
        if !disk::is_taken(&folder)? {
            disk::create_folder(&folder)?;
        }
    }
    Ok(())
}

/// Tells whether a file is at a path of the project, and no link.
fn is_file(place: &Path) -> bool {
    fs_err::symlink_metadata(place).is_ok_and(|metadata| metadata.is_file())
}

/// Writes a file or a link that must not be there yet.
fn create(place: &Path, node: &Node, mode: Mode) -> Result<()> {
    match node {
        Node::File(entry) => disk::create_file(place, &entry.bytes, mode)?,
        Node::Link(to) => disk::create_link(place, to)?,
    }
    Ok(())
}

fn remove_if_there(place: &Path) -> Result<()> {
    if disk::is_taken(place)? {
        disk::remove_file(place)?;
    }
    Ok(())
}
