//! Which program a command means.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use crate::tree::ProjectPath;

/// Tells why a program can't be one that a template names; nothing where it can.
///
/// A bare name is looked up on the user's `PATH`; a relative path is a file of the project.
pub fn refusal(program: &str) -> Option<String> {
    locate(program, Path::new("")).err()
}

/// The name by which a command means this program itself, wherever it lies.
const OURSELVES: &str = env!("CARGO_PKG_NAME");

/// Finds the program to start for a command that runs in a folder.
pub(super) fn locate(program: &str, folder: &Path) -> Result<PathBuf, String> {
    let path = Path::new(program);
    if program == OURSELVES
        && let Ok(running) = std::env::current_exe()
    {
        return Ok(running);
    }
    if path.is_absolute() || !program.contains(['/', '\\']) {
        return Ok(path.to_owned());
    }
    let inner = program.strip_prefix("./").unwrap_or(program);
    let inner = ProjectPath::parse(inner)
        .map_err(|_| format!("program '{program}' is not a file in the project"))?;
    // Which folder a relative program starts from differs between systems.
    let folder = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    Ok(folder.join(inner.as_str()))
}

/// Takes out of a `PATH` what depends on the folder that a command runs in: a project is never
/// searched for programs. Gives nothing when nothing is left.
pub(super) fn search_path(path: &OsStr) -> Option<OsString> {
    let folders: Vec<PathBuf> = std::env::split_paths(path)
        .filter(|folder| folder.is_absolute())
        .collect();
    if folders.is_empty() {
        return None;
    }
    std::env::join_paths(folders).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_relative_path_is_a_file_of_the_project() {
        for (program, path) in [
            ("tool", "tool"),
            ("./tool", "/project/tool"),
            ("scripts/tool.sh", "/project/scripts/tool.sh"),
            ("/usr/bin/env", "/usr/bin/env"),
        ] {
            let found = locate(program, Path::new("/project"));
            assert_eq!(found, Ok(PathBuf::from(path)), "{program}");
        }
    }

    #[test]
    fn our_own_name_is_the_program_that_runs() {
        let found = locate("pyscaffold", Path::new("/project"));
        assert_eq!(found, Ok(std::env::current_exe().unwrap()));
    }

    #[test]
    fn no_relative_path_leads_outside() {
        for program in [
            "../tool",
            "./../tool",
            "scripts/../../tool",
            "scripts/..",
            "..\\tool",
            "C:\\tool",
            ".//tool",
            "./",
            ".git/hooks/tool",
        ] {
            let refused = refusal(program);
            assert_eq!(
                refused,
                Some(format!("program '{program}' is not a file in the project"))
            );
        }
        assert_eq!(refusal("tool"), None);
    }

    #[cfg(unix)]
    #[test]
    fn the_project_is_not_searched() {
        let kept = |path: &str| search_path(OsStr::new(path));
        let path = kept(":.:/usr/bin::bin:../bin:/bin:");
        assert_eq!(path, Some("/usr/bin:/bin".into()));
        assert_eq!(kept(""), None);
        assert_eq!(kept(".:bin"), None);
    }
}
