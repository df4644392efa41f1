//! The wizard, asked by a script over a small template.

use std::collections::{BTreeMap, VecDeque};
use std::path::Path;

use tempfile::TempDir;

use super::{Again, Interview, Prompt, Prompter, Reply, Summary, ask};
use crate::answer::{Answer, Answers};
use crate::error::{Kind, Result};
use crate::resolve::{Given, Input};
use crate::template::{Source, Template};

const TEMPLATE: &str = r#"
name = "small"
version = "1.0.0"
summary = "For tests"

[[question]]
name = "name"
order = 1
prompt = "Name"
default = "{{ input.directory }}"
pattern = "[a-z]+"

[[question.refuse]]
when = "name == 'test'"
because = "the standard library has it"

[[question]]
name = "shape"
order = 2
prompt = "Shape"
type = "choice"
choices = [{ value = "tool", title = "Tool" }, { value = "library", title = "Library" }]

[[question]]
name = "api"
order = 3
type = "choice"
choices = ["north", "south"]
when = "shape == 'library'"

[[question]]
name = "orm"
order = 4
prompt = "ORM"
type = "choice"

[[question.choices]]
value = "rows"
title = "Rows"
when = "shape != 'library'"

[[question.choices]]
value = "own"
title = "Library's own"
when = "shape == 'library'"
because = "only a library has it"

[[question.choices]]
value = "none"
when = "shape != 'library'"

[[question]]
name = "coverage"
order = 5
type = "integer"
default = 90
minimum = 0
maximum = 100

[[question]]
name = "features"
order = 6
type = "choices"
choices = [{ value = "red", title = "Red" }, { value = "blue", title = "Blue" }]

[[question]]
name = "token"
order = 7
secret = true
"#;

/// Replies what it was told, and writes down what it was asked.
struct Script {
    replies: VecDeque<Reply<Given>>,
    asked: Vec<String>,
    summaries: Vec<Summary>,
}

impl Prompter for Script {
    fn ask(&mut self, prompt: &Prompt) -> Result<Reply<Given>> {
        let choices: Vec<&str> = prompt
            .choices
            .iter()
            .map(|choice| choice.value.as_str())
            .collect();
        let default = prompt
            .default
            .as_ref()
            .map(Answer::typed)
            .unwrap_or_default();
        let mut asked = format!("{} [{default}] {}", prompt.question.name, choices.join(" "))
            .trim()
            .to_owned();
        if let Some(previous) = &prompt.previous {
            asked += &format!("| {previous:?}");
        }
        if let Some(problem) = &prompt.problem {
            asked += &format!("| {problem}");
        }
        self.asked.push(asked);
        Ok(self.replies.pop_front().expect("a reply for each question"))
    }

    fn confirm(&mut self, summary: &Summary) -> Result<Reply<bool>> {
        self.summaries.push(summary.clone());
        Ok(
            match self.replies.pop_front().expect("a reply to the summary") {
                Reply::Back => Reply::Back,
                Reply::Answer(given) => Reply::Answer(given == typed_given("yes")),
            },
        )
    }
}

fn typed_given(text: &str) -> Given {
    Given::Typed(text.to_owned())
}

/// Replies one word after the other; `<` goes back.
fn wizard(given: &[(&str, &str)], replies: &[&str]) -> (Result<Answers>, Script) {
    let folder = TempDir::new().unwrap();
    fs_err::write(folder.path().join("template.toml"), TEMPLATE).unwrap();
    let template = Template::load(Source::Folder(folder.path().to_owned())).unwrap();
    let input = Input {
        directory: "shop".to_owned(),
        ..Input::default()
    };
    let given: BTreeMap<String, Given> = given
        .iter()
        .map(|(name, text)| ((*name).to_owned(), typed_given(text)))
        .collect();
    let reply = |text: &&str| {
        if *text == "<" {
            Reply::Back
        } else {
            Reply::Answer(typed_given(text))
        }
    };
    let folder = Some(Path::new("work/shop"));
    let interview = Interview {
        template: &template,
        input: &input,
        given: &given,
        recorded: &BTreeMap::new(),
        again: Again::New,
        folder,
    };
    let mut script = Script {
        replies: replies.iter().map(reply).collect(),
        asked: Vec::new(),
        summaries: Vec::new(),
    };
    let answers = ask(interview, &mut script);
    assert!(
        script.replies.is_empty(),
        "not all replies were asked for: {:?}",
        script.replies
    );
    (answers, script)
}

fn text(answers: &Answers) -> String {
    answers
        .iter()
        .map(|(name, answer)| format!("{name}={}", answer.typed()))
        .collect::<Vec<_>>()
        .join(" ")
}

#[test]
fn questions_come_in_order_and_only_with_what_is_possible() {
    let (answers, script) = wizard(
        &[],
        &["shop", "tool", "none", "80", "blue,red", "s3cret", "yes"],
    );
    assert_eq!(
        script.asked,
        [
            "name [shop]",
            "shape [tool] tool library",
            "orm [rows] rows none",
            "coverage [90]",
            "features [] red blue",
            "token []"
        ]
    );
    assert_eq!(
        text(&answers.unwrap()),
        "name=shop shape=tool orm=none coverage=80 features=red,blue token=s3cret"
    );
}

#[test]
fn a_question_with_one_possible_choice_is_answered_and_shown() {
    let (answers, script) = wizard(
        &[],
        &["shop", "library", "south", "90", "", "s3cret", "yes"],
    );
    assert!(!script.asked.iter().any(|asked| asked.starts_with("orm")));
    assert_eq!(
        answers.unwrap().get("orm"),
        Some(&Answer::Text("own".to_owned()))
    );
    let summary = &script.summaries[0];
    let lines: Vec<String> = summary
        .answers
        .iter()
        .map(|(title, answer)| format!("{title}: {answer}"))
        .collect();
    assert_eq!(
        lines,
        [
            "Name: shop",
            "Shape: Library",
            "api: south",
            "ORM: Library's own",
            "coverage: 90",
            "features: none",
            "token: ********"
        ]
    );
    assert_eq!(summary.folder.as_deref(), Some("work/shop"));
}

#[test]
fn given_answers_are_not_asked() {
    let given = [
        ("shape", "tool"),
        ("coverage", "70"),
        ("features", "red"),
        ("token", "x"),
    ];
    let (answers, script) = wizard(&given, &["shop", "none", "yes"]);
    assert_eq!(script.asked.len(), 2);
    assert_eq!(
        text(&answers.unwrap()),
        "name=shop shape=tool orm=none coverage=70 features=red token=x"
    );
}

#[test]
fn back_returns_to_the_question_before_and_remembers() {
    let (answers, script) = wizard(
        &[("coverage", "70"), ("features", ""), ("token", "x")],
        &[
            "shop", "library", "<", "<", "store", "tool", "<", "tool", "none", "yes",
        ],
    );
    assert_eq!(
        script.asked,
        [
            "name [shop]",
            "shape [tool] tool library",
            "api [north] north south",
            "shape [tool] tool library| Typed(\"library\")",
            "name [shop]| Typed(\"shop\")",
            "shape [tool] tool library| Typed(\"library\")",
            "orm [rows] rows none",
            "shape [tool] tool library| Typed(\"tool\")",
            "orm [rows] rows none",
        ]
    );
    assert_eq!(
        text(&answers.unwrap()),
        "name=store shape=tool orm=none coverage=70 features= token=x"
    );
}

#[test]
fn back_from_the_first_question_asks_it_again() {
    let given = [
        ("shape", "tool"),
        ("orm", "none"),
        ("coverage", "70"),
        ("features", ""),
        ("token", "x"),
    ];
    let (answers, script) = wizard(&given, &["<", "shop", "yes"]);
    assert_eq!(script.asked, ["name [shop]", "name [shop]"]);
    assert!(answers.is_ok());
}

#[test]
fn back_from_the_summary_returns_to_the_last_question_that_was_asked() {
    let given = [
        ("shape", "tool"),
        ("orm", "none"),
        ("features", ""),
        ("token", "x"),
    ];
    let (answers, script) = wizard(&given, &["shop", "90", "<", "60", "yes"]);
    assert_eq!(script.asked.last().unwrap(), "coverage [90]| Typed(\"90\")");
    assert_eq!(script.summaries.len(), 2);
    assert_eq!(answers.unwrap().get("coverage"), Some(&Answer::Integer(60)));
}

#[test]
fn back_from_the_summary_shows_it_again_when_nothing_was_asked() {
    let given = [
        ("name", "shop"),
        ("shape", "tool"),
        ("orm", "none"),
        ("coverage", "1"),
        ("features", ""),
        ("token", "x"),
    ];
    let (answers, script) = wizard(&given, &["<", "yes"]);
    assert_eq!(script.summaries.len(), 2);
    assert!(!script.summaries[0].can_go_back);
    assert!(answers.is_ok());
}

#[test]
fn no_changes_nothing() {
    let given = [
        ("shape", "tool"),
        ("orm", "none"),
        ("coverage", "70"),
        ("features", ""),
        ("token", "x"),
    ];
    let (answers, _) = wizard(&given, &["shop", "no"]);
    let error = answers.unwrap_err();
    assert_eq!(
        (error.kind, error.to_string().as_str()),
        (Kind::Interrupted, "stopped; nothing was changed")
    );
}

#[test]
fn a_wrong_reply_is_asked_again_with_the_reason() {
    let given = [
        ("shape", "tool"),
        ("orm", "none"),
        ("features", ""),
        ("token", "x"),
    ];
    let (answers, script) = wizard(
        &given,
        &["test", "Shop", "shop", "101", "many", "100", "yes"],
    );
    assert_eq!(
        script.asked,
        [
            "name [shop]",
            "name [shop]| Typed(\"test\")| 'test' can't be the name: the standard library has it",
            "name [shop]| Typed(\"Shop\")| 'Shop' doesn't match the pattern [a-z]+",
            "coverage [90]",
            "coverage [90]| Typed(\"101\")| 101 is not between 0 and 100",
            "coverage [90]| Typed(\"many\")| 'many' is not a whole number",
        ]
    );
    assert!(answers.is_ok());
}

#[test]
fn a_refusal_is_forgotten_on_the_way_back() {
    let given = [
        ("shape", "tool"),
        ("orm", "none"),
        ("features", ""),
        ("token", "x"),
    ];
    let (_, script) = wizard(&given, &["shop", "101", "<", "shop", "100", "yes"]);
    assert_eq!(script.asked[3], "name [shop]| Typed(\"shop\")");
    assert_eq!(script.asked[4], "coverage [90]| Typed(\"101\")");
}

#[test]
fn a_question_without_default_needs_an_answer() {
    let given = [
        ("name", "shop"),
        ("shape", "tool"),
        ("orm", "none"),
        ("coverage", "1"),
        ("features", ""),
    ];
    let (_, script) = wizard(&given, &["", "x", "yes"]);
    assert_eq!(
        script.asked[1],
        "token []| Typed(\"\")| this needs an answer"
    );
}

#[test]
fn a_given_answer_that_a_reply_rules_out_is_an_error() {
    let (answers, _) = wizard(&[("orm", "own"), ("name", "shop")], &["tool"]);
    let error = answers.unwrap_err();
    assert_eq!(error.kind, Kind::Request);
    assert_eq!(
        error.to_string(),
        "--orm: 'own' can't be chosen here: only a library has it"
    );
}
