//! What libraries read of a git repository by themselves, looked at before they do.
//!
//! It only keeps them from hanging. What is wrong with a repository otherwise, they say.

use std::io;
use std::path::{Path, PathBuf};

use super::listing::{MAX_RULES, refuse_endless_rules};
use super::{own_text, refuse_endless};

/// The largest file with one name or path in it, in bytes.
const MAX_NAME: u64 = 64 * 1024;

/// The largest configuration, in bytes.
const MAX_CONFIG: u64 = 4 * 1024 * 1024;

/// The largest index and list of references, in bytes: git has some hundred for each file.
const MAX_INDEX: u64 = 512 * 1024 * 1024;

/// The files that are read in git's own folder, with their largest sizes.
const FILES: [(&str, u64); 11] = [
    ("HEAD", MAX_NAME),
    ("commondir", MAX_NAME),
    ("config", MAX_CONFIG),
    ("config.worktree", MAX_CONFIG),
    ("index", MAX_INDEX),
    ("packed-refs", MAX_INDEX),
    ("shallow", MAX_INDEX),
    ("info/attributes", MAX_RULES),
    ("info/exclude", MAX_RULES),
    ("info/grafts", MAX_INDEX),
    ("objects/info/alternates", MAX_NAME),
];

/// The settings that name another file which is read, in lower case.
const NAMING: [&str; 3] = ["path", "excludesfile", "attributesfile"];

/// How many files of a configuration may include each other.
const MAX_INCLUDES: usize = 100;

/// Fails where a library that looks for the repository of a folder would hang.
pub fn refuse_endless_around(root: &Path) -> io::Result<()> {
    for folder in root.ancestors() {
        let git = folder.join(".git");
        let Ok(found) = std::fs::metadata(&git) else {
            continue;
        };
        let inside = if found.is_dir() {
            git
        } else {
            match pointed(&git, "gitdir: ")? {
                Some(elsewhere) => folder.join(elsewhere),
                None => continue,
            }
        };
        let inner = root.ancestors().take_while(|inner| *inner != folder);
        inner.chain([folder]).try_for_each(refuse_endless_rules)?;
        return refuse_endless_in(&inside);
    }
    Ok(())
}

/// Fails where a library that opens a repository would hang.
fn refuse_endless_in(git: &Path) -> io::Result<()> {
    for (name, most) in FILES {
        refuse_endless(&git.join(name), most)?;
    }
    let mut configs = vec![git.join("config"), git.join("config.worktree")];
    // A linked working folder shares all but its index.
    if let Some(common) = pointed(&git.join("commondir"), "")? {
        let common = git.join(common);
        for (name, most) in FILES {
            refuse_endless(&common.join(name), most)?;
        }
        configs.push(common.join("config"));
    }
    refuse_endless_settings(configs)
}

/// Reads the path that a file consists of.
fn pointed(file: &Path, begin: &str) -> io::Result<Option<PathBuf>> {
    refuse_endless(file, MAX_NAME)?;
    let text = own_text(file, MAX_NAME).unwrap_or_default();
    let path = text.strip_prefix(begin).map(str::trim);
    Ok(path.filter(|path| !path.is_empty()).map(PathBuf::from))
}

/// Fails where a configuration names a file at which its reader would hang.
fn refuse_endless_settings(mut configs: Vec<PathBuf>) -> io::Result<()> {
    let mut number = 0;
    while let Some(config) = configs.get(number).cloned() {
        number += 1;
        if number > MAX_INCLUDES {
            let message = format!("'{}' is one of too many files", config.display());
            return Err(io::Error::other(message));
        }
        refuse_endless(&config, MAX_CONFIG)?;
        let text = own_text(&config, MAX_CONFIG).unwrap_or_default();
        for named in text.lines().filter_map(named) {
            // Some are meant from the file, some from the working folder, and some from here.
            let folders = config.ancestors().skip(1).take(2);
            for folder in folders.chain([Path::new("")]) {
                refuse_endless(&folder.join(&named), MAX_CONFIG)?;
            }
            let path = config.parent().unwrap_or(Path::new("")).join(named);
            if path.is_file() && !configs.contains(&path) {
                configs.push(path);
            }
        }
    }
    Ok(())
}

/// Gives the path that a line of a configuration names, as far as it is written plainly.
fn named(line: &str) -> Option<PathBuf> {
    // A section may stand on the same line.
    let line = line.trim();
    let line = match line.strip_prefix('[') {
        Some(section) => section.rsplit_once(']')?.1,
        None => line,
    };
    let (key, value) = line.split_once('=')?;
    let is_naming = NAMING.contains(&key.trim().to_ascii_lowercase().as_str());
    let value = value.trim().trim_matches('"');
    let home = || etcetera::home_dir().ok();
    is_naming.then(|| match value.strip_prefix("~/") {
        Some(inner) => home().map(|home| home.join(inner)),
        None => Some(PathBuf::from(value)),
    })?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_that_name_a_file_are_found() {
        for (line, path) in [
            ("path = /a/b", Some("/a/b")),
            ("\tExcludesFile = \"c d\"", Some("c d")),
            ("[include] path=e", Some("e")),
            ("[includeIf \"gitdir:[x]\"] path=e", Some("e")),
            ("hooksPath = f", None),
            ("[include]", None),
        ] {
            assert_eq!(named(line), path.map(PathBuf::from), "{line}");
        }
    }
}
