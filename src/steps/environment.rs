//! What of the environment a step doesn't see.

use std::process::Command;

use crate::git;

/// The variables of an active environment or of another project, which would lead a tool away
/// from the new one.
const OTHER_PROJECTS: [&str; 11] = [
    "HATCH_ENV_ACTIVE",
    "HATCH_PROJECT",
    "PDM_PROJECT",
    "PYTHONHOME",
    "PYTHONPATH",
    "UV_PROJECT",
    "UV_PROJECT_ENVIRONMENT",
    "UV_WORKING_DIR",
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
}
