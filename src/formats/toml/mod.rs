//! TOML, key by key, with the comments and the order that people gave it.

mod array;
mod compose;
mod document;
mod key_path;
mod place;
mod read;
mod requirement_list;
mod value;

#[cfg(test)]
mod tests;

use compose::Misfit;

use super::error::{Fault, FormatError, Side};

/// Lays a document over another one.
///
/// Tables are composed recursively, whether they are written with headers, dotted keys or inline.
/// New keys come behind those of their table, new tables behind their relatives. Of two scalars
/// the upper one wins; arrays get what they lack, lists of requirements are united by package.
pub(super) fn compose(below: &str, above: &str) -> Result<String, FormatError> {
    let mut document = read::read(below).map_err(|fault| fault.on(Side::Below))?;
    let upper = read::read(above).map_err(|fault| fault.on(Side::Above))?;
    compose::compose(&mut document, upper).map_err(FormatError::from)?;
    let composed = document.to_string();
    // Two valid texts can still define one table twice, in ways that TOML forbids.
    check(&composed).map_err(|fault| FormatError {
        message: format!("the composed document isn't valid: {}", fault.message),
        range: None,
        side: Side::Above,
    })?;
    Ok(composed)
}

/// Tells why a text isn't TOML.
pub(super) fn check(text: &str) -> Result<(), Fault> {
    read::read(text).map(|_| ())
}

impl From<Misfit> for FormatError {
    fn from(misfit: Misfit) -> Self {
        let conflict = misfit.conflict;
        FormatError {
            message: format!(
                "key '{}' is {} below and {} above",
                conflict.path, conflict.below, conflict.above
            ),
            range: misfit.range,
            side: Side::Above,
        }
    }
}
