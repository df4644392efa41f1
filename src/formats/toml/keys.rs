//! Which keys stand on which line.

use std::ops::Range;

use super::document::Section;
use super::read;
use crate::formats::error::Fault;

/// Gives the keys that each line holds a part of; a comment is about what follows it.
pub(in crate::formats) fn keys(text: &str) -> Result<Vec<Vec<String>>, Fault> {
    let document = read::read(text)?;
    let mut lines = Lines {
        text,
        keys: vec![Vec::new(); text.lines().count()],
    };
    for section in document.sections.iter().flat_map(Section::flat) {
        lines.add(&section.path.to_string(), section.range.as_ref());
        for entry in &section.entries {
            let path = section.path.join(&entry.names);
            lines.add(&path.to_string(), entry.range.as_ref());
        }
    }
    Ok(lines.finish())
}

/// The keys found so far.
struct Lines<'text> {
    text: &'text str,
    keys: Vec<Vec<String>>,
}

impl Lines<'_> {
    fn add(&mut self, key: &str, range: Option<&Range<usize>>) {
        let Some(range) = range else { return };
        let line_of = |offset: usize| {
            let before = self.text.get(..offset).unwrap_or_default();
            before.matches('\n').count()
        };
        let (first, last) = (line_of(range.start), line_of(range.end));
        for keys in self.keys.iter_mut().take(last + 1).skip(first) {
            keys.push(key.to_owned());
        }
    }

    fn finish(mut self) -> Vec<Vec<String>> {
        let lines: Vec<&str> = self.text.lines().collect();
        let mut following = Vec::new();
        for (line, keys) in lines.iter().zip(&mut self.keys).rev() {
            if keys.is_empty() && line.trim_start().starts_with('#') {
                keys.clone_from(&following);
            } else {
                following.clone_from(keys);
            }
        }
        self.keys
    }
}

#[cfg(test)]
mod tests {
    use super::keys;

    #[test]
    fn lines_have_the_keys_that_stand_on_them() {
        let text = "a = 1\n\n# about\n[tool.x] # x\nb.c = [\n    1,\n]\n\n[[tool.y]]\nd = {e = 1}\n\n[[tool.y]]\nd = 2\n";
        let keys = keys(text).unwrap();
        let expected = [
            "a",
            "",
            "tool.x",
            "tool.x",
            "tool.x.b.c",
            "tool.x.b.c",
            "tool.x.b.c",
            "",
            "tool.y",
            "tool.y.d",
            "",
            "tool.y",
            "tool.y.d",
        ];
        let joined: Vec<String> = keys.iter().map(|keys| keys.join(" ")).collect();
        assert_eq!(joined, expected);
    }
}
