//! Which version of a text brought a line.

use crate::error::Result;
use crate::formats::Format;
use crate::git::{self, Hunk};

use super::Origin;

/// A text, and where each of its lines comes from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Traced {
    /// The text.
    pub text: String,
    /// The origins of each line.
    pub lines: Vec<Vec<Origin>>,
}

impl Traced {
    fn origins(&self, line: usize) -> Vec<Origin> {
        self.lines.get(line).cloned().unwrap_or_default()
    }

    /// Takes the origins of the neighbours where there are none: what follows a blank line, what
    /// is before any other.
    pub fn fill(&mut self) {
        let blank: Vec<bool> = self
            .text
            .lines()
            .map(|line| line.trim().is_empty())
            .collect();
        let mut following = Vec::new();
        for (origins, is_blank) in self.lines.iter_mut().zip(&blank).rev() {
            if origins.is_empty() && *is_blank {
                origins.clone_from(&following);
            }
            following.clone_from(origins);
        }
        let mut before: Vec<Origin> = self
            .lines
            .iter()
            .find(|o| !o.is_empty())
            .cloned()
            .unwrap_or_default();
        for origins in &mut self.lines {
            if origins.is_empty() {
                origins.clone_from(&before);
            }
            before.clone_from(origins);
        }
    }
}

/// Follows the lines of a text into its next version; new lines are asked for.
pub(super) fn follow(
    old: &Traced,
    text: String,
    origins_of: impl Fn(&Hunk, usize) -> Vec<Origin>,
) -> Result<Traced> {
    let count = text.lines().count();
    let mut lines = Vec::with_capacity(count);
    let mut old_line = 0;
    for hunk in git::hunks(&old.text, &text)? {
        while lines.len() < hunk.new.start {
            lines.push(old.origins(old_line));
            old_line += 1;
        }
        for line in hunk.new.clone() {
            lines.push(origins_of(&hunk, line));
        }
        old_line = hunk.old.end;
    }
    while lines.len() < count {
        lines.push(old.origins(old_line));
        old_line += 1;
    }
    Ok(Traced { text, lines })
}

/// Follows the lines of two texts into the one that is composed of them.
pub(super) fn overlay(
    format: Format,
    below: &Traced,
    above: &Traced,
    composed: &str,
) -> Result<Traced> {
    let new = Keyed::of(format, composed);
    let sides = Sides {
        below: (below, Keyed::of(format, &below.text)),
        above: (above, Keyed::of(format, &above.text)),
    };
    let mut traced = follow(below, composed.to_owned(), |hunk, line| {
        sides.origins(hunk, new.line(line), new.key(line))
    })?;
    traced.fill();
    Ok(traced)
}

/// Finds the line of a template that may have come out as a line: one whose texts between the tags
/// are all in it, and the most of them.
pub(super) fn likeliest(template: &str, line: &str) -> Option<usize> {
    let mut best: Option<(usize, usize)> = None;
    for (index, source) in template.lines().enumerate() {
        let length = common(source, line);
        if length > 0 && best.is_none_or(|(_, longest)| length > longest) {
            best = Some((index, length));
        }
    }
    best.map(|(index, _)| index)
}

/// Counts the bytes of a template's line that are text; none unless a line holds all of them in
/// their order.
fn common(source: &str, line: &str) -> usize {
    let (mut source, mut line) = (source.trim(), line);
    let mut length = 0;
    while !source.is_empty() {
        let tag = source.find("{{").into_iter().chain(source.find("{%"));
        let (text, rest) = source.split_at(tag.min().unwrap_or(source.len()));
        let Some((_, after)) = line.split_once(text) else {
            return 0;
        };
        length += text.trim().len();
        line = after;
        let end = rest.find("}}").into_iter().chain(rest.find("%}"));
        source = rest.split_at(end.min().map_or(rest.len(), |end| end + 2)).1;
    }
    length
}

/// The lines of a text with the keys that stand on them.
struct Keyed {
    /// What the lines say.
    lines: Vec<String>,
    keys: Vec<Vec<String>>,
}

impl Keyed {
    fn of(format: Format, text: &str) -> Self {
        Keyed {
            lines: text.lines().map(bare).collect(),
            keys: format.keys(text).unwrap_or_default(),
        }
    }

    fn line(&self, index: usize) -> &str {
        self.lines.get(index).map_or("", String::as_str)
    }

    /// Gives the key that a line begins with.
    fn key(&self, index: usize) -> Option<&str> {
        self.keys.get(index)?.first().map(String::as_str)
    }

    /// Gives those of some lines that hold a part of a key.
    fn about(&self, key: Option<&str>, lines: impl Iterator<Item = usize>) -> Vec<usize> {
        let holds = |line: &usize| match key {
            None => true,
            Some(key) => self
                .keys
                .get(*line)
                .is_some_and(|keys| keys.iter().any(|known| known == key)),
        };
        lines.filter(holds).collect()
    }

    fn same(&self, lines: &[usize], text: &str) -> Option<usize> {
        lines.iter().copied().find(|line| self.line(*line) == text)
    }

    fn holding(&self, lines: &[usize], text: &str) -> Option<usize> {
        let mut lines = lines.iter().copied();
        lines.find(|line| self.line(*line).contains(text))
    }
}

/// Two texts that were composed.
struct Sides<'t> {
    below: (&'t Traced, Keyed),
    above: (&'t Traced, Keyed),
}

impl Sides<'_> {
    /// Finds out which side brought a line that isn't in the lower text, or that both did.
    fn origins(&self, hunk: &Hunk, line: &str, key: Option<&str>) -> Vec<Origin> {
        if line.is_empty() {
            return Vec::new();
        }
        let (below, lower) = (self.below.0, &self.below.1);
        let (above, upper) = (self.above.0, &self.above.1);
        let gone = lower.about(key, hunk.old.clone());
        let brought = upper.about(key, 0..upper.lines.len());
        if let Some(same) = lower.same(&gone, line) {
            return below.origins(same);
        }
        if let Some(same) = upper.same(&brought, line) {
            return above.origins(same);
        }
        let moved = || lower.same(&lower.about(key, 0..lower.lines.len()), line);
        match (lower.holding(&gone, line), upper.holding(&brought, line)) {
            (Some(lower), None) => below.origins(lower),
            (None, Some(upper)) => above.origins(upper),
            (Some(lower), Some(upper)) => both(below.origins(lower), above.origins(upper)),
            (None, None) => {
                if let Some(moved) = moved() {
                    return below.origins(moved);
                }
                if key.is_none() {
                    return Vec::new();
                }
                let first = |lines: &[usize]| lines.first().copied();
                let nearest = || upper.inside(key);
                both(
                    first(&gone).map_or_else(Vec::new, |line| below.origins(line)),
                    first(&brought)
                        .or_else(nearest)
                        .map_or_else(Vec::new, |line| above.origins(line)),
                )
            }
        }
    }
}

impl Keyed {
    /// Finds the first line about something that a key holds, or that holds the key.
    fn inside(&self, key: Option<&str>) -> Option<usize> {
        let key = key.filter(|key| !key.is_empty())?;
        let is_near = |known: &String| {
            !known.is_empty() && (known.starts_with(key) || key.starts_with(known.as_str()))
        };
        self.keys.iter().position(|keys| keys.iter().any(is_near))
    }
}

/// Joins two lists, each origin once.
fn both(mut one: Vec<Origin>, other: Vec<Origin>) -> Vec<Origin> {
    for origin in other {
        if !one.contains(&origin) {
            one.push(origin);
        }
    }
    one
}

/// Gives what a line says: how words stand apart, and what parts it from the next one, is up to
/// who writes it.
fn bare(line: &str) -> String {
    let words: Vec<&str> = line.split_whitespace().collect();
    words.join(" ").trim_end_matches(',').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Makes a text whose lines come from a layer's lines of the same number.
    fn traced(layer: &str, text: &str) -> Traced {
        let origin = |index: usize| Origin {
            layer: Some(layer.to_owned()),
            template: None,
            file: String::new(),
            line: Some(index + 1),
        };
        Traced {
            text: text.to_owned(),
            lines: (0..text.lines().count())
                .map(|index| vec![origin(index)])
                .collect(),
        }
    }

    /// Composes two texts and writes each line with its origins.
    fn composed(format: Format, below: &str, above: &str) -> Vec<String> {
        let text = format.compose(below, above).unwrap().unwrap();
        let traced = overlay(format, &traced("b", below), &traced("a", above), &text).unwrap();
        assert_eq!(traced.lines.len(), text.lines().count());
        let written = |origins: &Vec<Origin>| {
            let parts = origins.iter().map(|origin| {
                let layer = origin.layer.as_deref().unwrap_or_default();
                format!("{layer}{}", origin.line.unwrap_or_default())
            });
            parts.collect::<Vec<_>>().join("+")
        };
        let lines = text.lines().zip(&traced.lines);
        lines
            .map(|(line, origins)| format!("{} {line}", written(origins)))
            .collect()
    }

    #[test]
    fn the_likeliest_line_has_the_most_of_a_line() {
        let template = "{% if a %}\n{{ b }}\nx\n{{ n }} letters\n{{ n }} letters in {{ b }}\n";
        assert_eq!(likeliest(template, "3 letters"), Some(3));
        assert_eq!(likeliest(template, "3 letters in abc"), Some(4));
        assert_eq!(likeliest(template, "in 3 letters"), Some(3));
        assert_eq!(likeliest(template, "abc"), None);
    }

    #[test]
    fn keys_of_toml_come_from_the_layer_that_says_them() {
        let lines = composed(
            Format::Toml,
            "[project]\nname = \"x\"\ndependencies = [\n    \"b>=1\", # keep\n]\n",
            "[project]\ndependencies = [\"a\", \"B>=2\"]\n\n# About y.\n[tool.x]\ny = 1\n",
        );
        assert_eq!(
            lines,
            [
                "b1 [project]",
                "b2 name = \"x\"",
                "b3 dependencies = [",
                "a2     \"a\",",
                "b4+a2     \"B>=2\", # keep",
                "b5 ]",
                "a4 ",
                "a4 # About y.",
                "a5 [tool.x]",
                "a6 y = 1",
            ]
        );
    }

    #[test]
    fn keys_of_json_come_from_the_layer_that_says_them() {
        let lines = composed(
            Format::Json,
            "{\n  \"a\": 1,\n  \"c\": [\"x\"]\n}\n",
            "{\"a\": 2, \"c\": [\"y\"],\n\"d\": {\"e\": null}}\n",
        );
        assert_eq!(
            lines,
            [
                "b1 {",
                "a1   \"a\": 2,",
                "b3+a1   \"c\": [",
                "b3     \"x\",",
                "a1     \"y\"",
                "b3+a1   ],",
                "a2   \"d\": {",
                "a2     \"e\": null",
                "a2   }",
                "b4 }",
            ]
        );
    }

    #[test]
    fn lines_come_from_the_layer_that_has_them() {
        let lines = composed(
            Format::Lines,
            "# Python\n__pycache__/\n\nA=1\n",
            "# Python\n*.egg\n\nA=2\n\n# More\nx\n",
        );
        assert_eq!(
            lines,
            [
                "b1 # Python",
                "b2 __pycache__/",
                "a2 *.egg",
                "b3 ",
                "a4 A=2",
                "a6 ",
                "a6 # More",
                "a7 x",
            ]
        );
    }
}
