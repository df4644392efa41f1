//! The files of several layers at one path, from the bottom to the top.

use std::collections::{BTreeMap, BTreeSet};

use crate::formats::Format;
use crate::problem::Problem;
use crate::suggest;
use crate::template::{Content, File, Layer, Rule};
use crate::tree::ProjectPath;

/// A layer's file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Part<'a> {
    /// The layer.
    pub layer: &'a Layer,
    /// Its file.
    pub file: &'a File,
}

/// How a part comes to the parts below it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Joins {
    /// There is nothing below it.
    First,
    /// By the language's inheritance.
    Extends,
    /// Key by key, or line by line.
    Merges,
    /// In the place of all of them.
    Replaces,
}

/// A layer's file at its place in the project.
#[derive(Debug, Clone)]
pub struct Placed<'a> {
    /// The layer.
    pub layer: &'a Layer,
    /// Its file.
    pub file: &'a File,
    /// How it comes to what lies below.
    pub joins: Joins,
    /// What the layer says about files at this path.
    pub rules: Vec<&'a Rule>,
    /// Whether a layer above has replaced it.
    pub is_covered: bool,
}

/// The parts of one file of the project.
///
/// Parts that extend the one below form a chain with it, which is rendered by its top. Chains are
/// merged, the lower first.
#[derive(Debug)]
pub(super) struct Stack<'a> {
    path: ProjectPath,
    chains: Vec<Vec<Part<'a>>>,
    /// All parts from the bottom to the top, replaced ones too.
    pub history: Vec<Placed<'a>>,
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
            path: path.clone(),
            chains: Vec::new(),
            history: Vec::new(),
            format: Format::of(path),
            is_executable: false,
            is_once: false,
        }
    }

    /// Lays a part on top, with what its layer says about files at this path.
    pub fn push(&mut self, part: Part<'a>, rules: Vec<&'a Rule>, problems: &mut Vec<Problem>) {
        let joins = self.joins(part);
        if joins == Joins::Replaces {
            self.chains.clear();
            for below in &mut self.history {
                below.is_covered = true;
            }
        }
        self.note(part, joins, rules);
        let Content::Rendered { source, scan } = &part.file.content else {
            self.start(part, joins, problems);
            return;
        };
        let Some(place) = &scan.extends_below else {
            self.start(part, joins, problems);
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
            .filter(|block| !block.is_nested() && !known.contains(block.name.as_str()))
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

    /// Tells how a part comes to the parts below it.
    fn joins(&self, part: Part<'a>) -> Joins {
        let extends = matches!(
            &part.file.content,
            Content::Rendered { scan, .. } if scan.extends_below.is_some()
        );
        if self.history.is_empty() {
            Joins::First
        } else if part.layer.replaces.contains(self.path.as_str()) {
            Joins::Replaces
        } else if extends {
            Joins::Extends
        } else {
            Joins::Merges
        }
    }

    fn note(&mut self, part: Part<'a>, joins: Joins, rules: Vec<&'a Rule>) {
        self.is_executable |= rules.iter().any(|rule| rule.executable);
        self.is_once |= rules.iter().any(|rule| rule.once);
        self.history.push(Placed {
            layer: part.layer,
            file: part.file,
            joins,
            rules,
            is_covered: false,
        });
    }

    /// Begins a chain; over another one only where the two can be merged.
    fn start(&mut self, part: Part<'a>, joins: Joins, problems: &mut Vec<Problem>) {
        if let Some(below) = self.chains.last().and_then(|chain| chain.last())
            && joins == Joins::Merges
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

    /// Gives the parts of each chain from its bottom to its top, the lowest chain first.
    pub fn whole_chains(&self) -> impl Iterator<Item = &[Part<'a>]> {
        self.chains.iter().map(Vec::as_slice)
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
