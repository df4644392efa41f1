//! Why an answer can't be one, whatever else was answered.

use serde_json::Value as Json;

use super::{Given, alternatives};
use crate::suggest;
use crate::template::{Kind, Question};

/// What is wrong with an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// Why it can't be.
    pub message: String,
    /// What was meant, or what can be.
    pub hint: Option<String>,
    /// Which of several values is wrong, counted from 0.
    pub element: Option<usize>,
}

impl Mistake {
    fn new(message: String, hint: Option<String>) -> Self {
        Mistake {
            message,
            hint,
            element: None,
        }
    }
}

impl Question {
    /// Says why what was given can't be an answer with any other answers; what the template hides
    /// is no mistake.
    pub fn mistake(&self, given: &Given) -> Option<Mistake> {
        if let Err(message) = self.read(given) {
            return Some(Mistake::new(message, self.meant(given)));
        }
        if let Given::Data(Json::Array(values)) = given {
            let values = values.iter().filter_map(Json::as_str).enumerate();
            let mut wrong =
                values.filter_map(|(place, value)| Some((place, self.unknown_choice(value)?)));
            return wrong.next().map(|(place, mistake)| Mistake {
                element: Some(place),
                ..mistake
            });
        }
        let answer = self.read(given).ok()?;
        let mut unknown = answer.chosen().iter();
        if !self.choices().is_empty() {
            return unknown.find_map(|value| self.unknown_choice(value));
        }
        let shape = self.check_shape(&answer).err();
        shape.map(|message| Mistake::new(message, None))
    }

    /// Says why a value can't be a choice.
    pub(super) fn unknown_choice(&self, value: &str) -> Option<Mistake> {
        if self.choice(value).is_some() || self.hidden(value).is_some() {
            return None;
        }
        let values = self.choices().iter().map(|choice| choice.value.as_str());
        let hint = match suggest::nearest(value, values.clone()) {
            Some(meant) => format!("did you mean '{meant}'?"),
            None => alternatives(values),
        };
        let message = format!("'{value}' is not one of the choices");
        Some(Mistake::new(message, Some(hint)))
    }

    /// Reads an answer of the wrong type as if it had been typed.
    fn meant(&self, given: &Given) -> Option<String> {
        let typed = match given {
            Given::Data(Json::String(text)) => text.clone(),
            Given::Data(value @ (Json::Number(_) | Json::Bool(_))) => value.to_string(),
            Given::Data(_) | Given::Typed(_) => return None,
        };
        let answer = self.read(&Given::Typed(typed)).ok()?;
        let mistake = self.mistake(&Given::Data(serde_json::json!(answer)));
        let written = serde_json::to_string(&answer).ok()?;
        mistake
            .is_none()
            .then(|| format!("did you mean {written}?"))
    }

    /// Gives what stands for an answer in a help text.
    pub fn placeholder(&self) -> &'static str {
        match self.kind {
            Kind::Text(_) => "TEXT",
            Kind::Integer { .. } => "NUMBER",
            Kind::Bool => "BOOL",
            Kind::Choice(_) => "CHOICE",
            Kind::Choices(_) => "CHOICES",
        }
    }
}
