//! Files of the user's that stand where the template has one, and don't come from it.
//!
//! They have no base, so that nothing is ever merged into them by line. What is remembered is what
//! the template had there the last time: only what it changes since then is news.

use std::collections::{BTreeMap, HashMap};

use super::{Both, names_beside};
use crate::error::Result;
use crate::tree::{Entry, ProjectPath, Tree};

/// Files with fewer lines than this may have been rewritten and still come from the template's.
const FEWEST: usize = 10;

/// A file shares more than one line in so many with the one that it comes from.
const SHARE: usize = 10;

/// The files that stayed the user's, by the path that the template has them at.
pub type Kept = BTreeMap<ProjectPath, KeptFile>;

/// A file that stayed the user's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptFile {
    /// What the template had there the last time.
    pub last: Entry,
    /// What becomes of the template's news.
    pub both: Both,
}

/// Gives the paths where the template's news may lie still, beside files that stayed the user's.
pub fn beside_kept(kept: &Kept) -> Result<Tree> {
    let mut tree = Tree::new();
    for name in kept.keys().filter_map(|path| names_beside(path).next()) {
        let path = ProjectPath::parse(&name)?;
        if !kept.contains_key(&path) {
            tree.insert(path, Entry::default())?;
        }
    }
    Ok(tree)
}

/// Tells whether a text still has enough of another one for it to be the one that it comes from.
pub(super) fn comes_from(text: &[u8], base: &[u8]) -> bool {
    let lines = |text| -> Vec<&[u8]> {
        let lines = <[u8]>::split(text, |byte| *byte == b'\n').map(<[u8]>::trim_ascii);
        lines.filter(|line| !line.is_empty()).collect()
    };
    let base = lines(base);
    let mut counts: HashMap<&[u8], usize> = HashMap::new();
    for line in lines(text) {
        *counts.entry(line).or_default() += 1;
    }
    let is_shared = |line: &&&[u8]| match counts.get_mut(**line) {
        Some(count) if *count > 0 => {
            *count -= 1;
            true
        }
        _ => false,
    };
    base.len() < FEWEST || base.iter().filter(is_shared).count() * SHARE > base.len()
}

#[cfg(test)]
mod tests {
    use super::comes_from;

    #[test]
    fn a_text_that_shares_next_to_nothing_comes_from_elsewhere() {
        let base: String =
            (0..20).fold(String::new(), |text, line| format!("{text}line {line}\n\n"));
        let base = base.as_bytes();
        assert!(comes_from(base, base));
        assert!(comes_from(b"line 3\r\nmine\n  line 5\nline 7\n", base));
        assert!(!comes_from(b"line 3\n\n\nline 3\nline 3\nline 5\n", base));
        assert!(!comes_from(b"", base));
        assert!(comes_from(b"mine\n", b"one\ntwo\n"));
    }
}
