//! The parts of git's configuration that hold in some places only: `includeIf`.
//!
//! The library reads them for a repository that is there; this is for one that isn't there yet.

use std::collections::HashMap;
use std::path::{Component, Path, PathBuf};

use git2::Config;

use crate::file;
use crate::git::settings::MAX_FILE;

/// How many files may be included by each other, as in git.
const DEPTH: usize = 10;

/// Where a repository will be.
pub(super) struct Place {
    /// Git's own folder: as it is written, and without links.
    folders: [String; 2],
    /// The branch that it begins with.
    branch: String,
}

impl Place {
    /// Describes the repository of a project's folder, which need not be there.
    pub(super) fn of(folder: &Path, branch: String) -> Self {
        let there = folder.ancestors().find_map(|above| {
            let real = above.canonicalize().ok()?;
            Some(real.join(folder.strip_prefix(above).ok()?))
        });
        let real = there.unwrap_or_else(|| folder.to_owned());
        let text = |folder: &Path| slashed(&folder.join(".git"));
        Place {
            folders: [text(folder), text(&real)],
            branch,
        }
    }
}

/// What was found.
#[derive(Default)]
pub(super) struct Found {
    /// The values that come from a file that holds here only, and that nothing later replaces.
    pub(super) values: HashMap<String, String>,
    /// These files.
    pub(super) files: Vec<PathBuf>,
}

/// Reads files, the later of which win, with what they include in this place.
pub(super) fn read(files: &[PathBuf], place: &Place) -> Found {
    let mut reader = Reader {
        place,
        found: Found::default(),
    };
    for file in files {
        reader.read(file, 0, false);
    }
    reader.found
}

struct Reader<'p> {
    place: &'p Place,
    found: Found,
}

impl Reader<'_> {
    /// Reads a file from the top to the bottom; one that isn't there says nothing.
    fn read(&mut self, file: &Path, depth: usize, is_conditional: bool) {
        // One that ends, and can be read.
        let is_readable = depth < DEPTH && file::own_text(file, MAX_FILE).is_ok();
        let Some(config) = is_readable.then(|| Config::open(file).ok()).flatten() else {
            return;
        };
        let Ok(mut entries) = config.entries(None) else {
            return;
        };
        // The library follows the plain includes: each entry says how deep it was found.
        let mut folders = vec![folder_of(file)];
        while let Some(Ok(entry)) = entries.next() {
            let Ok(name) = entry.name() else {
                continue;
            };
            // One without a value is on.
            let value = if entry.has_value() {
                entry.value()
            } else {
                Ok("true")
            };
            let Ok(value) = value else {
                continue;
            };
            let level = usize::try_from(entry.include_depth()).unwrap_or(DEPTH);
            folders.truncate(level + 1);
            let folder = folders.last().cloned().unwrap_or_default();
            if name == "include.path" {
                folders.push(folder_of(&resolve(value, &folder)));
            } else if let Some(condition) = condition(name) {
                if self.place.is_meant(condition, &folder) {
                    let included = resolve(value, &folder);
                    self.read(&included, depth + 1, true);
                    self.found.files.push(included);
                }
            } else if is_conditional {
                self.found.values.insert(name.to_owned(), value.to_owned());
            } else {
                self.found.values.remove(name);
            }
        }
    }
}

impl Place {
    /// Tells whether a condition is about this place.
    fn is_meant(&self, condition: &str, folder: &Path) -> bool {
        if let Some(pattern) = condition.strip_prefix("gitdir:") {
            let pattern = folder_pattern(pattern, folder);
            return self
                .folders
                .iter()
                .any(|folder| fast_glob::glob_match(&pattern, folder));
        }
        if let Some(pattern) = condition.strip_prefix("gitdir/i:") {
            let pattern = folder_pattern(pattern, folder).to_lowercase();
            let mut folders = self.folders.iter();
            return folders.any(|folder| fast_glob::glob_match(&pattern, folder.to_lowercase()));
        }
        // A new repository has no other one to know.
        condition
            .strip_prefix("onbranch:")
            .is_some_and(|pattern| fast_glob::glob_match(all_below(&plain(pattern)), &self.branch))
    }
}

/// Takes the condition out of a key.
fn condition(key: &str) -> Option<&str> {
    key.strip_prefix("includeif.")?.strip_suffix(".path")
}

/// Gives the pattern for git's own folder that a condition means.
fn folder_pattern(pattern: &str, folder: &Path) -> String {
    let home = || std::env::home_dir().map(|home| home.canonicalize().unwrap_or(home));
    let beginning = |folder: &Path, rest: &str| {
        let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
        format!("{}/{}", literal(&slashed(&folder)), plain(rest))
    };
    let pattern = if let Some(rest) = pattern.strip_prefix("~/") {
        home().map_or_else(String::new, |home| beginning(&home, rest))
    } else if let Some(rest) = pattern.strip_prefix("./") {
        beginning(folder, rest)
    } else if Path::new(pattern).is_absolute() {
        plain(pattern)
    } else {
        format!("**/{}", plain(pattern))
    };
    all_below(&pattern)
}

/// Lets a pattern that ends like a folder mean all in it.
fn all_below(pattern: &str) -> String {
    let all = if pattern.ends_with('/') { "**" } else { "" };
    format!("{pattern}{all}")
}

/// Writes a pattern of git's for a matcher that knows more: git has no braces and no negation.
fn plain(pattern: &str) -> String {
    let text = pattern.replace('{', "\\{").replace('}', "\\}");
    match text.strip_prefix('!') {
        Some(rest) => format!("\\!{rest}"),
        None => text,
    }
}

/// Writes a text as a pattern that is only itself.
fn literal(text: &str) -> String {
    let mut pattern = String::new();
    for letter in text.chars() {
        if "*?[]{}!\\".contains(letter) {
            pattern.push('\\');
        }
        pattern.push(letter);
    }
    pattern
}

/// Finds the file that an include is about.
fn resolve(path: &str, folder: &Path) -> PathBuf {
    match (path.strip_prefix("~/"), std::env::home_dir()) {
        (Some(rest), Some(home)) => home.join(rest),
        _ => folder.join(path),
    }
}

fn folder_of(file: &Path) -> PathBuf {
    file.parent().unwrap_or(Path::new("")).to_owned()
}

/// Writes a path with `/` between names.
fn slashed(path: &Path) -> String {
    let text = path.to_string_lossy().into_owned();
    if path
        .components()
        .any(|part| matches!(part, Component::Prefix(_)))
    {
        return text.replace('\\', "/");
    }
    text
}
