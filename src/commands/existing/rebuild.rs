//! The base of every merge, when the file that holds it is lost.

use std::path::Path;

use crate::cli::Cli;
use crate::commands::inputs;
use crate::error::{Error, Result};
use crate::render::{self, Seed};
use crate::state::State;
use crate::tree::Tree;

/// Makes the snapshot again: what the recorded answers give with the recorded template, when that
/// is the one in use.
pub fn rebuild(cli: &Cli, root: &Path, (state, lost): (&State, Error)) -> Result<Tree> {
    let template = &cli.template;
    let commit = template.commit.map(|commit| commit.to_string());
    let is_recorded = (&template.name, &template.version) == (&state.name, &state.version)
        && commit == state.commit;
    if !is_recorded {
        return Err(lost.hint(format!(
            "it can be made again with the template as it was, and not from {} {}: pyscaffold change --yes",
            template.name, template.version
        )));
    }
    let answers = inputs::remembered(template, root, state)?;
    let seed = Seed::random()?;
    let mut rendered = render::render(template, &answers, &seed)?;
    rendered.leave_out(&state.skip)?;
    cli.ui.warn(&format!(
        "{lost}; it is made again from the answers and {} {}",
        template.name, template.version
    ));
    Ok(rendered.tree)
}
