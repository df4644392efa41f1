//! Which layers are on, and what each of them brings: nothing is rendered but paths.

use crate::answer::Answers;
use crate::error::Result;
use crate::layers;
use crate::resolve::{Input, Resolver};
use crate::template::{Layer, Template};
use crate::tree::ProjectPath;

use super::{Placed, Renderer};

/// The layers of a project, and what is said to the user.
#[derive(Debug)]
pub struct Overview<'a> {
    /// The layers that are on, from the bottom to the top.
    pub layers: Vec<LayerFiles<'a>>,
    /// What the user is told to type next.
    pub next: Vec<String>,
}

/// A layer that is on.
#[derive(Debug)]
pub struct LayerFiles<'a> {
    /// The layer.
    pub layer: &'a Layer,
    /// The files that it brings, ordered by their paths in the project.
    pub files: Vec<(ProjectPath, Placed<'a>)>,
}

/// Finds out which layers some answers turn on, and which files each of them brings.
pub fn overview<'a>(template: &'a Template, answers: &Answers) -> Result<Overview<'a>> {
    let input = Input::default();
    let mut resolver = Resolver::new(template, &input);
    resolver.answers = answers.clone();
    let layers = layers::choose(template, &resolver)?;
    let mut renderer = Renderer::new(template, &resolver);
    let stacks = renderer.stacks(&layers, |_| true);
    let next = renderer.next(&layers)?;
    renderer.refuse()?;
    let mut on: Vec<LayerFiles> = layers
        .into_iter()
        .map(|layer| LayerFiles {
            layer,
            files: Vec::new(),
        })
        .collect();
    for (path, stack) in stacks {
        for placed in stack.history {
            let owner = on
                .iter_mut()
                .find(|known| std::ptr::eq(known.layer, placed.layer));
            if let Some(owner) = owner {
                owner.files.push((path.clone(), placed));
            }
        }
    }
    Ok(Overview { layers: on, next })
}
