//! The data files of the template, and changes to them that keep comments and order.

use std::fmt;
use std::path::{Path, PathBuf};

use toml_edit::{DocumentMut, Item, Table};

/// The versions of packages, at its top, and of images.
const VERSIONS: &str = "versions.toml";

/// What is pinned besides: programs, actions, hooks.
const PINS: &str = "pins.toml";

/// The tables whose entries are repositories with a tag and its commit.
pub const REPOSITORIES: [&str; 2] = ["actions", "hooks"];

/// A version that is raised.
#[derive(Debug, Clone)]
pub struct Change {
    /// What it is a version of: `fastapi`, `images.docker`, `actions.checkout`.
    pub name: String,
    from: String,
    to: String,
    edits: Vec<Edit>,
}

/// A text that takes the place of another one.
#[derive(Debug, Clone)]
struct Edit {
    file: &'static str,
    path: Vec<String>,
    value: String,
}

/// What a look for newer versions gave.
#[derive(Debug, Default)]
pub struct Found {
    /// What is newer.
    pub changes: Vec<Change>,
    /// What couldn't be looked up, and why.
    pub unknown: Vec<(String, String)>,
}

/// A repository whose tags are versions.
#[derive(Debug)]
pub struct Repository {
    /// The name of its entry, such as `actions.checkout`.
    pub name: String,
    /// Owner and name.
    pub repository: String,
    /// The present tag.
    pub version: String,
}

/// The files as they were read.
#[derive(Debug)]
pub struct Data {
    folder: PathBuf,
    versions: DocumentMut,
    pins: DocumentMut,
}

impl fmt::Display for Change {
    fn fmt(&self, out: &mut fmt::Formatter) -> fmt::Result {
        write!(out, "{}: {} to {}", self.name, self.from, self.to)
    }
}

impl Data {
    /// Reads the files of a folder.
    pub fn read(folder: &Path) -> Result<Self, String> {
        let read = |name: &str| {
            let path = folder.join(name);
            let text = std::fs::read_to_string(&path).map_err(|error| error.to_string());
            text.and_then(|text| {
                text.parse::<DocumentMut>()
                    .map_err(|error| error.to_string())
            })
            .map_err(|error| format!("{}: {error}", path.display()))
        };
        Ok(Data {
            folder: folder.to_owned(),
            versions: read(VERSIONS)?,
            pins: read(PINS)?,
        })
    }

    /// Writes the files as they were read, with some changes.
    pub fn write(&self, changes: &[Change]) -> Result<(), String> {
        for (name, document) in [(VERSIONS, &self.versions), (PINS, &self.pins)] {
            let mut document = document.clone();
            let edits = changes.iter().flat_map(|change| &change.edits);
            for edit in edits.filter(|edit| edit.file == name) {
                edit.apply(&mut document)?;
            }
            std::fs::write(self.folder.join(name), document.to_string())
                .map_err(|error| format!("{name}: {error}"))?;
        }
        Ok(())
    }

    /// Gives every package with its version.
    pub fn packages(&self) -> impl Iterator<Item = (&str, &str)> {
        texts(self.versions.as_table())
    }

    /// Gives every program that is installed beside a project, as a requirement.
    pub fn tools(&self) -> impl Iterator<Item = (&str, &str)> {
        self.pins["tools"].as_table().into_iter().flat_map(texts)
    }

    /// Gives the tag of an image.
    pub fn image(&self, name: &str) -> Option<&str> {
        self.versions["images"].get(name)?.as_str()
    }

    /// Gives every repository whose tags are versions.
    pub fn repositories(&self) -> impl Iterator<Item = Repository> {
        REPOSITORIES.into_iter().flat_map(|table| {
            let entries = self.pins[table].as_table().into_iter().flatten();
            entries.filter_map(move |(name, entry)| {
                Some(Repository {
                    name: format!("{table}.{name}"),
                    repository: entry.get("repository")?.as_str()?.to_owned(),
                    version: entry.get("version")?.as_str()?.to_owned(),
                })
            })
        })
    }

    /// Names the images whose registries nothing here can ask.
    pub fn images(&self) -> impl Iterator<Item = (String, String)> {
        let images = self.versions["images"].as_table().into_iter();
        let asked = images
            .flat_map(texts)
            .filter(|(name, _)| !self.tools().any(|(tool, _)| tool == *name));
        asked.map(|(name, tag)| {
            let reason = format!("it is '{tag}'; give a newer one as images.{name}=TAG");
            (format!("images.{name}"), reason)
        })
    }

    /// Raises a package.
    pub fn package(&self, name: &str, version: String) -> Change {
        Change {
            name: name.to_owned(),
            from: self.versions[name].as_str().unwrap_or_default().to_owned(),
            edits: vec![Edit::new(VERSIONS, &[name], &version)],
            to: version,
        }
    }

    /// Raises a program, and the image that brings it.
    pub fn tool(&self, name: &str, requirement: String, tag: Option<String>) -> Change {
        let mut edits = vec![Edit::new(PINS, &["tools", name], &requirement)];
        edits.extend(tag.map(|tag| Edit::new(VERSIONS, &["images", name], &tag)));
        Change {
            name: format!("tools.{name}"),
            from: self.pins["tools"][name]
                .as_str()
                .unwrap_or_default()
                .to_owned(),
            to: requirement,
            edits,
        }
    }

    /// Raises an action or a hook to a tag and its commit.
    pub fn tag(&self, repository: &Repository, version: &str, hash: &str) -> Change {
        let path: Vec<&str> = repository.name.split('.').collect();
        let edit =
            |key: &str, value: &str| Edit::new(PINS, &[path.as_slice(), &[key]].concat(), value);
        Change {
            name: repository.name.clone(),
            from: repository.version.clone(),
            to: format!("{version} ({hash})"),
            edits: vec![edit("version", version), edit("hash", hash)],
        }
    }

    /// Takes versions from the command line.
    pub fn given(&self, given: &[(String, String)]) -> Result<Found, String> {
        let mut found = Found::default();
        for (name, version) in given {
            found.changes.push(self.one_given(name, version)?);
        }
        Ok(found)
    }

    fn one_given(&self, name: &str, version: &str) -> Result<Change, String> {
        if self.packages().any(|(package, _)| package == name) {
            return Ok(self.package(name, version.to_owned()));
        }
        if let Some(present) = name
            .strip_prefix("images.")
            .and_then(|image| self.image(image))
        {
            let path: Vec<&str> = name.split('.').collect();
            return Ok(Change {
                name: name.to_owned(),
                from: present.to_owned(),
                to: version.to_owned(),
                edits: vec![Edit::new(VERSIONS, &path, version)],
            });
        }
        let repository = self
            .repositories()
            .find(|repository| repository.name == name);
        let repository = repository.ok_or_else(|| format!("nothing is called '{name}'"))?;
        let is_hash =
            |hash: &str| hash.len() == 40 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
        match version.split_once('@') {
            Some((tag, hash)) if is_hash(hash) => Ok(self.tag(&repository, tag, hash)),
            _ => Err(format!(
                "'{name}' needs a tag and its whole commit: {name}=TAG@COMMIT"
            )),
        }
    }
}

impl Edit {
    fn new(file: &'static str, path: &[&str], value: &str) -> Self {
        Edit {
            file,
            path: path.iter().map(|part| (*part).to_owned()).collect(),
            value: value.to_owned(),
        }
    }

    /// Replaces a text, and keeps what stands around it.
    fn apply(&self, document: &mut DocumentMut) -> Result<(), String> {
        let missing = || format!("{} has no {}", self.file, self.path.join("."));
        let mut item: &mut Item = document.as_item_mut();
        for part in &self.path {
            item = item.get_mut(part).ok_or_else(missing)?;
        }
        let value = item.as_value_mut().ok_or_else(missing)?;
        let decor = value.decor().clone();
        *value = self.value.as_str().into();
        *value.decor_mut() = decor;
        Ok(())
    }
}

/// Gives the texts of a table.
fn texts(table: &Table) -> impl Iterator<Item = (&str, &str)> {
    table
        .iter()
        .filter_map(|(name, item)| Some((name, item.as_str()?)))
}
