//! Gathers what was given from outside, and answers all questions with it.
//!
//! A flag beats the answers file, which beats the environment, which beats the user's own
//! configuration.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::{Path, PathBuf};

use fs_err as fs;
use serde_json::{Map, Value as Json};

use crate::answer::{Answer, Answers};
use crate::error::{Error, Result};
use crate::problem::Problem;
use crate::resolve::{Given, Input, Resolver};
use crate::suggest;
use crate::template::{Question, Template};

/// Where answers can be given besides the prompts.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    /// Flags and `--set`, by the question's name.
    pub flags: BTreeMap<String, String>,
    /// The answers file.
    pub file: Option<PathBuf>,
    /// The environment.
    pub environment: BTreeMap<String, String>,
    /// The user's configuration.
    pub config: Option<PathBuf>,
}

/// Where an answer was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// A flag.
    Flag(String),
    /// The answers file.
    File(PathBuf),
    /// A variable of the environment.
    Variable(String),
    /// The user's configuration.
    Config(PathBuf),
}

impl Origin {
    /// Tells whether the answer was meant for this project, rather than as a default for all.
    fn is_explicit(&self) -> bool {
        matches!(self, Origin::Flag(_) | Origin::File(_))
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Origin::Flag(name) | Origin::Variable(name) => formatter.write_str(name),
            Origin::File(path) | Origin::Config(path) => write!(formatter, "{}", path.display()),
        }
    }
}

/// What was given, by the question's name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Gathered {
    /// The answers as they were given.
    pub given: BTreeMap<String, Given>,
    origins: BTreeMap<String, Origin>,
    /// Names that no question has; reported together with the answers that can't be used.
    unknown: Vec<Problem>,
}

/// What becomes of a question that nobody answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unanswered {
    /// It takes its default.
    Default,
    /// It is an error.
    Error,
}

impl Gathered {
    /// Reads all sources.
    pub fn from(sources: Sources, template: &Template) -> Result<Self> {
        let mut gathered = Gathered::default();
        let mut problems = Vec::new();
        for question in &template.questions {
            if let Some(typed) = sources.environment.get(&question.variable()) {
                let origin = Origin::Variable(question.variable());
                gathered.add(&question.name, Given::Typed(typed.clone()), origin);
            }
        }
        if let Some(path) = sources.config.filter(|path| path.exists()) {
            // Defaults for all templates: what this one doesn't ask is for another one.
            for (name, value) in read_answers(&path)? {
                if template.question(&name).is_some() && !gathered.given.contains_key(&name) {
                    gathered.add(&name, Given::Data(value), Origin::Config(path.clone()));
                }
            }
        }
        if let Some(path) = sources.file {
            for (name, value) in read_answers(&path)? {
                match template.question(&name) {
                    Some(question) => gathered.add(
                        &question.name,
                        Given::Data(value),
                        Origin::File(path.clone()),
                    ),
                    None => problems.push(unknown(&path.display().to_string(), &name, template)),
                }
            }
        }
        for (name, typed) in sources.flags {
            match template.question(&name) {
                Some(question) => {
                    gathered.add(&name, Given::Typed(typed), Origin::Flag(question.flag()));
                }
                None => problems.push(unknown("--set", &name, template)),
            }
        }
        gathered.unknown = problems;
        Ok(gathered)
    }

    /// Takes answers as they are.
    pub fn of(given: impl IntoIterator<Item = (String, Given)>) -> Self {
        Gathered {
            given: given.into_iter().collect(),
            ..Gathered::default()
        }
    }

    fn add(&mut self, name: &str, given: Given, origin: Origin) {
        self.given.insert(name.to_owned(), given);
        self.origins.insert(name.to_owned(), origin);
    }

    /// Answers all questions without asking anybody; all mistakes come at once.
    pub fn answer(
        &self,
        template: &Template,
        input: &Input,
        unanswered: Unanswered,
    ) -> Result<Answers> {
        let mut resolver = Resolver::new(template, input);
        let mut problems = self.unknown.clone();
        let mut missing = Vec::new();
        for question in &template.questions {
            let given = self.given.get(&question.name);
            let answer = if !resolver.is_asked(question)? {
                None
            } else if let Some(given) = given {
                match resolver.accept(question, given) {
                    Ok(answer) => Some(answer),
                    Err(error) if error.problems.is_empty() => {
                        problems.push(self.problem(question, &error));
                        resolver.default(question)?
                    }
                    Err(error) => return Err(error),
                }
            } else {
                let default = match resolver.default(question)? {
                    Some(default) => {
                        self.accept_default(&resolver, question, default, &mut problems)?
                    }
                    None => None,
                };
                let is_open =
                    question.choices().is_empty() || resolver.possible(question)?.count() > 1;
                if default.is_none() || (unanswered == Unanswered::Error && is_open) {
                    missing.push(question);
                }
                default
            };
            resolver.answers.push(&question.name, answer);
        }
        finish(problems)?;
        refuse_missing(&missing, unanswered)?;
        self.refuse_unused(template, &resolver.answers)?;
        Ok(resolver.answers)
    }

    /// Checks a default like an answer, since it can come from a folder's name.
    fn accept_default(
        &self,
        resolver: &Resolver,
        question: &Question,
        default: Answer,
        problems: &mut Vec<Problem>,
    ) -> Result<Option<Answer>> {
        match resolver.check(question, &default) {
            Ok(()) => {}
            Err(error) if error.problems.is_empty() => {
                problems.push(self.problem(question, &error));
            }
            Err(error) => return Err(error),
        }
        Ok(Some(default))
    }

    fn problem(&self, question: &Question, error: &Error) -> Problem {
        let origin = self
            .origins
            .get(&question.name)
            .map_or_else(|| question.flag(), Origin::to_string);
        let hints = error.hints.iter().map(|hint| format!("; {hint}"));
        Problem::error(
            origin,
            hints.fold(error.message.clone(), |text, hint| text + &hint),
        )
    }

    /// Refuses answers for this project to questions that aren't asked with the other answers.
    pub fn refuse_unused(&self, template: &Template, answers: &Answers) -> Result<()> {
        let unused = self
            .origins
            .iter()
            .filter(|(name, origin)| origin.is_explicit() && answers.get(name).is_none());
        let problems = unused.map(|(name, origin)| {
            let when = template
                .question(name)
                .and_then(|question| question.when.as_ref());
            let condition = when.map_or("", |when| when.value.source());
            Problem::error(
                origin.to_string(),
                format!("'{name}' is only asked when {condition}; leave it out"),
            )
        });
        finish(problems.collect())
    }
}

/// Ends with everything that is wrong with the request.
fn finish(problems: Vec<Problem>) -> Result<()> {
    match problems.as_slice() {
        [] => Ok(()),
        [problem] => Err(Error::request(problem.to_string())),
        several => {
            let count = several.len();
            Err(Error::request(format!("{count} answers can't be used")).with_problems(problems))
        }
    }
}

fn refuse_missing(missing: &[&Question], unanswered: Unanswered) -> Result<()> {
    if missing.is_empty() {
        return Ok(());
    }
    let flags: BTreeSet<String> = missing.iter().map(|question| question.flag()).collect();
    let flags = flags.into_iter().collect::<Vec<_>>().join(" ");
    let error = Error::request(format!("no answer for {flags}"));
    Err(match unanswered {
        Unanswered::Default => error.hint("give these flags; these questions have no default"),
        Unanswered::Error => error.hint(
            "give these flags, or --yes to take the defaults; there is no terminal to ask in",
        ),
    })
}

fn unknown(origin: &str, name: &str, template: &Template) -> Problem {
    let names = template
        .questions
        .iter()
        .map(|question| question.name.as_str());
    let message = match suggest::nearest(name, names) {
        Some(meant) => format!("no question is called '{name}', did you mean '{meant}'?"),
        None => format!("no question is called '{name}'; 'pyscaffold options' lists them"),
    };
    Problem::error(origin, message)
}

/// Reads an answers file: TOML or JSON, with the answers at the top or under `answers`.
fn read_answers(path: &Path) -> Result<Map<String, Json>> {
    let text = fs::read_to_string(path).map_err(|error| Error::request(error.to_string()))?;
    let is_json = path
        .extension()
        .is_some_and(|extension| extension == "json");
    let parsed = if is_json {
        serde_json::from_str(&text).map_err(|error| error.to_string())
    } else {
        toml_edit::de::from_str(&text).map_err(|error| error.to_string())
    };
    let mut answers: Map<String, Json> =
        parsed.map_err(|error| Error::request(format!("{}: {}", path.display(), error.trim())))?;
    match answers.remove("answers") {
        Some(Json::Object(inner)) => Ok(inner),
        Some(other) => Err(Error::request(format!(
            "{}: 'answers' must be a table, not {other}",
            path.display()
        ))),
        None => Ok(answers),
    }
}
