//! The repository that a project on disk is part of.
//!
//! It is asked through libgit2 or, where libgit2 can't read it, through the user's own `git`; the
//! answers are the same.

use std::fmt;
use std::path::{Path, PathBuf};

use git2::{ErrorCode, Repository, RepositoryOpenFlags};

use crate::error::{Error, Result};
use crate::file::repository;
use crate::git::enclosing::ceilings;
use crate::git::program::{Program, Refusal};
use crate::git::settings::Settings;
use crate::tree::ProjectPath;

/// A repository, and the place of the project in its working folder.
pub(super) struct WorkTree {
    /// Who is asked about the repository.
    pub(super) asked: Asked,
    /// The project's folder as the repository sees it; empty when it is the repository's own.
    prefix: PathBuf,
}

/// Who is asked about a repository.
pub(super) enum Asked {
    /// The library, with the configuration that the `git` program would see.
    Library(Repository),
    /// The program: the library can't read this kind of repository.
    Program(Program),
}

impl WorkTree {
    /// Finds the repository that a project is part of.
    ///
    /// It may have its folder elsewhere, as linked working folders and submodules have.
    pub(super) fn find(root: &Path) -> Result<Option<Self>> {
        let root = fs_err::canonicalize(root)?;
        repository::refuse_endless_around(&root)?;
        match open(&root) {
            Ok(Some(repository)) => Self::of(Asked::Library(repository), &root),
            Ok(None) => Ok(None),
            // The library knows fewer kinds of repositories than the program, and fewer ways to
            // say that one of another user is safe.
            Err(error) => Self::ask_program(&root).map_err(|refusal| match refusal {
                Refusal::Missing => {
                    let reason = format!("{}; {refusal} that could", error.message());
                    unreadable(&root, reason).hint("install git")
                }
                Refusal::Said(words) => unreadable(&root, words),
            }),
        }
    }

    /// Takes the program for a repository that is there.
    fn ask_program(root: &Path) -> Result<Option<Self>, Refusal> {
        let mut program = Program::at(root);
        let is_bare = program.run(&["rev-parse", "--is-bare-repository"])?;
        if is_bare.starts_with(b"true") {
            return Ok(None);
        }
        // It knows more kinds of versions and extensions, though not all.
        program.run(&["ls-files", "--unmerged"])?;
        program.distrust_filters()?;
        Ok(Self::of(Asked::Program(program), root).ok().flatten())
    }

    /// Takes a repository for a project, if the project lies in its working folder.
    fn of(asked: Asked, root: &Path) -> Result<Option<Self>> {
        let folder = match &asked {
            Asked::Library(repository) => repository.workdir().map(Path::to_owned),
            Asked::Program(program) => program.path(&["rev-parse", "--show-toplevel"]).ok(),
        };
        let Some(folder) = folder else {
            return Ok(None);
        };
        let prefix = root.strip_prefix(fs_err::canonicalize(folder)?);
        Ok(prefix.ok().map(|prefix| WorkTree {
            prefix: prefix.to_owned(),
            asked,
        }))
    }

    /// Gives the project's folder in the repository, unless it is the repository's own.
    pub(super) fn prefix(&self) -> Option<&Path> {
        (!self.prefix.as_os_str().is_empty()).then_some(&self.prefix)
    }

    /// Gives a path of the project as the repository sees it.
    pub(super) fn path(&self, path: &str) -> PathBuf {
        self.prefix.join(path)
    }

    /// Gives paths of the repository as the project sees them, in order, as far as they lie in it.
    pub(super) fn inside<'p>(&self, paths: impl Iterator<Item = &'p [u8]>) -> Vec<String> {
        let prefix = git_path(&self.prefix);
        let mut inside: Vec<String> = paths.filter_map(|path| below(&prefix, path)).collect();
        inside.sort();
        inside.dedup();
        inside
    }

    /// Tells whether the rules of the repository keep a path of the project out of it.
    pub(super) fn ignores(&self, path: &ProjectPath) -> bool {
        self.ignores_path(&self.path(path.as_str()))
    }

    /// Tells whether the rules of the repository keep a path of its own out of it; a folder ends
    /// with a separator.
    pub(super) fn ignores_path(&self, path: &Path) -> bool {
        match &self.asked {
            Asked::Library(repository) => repository.is_path_ignored(path).unwrap_or(false),
            Asked::Program(program) => {
                // It wants to know from where the project is.
                let path = path.strip_prefix(&self.prefix).unwrap_or(path);
                program.ignores(path).unwrap_or(false)
            }
        }
    }
}

/// Opens the repository around a folder; nothing where there is none.
fn open(root: &Path) -> Result<Option<Repository>, git2::Error> {
    // Through discovery, and not by the path of `.git`: that alone doesn't say where the
    // working folder is.
    let opened = Repository::open_ext(root, RepositoryOpenFlags::CROSS_FS, ceilings());
    let repository = match opened {
        Ok(repository) => repository,
        Err(error) if error.code() == ErrorCode::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    if let Some(config) = Settings::of(&repository).config() {
        repository.set_config(config)?;
    }
    if !repository.is_bare() {
        // Some kinds of an index are known by the program alone.
        repository.index()?;
    }
    Ok(Some(repository))
}

/// Gives a path of the repository as the folder sees it, if it lies there.
fn below(folder: &[u8], path: &[u8]) -> Option<String> {
    let path = if folder.is_empty() {
        path
    } else {
        path.strip_prefix(folder)?.strip_prefix(b"/")?
    };
    Some(String::from_utf8_lossy(path).into_owned())
}

/// Gives a path the way git writes it, with `/` between names.
pub(super) fn git_path(path: &Path) -> Vec<u8> {
    let names: Vec<&[u8]> = path.iter().map(std::ffi::OsStr::as_encoded_bytes).collect();
    names.join(&b'/')
}

/// Says that a repository is there and can't be used.
pub(super) fn unreadable(root: &Path, reason: impl fmt::Display) -> Error {
    Error::failed(format!(
        "can't read the git repository of '{}': {reason}",
        root.display()
    ))
}
