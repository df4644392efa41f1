//! The answers that a template is looked at with.

use clap::{Arg, ArgMatches};

use crate::answer::Answers;
use crate::cli;
use crate::error::Result;
use crate::given::{Gathered, Sources, Unanswered};
use crate::resolve::{Given, Input};
use crate::template::{Kind, Question, Template};

/// Gives the flags that answer questions.
pub fn flags(template: &Template) -> Vec<Arg> {
    cli::template_flags()
        .into_iter()
        .chain(cli::answer_flags())
        .chain([cli::json_flag()])
        .chain(cli::question_flags(template))
        .collect()
}

/// Answers all questions by the flags, and by the defaults of a project called `sample`.
///
/// Neither the environment nor the user's configuration takes part: an author sees what everybody
/// gets. A question that has no default gets a stand-in, where any text or number will do.
pub fn answers(matches: &ArgMatches, template: &Template) -> Result<Answers> {
    let sources = Sources {
        flags: cli::answers_from_flags(matches, template)?,
        file: cli::path(matches, "answers"),
        ..Sources::default()
    };
    let mut gathered = Gathered::from(sources, template)?;
    for question in template.questions.iter().filter(|known| known.is_open()) {
        if let Some(stand_in) = stand_in(question) {
            let given = gathered.given.entry(question.name.clone());
            given.or_insert(Given::Typed(stand_in));
        }
    }
    gathered.answer(template, &Input::sample(), Unanswered::Default)
}

/// Gives an answer to a question without a default.
fn stand_in(question: &Question) -> Option<String> {
    match (&question.default, &question.kind) {
        (None, Kind::Text(None)) => Some(question.name.clone()),
        (None, Kind::Integer { minimum, maximum }) if minimum <= maximum => {
            Some(0.clamp(*minimum, *maximum).to_string())
        }
        (None, Kind::Bool) => Some("false".to_owned()),
        _ => None,
    }
}
