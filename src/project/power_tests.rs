//! A disk in memory that loses what wasn't waited for when the power goes.
//!
//! File systems write names in the order in which they changed, and the bytes of a file whenever
//! they like: so a power cut leaves the names of some moment, no earlier than the last wait, and
//! files that nobody waited for are empty.

use std::collections::BTreeMap;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use super::disk::faults::Operation;

/// What a name stands for.
#[derive(Debug, Clone)]
enum Thing {
    Folder,
    Link(PathBuf),
    File(usize),
}

/// The bytes of a file, and whether they are on the disk.
#[derive(Debug, Clone)]
struct Bytes {
    bytes: Vec<u8>,
    is_synced: bool,
}

/// All below one folder.
#[derive(Debug, Clone, Default)]
pub(super) struct Disk {
    names: BTreeMap<PathBuf, Thing>,
    files: Vec<Bytes>,
}

impl Disk {
    /// Takes a folder as it is: all of it outlasts a power cut.
    pub(super) fn of(root: &Path) -> Self {
        let mut disk = Disk::default();
        disk.read(root);
        disk
    }

    fn read(&mut self, folder: &Path) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let metadata = std::fs::symlink_metadata(&path).unwrap();
            let thing = if metadata.is_dir() {
                self.read(&path);
                Thing::Folder
            } else if metadata.is_symlink() {
                Thing::Link(std::fs::read_link(&path).unwrap())
            } else {
                self.add(std::fs::read(&path).unwrap(), true)
            };
            self.names.insert(path, thing);
        }
    }

    fn add(&mut self, bytes: Vec<u8>, is_synced: bool) -> Thing {
        self.files.push(Bytes { bytes, is_synced });
        Thing::File(self.files.len() - 1)
    }

    /// Gives what a power cut leaves after some operations: all names, and the bytes that were waited
    /// for.
    fn cut(&self, operations: &[Operation]) -> Disk {
        let mut left = self.clone();
        for operation in operations {
            left.apply(operation);
        }
        for file in left.files.iter_mut().filter(|file| !file.is_synced) {
            file.bytes.clear();
        }
        left
    }

    fn apply(&mut self, operation: &Operation) {
        match operation {
            Operation::MakeFolder(path) => {
                self.names.insert(path.clone(), Thing::Folder);
            }
            Operation::Write(path, bytes) => {
                let file = self.add(bytes.clone(), false);
                self.names.insert(path.clone(), file);
            }
            Operation::Symlink(path, to) => {
                self.names.insert(path.clone(), Thing::Link(to.clone()));
            }
            Operation::Rename(from, to) => {
                let moved: Vec<PathBuf> = self.below(from);
                for path in moved {
                    let thing = self.names.remove(&path).unwrap();
                    let rest = path.strip_prefix(from).unwrap();
                    let place = if rest.as_os_str().is_empty() {
                        to.clone()
                    } else {
                        to.join(rest)
                    };
                    self.names.insert(place, thing);
                }
            }
            Operation::Remove(path) => {
                for path in self.below(path) {
                    self.names.remove(&path);
                }
            }
            Operation::SyncFile(path) | Operation::SyncAll(path) => {
                for path in self.below(path) {
                    if let Thing::File(number) = self.names[&path] {
                        self.files[number].is_synced = true;
                    }
                }
            }
            Operation::SyncFolder(_) => {}
        }
    }

    /// The names at and below a path.
    fn below(&self, path: &Path) -> Vec<PathBuf> {
        let names = self.names.keys();
        names
            .filter(|name| name.starts_with(path))
            .cloned()
            .collect()
    }

    /// Writes it where `root` was at another place; what can be run begins with `!`.
    pub(super) fn write(&self, root: &Path, place: &Path) {
        for (path, thing) in &self.names {
            let Ok(inner) = path.strip_prefix(root) else {
                continue;
            };
            let path = place.join(inner);
            match thing {
                Thing::Folder => std::fs::create_dir_all(&path).unwrap(),
                Thing::Link(to) => symlink(to, &path).unwrap(),
                Thing::File(number) => {
                    let bytes = &self.files[*number].bytes;
                    std::fs::write(&path, bytes).unwrap();
                    let mode = if bytes.starts_with(b"!") {
                        0o755
                    } else {
                        0o644
                    };
                    let mode = std::fs::Permissions::from_mode(mode);
                    std::fs::set_permissions(&path, mode).unwrap();
                }
            }
        }
    }
}

/// Calls for every state that a power cut can leave: how many operations were done, and the disk.
///
/// Names of an earlier moment are no other states: until something is waited for, no bytes are added.
pub(super) fn each_cut(before: &Disk, operations: &[Operation], mut look: impl FnMut(usize, Disk)) {
    for done in 0..=operations.len() {
        look(done, before.cut(&operations[..done]));
    }
}
