//! The objects of a new repository: collected in memory, then written as one pack.
//!
//! One file for each object, as libgit2 would write them, takes longer than all the rest of a new
//! project.

use git2::{Error, Odb, Oid, PackBuilder, Repository};

/// The folder of packs in a repository.
const PACKS: &str = "objects/pack";

/// The rights of a pack: nobody ever changes it.
const PACK_MODE: u32 = 0o444;

/// The objects of a repository that are not on disk yet.
pub(super) struct Objects {
    /// What the repository reads and writes; holding it keeps it alive.
    _database: Odb<'static>,
}

impl Objects {
    /// Lets a repository without objects write into memory.
    pub(super) fn in_memory(repository: &Repository) -> Result<Self, Error> {
        let database = Odb::new()?;
        database.add_new_mempack_backend(1)?;
        repository.set_odb(&database)?;
        Ok(Objects {
            _database: database,
        })
    }

    /// Writes a commit and everything in it to the disk.
    pub(super) fn store_commit(&self, repository: &Repository, commit: Oid) -> Result<(), Error> {
        store(repository, |pack| pack.insert_commit(commit))
    }

    /// Writes a tree and everything in it to the disk.
    pub(super) fn store_tree(&self, repository: &Repository, tree: Oid) -> Result<(), Error> {
        store(repository, |pack| pack.insert_tree(tree))
    }
}

/// Writes one pack with its index.
fn store(
    repository: &Repository,
    fill: impl FnOnce(&mut PackBuilder<'_>) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut pack = repository.packbuilder()?;
    fill(&mut pack)?;
    pack.write(&repository.path().join(PACKS), PACK_MODE)
}
