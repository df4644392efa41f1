//! Whose templates may run commands: the list that the user keeps, and what it covers.
//!
//! It owns the format of the list and what a source is called in it. Everything but [`file`] takes
//! and gives values; nothing here runs, asks or prints.

pub mod file;
mod list;
mod origin;

pub use list::{Entry, Grant, List, Verdict};
pub use origin::Origin;
