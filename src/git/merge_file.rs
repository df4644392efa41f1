//! Merging one text by lines.

mod conflict;

use std::borrow::Cow;

use git2::{Buf, MergeFileInput, MergeFileOptions};

use crate::error::{Error, Result};
use crate::formats::is_text;

use conflict::plain;
pub use conflict::whole_conflict;

/// A text made of two others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextMerge {
    /// The merged text, with markers where both sides changed the same lines.
    pub text: Vec<u8>,
    /// Whether there are markers in it.
    pub conflicts: bool,
}

/// Merges two changed texts with the one that both came from, as `git merge-file --zdiff3` does.
///
/// The labels stand in the markers, for `yours`, `base` and `desired` in this order. The lines of
/// the result end as those of `yours` do: a side that differs in nothing else has no change. Fails
/// where one of the three isn't text.
pub fn merge_file(
    base: &[u8],
    yours: &[u8],
    desired: &[u8],
    labels: [&str; 3],
) -> Result<TextMerge> {
    if let Some(clean) = settle(base, yours, desired) {
        return Ok(clean);
    }
    if ![base, yours, desired].into_iter().all(is_text) {
        return Err(Error::failed(
            "can't merge by lines: one of the versions isn't text",
        ));
    }
    let Some(ending) = LineEnding::of(yours).or_else(|| LineEnding::of(desired)) else {
        return merge_lines(base, yours, desired, labels);
    };
    if ending == LineEnding::Mixed {
        return merge_lines(base, yours, desired, labels);
    }
    let mut merge = merge_lines(&unix(base), &unix(yours), &unix(desired), labels)?;
    if ending == LineEnding::Windows {
        merge.text = windows(&merge.text);
    }
    Ok(merge)
}

/// Merges what needs no look at single lines.
fn settle(base: &[u8], yours: &[u8], desired: &[u8]) -> Option<TextMerge> {
    let text = if base == yours {
        desired
    } else if base == desired || yours == desired {
        yours
    } else {
        return None;
    };
    Some(TextMerge {
        text: text.to_owned(),
        conflicts: false,
    })
}

/// Merges texts whose lines end alike, or as they may.
fn merge_lines(base: &[u8], yours: &[u8], desired: &[u8], labels: [&str; 3]) -> Result<TextMerge> {
    if let Some(clean) = settle(base, yours, desired) {
        return Ok(clean);
    }
    if base.is_empty() || yours.is_empty() || desired.is_empty() {
        // libgit2 leaves the label of an empty side out.
        return Ok(TextMerge {
            text: whole_conflict([base, yours, desired], labels),
            conflicts: true,
        });
    }
    let [yours_label, base_label, desired_label] = labels.map(plain);
    // Merging is the one thing that libgit2 can't do before it has done another: this one is free.
    drop(Buf::new());
    let mut options = MergeFileOptions::new();
    options
        .style_zdiff3(true)
        .our_label(yours_label)
        .ancestor_label(base_label)
        .their_label(desired_label);
    let [mut below, mut ours, mut theirs] = [(); 3].map(|()| MergeFileInput::new());
    below.content(base);
    ours.content(yours);
    theirs.content(desired);
    let merged = git2::merge_file(&below, &ours, &theirs, Some(&mut options))
        .map_err(|error| Error::failed(format!("can't merge by lines: {}", error.message())))?;
    Ok(TextMerge {
        text: merged.content().to_owned(),
        conflicts: !merged.is_automergeable(),
    })
}

/// How the lines of a text end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum LineEnding {
    /// All with `\n`.
    Unix,
    /// All with `\r\n`.
    Windows,
    /// Some so and some so.
    Mixed,
}

impl LineEnding {
    /// Looks at all lines that end; a text may have none.
    fn of(text: &[u8]) -> Option<Self> {
        let mut found = None;
        for line in text.split_inclusive(|byte| *byte == b'\n') {
            let ending = if line.ends_with(b"\r\n") {
                LineEnding::Windows
            } else if line.ends_with(b"\n") {
                LineEnding::Unix
            } else {
                continue;
            };
            if found.is_some_and(|before| before != ending) {
                return Some(LineEnding::Mixed);
            }
            found = Some(ending);
        }
        found
    }
}

/// Ends all lines with `\n`.
fn unix(text: &[u8]) -> Cow<'_, [u8]> {
    if !text.contains(&b'\r') {
        return Cow::Borrowed(text);
    }
    let lines = text.split_inclusive(|byte| *byte == b'\n');
    let lines = lines.flat_map(|line| match line.strip_suffix(b"\r\n") {
        Some(line) => [line, b"\n"],
        None => [line, b""],
    });
    Cow::Owned(lines.flatten().copied().collect())
}

/// Ends all lines with `\r\n`, when they end with `\n`.
fn windows(text: &[u8]) -> Vec<u8> {
    let lines = text.split_inclusive(|byte| *byte == b'\n');
    let lines = lines.flat_map(|line| match line.strip_suffix(b"\n") {
        Some(line) => [line, b"\r\n"],
        None => [line, b""],
    });
    lines.flatten().copied().collect()
}

#[cfg(test)]
mod tests;
