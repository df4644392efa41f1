//! What of the environment a step doesn't see.

use crate::child::Call;

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

/// Takes out of a step's environment what belongs elsewhere.
pub(super) fn clean(call: &mut Call) {
    call.without(&OTHER_PROJECTS).without(&COLOURS);
    // Nobody sees what is asked.
    call.env("NO_COLOR", "1").env("GIT_TERMINAL_PROMPT", "0");
}
