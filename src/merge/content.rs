//! The content of one file, merged.

use std::borrow::Cow;

use crate::error::{Error, Result};
use crate::formats::{Format, LineEnding, Merged, is_text};
use crate::git;
use crate::merge::frame::Frame;
use crate::tree::{Entry, ProjectPath};

/// What the sides are called at the markers of a conflict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Labels {
    /// The user's side.
    pub yours: String,
    /// The common base.
    pub base: String,
    /// The template's side.
    pub desired: String,
}

impl Labels {
    /// Says which version of a template the sides come from.
    pub fn new(base: &str, desired: &str) -> Self {
        Labels {
            yours: "yours".to_owned(),
            base: format!("base: {base}"),
            desired: format!("template: {desired}"),
        }
    }

    /// Gives them in the order of the markers.
    fn names(&self) -> [&str; 3] {
        [&self.yours, &self.base, &self.desired]
    }
}

/// What a file holds after a merge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// What the user has.
    Yours,
    /// What the template has, with the user's line endings.
    Desired(Vec<u8>),
    /// The changes of both.
    Merged(Vec<u8>),
    /// The changes of both, with markers where they meet.
    Conflict(Vec<u8>),
    /// Two files that can't be one.
    Apart,
}

/// Merges what two sides made of a file; without a base, both made it new.
pub fn merge_content(
    path: &ProjectPath,
    base: Option<&[u8]>,
    yours: &[u8],
    desired: &[u8],
    labels: &Labels,
) -> Result<Content> {
    merge_bytes(path, base, (yours, desired), labels).map_err(|error| {
        let message = format!("can't merge {path}: {}", error.message);
        Error { message, ..error }
    })
}

fn merge_bytes(
    path: &ProjectPath,
    base: Option<&[u8]>,
    (yours, desired): (&[u8], &[u8]),
    labels: &Labels,
) -> Result<Content> {
    if base == Some(yours) && base != Some(desired) {
        return Ok(Content::Desired(desired.to_vec()));
    }
    let is_base = |side: &[u8]| base.is_some_and(|base| is_alike(base, side));
    if is_alike(yours, desired) || is_base(desired) {
        return Ok(Content::Yours);
    }
    let sides = [base.unwrap_or_default(), yours, desired];
    if !sides.into_iter().all(is_text) {
        return Ok(Content::Apart);
    }
    let frame = Frame::merge(base.map(Frame::of), Frame::of(yours), Frame::of(desired));
    let [_, own, new] = sides.map(Frame::strip);
    let base = base.map(Frame::strip);
    Ok(
        match merge_lines(path, base.as_deref(), &own, &new, labels)? {
            Content::Desired(lines) => Content::Desired(frame.put(lines)),
            Content::Merged(lines) => Content::Merged(frame.put(lines)),
            Content::Conflict(lines) => Content::Conflict(frame.mark(lines)),
            whole @ (Content::Yours | Content::Apart) => whole,
        },
    )
}

/// Merges texts that begin and end alike.
fn merge_lines(
    path: &ProjectPath,
    base: Option<&[u8]>,
    yours: &[u8],
    desired: &[u8],
    labels: &Labels,
) -> Result<Content> {
    let is_base = |side: &[u8]| base.is_some_and(|base| is_alike(base, side));
    if is_alike(yours, desired) || is_base(desired) {
        return Ok(Content::Yours);
    }
    let is_untouched = is_base(yours);
    let base = base.unwrap_or_default();
    if is_untouched {
        return with_endings(base, yours, desired, labels);
    }
    let texts = [base, yours, desired].map(std::str::from_utf8);
    if let [Ok(base), Ok(yours), Ok(desired)] = texts {
        let format = Format::of(path);
        if let Some(Ok(merged)) = format.merge(base, yours, desired) {
            return by_format(&merged, labels);
        }
        let merged = by_line(
            base.as_bytes(),
            yours.as_bytes(),
            desired.as_bytes(),
            labels,
        )?;
        return match &merged {
            Content::Merged(text) if breaks(format, yours, text) => {
                Ok(whole(base, yours, desired, labels))
            }
            _ => Ok(merged),
        };
    }
    by_line(base, yours, desired, labels)
}

/// Gives the template's lines the endings that the user's have.
fn with_endings(base: &[u8], yours: &[u8], desired: &[u8], labels: &Labels) -> Result<Content> {
    let [Ok(own), Ok(new)] = [yours, desired].map(std::str::from_utf8) else {
        return Ok(Content::Desired(desired.to_vec()));
    };
    let ending = LineEnding::of(own);
    // Where some lines end so and some so, each keeps what it has.
    if ending.apply(own) != own
        && let Content::Merged(text) = by_line(base, yours, desired, labels)?
    {
        return Ok(Content::Desired(text));
    }
    Ok(Content::Desired(ending.apply(new).into_bytes()))
}

/// Gives the user's file what it lacks, where its format tells what that is; what it has, wins.
pub fn gain(path: &ProjectPath, yours: &[u8], desired: &[u8]) -> Content {
    let texts = (std::str::from_utf8(yours), std::str::from_utf8(desired));
    let (Ok(yours), Ok(desired)) = texts else {
        return Content::Apart;
    };
    match Format::of(path).gain(yours, desired) {
        Some(Ok(Merged::Clean(text) | Merged::Conflict { yours: text, .. })) => {
            if text == yours {
                Content::Yours
            } else {
                Content::Merged(text.into_bytes())
            }
        }
        Some(Err(_)) | None => Content::Apart,
    }
}

/// Takes what was merged by key; the keys that couldn't be are left to the merge by line.
fn by_format(merged: &Merged, labels: &Labels) -> Result<Content> {
    match merged {
        Merged::Clean(text) => Ok(Content::Merged(text.clone().into_bytes())),
        Merged::Conflict {
            base,
            yours,
            desired,
        } => {
            let marked = by_line(
                base.as_bytes(),
                yours.as_bytes(),
                desired.as_bytes(),
                labels,
            )?;
            match marked {
                // Lines that lie apart merge, although the keys don't go together.
                Content::Merged(_) => Ok(whole(base, yours, desired, labels)),
                marked => Ok(marked),
            }
        }
    }
}

/// Merges by line, with markers where both sides changed the same lines.
fn by_line(base: &[u8], yours: &[u8], desired: &[u8], labels: &Labels) -> Result<Content> {
    let merged = git::merge_file(base, yours, desired, labels.names())?;
    Ok(if merged.conflicts {
        Content::Conflict(merged.text)
    } else {
        Content::Merged(merged.text)
    })
}

/// Tells whether a merged text isn't valid any more, while the user's was.
fn breaks(format: Format, yours: &str, merged: &[u8]) -> bool {
    let is_valid = |text: &str| format.check(text).is_ok();
    is_valid(yours) && !std::str::from_utf8(merged).is_ok_and(is_valid)
}

/// Puts whole texts into one conflict, where no part of them can be merged.
fn whole(base: &str, yours: &str, desired: &str, labels: &Labels) -> Content {
    let unix = [base, yours, desired].map(|text| LineEnding::Unix.apply(text));
    let marked = git::whole_conflict(unix.each_ref().map(String::as_bytes), labels.names());
    let text = String::from_utf8_lossy(&marked);
    Content::Conflict(LineEnding::of(yours).apply(&text).into_bytes())
}

/// Tells whether two files are the same, but for their line endings.
pub fn is_same(one: &Entry, other: &Entry) -> bool {
    one.executable == other.executable && is_alike(&one.bytes, &other.bytes)
}

/// Tells whether two contents are the same, but for their line endings.
pub(super) fn is_alike(one: &[u8], other: &[u8]) -> bool {
    one == other || unix(one) == unix(other)
}

/// Tells whether a text has the markers of a conflict.
pub fn has_markers(bytes: &[u8]) -> bool {
    let marked = |marker: &[u8]| {
        bytes
            .split(|byte| *byte == b'\n')
            .any(|line| line.starts_with(marker))
    };
    is_text(bytes) && marked(b"<<<<<<< ") && marked(b">>>>>>> ")
}

/// Ends all lines the Unix way, to compare texts.
fn unix(bytes: &[u8]) -> Cow<'_, [u8]> {
    if !is_text(bytes) || !bytes.contains(&b'\r') {
        return Cow::Borrowed(bytes);
    }
    let mut unix = Vec::with_capacity(bytes.len());
    for (place, byte) in bytes.iter().enumerate() {
        if *byte != b'\r' || bytes.get(place + 1) != Some(&b'\n') {
            unix.push(*byte);
        }
    }
    Cow::Owned(unix)
}
