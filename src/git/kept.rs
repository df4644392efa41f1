//! What git has of single files: in the last commit, and in its index.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use crate::error::Result;
use crate::git::entries::Entries;
use crate::git::index::Staged;
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
    let failure = |reason: String| unreadable(root, reason);
    let entries = Entries::read(&work_tree).map_err(failure)?;
    let find = |path: PathBuf| -> Result<Option<Kept>, String> {
        let staged = entries.versions(&path);
        if staged.iter().any(|version| version.stage > 0) {
            return Ok(None);
        }
        let committed = entries.committed(&path);
        let mut kept = Kept::default();
        for (version, side) in [
            (committed.first(), &mut kept.committed),
            (staged.first(), &mut kept.staged),
        ] {
            if let Some(version) = version {
                let Some(node) = node(&entries, version)? else {
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
fn node(entries: &Entries, version: &Staged) -> Result<Option<Node>, String> {
    let (link, bits) = LINK;
    let mode = version.mode;
    if mode & bits != link && mode & bits != FILE {
        return Ok(None);
    }
    let bytes = entries.content(version)?;
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
