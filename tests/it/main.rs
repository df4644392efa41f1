//! All integration tests, in one binary.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

#[cfg(unix)]
mod adopted;
mod adoption;
mod architecture;
mod bounds;
mod branches;
#[cfg(unix)]
mod children;
mod contract;
mod detect;
mod docs;
mod examples;
mod existing;
mod explain;
mod extends;
mod format;
#[cfg(unix)]
mod git_states;
mod golden;
mod guide;
// They need a file system that takes every name, and a shell that limits memory.
#[cfg(target_os = "linux")]
mod hostile;
mod in_the_way;
mod kept;
mod mistakes;
mod new;
mod options;
mod output;
mod phases;
mod prompts;
mod questions;
mod races;
mod reference;
mod relax;
#[cfg(unix)]
mod scenarios;
mod schema;
mod show;
mod signs;
#[cfg(unix)]
mod sources;
#[cfg(target_os = "linux")]
mod special_files;
mod starter;
#[cfg(target_os = "linux")]
mod stopping;
mod support;
mod template_check;
mod tier1;
mod tier2;
#[cfg(unix)]
mod trust;
#[cfg(unix)]
mod undo;
#[cfg(unix)]
mod unoffered;
#[cfg(unix)]
mod visible;
