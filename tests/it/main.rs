//! All integration tests, in one binary.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod architecture;
mod contract;
mod detect;
mod docs;
mod existing;
mod format;
mod golden;
mod new;
mod options;
mod prompts;
mod relax;
#[cfg(unix)]
mod scenarios;
mod support;
mod tier1;
mod tier2;
