//! A mistake with the line that it is on.

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

use super::{message, screen};
use crate::problem::{Place, Problem, Severity};
use crate::visible;

/// Shows a mistake, with the line that it is on where it is known.
pub(super) fn excerpt(problem: &Problem) -> String {
    let level = match problem.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let Some(place) = &problem.place else {
        let (style, word) = match problem.severity {
            Severity::Error => (super::BAD, "error:"),
            Severity::Warning => (super::CARE, "warning:"),
        };
        return format!("  {style}{word}{style:#} {}", message(&problem.to_string()));
    };
    let Place { text, range } = place;
    // What is written out is longer: the range follows.
    let shown = |end: usize| text.get(..end).map(|before| visible::text(before).len());
    let source = visible::text(text);
    let start = shown(range.start).unwrap_or(source.len());
    let end = shown(range.end).unwrap_or(source.len()).max(start);
    let file = visible::line(&problem.file);
    let snippet = Snippet::source(&*source)
        .path(&*file)
        .annotation(AnnotationKind::Primary.span(start..end));
    let message = screen::cut(&problem.message);
    let message = visible::text(&message);
    let report = [level.primary_title(&*message).element(snippet)];
    Renderer::styled().render(&report)
}
