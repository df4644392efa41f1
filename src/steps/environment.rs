//! What of the environment a step doesn't see.

use std::process::Command;

use super::program;
use crate::git;

/// The variables of an active environment, which would lead a tool away
/// from the new one.
const OTHER_PROJECTS: [&str; 5] = [
    "PYTHONHOME",
    "PYTHONPATH",
    "VIRTUAL_ENV",
    "VIRTUAL_ENV_PROMPT",
    "__PYVENV_LAUNCHER__",
];

/// The variables that colour what doesn't go to a terminal.
const COLOURS: [&str; 3] = ["CLICOLOR_FORCE", "FORCE_COLOR", "PY_COLORS"];

/// Takes out of a command's environment what belongs elsewhere.
pub(super) fn clean(command: &mut Command) {
    let unwanted = OTHER_PROJECTS
        .iter()
        .chain(&COLOURS)
        .chain(&git::LOCATION_VARIABLES);
    for variable in unwanted {
        command.env_remove(variable);
    }
    command.env("NO_COLOR", "1");
    if let Some(path) = std::env::var_os("PATH") {
        match program::search_path(&path) {
            Some(path) => command.env("PATH", path),
            // An empty one would mean the folder that the command runs in.
            None => command.env_remove("PATH"),
        };
    }
}
