//! All integration tests, in one binary.

mod architecture;
mod format;
mod new;
mod options;
mod support;
mod tier1;
mod tier2;
