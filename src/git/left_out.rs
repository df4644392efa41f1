//! What a sparse checkout leaves out of a project's folder.

use std::path::Path;

use git2::{IndexEntryExtendedFlag, Repository};

use crate::error::Result;
use crate::git::work_tree::{Asked, WorkTree, unreadable};

/// Lists the files of a project that git has and that a sparse checkout keeps off the disk, in
/// order.
///
/// There are none where the repository can't be read: who only looks need not know.
pub fn left_out(root: &Path) -> Result<Vec<String>> {
    let Ok(Some(work_tree)) = WorkTree::find(root) else {
        return Ok(Vec::new());
    };
    let paths = match &work_tree.asked {
        Asked::Library(repository) => {
            skipped(repository).map_err(|error| unreadable(root, error.message()))?
        }
        Asked::Program(program) => {
            let printed = program.run(&["ls-files", "-t", "-z", "--full-name"]);
            let printed = printed.map_err(|refusal| unreadable(root, refusal))?;
            // A letter and a space stand before every path.
            let lines = printed.split(|byte| *byte == 0);
            let skipped = lines.filter_map(|line| line.strip_prefix(b"S "));
            skipped.map(<[u8]>::to_vec).collect()
        }
    };
    let mut paths = work_tree.inside(paths.iter().map(Vec::as_slice));
    paths.retain(|path| std::fs::symlink_metadata(root.join(path)).is_err());
    Ok(paths)
}

/// Lists what the index says is to be left out.
fn skipped(repository: &Repository) -> Result<Vec<Vec<u8>>, git2::Error> {
    let index = repository.index()?;
    let is_skipped = |flags| IndexEntryExtendedFlag::from_bits_truncate(flags).is_skip_worktree();
    let skipped = index
        .iter()
        .filter(|entry| is_skipped(entry.flags_extended));
    Ok(skipped.map(|entry| entry.path).collect())
}
