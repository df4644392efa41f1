//! TOML, key by key, with the comments and the order that people gave it.

mod array;
mod compose;
mod document;
mod faithful;
mod key_path;
mod keys;
mod lacking;
mod merge;
mod place;
mod read;
mod requirement_list;
mod tree;
mod value;
mod without;

#[cfg(test)]
mod tests;

use compose::Misfit;
pub(super) use keys::keys;
pub(super) use lacking::{lacking, packages};
pub(super) use without::{names, without};

use super::error::{Fault, FormatError, Side};
use super::merge::{Merged, Versions};

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

/// Merges two changes of a document, whose lines end as on Unix.
///
/// The result looks like the user's: what is new stands by its neighbours, and comments that only
/// the template changed are taken with what they are about.
pub(super) fn merge(texts: &Versions<&str>) -> Result<Merged, FormatError> {
    let base = read::read(texts.base).map_err(|fault| fault.on(Side::Base))?;
    let yours = read::read(texts.yours).map_err(|fault| fault.on(Side::Yours))?;
    let mut desired = read::read(texts.desired).map_err(|fault| fault.on(Side::Desired))?;
    desired.forget_ranges();
    let documents = Versions {
        base: &base,
        yours: &yours,
        desired: &desired,
    };
    let merged = merge::merge(&documents);
    let print = |document: &_| faithful::print(document, texts.yours);
    Ok(Merged::of(merged.each_ref().map(print)))
}

/// Tells why a text isn't TOML.
pub(super) fn check(text: &str) -> Result<(), Fault> {
    read::read(text).map(|_| ())
}

impl From<toml_edit::TomlError> for Fault {
    fn from(error: toml_edit::TomlError) -> Self {
        Fault {
            message: error.message().to_owned(),
            range: error.span(),
        }
    }
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
