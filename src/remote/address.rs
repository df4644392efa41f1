//! Where a repository is, as it is typed, as it is shown, and as `git` gets it.

use std::fmt;

use super::hosts;
use crate::error::{Error, Result};
use crate::tree::ProjectPath;

/// What can be typed, for messages.
const FORMS: &str = "write https://HOST/PATH, ssh://USER@HOST/PATH, USER@HOST:PATH, file:///PATH, gh:OWNER/REPO, gl:GROUP/REPO or bb:OWNER/REPO, each with #FOLDER where the template isn't at the top";

/// The address of a folder in a repository.
///
/// What is shown and stored has no credentials: those go to `git` alone.
#[derive(Clone, PartialEq, Eq)]
pub struct Address {
    /// The repository, as it is shown and stored.
    place: String,
    /// The URL without credentials.
    plain: String,
    /// The user and the password of an `https` URL, as they were typed.
    credentials: Option<String>,
    folder: String,
}

/// Who asks a server, and the proof of it; a password may be missing.
pub(super) struct Credentials {
    /// The beginning of the URLs that they are for.
    pub(super) server: String,
    pub(super) user: String,
    pub(super) password: String,
}

impl Address {
    /// Tells whether a text is meant as an address rather than as a folder.
    pub fn is_meant(text: &str) -> bool {
        text.contains("://")
            || text.contains("::")
            || hosts::short_form(text).is_some()
            || is_scp_like(text)
    }

    /// Reads an address, and refuses what `git` could take for something else.
    pub fn parse(text: &str) -> Result<Self> {
        // What is refused may hold a password, so that it isn't shown.
        let refuse = |reason: &str| Error::request(format!("the template's address {reason}"));
        if let Some(bad) = text.chars().find(|letter| letter.is_control()) {
            return Err(refuse(&format!("contains the character {bad:?}")));
        }
        if text.contains(char::is_whitespace) {
            return Err(refuse("contains a space").hint("write a space in a path as %20"));
        }
        if text.starts_with('-') {
            return Err(refuse("begins with '-'").hint(FORMS));
        }
        if let Some((helper, _)) = text.split_once("::").filter(|(name, _)| is_word(name)) {
            let reason = format!("names the helper '{helper}', which could run anything");
            return Err(refuse(&reason).hint(FORMS));
        }
        let (place, folder) = match text.split_once('#') {
            Some((place, folder)) => (place, parse_folder(folder)?),
            None => (text, String::new()),
        };
        let (place, plain, credentials) = if let Some(short) = hosts::short_form(place) {
            let url = short.map_err(|reason| refuse(&reason).hint(FORMS))?;
            (place.to_owned(), url, None)
        } else if let Some((scheme, rest)) = place.split_once("://") {
            let (plain, credentials) = parse_url(scheme, rest)?;
            (plain.clone(), plain, credentials)
        } else {
            check_host(place.split_once('@').unwrap_or_default().1, ':')?;
            (place.to_owned(), place.to_owned(), None)
        };
        Ok(Address {
            place,
            plain,
            credentials,
            folder,
        })
    }

    /// Gives the credentials that the URL was typed with, as they are meant; they must not be shown,
    /// stored or passed as arguments.
    pub(super) fn credentials(&self) -> Option<Credentials> {
        let credentials = self.credentials.as_ref()?;
        let (user, password) = credentials.split_once(':').unwrap_or((credentials, ""));
        let (scheme, rest) = self.plain.split_once("://")?;
        let host = rest.split('/').next()?;
        Some(Credentials {
            server: format!("{scheme}://{host}"),
            user: decoded(user),
            password: decoded(password),
        })
    }

    /// Gives the URL without credentials.
    pub(super) fn plain_url(&self) -> &str {
        &self.plain
    }

    /// Takes credentials out of what a program said.
    pub(super) fn without_credentials(&self, text: &str) -> String {
        let Some(credentials) = &self.credentials else {
            return text.to_owned();
        };
        let mut text = text.replace(&format!("{credentials}@"), "");
        let secrets = match credentials.split_once(':') {
            Some((user, "")) => vec![user],
            Some((_, password)) => vec![credentials, password],
            None => vec![credentials.as_str()],
        };
        for secret in secrets {
            for form in [secret.to_owned(), decoded(secret)] {
                text = text.replace(&form, "***");
            }
        }
        text
    }

    /// Gives the path in the repository, with `/` between names; empty for all of it.
    pub fn folder(&self) -> &str {
        &self.folder
    }

    /// Gives the address of another folder in the same repository.
    #[must_use]
    pub fn with_folder(&self, folder: String) -> Self {
        Address {
            folder,
            ..self.clone()
        }
    }

    /// Tells whether the repository is on this machine.
    pub fn is_local(&self) -> bool {
        self.plain.starts_with("file:")
    }
}

impl fmt::Display for Address {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.place)?;
        if !self.folder.is_empty() {
            write!(formatter, "#{}", self.folder)?;
        }
        Ok(())
    }
}

/// Shows no credentials either: errors and tests print it.
impl fmt::Debug for Address {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Address({self})")
    }
}

/// Tells whether a text has the form `user@host:path`.
fn is_scp_like(text: &str) -> bool {
    let host = text.split(['/', '#']).next().unwrap_or_default();
    host.split_once('@')
        .is_some_and(|(_, host)| host.contains(':'))
}

fn is_word(text: &str) -> bool {
    let is_letter = |letter: char| letter.is_ascii_alphanumeric() || "+-.".contains(letter);
    !text.is_empty() && text.chars().all(is_letter)
}

/// Reads a folder in a repository.
fn parse_folder(text: &str) -> Result<String> {
    let folder = ProjectPath::parse(text.strip_suffix('/').unwrap_or(text)).map_err(|error| {
        Error::request(format!("the folder after '#': {}", error.message))
            .hint("write SOURCE#folder/in/the/repository")
    })?;
    Ok(folder.as_str().to_owned())
}

/// Reads a URL, and gives it without credentials, and those.
fn parse_url(scheme: &str, rest: &str) -> Result<(String, Option<String>)> {
    let refuse = |reason: &str| Error::request(format!("the template's address {reason}"));
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    let (user, host) = match authority.rsplit_once('@') {
        Some((user, host)) => (Some(user), host),
        None => (None, authority),
    };
    match scheme {
        "https" | "ssh" if path.is_empty() => {
            return Err(refuse("names no repository on its server").hint(FORMS));
        }
        "https" => {
            check_host(host, ':')?;
            if user.is_some_and(|user| decoded(user).contains(char::is_control)) {
                return Err(refuse("has a control character in its credentials"));
            }
            if path.contains('?') {
                let reason = "has a '?': what follows it would be stored, and may be a secret";
                return Err(refuse(reason).hint("leave it out"));
            }
        }
        "ssh" => {
            check_host(host, ':')?;
            if user.is_some_and(|user| user.contains(':')) {
                return Err(refuse("has a password, which ssh takes from nobody")
                    .hint("use a key: ssh://USER@HOST/PATH"));
            }
            if user.is_some_and(|user| user.starts_with('-')) {
                return Err(refuse("has a user that begins with '-'").hint(FORMS));
            }
            return Ok((format!("ssh://{rest}"), None));
        }
        "file" => {
            if !authority.is_empty() || path.is_empty() {
                return Err(refuse("names no path from the root of this machine")
                    .hint("write file:///PATH"));
            }
            return Ok((format!("file://{rest}"), None));
        }
        "http" => {
            return Err(
                refuse("begins with 'http', which anybody on the way can change")
                    .hint(format!("write https://{host}/{path}")),
            );
        }
        _ => {
            let scheme = scheme.escape_debug();
            return Err(refuse(&format!(
                "begins with '{scheme}', and templates are fetched by https, ssh or file"
            ))
            .hint(FORMS));
        }
    }
    let plain = format!("https://{host}/{path}");
    Ok((plain, user.map(str::to_owned)))
}

/// Refuses a host or a path behind it that a program could take for a flag.
fn check_host(text: &str, separator: char) -> Result<()> {
    let (host, rest) = text.split_once(separator).unwrap_or((text, ""));
    let is_plain = |letter: char| letter.is_alphanumeric() || "-._[]:%".contains(letter);
    if host.is_empty() || host.starts_with('-') || !host.chars().all(is_plain) {
        return Err(Error::request("the template's address names no server").hint(FORMS));
    }
    if rest.starts_with('-') {
        let message = "the template's address has a path that begins with '-'";
        return Err(Error::request(message).hint(FORMS));
    }
    Ok(())
}

/// Gives a text of a URL as it is meant, where bytes are written as `%2F`.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let hex = tail.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        let byte = hex.and_then(|hex| u8::from_str_radix(hex, 16).ok());
        if let (b'%', Some(byte)) = (first, byte) {
            bytes.push(byte);
            rest = &tail[2..];
        } else {
            bytes.push(*first);
            rest = tail;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests;
