//! The entries of git's index, and what the last commit has at their paths.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::Write;
use std::path::Path;

use git2::{IndexEntry, IndexTime, ObjectType, Repository};

use crate::git::index::Staged;
use crate::git::program::{Program, Refusal};
use crate::git::stage::mode_of;
use crate::git::work_tree::{Asked, WorkTree, git_path};
use crate::tree::{Entry, ProjectPath};

/// All stages that an entry can have.
const STAGES: [u16; 4] = [0, 1, 2, 3];

/// Where the stage begins in the flags of an entry.
const STAGE_SHIFT: u16 = 12;

/// The flag that an entry is taken for unchanged; it is the first of both sets of flags.
const ASSUMED: u16 = 0x8000;

/// The flag that an entry is left out of the folder.
const LEFT_OUT: u16 = 0x4000;

/// The other flags that are the user's: to be added, and left out of the folder.
const EXTENDED: u16 = 0x6000;

/// The entries of the index; what changes in them is on disk when they are written.
pub(super) struct Entries<'w> {
    work_tree: &'w WorkTree,
    found: Found<'w>,
}

/// What the index has.
enum Found<'w> {
    Library(&'w Repository, git2::Index),
    Program {
        program: &'w Program,
        versions: BTreeMap<Vec<u8>, Vec<Staged>>,
        /// The lines that the program is given in the end.
        changes: Vec<u8>,
        /// The paths that get a flag afterwards, with the word for it.
        flagged: Vec<(&'static str, Vec<u8>)>,
    },
}

impl<'w> Entries<'w> {
    /// Reads the index of the repository that a project is part of.
    pub(super) fn read(work_tree: &'w WorkTree) -> Result<Self, String> {
        let found = match &work_tree.asked {
            Asked::Library(repository) => {
                let index = repository.index().map_err(|error| words(&error))?;
                Found::Library(repository, index)
            }
            Asked::Program(program) => Found::Program {
                program,
                versions: listed(program).map_err(|refusal| refusal.to_string())?,
                changes: Vec::new(),
                flagged: Vec::new(),
            },
        };
        Ok(Entries { work_tree, found })
    }

    /// Gives all versions of a path, in the order of their stages.
    pub(super) fn versions(&self, path: &Path) -> Vec<Staged> {
        match &self.found {
            Found::Library(_, index) => {
                let version = |stage: u16| {
                    let entry = index.get_path(path, stage.into())?;
                    let flags = entry.flags & ASSUMED | entry.flags_extended & EXTENDED;
                    Some(Staged::new(stage, entry.mode, entry.id.to_string()).with_flags(flags))
                };
                STAGES.into_iter().filter_map(version).collect()
            }
            Found::Program { versions, .. } => {
                versions.get(&git_path(path)).cloned().unwrap_or_default()
            }
        }
    }

    /// Gives the version of a path that the last commit has.
    pub(super) fn committed(&self, path: &Path) -> Vec<Staged> {
        match &self.found {
            Found::Library(repository, _) => {
                let tree = repository.head().and_then(|head| head.peel_to_tree());
                let entry = tree.and_then(|tree| tree.get_path(path));
                let entry = entry.ok().and_then(|entry| {
                    let mode = u32::try_from(entry.filemode()).ok()?;
                    Some(Staged::new(0, mode, entry.id().to_string()))
                });
                entry.into_iter().collect()
            }
            Found::Program { program, .. } => {
                let words = ["ls-tree", "-z", "--full-tree", "HEAD", "--"];
                let words = words.map(OsString::from).into_iter().chain([path.into()]);
                // Before the first commit there is none.
                let printed = program.run(&words.collect::<Vec<_>>()).unwrap_or_default();
                let facts = printed.split(|byte| *byte == b'\t').next();
                let facts = facts.and_then(|facts| std::str::from_utf8(facts).ok());
                let staged = facts.and_then(|facts| {
                    let mut facts = facts.split(' ');
                    let mode = u32::from_str_radix(facts.next()?, 8).ok()?;
                    Some(Staged::new(0, mode, facts.nth(1)?.to_owned()))
                });
                staged.into_iter().collect()
            }
        }
    }

    /// Tells whether the index has a folder at a path of the project, or a file above it.
    pub(super) fn collide(&self, path: &ProjectPath) -> bool {
        let mut below = git_path(&self.work_tree.path(path.as_str()));
        below.push(b'/');
        let is_folder = match &self.found {
            Found::Library(_, index) => index.find_prefix(below).is_ok(),
            Found::Program { versions, .. } => {
                let mut after = versions.range(below.clone()..);
                after
                    .next()
                    .is_some_and(|(path, _)| path.starts_with(&below))
            }
        };
        let has_file = |folder| {
            let versions = self.versions(&self.work_tree.path(folder));
            versions.first().is_some_and(|version| version.stage == 0)
        };
        is_folder || path.folders().any(has_file)
    }

    /// Reads the content of a version.
    pub(super) fn content(&self, version: &Staged) -> Result<Vec<u8>, String> {
        match &self.found {
            Found::Library(repository, _) => {
                let id = git2::Oid::from_str(&version.id);
                let blob = id.and_then(|id| repository.find_blob(id));
                let blob = blob.map_err(|error| words(&error))?;
                Ok(blob.content().to_vec())
            }
            Found::Program { program, .. } => {
                let printed = program.run(&["cat-file", "blob", &version.id]);
                printed.map_err(|refusal| refusal.to_string())
            }
        }
    }

    /// Tells whether the repository still has the content of a version.
    pub(super) fn has_content(&self, version: &Staged) -> bool {
        match &self.found {
            Found::Library(repository, _) => {
                let id = git2::Oid::from_str(&version.id);
                let objects = repository.odb();
                id.is_ok_and(|id| is_empty(id) || objects.is_ok_and(|objects| objects.exists(id)))
            }
            Found::Program { program, .. } => {
                let has = program.says_yes(&["cat-file", "-e", &version.id], b"");
                has.unwrap_or(false)
            }
        }
    }

    /// Stores a file's content as `git add` would: with the line endings that its rules ask for.
    pub(super) fn store(&self, path: &Path, stage: u16, file: &Entry) -> Result<Staged, String> {
        let id = match &self.found {
            Found::Library(repository, _) => {
                let stored = store(repository, path, &file.bytes);
                stored.map_err(|error| words(&error))?.to_string()
            }
            Found::Program { program, .. } => {
                let mut rules = OsString::from("--path=");
                // It wants to know from where the project is.
                rules.push(path.strip_prefix(self.work_tree.path("")).unwrap_or(path));
                let words = ["hash-object".into(), "-w".into(), "--stdin".into(), rules];
                let printed = program.run_with(&words, &file.bytes);
                let printed = printed.map_err(|refusal| refusal.to_string())?;
                String::from_utf8_lossy(&printed).trim().to_owned()
            }
        };
        Ok(Staged::new(stage, mode_of(file), id))
    }

    /// Puts other versions of a path in the place of those that are there.
    pub(super) fn replace(&mut self, path: &Path, others: &[Staged]) -> Result<(), String> {
        let before = self.versions(path);
        match &mut self.found {
            Found::Library(repository, index) => {
                let mut replace = || {
                    for version in &before {
                        index.remove(path, version.stage.into())?;
                    }
                    for version in others {
                        index.add(&entry(repository, path, version)?)?;
                    }
                    Ok(())
                };
                replace().map_err(|error| words(&error))
            }
            Found::Program {
                versions,
                changes,
                flagged,
                ..
            } => {
                let place = git_path(path);
                if let Some(version) = before.first() {
                    let none = "0".repeat(version.id.len());
                    write_line(changes, &format!("0 {none} 0"), &place);
                }
                for Staged {
                    stage,
                    mode,
                    id,
                    flags,
                } in others
                {
                    write_line(changes, &format!("{mode:o} {id} {stage}"), &place);
                    for (flag, word) in [
                        (ASSUMED, "--assume-unchanged"),
                        (LEFT_OUT, "--skip-worktree"),
                    ] {
                        if flags & flag != 0 {
                            flagged.push((word, place.clone()));
                        }
                    }
                }
                versions.insert(place, others.to_vec());
                Ok(())
            }
        }
    }

    /// Lets the disk have what was changed.
    pub(super) fn write(self) -> Result<(), String> {
        match self.found {
            Found::Library(_, mut index) => index.write().map_err(|error| words(&error)),
            Found::Program {
                program,
                changes,
                flagged,
                ..
            } => {
                let write = || {
                    program.run_with(&["update-index", "-z", "--index-info"], &changes)?;
                    for (word, place) in &flagged {
                        // It reads paths from where the project is.
                        let place = String::from_utf8_lossy(place).into_owned();
                        let place = Path::new(&place);
                        let inner = place.strip_prefix(self.work_tree.path("")).unwrap_or(place);
                        let input = [&git_path(inner)[..], &[0]].concat();
                        program.run_with(&["update-index", "-z", word, "--stdin"], &input)?;
                    }
                    Ok(())
                };
                write().map_err(|refusal: Refusal| refusal.to_string())
            }
        }
    }
}

/// Asks the program for all entries below the project's folder.
fn listed(program: &Program) -> Result<BTreeMap<Vec<u8>, Vec<Staged>>, Refusal> {
    let printed = program.run(&["ls-files", "--stage", "-v", "-z", "--full-name"])?;
    let mut versions: BTreeMap<Vec<u8>, Vec<Staged>> = BTreeMap::new();
    for (path, version) in printed.split(|byte| *byte == 0).filter_map(parse) {
        versions.entry(path).or_default().push(version);
    }
    Ok(versions)
}

/// Reads one line of the program's list: a letter for the flags, mode, object and stage, a tab, the
/// path.
fn parse(line: &[u8]) -> Option<(Vec<u8>, Staged)> {
    let tab = line.iter().position(|byte| *byte == b'\t')?;
    let facts = std::str::from_utf8(&line[..tab]).ok()?;
    let mut facts = facts.split(' ');
    let letter = facts.next()?.chars().next()?;
    let mode = u32::from_str_radix(facts.next()?, 8).ok()?;
    let id = facts.next()?.to_owned();
    let stage = facts.next()?.parse().ok()?;
    let assumed = if letter.is_ascii_lowercase() {
        ASSUMED
    } else {
        0
    };
    let left_out = if letter.eq_ignore_ascii_case(&'S') {
        LEFT_OUT
    } else {
        0
    };
    let version = Staged::new(stage, mode, id).with_flags(assumed | left_out);
    Some((line[tab + 1..].to_vec(), version))
}

/// Writes one line of what the program is to change.
fn write_line(changes: &mut Vec<u8>, facts: &str, place: &[u8]) {
    changes.extend(facts.bytes());
    changes.push(b'\t');
    changes.extend(place);
    changes.push(0);
}

/// Makes the entry of a version as the library takes it, without anything that the disk says about
/// it.
fn entry(
    repository: &Repository,
    path: &Path,
    version: &Staged,
) -> Result<IndexEntry, git2::Error> {
    let id = git2::Oid::from_str(&version.id)?;
    if is_empty(id) {
        // Git doesn't store it for a file that is only to be added.
        repository.blob(b"")?;
    }
    Ok(IndexEntry {
        ctime: IndexTime::new(0, 0),
        mtime: IndexTime::new(0, 0),
        dev: 0,
        ino: 0,
        mode: version.mode,
        uid: 0,
        gid: 0,
        file_size: 0,
        id,
        flags: version.stage << STAGE_SHIFT | version.flags & ASSUMED,
        flags_extended: version.flags & EXTENDED,
        path: git_path(path),
    })
}

/// Tells whether an id is that of no content.
fn is_empty(id: git2::Oid) -> bool {
    git2::Oid::hash_object(ObjectType::Blob, b"").is_ok_and(|empty| empty == id)
}

/// Stores a content, through the rules for its path where they can be used.
fn store(repository: &Repository, path: &Path, bytes: &[u8]) -> Result<git2::Oid, git2::Error> {
    let filtered = || {
        let mut writer = repository.blob_writer(Some(path)).ok()?;
        writer.write_all(bytes).ok()?;
        writer.commit().ok()
    };
    match filtered() {
        Some(id) => Ok(id),
        None => repository.blob(bytes),
    }
}

fn words(error: &git2::Error) -> String {
    error.message().to_owned()
}
