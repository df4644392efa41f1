//! The objects of a new repository: collected in memory, then written as one pack.
//!
//! One file for each object, as libgit2 would write them, takes longer than all the rest of a new
//! project. Looking for similar files takes more than half of the time of a pack, and saves little
//! where no file has a history, so it is turned off.

use std::path::Path;

use git2::{Config, ConfigLevel, Error, Odb, Oid, PackBuilder, Repository};

use crate::error::Result;
use crate::git::failed;

/// The folder of packs in a repository.
const PACKS: &str = "objects/pack";

/// The rights of a pack: nobody ever changes it.
const PACK_MODE: u32 = 0o444;

/// The name of the settings for packing, which are there only for that time.
const SETTINGS: &str = "packing";

/// Lets every object be too big to be compared with others. The first key is the one that is meant;
/// libgit2 1.9 reads the size under the second (`packbuilder_config` in its `pack-objects.c`).
const NO_DELTAS: &str = "[core]\n\tbigFileThreshold = 1\n[pack]\n\tdeltaCacheSize = 1\n";

/// The objects of a repository that are not on disk yet.
pub(super) struct Objects(Odb<'static>);

impl Objects {
    /// Lets a repository without objects read and write in memory.
    pub(super) fn in_memory(repository: &Repository) -> Result<Self, Error> {
        let database = Odb::new()?;
        database.add_new_mempack_backend(1)?;
        repository.set_odb(&database)?;
        Ok(Objects(database))
    }

    /// Writes a commit and everything in it to the disk.
    pub(super) fn store_commit(&self, root: &Path, commit: Oid) -> Result<()> {
        self.store(root, |pack| pack.insert_commit(commit))
    }

    /// Writes a tree and everything in it to the disk.
    pub(super) fn store_tree(&self, root: &Path, tree: Oid) -> Result<()> {
        self.store(root, |pack| pack.insert_tree(tree))
    }

    /// Writes one pack with its index.
    fn store(
        &self,
        root: &Path,
        fill: impl FnOnce(&mut PackBuilder<'_>) -> Result<(), Error>,
    ) -> Result<()> {
        let failure = |error: Error| failed(root, error.message());
        let repository = Repository::open(root).map_err(failure)?;
        let settings = repository.path().join(SETTINGS);
        fs_err::write(&settings, NO_DELTAS)?;
        let packed = self.pack(&repository, &settings, fill).map_err(failure);
        fs_err::remove_file(&settings)?;
        packed
    }

    /// Writes one pack with the settings in a file.
    fn pack(
        &self,
        repository: &Repository,
        settings: &Path,
        fill: impl FnOnce(&mut PackBuilder<'_>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let mut config = Config::new()?;
        config.add_file(settings, ConfigLevel::App, false)?;
        repository.set_config(&config)?;
        repository.set_odb(&self.0)?;
        let mut pack = repository.packbuilder()?;
        fill(&mut pack)?;
        pack.write(&repository.path().join(PACKS), PACK_MODE)
    }
}
