//! A project in memory: paths, bytes and the executable bit.
//!
//! It owns what a path inside a project may look like. It never touches the disk.

use std::borrow::{Borrow, Cow};
use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use crate::error::{Error, Result};

/// The longest path inside a project, in bytes.
pub const MAX_PATH: usize = 1024;

/// The longest single name in a path, in bytes; what most file systems hold.
pub const MAX_NAME: usize = 255;

/// The folder of a project's own state, which no template writes into.
const STATE: &str = ".pyscaffold";

/// What the name of a project that is still being made has in it; a leftover of one is removed.
const STAGING: &str = ".pyscaffold-";

/// Names that Windows keeps for devices, with any suffix and in any case.
const RESERVED: [&str; 24] = [
    "conin$", "conout$", "aux", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8",
    "com9", "con", "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9", "nul",
    "prn",
];

/// A path that can only lie inside a project.
///
/// Relative, with `/` between names, and without everything that leads outside or that a file
/// system may read as another path: `..`, `.git`, drives, control characters, device names,
/// names that end in a dot or a space.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ProjectPath(String);

impl ProjectPath {
    /// Reads a path and refuses it, with the reason, when it could leave the project.
    pub fn parse(text: &str) -> Result<Self> {
        let refuse = |reason: String| {
            let shown = text.escape_debug();
            Err(Error::failed(format!("path '{shown}' {reason}")))
        };
        if text.len() > MAX_PATH {
            return refuse(format!("is longer than {MAX_PATH} bytes"));
        }
        for name in text.split('/') {
            if let Some(reason) = refusal(name) {
                return refuse(reason);
            }
        }
        Ok(ProjectPath(text.to_owned()))
    }

    /// Gives the path as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Gives the last name of the path.
    pub fn file_name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or(&self.0)
    }

    /// Gives the same text for all paths that some file system takes for one.
    pub fn folded(&self) -> String {
        fold(&self.0)
    }

    /// Reads a path that a template may name: one that isn't the project's own state.
    pub fn parse_foreign(text: &str) -> Result<Self> {
        let path = Self::parse(text)?;
        if path.is_state() {
            let shown = text.escape_debug();
            return Err(Error::failed(format!(
                "path '{shown}' leads into the project's own state, '{STATE}'"
            )));
        }
        Ok(path)
    }

    /// Tells whether the path is the project's own state, or would be taken for it.
    pub fn is_state(&self) -> bool {
        let folded = self.folded();
        let top = folded.split('/').next().unwrap_or_default();
        top == STATE || (top.starts_with('.') && top.contains(STAGING))
    }

    /// Gives every folder above the path, the outermost first.
    pub fn folders(&self) -> impl Iterator<Item = &str> {
        self.0.match_indices('/').map(|(end, _)| &self.0[..end])
    }
}

impl fmt::Display for ProjectPath {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl TryFrom<String> for ProjectPath {
    type Error = Error;

    fn try_from(text: String) -> Result<Self> {
        ProjectPath::parse(&text)
    }
}

impl From<ProjectPath> for String {
    fn from(path: ProjectPath) -> Self {
        path.0
    }
}

impl Borrow<str> for ProjectPath {
    fn borrow(&self) -> &str {
        &self.0
    }
}

/// Says why a name can't be part of a path.
fn refusal(name: &str) -> Option<String> {
    let folded = fold(name);
    let stem = folded.split('.').next().unwrap_or(&folded).trim_end();
    if name.is_empty() {
        Some("has an empty part: it must be relative, with one '/' between names".into())
    } else if folded == "." || folded == ".." {
        Some(format!("contains '{name}'"))
    } else if name.len() > MAX_NAME {
        Some(format!("has a name longer than {MAX_NAME} bytes"))
    } else if folded == ".git" || folded == "git~1" {
        Some("leads into git's own folder".into())
    } else if is_short(&folded) {
        Some(format!(
            "has a name like '{name}', which Windows gives to another file"
        ))
    } else if let Some(bad) = name.chars().find(|&c| is_forbidden(c)) {
        Some(format!("contains the character {bad:?}"))
    } else if folded.contains(['/', '\\']) {
        Some("has a character that some systems take for a '/'".into())
    } else if name.ends_with(['.', ' ']) || name.starts_with(' ') {
        Some("has a name that begins or ends with a space, or ends with a dot".into())
    } else if RESERVED.contains(&stem) {
        Some(format!("uses '{stem}', a name that Windows reserves"))
    } else {
        None
    }
}

/// Tells whether a name has the form of those that Windows gives to files with longer names, in
/// eight letters and three: `pyscaf~1` can be the project's own state.
fn is_short(name: &str) -> bool {
    let (stem, suffix) = name.split_once('.').unwrap_or((name, ""));
    let Some((begin, number)) = stem.rsplit_once('~') else {
        return false;
    };
    let is_number = !number.is_empty() && number.bytes().all(|digit| digit.is_ascii_digit());
    is_number && !begin.is_empty() && stem.len() <= 8 && suffix.len() <= 3
}

/// Tells whether a character can't be in a name on every file system, or can't be seen.
fn is_forbidden(character: char) -> bool {
    character.is_control()
        || matches!(character, '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|')
        || matches!(character, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// Maps names that some file system takes for the same one to the same text.
fn fold(name: &str) -> String {
    if name.is_ascii() {
        return name.to_ascii_lowercase();
    }
    // Both cases, because some letters have two letters, or the same one, in the other case.
    let folded = name.nfkc().flat_map(char::to_uppercase);
    let folded = folded.flat_map(char::to_lowercase).nfkc();
    folded.filter(|letter| !is_ignorable(*letter)).collect()
}

/// Tells whether a character isn't shown, so that some file systems leave it out of names.
fn is_ignorable(letter: char) -> bool {
    matches!(letter,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
        | '\u{ffa0}' | '\u{fff0}'..='\u{fff8}' | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// The bytes of a file, and whether it can be run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entry {
    /// The content; files of the embedded template are borrowed from the binary.
    pub bytes: Cow<'static, [u8]>,
    /// The executable bit.
    pub executable: bool,
}

/// What lies at a path of a project on disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node {
    /// A file.
    File(Entry),
    /// A symbolic link, with what it points to.
    Link(PathBuf),
}

/// A project in memory, ordered by path.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tree {
    entries: BTreeMap<ProjectPath, Entry>,
    folded: HashMap<String, Name>,
}

/// A file or a folder under its folded path, with the spelling that came first.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Name {
    spelling: String,
    is_folder: bool,
}

impl Tree {
    /// Makes a tree without files.
    pub fn new() -> Self {
        Tree::default()
    }

    /// Adds a file, and refuses one that some file system would put on top of another.
    pub fn insert(&mut self, path: ProjectPath, entry: Entry) -> Result<()> {
        for folder in path.folders() {
            self.claim(folder, true)?;
        }
        self.claim(path.as_str(), false)?;
        self.entries.insert(path, entry);
        Ok(())
    }

    /// Takes a spelling for a path, unless another one of the same fold has it.
    fn claim(&mut self, path: &str, is_folder: bool) -> Result<()> {
        let Some(taken) = self.folded.get(&fold(path)) else {
            let name = Name {
                spelling: path.to_owned(),
                is_folder,
            };
            self.folded.insert(fold(path), name);
            return Ok(());
        };
        if taken.spelling != path {
            return Err(Error::failed(format!(
                "paths '{}' and '{path}' are the same on some file systems",
                taken.spelling
            )));
        }
        if taken.is_folder && is_folder {
            return Ok(());
        }
        let problem = if taken.is_folder == is_folder {
            "is there twice"
        } else {
            "is both a file and a folder"
        };
        Err(Error::failed(format!("path '{path}' {problem}")))
    }

    /// Gives the file at a path.
    pub fn get(&self, path: &str) -> Option<&Entry> {
        self.entries.get(path)
    }

    /// Gives all files, ordered by path.
    pub fn iter(&self) -> impl Iterator<Item = (&ProjectPath, &Entry)> {
        self.entries.iter()
    }

    /// Counts the files.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Tells whether there is no file.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}
