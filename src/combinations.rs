//! Every valid combination of choices, computed from the template itself.
//!
//! Questions that depend on each other are enumerated together; the others multiply, so that
//! counting and covering stay fast when the number of combinations grows a hundredfold.

mod ways;

use std::collections::{BTreeMap, BTreeSet};

use crate::answer::Answer;
use crate::error::{Error, Result};
use crate::resolve::{Input, Resolver};
use crate::template::{Kind, Question, Template};

pub(crate) use ways::Ways;

/// The most combinations that are looked at together; the built-in template has thousands.
const MAX_COMBINATIONS: usize = 50_000;

/// Answers to some questions by name; no answer where a question isn't asked.
pub type Combination = BTreeMap<String, Option<Answer>>;

/// The valid combinations of a template.
#[derive(Debug)]
pub struct Combinations {
    /// For each group of questions that depend on each other, everything that can be answered.
    groups: Vec<Vec<Combination>>,
}

impl Combinations {
    /// Computes the combinations over all questions with finitely many answers.
    ///
    /// A question that takes several choices counts with none, each alone, and all that go together.
    pub fn of(template: &Template, input: &Input) -> Result<Self> {
        let mut groups = Vec::new();
        for names in dependent_groups(template) {
            groups.push(enumerate(template, input, &names)?);
        }
        Ok(Combinations { groups })
    }

    /// Counts the combinations.
    pub fn count(&self) -> usize {
        let sizes = self.groups.iter().map(Vec::len);
        sizes.fold(1, usize::saturating_mul)
    }

    /// Gives every combination.
    pub fn iter(&self) -> impl Iterator<Item = Combination> {
        (0..self.count()).map(|index| self.nth(index))
    }

    /// Gives the combination with a number below [`count`](Self::count).
    pub fn nth(&self, mut index: usize) -> Combination {
        let mut combination = Combination::new();
        for group in &self.groups {
            combination.extend(group[index % group.len()].clone());
            index /= group.len();
        }
        combination
    }

    /// Gives one combination for each way in which some questions can be answered together.
    #[must_use]
    pub fn over(&self, questions: &BTreeSet<String>) -> Self {
        let distinct = |group: &Vec<Combination>| {
            let mut seen = BTreeSet::new();
            let mut parts = group.clone();
            parts.retain(|part| {
                let asked = part.iter().filter(|(name, _)| questions.contains(*name));
                let tuple: Tuple = asked
                    .map(|(name, answer)| (name.clone(), key(answer.as_ref())))
                    .collect();
                seen.insert(tuple)
            });
            parts
        };
        Combinations {
            groups: self.groups.iter().map(distinct).collect(),
        }
    }

    /// Tells whether two answers to two questions can go together.
    pub fn go_together(&self, one: (&str, &Answer), other: (&str, &Answer)) -> bool {
        let has = |combination: &Combination, (name, answer): (&str, &Answer)| {
            combination
                .get(name)
                .is_none_or(|own| own.as_ref() == Some(answer))
        };
        self.groups.iter().all(|group| {
            group
                .iter()
                .any(|combination| has(combination, one) && has(combination, other))
        })
    }

    /// Tells whether a choice can be chosen at all.
    pub fn has(&self, question: &str, value: &String) -> bool {
        let has = |combination: &Combination| {
            let answer = combination.get(question).and_then(Option::as_ref);
            answer.is_some_and(|answer| answer.chosen().contains(value))
        };
        self.groups.iter().flatten().any(has)
    }

    /// Gives combinations that together hold every possible tuple of `strength` answers: 2 for
    /// all pairs, 3 for all triples.
    pub fn covering(&self, strength: usize) -> Vec<Combination> {
        let mut open = self.tuples(strength);
        let mut covering = Vec::new();
        while let Some(seed) = open.iter().next().cloned() {
            let combination = self.greedy(&seed, &open, strength);
            for tuple in tuples_of(&combination, strength) {
                open.remove(&tuple);
            }
            covering.push(combination);
        }
        covering
    }

    /// Gives every tuple that occurs in some combination.
    fn tuples(&self, strength: usize) -> BTreeSet<Tuple> {
        let mut tuples = BTreeSet::new();
        // With fewer groups than that, all of them together hold every tuple.
        for groups in subsets(&self.groups, strength.min(self.groups.len())) {
            for combination in product(&groups) {
                tuples.extend(tuples_of(&combination, strength));
            }
        }
        tuples
    }

    /// Builds a combination around a tuple that holds many of the open ones: group by group, the
    /// part that covers the most together with what is there.
    fn greedy(&self, seed: &Tuple, open: &BTreeSet<Tuple>, strength: usize) -> Combination {
        let mut combination = Combination::new();
        let fits = |part: &Combination| {
            seed.iter()
                .all(|(name, value)| part.get(name).is_none_or(|own| key(own.as_ref()) == *value))
        };
        let (seeded, free): (Vec<_>, Vec<_>) = self.groups.iter().partition(|group| {
            group
                .first()
                .is_some_and(|part| seed.iter().any(|(name, _)| part.contains_key(name)))
        });
        for group in seeded.into_iter().chain(free) {
            let gain = |part: &&Combination| {
                let mut candidate = combination.clone();
                candidate.extend((*part).clone());
                tuples_of(&candidate, strength)
                    .filter(|tuple| open.contains(tuple))
                    .count()
            };
            // The first of the best, so that the same template gives the same array.
            let mut best: Option<(usize, &Combination)> = None;
            for part in group.iter().filter(|part| fits(part)) {
                let gained = gain(&part);
                if best.is_none_or(|(most, _)| gained > most) {
                    best = Some((gained, part));
                }
            }
            if let Some((_, part)) = best {
                combination.extend(part.clone());
            }
        }
        combination
    }
}

/// Some questions with their answers as text, ordered by name.
type Tuple = Vec<(String, String)>;

/// Gives the answers of a combination that count for covering, `strength` at a time.
fn tuples_of(combination: &Combination, strength: usize) -> impl Iterator<Item = Tuple> {
    let answers: Tuple = combination
        .iter()
        .map(|(name, answer)| (name.clone(), key(answer.as_ref())))
        .collect();
    let strength = strength.min(answers.len());
    subsets(&answers, strength).into_iter()
}

fn key(answer: Option<&Answer>) -> String {
    answer.map_or_else(String::new, Answer::typed)
}

/// Gives all ways to take `count` items, in their order.
fn subsets<T: Clone>(items: &[T], count: usize) -> Vec<Vec<T>> {
    match items.split_first() {
        _ if count == 0 => vec![Vec::new()],
        None => Vec::new(),
        Some((first, rest)) => {
            let with_first = subsets(rest, count - 1).into_iter().map(|mut subset| {
                subset.insert(0, first.clone());
                subset
            });
            with_first.chain(subsets(rest, count)).collect()
        }
    }
}

/// Joins one combination of each group, in every way.
fn product(groups: &[Vec<Combination>]) -> Vec<Combination> {
    groups
        .iter()
        .fold(vec![Combination::new()], |joined, group| {
            let extend = |base: &Combination| {
                let base = base.clone();
                group
                    .iter()
                    .map(move |part| base.clone().into_iter().chain(part.clone()).collect())
            };
            joined.iter().flat_map(extend).collect()
        })
}

/// Groups the questions that can be enumerated by which conditions mention which.
fn dependent_groups(template: &Template) -> Vec<BTreeSet<String>> {
    let mut groups: Vec<BTreeSet<String>> = Vec::new();
    for question in template
        .questions
        .iter()
        .filter(|question| is_finite(question))
    {
        let mut joined = mentioned(template, question);
        joined.insert(question.name.clone());
        joined.retain(|name| template.question(name).is_some_and(is_finite));
        groups.retain(|group| {
            let apart = group.is_disjoint(&joined);
            if !apart {
                joined.extend(group.iter().cloned());
            }
            apart
        });
        groups.push(joined);
    }
    groups
}

pub(crate) fn is_finite(question: &Question) -> bool {
    matches!(
        question.kind,
        Kind::Bool | Kind::Choice(_) | Kind::Choices(_)
    )
}

/// Gives the questions that a question's validity depends on.
pub(crate) fn mentioned(template: &Template, question: &Question) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let conditions = question
        .choices()
        .iter()
        .filter_map(|choice| choice.when.as_ref());
    for condition in conditions.chain(&question.refusals) {
        names.extend(condition.expression.value.names().iter().cloned());
    }
    if let Some(when) = &question.when {
        names.extend(when.value.names().iter().cloned());
    }
    for layer in question
        .choices()
        .iter()
        .flat_map(|choice| choice.requires.iter().chain(&choice.conflicts))
    {
        names.extend(layer.split('/').next().map(str::to_owned));
    }
    names.retain(|name| template.question(name).is_some());
    names
}

/// Gives the questions that some questions depend on in the end, and these themselves.
pub(crate) fn closure(template: &Template, names: &BTreeSet<String>) -> BTreeSet<String> {
    let mut all = names.clone();
    let mut count = 0;
    while all.len() > count {
        count = all.len();
        let questions: Vec<_> = all
            .iter()
            .filter_map(|name| template.question(name))
            .collect();
        for question in questions {
            all.extend(mentioned(template, question));
        }
    }
    all
}

/// Gives all valid answers to a group of questions.
pub(crate) fn enumerate(
    template: &Template,
    input: &Input,
    names: &BTreeSet<String>,
) -> Result<Vec<Combination>> {
    let mut partial = vec![(Resolver::new(template, input), Combination::new())];
    let needed = closure(template, names);
    let questions = template.questions.iter();
    for question in questions.filter(|question| needed.contains(&question.name)) {
        let mut extended = Vec::new();
        for (resolver, combination) in partial {
            let is_asked = resolver.is_asked(question)?;
            let answers = if !is_asked {
                vec![None]
            } else if names.contains(&question.name) {
                valid_answers(&resolver, question)?
                    .into_iter()
                    .map(Some)
                    .collect()
            } else {
                vec![resolver.default(question)?]
            };
            for answer in answers {
                let (mut resolver, mut combination) = (resolver.clone(), combination.clone());
                resolver.answers.push(&question.name, answer.clone());
                if names.contains(&question.name) {
                    combination.insert(question.name.clone(), answer);
                }
                extended.push((resolver, combination));
                if extended.len() > MAX_COMBINATIONS {
                    return Err(Error::failed(format!(
                        "the questions up to '{}' have more than {MAX_COMBINATIONS} combinations",
                        question.name
                    ))
                    .hint("let fewer questions depend on each other"));
                }
            }
        }
        partial = extended;
    }
    Ok(partial
        .into_iter()
        .map(|(_, combination)| combination)
        .collect())
}

/// Takes as many of several choices as go together, the first ones first.
fn together(resolver: &Resolver, question: &Question, values: Vec<String>) -> Vec<String> {
    values.into_iter().fold(Vec::new(), |taken, value| {
        let more = [taken.as_slice(), &[value]].concat();
        let is_valid = resolver.check(question, &Answer::List(more.clone()));
        if is_valid.is_ok() { more } else { taken }
    })
}

/// Gives the answers that are tried for a question: all that it can have.
fn valid_answers(resolver: &Resolver, question: &Question) -> Result<Vec<Answer>> {
    if let Some(fixed) = resolver.fixed(question)? {
        let is_valid = resolver.check(question, &fixed).is_ok();
        return Ok(is_valid.then_some(fixed).into_iter().collect());
    }
    let values: Vec<String> = resolver
        .possible(question)?
        .map(|choice| choice.value.clone())
        .collect();
    Ok(match &question.kind {
        Kind::Choice(_) => values.into_iter().map(Answer::Text).collect(),
        Kind::Choices(_) => {
            let mut lists = vec![Vec::new()];
            lists.extend(values.iter().map(|value| vec![value.clone()]));
            let all = together(resolver, question, values);
            if all.len() > 1 {
                lists.push(all);
            }
            let answers = lists.into_iter().map(Answer::List);
            answers
                .filter(|answer| resolver.check(question, answer).is_ok())
                .collect()
        }
        Kind::Bool => vec![Answer::Bool(false), Answer::Bool(true)],
        Kind::Text(_) | Kind::Integer { .. } => Vec::new(),
    })
}
