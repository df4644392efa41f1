//! How far one path of a project is.

use std::path::Path;

use crate::error::Result;
use crate::project::change::folder::Direction;
use crate::project::change::journal::{Side, Step};
use crate::project::change::look::{Found, is_blocked, is_hollow, look};

/// How far a path is on its way from one side to the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Position {
    /// It hasn't changed yet.
    Before,
    /// It has.
    There,
    /// It is neither of both: somebody edited it.
    Edited,
}

/// Finds out how far a path is in a direction.
pub(super) fn position(root: &Path, step: &Step, direction: Direction) -> Result<Position> {
    let (from, to) = match direction {
        Direction::Forward => (&step.before, &step.after),
        Direction::Back => (&step.after, &step.before),
    };
    let is = |side: &Option<Side>, node| side.as_ref().is_some_and(|side| side.describes(node));
    Ok(match look(root, &step.path)? {
        // Where no file is to be, a folder with other files may be.
        Found::Nothing | Found::Folder if to.is_none() => Position::There,
        Found::Node(node) if is(to, &node) => Position::There,
        Found::Node(node) if is(from, &node) => Position::Before,
        Found::Nothing if from.is_none() && !is_blocked(root, &step.path)? => Position::Before,
        Found::Folder if from.is_none() && is_hollow(&root.join(step.path.as_str()))? => {
            Position::Before
        }
        _ => Position::Edited,
    })
}
