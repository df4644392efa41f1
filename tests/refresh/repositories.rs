//! Tags of public repositories, asked through git.

use std::process::Command;

use super::data::{Data, Found};
use super::version::numbers;

/// Finds newer tags of actions and hooks, with the commits that they name.
pub fn newest(data: &Data) -> Found {
    let mut found = Found::default();
    for repository in data.repositories() {
        match ask(&repository.repository) {
            Ok((version, hash)) if is_newer(&version, &repository.version) => {
                found.changes.push(data.tag(&repository, &version, &hash));
            }
            Ok(_) => {}
            Err(reason) => {
                let reason = format!(
                    "{reason}; it is {}; give a newer one as {}=TAG@COMMIT",
                    repository.version, repository.name
                );
                found.unknown.push((repository.name, reason));
            }
        }
    }
    found
}

/// Gives the newest tag of a repository and its commit.
fn ask(repository: &str) -> Result<(String, String), String> {
    let output = Command::new("git")
        .args(["-c", "http.lowSpeedLimit=1", "-c", "http.lowSpeedTime=20"])
        .args(["ls-remote", "--tags"])
        .arg(format!("https://github.com/{repository}"))
        .env("GIT_TERMINAL_PROMPT", "0")
        .output()
        .map_err(|error| format!("git can't be run: {error}"))?;
    if !output.status.success() {
        return Err(format!("{repository} can't be reached"));
    }
    newest_tag(&String::from_utf8_lossy(&output.stdout))
        .ok_or_else(|| format!("{repository} has no tag that is a version"))
}

/// Reads the newest version off a list of tags; the commit of an annotated tag has a line of its own.
fn newest_tag(listing: &str) -> Option<(String, String)> {
    let tags = listing.lines().filter_map(|line| {
        let (hash, name) = line.split_once('\t')?;
        let tag = name.strip_prefix("refs/tags/")?;
        let (tag, is_commit) = tag
            .strip_suffix("^{}")
            .map_or((tag, false), |tag| (tag, true));
        Some((release(tag)?, is_commit, tag, hash))
    });
    let (_, _, tag, hash) =
        tags.max_by_key(|(numbers, is_commit, ..)| (numbers.clone(), *is_commit))?;
    Some((tag.to_owned(), hash.to_owned()))
}

fn is_newer(version: &str, present: &str) -> bool {
    release(version) > release(present)
}

/// Reads a tag such as v1.2.3; tags that move, such as v1, are none.
fn release(tag: &str) -> Option<Vec<u64>> {
    numbers(tag.strip_prefix('v')?).filter(|numbers| numbers.len() == 3)
}
