//! JSON Schemas of what people write: manifests, and files of answers.
//!
//! Those of the format lie in `schemas/`; those of the answers to one template are made from its
//! questions.

use serde_json::{Map, Value as Json, json};

use crate::template::{Choice, Default, Fixed, Kind, Question, Template};

/// What answers to all templates look like: the schema that is made specific for one of them.
const ANSWERS: &str = include_str!("../schemas/answers.json");

/// What a project remembers.
const PROJECT_ANSWERS: &str = include_str!("../schemas/project-answers.json");

/// A schema of the format.
pub struct Schema {
    /// What it is called on the command line; its file is this name with `.json`.
    pub name: &'static str,
    /// Its text.
    pub text: &'static str,
    /// The files that it is for, as a glob.
    pub files: &'static str,
    /// Where the answers are in a file, where they can be made specific for a template.
    pub answers: Option<Place>,
}

/// Where answers stand in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// At the top, or in a table of their own.
    Top,
    /// In a table of their own.
    Table,
}

/// All schemas, in the order in which they are listed.
pub const ALL: &[Schema] = &[
    Schema {
        name: "template",
        text: include_str!("../schemas/template.json"),
        files: "template.toml",
        answers: None,
    },
    Schema {
        name: "question",
        text: include_str!("../schemas/question.json"),
        files: "question.toml",
        answers: None,
    },
    Schema {
        name: "layer",
        text: include_str!("../schemas/layer.json"),
        files: "layer.toml",
        answers: None,
    },
    Schema {
        name: "answers",
        text: ANSWERS,
        files: "files for --answers",
        answers: Some(Place::Top),
    },
    Schema {
        name: "project-answers",
        text: PROJECT_ANSWERS,
        files: ".pyscaffold/answers.toml",
        answers: Some(Place::Table),
    },
];

/// Makes the schema of the answers to a template's questions, for files with the answers at a place.
pub fn of_answers(template: &Template, place: Place) -> Json {
    let answers = json!({
        "title": "Answers",
        "description": format!("Answers to the questions of {} {}.", template.name, template.version),
        "type": "object",
        "properties": properties(template),
        "additionalProperties": false,
    });
    let text = match place {
        Place::Top => ANSWERS,
        Place::Table => PROJECT_ANSWERS,
    };
    // Our own files are valid: a test reads each of them.
    let mut schema: Json = serde_json::from_str(text).unwrap_or_default();
    schema["title"] = json!(format!("Answers for {}", template.name));
    schema["$id"] = json!(format!(
        "urn:pyscaffold:{}:{}",
        name_of(place),
        template.name
    ));
    if place == Place::Top {
        schema["description"] = json!(
            "A file for --answers: answers by the names of their questions, at the top or under 'answers'."
        );
        // Editors complete what stands at the top.
        schema["properties"] = answers["properties"].clone();
        schema["else"] = json!({
            "properties": answers["properties"],
            "additionalProperties": false,
        });
    }
    schema["properties"]["answers"] = answers;
    schema
}

fn name_of(place: Place) -> &'static str {
    match place {
        Place::Top => "answers",
        Place::Table => "project-answers",
    }
}

fn properties(template: &Template) -> Map<String, Json> {
    let questions = template.questions.iter();
    questions
        .map(|question| (question.name.clone(), property(question)))
        .collect()
}

/// Describes the answers that a question takes, as far as that doesn't depend on other answers.
fn property(question: &Question) -> Json {
    let mut property = match &question.kind {
        Kind::Text(None) => json!({ "type": "string" }),
        Kind::Text(Some(pattern)) => {
            json!({ "type": "string", "pattern": format!("^(?:{})$", pattern.source) })
        }
        Kind::Integer { minimum, maximum } => integer(*minimum, *maximum),
        Kind::Bool => json!({ "type": "boolean" }),
        Kind::Choice(choices) => one_of(choices),
        Kind::Choices(choices) => {
            json!({ "type": "array", "items": one_of(choices), "uniqueItems": true })
        }
    };
    if let Some(Fixed {
        answer: Default::Fixed(answer),
        ..
    }) = &question.fixed
    {
        property["const"] = json!(answer);
    }
    property["title"] = json!(question.prompt);
    property["description"] = json!(description(question));
    let default = match (&question.default, &question.kind) {
        (Some(Default::Fixed(answer)), _) => Some(json!(answer)),
        (None, Kind::Choice(choices)) => choices.first().map(|choice| json!(choice.value)),
        _ => None,
    };
    if let Some(default) = default {
        property["default"] = default;
    }
    property
}

fn integer(minimum: i64, maximum: i64) -> Json {
    let mut integer = json!({ "type": "integer" });
    if minimum > i64::MIN {
        integer["minimum"] = json!(minimum);
    }
    if maximum < i64::MAX {
        integer["maximum"] = json!(maximum);
    }
    integer
}

/// Lists choices, with what editors show beside each of them.
fn one_of(choices: &[Choice]) -> Json {
    let values: Vec<&str> = choices.iter().map(|choice| choice.value.as_str()).collect();
    let words: Vec<String> = choices.iter().map(describe).collect();
    json!({
        "type": "string",
        "enum": values,
        "enumDescriptions": words,
        "x-taplo": { "docs": { "enumValues": words } },
    })
}

fn describe(choice: &Choice) -> String {
    if choice.hint.is_empty() {
        return choice.title.clone();
    }
    format!("{}: {}", choice.title, choice.hint)
}

fn description(question: &Question) -> String {
    let mut sentences = Vec::new();
    if !question.help.is_empty() {
        sentences.push(question.help.clone());
    }
    if let Some(fixed) = &question.fixed {
        sentences.push(format!("Fixed by template {}.", fixed.by));
    }
    if let Some(when) = &question.when {
        sentences.push(format!("Asked only when {}.", when.value.source()));
    }
    sentences.join(" ")
}
