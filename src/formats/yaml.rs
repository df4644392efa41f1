//! YAML: it is merged by line, so all that has to be known is whether it is still valid.

use std::collections::HashSet;

use saphyr_parser::{BufferedInput, Event, Parser};

use super::error::Fault;

/// Tells why a text isn't YAML; a key that is there twice in a mapping is a mistake, too.
pub(super) fn check(text: &str) -> Result<(), Fault> {
    let mut open: Vec<Collection> = Vec::new();
    for event in Parser::new(BufferedInput::new(text.chars())) {
        let (event, span) = event.map_err(|error| {
            let message = error.info().to_owned();
            fault(text, message, error.marker().index())
        })?;
        match event {
            Event::SequenceEnd | Event::MappingEnd => {
                open.pop();
                continue;
            }
            Event::Scalar(..)
            | Event::Alias(_)
            | Event::SequenceStart(..)
            | Event::MappingStart(..) => {}
            _ => continue,
        }
        if let Some(key) = open.last_mut().and_then(|outer| outer.take(&event)) {
            let message = format!("key '{key}' is there twice");
            return Err(fault(text, message, span.start.index()));
        }
        match event {
            Event::MappingStart(..) => open.push(Collection::mapping()),
            Event::SequenceStart(..) => open.push(Collection::default()),
            _ => {}
        }
    }
    Ok(())
}

/// A mapping or a sequence that isn't closed yet.
#[derive(Default)]
struct Collection {
    /// The keys so far, where it is a mapping.
    keys: Option<HashSet<String>>,
    /// Whether the next value belongs to a key.
    is_after_key: bool,
}

impl Collection {
    fn mapping() -> Self {
        Collection {
            keys: Some(HashSet::new()),
            is_after_key: false,
        }
    }

    /// Takes what comes next, and gives a key that is there already.
    fn take(&mut self, event: &Event) -> Option<String> {
        let is_value = self.is_after_key;
        self.is_after_key = !is_value;
        let keys = self.keys.as_mut()?;
        match event {
            // A merge key may be there more than once.
            Event::Scalar(key, ..) if !is_value && *key != "<<" => {
                (!keys.insert(key.to_string())).then(|| key.to_string())
            }
            _ => None,
        }
    }
}

fn fault(text: &str, message: String, characters: usize) -> Fault {
    let start = byte(text, characters);
    Fault {
        message,
        range: Some(start..start),
    }
}

/// Turns a number of characters into one of bytes.
fn byte(text: &str, characters: usize) -> usize {
    text.char_indices()
        .nth(characters)
        .map_or(text.len(), |(place, _)| place)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_are_checked() {
        assert_eq!(check("a: 1\nb:\n  - c\n---\nd: ${{ e }}\n"), Ok(()));
        assert_eq!(check(""), Ok(()));
        assert_eq!(check(&"- ".repeat(100_000)), Ok(()));
        let fault = check("ü: [1\nb: 2\n").unwrap_err();
        assert!(fault.range.is_some_and(|range| range.start > 2));
        assert!(check("a: b: c\n").is_err());
        assert_eq!(check("a: &x {b: 1}\nb: [a, a, {a: b}]\n"), Ok(()));
        let fault = check("a:\n  b: 1\n  c: 2\n  b: 3\n").unwrap_err();
        assert_eq!(fault.message, "key 'b' is there twice");
        assert!(check("a: 'b\n").is_err());
    }
}
