//! How the files that the template made stand.

use crate::merge::{self, Yours};
use crate::state::State;
use crate::tree::{Entry, Node, ProjectPath};

/// How a file of the template stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It is as the template made it.
    Pristine,
    /// The user changed it.
    Edited,
    /// The user deleted it.
    Deleted,
    /// The user's own was there first, and stays.
    Yours,
    /// It has the markers of a conflict.
    Conflict,
}

impl Standing {
    /// Gives the word that people and programs read.
    pub fn name(self) -> &'static str {
        match self {
            Standing::Pristine => "pristine",
            Standing::Edited => "edited",
            Standing::Deleted => "deleted",
            Standing::Yours => "yours",
            Standing::Conflict => "conflict",
        }
    }

    fn of(path: &ProjectPath, entry: &Entry, (state, yours): (&State, &Yours)) -> Self {
        match yours.get(path) {
            None => Standing::Deleted,
            Some(Node::File(own)) if merge::is_same(own, entry) => Standing::Pristine,
            Some(_) if state.kept.contains_key(path.as_str()) => Standing::Yours,
            Some(Node::File(own)) if merge::has_markers(&own.bytes) => Standing::Conflict,
            Some(_) => Standing::Edited,
        }
    }
}

/// Gives how each file stands that the project remembers.
pub fn standings<'a>(
    state: &'a State,
    yours: &'a Yours,
) -> impl Iterator<Item = (&'a ProjectPath, Standing)> {
    let files = state.snapshot.iter();
    files.map(|(path, entry)| (path, Standing::of(path, entry, (state, yours))))
}

/// Gives the files of the template that lie beside the user's, for a conflict that is open.
pub fn beside(yours: &Yours) -> impl Iterator<Item = &str> {
    let names = yours.names.iter().map(String::as_str);
    names.filter(|name| merge::laid_beside(name).is_some())
}
