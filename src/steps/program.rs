//! Which program a command means.

use std::path::{Path, PathBuf};

use crate::child;
use crate::tree::ProjectPath;

/// Tells why a program can't be one that a template names; nothing where it can.
///
/// A bare name is looked up on the user's `PATH`; a relative path is a file of the project.
pub fn refusal(program: &str) -> Option<String> {
    locate(program, Path::new("")).err()
}

/// The name by which a command means this program itself, wherever it lies.
const OURSELVES: &str = env!("CARGO_PKG_NAME");

/// Finds the program to start for a command that runs in a folder; nothing where there is none of
/// its name.
pub(super) fn locate(program: &str, folder: &Path) -> Result<Option<PathBuf>, String> {
    let path = Path::new(program);
    if program == OURSELVES
        && let Ok(running) = std::env::current_exe()
    {
        return Ok(Some(running));
    }
    if path.is_absolute() {
        return Ok(Some(path.to_owned()));
    }
    if !program.contains(['/', '\\']) {
        return Ok(child::find(program));
    }
    let inner = program.strip_prefix("./").unwrap_or(program);
    let inner = ProjectPath::parse(inner)
        .map_err(|_| format!("program '{program}' is not a file in the project"))?;
    // Which folder a relative program starts from differs between systems.
    let folder = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    Ok(Some(folder.join(inner.as_str())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_relative_path_is_a_file_of_the_project() {
        for (program, path) in [
            ("./tool", "/project/tool"),
            ("scripts/tool.sh", "/project/scripts/tool.sh"),
            ("/usr/bin/env", "/usr/bin/env"),
        ] {
            let found = locate(program, Path::new("/project"));
            assert_eq!(found, Ok(Some(PathBuf::from(path))), "{program}");
        }
        assert_eq!(locate("no-such-tool", Path::new("/")), Ok(None));
    }

    #[test]
    fn our_own_name_is_the_program_that_runs() {
        let found = locate("pyscaffold", Path::new("/project"));
        assert_eq!(found, Ok(Some(std::env::current_exe().unwrap())));
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
}
