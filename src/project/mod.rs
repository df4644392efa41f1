//! Projects on disk.
//!
//! It owns how a project comes to lie in a folder, how it changes there, and its snapshot. It never
//! decides what is in a project, and it knows no steps of a template, and of git the index alone.

pub mod change;
pub mod snapshot;
pub mod staging;
pub mod target;

mod disk;
mod journal;
mod read;
mod recovery;
mod workspace;
mod write;

#[cfg(test)]
mod crash_tests;
#[cfg(test)]
#[cfg(unix)]
mod power_tests;

pub use read::{list, merge, read};
pub use recovery::{Recovered, recover, refuse_unfinished};
pub use staging::Staging;
pub use target::Target;
pub use workspace::{Enclosing, enclosing};
pub use write::NewProject;
