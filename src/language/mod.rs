//! The template language: one strict dialect for files, paths, defaults and conditions.
//!
//! It owns the syntax settings, the limits and the filters. It knows no file and no layer.

mod expression;
mod filters;
mod guard;
mod pattern;
mod pieces;
mod scan;
mod size;
mod slices;
mod uses;

use std::error::Error as _;

use minijinja::{AutoEscape, Environment, Error, ErrorKind, UndefinedBehavior, Value};
use minijinja::{Output, State, syntax::SyntaxConfig};

pub use expression::Expression;
pub use pattern::pattern;
pub use pieces::{Piece, PieceKind, pieces};
pub use scan::{BELOW, Block, Scan};
pub use size::{Refusal, check_template};
pub use uses::{Uses, copied_tags, dollar_tags, macros};

/// Instructions that one file may take to render; a template of a thousand lines takes about ten
/// thousand.
pub const MAX_STEPS: u64 = 2_000_000;

/// Instructions that a condition, a path or a default may take; the longest of ours takes a hundred.
const MAX_STEPS_IN_BETWEEN: u64 = 10_000;

/// How deep includes, macros and blocks may be nested.
const MAX_DEPTH: usize = 64;

/// Makes an environment with the language's settings and filters, and no templates.
pub fn environment<'source>() -> Environment<'source> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| AutoEscape::None);
    environment.set_fuel(Some(MAX_STEPS));
    environment.set_recursion_limit(MAX_DEPTH);
    environment.set_debug(true);
    environment.set_syntax(syntax());
    environment.set_formatter(write_value);
    environment.remove_global("debug");
    guard::register(&mut environment);
    filters::register(&mut environment);
    environment
}

/// Makes an environment for what is evaluated often and is never long: conditions, paths, defaults.
pub fn short_environment<'source>() -> Environment<'source> {
    let mut environment = environment();
    environment.set_fuel(Some(MAX_STEPS_IN_BETWEEN));
    environment
}

/// Gives the settings of the syntax: a line that holds only a tag leaves nothing behind.
fn syntax() -> SyntaxConfig {
    let mut builder = SyntaxConfig::builder();
    builder
        .trim_blocks(true)
        .lstrip_blocks(true)
        .keep_trailing_newline(true);
    builder.build().unwrap_or_default()
}

/// Writes a value, and refuses the answer of a question that wasn't asked.
fn write_value(out: &mut Output, state: &mut State, value: &Value) -> Result<(), Error> {
    if value.is_none() {
        return Err(Error::new(
            ErrorKind::InvalidOperation,
            "this is none: the question was not asked, so there is nothing to write",
        ));
    }
    guard::look_at_sizes(std::slice::from_ref(value))?;
    minijinja::escape_formatter(out, state, value)
}

/// Says what is wrong in a template, without the place and without the source.
pub fn message(error: &Error) -> String {
    let kind = error.kind().to_string();
    match (error.kind(), error.source(), error.detail()) {
        (ErrorKind::WriteFailure, Some(reason), _) => reason.to_string(),
        (_, _, Some(detail)) => format!("{kind}: {detail}"),
        (_, _, None) => kind,
    }
}
