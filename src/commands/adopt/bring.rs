//! Decides what of a template is brought to a project, and says what isn't.

use crate::adoption::{self, Adoption, Example, Known, Note};
use crate::error::Result;
use crate::prompt::Terminal;
use crate::render::{self, Seed};
use crate::template::Template;
use crate::ui::{Tone, Ui};

/// Decides what is brought; which requirements that would be is seen in what is rendered.
pub(super) fn decide(template: &Template, known: Known) -> Result<Adoption> {
    let mut adoption = adoption::decide(template, known)?;
    let mut answers = known.answers.clone();
    answers.set_adopted(adoption.traits.clone());
    let mut rendered = render::render(template, &answers, &Seed::random()?)?;
    rendered.leave_out(&adoption.skip)?;
    adoption.leave_decided(&rendered, known.found);
    Ok(adoption)
}

/// Asks whether the example is brought, too, where somebody can be asked.
pub(super) fn ask(terminal: Option<&mut Terminal>) -> Result<Example> {
    let question = "Bring the template's example, too? It stands beside your code, and isn't for code that works already.";
    let wants = terminal.map_or(Ok(false), |terminal| terminal.agree(question))?;
    Ok(if wants {
        Example::Brought
    } else {
        Example::LeftOut
    })
}

/// Says what is known of the project, and what isn't brought to it.
pub(super) fn show(ui: Ui, notes: &[Note]) {
    for note in notes {
        match note {
            Note::Known(what, by) => ui.entry((Tone::Good, "found"), what, by),
            Note::Left(what, because) => ui.entry((Tone::Care, "leave"), what, because),
        }
    }
}
