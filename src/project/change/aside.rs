//! Contents that can't go to their place, because the user edited what is there.

use std::path::Path;

use crate::error::Result;
use crate::project::change::folder::{ChangeFolder, Direction, Shelf, create_folders};
use crate::project::change::journal::{Side, Step};
use crate::project::change::look::{Found, is_blocked, look};
use crate::project::disk;
use crate::tree::ProjectPath;

/// How many names are tried; each that is taken holds something else.
const ATTEMPTS: usize = 100;

/// Puts a content beside its place under a name that is free, and gives its path.
///
/// There is none when nothing was to be there, or when there is no folder to put it in.
pub(super) fn set_aside(
    root: &Path,
    folder: &ChangeFolder,
    step: &Step,
    direction: Direction,
) -> Result<Option<ProjectPath>> {
    let (side, shelf, mark) = match direction {
        Direction::Forward => (&step.after, Shelf::New, ".pyscaffold-new"),
        Direction::Back => (&step.before, Shelf::Before, ".pyscaffold-old"),
    };
    let Some(side) = side else {
        return Ok(None);
    };
    let Some((path, is_there)) = free_name(root, step, mark, side)? else {
        return Ok(None);
    };
    if !is_there {
        if shelf == Shelf::New {
            folder.restage(root, step, side)?;
        }
        create_folders(root, &path)?;
        disk::rename(&folder.place(shelf, step), &root.join(path.as_str()))?;
    }
    Ok(Some(path))
}

/// Finds a name that nothing has, or one that has the content already.
fn free_name(
    root: &Path,
    step: &Step,
    mark: &str,
    side: &Side,
) -> Result<Option<(ProjectPath, bool)>> {
    for number in 1..=ATTEMPTS {
        let more = if number == 1 {
            String::new()
        } else {
            format!("-{number}")
        };
        let Ok(path) = ProjectPath::parse(&format!("{}{mark}{more}", step.path)) else {
            return Ok(None);
        };
        match look(root, &path)? {
            Found::Nothing if is_blocked(root, &path)? => return Ok(None),
            Found::Nothing => return Ok(Some((path, false))),
            Found::Node(node) if side.has_content_of(&Side::of(&node)) => {
                return Ok(Some((path, true)));
            }
            Found::BehindLink => return Ok(None),
            Found::Node(_) | Found::Folder | Found::Other => {}
        }
    }
    Ok(None)
}
