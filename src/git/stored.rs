//! The files of a commit, read without a checkout: no filter, hook, attribute or submodule has any
//! effect, and nothing is written.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::path::PathBuf;

use crate::error::{Error, Result};
use crate::git::database::{Database, Kind, TreeEntry};
use crate::git::oid::Oid;

/// What to do about too much.
const FEWER: &str =
    "keep what isn't part of the template out of its folder, and name that folder: SOURCE#FOLDER";

/// A folder of a repository as it is in a commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredFolder {
    /// Git's own folder.
    pub repository: PathBuf,
    /// The commit.
    pub commit: Oid,
    /// The path in the repository, with `/` between names; empty for all of it.
    pub folder: String,
}

/// How much is read of a commit at most, so that no commit can fill the memory.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// The files.
    pub files: usize,
    /// The bytes of one file.
    pub file: usize,
    /// The bytes of all files.
    pub total: usize,
    /// The folders and files that are looked at.
    pub entries: usize,
    /// The folders in each other.
    pub depth: usize,
}

/// Why the files of a commit can't be read.
#[derive(Debug)]
pub enum Unreadable {
    /// The repository lacks what its commit is made of.
    Broken(Error),
    /// Something is in the folder that is never read.
    Refused(Error),
}

impl From<Unreadable> for Error {
    fn from(unreadable: Unreadable) -> Self {
        match unreadable {
            Unreadable::Broken(error) | Unreadable::Refused(error) => error,
        }
    }
}

/// The files of a folder, by their paths in it.
type Files = BTreeMap<String, Vec<u8>>;

impl StoredFolder {
    /// Reads all files; nothing when the commit has no such folder.
    pub fn read(&self, limits: Limits) -> Result<Option<Files>, Unreadable> {
        let mut reader = Reader {
            stored: self,
            database: Database::open(&self.repository, self.commit.format()),
            limits,
            entries: 0,
            total: 0,
            files: BTreeMap::new(),
        };
        let Some(tree) = reader.find()? else {
            return Ok(None);
        };
        reader.read(tree, "", 0)?;
        Ok(Some(reader.files))
    }

    /// Says that the repository lacks what its commit is made of.
    fn unreadable(&self, reason: impl Display) -> Unreadable {
        Unreadable::Broken(Error::failed(format!(
            "can't read commit {} of the repository in '{}': {reason}",
            short(self.commit),
            self.repository.display(),
        )))
    }
}

/// Writes a commit as people do.
pub fn short(commit: Oid) -> String {
    let mut text = commit.to_string();
    text.truncate(7);
    text
}

/// What was read so far.
struct Reader<'a> {
    stored: &'a StoredFolder,
    database: Database,
    limits: Limits,
    entries: usize,
    total: usize,
    files: Files,
}

impl Reader<'_> {
    /// Finds the tree of the folder that is meant; nothing when the commit has no such folder.
    fn find(&self) -> Result<Option<Oid>, Unreadable> {
        let commit = self.object(self.stored.commit, Kind::Commit)?;
        let mut tree = self.known(Database::tree_of(&commit))?;
        let folder = &self.stored.folder;
        for name in folder.split('/').filter(|name| !name.is_empty()) {
            let entries = self.tree(tree)?;
            let is_named = |entry: &TreeEntry| entry.name == name.as_bytes() && entry.is_folder();
            let Some(inner) = entries.into_iter().find(is_named) else {
                return Ok(None);
            };
            tree = inner.id;
        }
        Ok(Some(tree))
    }

    fn read(&mut self, tree: Oid, prefix: &str, depth: usize) -> Result<(), Unreadable> {
        if depth > self.limits.depth {
            let most = self.limits.depth;
            let reason = format!("lies in more than {most} folders");
            return Err(self.refused(prefix, (&reason, FEWER)));
        }
        for entry in self.tree(tree)? {
            self.entries += 1;
            if self.entries > self.limits.entries {
                let most = self.limits.entries;
                return Err(self.too_much(&format!("more than {most} folders and files")));
            }
            let name = std::str::from_utf8(&entry.name).ok();
            let Some(name) = name.filter(|name| is_plain(name)) else {
                let name = String::from_utf8_lossy(&entry.name);
                let path = format!("{prefix}{name}");
                let reason = "has a name that can't be a file's in a template";
                return Err(self.refused(&path, (reason, "give it another name")));
            };
            let path = format!("{prefix}{name}");
            match entry.mode & 0o170_000 {
                0o040_000 => self.read(entry.id, &format!("{path}/"), depth + 1)?,
                0o100_000 => self.add(path, entry.id)?,
                0o160_000 => {
                    let reason = "is a submodule, and a template can't hold other repositories";
                    return Err(self.refused(&path, (reason, "put its files there")));
                }
                _ => {
                    let reason = "is a link, and a template can't hold links";
                    return Err(self.refused(&path, (reason, "put the file itself there")));
                }
            }
        }
        Ok(())
    }

    fn add(&mut self, path: String, blob: Oid) -> Result<(), Unreadable> {
        // The size is known before the content is unpacked.
        let header = self.database.header(blob);
        let (_, size) = self.known(header)?;
        if size > self.limits.file {
            let most = self.limits.file;
            let reason = format!("has more than {most} bytes");
            return Err(self.refused(&path, (&reason, FEWER)));
        }
        self.total += size;
        if self.total > self.limits.total {
            let most = self.limits.total;
            return Err(self.too_much(&format!("more than {most} bytes")));
        }
        if self.files.len() >= self.limits.files {
            let most = self.limits.files;
            return Err(self.too_much(&format!("more than {most} files")));
        }
        let content = self.object(blob, Kind::Blob)?;
        self.files.insert(path, content);
        Ok(())
    }

    /// Reads what lies in a folder.
    fn tree(&self, tree: Oid) -> Result<Vec<TreeEntry>, Unreadable> {
        let bytes = self.object(tree, Kind::Tree)?;
        self.known(TreeEntry::read_all(&bytes, tree.format()))
    }

    /// Reads an object, unless it is too large for all that is read together.
    fn object(&self, id: Oid, kind: Kind) -> Result<Vec<u8>, Unreadable> {
        let header = self.database.header(id);
        let (found, size) = self.known(header)?;
        if size > self.limits.total {
            let most = self.limits.total;
            return Err(self.too_much(&format!("more than {most} bytes")));
        }
        if found != kind {
            let reason = format!("object {id} is not a {kind}");
            return Err(self.stored.unreadable(reason));
        }
        let content = self.database.content(id);
        self.known(content)
    }

    /// Takes what the repository has.
    fn known<T>(&self, found: Result<T, String>) -> Result<T, Unreadable> {
        found.map_err(|reason| self.stored.unreadable(reason))
    }

    fn refused(&self, path: &str, (reason, hint): (&str, &str)) -> Unreadable {
        let path = path.escape_debug();
        let commit = short(self.stored.commit);
        let message = format!("'{path}' in commit {commit} {reason}");
        Unreadable::Refused(Error::failed(message).hint(hint))
    }

    fn too_much(&self, what: &str) -> Unreadable {
        let commit = short(self.stored.commit);
        let message = format!("commit {commit} holds {what}, too much for a template");
        Unreadable::Refused(Error::failed(message).hint(FEWER))
    }
}

/// Tells whether a name can stand in a path and lead nowhere else.
fn is_plain(name: &str) -> bool {
    !name.is_empty()
        && name != "."
        && name != ".."
        && !name.eq_ignore_ascii_case(".git")
        && !name.contains(|letter: char| letter.is_control() || letter == '/' || letter == '\\')
}
