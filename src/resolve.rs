//! From what was given to answers: which question is asked, what it offers, what it accepts.
//!
//! Flags, files, the environment, prompts and the list of combinations all come through here.

use minijinja::Value;

use crate::answer::{Answer, Answers};
use crate::error::{Error, Result};
use crate::language::{self, Expression};
use crate::suggest;
use crate::template::{Choice, Condition, Default, Kind, Located, Pattern, Question, Template};

/// What is known from outside before the first question.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Input {
    /// The name of the folder that the project goes to.
    pub directory: String,
    /// The user's name in git's configuration, or nothing.
    pub user_name: String,
    /// The user's address in git's configuration, or nothing.
    pub user_email: String,
}

impl Input {
    /// Stands in where combinations are looked at without a project.
    pub fn sample() -> Self {
        Input {
            directory: "sample".to_owned(),
            user_name: "Sample".to_owned(),
            user_email: "sample@example.org".to_owned(),
        }
    }
}

/// An answer as it was given, before its question has looked at it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Given {
    /// Typed: a flag or the environment.
    Typed(String),
    /// Of a type of its own: a file.
    Data(serde_json::Value),
}

/// Why a choice can't be chosen with the answers so far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The reason that the template gives, or what stands against it.
    pub reason: String,
}

/// The answers so far, and what a template makes of them.
#[derive(Debug, Clone)]
pub struct Resolver<'a> {
    template: &'a Template,
    input: &'a Input,
    /// The answers so far, in the order of the questions.
    pub answers: Answers,
}

impl<'a> Resolver<'a> {
    /// Begins without answers.
    pub fn new(template: &'a Template, input: &'a Input) -> Self {
        Resolver {
            template,
            input,
            answers: Answers::default(),
        }
    }

    /// Tells whether a question is asked after the answers so far.
    pub fn is_asked(&self, question: &Question) -> Result<bool> {
        question
            .when
            .as_ref()
            .map_or(Ok(true), |when| self.holds(when))
    }

    /// Gives the choices that go together with the answers so far.
    pub fn possible<'q>(
        &self,
        question: &'q Question,
    ) -> Result<impl Iterator<Item = &'q Choice> + use<'q>> {
        let mut possible = Vec::new();
        for choice in question.choices() {
            if self.refusal(question, choice)?.is_none() {
                possible.push(choice);
            }
        }
        Ok(possible.into_iter())
    }

    /// Says why a choice doesn't go together with the answers so far.
    pub fn refusal(&self, question: &Question, choice: &Choice) -> Result<Option<Refusal>> {
        if let Some(condition) = &choice.when
            && !self.holds(&condition.expression)?
        {
            return Ok(Some(Refusal {
                reason: reason(condition),
            }));
        }
        let own = format!("{}/{}", question.name, choice.value);
        for chosen in self.chosen() {
            let against = self
                .choice_of(&chosen)
                .is_some_and(|other| other.conflicts.contains(&own));
            if against || choice.conflicts.contains(&chosen) {
                return Ok(Some(Refusal {
                    reason: format!("it doesn't go together with {chosen}"),
                }));
            }
        }
        let missing = choice
            .requires
            .iter()
            .find(|layer| self.is_ruled_out(layer));
        Ok(missing.map(|layer| Refusal {
            reason: format!("it needs {layer}"),
        }))
    }

    /// Tells whether a layer's question is already answered otherwise.
    fn is_ruled_out(&self, layer: &str) -> bool {
        let question = layer.split('/').next().unwrap_or(layer);
        self.answers.is_decided(question) && !self.chosen().any(|chosen| chosen == layer)
    }

    /// Gives the layers of all choices so far, such as `orm/none`.
    fn chosen(&self) -> impl Iterator<Item = String> {
        self.answers
            .iter()
            .filter(|(name, _)| {
                self.template
                    .question(name)
                    .is_some_and(|question| !question.choices().is_empty())
            })
            .flat_map(|(name, answer)| {
                answer
                    .chosen()
                    .iter()
                    .map(move |value| format!("{name}/{value}"))
            })
    }

    fn choice_of(&self, layer: &str) -> Option<&'a Choice> {
        let (question, value) = layer.split_once('/')?;
        self.template.question(question)?.choice(value)
    }

    /// Gives the answer that a question has when nobody gives one.
    pub fn default(&self, question: &Question) -> Result<Option<Answer>> {
        match (&question.default, &question.kind) {
            (Some(Default::Template(source)), _) => self.fill(question, source),
            // The default is the first choice, so that the next one stands in where it can't be chosen.
            (_, Kind::Choice(_)) => self.first_possible(question),
            (Some(Default::Fixed(answer)), _) => Ok(Some(answer.clone())),
            (None, Kind::Choices(_)) => Ok(Some(Answer::List(Vec::new()))),
            (None, _) => Ok(None),
        }
    }

    fn first_possible(&self, question: &Question) -> Result<Option<Answer>> {
        let mut possible = self.possible(question)?;
        Ok(possible
            .next()
            .map(|choice| Answer::Text(choice.value.clone())))
    }

    /// Renders a default over the answers so far and the inputs.
    ///
    /// There is none when it is made from an answer that is missing, or comes out empty where the
    /// question wants something.
    fn fill(&self, question: &Question, source: &Located<String>) -> Result<Option<Answer>> {
        let environment = language::environment();
        let template = environment
            .template_from_str(&source.value)
            .map_err(|error| wrong_default(source, &error))?;
        let names = template.undeclared_variables(false);
        let is_missing = |name: &String| {
            self.template.question(name).is_some() && self.answers.get(name).is_none()
        };
        if names.iter().any(is_missing) {
            return Ok(None);
        }
        let rendered = template
            .render(self.values())
            .map_err(|error| wrong_default(source, &error))?;
        let answer = Answer::Text(rendered.trim().to_owned());
        let is_wanted = !rendered.trim().is_empty() || question.check_shape(&answer).is_ok();
        Ok(is_wanted.then_some(answer))
    }

    /// Turns what was given into an answer, or says why it can't be one.
    pub fn accept(&self, question: &Question, given: &Given) -> Result<Answer> {
        let answer = question.read(given).map_err(Error::request)?;
        self.check(question, &answer)?;
        Ok(answer)
    }

    /// Says why an answer of the right type is refused.
    pub fn check(&self, question: &Question, answer: &Answer) -> Result<()> {
        question.check_shape(answer).map_err(Error::request)?;
        if !question.choices().is_empty() {
            for value in answer.chosen() {
                self.check_choice(question, value)?;
            }
        }
        let mut with_answer = self.clone();
        with_answer
            .answers
            .push(&question.name, Some(answer.clone()));
        for refusal in &question.refusals {
            if with_answer.holds(&refusal.expression)? {
                let message = format!(
                    "'{}' can't be the {}: {}",
                    answer.typed(),
                    question.name,
                    reason(refusal)
                );
                return Err(Error::request(message)
                    .hint(format!("choose another one with {}", question.flag())));
            }
        }
        Ok(())
    }

    fn check_choice(&self, question: &Question, value: &str) -> Result<()> {
        let Some(choice) = question.choice(value) else {
            let values = question
                .choices()
                .iter()
                .map(|choice| choice.value.as_str());
            let hint = match suggest::nearest(value, values.clone()) {
                Some(meant) => format!("did you mean '{meant}'?"),
                None => alternatives(values),
            };
            return Err(Error::request(format!("'{value}' is not one of the choices")).hint(hint));
        };
        let Some(refusal) = self.refusal(question, choice)? else {
            return Ok(());
        };
        let others = self.possible(question)?.map(|choice| choice.value.as_str());
        let message = format!("'{value}' can't be chosen here: {}", refusal.reason);
        Err(Error::request(message).hint(alternatives(others)))
    }

    /// Tells whether a condition holds for the answers so far.
    pub fn holds(&self, condition: &Located<Expression>) -> Result<bool> {
        condition.value.holds(&self.values()).map_err(|error| {
            let problem = condition.error(language::message(&error));
            Error::failed("a condition of the template can't be evaluated")
                .with_problems(vec![problem])
        })
    }

    /// Gives what conditions and defaults see: data, the answers and the inputs.
    fn values(&self) -> Value {
        let input = [
            ("directory", &self.input.directory),
            ("user_name", &self.input.user_name),
            ("user_email", &self.input.user_email),
        ];
        let input = ("input".to_owned(), Value::from_pairs(input));
        Value::from_pairs(named(self.template, &self.answers).chain([input]))
    }
}

/// Gives what files see: data and the answers.
pub fn context(template: &Template, answers: &Answers) -> Value {
    Value::from_pairs(named(template, answers))
}

fn named(template: &Template, answers: &Answers) -> impl Iterator<Item = (String, Value)> {
    let data = template
        .data
        .iter()
        .map(|(name, value)| (name.clone(), value.clone()));
    data.chain(answers.values())
}

/// Says what can be chosen instead.
fn alternatives<'a>(values: impl Iterator<Item = &'a str>) -> String {
    let values: Vec<&str> = values.collect();
    match values.split_last() {
        None => "nothing can be chosen with the other answers".to_owned(),
        Some((only, [])) => format!("only '{only}' can be chosen"),
        Some((last, others)) => format!("choose {} or {last}", others.join(", ")),
    }
}

fn reason(condition: &Condition) -> String {
    if condition.because.is_empty() {
        format!("only when {}", condition.expression.value.source())
    } else {
        condition.because.clone()
    }
}

fn wrong_default(source: &Located<String>, error: &minijinja::Error) -> Error {
    let problem = source.error(language::message(error));
    Error::failed("a default of the template can't be rendered").with_problems(vec![problem])
}

impl Question {
    /// Reads what was given as the type of the question.
    fn read(&self, given: &Given) -> Result<Answer, String> {
        use serde_json::Value as Json;
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
    fn list<'v>(&self, values: impl Iterator<Item = &'v str>) -> Answer {
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
    fn check_shape(&self, answer: &Answer) -> Result<(), String> {
        match (&self.kind, answer) {
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
}

impl Question {
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
