//! What changed between two texts, for people.

use std::path::PathBuf;

use git2::{DiffOptions, Patch};

use crate::error::{Error, Result};
use crate::formats::is_text;

/// Writes the difference between two files as a unified diff; empty where there is none.
pub fn patch<'a>(
    old: Option<(&'a str, &'a [u8])>,
    new: Option<(&'a str, &'a [u8])>,
) -> Result<String> {
    let failed =
        |error: git2::Error| Error::failed(format!("can't compare two files: {}", error.message()));
    let path = |one: Option<(&str, &[u8])>, other: Option<(&str, &[u8])>| {
        one.or(other).map(|(path, _)| PathBuf::from(path))
    };
    let bytes = |side: Option<(&'a str, &'a [u8])>| side.map_or(&[] as &[u8], |(_, bytes)| bytes);
    let mut options = DiffOptions::new();
    if is_text(bytes(old)) && is_text(bytes(new)) {
        options.force_text(true);
    } else {
        options.force_binary(true);
    }
    let mut patch = Patch::from_buffers(
        bytes(old),
        path(old, new).as_deref(),
        bytes(new),
        path(new, old).as_deref(),
        Some(&mut options),
    )
    .map_err(failed)?;
    let text = patch.to_buf().map_err(failed)?;
    Ok(String::from_utf8_lossy(&text).into_owned())
}
