//! From where a template is said to be to its files.
//!
//! It owns which commit of a repository a template is read from: the newest that fits, the one that
//! was named, or the one that a project remembers.

use std::collections::BTreeMap;

use semver::{Version, VersionReq};

use super::source::{BUILTIN, Files, LIMITS, Source, inside};
use crate::error::{Error, Result};
use crate::git::{Oid, Unreadable};
use crate::remote::{Address, At, Named, Reach, Remote};

/// A template that is wanted: where it is, and which of its commits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// Where it is.
    pub source: Source,
    /// Which of its commits, where it is in a repository of others.
    pub at: At,
}

/// What is wanted of a template below another one, besides its source.
#[derive(Debug, Clone, Copy, Default)]
pub struct Narrowed<'a> {
    /// The versions that will do.
    pub version: Option<&'a VersionReq>,
    /// A branch, a tag or a commit.
    pub reference: Option<&'a str>,
}

/// A template whose files are here.
#[derive(Debug)]
pub struct Opened {
    /// Where it is.
    pub source: Source,
    /// Its files.
    pub files: Files,
    /// The commit that they are from, where it is in a repository of others.
    pub commit: Option<Oid>,
    /// The branch, when one was named.
    pub branch: Option<String>,
    /// The version that the commit is tagged as, when it was found by that.
    pub tagged: Option<Version>,
}

/// Where templates are read from. The one by default fetches nothing.
#[derive(Default)]
pub struct Library {
    /// Fetches repositories of others.
    pub remote: Option<Remote>,
    /// The commits that a project remembers of the templates below its own, by their sources.
    pub pins: BTreeMap<String, Oid>,
}

impl Wanted {
    /// Wants a template as it is now.
    pub fn newest(source: Source) -> Self {
        let at = At::Newest;
        Wanted { source, at }
    }

    /// Wants a branch, a tag or a commit of a template.
    pub fn named(source: Source, reference: &str) -> Result<Self> {
        match &source {
            Source::Git(_) => {}
            Source::Folder(folder) => {
                let path = std::path::absolute(folder)?;
                let path = path.display();
                return Err(Error::request(format!(
                    "'{reference}' can't be taken of template '{source}': a folder is used as it is"
                ))
                .hint(format!(
                    "if it is a git repository, take it from there: --template file://{path} --ref {reference}"
                )));
            }
            Source::Builtin | Source::Starter | Source::Past(_) => {
                return Err(Error::request(format!(
                    "'{reference}' can't be taken of template '{source}': it has no branches, tags or commits"
                ))
                .hint("leave the ref out; another version of the program has another one built in"));
            }
        }
        let at = At::Named(Named::parse(reference)?);
        Ok(Wanted { source, at })
    }
}

impl Library {
    /// Reads the files of a template.
    pub fn open(&self, wanted: &Wanted) -> Result<Opened> {
        let Source::Git(address) = &wanted.source else {
            return Ok(Opened {
                files: wanted.source.read()?,
                source: wanted.source.clone(),
                commit: None,
                branch: None,
                tagged: None,
            });
        };
        let Some(remote) = &self.remote else {
            return Err(Error::failed(format!(
                "template '{address}' has to be fetched, and there is no folder for a cache"
            ))
            .hint("set HOME, or XDG_CACHE_HOME"));
        };
        let pin = self.pins.get(&address.to_string());
        let at = pin.map_or_else(|| wanted.at.clone(), |commit| At::Exactly(*commit));
        let mut fetched = remote.fetch(address, &at)?;
        let mut read = fetched.stored.read(LIMITS);
        if let Err(Unreadable::Broken(_)) = read
            && remote.reach == Reach::Network
        {
            remote.forget(address)?;
            let again = At::Exactly(fetched.stored.commit);
            fetched.stored = remote.fetch(address, &again)?.stored;
            read = fetched.stored.read(LIMITS);
        }
        Ok(Opened {
            files: wanted.source.of_commit(read?)?,
            source: wanted.source.clone(),
            commit: Some(fetched.stored.commit),
            branch: fetched.branch,
            tagged: fetched.version,
        })
    }
}

impl Opened {
    /// Wants the same commit again.
    pub fn again(&self, wanted: &Wanted) -> Wanted {
        let at = self.commit.map_or_else(|| wanted.at.clone(), At::Exactly);
        Wanted {
            source: self.source.clone(),
            at,
        }
    }

    /// Reads what this template says after `extends`: a relative folder is looked up from here,
    /// and one in a repository is of the same commit and never leads out of it.
    ///
    /// Whether the version of a folder fits is for the caller to see.
    pub fn below(&self, text: &str, narrowed: Narrowed) -> Result<Wanted> {
        let source = match (&self.source, self.commit) {
            (Source::Git(address), _) if Address::is_meant(text) => {
                let below = Address::parse(text)?;
                if below.is_local() && !address.is_local() {
                    return Err(Error::failed(format!(
                        "template '{address}' extends '{below}', which is on this machine"
                    ))
                    .hint("a template that others use can extend what others have, too"));
                }
                Source::Git(below)
            }
            (Source::Git(address), Some(commit)) if text != BUILTIN => {
                let folder = inside::join(address.folder(), text)?;
                let source = Source::Git(address.with_folder(folder));
                if narrowed.reference.is_some() {
                    return Err(Error::failed(format!(
                        "template '{source}' is of the same commit as '{address}', which extends it"
                    ))
                    .hint("leave its ref out"));
                }
                let at = At::Exactly(commit);
                return Ok(Wanted { source, at });
            }
            (source, _) => source.below(text)?,
        };
        if let Some(reference) = narrowed.reference {
            return Wanted::named(source, reference);
        }
        let at = narrowed.version.cloned().map_or(At::Newest, At::Within);
        Ok(Wanted { source, at })
    }
}
