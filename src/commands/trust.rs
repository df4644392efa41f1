//! Asks before a template runs something.

use crate::error::{Error, Kind, Result};
use crate::prompt::Terminal;
use crate::render::PlannedStep;
use crate::template::Template;
use crate::ui::Ui;

/// Refuses to go on when somebody else's template wants to run something unseen.
pub fn require<'a>(
    ui: Ui,
    template: &Template,
    steps: impl Iterator<Item = &'a PlannedStep>,
    is_trusted: bool,
    terminal: Option<&mut Terminal>,
) -> Result<()> {
    let foreign = steps.filter(|planned| !planned.is_builtin);
    let commands: Vec<String> = foreign.map(|planned| planned.step.command_line()).collect();
    if is_trusted || commands.is_empty() {
        return Ok(());
    }
    let source = &template.source;
    ui.commands(
        &format!("The template '{source}' wants to run, in the project:"),
        &commands,
    );
    if let Some(terminal) = terminal
        && terminal.agree("Let it run them?")?
    {
        return Ok(());
    }
    let commands = commands.join("; ");
    let message =
        format!("template '{source}' wants to run commands and is not trusted: {commands}");
    Err(Error::new(Kind::Untrusted, message).hint(
        "look at them, then say --trust; or leave them out with --no-lock and without --install",
    ))
}
