//! What the user began with git and hasn't finished.

use std::path::Path;

use git2::RepositoryState;

use crate::error::Result;
use crate::git::program::{Program, Refusal};
use crate::git::work_tree::{Asked, WorkTree, unreadable};

/// Something that takes git several steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unfinished {
    /// What the command is called.
    pub command: &'static str,
    /// How it is given up.
    pub give_up: &'static str,
}

const MERGE: Unfinished = Unfinished {
    command: "merge",
    give_up: "git merge --abort",
};
const REVERT: Unfinished = Unfinished {
    command: "revert",
    give_up: "git revert --abort",
};
const CHERRY_PICK: Unfinished = Unfinished {
    command: "cherry-pick",
    give_up: "git cherry-pick --abort",
};
const BISECT: Unfinished = Unfinished {
    command: "bisect",
    give_up: "git bisect reset",
};
const REBASE: Unfinished = Unfinished {
    command: "rebase",
    give_up: "git rebase --abort",
};
const APPLY: Unfinished = Unfinished {
    command: "am",
    give_up: "git am --abort",
};

/// Gives what is unfinished in the repository that a project is part of.
pub fn unfinished(root: &Path) -> Result<Option<Unfinished>> {
    let Some(work_tree) = WorkTree::find(root)? else {
        return Ok(None);
    };
    match &work_tree.asked {
        Asked::Library(repository) => Ok(match repository.state() {
            RepositoryState::Clean => None,
            RepositoryState::Merge => Some(MERGE),
            RepositoryState::Revert | RepositoryState::RevertSequence => Some(REVERT),
            RepositoryState::CherryPick | RepositoryState::CherryPickSequence => Some(CHERRY_PICK),
            RepositoryState::Bisect => Some(BISECT),
            RepositoryState::Rebase
            | RepositoryState::RebaseInteractive
            | RepositoryState::RebaseMerge => Some(REBASE),
            RepositoryState::ApplyMailbox | RepositoryState::ApplyMailboxOrRebase => Some(APPLY),
        }),
        Asked::Program(program) => found_by(program).map_err(|refusal| unreadable(root, refusal)),
    }
}

/// Looks for what git leaves while something is unfinished.
fn found_by(program: &Program) -> Result<Option<Unfinished>, Refusal> {
    let folder = program.path(&["rev-parse", "--absolute-git-dir"])?;
    for (name, unfinished) in [
        ("rebase-merge", REBASE),
        ("rebase-apply/applying", APPLY),
        ("rebase-apply", REBASE),
        ("MERGE_HEAD", MERGE),
    ] {
        if folder.join(name).exists() {
            return Ok(Some(unfinished));
        }
    }
    // These may lie where all other references do.
    for (name, unfinished) in [("REVERT_HEAD", REVERT), ("CHERRY_PICK_HEAD", CHERRY_PICK)] {
        if program.says_yes(&["rev-parse", "--quiet", "--verify", name], b"")? {
            return Ok(Some(unfinished));
        }
    }
    Ok(folder.join("BISECT_LOG").exists().then_some(BISECT))
}
