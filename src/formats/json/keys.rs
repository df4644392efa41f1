//! Which keys stand on which line.

use super::{Fault, check};

/// Gives the keys that each line holds a part of, the one that it begins with first.
pub(in crate::formats) fn keys(text: &str) -> Result<Vec<Vec<String>>, Fault> {
    check(text)?;
    let mut reader = Reader::default();
    let lines = text.lines().map(|line| reader.line(line));
    Ok(lines.collect())
}

/// What is open where the reading of a valid document has come to.
#[derive(Default)]
struct Reader {
    /// The keys from the root; an array has none of its own.
    open: Vec<Level>,
}

enum Level {
    Object(Option<String>),
    Array,
}

impl Reader {
    /// Reads a line; texts never go over a line's end.
    fn line(&mut self, line: &str) -> Vec<String> {
        let mut keys: Vec<String> = Vec::new();
        let mut rest = line.trim_start();
        while let Some(first) = rest.chars().next() {
            let mut length = first.len_utf8();
            match first {
                '"' => {
                    length = text_length(rest);
                    let after = rest.get(length..).unwrap_or_default().trim_start();
                    if after.starts_with(':')
                        && let Some(Level::Object(key)) = self.open.last_mut()
                    {
                        *key = serde_json::from_str(&rest[..length]).ok();
                    }
                    self.note(&mut keys);
                }
                '{' => self.open.push(Level::Object(None)),
                '[' => self.open.push(Level::Array),
                '}' | ']' => {
                    self.open.pop();
                    self.note(&mut keys);
                }
                ',' | ':' => {}
                _ => self.note(&mut keys),
            }
            rest = rest.get(length..).unwrap_or_default().trim_start();
        }
        keys
    }

    /// Notes the path of what is read, once.
    fn note(&self, keys: &mut Vec<String>) {
        let names = self.open.iter().filter_map(|level| match level {
            Level::Object(key) => key.as_deref(),
            Level::Array => None,
        });
        let path = names.collect::<Vec<_>>().join("\u{1f}");
        if !keys.contains(&path) {
            keys.push(path);
        }
    }
}

/// Gives the length of the text that something begins with, with its quotes.
fn text_length(rest: &str) -> usize {
    let mut is_escaped = false;
    let inside = rest.char_indices().skip(1).find(|(_, letter)| {
        let ends = *letter == '"' && !is_escaped;
        is_escaped = *letter == '\\' && !is_escaped;
        ends
    });
    inside.map_or(rest.len(), |(end, _)| end + 1)
}

#[cfg(test)]
mod tests {
    use super::keys;

    #[test]
    fn lines_have_the_keys_that_stand_on_them() {
        let text = "{\n  \"a\": {\n    \"b\": [\n      1,\n      \"x\\\"\"\n    ],\n    \"c\": 1\n  },\n  \"d\": {\"e\": 2}\n}\n";
        let joined: Vec<String> = keys(text)
            .unwrap()
            .iter()
            .map(|keys| keys.join(" ").replace('\u{1f}', "."))
            .collect();
        assert_eq!(
            joined,
            ["", "a", "a.b", "a.b", "a.b", "a.b", "a.c", "a", "d d.e", ""]
        );
    }
}
