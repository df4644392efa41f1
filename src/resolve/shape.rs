//! The shape of an answer: what each type of question takes.

use serde_json::Value as Json;

use super::Given;
use crate::answer::Answer;
use crate::template::{Kind, Pattern, Question};

/// The longest text that can be answered, in bytes.
const MAX_TEXT: usize = 64 * 1024;

impl Question {
    /// Tells whether an answer has the shape that the question wants, whatever else was answered.
    pub fn takes(&self, given: &Given) -> bool {
        self.read(given)
            .is_ok_and(|answer| self.check_shape(&answer).is_ok())
    }

    /// Reads what was given as the type of the question.
    pub(crate) fn read(&self, given: &Given) -> Result<Answer, String> {
        match (&self.kind, given) {
            (
                Kind::Text(_) | Kind::Choice(_),
                Given::Typed(text) | Given::Data(Json::String(text)),
            ) => Ok(Answer::Text(text.clone())),
            (Kind::Integer { .. }, Given::Typed(text)) => text
                .trim()
                .parse()
                .map(Answer::Integer)
                .map_err(|_| format!("'{text}' is not a whole number")),
            (Kind::Integer { .. }, Given::Data(Json::Number(number))) => number
                .as_i64()
                .map(Answer::Integer)
                .ok_or_else(|| format!("{number} is not a whole number")),
            (Kind::Bool, Given::Typed(text)) => match text.trim() {
                "true" | "yes" | "1" => Ok(Answer::Bool(true)),
                "false" | "no" | "0" => Ok(Answer::Bool(false)),
                other => Err(format!("'{other}' is neither true nor false")),
            },
            (Kind::Bool, Given::Data(Json::Bool(yes))) => Ok(Answer::Bool(*yes)),
            (Kind::Choices(_), Given::Typed(text)) => Ok(self.list(
                text.split(',')
                    .map(str::trim)
                    .filter(|value| !value.is_empty()),
            )),
            (Kind::Choices(_), Given::Data(Json::Array(values))) => {
                let texts: Option<Vec<&str>> = values.iter().map(Json::as_str).collect();
                texts
                    .map(|texts| self.list(texts.into_iter()))
                    .ok_or_else(|| "must be a list of texts".to_owned())
            }
            (_, Given::Data(other)) => Err(format!(
                "{other} doesn't fit; it must be {}",
                self.kind.noun()
            )),
        }
    }

    /// Puts several values into the order of the question, each once; unknown ones go last.
    pub(super) fn list<'v>(&self, values: impl Iterator<Item = &'v str>) -> Answer {
        let mut values: Vec<String> = values.map(str::to_owned).collect();
        let place = |value: &String| {
            self.choices()
                .iter()
                .position(|choice| choice.value == *value)
                .unwrap_or(usize::MAX)
        };
        values.sort_by_key(place);
        values.dedup();
        Answer::List(values)
    }

    /// Says why an answer of the right type has the wrong shape.
    pub(crate) fn check_shape(&self, answer: &Answer) -> Result<(), String> {
        match (&self.kind, answer) {
            (Kind::Text(_), Answer::Text(text)) if text.len() > MAX_TEXT => {
                Err(format!("is longer than {MAX_TEXT} bytes"))
            }
            (Kind::Text(pattern), Answer::Text(text)) => {
                if text.chars().any(char::is_control) {
                    return Err("must be one line without control characters".to_owned());
                }
                match pattern {
                    Some(pattern) if !pattern.regex.is_match(text) => {
                        Err(self.mismatch(text, pattern))
                    }
                    _ => Ok(()),
                }
            }
            (Kind::Integer { minimum, maximum }, Answer::Integer(number))
                if number < minimum || number > maximum =>
            {
                Err(format!("{number} is not between {minimum} and {maximum}"))
            }
            _ => Ok(()),
        }
    }

    /// Says why a text doesn't match the question's pattern: in its own words, where it has some.
    fn mismatch(&self, text: &str, pattern: &Pattern) -> String {
        if self.help.is_empty() {
            return format!("'{text}' doesn't match the pattern {}", pattern.source);
        }
        format!("'{text}' doesn't fit: {}", self.help.trim_end_matches('.'))
    }
}

impl Kind {
    /// Gives the type as manifests write it.
    pub fn name(&self) -> &'static str {
        match self {
            Kind::Text(_) => "text",
            Kind::Integer { .. } => "integer",
            Kind::Bool => "bool",
            Kind::Choice(_) => "choice",
            Kind::Choices(_) => "choices",
        }
    }

    /// Says what an answer is.
    pub fn noun(&self) -> &'static str {
        match self {
            Kind::Text(_) => "a text",
            Kind::Integer { .. } => "a whole number",
            Kind::Bool => "true or false",
            Kind::Choice(_) => "one of the choices",
            Kind::Choices(_) => "a list of choices",
        }
    }
}
