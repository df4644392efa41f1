//! From what was given to answers: which question is asked, what it offers, what it accepts.
//!
//! Flags, files, the environment, prompts and the list of combinations all come through here.

mod fixed;
mod mistake;
mod shape;
mod usable;

use minijinja::Value;
use minijinja::value::Serde;

use crate::answer::{ADOPTED, Answer, Answers};
use crate::error::{self, Error, Result};
use crate::language::{self, Expression};
use crate::template::{Choice, Condition, Default, Kind, Located, Question, Template};

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
        let (name, value) = layer.split_once('/').unwrap_or((layer, ""));
        let question = self.template.question(name);
        question.is_some_and(|question| question.hidden(value).is_some())
            || (self.answers.is_decided(name) && !self.chosen().any(|chosen| chosen == layer))
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
        if let Some(fixed) = self.fixed(question)? {
            return Ok(Some(fixed));
        }
        match (&question.default, &question.kind) {
            (Some(Default::Template(source)), _) => self.fill(question, source),
            // The default is the first choice, so that the next one stands in where it can't be chosen.
            (_, Kind::Choice(_)) => self.first_possible(question),
            // Of several choices those are the default that go together with the answers so far.
            (Some(Default::Fixed(answer)), Kind::Choices(_)) => {
                self.fit(question, &Given::Data(serde_json::json!(answer)))
            }
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
        let environment = language::short_environment();
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

    /// Gives what is left of an answer that was good once; nothing where none of it can be.
    pub fn fit(&self, question: &Question, given: &Given) -> Result<Option<Answer>> {
        let answer = match question.read(given) {
            Ok(Answer::List(values)) => {
                let mut fitting = Vec::new();
                for value in values {
                    fitting.push(value);
                    if !self.is_fine(question, &Answer::List(fitting.clone()))? {
                        fitting.pop();
                    }
                }
                Answer::List(fitting)
            }
            Ok(answer) => answer,
            Err(_) => return Ok(None),
        };
        Ok(self.is_fine(question, &answer)?.then_some(answer))
    }

    /// Tells whether an answer can be; what is wrong with the template ends everything.
    fn is_fine(&self, question: &Question, answer: &Answer) -> Result<bool> {
        match self.check(question, answer) {
            Ok(()) => Ok(true),
            Err(error) if error.kind == error::Kind::Request => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Says why an answer of the right type is refused.
    pub fn check(&self, question: &Question, answer: &Answer) -> Result<()> {
        self.refuse_other(question, answer)?;
        question.check_shape(answer).map_err(Error::request)?;
        if !question.choices().is_empty() {
            for value in answer.chosen() {
                self.beside(question, answer, value)
                    .check_choice(question, value)?;
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

    /// Adds the values of an answer that are chosen beside one of them.
    fn beside(&self, question: &Question, answer: &Answer, value: &str) -> Self {
        let mut beside = self.clone();
        if let Answer::List(values) = answer {
            let mut others = values.clone();
            others.retain(|other| other != value);
            beside
                .answers
                .push(&question.name, Some(Answer::List(others)));
        }
        beside
    }

    fn check_choice(&self, question: &Question, value: &str) -> Result<()> {
        if let Some(hidden) = question.hidden(value) {
            let others = self.possible(question)?.map(|choice| choice.value.as_str());
            let message = format!("'{value}' can't be chosen here: {}", hidden.reason());
            return Err(Error::request(message).hint(alternatives(others)));
        }
        if let Some(unoffered) = question.unoffered(value) {
            let mut possible = self.possible(question)?.map(|choice| choice.value.as_str());
            let message = format!("'{value}' can't be chosen: {}", unoffered.because);
            let instead = unoffered
                .instead
                .as_ref()
                .map(|instead| instead.value.as_str());
            let hint = match instead.filter(|instead| possible.any(|value| value == *instead)) {
                Some(instead) => format!("choose '{instead}' instead"),
                None => alternatives(self.possible(question)?.map(|choice| choice.value.as_str())),
            };
            return Err(Error::request(message).hint(hint));
        }
        if let Some(mistake) = question.unknown_choice(value) {
            let error = Error::request(mistake.message);
            return Err(mistake.hint.into_iter().fold(error, Error::hint));
        }
        let Some(choice) = question.choice(value) else {
            return Ok(());
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
    pub fn values(&self) -> Value {
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
    // A question or a table of this name hides it.
    let adopted = (
        ADOPTED.to_owned(),
        answers
            .adopted()
            .map_or(Value::from(()), |traits| Value::from(Serde(traits))),
    );
    [adopted].into_iter().chain(data).chain(answers.values())
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
