//! Where two texts differ, by lines.

use std::ops::Range;

use git2::{DiffOptions, Patch};

use crate::error::{Error, Result};

/// Lines that stand in one text instead of those in another one; either may be none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hunk {
    /// The lines of the older text, counted from 0.
    pub old: Range<usize>,
    /// The lines of the newer text, counted from 0.
    pub new: Range<usize>,
}

/// Finds the lines in which two texts differ, from the top to the bottom.
pub fn hunks(old: &str, new: &str) -> Result<Vec<Hunk>> {
    let failed =
        |error: git2::Error| Error::failed(format!("can't compare two texts: {}", error.message()));
    let mut options = DiffOptions::new();
    options.context_lines(0).interhunk_lines(0).force_text(true);
    let patch = Patch::from_buffers(
        old.as_bytes(),
        None,
        new.as_bytes(),
        None,
        Some(&mut options),
    )
    .map_err(failed)?;
    let mut hunks = Vec::new();
    for index in 0..patch.num_hunks() {
        let (hunk, _) = patch.hunk(index).map_err(failed)?;
        hunks.push(Hunk {
            old: range(hunk.old_start(), hunk.old_lines()),
            new: range(hunk.new_start(), hunk.new_lines()),
        });
    }
    Ok(hunks)
}

/// Counts lines from 0; where there are none, git names the line before.
fn range(start: u32, count: u32) -> Range<usize> {
    let start = if count == 0 {
        start
    } else {
        start.saturating_sub(1)
    };
    start as usize..(start + count) as usize
}

#[cfg(test)]
mod tests {
    use super::hunks;

    #[test]
    fn hunks_are_the_lines_that_differ() {
        let ranges = |old: &str, new: &str| -> Vec<_> {
            let hunks = hunks(old, new).unwrap().into_iter();
            hunks.map(|hunk| (hunk.old, hunk.new)).collect()
        };
        assert_eq!(ranges("a\nb\n", "a\nb\n"), []);
        assert_eq!(ranges("", "a\nb\n"), [(0..0, 0..2)]);
        assert_eq!(ranges("a\nb\nc\n", "a\nx\ny\nc\n"), [(1..2, 1..3)]);
        assert_eq!(
            ranges("a\nb\nc\nd\n", "b\nc\nd\ne\n"),
            [(0..1, 0..0), (4..4, 3..4)]
        );
    }
}
