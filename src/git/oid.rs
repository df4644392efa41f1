//! The id of an object, in either of git's two formats.

use std::fmt;

/// The format of a repository's objects: how they are hashed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    /// The older one, which is everywhere.
    #[default]
    Sha1,
    /// The newer one, which libgit2 can't read.
    Sha256,
}

impl Format {
    /// All of them.
    pub const ALL: [Format; 2] = [Format::Sha1, Format::Sha256];

    /// Gives what git calls it.
    pub fn as_str(self) -> &'static str {
        match self {
            Format::Sha1 => "sha1",
            Format::Sha256 => "sha256",
        }
    }

    /// Gives how many bytes the id of an object has.
    pub(super) fn bytes(self) -> usize {
        self.letters() / 2
    }

    /// Gives how many letters the id of an object has.
    fn letters(self) -> usize {
        match self {
            Format::Sha1 => 40,
            Format::Sha256 => 64,
        }
    }
}

/// The id of an object: a commit, a tree or the content of a file.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Oid {
    letters: [u8; 64],
    format: Format,
}

impl Oid {
    /// Reads a whole id.
    pub fn parse(text: &str) -> Option<Self> {
        let mut formats = Format::ALL.into_iter();
        let format = formats.find(|format| format.letters() == text.len())?;
        let mut letters = [b'0'; 64];
        letters[..text.len()].copy_from_slice(text.to_ascii_lowercase().as_bytes());
        let is_hexadecimal = letters.iter().all(u8::is_ascii_hexdigit);
        is_hexadecimal.then_some(Oid { letters, format })
    }

    /// Reads an id as it is stored.
    pub(super) fn of_bytes(bytes: &[u8]) -> Option<Self> {
        let mut formats = Format::ALL.into_iter();
        let format = formats.find(|format| format.bytes() == bytes.len())?;
        let letters = letters(bytes);
        Some(Oid { letters, format })
    }

    /// Gives the id as text.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.letters[..self.format.letters()]).unwrap_or_default()
    }

    /// Gives the format that it is in.
    pub fn format(&self) -> Format {
        self.format
    }
}

impl From<git2::Oid> for Oid {
    fn from(id: git2::Oid) -> Self {
        Oid {
            letters: letters(id.as_bytes()),
            format: Format::Sha1,
        }
    }
}

/// Writes bytes as letters, two for each.
fn letters(bytes: &[u8]) -> [u8; 64] {
    let digit = |half: u8| b"0123456789abcdef"[usize::from(half)];
    let mut letters = [b'0'; 64];
    for (letters, byte) in letters.chunks_exact_mut(2).zip(bytes) {
        letters.copy_from_slice(&[digit(byte >> 4), digit(byte & 15)]);
    }
    letters
}

impl TryFrom<Oid> for git2::Oid {
    type Error = git2::Error;

    fn try_from(id: Oid) -> Result<Self, git2::Error> {
        git2::Oid::from_str(id.as_str())
    }
}

impl fmt::Display for Oid {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl fmt::Debug for Oid {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Oid({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::Oid;

    #[test]
    fn an_id_is_whole_and_in_one_of_two_formats() {
        for text in ["a1".repeat(20), "a1".repeat(32)] {
            assert_eq!(Oid::parse(&text).unwrap().to_string(), text);
            assert_eq!(Oid::parse(&text).unwrap().format().letters(), text.len());
            assert_eq!(Oid::parse(&text.to_uppercase()).unwrap().to_string(), text);
        }
        for text in [
            String::new(),
            "a1".repeat(19),
            "a1".repeat(33),
            "g1".repeat(20),
        ] {
            assert_eq!(Oid::parse(&text), None);
        }
        let short = git2::Oid::from_str(&"0b".repeat(20)).unwrap();
        assert_eq!(Oid::from(short).as_str(), "0b".repeat(20));
        assert_eq!(git2::Oid::try_from(Oid::from(short)).unwrap(), short);
    }
}
