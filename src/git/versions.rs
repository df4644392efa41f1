//! The versions of what lies in a repository: its tags that are called like one.

use std::collections::BTreeMap;
use std::path::Path;

use git2::{Oid, Repository};
use semver::Version;

use crate::error::Result;
use crate::git::stored::StoredFolder;
use crate::git::work_tree::{WorkTree, git_path, unreadable};

/// Reads a tag's name as a version of what lies in a folder of the repository: `1.2.3` or `v1.2.3`,
/// or the folder's own, `api-v1.2.3`, `api/1.2.3` or `api@1.2.3`.
pub fn version_of(tag: &str, folder: &str) -> Option<Version> {
    own_version(tag, folder).or_else(|| plain_version(tag))
}

/// Gives the tags that are versions of what lies in a folder of the repository: its own where it
/// has any, so that several can lie in one repository, each with its versions.
pub fn versions_of<'t, T>(
    tags: impl Iterator<Item = (&'t str, T)> + Clone,
    folder: &str,
) -> Vec<(Version, T)> {
    let own = tags.clone();
    let own: Vec<(Version, T)> = own
        .filter_map(|(tag, about)| Some((own_version(tag, folder)?, about)))
        .collect();
    if !own.is_empty() {
        return own;
    }
    tags.filter_map(|(tag, about)| Some((plain_version(tag)?, about)))
        .collect()
}

fn plain_version(tag: &str) -> Option<Version> {
    Version::parse(tag.strip_prefix('v').unwrap_or(tag)).ok()
}

fn own_version(tag: &str, folder: &str) -> Option<Version> {
    let name = folder.rsplit('/').next().unwrap_or(folder);
    let names = [folder, name].into_iter().filter(|name| !name.is_empty());
    let mut rests = names.filter_map(|name| tag.strip_prefix(name)?.strip_prefix(['-', '/', '@']));
    rests.find_map(plain_version)
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
    let tags = tags(repository, &inner).map_err(|error| unreadable(folder, &error))?;
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

/// Gives the commits that are tagged as versions of a folder.
fn tags(repository: &Repository, folder: &str) -> Result<BTreeMap<Version, Oid>, git2::Error> {
    let mut commits = Vec::new();
    for reference in repository.references_glob("refs/tags/*")? {
        let reference = reference?;
        // A tag can be of a file, too.
        if let (Ok(name), Ok(commit)) = (reference.shorthand(), reference.peel_to_commit()) {
            commits.push((name.to_owned(), commit.id()));
        }
    }
    let tags = commits
        .iter()
        .map(|(name, commit)| (name.as_str(), *commit));
    Ok(versions_of(tags, folder).into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn versions(tags: &[&str], folder: &str) -> Vec<String> {
        let tags = tags.iter().map(|tag| (*tag, ()));
        let versions = versions_of(tags, folder).into_iter();
        versions.map(|(version, ())| version.to_string()).collect()
    }

    #[test]
    fn a_folder_with_tags_of_its_own_has_only_these_versions() {
        let tags = [
            "v9.0.0",
            "api-v1.2.0",
            "api/1.3.0",
            "api@v1.4.0",
            "web-v2.0.0",
            "api-next",
        ];
        assert_eq!(versions(&tags, "api"), ["1.2.0", "1.3.0", "1.4.0"]);
        assert_eq!(versions(&tags, "templates/web"), ["2.0.0"]);
        assert_eq!(versions(&tags, "other"), ["9.0.0"]);
        assert_eq!(versions(&tags, ""), ["9.0.0"]);
        assert_eq!(versions(&["a/b/v1.0.0", "c-b-v2.0.0"], "a/b"), ["1.0.0"]);
    }
}
