//! What git has of single files: in the last commit, and in its index.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use git2::{Oid, Repository};

use crate::error::Result;
use crate::git::work_tree::{WorkTree, unreadable};
use crate::tree::{Entry, Node};

/// The mode of a link in git, and the bits of a mode that tell what something is.
const LINK: (u32, u32) = (0o120_000, 0o170_000);

/// The mode of a file.
const FILE: u32 = 0o100_000;

/// What git has of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Kept {
    /// What is in the last commit.
    pub committed: Option<Node>,
    /// What is in the index.
    pub staged: Option<Node>,
}

/// Gives what git has of files of a project; nothing where it can't tell, as for one that is in
/// conflict, or that is no file.
pub fn kept(root: &Path, paths: &[String]) -> Result<Vec<Option<Kept>>> {
    let Some(work_tree) = WorkTree::find(root)? else {
        return Ok(vec![None; paths.len()]);
    };
    let repository = &work_tree.repository;
    let failure = |error: git2::Error| unreadable(root, &error);
    let index = repository.index().map_err(failure)?;
    let head = repository.head().and_then(|head| head.peel_to_tree()).ok();
    let find = |path: PathBuf| -> Result<Option<Kept>, git2::Error> {
        if (1..=3).any(|stage| index.get_path(&path, stage).is_some()) {
            return Ok(None);
        }
        let committed = head.as_ref().and_then(|head| head.get_path(&path).ok());
        let committed = committed.map(|entry| (entry.filemode().unsigned_abs(), entry.id()));
        let staged = index.get_path(&path, 0).map(|entry| (entry.mode, entry.id));
        let mut kept = Kept::default();
        for (version, side) in [(committed, &mut kept.committed), (staged, &mut kept.staged)] {
            if let Some((mode, id)) = version {
                let Some(node) = node(repository, mode, id)? else {
                    return Ok(None);
                };
                *side = Some(node);
            }
        }
        Ok(Some(kept))
    };
    let found = paths.iter().map(|path| find(work_tree.path(path)));
    found.collect::<Result<_, _>>().map_err(failure)
}

/// Reads a file or a link.
fn node(repository: &Repository, mode: u32, id: Oid) -> Result<Option<Node>, git2::Error> {
    let (link, bits) = LINK;
    if mode & bits != link && mode & bits != FILE {
        return Ok(None);
    }
    let bytes = repository.find_blob(id)?.content().to_vec();
    Ok(if mode & bits == link {
        String::from_utf8(bytes)
            .ok()
            .map(|to| Node::Link(to.into()))
    } else {
        Some(Node::File(Entry {
            bytes: Cow::Owned(bytes),
            executable: mode & 0o100 != 0,
        }))
    })
}
