//! The objects of a repository, as they are stored.

use std::fmt;
use std::path::Path;

use git2::{ObjectType, Repository};

use crate::git::oid::{Format, Oid};
use crate::git::program::Program;

/// What an object is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Commit,
    Tree,
    Blob,
    Tag,
}

impl Kind {
    fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "commit" => Kind::Commit,
            "tree" => Kind::Tree,
            "blob" => Kind::Blob,
            "tag" => Kind::Tag,
            _ => return None,
        })
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Kind::Commit => "commit",
            Kind::Tree => "tree",
            Kind::Blob => "blob",
            Kind::Tag => "tag",
        })
    }
}

/// What lies in a folder of a commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TreeEntry {
    pub(super) mode: u32,
    pub(super) name: Vec<u8>,
    pub(super) id: Oid,
}

impl TreeEntry {
    /// Reads a tree as it is stored: mode, space, name, NUL and the bytes of an id, again and again.
    pub(super) fn read_all(bytes: &[u8], format: Format) -> Result<Vec<Self>, String> {
        let mut entries = Vec::new();
        let mut rest = bytes;
        while !rest.is_empty() {
            let (entry, after) = Self::read(rest, format).ok_or("a folder of it is damaged")?;
            entries.push(entry);
            rest = after;
        }
        Ok(entries)
    }

    fn read(bytes: &[u8], format: Format) -> Option<(Self, &[u8])> {
        let space = bytes.iter().take(8).position(|byte| *byte == b' ')?;
        let mode = std::str::from_utf8(&bytes[..space]).ok()?;
        let mode = u32::from_str_radix(mode, 8).ok()?;
        let rest = &bytes[space + 1..];
        let end = rest.iter().position(|byte| *byte == 0)?;
        let name = rest[..end].to_vec();
        let (id, rest) = rest[end + 1..].split_at_checked(format.bytes())?;
        let id = Oid::of_bytes(id)?;
        Some((TreeEntry { mode, name, id }, rest))
    }

    /// Tells whether it is a folder.
    pub(super) fn is_folder(&self) -> bool {
        self.mode & 0o170_000 == 0o040_000
    }
}

/// The objects of a repository.
pub(super) enum Database {
    /// Read by the library.
    Library(Repository),
    /// Read by the program.
    Program(Program),
}

impl Database {
    /// Opens git's own folder of a repository.
    pub(super) fn open(folder: &Path, format: Format) -> Self {
        // What the library can't read, the program may.
        let opened = Repository::open_bare(folder).ok();
        match opened.filter(|_| format == Format::Sha1) {
            Some(repository) => Database::Library(repository),
            None => Database::Program(Program::of_bare(folder)),
        }
    }

    /// Tells what an object is, and its size in bytes, without unpacking it.
    pub(super) fn header(&self, id: Oid) -> Result<(Kind, usize), String> {
        match self {
            Database::Library(repository) => {
                let header = || repository.odb()?.read_header(id.try_into()?);
                let (size, kind) = header().map_err(|error| error.message().to_owned())?;
                Ok((kind_of(kind)?, size))
            }
            Database::Program(program) => {
                let said = ask(program, "--batch-check", id)?;
                describe(&said, id)
            }
        }
    }

    /// Reads an object.
    pub(super) fn content(&self, id: Oid) -> Result<Vec<u8>, String> {
        match self {
            Database::Library(repository) => {
                let read = || Ok(repository.odb()?.read(id.try_into()?)?.data().to_vec());
                read().map_err(|error: git2::Error| error.message().to_owned())
            }
            Database::Program(program) => {
                let said = ask(program, "--batch", id)?;
                let end = said.iter().position(|byte| *byte == b'\n').unwrap_or(0);
                let (line, content) = said.split_at(end);
                let (_, size) = describe(line, id)?;
                // A line ends before it, and another one after it.
                let content = content.get(1..=size).map(<[u8]>::to_vec);
                content.ok_or_else(|| format!("object {id} is too large"))
            }
        }
    }

    /// Reads which tree is a commit's.
    pub(super) fn tree_of(commit: &[u8]) -> Result<Oid, String> {
        let line = commit
            .split(|byte| *byte == b'\n')
            .next()
            .unwrap_or_default();
        let id = line
            .strip_prefix(b"tree ")
            .and_then(|id| std::str::from_utf8(id).ok());
        id.and_then(Oid::parse)
            .ok_or_else(|| "the commit is damaged".to_owned())
    }
}

fn kind_of(kind: ObjectType) -> Result<Kind, String> {
    Kind::parse(kind.str()).ok_or_else(|| "an object of it is damaged".to_owned())
}

/// Asks the program for one object.
fn ask(program: &Program, how: &str, id: Oid) -> Result<Vec<u8>, String> {
    let said = program.run_with(&["cat-file", how], format!("{id}\n").as_bytes());
    said.map_err(|refusal| refusal.to_string())
}

/// Reads the line that says what an object is: its id, its kind and its size.
fn describe(line: &[u8], id: Oid) -> Result<(Kind, usize), String> {
    let line = String::from_utf8_lossy(line);
    let mut words = line.split_whitespace().skip(1);
    let kind = words.next().and_then(Kind::parse);
    let size = words.next().and_then(|size| size.parse().ok());
    kind.zip(size)
        .ok_or_else(|| format!("object {id} is missing"))
}
