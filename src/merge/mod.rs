//! What becomes of a project: base × yours × desired → changes.
//!
//! It owns the decision for every path: what is written, kept, deleted, or left to the user as a
//! conflict. It is pure: it never reads or writes the disk.

mod content;
mod decide;
mod frame;
mod kept;
mod plan;
mod renames;
mod yours;

#[cfg(test)]
mod tests;

pub use content::{Content, Labels, gain, has_markers, is_same, merge_content};
pub use kept::{Kept, KeptFile, beside_kept};
pub use plan::{Change, Plan, Stages, Verb};
pub use yours::{Blocked, Yours};

use serde::Deserialize;

use crate::error::Result;
use crate::tree::{MAX_NAME, ProjectPath, Tree};

/// What a file is called that can't go to its own place.
const BESIDE: &str = ".pyscaffold-new";

/// The three sides of a merge.
#[derive(Debug, Clone, Copy)]
pub struct Sides<'a> {
    /// The project as the template made it the last time, but for the files that stayed the user's.
    pub base: &'a Tree,
    /// The files that stayed the user's, although the template had one there.
    pub kept: &'a Kept,
    /// What the folder holds.
    pub yours: &'a Yours,
    /// The project as the template makes it now.
    pub desired: &'a Tree,
    /// What the sides are called in conflicts.
    pub labels: &'a Labels,
    /// What becomes of files that both have and the base has not.
    pub both: Both,
    /// What becomes of the user's own files in a folder that moved.
    pub own: Own,
}

/// What becomes of a file that both sides have made, without a common base.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Both {
    /// They are merged, with markers where that can't be.
    Markers,
    /// The user's gains what it lacks where the format tells what that is; else the template's lies
    /// beside it.
    #[default]
    Beside,
    /// The user's gains what it lacks where the format tells what that is, and stays.
    Keep,
}

impl Both {
    /// All of them, the one that is meant when nobody says first.
    pub const ALL: [Both; 3] = [Both::Beside, Both::Markers, Both::Keep];

    /// Gives the word that is typed and stored.
    pub fn name(self) -> &'static str {
        match self {
            Both::Markers => "markers",
            Both::Beside => "beside",
            Both::Keep => "keep",
        }
    }
}

/// What becomes of the user's own files in a folder that the template moved as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Own {
    /// They move along.
    #[default]
    Follow,
    /// They stay where they are.
    Stay,
}

/// Decides what becomes of every path.
pub fn merge(sides: Sides) -> Result<Plan> {
    let renames = renames::find(sides);
    let mut plan = decide::decide(sides, &renames)?;
    plan.sort();
    Ok(plan)
}

/// Gives a path beside one that can't be used, which nothing has yet.
fn beside(path: &ProjectPath, blocked: &ProjectPath, yours: &Yours) -> Result<ProjectPath> {
    let rest = path
        .as_str()
        .strip_prefix(blocked.as_str())
        .unwrap_or_default();
    let free = names_beside(blocked).find(|name| !yours.has(name));
    ProjectPath::parse(&(free.unwrap_or_default() + rest))
}

/// Gives the path that a file was laid beside, as its own name tells.
pub fn laid_beside(path: &str) -> Option<&str> {
    path.split_once(BESIDE).map(|(place, _)| place)
}

/// Gives the paths that are tried, one after the other, for what can't go to its own.
pub fn names_beside(path: &ProjectPath) -> impl Iterator<Item = String> {
    (1_usize..).map(move |number| {
        let mark = match number {
            1 => BESIDE.to_owned(),
            more => format!("{BESIDE}{more}"),
        };
        // A name that is nearly as long as names can be is cut.
        let name = path.file_name();
        let longest = name.len().min(MAX_NAME.saturating_sub(mark.len()));
        let mut ends = (0..=longest).rev();
        let end = ends.find(|end| name.is_char_boundary(*end)).unwrap_or(0);
        let rest = name.len() - end;
        let path = path.as_str();
        format!("{}{mark}", &path[..path.len() - rest])
    })
}
