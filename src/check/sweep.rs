//! Renders many combinations of answers, and looks at what comes out.

use std::collections::HashSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use sha2::{Digest, Sha256};

use super::finding::Finding;
use super::findings::Findings;
use super::samples::{self, Samples};
use super::trial::{self, Trial};
use super::{Subject, When};
use super::{secrets, spacing};
use crate::combinations::Combination;
use crate::error::{Error, Result};
use crate::formats::{Fault, Format};
use crate::interrupt::Interrupt;
use crate::problem::{Problem, Rule};
use crate::render::{self, Rendered, Seed};
use crate::resolve::Given;
use crate::template::{Question, Template};
use crate::tree::ProjectPath;

/// The most combinations that are rendered one by one.
const MOST: usize = 20_000;

/// Folders and files in which comments in JSON are usual.
const COMMENTED: [&str; 4] = [".vscode/", ".devcontainer/", "tsconfig", "jsconfig"];

/// How many combinations are rendered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Breadth {
    /// As many as hold all pairs of answers.
    Pairs,
    /// All of them, or as many as hold all triples where there are too many.
    All,
}

/// What rendering many combinations showed.
#[derive(Debug)]
pub struct Swept {
    /// What is wrong or odd.
    pub findings: Vec<Finding>,
    /// Every combination that was rendered with the usual texts.
    pub trials: Vec<Trial>,
    /// How many projects were rendered.
    pub rendered: usize,
    /// How many files with a format were read.
    pub parsed: usize,
    /// Whether all combinations were rendered.
    pub is_complete: bool,
}

/// Renders combinations of a template's choices, and some of them with awkward texts.
pub fn sweep(
    subject: Subject,
    samples: &Samples,
    breadth: Breadth,
    interrupt: &Interrupt,
) -> Result<Swept> {
    let combinations = subject.combinations;
    let is_small = combinations.count() <= MOST;
    let chosen: Vec<Combination> = match breadth {
        Breadth::Pairs => combinations.covering(2),
        Breadth::All if is_small => combinations.iter().collect(),
        Breadth::All => combinations.covering(3),
    };
    let sweep = Sweep {
        template: subject.template,
        samples,
        interrupt,
        looked: Mutex::default(),
        parsed: AtomicUsize::new(0),
        rendered: AtomicUsize::new(0),
    };
    let (trials, mut findings) = sweep.usual(&chosen)?;
    let mut known = Findings::default();
    let looked = sweep.render(&trials)?;
    for (index, found) in looked.into_iter().enumerate() {
        for finding in found {
            known.add(index, finding);
        }
    }
    findings.extend(sweep.awkward(&combinations.covering(1), &known)?);
    findings.extend(known.finish(&trials));
    Ok(Swept {
        findings,
        trials,
        rendered: sweep.rendered.into_inner(),
        parsed: sweep.parsed.into_inner(),
        is_complete: breadth == Breadth::All && is_small,
    })
}

/// Gives answers that together hold all pairs of choices, as far as they can be given.
pub fn pairs(subject: Subject, samples: &Samples) -> Vec<Trial> {
    let combinations = subject.combinations.covering(2);
    let given = combinations.iter().map(trial::given);
    given
        .filter_map(|given| Trial::of(subject.template, samples, &given).ok())
        .collect()
}

struct Sweep<'a> {
    template: &'a Template,
    samples: &'a Samples,
    interrupt: &'a Interrupt,
    /// The files that were looked at, by what is in them.
    looked: Mutex<Looked>,
    parsed: AtomicUsize,
    rendered: AtomicUsize,
}

/// The files that have nothing wrong, each by the digest of its path and content.
#[derive(Debug, Default)]
struct Looked(HashSet<[u8; 32]>);

impl Sweep<'_> {
    /// Answers the questions for combinations; a default that can't be used is told once.
    fn usual(&self, combinations: &[Combination]) -> Result<(Vec<Trial>, Vec<Finding>)> {
        let mut trials = Vec::new();
        let mut wrong: Vec<Finding> = Vec::new();
        for combination in combinations {
            self.interrupt.begin_part()?;
            match Trial::of(self.template, self.samples, &trial::given(combination)) {
                Ok(trial) => trials.push(trial),
                Err(error) => {
                    for finding in unanswered(self.template, error) {
                        if !wrong.iter().any(|known| known.problem == finding.problem) {
                            wrong.push(finding);
                        }
                    }
                }
            }
        }
        Ok((trials, wrong))
    }

    /// Renders trials side by side, and gives what each shows.
    fn render(&self, trials: &[Trial]) -> Result<Vec<Vec<Finding>>> {
        let next = AtomicUsize::new(0);
        let worker = || {
            let mut results = Vec::new();
            while !self.interrupt.is_raised() {
                let index = next.fetch_add(1, Ordering::SeqCst);
                let Some(trial) = trials.get(index) else {
                    break;
                };
                results.push((index, self.look(trial)));
            }
            results
        };
        let count = std::thread::available_parallelism().map_or(1, usize::from);
        let mut results = std::thread::scope(|scope| {
            let workers: Vec<_> = (0..count).map(|_| scope.spawn(worker)).collect();
            let joined = workers.into_iter().map(|worker| {
                let result = worker.join();
                result.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
            });
            joined.flatten().collect::<Vec<_>>()
        });
        self.interrupt.begin_part()?;
        results.sort_by_key(|(index, _)| *index);
        Ok(results.into_iter().map(|(_, found)| found).collect())
    }

    /// Renders one trial, and looks at its files.
    fn look(&self, trial: &Trial) -> Vec<Finding> {
        self.rendered.fetch_add(1, Ordering::SeqCst);
        match render::render(self.template, &trial.answers, &Seed::default()) {
            Ok(rendered) => self.files(&rendered),
            Err(error) => failed(self.template, error),
        }
    }

    fn files(&self, rendered: &Rendered) -> Vec<Finding> {
        let files = rendered.tree.iter().chain(rendered.once.iter());
        let open = secrets::not_ignored(rendered).into_iter();
        let mut findings: Vec<Finding> = open.map(Finding::from).collect();
        for (path, entry) in files {
            let digest = digest(path, &entry.bytes);
            if self.looked().0.contains(&digest) {
                continue;
            }
            let maker = rendered.makers.get(path).map_or("", String::as_str);
            let found = self.file(maker, path, &entry.bytes);
            if found.is_empty() {
                self.looked().0.insert(digest);
            }
            findings.extend(found);
        }
        findings
    }

    fn looked(&self) -> std::sync::MutexGuard<'_, Looked> {
        self.looked.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads a file in its format, and looks at its spacing.
    fn file(&self, maker: &str, path: &ProjectPath, bytes: &[u8]) -> Vec<Finding> {
        let oddities = spacing::oddities(path.as_str(), bytes).into_iter();
        let mut findings: Vec<Finding> = oddities
            .map(|message| Problem::warning(maker, message).of(Rule::Whitespace).into())
            .collect();
        let kind = match Format::of(path) {
            Format::Toml => "TOML",
            Format::Yaml => "YAML",
            Format::Json if COMMENTED.iter().any(|name| path.as_str().contains(name)) => {
                return findings;
            }
            Format::Json => "JSON",
            Format::Lines | Format::Text => return findings,
        };
        self.parsed.fetch_add(1, Ordering::SeqCst);
        let Ok(text) = std::str::from_utf8(bytes) else {
            let message = format!("makes '{path}', which isn't UTF-8");
            findings.push(Problem::error(maker, message).of(Rule::Invalid).into());
            return findings;
        };
        if let Err(fault) = Format::of(path).check(text) {
            let message = format!(
                "makes '{path}', which isn't valid {kind}: {}",
                fault.message
            );
            let problem = Problem::error(maker, message).of(Rule::Invalid);
            findings.push(Finding::from(problem).detail(excerpt(path, text, &fault)));
        }
        findings
    }

    /// Renders some combinations with awkward texts, and gives what is wrong with no other.
    fn awkward(&self, combinations: &[Combination], known: &Findings) -> Result<Vec<Finding>> {
        let texts: Vec<(&Question, Vec<Given>)> = self
            .template
            .questions
            .iter()
            .map(|question| (question, samples::awkward(question)))
            .filter(|(_, texts)| !texts.is_empty())
            .collect();
        let most = texts.iter().map(|(_, texts)| texts.len()).max();
        let mut findings: Vec<Finding> = Vec::new();
        for round in 0..most.unwrap_or(0) {
            let all = texts.iter().map(|(question, texts)| {
                (question.name.clone(), texts[round % texts.len()].clone())
            });
            let all: Vec<(String, Given)> = all.collect();
            if self.fresh(combinations, &all, known)?.is_empty() {
                continue;
            }
            // Now each question for itself, to tell which one it is.
            for (name, given) in all {
                let alone = [(name.clone(), given.clone())];
                for mut finding in self.fresh(combinations, &alone, known)? {
                    let Given::Typed(text) = &given else { continue };
                    finding.when = When::With(vec![(name.clone(), text.clone())]);
                    let is_told = |told: &Finding| {
                        told.problem.file == finding.problem.file
                            && told.problem.rule == finding.problem.rule
                            && told.when.facts().first().map(|fact| &fact.0) == Some(&name)
                    };
                    if !findings.iter().any(is_told) {
                        findings.push(finding);
                    }
                }
            }
        }
        Ok(findings)
    }

    /// Gives what is wrong with some texts and isn't with the usual ones.
    fn fresh(
        &self,
        combinations: &[Combination],
        texts: &[(String, Given)],
        known: &Findings,
    ) -> Result<Vec<Finding>> {
        let given = combinations.iter().map(trial::given);
        let trials: Vec<Trial> = given
            .map(|given| [given.as_slice(), texts].concat())
            // A text can be refused because of the others; then it is nothing that is rendered.
            .filter_map(|given| Trial::of(self.template, self.samples, &given).ok())
            .collect();
        let found = self.render(&trials)?.into_iter().flatten();
        Ok(found
            .filter(|finding| finding.is_error() && !known.has_like(&finding.problem))
            .collect())
    }
}

/// Recognises a file.
fn digest(path: &ProjectPath, bytes: &[u8]) -> [u8; 32] {
    let hash = Sha256::new().chain_update(path.as_str());
    hash.chain_update([0]).chain_update(bytes).finalize().into()
}

/// Says why the questions of a template have no answers.
pub(super) fn unanswered(template: &Template, error: Error) -> Vec<Finding> {
    if error.problems.is_empty() {
        let file = format!("{}/template.toml", template.source);
        let hints = error.hints.iter().map(|hint| format!("; {hint}"));
        let message = format!(
            "the defaults don't do: {error}{}",
            hints.collect::<String>()
        );
        return vec![Problem::error(file, message).of(Rule::Default).into()];
    }
    let problems = error.problems.into_iter();
    problems
        .map(|problem| problem.or(Rule::Default).into())
        .collect()
}

/// Says why a project can't be rendered.
pub(super) fn failed(template: &Template, error: Error) -> Vec<Finding> {
    if error.problems.is_empty() {
        let file = format!("{}/template.toml", template.source);
        return vec![Problem::error(file, error.message).of(Rule::Render).into()];
    }
    let problems = error.problems.into_iter();
    problems
        .map(|problem| problem.or(Rule::Render).into())
        .collect()
}

/// Shows the line of a rendered file that is wrong.
fn excerpt(path: &ProjectPath, text: &str, fault: &Fault) -> String {
    let Some(range) = &fault.range else {
        return String::new();
    };
    let problem = Problem::error(path.as_str(), "").at(&text.into(), range.clone());
    problem.place.map_or_else(String::new, |place| {
        let (line, column) = place.line_and_column();
        format!("{path}:{line}:{column}: {}", place.line())
    })
}
