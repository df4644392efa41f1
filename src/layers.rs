//! Which layers the answers turn on, and in which order they lie.

use std::collections::BTreeSet;

use crate::error::{Error, Result};
use crate::resolve::Resolver;
use crate::template::{Layer, Role, Template};

/// Gives the layers that are on, from the bottom to the top.
///
/// All layers of a template below come before those of the one that extends it; in each template
/// the base, then the choices in the order of their questions, then the bridges; among equals by
/// `requires`, then by name.
pub fn choose<'a>(template: &'a Template, resolver: &Resolver) -> Result<Vec<&'a Layer>> {
    let mut layers = Vec::new();
    for layer in &template.layers {
        if is_on(layer, resolver)? {
            layers.push(layer);
        }
    }
    order(template, layers)
}

/// Brings layers into the order in which they lie.
pub fn order<'a>(template: &'a Template, mut layers: Vec<&'a Layer>) -> Result<Vec<&'a Layer>> {
    layers.sort_by_key(|layer| (layer.depth, place(template, layer), layer.name.as_str()));
    let mut ordered = Vec::with_capacity(layers.len());
    for group in layers.chunk_by(|one, other| {
        one.depth == other.depth && place(template, one) == place(template, other)
    }) {
        sort_by_requires(group, &mut ordered)?;
    }
    Ok(ordered)
}

/// Tells whether answers turn a layer on.
pub fn is_on(layer: &Layer, resolver: &Resolver) -> Result<bool> {
    match &layer.role {
        Role::Base => Ok(true),
        Role::Choice { question, value } => Ok(resolver
            .answers
            .get(question)
            .is_some_and(|answer| answer.chosen().contains(value))),
        Role::Bridge => layer
            .when
            .as_ref()
            .map_or(Ok(true), |when| resolver.holds(&when.expression)),
    }
}

/// Gives a layer's place among the groups of layers of its template.
fn place(template: &Template, layer: &Layer) -> usize {
    let count = template.questions.len();
    match &layer.role {
        Role::Base => 0,
        Role::Choice { question, .. } => {
            1 + template
                .questions
                .iter()
                .position(|known| known.name == *question)
                .unwrap_or(count)
        }
        Role::Bridge => count + 2,
    }
}

/// Orders layers so that each lies above those it requires, and otherwise as they came.
fn sort_by_requires<'a>(group: &[&'a Layer], ordered: &mut Vec<&'a Layer>) -> Result<()> {
    let mut waiting: Vec<&Layer> = group.to_vec();
    while !waiting.is_empty() {
        let names: BTreeSet<&str> = waiting.iter().map(|layer| layer.name.as_str()).collect();
        let ready = waiting.iter().position(|layer| {
            !layer
                .requires
                .iter()
                .any(|name| names.contains(name.as_str()))
        });
        let Some(ready) = ready else {
            let names: Vec<&str> = names.into_iter().collect();
            return Err(Error::failed(format!(
                "layers require each other in a circle: {}",
                names.join(", ")
            )));
        };
        ordered.push(waiting.remove(ready));
    }
    Ok(())
}
