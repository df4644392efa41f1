//! Three versions of a file of lines, merged line by line within paragraphs.

use std::collections::HashMap;

use super::{assigned_key, is_comment};
use crate::formats::error::FormatError;
use crate::formats::merge::{Choice, Merged, Versions};
use crate::formats::order;

/// Merges two changes of a file: lines that the template added come to the paragraph that they
/// stand in there, and lines that it removed go. Only assignments of one key can be in conflict.
///
/// A comment comes only with a line that follows it. It never fails.
#[expect(
    clippy::unnecessary_wraps,
    reason = "all formats are merged by functions of one type"
)]
pub(in crate::formats) fn merge(texts: &Versions<&str>) -> Result<Merged, FormatError> {
    let files = texts.map(File::read);
    let mut page = Page::new(&files.yours);
    for (index, line) in files.yours.lines.iter().enumerate() {
        let versions = files.each_ref().map(|file| file.text(&line.key));
        let mut kept = decide(line, &versions).map(|text| text.map(str::to_owned));
        if let Some(slot) = page.slots.get_mut(index) {
            std::mem::swap(&mut slot.texts, &mut kept);
        }
    }
    page.add(&files);
    let is_open = !texts.yours.is_empty() && !texts.yours.ends_with('\n');
    let merged = page.print().map(|mut text| {
        if is_open && text.ends_with('\n') {
            text.pop();
        }
        text
    });
    Ok(Merged::of(merged))
}

/// Chooses what becomes of a line of the user's.
fn decide<'text>(
    line: &Line,
    versions: &Versions<Option<&'text str>>,
) -> Versions<Option<&'text str>> {
    match versions.choose_present() {
        Choice::Neither if assigned_key(line.text).is_some() => *versions,
        Choice::Yours | Choice::Neither => Versions::alike(&versions.yours),
        Choice::Desired => Versions::alike(&versions.desired),
    }
}

/// The lines of a file that aren't blank.
struct File<'text> {
    lines: Vec<Line<'text>>,
    places: HashMap<String, usize>,
    /// What follows the last of the lines.
    end: &'text str,
}

/// A line with something on it.
#[derive(Debug, Clone)]
struct Line<'text> {
    text: &'text str,
    /// What it is about: the key of an assignment, or all of it.
    key: String,
    /// The blank lines before it.
    gap: &'text str,
}

impl<'text> File<'text> {
    fn read(text: &'text str) -> Self {
        let mut lines = Vec::new();
        let (mut start, mut position) = (0, 0);
        for line in text.split_inclusive('\n') {
            let from = position;
            position += line.len();
            if line.trim().is_empty() {
                continue;
            }
            let gap = text.get(start..from).unwrap_or_default();
            lines.push((gap, line.strip_suffix('\n').unwrap_or(line)));
            start = position;
        }
        let keys = order::numbered(lines.iter().map(|(_, line)| key(line)));
        let places = keys.iter().cloned().zip(0..).collect();
        let lines = lines.into_iter().zip(keys);
        File {
            lines: lines
                .map(|((gap, text), key)| Line { text, key, gap })
                .collect(),
            places,
            end: text.get(start..).unwrap_or_default(),
        }
    }

    fn text(&self, key: &str) -> Option<&'text str> {
        let line = self.lines.get(*self.places.get(key)?)?;
        Some(line.text)
    }

    fn has(&self, key: &str) -> bool {
        self.places.contains_key(key)
    }

    /// Gives the paragraphs.
    fn paragraphs(&self) -> impl Iterator<Item = &[Line<'text>]> {
        self.lines.chunk_by(|_, next| next.gap.is_empty())
    }
}

/// Tells what a line is about.
fn key(line: &str) -> String {
    let assigned = |line| assigned_key(line).map(|key| format!("{key}="));
    let commented = || {
        let text = line.strip_prefix('#').filter(|_| !is_comment(line))?;
        assigned(text.trim_start()).map(|key| format!("# {key}"))
    };
    let known = assigned(line).or_else(commented);
    known.unwrap_or_else(|| line.trim_end().to_owned())
}

/// A file that is being put together: the user's lines, and new ones around them.
struct Page<'text> {
    slots: Vec<Slot<'text>>,
    /// The first and the last slot of the paragraph that each slot is in.
    edges: Vec<(usize, usize)>,
    /// New paragraphs without neighbours.
    rest: Vec<Line<'text>>,
    /// What follows the last line.
    end: &'text str,
}

/// A line of the user's with what comes before and behind it.
#[derive(Default)]
struct Slot<'text> {
    gap: &'text str,
    /// New paragraphs before the one that begins here.
    above: Vec<Line<'text>>,
    before: Vec<Line<'text>>,
    texts: Versions<Option<String>>,
    behind: Vec<Line<'text>>,
    /// New paragraphs behind the one that ends here.
    below: Vec<Line<'text>>,
}

impl<'text> Page<'text> {
    fn new(yours: &File<'text>) -> Self {
        let mut edges = Vec::new();
        for paragraph in yours.paragraphs() {
            let (start, end) = (edges.len(), edges.len() + paragraph.len());
            edges.resize(end, (start, end - 1));
        }
        let slot = |line: &Line<'text>| Slot {
            gap: line.gap,
            ..Slot::default()
        };
        Page {
            slots: yours.lines.iter().map(slot).collect(),
            edges,
            rest: Vec::new(),
            end: yours.end,
        }
    }

    /// Adds what is new in the template.
    fn add(&mut self, files: &Versions<File<'text>>) {
        let mut anchor = None;
        for paragraph in files.desired.paragraphs() {
            let known = |line: &Line| files.yours.places.get(&line.key).copied();
            let mut new = new_lines(paragraph, files);
            if let Some(first) = paragraph.iter().find_map(known) {
                let mut near = None;
                for line in paragraph {
                    near = known(line).or(near);
                    if let Some(line) = new.remove(&line.key) {
                        self.put(line, near, first);
                    }
                }
                self.put_waiting(first);
                anchor = near.or(anchor);
            } else {
                let lines = paragraph.iter().filter_map(|line| new.remove(&line.key));
                self.put_paragraph(lines.collect(), anchor);
            }
        }
    }

    /// Puts a line behind its neighbour, or before the first of its paragraph that is there.
    fn put(&mut self, line: Line<'text>, near: Option<usize>, first: usize) {
        if let Some(slot) = near.and_then(|near| self.slots.get_mut(near)) {
            slot.behind.push(line);
        } else if let Some(slot) = self.slots.get_mut(first) {
            slot.before.push(line);
        }
    }

    /// Puts a paragraph behind that of its neighbour.
    fn put_paragraph(&mut self, mut lines: Vec<Line<'text>>, anchor: Option<usize>) {
        if let Some(first) = lines.first_mut() {
            first.gap = if first.gap.is_empty() {
                "\n"
            } else {
                first.gap
            };
        }
        let edges = anchor.and_then(|anchor| self.edges.get(anchor));
        match edges.and_then(|&(_, end)| self.slots.get_mut(end)) {
            Some(slot) => slot.below.append(&mut lines),
            None => self.rest.append(&mut lines),
        }
    }

    /// Puts the paragraphs that had no neighbour so far before that of a line.
    fn put_waiting(&mut self, line: usize) {
        let edges = self.edges.get(line);
        if let Some(slot) = edges.and_then(|&(start, _)| self.slots.get_mut(start)) {
            slot.above.append(&mut self.rest);
        }
    }

    fn print(&self) -> Versions<String> {
        let print = |pick: fn(&Versions<Option<String>>) -> Option<&String>| {
            let mut text = Text::default();
            text.gap
                .push_str(self.slots.first().map_or("", |slot| slot.gap));
            for slot in &self.slots {
                text.gap(slot.gap);
                text.lines(&slot.above);
                if !slot.above.is_empty() {
                    text.gap("\n");
                }
                text.lines(&slot.before);
                if let Some(line) = pick(&slot.texts) {
                    text.line(line);
                }
                text.lines(&slot.behind);
                text.lines(&slot.below);
            }
            text.lines(&self.rest);
            text.text + self.end
        };
        Versions {
            base: print(|texts| texts.base.as_ref()),
            yours: print(|texts| texts.yours.as_ref()),
            desired: print(|texts| texts.desired.as_ref()),
        }
    }
}

/// Gives the lines of a paragraph that are to be added, by key.
fn new_lines<'text>(
    paragraph: &[Line<'text>],
    files: &Versions<File<'text>>,
) -> HashMap<String, Line<'text>> {
    let is_new = |line: &Line| !files.base.has(&line.key) && !files.yours.has(&line.key);
    let mut new = HashMap::new();
    let mut takes_comments = true;
    for line in paragraph.iter().rev() {
        if !is_comment(line.text) {
            let is_old = files.base.has(&line.key) && files.yours.has(&line.key);
            takes_comments = is_new(line) || is_old;
        }
        if is_new(line) && (takes_comments || !is_comment(line.text)) {
            new.insert(line.key.clone(), line.clone());
        }
    }
    new
}

/// A text with the blank lines that are due before the next line.
#[derive(Default)]
struct Text {
    text: String,
    gap: String,
}

impl Text {
    /// Lets blank lines stand before the next line; the largest gap counts.
    fn gap(&mut self, gap: &str) {
        if gap.len() > self.gap.len() && !self.text.is_empty() {
            gap.clone_into(&mut self.gap);
        }
    }

    fn line(&mut self, line: &str) {
        self.text.push_str(&std::mem::take(&mut self.gap));
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn lines(&mut self, lines: &[Line]) {
        for line in lines {
            self.gap(line.gap);
            self.line(line.text);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::formats::{Format, Merged};

    fn merge(base: &str, yours: &str, desired: &str) -> Merged {
        Format::Lines.merge(base, yours, desired).unwrap().unwrap()
    }

    #[track_caller]
    fn assert_merges(base: &str, yours: &str, desired: &str, expected: &str) {
        let merged = merge(base, yours, desired);
        assert_eq!(merged, Merged::Clean(expected.to_owned()));
        assert_eq!(merge(desired, expected, desired), merged);
    }

    #[test]
    fn lines_come_to_their_paragraphs() {
        assert_merges(
            "# A\na\n\n# B\nb\n",
            "# A\na\nu\n\n\n# B\nb\n\n# U\nv\n",
            "# A\na\nc\n\n# C\nd\n\n# B\n# why\ne\nb\n",
            "# A\na\nc\nu\n\n# C\nd\n\n\n# B\n# why\ne\nb\n\n# U\nv\n",
        );
        assert_merges("a\n", "a\nu", "a\nb\n", "a\nb\nu");
        assert_merges("a\n", "a\nu", "a\n\nb\n", "a\nu\n\nb");
        assert_merges("", "a\nu\n", "# A\na\n# B\nb\n", "a\n# B\nb\nu\n");
    }

    #[test]
    fn lines_go_with_their_comments() {
        assert_merges(
            "a\n\n# B\nb\nc\n\nd\n",
            "a\n\n# B\nb\nc\n\nd\nu\n",
            "a\n\nd\n",
            "a\n\nd\nu\n",
        );
        assert_merges("# A\na\nb\n", "# A\na\nu\n", "", "u\n");
        assert_merges(
            "# Old.\n\na\n",
            "# Old.\n\na\nu\n",
            "# New.\n\na\n",
            "# New.\n\na\nu\n",
        );
        assert_merges("a\nb\n", "b\nu\n", "a\nb\nc\n", "b\nc\nu\n");
    }

    #[test]
    fn assignments_are_merged_by_key() {
        assert_merges(
            "A=1\nB=1\n# C=1\nD=1\n",
            "A=2\nB=1\nC=5\nD=2\nU=1\n",
            "A=1\nB=2\n# C=2\nE=1\n",
            "A=2\nB=2\nC=5\nD=2\nU=1\n"
                .replace("B=2\n", "B=2\nE=1\n")
                .as_str(),
        );
        let of = |a: &str| format!("{a}B=2\nU=1\n");
        assert_eq!(
            merge("A=1\nB=1\n", "A=2\nB=1\nU=1\n", "A=3\nB=2\n"),
            Merged::Conflict {
                base: of("A=1\n"),
                yours: of("A=2\n"),
                desired: of("A=3\n"),
            }
        );
        assert_eq!(
            merge("", "A=2\nU=1\n", "A=3\nB=2\n"),
            Merged::Conflict {
                base: of(""),
                yours: of("A=2\n"),
                desired: of("A=3\n"),
            }
        );
    }

    #[test]
    fn long_files_are_merged() {
        let lines = |from: usize, to: usize| -> String {
            let lines: Vec<String> = (from..to).map(|line| format!("line{line}")).collect();
            lines.join("\n") + "\n"
        };
        let base = lines(0, 10_000);
        let merged = merge(
            &base,
            &lines(1, 20_000),
            &(base.clone() + &lines(30_000, 40_000)),
        );
        assert_eq!(
            merged,
            Merged::Clean(lines(1, 10_000) + &lines(30_000, 40_000) + &lines(10_000, 20_000))
        );
    }
}
