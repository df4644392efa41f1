//! Folders inside a repository.

use crate::error::{Error, Result};

/// Looks a relative folder up from another one in the same repository, and refuses one that leads
/// out of it.
pub(in crate::template) fn join(from: &str, relative: &str) -> Result<String> {
    let refuse = |reason: &str| {
        let shown = relative.escape_debug();
        Error::failed(format!("'{shown}' {reason}"))
            .hint("a template in a repository extends 'builtin', a folder of the same repository, or another repository by its URL")
    };
    if relative.starts_with('/') || relative.contains(['\\', ':']) {
        return Err(refuse("is not a folder in the same repository"));
    }
    let mut names: Vec<&str> = from.split('/').filter(|name| !name.is_empty()).collect();
    for name in relative.split('/') {
        match name {
            "" | "." => {}
            ".." => {
                let inner = names.pop();
                inner.ok_or_else(|| refuse("leads out of the repository"))?;
            }
            name => names.push(name),
        }
    }
    Ok(names.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_relative_folder_stays_in_its_repository() {
        assert_eq!(join("a/b", "../c").unwrap(), "a/c");
        assert_eq!(join("a/b", "../..").unwrap(), "");
        assert_eq!(join("", "./base/").unwrap(), "base");
        let error = join("a/b", "../../../c").unwrap_err();
        assert!(error.message.contains("leads out of the repository"));
        for outside in ["/etc", "c:\\x", "a\\..\\b"] {
            let error = join("a", outside).unwrap_err();
            assert!(
                error.message.contains("is not a folder in the same"),
                "{outside}"
            );
        }
    }
}
