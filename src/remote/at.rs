//! Which commit of a repository is meant.

use git2::Reference;
use semver::VersionReq;

use crate::error::{Error, Result};
use crate::git::Oid;

/// Which commit of a repository is meant.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum At {
    /// The newest version, or the default branch where no tag is called like a version.
    #[default]
    Newest,
    /// The newest version of some.
    Within(VersionReq),
    /// A branch, a tag or a commit that somebody named.
    Named(Named),
    /// A branch that is followed; the newest version where there is no such branch any more.
    Branch(Named),
    /// This commit and no other.
    Exactly(Oid),
}

/// The name of a branch, a tag or a commit, or the beginning of a commit's id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named(String);

impl Named {
    /// Reads a name, and refuses what git couldn't mean by it.
    pub fn parse(text: &str) -> Result<Self> {
        let is_name = Reference::is_valid_name(&format!("refs/heads/{text}"));
        if !is_name || text.starts_with('-') {
            let shown = text.escape_debug();
            return Err(Error::request(format!(
                "'{shown}' can't be the name of a branch, a tag or a commit"
            ))
            .hint("name one that 'git ls-remote' lists for the template"));
        }
        Ok(Named(text.to_owned()))
    }

    /// Gives the name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Tells whether it may be a commit's id or the beginning of one.
    pub(super) fn is_hex(&self) -> bool {
        (4..=64).contains(&self.0.len()) && self.0.chars().all(|digit| digit.is_ascii_hexdigit())
    }

    /// Reads it as a commit's whole id.
    pub(super) fn commit(&self) -> Option<Oid> {
        Oid::parse(&self.0)
    }
}

impl At {
    /// Reads a commit's whole id, as a project remembers it.
    pub fn recorded(text: &str) -> Result<Self> {
        let found = Oid::parse(text);
        found.map(At::Exactly).ok_or_else(|| {
            let shown = text.escape_debug();
            Error::failed(format!("'{shown}' is not the id of a commit"))
                .hint("restore .pyscaffold/answers.toml from the project's history")
        })
    }
}
