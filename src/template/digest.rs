//! What tells one content of a template from every other.

use sha2::{Digest as _, Sha256};

use super::Files;

/// The digest of one template after the other.
#[derive(Default)]
pub(super) struct Digest(Sha256);

impl Digest {
    /// Adds a template: the number of its files, and of each its path and its bytes with their
    /// lengths before them, so that no two sets of files are the same stream.
    pub(super) fn add(&mut self, files: &Files) {
        self.number(files.len());
        for (path, bytes) in files {
            for part in [path.as_bytes(), bytes] {
                self.number(part.len());
                self.0.update(part);
            }
        }
    }

    /// Writes it with the name of its kind.
    pub(super) fn finish(self) -> String {
        format!("sha256:{:x}", self.0.finalize())
    }

    fn number(&mut self, number: usize) {
        self.0.update((number as u64).to_be_bytes());
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::*;

    fn digest(templates: &[&[(&str, &str)]]) -> String {
        let mut digest = Digest::default();
        for files in templates {
            let own = |(path, text): &(&str, &str)| {
                ((*path).to_owned(), Cow::Owned(text.as_bytes().to_vec()))
            };
            digest.add(&files.iter().map(own).collect());
        }
        digest.finish()
    }

    #[test]
    fn no_two_contents_have_the_same() {
        let contents: [&[&[(&str, &str)]]; 9] = [
            &[],
            &[&[]],
            &[&[], &[]],
            &[&[("a", "bc")]],
            &[&[("ab", "c")]],
            &[&[("a", "b"), ("c", "")]],
            &[&[("a", "b")], &[("c", "")]],
            &[&[("c", "")], &[("a", "b")]],
            &[&[("a", "b"), ("c", "d")]],
        ];
        let digests: std::collections::BTreeSet<String> =
            contents.iter().map(|templates| digest(templates)).collect();
        assert_eq!(digests.len(), contents.len());
        assert_eq!(digest(contents[3]), digest(contents[3]));
    }
}
