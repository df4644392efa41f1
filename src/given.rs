//! Gathers what was given from outside, and answers all questions with it.
//!
//! [`unattended`] does the answering where nobody can be asked.
//!
//! A flag beats the answers file, which beats what a project remembers, which beats the environment,
//! which beats the user's own configuration.

mod offered;
mod unattended;
mod written;

use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value as Json};

use crate::answer::Answers;
use crate::config;
use crate::error::{Error, Result};
use crate::file;
use crate::problem::{Place, Problem};
use crate::resolve::Given;
use crate::suggest;
use crate::template::{Question, Template};

pub use offered::taken_away;
pub use unattended::Unanswered;
pub use written::Written;

/// Where answers can be given besides the prompts.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    /// Flags and `--set`, by the question's name.
    pub flags: BTreeMap<String, String>,
    /// The answers file.
    pub file: Option<PathBuf>,
    /// The answers that a project remembers; they hold as long as they fit.
    pub recorded: BTreeMap<String, Given>,
    /// Where those stand, when somebody may have edited them.
    pub written: Written,
    /// What is added to answers of the project, or taken from them, by the question's name.
    pub parts: BTreeMap<String, String>,
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
    /// The answers that hold as long as they fit.
    pub recorded: BTreeMap<String, Given>,
    origins: BTreeMap<String, Origin>,
    /// Where the answers of a file stand in it.
    written: Written,
    /// Names that no question has; reported together with the answers that can't be used.
    unknown: Vec<Wrong>,
    /// What a project remembers and its template can't take.
    unfit: Vec<Wrong>,
}

impl Gathered {
    /// Reads all sources.
    pub fn from(sources: Sources, template: &Template) -> Result<Self> {
        let mut gathered = Gathered::default();
        let mut unknown_names = Vec::new();
        for question in &template.questions {
            if let Some(typed) = sources.environment.get(&question.variable()) {
                let origin = Origin::Variable(question.variable());
                if let Some(given) = offered::left_of(question, Given::Typed(typed.clone())) {
                    gathered.add(&question.name, given, origin);
                }
            }
        }
        if let Some(path) = sources.config.filter(|path| path.exists()) {
            // Defaults for all templates: what this one doesn't ask is for another one.
            for (name, value) in answers_of(&path, file::own_text)? {
                if name != config::TEMPLATES
                    && let Some(question) = template.question(&name)
                    && !gathered.given.contains_key(&name)
                    && let Some(given) = offered::left_of(question, Given::Data(value))
                {
                    gathered.add(&name, given, Origin::Config(path.clone()));
                }
            }
        }
        for name in sources.recorded.keys() {
            gathered.given.remove(name);
            gathered.origins.remove(name);
        }
        gathered.recorded = sources.recorded;
        if let Some(path) = sources.file {
            let (answers, written) = written_of(&path, file::named_text)?;
            gathered.written = written;
            for (name, value) in answers {
                match template.question(&name) {
                    Some(question) => gathered.add(
                        &question.name,
                        Given::Data(value),
                        Origin::File(path.clone()),
                    ),
                    None => unknown_names.push(Wrong {
                        place: gathered.written.key(&name),
                        ..unknown(path.display(), &name, template)
                    }),
                }
            }
        }
        for (name, typed) in sources.flags {
            match template.question(&name) {
                Some(question) => {
                    gathered.add(&name, Given::Typed(typed), Origin::Flag(question.flag()));
                }
                None => unknown_names.push(unknown("--set", &name, template)),
            }
        }
        gathered.unknown = unknown_names;
        gathered.unfit = sources.written.unfit(template, &gathered);
        for (name, typed) in sources.parts {
            let flag = template.question(&name).map(Question::flag);
            let origin = Origin::Flag(flag.unwrap_or_default());
            gathered.add(&name, Given::Typed(typed), origin);
        }
        Ok(gathered)
    }

    /// Looks for answers that a template can't take where somebody may have edited them.
    #[must_use]
    pub fn written(mut self, template: &Template, written: &Written) -> Self {
        self.unfit = written.unfit(template, &self);
        self
    }

    /// Gives the answers of a project that its template can't take.
    pub fn unfit(&self) -> Vec<Problem> {
        self.unfit.iter().map(Wrong::problem).collect()
    }

    /// Takes answers as they are.
    pub fn of(given: impl IntoIterator<Item = (String, Given)>) -> Self {
        Gathered {
            given: given.into_iter().collect(),
            ..Gathered::default()
        }
    }

    /// Takes answers that hold as long as they fit.
    pub fn remembered(recorded: BTreeMap<String, Given>) -> Self {
        Gathered {
            recorded,
            ..Gathered::default()
        }
    }

    /// Leaves out defaults for all projects where only this project can say what it is.
    #[must_use]
    pub fn for_found(mut self, template: &Template) -> Self {
        let needs_sign = |name: &str| {
            let question = template.question(name);
            question.is_some_and(|question| !question.unfound.is_empty())
        };
        let origins = &self.origins;
        let is_general = |name: &str| matches!(origins.get(name), Some(Origin::Config(_)));
        self.given
            .retain(|name, _| !(is_general(name) && needs_sign(name)));
        self
    }

    /// Gives the answers that were meant for this project.
    pub fn explicit(&self) -> BTreeMap<String, Given> {
        let is_explicit = |name: &str| self.origins.get(name).is_some_and(Origin::is_explicit);
        let given = self.given.iter().filter(|(name, _)| is_explicit(name));
        given
            .map(|(name, given)| (name.clone(), given.clone()))
            .collect()
    }

    fn add(&mut self, name: &str, given: Given, origin: Origin) {
        self.given.insert(name.to_owned(), given);
        self.origins.insert(name.to_owned(), origin);
    }

    /// Refuses names that no question has.
    pub fn refuse_unknown(&self) -> Result<()> {
        refuse(&self.unknown)
    }

    /// Refuses to go on with a project whose answer was taken away, while nobody says what it is
    /// to become.
    pub fn refuse_taken_away(&self, template: &Template) -> Result<()> {
        let questions = template.questions.iter();
        let open = questions.filter(|question| !self.given.contains_key(&question.name));
        let wrong = open.filter_map(|question| {
            let recorded = self.recorded.get(&question.name)?;
            let hidden = offered::taken_away(question, recorded)?;
            // What goes because of something else is as good as an answer that doesn't fit.
            if hidden.follows {
                return None;
            }
            let values = question
                .choices()
                .iter()
                .map(|choice| choice.value.as_str());
            let values: Vec<&str> = values.collect();
            let hint = format!(
                "say what it is to become: {} {}",
                question.flag(),
                values.join(" or ")
            );
            let hints = vec![hint];
            Some(Wrong {
                hints,
                ..Wrong::new(question.flag(), hidden.in_project())
            })
        });
        refuse(&wrong.collect::<Vec<_>>())
    }

    /// Refuses answers for this project to questions that aren't asked with the other answers.
    pub fn refuse_unused(&self, template: &Template, answers: &Answers) -> Result<()> {
        let unused = self
            .origins
            .iter()
            .filter(|(name, origin)| origin.is_explicit() && answers.get(name).is_none());
        let wrong = unused.map(|(name, origin)| {
            let when = template
                .question(name)
                .and_then(|question| question.when.as_ref());
            let condition = when.map_or("", |when| when.value.source());
            let message = format!("'{name}' is only asked when {condition}; leave it out");
            Wrong::new(origin, message)
        });
        refuse(&wrong.collect::<Vec<_>>())
    }
}

/// Something that is wrong with the request, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Wrong {
    origin: String,
    message: String,
    hints: Vec<String>,
    /// Where it stands in the file that it comes from.
    place: Option<Place>,
    /// The flag that answers instead, where it is about what a project remembers.
    flag: Option<String>,
}

impl Wrong {
    fn new(origin: impl fmt::Display, message: String) -> Self {
        Wrong {
            origin: origin.to_string(),
            message,
            hints: Vec::new(),
            place: None,
            flag: None,
        }
    }

    /// Writes everything in one line, for a list.
    fn problem(&self) -> Problem {
        let hints = self.hints.iter().map(|hint| format!("; {hint}"));
        let message = self.message.clone() + &hints.collect::<String>();
        Problem {
            place: self.place.clone(),
            ..Problem::error(&self.origin, message)
        }
    }
}

/// Ends with everything that is wrong with the request.
fn refuse(wrong: &[Wrong]) -> Result<()> {
    match wrong {
        [] => Ok(()),
        [one] if one.place.is_none() => {
            let error = Error::request(format!("{}: {}", one.origin, one.message));
            Err(one.hints.iter().fold(error, Error::hint))
        }
        wrong => {
            let problems = wrong.iter().map(Wrong::problem).collect();
            let message = match wrong.len() {
                1 => "an answer can't be used".to_owned(),
                several => format!("{several} answers can't be used"),
            };
            let error = Error::request(message).with_problems(problems);
            let flags: Vec<&str> = wrong.iter().filter_map(|one| one.flag.as_deref()).collect();
            Err(if flags.is_empty() {
                error
            } else {
                error.hint(format!("mend the file, or say {}", flags.join(" ")))
            })
        }
    }
}

fn unknown(origin: impl fmt::Display, name: &str, template: &Template) -> Wrong {
    let names = template
        .questions
        .iter()
        .map(|question| question.name.as_str());
    let hint = match suggest::nearest(name, names) {
        Some(meant) => format!("did you mean '{meant}'?"),
        None => "'pyscaffold options' lists all questions".to_owned(),
    };
    let hints = vec![hint];
    Wrong {
        hints,
        ..Wrong::new(origin, format!("no question is called '{name}'"))
    }
}

/// Reads the answers of a file.
fn answers_of(
    path: &Path,
    read: impl Fn(&Path, u64) -> io::Result<String>,
) -> Result<Map<String, Json>> {
    written_of(path, read).map(|(answers, _)| answers)
}

/// Reads an answers file: TOML or JSON, with the answers at the top or under `answers`; only of
/// TOML it is known where they stand.
fn written_of(
    path: &Path,
    read: impl Fn(&Path, u64) -> io::Result<String>,
) -> Result<(Map<String, Json>, Written)> {
    let text = read(path, config::MAX_BYTES).map_err(|error| Error::request(error.to_string()))?;
    // What comes through a pipe has no name that says what it is; no TOML begins like that.
    let is_json = path
        .extension()
        .is_some_and(|extension| extension == "json")
        || text.trim_start().starts_with('{');
    let parsed = if is_json {
        serde_json::from_str(&text)
            .map_err(|error| error.to_string())
            .and_then(inner_answers)
    } else {
        parse_answers(&text)
    };
    let file = path.display().to_string();
    let answers = parsed.map_err(|message| Error::request(format!("{file}: {message}")))?;
    let written = if is_json {
        Written::default()
    } else {
        Written::read(&file, &text)
    };
    Ok((answers, written))
}

/// Parses the text of an answers file in TOML.
pub fn parse_answers(text: &str) -> Result<Map<String, Json>, String> {
    let parsed = toml_edit::de::from_str(text).map_err(|error| error.to_string().trim().to_owned());
    parsed.and_then(inner_answers)
}

/// Gives the answers under `answers`, or at the top where there are none.
fn inner_answers(mut answers: Map<String, Json>) -> Result<Map<String, Json>, String> {
    match answers.remove("answers") {
        Some(Json::Object(inner)) => Ok(inner),
        Some(other) => Err(format!("'answers' must be a table, not {other}")),
        None => Ok(answers),
    }
}
