//! The repository that a project on disk is part of.

use std::path::{Path, PathBuf};

use git2::{ErrorCode, Repository, RepositoryOpenFlags};

use crate::error::{Error, Result};
use crate::file::repository;
use crate::git::enclosing::ceilings;
use crate::git::settings::Settings;
use crate::tree::ProjectPath;

/// A repository, and the place of the project in its working folder.
pub(super) struct WorkTree {
    /// The repository, with the configuration that the `git` program would see.
    pub(super) repository: Repository,
    /// The project's folder as the repository sees it; empty when it is the repository's own.
    prefix: PathBuf,
}

impl WorkTree {
    /// Finds the repository that a project is part of.
    ///
    /// It may have its folder elsewhere, as linked working folders and submodules have.
    pub(super) fn find(root: &Path) -> Result<Option<Self>> {
        let root = fs_err::canonicalize(root)?;
        repository::refuse_endless_around(&root)?;
        // Through discovery, and not by the path of `.git`: that alone doesn't say where the
        // working folder is.
        let opened = Repository::open_ext(&root, RepositoryOpenFlags::CROSS_FS, ceilings());
        let repository = match opened {
            Ok(repository) => repository,
            Err(error) if error.code() == ErrorCode::NotFound => return Ok(None),
            Err(error) => return Err(unreadable(&root, &error)),
        };
        let Some(folder) = repository.workdir() else {
            return Ok(None);
        };
        let Ok(prefix) = root
            .strip_prefix(fs_err::canonicalize(folder)?)
            .map(Path::to_owned)
        else {
            return Ok(None);
        };
        if let Some(config) = Settings::of(&repository).config() {
            repository
                .set_config(config)
                .map_err(|error| unreadable(&root, &error))?;
        }
        Ok(Some(WorkTree { repository, prefix }))
    }

    /// Gives the project's folder in the repository, unless it is the repository's own.
    pub(super) fn prefix(&self) -> Option<&Path> {
        (!self.prefix.as_os_str().is_empty()).then_some(&self.prefix)
    }

    /// Gives a path of the project as the repository sees it.
    pub(super) fn path(&self, path: &str) -> PathBuf {
        self.prefix.join(path)
    }

    /// Tells whether the rules of the repository keep a path out of it.
    pub(super) fn ignores(&self, path: &ProjectPath) -> bool {
        let path = self.path(path.as_str());
        self.repository.is_path_ignored(path).unwrap_or(false)
    }
}

/// Gives a path the way git writes it, with `/` between names.
pub(super) fn git_path(path: &Path) -> Vec<u8> {
    let names: Vec<&[u8]> = path.iter().map(std::ffi::OsStr::as_encoded_bytes).collect();
    names.join(&b'/')
}

/// Says that a repository is there and can't be used.
pub(super) fn unreadable(root: &Path, error: &git2::Error) -> Error {
    Error::failed(format!(
        "can't read the git repository of '{}': {}",
        root.display(),
        error.message()
    ))
}
