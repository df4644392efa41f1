//! What prompts say about a question, its keys and a refused answer.

use super::Prompt;
use crate::template::Kind;

/// What Esc does where there is a question to go back to.
pub(super) const BACK: &str = "esc to go back";

/// Says what the keys do.
pub(super) fn keys(prompt: &Prompt, keys: &str) -> String {
    let back = if prompt.can_go_back { BACK } else { "" };
    let separator = if keys.is_empty() || back.is_empty() {
        ""
    } else {
        ", "
    };
    format!("{keys}{separator}{back}")
}

/// Gives what is asked, with what can be answered.
pub(super) fn title(prompt: &Prompt) -> String {
    let title = &prompt.question.prompt;
    match prompt.question.kind {
        Kind::Integer {
            minimum: i64::MIN,
            maximum: i64::MAX,
        } => format!("{title} (a whole number)"),
        Kind::Integer {
            minimum,
            maximum: i64::MAX,
        } => format!("{title} ({minimum} or more)"),
        Kind::Integer {
            minimum: i64::MIN,
            maximum,
        } => format!("{title} ({maximum} or less)"),
        Kind::Integer { minimum, maximum } => format!("{title} ({minimum} to {maximum})"),
        Kind::Text(_) | Kind::Bool | Kind::Choice(_) | Kind::Choices(_) => title.clone(),
    }
}

/// Gives the sentences of a refusal, without what only concerns flags.
pub(super) fn problem(prompt: &Prompt) -> Vec<String> {
    let Some(error) = &prompt.problem else {
        return Vec::new();
    };
    let flag = prompt.question.flag();
    let message = error
        .message
        .strip_prefix(&format!("{flag}: "))
        .unwrap_or(&error.message);
    let hints = error.hints.iter().filter(|hint| !hint.contains(&flag));
    std::iter::once(message.to_owned())
        .chain(hints.cloned())
        .collect()
}
