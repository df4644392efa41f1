//! Workspaces: folders whose settings take the projects inside of them for a part of one.

use super::manifest::Table;

/// How a tool tells that a project belongs to one that lies around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workspace {
    /// The TOML file of the outer folder.
    pub file: String,
    /// The key in it that lists the members, as globs of folders below that folder.
    pub members: String,
    /// The key that lists the folders which are no members all the same.
    pub exclude: Option<String>,
    /// What it means for a project to be a member.
    pub because: String,
}

/// Reads how a workspace is told.
pub(super) fn read(table: &Table) -> Option<Workspace> {
    let file = table.required_text("file");
    let members = table.required_text("members");
    let because = table.required_text("because");
    let exclude = table.text("exclude");
    table.refuse_unknown_keys();
    Some(Workspace {
        file: file?.value,
        members: members?.value,
        exclude,
        because: because?.value,
    })
}
