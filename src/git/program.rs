//! The user's own `git` program, for what libgit2 can't do: signed commits.

use std::io;
use std::path::Path;
use std::process::{Command, Stdio};

use git2::Repository;

use crate::error::Result;
use crate::git::failed;

/// The variables that tell git where a repository lies; a hook has some of them set.
///
/// They must not reach a program that works on another project.
pub const LOCATION_VARIABLES: [&str; 14] = [
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_DIR",
    "GIT_GRAFT_FILE",
    "GIT_IMPLICIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_INTERNAL_SUPER_PREFIX",
    "GIT_NAMESPACE",
    "GIT_NO_REPLACE_OBJECTS",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
    "GIT_QUARANTINE_PATH",
    "GIT_SHALLOW_FILE",
    "GIT_WORK_TREE",
];

/// Commits what is in the index, without hooks, and gives the commit's id or why there is none.
pub(super) fn commit(root: &Path, message: &str) -> Result<Result<String, String>> {
    let mut command = Command::new("git");
    command
        .args(["-c", "core.hooksPath=/dev/null", "-c", "gc.auto=0"])
        .args(["-c", "maintenance.auto=false"])
        .args(["commit", "--quiet", "--no-verify", "--message"])
        .arg(message)
        .current_dir(root)
        .stdin(Stdio::null());
    for variable in LOCATION_VARIABLES {
        command.env_remove(variable);
    }
    let output = match command.output() {
        Ok(output) => output,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Ok(Err("there is no 'git' program".to_owned()));
        }
        Err(error) => return Ok(Err(error.to_string())),
    };
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        return Ok(Err(said));
    }
    // The repository that filled the index reads from memory: this one sees the disk.
    let repository = Repository::open(root).map_err(|error| failed(root, &error))?;
    let commit = repository
        .revparse_single("HEAD")
        .map_err(|error| failed(root, &error))?;
    Ok(Ok(commit.id().to_string()))
}
