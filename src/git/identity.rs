//! Who commits.

use std::env;
use std::path::Path;

use git2::{Repository, Signature, Time};

use crate::git::settings::{self, Settings};

/// A person as git knows them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The name; not empty.
    pub name: String,
    /// The address for mail; not empty.
    pub email: String,
}

/// Gives who the author of a commit in a folder would be, from the environment or git's
/// configuration; neither the folder nor a repository need be there yet.
pub fn identity(folder: &Path) -> Option<Identity> {
    find(&Settings::around(folder), Role::Author)
}

/// Gives author and committer of a commit in a repository, if git knows them.
pub(super) fn signatures(
    settings: &Settings,
    repository: &Repository,
) -> Option<(Signature<'static>, Signature<'static>)> {
    let author = find(settings, Role::Author)?;
    let committer = find(settings, Role::Committer)?;
    // They know the dates that the environment may give, in all of git's formats.
    let dated = settings::asked(repository);
    let dated = dated.as_ref();
    let author_date = dated.and_then(|repository| repository.author_from_env().ok());
    let commit_date = dated.and_then(|repository| repository.committer_from_env().ok());
    Some((
        sign(&author, author_date.map(|signature| signature.when()))?,
        sign(&committer, commit_date.map(|signature| signature.when()))?,
    ))
}

/// What somebody does in a commit.
#[derive(Debug, Clone, Copy)]
pub(super) enum Role {
    Author,
    Committer,
}

/// Finds the person for a role: the environment first, then the role's settings, then the user's.
pub(super) fn find(settings: &Settings, role: Role) -> Option<Identity> {
    let (variable, section) = match role {
        Role::Author => ("GIT_AUTHOR", "author"),
        Role::Committer => ("GIT_COMMITTER", "committer"),
    };
    let look_up = |part: &str| {
        env::var(format!("{variable}_{}", part.to_uppercase()))
            .ok()
            .filter(|text| !text.trim().is_empty())
            .or_else(|| settings.text(&format!("{section}.{part}")))
            .or_else(|| settings.text(&format!("user.{part}")))
    };
    let email = look_up("email").or_else(|| env::var("EMAIL").ok())?;
    Some(Identity {
        name: clean(&look_up("name")?)?,
        email: clean(&email)?,
    })
}

/// Leaves out what git leaves out of names.
fn clean(text: &str) -> Option<String> {
    let is_crud = |character: char| {
        character.is_whitespace()
            || character.is_control()
            || matches!(
                character,
                '.' | ',' | ':' | ';' | '<' | '>' | '"' | '\\' | '\''
            )
    };
    let text = text
        .trim_matches(is_crud)
        .replace(['<', '>', '\n', '\0'], "");
    (!text.is_empty()).then_some(text)
}

/// Puts a person and a time together.
fn sign(identity: &Identity, when: Option<Time>) -> Option<Signature<'static>> {
    match when {
        Some(when) => Signature::new(&identity.name, &identity.email, &when).ok(),
        None => Signature::now(&identity.name, &identity.email).ok(),
    }
}
