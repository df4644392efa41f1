//! Tries what becomes of projects of an earlier version when they are updated: of untouched ones,
//! and of ones that somebody has written into.

use std::collections::{BTreeMap, BTreeSet};

use super::cases::Case;
use super::finding::Finding;
use super::samples::Samples;
use super::trial::Trial;
use crate::answer::Answers;
use crate::error::Result;
use crate::formats::Format;
use crate::given::{Gathered, Unanswered};
use crate::merge::{self, Both, Kept, Labels, Own, Plan, Sides, Yours};
use crate::problem::{Problem, Rule};
use crate::render::{self, Seed};
use crate::resolve::{Given, Input};
use crate::template::Template;
use crate::tree::{Entry, Node, ProjectPath, Tree};

/// What is at each path of a project.
type Nodes = BTreeMap<ProjectPath, Node>;

/// What updating from an earlier version showed.
#[derive(Debug, Default)]
pub struct Updated {
    /// What is wrong or told.
    pub findings: Vec<Finding>,
    /// How many projects were updated.
    pub projects: usize,
}

/// Updates projects of an earlier version: one with its defaults, and one for each case that it
/// knows the questions of.
pub fn update(old: &Template, new: &Template, cases: &[Case]) -> Result<Updated> {
    let mut updated = Updated::default();
    let given: Vec<BTreeMap<String, Given>> = cases.iter().map(|case| case.given.clone()).collect();
    let (samples, _) = Samples::of(old, &given);
    for chosen in [BTreeMap::new()].into_iter().chain(given) {
        let chosen: Vec<(String, Given)> = chosen
            .into_iter()
            .filter(|(name, _)| old.question(name).is_some())
            .collect();
        // What the earlier version refuses was no project.
        if let Ok(trial) = Trial::of(old, &samples, &chosen) {
            let attempt = Attempt {
                old,
                new,
                answers: &trial.answers,
            };
            for finding in attempt.run()? {
                if !updated.findings.contains(&finding) {
                    updated.findings.push(finding);
                }
            }
            updated.projects += 1;
        }
    }
    Ok(updated)
}

/// One project of an earlier version.
struct Attempt<'a> {
    old: &'a Template,
    new: &'a Template,
    answers: &'a Answers,
}

impl Attempt<'_> {
    fn run(&self) -> Result<Vec<Finding>> {
        let Ok(before) = render::render(self.old, self.answers, &Seed::default()) else {
            return Ok(Vec::new());
        };
        let answers = match self.remembered() {
            Ok(answers) => answers,
            Err(findings) => return Ok(findings),
        };
        let mut findings = self.lost_answers(&answers);
        let Ok(after) = render::render(self.new, &answers, &Seed::default()) else {
            // Told where the combinations are rendered, and for what it is.
            return Ok(findings);
        };
        findings.extend(self.untouched(&before.tree, &after.tree)?);
        findings.extend(self.edited(&before.tree, &after.tree)?);
        Ok(findings)
    }

    /// Answers the new questions with what the project remembers, as `update --yes` does.
    fn remembered(&self) -> Result<Answers, Vec<Finding>> {
        let data = |(name, answer): (&str, _)| {
            let value = serde_json::to_value(answer).unwrap_or_default();
            (name.to_owned(), Given::Data(value))
        };
        // Secrets aren't remembered, so that they are given again.
        let (secret, kept): (BTreeMap<_, _>, BTreeMap<_, _>) = self
            .answers
            .iter()
            .map(data)
            .partition(|(name, _)| self.old.is_secret(name));
        let mut gathered = Gathered::remembered(kept);
        let is_asked = |name: &String| self.new.question(name).is_some();
        gathered.given = secret
            .into_iter()
            .filter(|(name, _)| is_asked(name))
            .collect();
        let answers = gathered.answer(self.new, &Input::sample(), Unanswered::Default);
        answers.map_err(|error| {
            let message = format!(
                "'update --yes' can't answer the questions of this version: {error}; give a new question a default"
            );
            vec![self.told(message, Rule::Update)]
        })
    }

    /// Says which answers don't stay what they were.
    fn lost_answers(&self, answers: &Answers) -> Vec<Finding> {
        let file = format!("{}/template.toml", self.new.source);
        let mut findings = Vec::new();
        for (name, old) in self.answers.iter() {
            let message = match (self.new.question(name), answers.get(name)) {
                (None, _) => {
                    format!("the answer to '{name}' is dropped: no question asks for it any more")
                }
                (Some(_), None) => {
                    format!(
                        "the answer to '{name}' is dropped: it isn't asked any more with the other answers"
                    )
                }
                (Some(_), Some(new)) if new != old => format!(
                    "the answer '{}' to '{name}' becomes '{}': it can't be given any more",
                    old.typed(),
                    new.typed()
                ),
                _ => continue,
            };
            let problem = Problem::warning(&file, message).of(Rule::LostAnswer);
            findings.push(problem.into());
        }
        findings
    }

    /// A project that nobody touched becomes what a new one is.
    fn untouched(&self, before: &Tree, after: &Tree) -> Result<Vec<Finding>> {
        let nodes = nodes(before);
        let plan = self.merge(before, &nodes, after)?;
        let mut findings = Vec::new();
        for change in plan.conflicts() {
            let message = format!(
                "'{}' of a project that nobody touched is a conflict",
                change.path
            );
            findings.push(self.told(message, Rule::Update));
        }
        if !findings.is_empty() {
            return Ok(findings);
        }
        let (made, wanted) = (apply(nodes, &plan), self::nodes(after));
        for path in differences(&made, &wanted) {
            let message =
                format!("'{path}' of a project that nobody touched isn't what it is in a new one");
            findings.push(self.told(message, Rule::Update));
        }
        Ok(findings)
    }

    /// No line that somebody wrote into a project is lost.
    fn edited(&self, before: &Tree, after: &Tree) -> Result<Vec<Finding>> {
        let mut nodes = nodes(before);
        let mut written = Vec::new();
        for (number, (path, node)) in nodes.iter_mut().enumerate() {
            if let Node::File(entry) = node
                && let Some(lines) = write_into(path, number, entry)
            {
                written.push((path.clone(), lines));
            }
        }
        let plan = self.merge(before, &nodes, after)?;
        let made = apply(nodes, &plan);
        let findings = lost(&written, &made).map(|path| {
            let message = format!("a line that a user wrote into '{path}' is lost");
            self.told(message, Rule::Update)
        });
        Ok(findings.collect())
    }

    fn merge(&self, before: &Tree, nodes: &Nodes, after: &Tree) -> Result<Plan> {
        let yours = Yours {
            nodes: nodes.clone(),
            names: nodes.keys().map(|path| path.as_str().to_owned()).collect(),
            ..Yours::default()
        };
        merge::merge(Sides {
            base: before,
            kept: &Kept::new(),
            yours: &yours,
            desired: after,
            labels: &Labels::new(&self.old.version, &self.new.version),
            both: Both::default(),
            own: Own::default(),
        })
    }

    fn told(&self, message: String, rule: Rule) -> Finding {
        let file = format!("{}/template.toml", self.new.source);
        Problem::error(file, message).of(rule).into()
    }
}

fn nodes(tree: &Tree) -> Nodes {
    let files = tree.iter();
    files
        .map(|(path, entry)| (path.clone(), Node::File(entry.clone())))
        .collect()
}

/// Writes a line before and a line after all others; gives nothing where a line would be no text.
fn write_into(path: &ProjectPath, number: usize, entry: &mut Entry) -> Option<[String; 2]> {
    let text = std::str::from_utf8(&entry.bytes).ok()?;
    if text.contains('\0') || Format::of(path) == Format::Json {
        return None;
    }
    let lines = ["first", "last"].map(|place| format!("# line {number} of a user, {place}"));
    let [first, last] = &lines;
    let end = if text.is_empty() || text.ends_with('\n') {
        ""
    } else {
        "\n"
    };
    let text = format!("{first}\n{text}{end}{last}\n");
    entry.bytes = text.into_bytes().into();
    Some(lines)
}

/// Gives the files of which a line is nowhere any more.
fn lost<'w>(
    written: &'w [(ProjectPath, [String; 2])],
    made: &Nodes,
) -> impl Iterator<Item = &'w ProjectPath> {
    let has = |line: &String| {
        made.values().any(|node| match node {
            Node::File(entry) => String::from_utf8_lossy(&entry.bytes).contains(line),
            Node::Link(_) => false,
        })
    };
    let lost = written
        .iter()
        .filter(move |(_, lines)| !lines.iter().all(has));
    lost.map(|(path, _)| path)
}

/// Gives the paths at which two projects differ.
fn differences<'n>(one: &'n Nodes, other: &'n Nodes) -> BTreeSet<&'n ProjectPath> {
    let paths = one.keys().chain(other.keys());
    paths
        .filter(|path| one.get(*path) != other.get(*path))
        .collect()
}

/// Carries a plan out in memory.
fn apply(mut nodes: Nodes, plan: &Plan) -> Nodes {
    for change in &plan.changes {
        if change.writes() {
            nodes.remove(change.from.as_ref().unwrap_or(&change.path));
        }
    }
    for change in plan.changes.iter().filter(|change| change.writes()) {
        if let Some(node) = &change.after {
            nodes.insert(change.path.clone(), node.clone());
        }
    }
    nodes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::merge::Change;

    fn node(text: &str) -> Node {
        Node::File(Entry {
            bytes: text.as_bytes().to_vec().into(),
            executable: false,
        })
    }

    fn path(text: &str) -> ProjectPath {
        ProjectPath::parse(text).unwrap()
    }

    #[test]
    fn lost_lines_and_other_files_are_seen() {
        let mut entry = Entry::default();
        let lines = write_into(&path("a"), 7, &mut entry).unwrap();
        let before = Nodes::from([(path("a"), Node::File(entry)), (path("b"), node("b"))]);
        let written = [(path("a"), lines)];
        assert_eq!(lost(&written, &before).count(), 0);

        let mut plan = Plan::default();
        plan.push(Change::delete(&path("a"), &before[&path("a")]));
        plan.push(Change::of(&path("b"), Some(&node("b")), Some(&node("c"))));
        let after = apply(before.clone(), &plan);
        assert_eq!(after, Nodes::from([(path("b"), node("c"))]));
        assert!(lost(&written, &after).eq([&path("a")]));
        assert!(
            differences(&before, &after)
                .into_iter()
                .eq([&path("a"), &path("b")])
        );
    }

    #[test]
    fn nothing_is_written_into_what_takes_no_line() {
        let mut entry = Entry::default();
        assert_eq!(write_into(&path("a.json"), 0, &mut entry), None);
        entry.bytes = b"\0".to_vec().into();
        assert_eq!(write_into(&path("a"), 0, &mut entry), None);
    }
}
