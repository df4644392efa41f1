//! The versions of what lies in a repository: its tags that are called like one.

use std::collections::BTreeMap;
use std::path::Path;

use git2::Repository;
use semver::Version;

use crate::error::Result;
use crate::git::oid::Oid;
use crate::git::program::{Program, Refusal};
use crate::git::stored::StoredFolder;
use crate::git::work_tree::{Asked, WorkTree, git_path, unreadable};

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
    let (tags, common) = match &work_tree.asked {
        Asked::Library(repository) => {
            let tags = tags(repository).map_err(|error| unreadable(folder, error.message()))?;
            (tags, repository.commondir().to_owned())
        }
        Asked::Program(program) => {
            let tags = tags_of(program).map_err(|refusal| unreadable(folder, refusal))?;
            let common = program
                .path(&["rev-parse", "--path-format=absolute", "--git-common-dir"])
                .map_err(|refusal| unreadable(folder, refusal))?;
            (tags, common)
        }
    };
    let tags = tags.iter().map(|(name, commit)| (name.as_str(), *commit));
    let versions: BTreeMap<Version, Oid> = versions_of(tags, &inner).into_iter().collect();
    let stored = |commit| StoredFolder {
        repository: common.clone(),
        commit,
        folder: inner.clone(),
    };
    Ok(versions
        .into_iter()
        .map(|(version, commit)| (version, stored(commit)))
        .collect())
}

/// Gives all tags of commits.
fn tags(repository: &Repository) -> Result<Vec<(String, Oid)>, git2::Error> {
    let mut tags = Vec::new();
    for reference in repository.references_glob("refs/tags/*")? {
        let reference = reference?;
        // A tag can be of a file, too.
        if let (Ok(name), Ok(commit)) = (reference.shorthand(), reference.peel_to_commit()) {
            tags.push((name.to_owned(), commit.id().into()));
        }
    }
    Ok(tags)
}

/// Asks the program for all tags of commits.
fn tags_of(program: &Program) -> Result<Vec<(String, Oid)>, Refusal> {
    let format = "--format=%(objecttype) %(objectname) %(*objecttype) %(*objectname) %(refname)";
    let printed = program.run(&["for-each-ref", format, "refs/tags/"])?;
    let printed = String::from_utf8_lossy(&printed);
    let parse = |line: &str| {
        let (facts, name) = line.split_once(" refs/tags/")?;
        // What an annotated tag is of stands last.
        let mut words = facts.split_whitespace().rev();
        let (id, kind) = (words.next()?, words.next()?);
        (kind == "commit").then(|| Some((name.to_owned(), Oid::parse(id)?)))?
    };
    Ok(printed.lines().filter_map(parse).collect())
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
