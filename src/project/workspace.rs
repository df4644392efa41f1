//! The project of somebody else that a folder would be a part of.

use std::path::{Path, PathBuf};

use serde_json::Value as Json;

use crate::file;
use crate::found;
use crate::template::Workspace;

/// The largest file of settings that is looked at, in bytes.
const MAX_SETTINGS: u64 = 4 * 1024 * 1024;

/// A workspace that takes a folder for its member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enclosing {
    /// Its file of settings.
    pub file: PathBuf,
    /// The folder, as seen from there.
    pub member: String,
    /// What it means to be a member, and how to be none.
    pub workspace: Workspace,
}

/// Finds the workspace that takes a folder for its member, the innermost first; what can't be read
/// says nothing.
pub fn enclosing(folder: &Path, workspaces: &[Workspace]) -> Option<Enclosing> {
    let mut outer = folder.ancestors().skip(1);
    outer.find_map(|above| {
        let member = folder
            .strip_prefix(above)
            .ok()?
            .to_str()?
            .replace('\\', "/");
        let mut known = workspaces.iter();
        known.find_map(|workspace| {
            let file = above.join(&workspace.file);
            let settings = read(&file)?;
            is_member(workspace, &settings, &member).then(|| Enclosing {
                file,
                member: member.clone(),
                workspace: workspace.clone(),
            })
        })
    })
}

/// Reads a file of settings.
fn read(path: &Path) -> Option<Json> {
    toml_edit::de::from_str(&file::text(path, MAX_SETTINGS).ok()?).ok()
}

fn is_member(workspace: &Workspace, settings: &Json, member: &str) -> bool {
    let lists = |key: &String| {
        let globs = found::value_at(settings, key).and_then(Json::as_array);
        let globs = globs.into_iter().flatten().filter_map(|glob| glob.as_str());
        let mut globs = globs.map(|glob| glob.trim_start_matches("./").trim_end_matches('/'));
        globs.any(|glob| fast_glob::glob_match(glob, member))
    };
    lists(&workspace.members) && !workspace.exclude.as_ref().is_some_and(lists)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn workspace() -> Workspace {
        Workspace {
            file: "all.toml".to_owned(),
            members: "tool.members".to_owned(),
            exclude: Some("tool.exclude".to_owned()),
            because: String::new(),
        }
    }

    #[test]
    fn a_member_is_told_by_the_globs_of_the_workspace() {
        let place = tempfile::tempdir().unwrap();
        let settings =
            "[tool]\nmembers = [\"services/*\", \"./one/\"]\nexclude = [\"services/old\"]\n";
        std::fs::write(place.path().join("all.toml"), settings).unwrap();
        let member = |inner: &str| {
            let found = enclosing(&place.path().join(inner), &[workspace()]);
            found.map(|found| found.member)
        };
        assert_eq!(member("services/api").as_deref(), Some("services/api"));
        assert_eq!(member("one").as_deref(), Some("one"));
        for other in ["services/old", "services/api/deeper", "two"] {
            assert_eq!(member(other), None, "{other}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_no_workspace() {
        let place = tempfile::tempdir().unwrap();
        for text in ["[tool", "tool = 1", "[tool]\nmembers = \"*\"\n"] {
            std::fs::write(place.path().join("all.toml"), text).unwrap();
            assert_eq!(enclosing(&place.path().join("x"), &[workspace()]), None);
        }
    }
}
