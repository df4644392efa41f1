//! The user's own `git` program, for what libgit2 can't do: signed commits.

use std::path::Path;

use git2::Repository;

use crate::child::Call;
use crate::error::Result;
use crate::git::failed;
use crate::interrupt::Interrupt;

/// Commits what is in the index, without hooks, and gives the commit's id or why there is none.
pub(super) fn commit(root: &Path, message: &str) -> Result<Result<String, String>> {
    let Some(mut call) = Call::of("git", root) else {
        return Ok(Err("there is no 'git' program".to_owned()));
    };
    // The program that signs may ask for the secret of a key.
    call.attended()
        .args(["-c", "core.hooksPath=/dev/null", "-c", "gc.auto=0"])
        .args(["-c", "maintenance.auto=false"])
        .args(["commit", "--quiet", "--no-verify", "--message", message]);
    let interrupt = Interrupt::install()?;
    let said = match call.run(&mut |_| {}, &mut || interrupt.check())? {
        Ok(said) => said,
        Err(error) => return Ok(Err(error.to_string())),
    };
    if !said.status.success() {
        return Ok(Err(String::from_utf8_lossy(&said.told).trim().to_owned()));
    }
    // The repository that filled the index reads from memory: this one sees the disk.
    let repository = Repository::open(root).map_err(|error| failed(root, &error))?;
    let commit = repository
        .revparse_single("HEAD")
        .map_err(|error| failed(root, &error))?;
    Ok(Ok(commit.id().to_string()))
}
