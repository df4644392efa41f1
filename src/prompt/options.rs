//! What there is to choose from, and what is chosen at first.

use serde_json::Value as Json;

use super::Prompt;
use crate::resolve::Given;
use crate::template::Choice;

/// Something to choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Item {
    /// What it is called.
    pub(super) title: String,
    /// When to take it.
    pub(super) hint: String,
    /// The answer when it is chosen.
    pub(super) value: String,
}

/// Gives the choices of a question.
pub(super) fn items(prompt: &Prompt) -> Vec<Item> {
    let choices = prompt.choices.iter();
    let item = |choice: &&Choice| Item {
        title: choice.title.clone(),
        hint: choice.hint.clone(),
        value: choice.value.clone(),
    };
    choices.map(item).collect()
}

/// Gives what was replied the last time, or else the default.
pub(super) fn preferred(prompt: &Prompt) -> Json {
    match (&prompt.previous, &prompt.default) {
        (Some(Given::Data(value)), _) => value.clone(),
        (_, Some(default)) => serde_json::to_value(default).unwrap_or_default(),
        (_, None) => Json::Null,
    }
}

/// Finds the option to begin with. A list too long for the screen shows its beginning, so that
/// option comes first there.
pub(super) fn begin_with(options: &mut [Item], value: &Json, shown: usize) -> usize {
    let place = options.iter().position(|option| value == &option.value);
    match place {
        Some(place) if place >= shown => {
            options.rotate_left(place);
            0
        }
        place => place.unwrap_or(0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn items(values: &[&str]) -> Vec<Item> {
        let item = |value: &&str| Item {
            title: value.to_uppercase(),
            hint: String::new(),
            value: (*value).to_owned(),
        };
        values.iter().map(item).collect()
    }

    #[test]
    fn the_option_to_begin_with_is_always_on_the_screen() {
        let mut options = items(&["a", "b", "c", "d"]);
        assert_eq!(begin_with(&mut options, &"b".into(), 3), 1);
        assert_eq!(begin_with(&mut options, &Json::Null, 3), 0);
        assert_eq!(options, items(&["a", "b", "c", "d"]));
        assert_eq!(begin_with(&mut options, &"d".into(), 3), 0);
        assert_eq!(options, items(&["d", "a", "b", "c"]));
    }
}
