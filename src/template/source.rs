//! Where a template comes from: the binary itself, a folder, a commit of a repository, or a
//! repository of others.

mod folder;
pub(super) mod inside;
mod litter;
mod others;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use include_dir::{Dir, DirEntry, include_dir};
use semver::Version;

use crate::error::{Error, Result};
use crate::git::{self, Limits, StoredFolder};
use crate::remote::Address;

/// The template of projects that every binary carries.
static PROJECTS: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/templates/builtin");

/// The template of templates that every binary carries.
static TEMPLATES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/templates/starter");

/// What the template of projects is called.
pub(super) const BUILTIN: &str = "builtin";

/// What the template of templates is called.
const STARTER: &str = "starter";

/// The file that makes a folder a template.
pub(super) const MANIFEST: &str = "template.toml";

/// The largest file that a template may hold, in bytes.
const MAX_FILE: usize = 16 * 1024 * 1024;

/// The most files that a template may hold.
const MAX_FILES: usize = 20_000;

/// The most that is read of a commit.
pub(super) const LIMITS: Limits = Limits {
    files: MAX_FILES,
    file: MAX_FILE,
    total: 256 * 1024 * 1024,
    entries: 100_000,
    depth: 64,
};

/// The files of a template by their path in it, with `/` between names.
pub type Files = BTreeMap<String, Cow<'static, [u8]>>;

/// A place that a template can be read from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Source {
    /// The template in the binary.
    #[default]
    Builtin,
    /// The template in the binary that makes templates.
    Starter,
    /// A folder with a `template.toml`.
    Folder(PathBuf),
    /// Such a folder as it was in a commit of the repository that it lies in.
    Past(StoredFolder),
    /// Such a folder in a repository of others.
    Git(Address),
}

impl Source {
    /// Reads a source as it is typed after `--template` or written after `extends`; relative
    /// folders are looked up from `here`.
    pub fn parse(text: &str, here: &Path) -> Result<Self> {
        match text {
            BUILTIN => return Ok(Source::Builtin),
            STARTER => return Ok(Source::Starter),
            _ => {}
        }
        if Address::is_meant(text) {
            return Address::parse(text).map(Source::Git);
        }
        let folder = here.join(text);
        if folder.join(MANIFEST).is_file() {
            return Ok(Source::Folder(folder));
        }
        if let Some(program) = others::program(|name| folder.join(name).is_file()) {
            let message = format!("folder '{text}' is a template of {program}, not of pyscaffold");
            return Err(Error::request(message).hint(others::hint(program)));
        }
        if folder.is_dir() {
            return Err(Error::request(format!(
                "folder '{text}' is not a template: it has no {MANIFEST}"
            ))
            .hint("name the folder that holds the template.toml"));
        }
        Err(
            Error::request(format!("template '{text}' is not a folder that exists"))
                .hint("name a folder with a template.toml, 'builtin', or a git repository such as gh:OWNER/REPO"),
        )
    }

    /// Gives the template in the current folder, or the one in the binary where there is none.
    pub fn here() -> Self {
        if Path::new(MANIFEST).is_file() {
            return Source::Folder(PathBuf::from("."));
        }
        Source::Builtin
    }

    /// Reads all files of the template.
    pub fn read(&self) -> Result<Files> {
        let mut files = Files::new();
        match self {
            Source::Builtin => collect_embedded(&PROJECTS, &mut files),
            Source::Starter => collect_embedded(&TEMPLATES, &mut files),
            Source::Folder(folder) => files = folder::read(folder)?,
            Source::Past(stored) => files = self.of_commit(stored.read(LIMITS)?)?,
            Source::Git(_) => {
                return Err(Error::failed(format!(
                    "template '{self}' has to be fetched"
                )));
            }
        }
        Ok(files)
    }

    /// Takes the files of a commit, unless it lacks the template's folder.
    pub(super) fn of_commit(&self, read: Option<BTreeMap<String, Vec<u8>>>) -> Result<Files> {
        let Some(read) = read else {
            return Err(Error::failed(format!(
                "template '{self}' is not there: the commit has no such folder"
            ))
            .hint("say which folder of the repository it is: SOURCE#FOLDER"));
        };
        let files = read.into_iter();
        let files = files.filter(|(path, _)| !litter::has_litter(path));
        let files: Files = files.map(|(path, bytes)| (path, bytes.into())).collect();
        if files.contains_key(MANIFEST) {
            return Ok(files);
        }
        if let Some(program) = others::program(|name| files.contains_key(name)) {
            let message = format!("'{self}' is a template of {program}, not of pyscaffold");
            return Err(Error::failed(message).hint(others::hint(program)));
        }
        let error = Error::failed(format!("'{self}' is not a template: it has no {MANIFEST}"));
        let end = format!("/{MANIFEST}");
        let folders: Vec<&str> = files
            .keys()
            .filter_map(|path| path.strip_suffix(&end))
            .collect();
        Err(match folders.as_slice() {
            [] => error.hint("name the folder of the repository that holds it: SOURCE#FOLDER"),
            folders => error.hint(format!("there are templates in {}", folders.join(", "))),
        })
    }

    /// Tells whether the binary itself carries the template.
    pub fn is_embedded(&self) -> bool {
        matches!(self, Source::Builtin | Source::Starter)
    }

    /// Reads a source as this template says it after `extends`: a relative folder is looked up
    /// from here, and one in a commit never leads out of its repository.
    pub fn below(&self, text: &str) -> Result<Self> {
        match self {
            Source::Folder(folder) => Source::parse(text, folder),
            Source::Past(stored) if text != BUILTIN && !Address::is_meant(text) => {
                Ok(Source::Past(StoredFolder {
                    folder: inside::join(&stored.folder, text)?,
                    ..stored.clone()
                }))
            }
            Source::Builtin | Source::Starter | Source::Past(_) | Source::Git(_) => {
                Source::parse(text, Path::new(""))
            }
        }
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

    /// Tells whether another source leads to the same template.
    pub fn is_same(&self, other: &Source) -> bool {
        match (self, other) {
            (Source::Folder(one), Source::Folder(other)) => {
                let real = fs_err::canonicalize(one);
                real.is_ok_and(|real| fs_err::canonicalize(other).is_ok_and(|other| other == real))
            }
            _ => self == other,
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Source::Builtin => formatter.write_str(BUILTIN),
            Source::Starter => formatter.write_str(STARTER),
            Source::Folder(folder) => write!(formatter, "{}", folder.display()),
            Source::Past(stored) => {
                let colon = if stored.folder.is_empty() { "" } else { ":" };
                let commit = git::short(stored.commit);
                write!(formatter, "{commit}{colon}{}", stored.folder)
            }
            Source::Git(address) => address.fmt(formatter),
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

/// Gives a template's folder as it was in every version of the repository that it lies in, the
/// oldest first; nothing outside of a repository. A version may have no template at this place.
pub fn versions(folder: &Path) -> Result<Vec<(Version, Source)>> {
    let versions = git::versions(folder)?.into_iter();
    Ok(versions
        .map(|(version, stored)| (version, Source::Past(stored)))
        .collect())
}
