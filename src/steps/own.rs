//! Which files a step may write.

use std::collections::BTreeSet;
use std::path::Path;

use super::Step;
use crate::file;

/// The largest file that is looked at to find out who wrote it, in bytes.
const MAX_LOOKED_AT: u64 = 16 * 1024 * 1024;

/// The files of a project that are its template's or that steps made, by path: the only ones that
/// are there already which a step may write.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Own(BTreeSet<String>);

impl Own {
    /// Takes the paths that earlier runs have made.
    pub fn new(paths: impl IntoIterator<Item = String>) -> Self {
        Own(paths.into_iter().collect())
    }

    /// Gives the first file that keeps a step from running: one that is there, and that no earlier
    /// run of it made.
    pub fn in_the_way<'s>(&self, step: &'s Step, folder: &Path) -> Option<&'s str> {
        let mut makes = step.makes.iter().map(String::as_str);
        makes.find(|path| {
            let path_on_disk = folder.join(path);
            let is_there = fs_err::symlink_metadata(&path_on_disk).is_ok();
            is_there && !(self.0.contains(*path) && wrote(step, &path_on_disk))
        })
    }

    /// Tells whether all that keeps a step from running looks as if its program had written it, so
    /// that a person can run it.
    pub fn can_be_run_by_hand(step: &Step, folder: &Path) -> bool {
        let paths = step.makes.iter().map(|path| folder.join(path));
        paths
            .filter(|path| fs_err::symlink_metadata(path).is_ok())
            .all(|path| wrote(step, &path))
    }

    /// Adds what a step has made.
    pub fn add(&mut self, step: &Step) {
        self.0.extend(step.makes.iter().cloned());
    }
}

/// Tells whether a file that a step once made still is what its program writes.
fn wrote(step: &Step, path: &Path) -> bool {
    let Some(mark) = &step.mark else {
        return true;
    };
    file::text(path, MAX_LOOKED_AT).is_ok_and(|text| text.contains(mark))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(mark: Option<&str>) -> Step {
        Step {
            name: "lock".to_owned(),
            title: "Lock".to_owned(),
            run: vec!["tool".to_owned()],
            makes: vec!["a.lock".to_owned(), "b.lock".to_owned()],
            mark: mark.map(str::to_owned),
        }
    }

    #[test]
    fn only_what_an_earlier_run_made_is_written_again() {
        let folder = tempfile::tempdir().unwrap();
        let in_the_way = |own: &Own, mark| {
            let step = step(mark);
            own.in_the_way(&step, folder.path()).map(str::to_owned)
        };
        let (none, one) = (Own::default(), Own::new(["b.lock".to_owned()]));
        assert_eq!(in_the_way(&none, None), None);
        std::fs::write(folder.path().join("b.lock"), "by tool").unwrap();
        assert_eq!(in_the_way(&none, None).as_deref(), Some("b.lock"));
        assert_eq!(in_the_way(&one, None), None);
        assert_eq!(in_the_way(&one, Some("by tool")), None);
        assert_eq!(
            in_the_way(&one, Some("by other")).as_deref(),
            Some("b.lock")
        );
        let mut both = one;
        std::fs::create_dir(folder.path().join("a.lock")).unwrap();
        assert_eq!(in_the_way(&both, None).as_deref(), Some("a.lock"));
        both.add(&step(None));
        assert_eq!(in_the_way(&both, None), None);
    }
}
