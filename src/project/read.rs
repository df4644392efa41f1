//! Reads what a merge has to know of a folder. It follows no link.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{FileType, Metadata};
use std::path::Path;

use crate::error::{Error, Result};
use crate::file::listing;
use crate::git;
use crate::merge::{Blocked, Plan, Yours, names_beside};
use crate::project::change::look;
use crate::tree::{Node, ProjectPath, Tree};

/// The folder of a project's state.
const STATE: &str = ".pyscaffold";

/// The largest file of the user's that is looked at to find out whether it was renamed, in bytes.
const MAX_RENAMED: u64 = 4 * 1024 * 1024;

/// The most of such files that is read, in bytes: they are held in memory together.
const MAX_RENAMED_TOGETHER: u64 = 256 * 1024 * 1024;

/// Reads a project's folder for a merge of two of its trees.
///
/// What isn't ignored is listed. What a sparse checkout leaves out is as it was in the base: it isn't
/// deleted. Files that no tree names are read only where something may have
/// moved: where a file of the base is missing, or the template no longer has it.
///
/// `others` are trees whose paths are read, too, and never move.
pub fn read(root: &Path, base: &Tree, desired: &Tree, others: &[&Tree]) -> Result<Yours> {
    let mut reader = Reader {
        root,
        folders: BTreeMap::new(),
        yours: Yours {
            names: list(root)?,
            ..Yours::default()
        },
    };
    let trees = [base, desired].into_iter().chain(others.iter().copied());
    for (path, _) in trees.flat_map(Tree::iter) {
        reader.look(path)?;
    }
    for path in git::left_out(root)? {
        reader.take_as_it_was(&path, base);
    }
    let has_moved = base
        .iter()
        .any(|(path, _)| desired.get(path.as_str()).is_none() || reader.yours.get(path).is_none());
    if has_moved {
        reader.read_others()?;
    }
    reader.look_beside(desired)?;
    reader.find_twins(base, desired)?;
    Ok(reader.yours)
}

/// Merges with what was read, and again where that leads to paths that no tree names, such as those
/// in a folder that the user moved, and something is there or in the way.
pub fn merge(
    root: &Path,
    mut yours: Yours,
    merge: impl Fn(&Yours) -> Result<Plan>,
) -> Result<(Plan, Yours)> {
    loop {
        let plan = merge(&yours)?;
        let (found, is_new) = look_again(root, yours, &plan)?;
        yours = found;
        if !is_new {
            return Ok((plan, yours));
        }
    }
}

/// Looks at the paths that a plan writes, and tells whether something new was found.
fn look_again(root: &Path, yours: Yours, plan: &Plan) -> Result<(Yours, bool)> {
    let count = |yours: &Yours| yours.nodes.len() + yours.blocked.len();
    let known = count(&yours);
    let mut reader = Reader {
        root,
        folders: BTreeMap::new(),
        yours,
    };
    for change in plan.changes.iter().filter(|change| change.after.is_some()) {
        reader.look(&change.path)?;
    }
    let is_new = count(&reader.yours) > known;
    if is_new {
        reader.look_beside(&Tree::new())?;
    }
    Ok((reader.yours, is_new))
}

/// Lists what isn't ignored, by path; what can't be in a template is left out.
pub fn list(root: &Path) -> Result<BTreeSet<String>> {
    // What can't be listed can't be renamed either; what the trees name is looked at by itself.
    let listed = listing::list(root, |entry| {
        entry.depth() != 1 || entry.file_name() != STATE
    })?;
    let names = listed.iter().filter_map(|path| inner(root, path));
    Ok(names.collect())
}

/// Gives a path inside the project as text.
fn inner(root: &Path, path: &Path) -> Option<String> {
    let inner = path.strip_prefix(root).ok()?.to_str()?;
    Some(inner.replace('\\', "/"))
}

struct Reader<'a> {
    root: &'a Path,
    /// What the folders above the files are, by path.
    folders: BTreeMap<String, Option<FileType>>,
    yours: Yours,
}

impl Reader<'_> {
    /// Reads what is at a path, and what stands in its way.
    fn look(&mut self, path: &ProjectPath) -> Result<()> {
        if self.yours.nodes.contains_key(path) || self.yours.blocked.contains_key(path) {
            return Ok(());
        }
        for folder in path.folders() {
            match self.kind(folder)? {
                None => return Ok(()),
                Some(kind) if kind.is_dir() => {}
                Some(_) => {
                    let blocked = Blocked::Under(ProjectPath::parse(folder)?);
                    self.yours.blocked.insert(path.clone(), blocked);
                    return Ok(());
                }
            }
        }
        let Some(metadata) = look::metadata(&self.root.join(path.as_str()))? else {
            return Ok(());
        };
        if metadata.is_dir() {
            let inside = self.inside(path.as_str())?;
            if !inside.is_empty() {
                let blocked = Blocked::Folder(inside);
                self.yours.blocked.insert(path.clone(), blocked);
            }
        } else {
            match self.read_node(path, &metadata)? {
                Some(node) => {
                    self.yours.nodes.insert(path.clone(), node);
                }
                None => {
                    self.yours.blocked.insert(path.clone(), Blocked::Other);
                }
            }
        }
        Ok(())
    }

    /// Takes a file that isn't on disk for the one of the base.
    fn take_as_it_was(&mut self, path: &str, base: &Tree) {
        let parsed = ProjectPath::parse(path).ok();
        if let Some((path, entry)) = parsed.zip(base.get(path)) {
            let node = self.yours.nodes.entry(path);
            node.or_insert_with(|| Node::File(entry.clone()));
        }
    }

    /// Tells what a folder's path is; asked once for each.
    fn kind(&mut self, folder: &str) -> Result<Option<FileType>> {
        if let Some(known) = self.folders.get(folder) {
            return Ok(*known);
        }
        let found = look::metadata(&self.root.join(folder))?;
        let found = found.map(|found| found.file_type());
        self.folders.insert(folder.to_owned(), found);
        Ok(found)
    }

    /// Lists all that is in a folder, ignored or not.
    fn inside(&self, folder: &str) -> Result<Vec<String>> {
        let mut files = Vec::new();
        for entry in fs_err::read_dir(self.root.join(folder))? {
            let entry = entry?;
            let name = format!("{folder}/{}", entry.file_name().to_string_lossy());
            if entry.file_type()?.is_dir() {
                files.extend(self.inside(&name)?);
            } else {
                files.push(name);
            }
        }
        Ok(files)
    }

    /// Reads a file or a link.
    fn read_node(&self, path: &ProjectPath, metadata: &Metadata) -> Result<Option<Node>> {
        if !metadata.is_file() && !metadata.is_symlink() {
            return Ok(None);
        }
        look::read(&self.root.join(path.as_str()), metadata)
            .map(Some)
            .map_err(|error| Error::failed(format!("can't read what you have: {error}")))
    }

    /// Finds what lies beside the files of the trees, ignored or not.
    fn look_beside(&mut self, desired: &Tree) -> Result<()> {
        let above = self
            .yours
            .blocked
            .values()
            .filter_map(|blocked| match blocked {
                Blocked::Under(above) => Some(above),
                Blocked::Folder(_) | Blocked::Other => None,
            });
        let paths = self.yours.nodes.keys().chain(self.yours.blocked.keys());
        let new = desired.iter().map(|(path, _)| path);
        let paths: BTreeSet<&ProjectPath> = paths.chain(above).chain(new).collect();
        let mut taken = BTreeSet::new();
        for path in paths {
            for name in names_beside(path) {
                if look::metadata(&self.root.join(&name))?.is_none() {
                    break;
                }
                taken.insert(name);
            }
        }
        self.yours.taken.extend(taken);
        Ok(())
    }

    /// Finds files of the user's own that some systems take for new ones of the template.
    fn find_twins(&mut self, base: &Tree, desired: &Tree) -> Result<()> {
        let is_new = |path: &ProjectPath| {
            base.get(path.as_str()).is_none() && !self.yours.nodes.contains_key(path)
        };
        let new: Vec<&ProjectPath> = desired
            .iter()
            .map(|(path, _)| path)
            .filter(|path| is_new(path))
            .collect();
        if new.is_empty() {
            return Ok(());
        }
        let own = self.yours.names.iter();
        let own = own.filter_map(|name| ProjectPath::parse(name).ok());
        let own: BTreeMap<String, ProjectPath> = own
            .filter(|path| base.get(path.as_str()).is_none())
            .map(|path| (path.folded(), path))
            .collect();
        for path in new {
            if let Some(twin) = own.get(&path.folded()) {
                self.look(twin)?;
                self.yours.twins.insert(path.clone(), twin.clone());
            }
        }
        Ok(())
    }

    /// Reads the files that no tree names.
    fn read_others(&mut self) -> Result<()> {
        let mut left = MAX_RENAMED_TOGETHER;
        for name in self.yours.names.clone() {
            let Ok(path) = ProjectPath::parse(&name) else {
                continue;
            };
            let full = self.root.join(&name);
            // Somebody may just be removing it.
            let Ok(metadata) = fs_err::symlink_metadata(&full) else {
                continue;
            };
            if !self.yours.nodes.contains_key(&path)
                && metadata.len() <= MAX_RENAMED.min(left)
                && let Some(node) = self.read_node(&path, &metadata)?
            {
                self.yours.nodes.insert(path, node);
                left -= metadata.len().min(left);
            }
        }
        Ok(())
    }
}
