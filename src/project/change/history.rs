//! Which changes can be taken back, and which can be done again, told by the names of their folders.
//!
//! Every change gets a number that is higher than those before it. One that takes another one back
//! names it, so that no file says what is true beside the folders themselves: a change is moved to
//! its place in one step, and with that the one that it takes back is gone.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::error::Error;

/// Which way the history is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Way {
    /// What was done is taken back.
    Undo,
    /// What was taken back is done again.
    Redo,
}

impl Way {
    /// Gives what stands between the numbers in the name of a folder.
    fn word(self) -> &'static str {
        match self {
            Way::Undo => "-undoes-",
            Way::Redo => "-redoes-",
        }
    }
}

/// The name of a change: its number, and the one that it takes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(super) struct Name {
    number: u32,
    back: Option<(Way, u32)>,
}

impl Name {
    /// Reads the name of a folder.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let split = |way: Way| Some((text.split_once(way.word())?, way));
        let parts = [Way::Undo, Way::Redo].into_iter().find_map(split);
        let name = match parts {
            Some(((number, other), way)) => Name {
                number: number.parse().ok()?,
                back: Some((way, other.parse().ok()?)),
            },
            None => Name {
                number: text.parse().ok()?,
                back: None,
            },
        };
        // A number can be written in more than one way.
        (name.to_string() == text).then_some(name)
    }
}

impl fmt::Display for Name {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.number)?;
        match self.back {
            Some((way, other)) => write!(formatter, "{}{other}", way.word()),
            None => Ok(()),
        }
    }
}

impl TryFrom<String> for Name {
    type Error = Error;

    fn try_from(text: String) -> Result<Self, Error> {
        let wrong = || Error::failed(format!("'{text}' is not the name of a change"));
        Name::parse(&text).ok_or_else(wrong)
    }
}

impl From<Name> for String {
    fn from(name: Name) -> Self {
        name.to_string()
    }
}

/// The changes that were done and those that were taken back, the newest last.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct History {
    done: Vec<Name>,
    undone: Vec<Name>,
    /// What counts for nothing any more.
    gone: Vec<Name>,
    highest: u32,
}

impl History {
    /// Goes through changes in the order in which they were made; broken ones count for nothing.
    pub(super) fn of(mut names: Vec<Name>, broken: Vec<Name>) -> Self {
        names.sort_unstable();
        let highest = broken.iter().map(|name| name.number).max();
        let mut history = History {
            gone: broken,
            highest: highest.unwrap_or_default(),
            ..History::default()
        };
        for name in names {
            history.add(name);
        }
        history
    }

    fn add(&mut self, name: Name) {
        self.highest = self.highest.max(name.number);
        let History {
            done, undone, gone, ..
        } = self;
        let (from, to) = match name.back {
            // Something new ends what could be done again.
            None => {
                gone.append(undone);
                done.push(name);
                return;
            }
            Some((Way::Undo, _)) => (done, undone),
            Some((Way::Redo, _)) => (undone, done),
        };
        let taken = |one: &mut Name| name.back.is_some_and(|(_, other)| one.number == other);
        gone.extend(from.extract_if(.., taken));
        to.push(name);
    }

    /// Names the change that comes next.
    pub(super) fn next(&self, way: Option<Way>) -> Name {
        let other = way.and_then(|way| Some((way, self.last(way)?.number)));
        Name {
            number: self.highest.saturating_add(1),
            back: other,
        }
    }

    /// Gives the changes that can be gone back on, the newest last.
    pub(super) fn line(&self, way: Way) -> &[Name] {
        match way {
            Way::Undo => &self.done,
            Way::Redo => &self.undone,
        }
    }

    /// Gives the change that is the next to be taken back.
    pub(super) fn last(&self, way: Way) -> Option<Name> {
        self.line(way).last().copied()
    }

    /// Gives all changes that count, the newest last.
    pub(super) fn all(&self) -> Vec<Name> {
        let mut all = [&*self.done, &self.undone].concat();
        all.sort_unstable();
        all
    }

    /// Gives the changes that count for nothing any more.
    pub(super) fn gone(&self) -> &[Name] {
        &self.gone
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn history(names: &str) -> History {
        let names = names.split_whitespace();
        History::of(
            names.map(|name| Name::parse(name).unwrap()).collect(),
            Vec::new(),
        )
    }

    fn shown(names: &[Name]) -> String {
        let names: Vec<String> = names.iter().map(Name::to_string).collect();
        names.join(" ")
    }

    #[test]
    fn names_tell_what_can_be_taken_back_and_done_again() {
        for (names, done, undone, gone) in [
            ("", "", "", ""),
            ("1 2 10", "1 2 10", "", ""),
            ("1 2 3-undoes-2", "1", "3-undoes-2", "2"),
            // What is gone needn't be there.
            ("1 3-undoes-2", "1", "3-undoes-2", ""),
            ("1 3-undoes-2 4-undoes-1", "", "3-undoes-2 4-undoes-1", "1"),
            (
                "3-undoes-2 4-undoes-1 5-redoes-4",
                "5-redoes-4",
                "3-undoes-2",
                "4-undoes-1",
            ),
            ("1 3-undoes-2 4", "1 4", "", "3-undoes-2"),
        ] {
            let history = history(names);
            assert_eq!(shown(history.line(Way::Undo)), done, "{names}");
            assert_eq!(shown(history.line(Way::Redo)), undone, "{names}");
            assert_eq!(shown(history.gone()), gone, "{names}");
        }
    }

    #[test]
    fn the_next_name_is_higher_than_all_and_says_what_it_takes_back() {
        let history = history("1 3-undoes-2 9");
        assert_eq!(history.next(None).to_string(), "10");
        assert_eq!(history.next(Some(Way::Undo)).to_string(), "10-undoes-9");
        assert_eq!(history.next(Some(Way::Redo)).to_string(), "10");
    }

    #[test]
    fn what_no_change_is_called_is_no_name() {
        for text in [
            "",
            "x",
            "01",
            "+1",
            "-1",
            "1-undoes-",
            "1-undoes-02",
            "1-undoes-2-redoes-3",
            "../1",
            "99999999999",
        ] {
            assert_eq!(Name::parse(text), None, "{text}");
        }
    }
}
