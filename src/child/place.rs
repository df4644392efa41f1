//! Where a program lies: on a `PATH` without what depends on the folder that a command runs in.
//!
//! A project is never searched for programs: a template could bring one that is called like
//! somebody else's.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// Where programs are looked for when there is no `PATH`.
#[cfg(unix)]
const USUAL: [&str; 2] = ["/usr/bin", "/bin"];
#[cfg(not(unix))]
const USUAL: [&str; 0] = [];

/// Finds a program by its name; a path is taken as it is.
pub fn find(program: &str) -> Option<PathBuf> {
    if program.contains(std::path::is_separator) {
        return Some(PathBuf::from(program));
    }
    let names = names(program);
    let places = folders(std::env::var_os("PATH"))
        .into_iter()
        .flat_map(|folder| {
            let names = names.iter();
            let places: Vec<PathBuf> = names.map(|name| folder.join(name)).collect();
            places
        });
    let is_there = |place: &PathBuf| is_program(place);
    (!program.is_empty()).then(|| places.into_iter().find(is_there))?
}

/// Gives the `PATH` of a child; nothing where no folder is left, because an empty one would mean
/// the folder that the child runs in.
pub(super) fn search_path() -> Option<OsString> {
    let folders = folders(std::env::var_os("PATH"));
    if folders.is_empty() {
        return None;
    }
    std::env::join_paths(folders).ok()
}

/// Gives the folders of a `PATH` that are the same wherever a command runs.
fn folders(path: Option<OsString>) -> Vec<PathBuf> {
    let Some(path) = path else {
        return USUAL.map(PathBuf::from).to_vec();
    };
    std::env::split_paths(&path)
        .filter(|folder| folder.is_absolute())
        .collect()
}

#[cfg(unix)]
fn names(program: &str) -> Vec<String> {
    vec![program.to_owned()]
}

/// Gives the names that a program can have: its own, and with each suffix that can be run.
#[cfg(not(unix))]
fn names(program: &str) -> Vec<String> {
    let suffixes = std::env::var("PATHEXT").unwrap_or_else(|_| ".COM;.EXE;.BAT;.CMD".to_owned());
    let suffixes = suffixes.split(';').filter(|suffix| !suffix.is_empty());
    let is_whole = Path::new(program).extension().is_some();
    let own = is_whole.then(|| program.to_owned());
    own.into_iter()
        .chain(suffixes.map(|suffix| format!("{program}{suffix}")))
        .collect()
}

#[cfg(unix)]
fn is_program(place: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;

    let found = std::fs::metadata(place);
    found.is_ok_and(|found| found.is_file() && found.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_program(place: &Path) -> bool {
    place.is_file()
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;

    #[test]
    fn what_depends_on_the_folder_is_not_searched() {
        let kept = |path: &str| folders(Some(path.into()));
        let path = kept(":.:/usr/bin::bin:../bin:/bin:");
        assert_eq!(path, [PathBuf::from("/usr/bin"), PathBuf::from("/bin")]);
        assert!(kept("").is_empty() && kept(".:bin").is_empty());
        assert!(!folders(None).is_empty());
    }

    #[test]
    fn a_program_is_a_file_that_can_be_run() {
        let found = find("sh").unwrap();
        assert!(found.is_absolute() && found.ends_with("sh"));
        assert_eq!(find("no-such-program-of-ours"), None);
        assert_eq!(find(""), None);
        assert_eq!(find("./tool"), Some(PathBuf::from("./tool")));
    }
}
