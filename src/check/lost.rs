//! Finds blocks that drop what a layer below puts into them.
//!
//! What the file says that defines a block is a default, and may always be replaced. What another
//! layer puts into it isn't: unless that layer is there wherever the upper one is, the upper one
//! may not have known of it.

use std::collections::{BTreeMap, BTreeSet};

use super::Subject;
use crate::combinations::{self, Combination, Ways};
use crate::language::{Block, Scan};
use crate::layers;
use crate::problem::{Problem, Rule};
use crate::template::{Content, File, Layer, Role, Template};

/// A file that extends the one below it, with its layer.
#[derive(Clone, Copy)]
struct Over<'a> {
    layer: &'a Layer,
    file: &'a File,
    source: &'a str,
    scan: &'a Scan,
}

pub(super) fn look(subject: Subject) -> Vec<Problem> {
    let template = subject.template;
    // Layers that require each other in a circle are found where they are used.
    let Ok(order) = layers::order(template, template.layers.iter().collect()) else {
        return Vec::new();
    };
    let top = order.iter().map(|layer| layer.depth).max();
    let stacks = stacks(&order);
    let mut ways = Ways::new(template);
    let mut problems = Vec::new();
    for (path, files) in &stacks {
        let inner = inner_blocks(template, path);
        for (place, upper) in files.iter().enumerate() {
            if Some(upper.layer.depth) != top {
                continue;
            }
            let lower = &files[..place];
            problems.extend(dropped(upper, lower, &inner, &mut ways));
        }
    }
    problems
}

/// Splits what `replaces` says of one block into the path and the block; a file that is called
/// so is meant as a whole.
pub(super) fn block_of<'r>(layer: &Layer, replaced: &'r str) -> Option<(&'r str, &'r str)> {
    if layer.files.iter().any(|file| file.path == replaced) {
        return None;
    }
    replaced.rsplit_once('#')
}

/// Gives the files that extend others, by path, from the lowest layer to the highest.
fn stacks<'a>(order: &[&'a Layer]) -> BTreeMap<String, Vec<Over<'a>>> {
    let mut stacks: BTreeMap<String, Vec<Over>> = BTreeMap::new();
    for layer in order {
        for file in &layer.files {
            if let Content::Rendered { source, scan } = &file.content
                && scan.extends_below.is_some()
            {
                stacks.entry(spelled(&file.path)).or_default().push(Over {
                    layer,
                    file,
                    source,
                    scan,
                });
            }
        }
    }
    stacks
}

/// Writes a path with a value in it in one way.
fn spelled(path: &str) -> String {
    path.replace("{{ ", "{{").replace(" }}", "}}")
}

/// Gives the blocks inside of each block at a path, whichever file says so.
fn inner_blocks<'a>(template: &'a Template, path: &str) -> BTreeMap<&'a str, BTreeSet<&'a str>> {
    let mut inner: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let files = template.layers.iter().flat_map(|layer| &layer.files);
    for file in files.filter(|file| spelled(&file.path) == path) {
        let Content::Rendered { scan, .. } = &file.content else {
            continue;
        };
        for block in &scan.blocks {
            let mut outer = block.outer;
            while let Some(around) = outer.and_then(|place| scan.blocks.get(place)) {
                inner.entry(&around.name).or_default().insert(&block.name);
                outer = around.outer;
            }
        }
    }
    inner
}

/// Finds what a file drops of those below it.
fn dropped(
    upper: &Over,
    lower: &[Over],
    inner: &BTreeMap<&str, BTreeSet<&str>>,
    ways: &mut Ways,
) -> Vec<Problem> {
    let mut problems = Vec::new();
    let blocks = upper.scan.blocks.iter();
    for block in blocks.filter(|block| !block.calls_super && !replaces(upper, block)) {
        let fills = |other: &&Over| {
            let mut filled = other.scan.blocks.iter().filter(|own| !own.is_nested());
            filled.any(|own| {
                own.name == block.name
                    || inner
                        .get(block.name.as_str())
                        .is_some_and(|inner| inner.contains(own.name.as_str()))
            })
        };
        for other in lower.iter().filter(fills) {
            let Some(answers) = meeting(ways, upper.layer, other.layer) else {
                continue;
            };
            let message = format!(
                "drops what {} puts into block '{}'{}: add {{{{ super() }}}}, or list {}#{} under 'replaces'",
                other.layer.name,
                block.name,
                shown(&answers),
                upper.file.path,
                block.name,
            );
            let problem = Problem::warning(&upper.file.name, message).of(Rule::LostBlock);
            problems.push(problem.at(&upper.source.into(), block.range.clone()));
        }
    }
    problems
}

/// Tells whether a layer says that it drops what others put into a block.
fn replaces(upper: &Over, block: &Block) -> bool {
    let mut said = upper.layer.replaces.iter();
    said.any(|replaced| {
        block_of(upper.layer, replaced)
            .is_some_and(|(path, name)| path == upper.file.path && name == block.name)
    })
}

/// Says with which answers two layers come together.
fn shown(answers: &Combination) -> String {
    let answered = answers
        .iter()
        .filter_map(|(name, answer)| Some(format!("{name}={}", answer.as_ref()?.typed())));
    let answered: Vec<String> = answered.collect();
    if answered.is_empty() {
        return String::new();
    }
    format!(" (with {})", answered.join(", "))
}

/// Gives answers with which two layers come together, unless the upper one never comes without the
/// lower; tries all questions that they depend on.
fn meeting(ways: &mut Ways, upper: &Layer, lower: &Layer) -> Option<Combination> {
    let own: BTreeSet<String> = [upper, lower].into_iter().flat_map(questions).collect();
    let (mut meeting, mut is_alone) = (None, false);
    let tried = ways.of(combinations::closure(ways.template, &own));
    for (combination, resolver) in tried.into_iter().flatten() {
        // A condition over a text or a number may hold or not.
        let is_on = |layer| layers::is_on(layer, &resolver).ok();
        if is_on(upper) == Some(false) {
            continue;
        }
        if is_on(lower) != Some(false) {
            meeting.get_or_insert(combination);
        }
        is_alone |= is_on(lower) != Some(true);
    }
    let mut answers = meeting.filter(|_| is_alone)?.clone();
    answers.retain(|name, _| own.contains(name));
    Some(answers)
}

/// Gives the questions that a layer itself depends on.
fn questions(layer: &Layer) -> Vec<String> {
    match &layer.role {
        Role::Base => Vec::new(),
        Role::Choice { question, .. } => vec![question.clone()],
        Role::Bridge => {
            let names = layer.when.iter();
            names
                .flat_map(|when| when.expression.value.names().iter().cloned())
                .collect()
        }
    }
}
