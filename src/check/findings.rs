//! Collects what goes wrong in many trials, and tells each problem once, with the answers that it
//! comes with.

use std::collections::{BTreeMap, BTreeSet};

use super::finding::{Fact, Finding, When};
use super::trial::Trial;
use crate::problem::{Problem, Rule};

/// What makes two problems the same: the rule, the file, where in it, and what is said.
type Key = (Rule, String, Option<usize>, String);

/// Something that goes wrong in some trials.
#[derive(Debug)]
struct Seen {
    finding: Finding,
    trials: BTreeSet<usize>,
}

/// What went wrong so far.
#[derive(Debug, Default)]
pub(super) struct Findings {
    seen: BTreeMap<Key, Seen>,
}

impl Findings {
    /// Notes what went wrong in a trial.
    pub fn add(&mut self, trial: usize, finding: Finding) {
        let key = key(&finding.problem);
        let seen = self.seen.entry(key).or_insert_with(|| Seen {
            finding,
            trials: BTreeSet::new(),
        });
        seen.trials.insert(trial);
    }

    /// Tells whether a problem of the same kind is known of the same file.
    pub fn has_like(&self, problem: &Problem) -> bool {
        let mut known = self.seen.keys();
        known.any(|(rule, file, ..)| *rule == problem.rule && *file == problem.file)
    }

    /// Tells each problem once.
    pub fn finish(self, trials: &[Trial]) -> Vec<Finding> {
        let explained = self.seen.into_values().map(|seen| Finding {
            when: when(&seen.trials, trials),
            ..seen.finding
        });
        explained.collect()
    }
}

/// Tells each of the findings once that trials gave, each under the number of its trial.
pub fn told_once(found: impl Iterator<Item = (usize, Finding)>, trials: &[Trial]) -> Vec<Finding> {
    let mut findings = Findings::default();
    for (trial, finding) in found {
        findings.add(trial, finding);
    }
    findings.finish(trials)
}

fn key(problem: &Problem) -> Key {
    let place = problem.place.as_ref().map(|place| place.range.start);
    let (file, message) = (problem.file.clone(), problem.message.clone());
    (problem.rule, file, place, message)
}

/// Finds the fewest answers that all trials with a problem have and no other one has: none, one
/// or two.
fn when(failing: &BTreeSet<usize>, trials: &[Trial]) -> When {
    if failing.len() == trials.len() {
        return When::Always;
    }
    let facts_of = |index: &usize| trials.get(*index).map(Trial::facts);
    let Some(first) = failing.iter().find_map(facts_of) else {
        return When::Always;
    };
    let in_all = |fact: &&Fact| {
        let mut others = failing.iter().filter_map(facts_of);
        others.all(|facts| facts.contains(fact))
    };
    let shared: Vec<&Fact> = first.iter().filter(in_all).collect();
    let passing: Vec<&BTreeSet<Fact>> = trials
        .iter()
        .enumerate()
        .filter(|(index, _)| !failing.contains(index))
        .map(|(_, trial)| trial.facts())
        .collect();
    let tells_apart = |facts: &[&Fact]| {
        let has_all = |passing: &&BTreeSet<Fact>| facts.iter().all(|fact| passing.contains(*fact));
        !passing.iter().any(has_all)
    };
    let owned = |facts: &[&Fact]| facts.iter().map(|fact| (*fact).clone()).collect();
    for fact in &shared {
        if tells_apart(&[fact]) {
            return When::With(owned(&[fact]));
        }
    }
    for (place, one) in shared.iter().enumerate() {
        for other in &shared[place + 1..] {
            if tells_apart(&[one, other]) {
                return When::With(owned(&[one, other]));
            }
        }
    }
    When::Example(unusual(first, trials))
}

/// Gives the answers of a trial that aren't those of the first one.
fn unusual(facts: &BTreeSet<Fact>, trials: &[Trial]) -> Vec<Fact> {
    let usual = trials.first().map(Trial::facts);
    let is_unusual = |fact: &&Fact| usual.is_none_or(|usual| !usual.contains(*fact));
    let unusual: Vec<Fact> = facts.iter().filter(is_unusual).cloned().collect();
    if unusual.is_empty() {
        facts.iter().cloned().collect()
    } else {
        unusual
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::{Answer, Answers};

    fn trial(answers: &[(&str, &str)]) -> Trial {
        let mut all = Answers::default();
        for (name, value) in answers {
            all.push(name, Some(Answer::Text((*value).to_owned())));
        }
        Trial::with(all)
    }

    fn explain(failing: &[usize]) -> When {
        let trials = [
            trial(&[("a", "1"), ("b", "1"), ("c", "1")]),
            trial(&[("a", "1"), ("b", "2"), ("c", "2")]),
            trial(&[("a", "2"), ("b", "1"), ("c", "2")]),
            trial(&[("a", "2"), ("b", "2"), ("c", "1")]),
        ];
        when(&failing.iter().copied().collect(), &trials)
    }

    fn facts(facts: &[(&str, &str)]) -> Vec<Fact> {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        facts.iter().map(owned).collect()
    }

    #[test]
    fn the_fewest_answers_that_tell_are_told() {
        assert_eq!(explain(&[0, 1, 2, 3]), When::Always);
        assert_eq!(explain(&[2, 3]), When::With(facts(&[("a", "2")])));
        assert_eq!(explain(&[1]), When::With(facts(&[("a", "1"), ("b", "2")])));
        assert_eq!(
            explain(&[1, 2, 3]),
            When::Example(facts(&[("b", "2"), ("c", "2")]))
        );
    }
}
