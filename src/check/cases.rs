//! The cases that an author keeps in a template's `tests/`: answers, and what is made of them.

use std::collections::BTreeMap;

use super::finding::Finding;
use super::sweep::{failed, unanswered};
use super::{Subject, snapshot};
use crate::answer::Answers;
use crate::given::{self, Gathered, Unanswered};
use crate::problem::{Problem, Rule};
use crate::render::{self, Seed};
use crate::resolve::{Given, Input};
use crate::suggest;

/// The folder of the cases in a template.
const FOLDER: &str = "tests/";

/// A case that was tried.
#[derive(Debug)]
pub struct Case {
    /// The path of its snapshot in the template.
    pub path: String,
    /// What its answers file gives.
    pub given: BTreeMap<String, Given>,
    /// All answers; none where they can't be used.
    pub answers: Option<Answers>,
    /// What is made of it now; nothing where that failed.
    pub made: Option<String>,
    /// What was accepted.
    pub accepted: Option<String>,
}

/// Tries all cases of a template, and gives what is wrong with them.
pub fn cases(subject: Subject) -> (Vec<Case>, Vec<Finding>) {
    let mut findings = Vec::new();
    let mut cases = Vec::new();
    for (path, bytes) in subject.files {
        let Some(name) = path.strip_prefix(FOLDER).filter(|name| !name.contains('/')) else {
            continue;
        };
        if let Some(stem) = name.strip_suffix(".snapshot") {
            if !subject.files.contains_key(&format!("{FOLDER}{stem}.toml")) {
                let message = format!("belongs to no case: there is no {FOLDER}{stem}.toml");
                let problem = Problem::warning(subject.name(path), message);
                findings.push(problem.of(Rule::Case).into());
            }
        } else if let Some(stem) = name.strip_suffix(".toml") {
            let snapshot = format!("{FOLDER}{stem}.snapshot");
            let accepted = subject.files.get(&snapshot);
            let mut case = Case {
                path: snapshot,
                given: BTreeMap::new(),
                answers: None,
                made: None,
                accepted: accepted.map(|bytes| String::from_utf8_lossy(bytes).into_owned()),
            };
            findings.extend(case.attempt(subject, path, bytes));
            cases.push(case);
        }
    }
    (cases, findings)
}

impl Case {
    /// Reads the answers, and makes the project.
    fn attempt(&mut self, subject: Subject, path: &str, bytes: &[u8]) -> Vec<Finding> {
        let template = subject.template;
        let file = subject.name(path);
        let wrong = |message: String| vec![Problem::error(&file, message).of(Rule::Case).into()];
        let Ok(text) = std::str::from_utf8(bytes) else {
            return wrong("is not UTF-8".to_owned());
        };
        let answers = match given::parse_answers(text) {
            Ok(answers) => answers,
            Err(message) => return wrong(message),
        };
        for (name, value) in answers {
            if template.question(&name).is_none() {
                let names = template
                    .questions
                    .iter()
                    .map(|question| question.name.as_str());
                return wrong(match suggest::nearest(&name, names) {
                    Some(meant) => {
                        format!("no question is called '{name}', did you mean '{meant}'?")
                    }
                    None => format!("no question is called '{name}'"),
                });
            }
            self.given.insert(name, Given::Data(value));
        }
        let gathered = Gathered::of(self.given.clone());
        let answers = match gathered.answer(template, &Input::sample(), Unanswered::Default) {
            Ok(answers) => answers,
            Err(error) if error.problems.is_empty() => {
                let hints = error.hints.iter().map(|hint| format!("; {hint}"));
                return wrong(format!("{error}{}", hints.collect::<String>()));
            }
            Err(error) => return unanswered(template, error),
        };
        self.answers = Some(answers.clone());
        match render::render(template, &answers, &Seed::default()) {
            Ok(rendered) => self.made = Some(snapshot::write(&rendered)),
            Err(error) => {
                let mut findings = failed(template, error);
                for finding in &mut findings {
                    finding.problem.message += &format!(" (for {path})");
                }
                return findings;
            }
        }
        Vec::new()
    }
}
