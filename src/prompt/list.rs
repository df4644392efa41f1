//! A list to choose from: one choice, several, or yes and no.

use std::collections::BTreeSet;

use console::{Key, measure_text_width};
use serde_json::Value as Json;

use super::Prompt;
use super::field::{Field, Head, Pressed};
use super::row::{Look, Row};
use super::screen::{Frame, Size};
use crate::answer::Answer;
use crate::resolve::Given;
use crate::template::{Choice, Kind};

/// The most options that are shown at once.
const MAX_ROWS: usize = 12;

/// The most columns that titles get before the hints begin.
const MAX_TITLE: usize = 28;

/// How far the keys for pages go.
const PAGE: usize = 5;

/// The options, what was typed to filter them, and what is chosen.
#[derive(Debug, Clone)]
pub(super) struct List {
    options: Vec<Item>,
    /// The options that are marked, where several can be chosen.
    marked: Option<BTreeSet<usize>>,
    filter: String,
    /// The options that the filter leaves, best first.
    left: Vec<usize>,
    /// The place of the active option among those that are left.
    active: usize,
}

/// The answer to a yes or no that Enter gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Preferred {
    /// Going on.
    Yes,
    /// Leaving things as they are.
    No,
}

/// Something to choose.
#[derive(Debug, Clone)]
struct Item {
    title: String,
    hint: String,
    /// The answer when this is chosen.
    value: Json,
}

impl List {
    /// Begins with what was chosen the last time, or else with the default.
    pub(super) fn new(prompt: &Prompt) -> Self {
        let options = match prompt.question.kind {
            Kind::Bool => vec![Item::yes(), Item::no()],
            _ => prompt
                .choices
                .iter()
                .map(|choice| Item::new(choice))
                .collect(),
        };
        let default = prompt.default.as_ref().map(value);
        let previous = match &prompt.previous {
            Some(Given::Data(value)) => Some(value),
            Some(Given::Typed(_)) | None => None,
        };
        let chosen = previous.or(default.as_ref());
        let marked = matches!(prompt.question.kind, Kind::Choices(_)).then(|| {
            let values = chosen
                .and_then(Json::as_array)
                .map_or(&[][..], Vec::as_slice);
            (0..options.len())
                .filter(|&option| values.contains(&options[option].value))
                .collect()
        });
        let place = |value: &Json| options.iter().position(|option| option.value == *value);
        let active = chosen
            .and_then(place)
            .or(default.as_ref().and_then(place))
            .unwrap_or(0);
        List {
            left: (0..options.len()).collect(),
            options,
            marked,
            filter: String::new(),
            active,
        }
    }

    /// Begins with yes and no, the answer that is taken by Enter first.
    pub(super) fn yes_or_no(first: Preferred) -> Self {
        let options = match first {
            Preferred::Yes => vec![Item::yes(), Item::no()],
            Preferred::No => vec![Item::no(), Item::yes()],
        };
        List {
            options,
            marked: None,
            filter: String::new(),
            left: vec![0, 1],
            active: 0,
        }
    }

    /// Leaves what the filter matches: first what begins with it, then what is called so, then hints.
    fn apply_filter(&mut self) {
        let ranked = self
            .options
            .iter()
            .map(|option| option.rank(&self.filter))
            .enumerate();
        let mut left: Vec<(u8, usize)> = ranked
            .filter_map(|(place, rank)| Some((rank?, place)))
            .collect();
        left.sort_unstable();
        self.left = left.into_iter().map(|(_, place)| place).collect();
        self.active = 0;
    }

    /// Goes to another option, past the end to the beginning.
    fn go(&mut self, places: isize) {
        let count = self.left.len().cast_signed();
        if count > 0 {
            self.active = (self.active.cast_signed() + places)
                .rem_euclid(count)
                .cast_unsigned();
        }
    }

    /// Marks the active option or takes its mark off; all options come back, for the next one.
    fn toggle(&mut self) {
        let (Some(marked), Some(&option)) = (&mut self.marked, self.left.get(self.active)) else {
            return;
        };
        if !marked.remove(&option) {
            marked.insert(option);
        }
        self.filter.clear();
        self.left = (0..self.options.len()).collect();
        self.active = option;
    }

    /// Gives what is chosen now.
    fn chosen(&self) -> Vec<&Item> {
        match &self.marked {
            Some(marked) => marked.iter().map(|&option| &self.options[option]).collect(),
            None => self
                .left
                .get(self.active)
                .map(|&option| &self.options[option])
                .into_iter()
                .collect(),
        }
    }

    /// Draws an option that is left; what is active and marked can be seen without colour.
    fn row(&self, place: usize, columns: usize) -> Row {
        let option = &self.options[self.left[place]];
        let is_active = place == self.active;
        let look = if is_active { Look::Active } else { Look::Plain };
        let mut row = Row::new(columns).with(if is_active { "❯ " } else { "  " }, Look::Active);
        if let Some(marked) = &self.marked {
            row = if marked.contains(&self.left[place]) {
                row.with("[x] ", Look::Good)
            } else {
                row.with("[ ] ", Look::Faint)
            };
        }
        let titles = self
            .options
            .iter()
            .map(|option| measure_text_width(&option.title));
        let hints = row.width() + titles.max().unwrap_or(0).min(MAX_TITLE) + 2;
        let row = row.with(&option.title, look);
        if option.hint.is_empty() {
            return row;
        }
        let row = if row.width() < hints {
            row.pad(hints)
        } else {
            row.with("  ", Look::Plain)
        };
        row.with(
            &option.hint,
            if is_active { Look::Plain } else { Look::Faint },
        )
    }

    /// Draws the options around the active one.
    fn rows(&self, most: usize, columns: usize) -> Vec<Row> {
        if self.left.is_empty() {
            return vec![Row::new(columns).with("  nothing matches", Look::Faint)];
        }
        let count = self.left.len().min(most.clamp(1, MAX_ROWS));
        let first = self
            .active
            .saturating_sub(count / 2)
            .min(self.left.len() - count);
        (first..first + count)
            .map(|place| self.row(place, columns))
            .collect()
    }

    /// Says what the keys do, and where the active option is when not all are shown.
    fn keys(&self, shown: usize) -> String {
        let keys = match (&self.marked, self.options.len()) {
            (Some(_), _) => "↑↓ move · space mark · type to filter · enter done",
            (None, ..=3) => "↑↓ move · enter choose",
            (None, _) => "↑↓ move · type to filter · enter choose",
        };
        if shown >= self.left.len() {
            return keys.to_owned();
        }
        format!("{} of {} · {keys}", self.active + 1, self.left.len())
    }
}

impl Field for List {
    fn press(&mut self, key: &Key) -> Pressed {
        match key {
            Key::Escape => return Pressed::Back,
            Key::Enter if self.marked.is_some() || !self.left.is_empty() => return Pressed::Done,
            Key::ArrowUp | Key::BackTab => self.go(-1),
            Key::ArrowDown | Key::Tab => self.go(1),
            Key::PageUp => self.active = self.active.saturating_sub(PAGE),
            Key::PageDown => {
                self.active = (self.active + PAGE).min(self.left.len().saturating_sub(1));
            }
            Key::Home => self.active = 0,
            Key::End => self.active = self.left.len().saturating_sub(1),
            Key::Char(' ') if self.marked.is_some() => self.toggle(),
            Key::Char('\x15' | '\x17') => {
                self.filter.clear();
                self.apply_filter();
            }
            Key::Char(character) if !character.is_control() => {
                self.filter.push(*character);
                self.apply_filter();
            }
            Key::Backspace if self.filter.pop().is_some() => self.apply_filter(),
            _ => {}
        }
        Pressed::Stay
    }

    fn frame(&self, head: &Head, size: Size) -> Frame {
        let row = head.row(size.columns).with(&self.filter, Look::Plain);
        let cursor = (0, row.width());
        let problem = head.problem(size);
        let help = head.help(size);
        let has_keys = head.keys("", size).is_some();
        let around = 2 + problem.len() + usize::from(help.is_some()) + usize::from(has_keys);
        let options = self.rows(size.rows.saturating_sub(around), size.columns);
        let keys = head.keys(&self.keys(options.len()), size);
        let rows = std::iter::once(row)
            .chain(problem)
            .chain(help)
            .chain(options)
            .chain(keys);
        Frame {
            rows: rows.collect(),
            cursor,
        }
    }

    fn given(&self) -> Given {
        let mut values = self.chosen().into_iter().map(|option| option.value.clone());
        Given::Data(match self.marked {
            Some(_) => values.collect(),
            None => values.next().unwrap_or_default(),
        })
    }

    fn shown(&self) -> String {
        let titles: Vec<&str> = self
            .chosen()
            .into_iter()
            .map(|option| option.title.as_str())
            .collect();
        if titles.is_empty() {
            "none".to_owned()
        } else {
            titles.join(", ")
        }
    }
}

impl Item {
    fn new(choice: &Choice) -> Self {
        Item {
            title: choice.title.clone(),
            hint: choice.hint.clone(),
            value: choice.value.clone().into(),
        }
    }

    fn yes() -> Self {
        Item {
            title: "yes".to_owned(),
            hint: String::new(),
            value: true.into(),
        }
    }

    fn no() -> Self {
        Item {
            title: "no".to_owned(),
            hint: String::new(),
            value: false.into(),
        }
    }

    /// Tells how well a filter matches, 0 being best: every word of it has to be somewhere.
    fn rank(&self, filter: &str) -> Option<u8> {
        let filter = filter.trim().to_lowercase();
        let title = self.title.to_lowercase();
        let value = self.value.as_str().unwrap_or_default().to_lowercase();
        let hint = self.hint.to_lowercase();
        let is_in = |texts: &[&String]| {
            filter
                .split_whitespace()
                .all(|word| texts.iter().any(|text| text.contains(word)))
        };
        if title.starts_with(&filter) || value.starts_with(&filter) {
            Some(0)
        } else if is_in(&[&title, &value]) {
            Some(1)
        } else {
            is_in(&[&title, &value, &hint]).then_some(2)
        }
    }
}

/// Writes an answer as it is given.
fn value(answer: &Answer) -> Json {
    match answer {
        Answer::Text(text) => text.clone().into(),
        Answer::Integer(number) => (*number).into(),
        Answer::Bool(yes) => (*yes).into(),
        Answer::List(values) => values.clone().into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(options: &[(&str, &str, &str)]) -> List {
        let item = |&(value, title, hint): &(&str, &str, &str)| Item {
            title: title.to_owned(),
            hint: hint.to_owned(),
            value: value.into(),
        };
        List {
            options: options.iter().map(item).collect(),
            left: (0..options.len()).collect(),
            ..List::yes_or_no(Preferred::Yes)
        }
    }

    fn orms() -> List {
        list(&[
            ("oracle", "SQLOracle", "complex queries"),
            ("sqlite3", "SQLite3", "SQLOracle with models"),
            ("snail", "Snail ORM", "asyncio only"),
            ("none", "None", "no database"),
        ])
    }

    fn type_in(list: &mut List, text: &str) -> Vec<String> {
        for character in text.chars() {
            list.press(&Key::Char(character));
        }
        list.left
            .iter()
            .map(|&option| list.options[option].title.clone())
            .collect()
    }

    fn drawn(list: &List, rows: usize, columns: usize) -> Vec<String> {
        let head = Head {
            title: "ORM".to_owned(),
            bounds: String::new(),
            help: "How the service stores what it keeps.".to_owned(),
            problem: Vec::new(),
            can_go_back: true,
        };
        let frame = list.frame(&head, Size { rows, columns });
        frame.rows.iter().map(|row| row.text().to_owned()).collect()
    }

    #[test]
    fn a_filter_matches_titles_before_hints() {
        assert_eq!(type_in(&mut orms(), "SQLO"), ["SQLOracle", "SQLite3"]);
        assert_eq!(type_in(&mut orms(), "orm"), ["Snail ORM"]);
        assert_eq!(type_in(&mut orms(), "models sql"), ["SQLite3"]);
        assert_eq!(type_in(&mut orms(), "data"), ["None"]);
        assert_eq!(type_in(&mut orms(), "xyz").len(), 0);
    }

    #[test]
    fn enter_needs_something_to_choose() {
        let mut list = orms();
        type_in(&mut list, "xyz");
        assert_eq!(list.press(&Key::Enter), Pressed::Stay);
        assert_eq!(list.press(&Key::ArrowDown), Pressed::Stay);
        for _ in 0..3 {
            list.press(&Key::Backspace);
        }
        assert_eq!(list.press(&Key::Enter), Pressed::Done);
        assert_eq!(list.given(), Given::Data("oracle".into()));
    }

    #[test]
    fn arrows_go_round() {
        let mut list = orms();
        list.press(&Key::ArrowUp);
        assert_eq!(list.shown(), "None");
        list.press(&Key::ArrowDown);
        assert_eq!(list.shown(), "SQLOracle");
        list.press(&Key::PageDown);
        assert_eq!(list.shown(), "None");
    }

    #[test]
    fn space_marks_and_brings_all_options_back() {
        let mut list = List {
            marked: Some(BTreeSet::new()),
            ..orms()
        };
        assert_eq!(list.shown(), "none");
        type_in(&mut list, "snai ");
        assert_eq!((list.left.len(), list.active), (4, 2));
        list.press(&Key::Home);
        type_in(&mut list, " ");
        assert_eq!(list.shown(), "SQLOracle, Snail ORM");
        assert_eq!(
            list.given(),
            Given::Data(serde_json::json!(["oracle", "snail"]))
        );
        type_in(&mut list, " ");
        assert_eq!(list.shown(), "Snail ORM");
    }

    #[test]
    fn a_small_screen_shows_the_active_option() {
        let mut list = orms();
        list.press(&Key::End);
        assert_eq!(
            drawn(&list, 5, 20),
            [
                "? ORM › ",
                "  SQLite3    SQLOr…",
                "  Snail ORM  async…",
                "❯ None       no da…"
            ]
        );
        assert_eq!(drawn(&list, 1, 1).len(), 2);
    }
}
