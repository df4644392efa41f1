//! The folder of a project, before anything is decided about it.

use std::path::Path;

use crate::error::Result;
use crate::project::change::{self, Found, RecoveredChange};
use crate::tree::{Node, ProjectPath};
use crate::ui::Ui;

/// Says what became of what a killed run left in a project.
pub fn tell_recovered(ui: Ui, recovered: &RecoveredChange) {
    let title = &recovered.title;
    ui.warn(&match recovered.ending {
        change::Ending::Finished => {
            format!("an earlier run of '{title}' was killed; it is finished now")
        }
        change::Ending::TakenBack => {
            format!("an earlier run of '{title}' was killed; it is taken back now")
        }
    });
    for left in &recovered.left {
        let path = &left.path;
        ui.warn(&match &left.beside {
            Some(beside) => {
                format!("{path} was edited since then and stays; {beside} is what it was to become")
            }
            None => {
                format!("{path} was edited since then and stays, although it was to be deleted")
            }
        });
    }
}

/// Reads the file or the link at a path; nothing where there is none.
pub fn node_at(root: &Path, path: &ProjectPath) -> Result<Option<Node>> {
    Ok(match change::look(root, path)? {
        Found::Node(node) => Some(node),
        Found::Nothing | Found::Folder | Found::Other | Found::BehindLink => None,
    })
}
