//! What a template's source is called in the list of those that are trusted.
//!
//! One source has one such name, whatever way it was typed, and a name is compared part by part:
//! no text that merely begins like a trusted one, or looks like it, is taken for it.

use std::fmt;
use std::path::{Component, Path};

use crate::remote::hosts;
use crate::visible;

/// The ways to reach a repository that can't be listened in on or changed on the way, with the
/// port that each has where none is named.
const SCHEMES: [(&str, &str); 2] = [("https", "443"), ("ssh", "22")];

/// The way to a repository on this machine.
const FILE: &str = "file:///";

/// A source in its one form: a place, the names that lead on from there, and a folder inside.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Origin {
    /// What comes before the first name: scheme and host, or the beginning of a path.
    place: String,
    /// The names after it.
    names: Vec<String>,
    /// The names of the folder in the repository.
    inside: Vec<String>,
    is_folder: bool,
}

impl Origin {
    /// Reads a source that is typed as a text: the URL of a repository, a short form, or the
    /// absolute path of a folder. The error says why the source can't be trusted by its name.
    pub fn parse(text: &str) -> Result<Self, String> {
        refuse_hidden(text)?;
        if Path::new(text).is_absolute() {
            return Origin::folder(Path::new(text));
        }
        let (repository, inside) = text.split_once('#').unwrap_or((text, ""));
        let (place, path) = split(repository)?;
        let mut names = names(&path)?;
        // The end says nothing but that it is a repository.
        if let Some(last) = names.last_mut()
            && let Some(name) = last.strip_suffix(".git").filter(|name| !name.is_empty())
        {
            *last = name.to_owned();
        }
        let inside = self::names(inside)?;
        if names.is_empty() && (!inside.is_empty() || is_open_to_all(&place)) {
            return Err("it names no repository, and no owner of repositories".to_owned());
        }
        Ok(Origin {
            place,
            names,
            inside,
            is_folder: false,
        })
    }

    /// Takes a folder of this machine by its absolute path, without links in it.
    pub fn folder(path: &Path) -> Result<Self, String> {
        let mut place = String::new();
        let mut names = Vec::new();
        for component in path.components() {
            let name = component.as_os_str().to_str();
            let name = name.ok_or("its path is not UTF-8")?;
            refuse_hidden(name)?;
            match component {
                Component::Prefix(_) | Component::RootDir => place.push_str(name),
                Component::Normal(_) => names.push(name.to_owned()),
                Component::CurDir | Component::ParentDir => {
                    return Err(format!("its path holds '{name}'"));
                }
            }
        }
        if !path.is_absolute() {
            return Err("it is neither a URL nor an absolute path".to_owned());
        }
        if names.is_empty() {
            return Err("it is the whole disk".to_owned());
        }
        Ok(Origin {
            place,
            names,
            inside: Vec::new(),
            is_folder: true,
        })
    }

    /// Tells whether another source is this one or lies in it.
    pub fn covers(&self, other: &Origin) -> bool {
        let is_at_place = (self.is_folder, &self.place) == (other.is_folder, &other.place);
        if self.inside.is_empty() {
            return is_at_place && other.names.starts_with(&self.names);
        }
        is_at_place && other.names == self.names && other.inside.starts_with(&self.inside)
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let separator = if self.is_folder {
            std::path::MAIN_SEPARATOR_STR
        } else {
            "/"
        };
        formatter.write_str(&self.place)?;
        formatter.write_str(&self.names.join(separator))?;
        if self.is_folder {
            formatter.write_str(separator)?;
        }
        if !self.inside.is_empty() {
            write!(formatter, "#{}", self.inside.join("/"))?;
        }
        Ok(())
    }
}

/// Refuses a text that people see as another one.
fn refuse_hidden(text: &str) -> Result<(), String> {
    let hidden = text.chars().find(|one| visible::is_hidden(*one));
    hidden.map_or(Ok(()), |hidden| {
        Err(format!(
            "it holds the character {}",
            hidden.escape_unicode()
        ))
    })
}

/// Tells whether everybody can publish something at a place.
fn is_open_to_all(place: &str) -> bool {
    let host = place.trim_end_matches(['/', ':']);
    let host = host.rsplit(['/', '@']).next().unwrap_or_default();
    hosts::known().any(|(_, open)| host == open) || place == FILE
}

/// Splits a repository's address into its place, in one form, and the path there.
fn split(repository: &str) -> Result<(String, String), String> {
    if let Some((scheme, rest)) = repository.split_once("://") {
        let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
        let scheme = scheme.to_ascii_lowercase();
        if scheme == "file" {
            return match authority {
                "" => Ok((FILE.to_owned(), path.to_owned())),
                _ => Err("a file:// address can't name a host".to_owned()),
            };
        }
        let Some((_, port)) = SCHEMES.iter().find(|(known, _)| scheme == *known) else {
            return Err(format!("'{scheme}' is neither https, ssh nor file"));
        };
        let authority = authority_of(&scheme, authority, port)?;
        return Ok((format!("{scheme}://{authority}/"), path.to_owned()));
    }
    let split = repository.split_once(':');
    // Two colons name a program of git's that is to be run.
    let Some((before, path)) = split.filter(|(_, path)| !path.starts_with(':')) else {
        return Err("it is neither a URL nor an absolute path".to_owned());
    };
    if let Some((_, host)) = hosts::known().find(|(short, _)| before == *short) {
        return Ok((format!("https://{host}/"), path.to_owned()));
    }
    // `git@host:path`, as git and scp write it: the path begins in the home of that user.
    let host = authority_of("ssh", before, "")?;
    if path.starts_with('/') {
        return Ok((format!("ssh://{host}/"), path.to_owned()));
    }
    Ok((format!("{host}:"), path.to_owned()))
}

/// Gives who is reached: the host and its port, and with ssh the user, whose home the path may
/// begin in. Passwords are left out, and so are users of https.
fn authority_of(scheme: &str, authority: &str, usual_port: &str) -> Result<String, String> {
    let (user, host) = authority.split_once('@').unwrap_or(("", authority));
    if user.contains('\\') {
        return Err(format!("'{user}' is not the name of a user"));
    }
    let (host, port) = match host.rsplit_once(':') {
        Some((host, port)) if port.chars().all(|digit| digit.is_ascii_digit()) => (host, port),
        _ => (host, ""),
    };
    let is_host = |letter: char| letter.is_ascii_alphanumeric() || "-._[]:".contains(letter);
    if host.is_empty() || !host.chars().all(is_host) || host.starts_with('-') {
        return Err(format!("'{host}' is not the name of a host"));
    }
    let user = user.split(':').next().unwrap_or_default();
    let is_user = |letter: char| letter.is_ascii_alphanumeric() || "-._+".contains(letter);
    if scheme == "ssh" && !user.chars().all(is_user) {
        return Err(format!("'{user}' is not the name of a user"));
    }
    let mut reached = host.to_ascii_lowercase();
    if scheme == "ssh" && !user.is_empty() {
        reached = format!("{user}@{reached}");
    }
    if !port.is_empty() && port != usual_port {
        reached += &format!(":{port}");
    }
    Ok(reached)
}

/// Splits a path into its names, and refuses what somebody may read as another path.
fn names(path: &str) -> Result<Vec<String>, String> {
    let path = path.trim_matches('/');
    if path.is_empty() {
        return Ok(Vec::new());
    }
    let is_refused = |name: &&str| {
        let name = *name;
        let lower = name.to_ascii_lowercase();
        matches!(name, "" | "." | "..")
            || name.contains(['\\', '?', '#'])
            || name.contains(char::is_whitespace)
            // An escaped dot or separator, or an escaped escape.
            || ["%2e", "%2f", "%5c", "%25", "%00"].iter().any(|escape| lower.contains(escape))
    };
    match path.split('/').find(is_refused) {
        Some("") => Err("its path holds an empty name".to_owned()),
        Some(name) => Err(format!("its path holds '{name}'")),
        None => Ok(path.split('/').map(str::to_owned).collect()),
    }
}

#[cfg(test)]
mod tests;
