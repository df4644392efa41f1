//! What a project remembers, after two branches changed it in two ways.
//!
//! Git leaves the markers of a conflict in the answers. Both sides are read for what each of them
//! answers, so that it can be said how to have both.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::Value as Json;

use super::ANSWERS;
use crate::error::Error;
use crate::problem::Problem;
use crate::visible;

/// The answers of the two sides of a conflict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Branches {
    /// The text of the side that is checked out.
    pub(super) ours: String,
    theirs: String,
    /// The text before both, where git wrote it down.
    base: Option<String>,
    /// Where the first marker stands.
    marker: std::ops::Range<usize>,
}

/// The part of the answers file that two branches can differ in.
#[derive(Debug, Default, Deserialize)]
struct Side {
    #[serde(default)]
    answers: BTreeMap<String, Json>,
}

impl Branches {
    /// Takes the sides of a text with markers apart; nothing where it has none.
    pub(super) fn of(text: &str) -> Option<Self> {
        let mut sides = [String::new(), String::new(), String::new()];
        let mut inside = None;
        let mut marker = None;
        let mut has_base = false;
        let mut offset = 0;
        for line in text.split_inclusive('\n') {
            let begin = offset;
            offset += line.len();
            let next = match (inside, line.get(..7)) {
                (None, Some("<<<<<<<")) => {
                    marker.get_or_insert(begin..begin + line.trim_end().len());
                    Some(0)
                }
                (Some(0), Some("|||||||")) => {
                    has_base = true;
                    Some(1)
                }
                (Some(0 | 1), Some("=======")) => Some(2),
                (Some(2), Some(">>>>>>>")) => None,
                _ => {
                    for (number, side) in sides.iter_mut().enumerate() {
                        if inside.is_none_or(|inside| inside == number) {
                            side.push_str(line);
                        }
                    }
                    continue;
                }
            };
            inside = next;
        }
        let [ours, base, theirs] = sides;
        let marker = marker.filter(|_| inside.is_none())?;
        Some(Branches {
            ours,
            theirs,
            base: has_base.then_some(base),
            marker,
        })
    }

    /// Says that git couldn't bring the sides together, where, and how to have both.
    pub(super) fn error(&self, text: &str) -> Error {
        let problem = Problem::error(ANSWERS, "a conflict of git begins here")
            .at(&text.into(), self.marker.clone());
        let error = Error::failed(
            "two branches changed what the project remembers, and git can't bring that together",
        )
        .with_problems(vec![problem])
        .hint("settle the other files, take one side with 'git checkout --ours .pyscaffold' and 'git add .pyscaffold', and commit the merge");
        let read = |text: &str| toml_edit::de::from_str::<Side>(text).ok();
        let (Some(ours), Some(theirs)) = (read(&self.ours), read(&self.theirs)) else {
            return error.hint("then say what the other side has, too: pyscaffold change");
        };
        let base = self.base.as_deref().and_then(read);
        let wanted = wanted(&ours, &theirs, base.as_ref());
        if wanted.is_empty() {
            return error.hint("then see whether anything is left: pyscaffold status");
        }
        let flags: Vec<String> = wanted
            .iter()
            .map(|(name, value)| flag(name, value))
            .collect();
        error.hint(format!(
            "then bring in what the other side has: pyscaffold change --yes {}",
            flags.join(" ")
        ))
    }
}

/// Gives the answers that the side which is checked out lacks of the other one.
///
/// Lists have what either side has, without what one of them dropped. Where both answered in two
/// ways, the other side's is offered.
fn wanted(ours: &Side, theirs: &Side, base: Option<&Side>) -> BTreeMap<String, Json> {
    let mut wanted = BTreeMap::new();
    for (name, their) in &theirs.answers {
        let our = ours.answers.get(name);
        let before = base.and_then(|base| base.answers.get(name));
        if our == Some(their) || (before.is_some() && before == Some(their)) {
            continue;
        }
        let value = match (our, their) {
            (Some(Json::Array(our)), Json::Array(their)) => {
                let before = before.and_then(Json::as_array);
                union(our, their, before.map_or(&[], Vec::as_slice))
            }
            _ => their.clone(),
        };
        if our != Some(&value) {
            wanted.insert(name.clone(), value);
        }
    }
    wanted
}

/// Brings two lists together that come from a third.
fn union(our: &[Json], their: &[Json], before: &[Json]) -> Json {
    let names = |list: &[Json]| -> BTreeSet<String> {
        list.iter()
            .filter_map(|one| one.as_str().map(str::to_owned))
            .collect()
    };
    let [our, their, before] = [our, their, before].map(names);
    let both = our.union(&their);
    let stays =
        |name: &&String| !before.contains(*name) || (our.contains(*name) && their.contains(*name));
    both.filter(stays).cloned().collect::<Vec<_>>().into()
}

/// Writes the flag that gives an answer.
fn flag(name: &str, value: &Json) -> String {
    let typed = match value {
        Json::String(text) => text.clone(),
        Json::Array(values) => {
            let values = values.iter().filter_map(Json::as_str);
            values.collect::<Vec<_>>().join(",")
        }
        other => other.to_string(),
    };
    format!("--{}={}", name.replace('_', "-"), visible::word(&typed))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Both sides of one conflict, with the text before them where that is given.
    fn hint(ours: &str, base: Option<&str>, theirs: &str) -> String {
        let base = base.map_or_else(String::new, |base| format!("||||||| base\n{base}\n"));
        let text = format!(
            "format = 1\n[answers]\n<<<<<<< HEAD\n{ours}\n{base}=======\n{theirs}\n>>>>>>> other\nname = \"demo\"\n"
        );
        let branches = Branches::of(&text).unwrap();
        assert_eq!(
            branches.ours,
            format!("format = 1\n[answers]\n{ours}\nname = \"demo\"\n")
        );
        let error = branches.error(&text);
        let place = error.problems[0].place.as_ref().unwrap();
        assert_eq!(place.line_and_column(), (3, 1));
        error.hints[1].clone()
    }

    #[test]
    fn what_the_other_side_has_is_said_as_a_command() {
        for (ours, base, theirs, flags) in [
            ("x = [\"a\"]", None, "x = [\"b\"]", "--x=a,b"),
            (
                "x = [\"a\", \"c\"]",
                Some("x = [\"c\"]"),
                "x = [\"b\"]",
                "--x=a,b",
            ),
            ("x = 1", None, "x = 2", "--x=2"),
            (
                "x = true\ny_z = \"1\"",
                Some("x = false\ny_z = \"1\""),
                "x = false\ny_z = \"a b\"",
                "--y-z='a b'",
            ),
        ] {
            let said = hint(ours, base, theirs);
            assert!(said.ends_with(&format!("change --yes {flags}")), "{said}");
        }
        let said = hint("x = 2", Some("x = 1"), "x = 1");
        assert!(said.ends_with("pyscaffold status"), "{said}");
    }

    #[test]
    fn a_text_without_whole_markers_has_no_sides() {
        for text in [
            "",
            "x = 1\n",
            "<<<<<<< HEAD\nx = 1\n=======\n",
            "=======\n>>>>>>> x\n",
        ] {
            assert_eq!(Branches::of(text), None, "{text}");
        }
    }
}
