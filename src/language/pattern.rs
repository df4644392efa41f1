//! The patterns of templates, compiled within bounds.

use regex_lite::{Error, Regex, RegexBuilder};

/// The memory that a compiled pattern may take, in bytes. How long it looks at a text grows with
/// it; our longest pattern takes some thousand.
const MAX_SIZE: usize = 256 * 1024;

/// Compiles a pattern of a template.
pub fn pattern(source: &str) -> Result<Regex, Error> {
    RegexBuilder::new(source).size_limit(MAX_SIZE).build()
}
