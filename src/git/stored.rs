//! The files of a commit, read without a checkout: no filter, hook, attribute or submodule has any
//! effect, and nothing is written.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use git2::{ErrorCode, ObjectType, Odb, Oid, Repository, Tree};

use crate::error::{Error, Result};

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
        let failure = |error: git2::Error| self.unreadable(&error);
        let repository = Repository::open_bare(&self.repository).map_err(failure)?;
        let objects = repository.odb().map_err(failure)?;
        let commit = repository.find_commit(self.commit).map_err(failure)?;
        let mut tree = commit.tree().map_err(failure)?;
        if !self.folder.is_empty() {
            let entry = match tree.get_path(Path::new(&self.folder)) {
                Ok(entry) => entry,
                Err(error) if error.code() == ErrorCode::NotFound => return Ok(None),
                Err(error) => return Err(failure(error)),
            };
            if entry.kind() != Some(ObjectType::Tree) {
                return Ok(None);
            }
            tree = repository.find_tree(entry.id()).map_err(failure)?;
        }
        let mut reader = Reader {
            stored: self,
            repository: &repository,
            objects: &objects,
            limits,
            entries: 0,
            total: 0,
            files: BTreeMap::new(),
        };
        reader.read(&tree, "", 0)?;
        Ok(Some(reader.files))
    }

    /// Says that the repository lacks what its commit is made of.
    fn unreadable(&self, error: &git2::Error) -> Unreadable {
        Unreadable::Broken(Error::failed(format!(
            "can't read commit {} of the repository in '{}': {}",
            short(self.commit),
            self.repository.display(),
            error.message()
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
    repository: &'a Repository,
    objects: &'a Odb<'a>,
    limits: Limits,
    entries: usize,
    total: usize,
    files: Files,
}

impl Reader<'_> {
    fn read(&mut self, tree: &Tree, prefix: &str, depth: usize) -> Result<(), Unreadable> {
        if depth > self.limits.depth {
            let most = self.limits.depth;
            let reason = format!("lies in more than {most} folders");
            return Err(self.refused(prefix, (&reason, FEWER)));
        }
        for entry in tree {
            self.entries += 1;
            if self.entries > self.limits.entries {
                let most = self.limits.entries;
                return Err(self.too_much(&format!("more than {most} folders and files")));
            }
            let name = entry.name_bytes();
            let Some(name) = std::str::from_utf8(name).ok().filter(|name| is_plain(name)) else {
                let name = String::from_utf8_lossy(name);
                let path = format!("{prefix}{name}");
                let reason = "has a name that can't be a file's in a template";
                return Err(self.refused(&path, (reason, "give it another name")));
            };
            let path = format!("{prefix}{name}");
            match (entry.kind(), entry.filemode() & 0o170_000) {
                (Some(ObjectType::Tree), _) => {
                    let inner = self.repository.find_tree(entry.id());
                    let inner = inner.map_err(|error| self.stored.unreadable(&error))?;
                    self.read(&inner, &format!("{path}/"), depth + 1)?;
                }
                (Some(ObjectType::Blob), 0o100_000) => self.add(path, entry.id())?,
                (Some(ObjectType::Blob), _) => {
                    let reason = "is a link, and a template can't hold links";
                    return Err(self.refused(&path, (reason, "put the file itself there")));
                }
                _ => {
                    let reason = "is a submodule, and a template can't hold other repositories";
                    return Err(self.refused(&path, (reason, "put its files there")));
                }
            }
        }
        Ok(())
    }

    fn add(&mut self, path: String, blob: Oid) -> Result<(), Unreadable> {
        let failure = |error: git2::Error| self.stored.unreadable(&error);
        // The size is known before the content is unpacked.
        let (size, _) = self.objects.read_header(blob).map_err(failure)?;
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
        let blob = self.repository.find_blob(blob).map_err(failure)?;
        self.files.insert(path, blob.content().to_vec());
        Ok(())
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
