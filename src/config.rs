//! The user's own configuration, and where the program keeps what it may lose.
//!
//! It owns the file's place and the aliases of templates. The answers in it are read with all others.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;
use serde_json::Value as Json;

use crate::error::{Error, Result};
use crate::file;

/// The largest configuration that is read, in bytes.
pub const MAX_BYTES: u64 = 4 * 1024 * 1024;

/// The table that says how templates are called.
pub const TEMPLATES: &str = "templates";

/// Gives the file of the user's configuration; it need not be there.
pub fn file() -> Option<PathBuf> {
    let folders = etcetera::choose_base_strategy().ok()?;
    Some(folders.config_dir().join("pyscaffold/config.toml"))
}

/// Gives the folder for what can be fetched again; it need not be there.
pub fn cache() -> Option<PathBuf> {
    let folders = etcetera::choose_base_strategy().ok()?;
    Some(folders.cache_dir().join("pyscaffold"))
}

/// Finds what a template is called by in the user's configuration.
pub fn alias(name: &str) -> Result<Option<String>> {
    if !is_name(name) {
        return Ok(None);
    }
    let Some(path) = file().filter(|path| path.exists()) else {
        return Ok(None);
    };
    Ok(aliases(&path)?.remove(name))
}

/// Reads all aliases of a file.
fn aliases(path: &Path) -> Result<BTreeMap<String, String>> {
    let shown = path.display();
    let text =
        file::own_text(path, MAX_BYTES).map_err(|error| Error::request(error.to_string()))?;
    let config: BTreeMap<String, Json> = toml_edit::de::from_str(&text).map_err(|error| {
        let error = error.to_string();
        Error::request(format!("{shown}: {}", error.trim()))
    })?;
    let Some(table) = config.get(TEMPLATES) else {
        return Ok(BTreeMap::new());
    };
    let wrong = |message: String| {
        Error::request(format!("{shown}: {message}"))
            .hint("write [templates] and below it NAME = \"SOURCE\"")
    };
    let Json::Object(table) = table else {
        return Err(wrong(format!("'{TEMPLATES}' must be a table")));
    };
    let mut aliases = BTreeMap::new();
    for (name, source) in table {
        let Json::String(source) = source else {
            return Err(wrong(format!("the template '{name}' must be a text")));
        };
        if !is_name(name) {
            let message = format!(
                "'{name}' can't be a template's name: it must not be 'builtin' or hold '/', ':', '\\' or a space"
            );
            return Err(wrong(message));
        }
        aliases.insert(name.clone(), source.clone());
    }
    Ok(aliases)
}

/// Tells whether a text can name a template and nothing else.
fn is_name(text: &str) -> bool {
    let is_letter = |letter: char| !letter.is_whitespace() && !"/:\\#@".contains(letter);
    !text.is_empty()
        && text != "builtin"
        && !text.starts_with(['.', '-'])
        && text.chars().all(is_letter)
}
