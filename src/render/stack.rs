//! The files of several layers at one path, from the bottom to the top.

use std::collections::{BTreeMap, BTreeSet};

use crate::formats::Format;
use crate::problem::Problem;
use crate::suggest;
use crate::template::{Content, File, Layer};
use crate::tree::ProjectPath;

/// A layer's file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Part<'a> {
    /// The layer.
    pub layer: &'a Layer,
    /// Its file.
    pub file: &'a File,
}

/// The parts of one file of the project.
///
/// Parts that extend the one below form a chain with it, which is rendered by its top. Chains are
/// merged, the lower first.
#[derive(Debug)]
pub(super) struct Stack<'a> {
    chains: Vec<Vec<Part<'a>>>,
    /// What the file is.
    pub format: Format,
    /// Whether the file can be run.
    pub is_executable: bool,
    /// Whether the file is written only where it is missing.
    pub is_once: bool,
}

impl<'a> Stack<'a> {
    /// Begins without parts.
    pub fn new(path: &ProjectPath) -> Self {
        Stack {
            chains: Vec::new(),
            format: Format::of(path),
            is_executable: false,
            is_once: false,
        }
    }

    /// Lays a part on top.
    pub fn push(&mut self, part: Part<'a>, replaces: bool, problems: &mut Vec<Problem>) {
        if replaces {
            self.chains.clear();
        }
        let Content::Rendered { source, scan } = &part.file.content else {
            self.start(part, replaces, problems);
            return;
        };
        let Some(place) = &scan.extends_below else {
            self.start(part, replaces, problems);
            return;
        };
        let error = |message: String| Problem::error(&part.file.name, message);
        let Some(chain) = self.chains.last_mut() else {
            problems.push(
                error("no file lies below this one".into())
                    .at(&source.as_ref().into(), place.clone()),
            );
            return;
        };
        let known = blocks(chain);
        for block in scan
            .blocks
            .iter()
            .filter(|block| !block.is_nested && !known.contains(block.name.as_str()))
        {
            let message = match suggest::nearest(&block.name, known.iter().copied()) {
                Some(meant) => format!(
                    "the file below has no block '{}', did you mean '{meant}'?",
                    block.name
                ),
                None => format!("the file below has no block '{}'", block.name),
            };
            problems.push(error(message).at(&source.as_ref().into(), block.range.clone()));
        }
        chain.push(part);
    }

    /// Begins a chain; over another one only where the two can be merged.
    fn start(&mut self, part: Part<'a>, replaces: bool, problems: &mut Vec<Problem>) {
        if let Some(below) = self.chains.last().and_then(|chain| chain.last())
            && !replaces
            && self.format == Format::Text
        {
            let message = format!(
                "layers '{}' and '{}' both have this file: let it begin with {{% extends \"below\" %}}, or list it under 'replaces' in layer.toml",
                below.layer.name, part.layer.name
            );
            problems.push(Problem::error(&part.file.name, message));
        }
        self.chains.push(vec![part]);
    }

    /// Gives the top of each chain, the lowest chain first.
    pub fn chains(&self) -> impl Iterator<Item = &Part<'a>> {
        self.chains.iter().filter_map(|chain| chain.last())
    }

    /// Gives all parts.
    pub fn parts(&self) -> impl Iterator<Item = &Part<'a>> {
        self.chains.iter().flatten()
    }

    /// Gives the name of the file on top, for messages.
    pub fn name(&self) -> &'a str {
        self.chains().last().map_or("", |part| &part.file.name)
    }

    /// Notes which file lies below which.
    pub fn note_below(&self, below: &mut BTreeMap<String, String>) {
        for pair in self.chains.iter().flat_map(|chain| chain.windows(2)) {
            if let [lower, upper] = pair {
                below.insert(upper.file.name.clone(), lower.file.name.clone());
            }
        }
    }
}

/// Gives the blocks that the parts of a chain define.
fn blocks<'p>(chain: &[Part<'p>]) -> BTreeSet<&'p str> {
    let scans = chain.iter().filter_map(|part| match &part.file.content {
        Content::Rendered { scan, .. } => Some(scan),
        Content::Verbatim(_) => None,
    });
    scans
        .flat_map(|scan| &scan.blocks)
        .map(|block| block.name.as_str())
        .collect()
}
