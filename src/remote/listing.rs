//! What a server says that a repository has: branches and tags, each with its commit.

use std::collections::BTreeMap;

use semver::{Version, VersionReq};

use super::address::Address;
use super::at::{At, Named};
use crate::error::{Error, Result};
use crate::git::{Format, Oid, version_of, versions_of};
use crate::suggest;

const BRANCHES: &str = "refs/heads/";
const TAGS: &str = "refs/tags/";
const HEAD: &str = "HEAD";

/// How many versions a message names.
const SHOWN: usize = 5;

/// The branches and tags of a repository, by their full names.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Listing {
    names: BTreeMap<String, Oid>,
    /// The folder that the versions are of; empty for the whole repository.
    folder: String,
}

/// The commit that is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Selected {
    pub commit: Oid,
    /// The branch, when one was named.
    pub branch: Option<String>,
    /// The version, when it was found by that.
    pub version: Option<Version>,
}

impl Selected {
    /// Takes a commit that was named.
    pub(super) fn commit(commit: Oid) -> Self {
        Selected {
            commit,
            branch: None,
            version: None,
        }
    }
}

impl Listing {
    /// Reads what `git ls-remote` prints, to find versions of a folder; what isn't of that form is
    /// left out.
    pub(super) fn parse(text: &str, folder: &str) -> Self {
        let lines = text.lines().filter_map(|line| line.split_once('\t'));
        let ids = lines.filter_map(|(id, name)| Some((name, Oid::parse(id)?)));
        let mut names = BTreeMap::new();
        let (peeled, plain): (Vec<_>, Vec<_>) = ids.partition(|(name, _)| name.ends_with("^{}"));
        for (name, id) in plain {
            names.insert(name.to_owned(), id);
        }
        // An annotated tag is an object of its own; what it is about is what counts.
        for (name, id) in peeled {
            names.insert(name.trim_end_matches("^{}").to_owned(), id);
        }
        Listing {
            names,
            folder: folder.to_owned(),
        }
    }

    /// Gives the format of its objects.
    pub(super) fn format(&self) -> Format {
        let first = self.names.values().next();
        first.map_or(Format::default(), Oid::format)
    }

    /// Tells whether there is a branch or a tag of a name.
    pub(super) fn has(&self, named: &Named) -> bool {
        self.named(named).is_some()
    }

    /// Gives the commit of which the id begins like this, if it is one only.
    pub(super) fn starting(&self, named: &Named) -> Option<Oid> {
        let start = named.as_str().to_ascii_lowercase();
        let mut found = self
            .names
            .values()
            .filter(|id| id.as_str().starts_with(&start));
        let first = found.next()?;
        found.all(|id| id == first).then_some(*first)
    }

    /// Finds the commit that is meant, among those that can be had.
    pub(super) fn select(
        &self,
        address: &Address,
        at: &At,
        can_be_had: impl Fn(Oid) -> bool,
    ) -> Result<Selected> {
        let newest = |range: Option<&VersionReq>| self.newest(range, &can_be_had);
        let found = match at {
            At::Exactly(commit) => Some(Selected::commit(*commit)),
            At::Named(named) => self
                .named(named)
                .or_else(|| Some(Selected::commit(self.starting(named)?))),
            At::Branch(branch) => self.named(branch).or_else(|| newest(None)),
            At::Within(range) => newest(Some(range)),
            At::Newest => newest(None),
        };
        let found = found.filter(|selected| can_be_had(selected.commit));
        found.ok_or_else(|| match at {
            At::Named(named) => self.unknown(address, named),
            At::Within(range) => Error::failed(format!(
                "no version of template '{address}' is {range}{}",
                self.known_versions()
            )),
            _ if self.names.is_empty() => {
                Error::failed(format!("the repository of template '{address}' is empty"))
            }
            _ => Error::failed(format!(
                "template '{address}' has no version and no default branch"
            ))
            .hint("name a branch, a tag or a commit: --ref REF"),
        })
    }

    /// Says that there is nothing of a name.
    pub(super) fn unknown(&self, address: &Address, named: &Named) -> Error {
        let name = named.as_str();
        let error = Error::request(format!(
            "template '{address}' has no branch, tag or commit '{name}'{}",
            self.known_versions()
        ));
        let names = self.names.keys().filter_map(|full| {
            let tag = full.strip_prefix(TAGS);
            tag.or_else(|| full.strip_prefix(BRANCHES))
        });
        match suggest::nearest(name, names) {
            Some(meant) => error.hint(format!("did you mean '{meant}'?")),
            None => error.hint("name one that 'git ls-remote' lists for it"),
        }
    }

    /// Finds a tag or else a branch, as git does; a version can be named without its 'v'.
    fn named(&self, named: &Named) -> Option<Selected> {
        let name = named.as_str();
        let own = self.folder.rsplit('/').next().unwrap_or_default();
        let prefixed = [&self.folder, own].into_iter();
        let prefixed = prefixed
            .filter(|prefix| !prefix.is_empty())
            .flat_map(|prefix| {
                let forms = ["-v", "-", "/v", "/", "@v", "@"].into_iter();
                forms.map(move |between| format!("{TAGS}{prefix}{between}{name}"))
            });
        let plain = [
            name.to_owned(),
            format!("{TAGS}{name}"),
            format!("{TAGS}v{name}"),
        ];
        let mut tags = plain.into_iter().chain(prefixed);
        let tag = tags.find_map(|full| {
            let commit = *self.names.get(&full).filter(|_| full.starts_with(TAGS))?;
            Some(Selected {
                commit,
                branch: None,
                version: full
                    .strip_prefix(TAGS)
                    .and_then(|tag| version_of(tag, &self.folder)),
            })
        });
        let branch = || {
            let full = format!("{BRANCHES}{name}");
            let full = [name, &full]
                .into_iter()
                .find(|full| full.starts_with(BRANCHES) && self.names.contains_key(*full))?;
            Some(Selected {
                commit: *self.names.get(full)?,
                branch: full.strip_prefix(BRANCHES).map(str::to_owned),
                version: None,
            })
        };
        tag.or_else(branch)
    }

    /// Finds the newest version, or the default branch where nothing is called like a version.
    fn newest(
        &self,
        range: Option<&VersionReq>,
        can_be_had: impl Fn(Oid) -> bool,
    ) -> Option<Selected> {
        let versions: Vec<(Version, Oid)> = self
            .versions()
            .filter(|(_, commit)| can_be_had(*commit))
            .collect();
        if versions.is_empty() {
            return self.names.get(HEAD).copied().map(Selected::commit);
        }
        let fits = |version: &Version| range.is_none_or(|range| range.matches(version));
        let newest = |wanted: &dyn Fn(&Version) -> bool| {
            let fitting = versions.iter();
            let fitting = fitting.filter(|(version, _)| fits(version) && wanted(version));
            fitting.max_by(|(one, _), (other, _)| one.cmp(other))
        };
        let (version, commit) =
            newest(&|version| version.pre.is_empty()).or_else(|| newest(&|_| true))?;
        Some(Selected {
            commit: *commit,
            branch: None,
            version: Some(version.clone()),
        })
    }

    fn versions(&self) -> impl Iterator<Item = (Version, Oid)> {
        let tags = self.names.iter();
        let tags = tags.filter_map(|(full, commit)| Some((full.strip_prefix(TAGS)?, *commit)));
        versions_of(tags, &self.folder).into_iter()
    }

    /// Lists the newest versions, for a message.
    fn known_versions(&self) -> String {
        let mut versions: Vec<Version> = self.versions().map(|(version, _)| version).collect();
        versions.sort_unstable_by(|one, other| other.cmp(one));
        let names: Vec<String> = versions
            .iter()
            .take(SHOWN)
            .map(Version::to_string)
            .collect();
        match names.as_slice() {
            [] => String::new(),
            names if versions.len() > SHOWN => {
                format!("; its newest versions are {}", names.join(", "))
            }
            names => format!("; its versions are {}", names.join(", ")),
        }
    }
}

#[cfg(test)]
mod tests;
