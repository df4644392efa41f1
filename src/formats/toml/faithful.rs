//! Prints a changed document so that what wasn't changed looks as it did.

use std::ops::Range;

use super::document::{Document, Entry, Section};

/// Prints a document; what lies between two parts is taken from the text that they were read
/// from, as long as it says the same.
pub(super) fn print(document: &Document, source: &str) -> String {
    let blocks = blocks(document);
    let mut text = String::new();
    let mut before = None;
    for block in &blocks {
        text.push_str(&Seam::new(document, before, Some(block)).print(source));
        text.push_str(&block.text);
        before = Some(block);
    }
    text.push_str(&Seam::new(document, before, None).print(source));
    if !source.is_empty() && !source.ends_with('\n') && text.ends_with('\n') {
        text.pop();
    }
    text
}

/// A header or an entry.
struct Block<'doc> {
    text: String,
    is_header: bool,
    gap: usize,
    lead: &'doc [String],
    comment: &'doc str,
    /// The comments below it, at the end of its section.
    tail: &'doc [String],
    range: Option<&'doc Range<usize>>,
}

fn blocks(document: &Document) -> Vec<Block<'_>> {
    let mut blocks = Vec::new();
    for section in document.sections.iter().flat_map(Section::flat) {
        if section.path.depth() > 0 {
            blocks.push(Block {
                text: section.title.clone(),
                is_header: true,
                gap: section.gap,
                lead: &section.lead,
                comment: &section.comment,
                tail: &[],
                range: section.range.as_ref(),
            });
        }
        blocks.extend(section.entries.iter().map(block));
        if let Some(last) = blocks.last_mut() {
            last.tail = &section.tail;
        }
    }
    blocks
}

fn block(entry: &Entry) -> Block<'_> {
    Block {
        text: format!("{}{}", entry.opening, entry.value),
        is_header: false,
        gap: entry.gap,
        lead: &entry.lead,
        comment: &entry.comment,
        tail: &[],
        range: entry.range.as_ref(),
    }
}

/// What lies between two blocks.
struct Seam<'doc> {
    before: Option<&'doc Block<'doc>>,
    after: Option<&'doc Block<'doc>>,
    /// The lines, the first of which ends the line of the block before.
    lines: Vec<&'doc str>,
    /// How many blank lines must stand behind the first line; none when that is free.
    blank: Option<usize>,
}

impl<'doc> Seam<'doc> {
    fn new(
        document: &'doc Document,
        before: Option<&'doc Block>,
        after: Option<&'doc Block>,
    ) -> Self {
        let mut lines: Vec<&str> = Vec::new();
        match before {
            Some(block) => {
                lines.push(block.comment);
                lines.extend(block.tail.iter().map(String::as_str));
            }
            None => lines.extend(document.header.iter().map(String::as_str)),
        }
        let gap = match (before, after) {
            (None, _) => usize::from(!document.header.is_empty()),
            (Some(_), None) => usize::from(!document.footer.is_empty()),
            (Some(before), Some(after)) if before.is_header && !after.is_header => 0,
            (Some(_), Some(after)) => after.gap,
        };
        let is_above =
            |after: &Block| before.is_some_and(|before| after.is_header || !before.is_header);
        lines.extend(std::iter::repeat_n("", gap));
        let lead = after.map_or(document.footer.as_slice(), |block| block.lead);
        lines.extend(lead.iter().map(String::as_str));
        Seam {
            before,
            after,
            lines,
            blank: after.is_some_and(is_above).then_some(gap),
        }
    }

    fn print(&self, source: &str) -> String {
        if let Some(raw) = self.raw(source).filter(|raw| self.says(raw)) {
            return raw.to_owned();
        }
        let mut text = self.lines.join("\n");
        if !self.lines.is_empty() {
            text.push('\n');
        }
        text
    }

    /// Gives what lay between the blocks, if both were there.
    fn raw<'text>(&self, source: &'text str) -> Option<&'text str> {
        let start = match self.before {
            Some(block) => block.range?.end,
            None => 0,
        };
        let end = match self.after {
            Some(block) => block.range?.start,
            None => source.len(),
        };
        source.get(start..end)
    }

    /// Tells whether a text has the same comments, and blank lines where they matter.
    fn says(&self, raw: &str) -> bool {
        let mut lines: Vec<&str> = raw.split('\n').map(str::trim_end).collect();
        // What follows the last line end is the beginning of the next block's line.
        if self.after.is_some() {
            lines.pop();
        }
        let first = |lines: &[&str]| self.before.and(lines.first().copied()).map(str::to_owned);
        let tail = self.before.map_or(0, |block| block.tail.len());
        let blank = |lines: &[&str]| {
            let behind = lines.iter().skip(1 + tail);
            behind.take_while(|line| line.is_empty()).count()
        };
        let is_spaced = self.blank.is_none_or(|gap| gap == blank(&lines));
        let words = |lines: &[&str]| -> Vec<String> {
            let words = lines.iter().filter(|line| !line.is_empty());
            words.map(|line| (*line).to_owned()).collect()
        };
        is_spaced && first(&lines) == first(&self.lines) && words(&lines) == words(&self.lines)
    }
}
