//! Local git repositories: the one that a new project begins with, and the one that it lies in.
//!
//! It owns everything that is done to them. It never talks to the network, and of
//! the environment it takes what says who commits and which configuration holds: where a
//! repository lies never comes from there, so that it works inside somebody's hook, too.

mod bare;
mod by_program;
mod conditional;
mod conflicts;
mod database;
mod enclosing;
mod entries;
mod hunks;
mod identity;
mod index;
mod kept;
mod left_out;
mod merge_file;
mod objects;
mod oid;
mod patch;
mod program;
mod settings;
mod stage;
mod stored;
mod uncommitted;
mod unfinished;
mod versions;
mod work_tree;

use std::path::{Path, PathBuf};

use git2::{Commit, Reference, Repository, RepositoryInitOptions, Signature};

use crate::error::{Error, Result};
use crate::tree::{ProjectPath, Tree};

pub use bare::Bare;
pub use conflicts::{Conflict, plan_conflicts};
pub use enclosing::enclosing_repository;
pub use hunks::{Hunk, hunks};
pub use identity::{Identity, identity};
pub use index::{IndexChange, Staged, assume_conflicts, change_index, plan_return};
pub use kept::{Kept, kept};
pub use left_out::left_out;
pub use merge_file::{TextMerge, merge_file, whole_conflict};
pub use oid::{Format, Oid};
pub use patch::patch;
pub use settings::setting;
pub use stored::{Limits, StoredFolder, Unreadable, short};
pub use uncommitted::{uncommitted, unmerged};
pub use unfinished::{Unfinished, unfinished};
pub use versions::{version_of, versions, versions_of};

use objects::Objects;
use settings::Settings;

/// The branch of a new repository when git's configuration names none.
const DEFAULT_BRANCH: &str = "main";

/// What a new repository is made of.
#[derive(Debug, Clone, Copy)]
pub struct NewRepository<'a> {
    /// The folder that holds the files now; the repository moves with it.
    pub root: &'a Path,
    /// The folder where the project will lie.
    pub target: &'a Path,
    /// The files to commit, as they lie below `root`.
    pub tree: &'a Tree,
    /// Files below `root` that others made, such as the lock file; ignored ones are left out.
    pub extra: &'a [ProjectPath],
    /// The message of the commit.
    pub message: &'a str,
}

/// What became of a new repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Everything is committed.
    Committed {
        /// The name of the branch.
        branch: String,
        /// The full id of the commit.
        commit: String,
    },
    /// Everything is in the index; git doesn't know who commits.
    NoIdentity {
        /// The name of the branch.
        branch: String,
    },
    /// Everything is in the index; the configuration wants a signature, and it couldn't be made.
    Unsigned {
        /// The name of the branch.
        branch: String,
        /// What the `git` program said.
        reason: String,
    },
    /// There is no new repository: the project lies in this one.
    InsideRepository(PathBuf),
}

impl Outcome {
    /// Says what is left to do, where something is.
    pub fn hint(&self) -> Option<String> {
        match self {
            Outcome::Committed { .. } | Outcome::InsideRepository(_) => None,
            Outcome::NoIdentity { .. } => Some(
                "git doesn't know who you are, so nothing is committed yet; tell it with \
                 `git config --global user.name \"Your Name\"` and \
                 `git config --global user.email you@example.org`, then run `git commit`"
                    .to_owned(),
            ),
            Outcome::Unsigned { .. } => Some(
                "git is told to sign commits and couldn't, so nothing is committed yet; \
                 run `git commit`, or `git commit --no-gpg-sign`"
                    .to_owned(),
            ),
        }
    }
}

/// Makes a repository and commits the project, unless it lies in a repository already.
pub fn init_and_commit(new: &NewRepository<'_>) -> Result<Outcome> {
    if let Some(outer) = enclosing_repository(new.target)? {
        return Ok(Outcome::InsideRepository(outer));
    }
    let settings = Settings::for_new(new.target);
    let branch = default_branch(&settings);
    if by_program::is_needed(&settings) {
        return by_program::init_and_commit(new, &settings, branch);
    }
    let Ok(repository) = init(new.root, &branch) else {
        // It stops at what the program goes on without, such as another user's configuration.
        return by_program::init_and_commit(new, &settings, branch);
    };
    let failure = |error: git2::Error| failed(new.root, error.message());
    let objects = Objects::in_memory(&repository).map_err(failure)?;
    let tree = stage::stage(&repository, new)?;

    if settings.is_on("commit.gpgsign") {
        objects.store_tree(new.root, tree)?;
        let program = by_program::program(new.root, &settings);
        return Ok(match program.commit(new.message) {
            Ok(commit) => Outcome::Committed { branch, commit },
            Err(refusal) => Outcome::Unsigned {
                branch,
                reason: refusal.to_string(),
            },
        });
    }
    let Some((author, committer)) = identity::signatures(&settings, &repository) else {
        objects.store_tree(new.root, tree)?;
        return Ok(Outcome::NoIdentity { branch });
    };
    let message = format!("{}\n", new.message.trim_end());
    let contents = repository.find_tree(tree).map_err(failure)?;
    let none: &[&Commit<'_>] = &[];
    let commit = repository
        .commit(None, &author, &committer, &message, &contents, none)
        .map_err(failure)?;
    objects.store_commit(new.root, commit)?;
    begin_branch(&repository, &branch, (commit, &message), &committer).map_err(failure)?;
    Ok(Outcome::Committed {
        branch,
        commit: commit.to_string(),
    })
}

/// Makes a repository without commits, and without the user's templates for hooks.
fn init(root: &Path, branch: &str) -> Result<Repository, git2::Error> {
    let mut options = RepositoryInitOptions::new();
    options
        .no_reinit(true)
        .mkdir(false)
        .mkpath(false)
        .external_template(false)
        .initial_head(branch);
    Repository::init_opts(root, &options)
}

/// Lets the branch and its history begin with the first commit.
fn begin_branch(
    repository: &Repository,
    branch: &str,
    (commit, message): (git2::Oid, &str),
    committer: &Signature<'_>,
) -> Result<(), git2::Error> {
    let name = format!("refs/heads/{branch}");
    let subject = message.lines().next().unwrap_or_default();
    let note = format!("commit (initial): {subject}");
    repository.reference(&name, commit, false, &note)?;
    // libgit2 takes the name in the history from its configuration alone.
    if is_default(repository, committer) {
        return Ok(());
    }
    for name in ["HEAD", &name] {
        let mut history = repository.reflog(name)?;
        history.remove(0, false)?;
        history.append(commit, committer, Some(&note))?;
        history.write()?;
    }
    Ok(())
}

/// Tells whether libgit2 would find the same person by itself.
fn is_default(repository: &Repository, person: &Signature<'_>) -> bool {
    repository.signature().is_ok_and(|default| {
        default.name_bytes() == person.name_bytes() && default.email_bytes() == person.email_bytes()
    })
}

/// Gives the branch that the user's new repositories begin with.
fn default_branch(settings: &Settings) -> String {
    settings
        .text("init.defaultbranch")
        .filter(|branch| Reference::is_valid_name(&format!("refs/heads/{branch}")))
        .unwrap_or_else(|| DEFAULT_BRANCH.to_owned())
}

/// Says that a repository couldn't be made.
fn failed(root: &Path, reason: impl std::fmt::Display) -> Error {
    Error::failed(format!(
        "can't make a git repository in '{}': {reason}",
        root.display()
    ))
    .hint("make the project without one: --no-git")
}

#[cfg(test)]
mod tests;
