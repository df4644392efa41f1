//! What of the environment no child sees.

use std::process::Command;

use super::place;

/// The variables that tell git where a repository lies; a hook has some of them set.
///
/// They must not reach a program that works on another project.
pub const LOCATION_VARIABLES: [&str; 14] = [
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_DIR",
    "GIT_GRAFT_FILE",
    "GIT_IMPLICIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_INTERNAL_SUPER_PREFIX",
    "GIT_NAMESPACE",
    "GIT_NO_REPLACE_OBJECTS",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
    "GIT_QUARANTINE_PATH",
    "GIT_SHALLOW_FILE",
    "GIT_WORK_TREE",
];

/// Takes out of a child's environment what belongs elsewhere.
pub(super) fn clean(command: &mut Command) {
    for variable in LOCATION_VARIABLES {
        command.env_remove(variable);
    }
    match place::search_path() {
        Some(path) => command.env("PATH", path),
        None => command.env_remove("PATH"),
    };
}
