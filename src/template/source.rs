//! Where a template comes from: the binary itself or a folder.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use fs_err as fs;
use include_dir::{Dir, DirEntry, include_dir};

use crate::error::{Error, Result};

/// The templates that every binary carries.
static EMBEDDED: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/templates/builtin");

/// The file that makes a folder a template.
pub(super) const MANIFEST: &str = "template.toml";

/// The largest file that a template may hold, in bytes.
const MAX_FILE: u64 = 16 * 1024 * 1024;

/// The most files that a template may hold.
const MAX_FILES: usize = 20_000;

/// The files of a template by their path in it, with `/` between names.
pub type Files = BTreeMap<String, Cow<'static, [u8]>>;

/// A place that a template can be read from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Source {
    /// The template in the binary.
    #[default]
    Builtin,
    /// A folder with a `template.toml`.
    Folder(PathBuf),
}

impl Source {
    /// Reads a source as it is typed after `--template` or written after `extends`; relative
    /// folders are looked up from `here`.
    pub fn parse(text: &str, here: &Path) -> Result<Self> {
        if text == "builtin" {
            return Ok(Source::Builtin);
        }
        let folder = here.join(text);
        if folder.join(MANIFEST).is_file() {
            return Ok(Source::Folder(folder));
        }
        if folder.is_dir() {
            return Err(Error::request(format!(
                "folder '{text}' is not a template: it has no {MANIFEST}"
            ))
            .hint("name the folder that holds the template.toml"));
        }
        Err(
            Error::request(format!("template '{text}' is not a folder that exists"))
                .hint("name a folder with a template.toml, or 'builtin'"),
        )
    }

    /// Reads all files of the template.
    pub fn read(&self) -> Result<Files> {
        let mut files = Files::new();
        match self {
            Source::Builtin => collect_embedded(&EMBEDDED, &mut files),
            Source::Folder(folder) => collect_folder(folder, "", &mut files)?,
        }
        Ok(files)
    }

    /// Writes the source so that it is found from a project's folder, on any machine that holds both.
    pub fn seen_from(&self, project: &Path) -> String {
        let Source::Folder(folder) = self else {
            return self.to_string();
        };
        let absolute = |path: &Path| std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        let relative = pathdiff::diff_paths(absolute(folder), absolute(project));
        relative
            .unwrap_or_else(|| folder.clone())
            .to_string_lossy()
            .replace('\\', "/")
    }

    /// Gives the folder that relative sources in this template's manifest start from.
    pub fn folder(&self) -> &Path {
        match self {
            Source::Builtin => Path::new(""),
            Source::Folder(folder) => folder,
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Source::Builtin => formatter.write_str("builtin"),
            Source::Folder(folder) => write!(formatter, "{}", folder.display()),
        }
    }
}

/// Adds the files of an embedded folder, without copying them.
fn collect_embedded(folder: &Dir<'static>, files: &mut Files) {
    for entry in folder.entries() {
        match entry {
            DirEntry::Dir(inner) => collect_embedded(inner, files),
            DirEntry::File(file) => {
                let path = file.path().to_string_lossy().replace('\\', "/");
                files.insert(path, Cow::Borrowed(file.contents()));
            }
        }
    }
}

/// Adds the files of a folder on disk; links are refused, since they can lead outside.
fn collect_folder(folder: &Path, prefix: &str, files: &mut Files) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let path = entry.path();
        let name = entry.file_name();
        let Some(name) = name.to_str() else {
            return Err(Error::failed(format!(
                "{} has a name that is not UTF-8",
                path.display()
            )));
        };
        let inner = format!("{prefix}{name}");
        let kind = entry.file_type()?;
        if kind.is_symlink() {
            return Err(Error::failed(format!(
                "{} is a link, and a template can't hold links",
                path.display()
            ))
            .hint("put the file itself there"));
        }
        if kind.is_dir() {
            if name != ".git" {
                collect_folder(&path, &format!("{inner}/"), files)?;
            }
            continue;
        }
        let size = entry.metadata()?.len();
        if !kind.is_file() || size > MAX_FILE || files.len() >= MAX_FILES {
            return Err(Error::failed(format!(
                "{} can't be in a template: only plain files, at most {MAX_FILES} of them with at most {MAX_FILE} bytes each",
                path.display()
            )));
        }
        files.insert(inner, Cow::Owned(fs::read(path)?));
    }
    Ok(())
}
