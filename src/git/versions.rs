//! The versions of what lies in a repository: its tags that are called like one.

use std::collections::BTreeMap;
use std::path::Path;

use git2::{Oid, Repository};
use semver::Version;

use crate::error::Result;
use crate::git::stored::StoredFolder;
use crate::git::work_tree::{WorkTree, git_path, unreadable};

/// Reads a tag's name as a version: `1.2.3` or `v1.2.3`.
pub fn version_of(tag: &str) -> Option<Version> {
    Version::parse(tag.strip_prefix('v').unwrap_or(tag)).ok()
}

/// Gives a folder as it was in every version of the repository that it lies in, the oldest first;
/// nothing outside of a repository.
pub fn versions(folder: &Path) -> Result<Vec<(Version, StoredFolder)>> {
    let Some(work_tree) = WorkTree::find(folder)? else {
        return Ok(Vec::new());
    };
    let inner = work_tree.prefix().map(git_path).unwrap_or_default();
    let inner = String::from_utf8_lossy(&inner).into_owned();
    let repository = &work_tree.repository;
    let tags = tags(repository).map_err(|error| unreadable(folder, &error))?;
    let stored = |commit| StoredFolder {
        repository: repository.commondir().to_owned(),
        commit,
        folder: inner.clone(),
    };
    Ok(tags
        .into_iter()
        .map(|(version, commit)| (version, stored(commit)))
        .collect())
}

/// Gives the commits that are tagged as versions.
fn tags(repository: &Repository) -> Result<BTreeMap<Version, Oid>, git2::Error> {
    let mut tags = BTreeMap::new();
    for reference in repository.references_glob("refs/tags/*")? {
        let reference = reference?;
        let name = reference.shorthand().ok().and_then(version_of);
        // A tag can be of a file, too.
        if let (Some(version), Ok(commit)) = (name, reference.peel_to_commit()) {
            tags.insert(version, commit.id());
        }
    }
    Ok(tags)
}
