//! Follows the lines of a file from its parts to what they are composed to.

use minijinja::Environment;

use crate::error::{Error, Result};
use crate::language;
use crate::render::stack::{Part, Stack};
use crate::render::{Renderer, Seed, compose};
use crate::template::Content;

use super::blame::{self, Traced};
use super::marks::{Detail, Marks, Spot};
use super::{Origin, sources};

/// What is needed to render one file again and again.
pub(super) struct Tracer<'t, 'r, 'a> {
    pub renderer: &'t mut Renderer<'r, 'a>,
    /// Holds the file's parts as they are.
    pub environment: &'t Environment<'t>,
    /// The parts.
    pub stack: &'t Stack<'a>,
    pub seed: &'t Seed,
}

impl<'a> Tracer<'_, '_, 'a> {
    /// Follows all lines of the file; none where it isn't a text.
    pub fn trace(&mut self) -> Result<Option<Traced>> {
        let mut traced: Option<Traced> = None;
        for chain in self.stack.whole_chains() {
            let Some(above) = self.chain(chain)? else {
                return Ok(None);
            };
            traced = match (traced, chain.last()) {
                (Some(below), Some(top)) => {
                    let (lower, upper) = (below.text.as_bytes(), above.text.as_bytes());
                    let text = compose(self.stack.format, lower, upper, top);
                    let text = text.map_err(|problem| {
                        Error::failed("the file can't be composed").with_problems(vec![problem])
                    })?;
                    Some(blame::overlay(self.stack.format, &below, &above, &text)?)
                }
                _ => Some(above),
            };
        }
        Ok(traced)
    }

    /// Follows the lines of parts that extend each other.
    fn chain(&mut self, chain: &[Part<'a>]) -> Result<Option<Traced>> {
        let Some(top) = chain.last() else {
            return Ok(None);
        };
        if let Content::Verbatim(bytes) = &top.file.content {
            return Ok(std::str::from_utf8(bytes).ok().map(|text| Traced {
                text: text.to_owned(),
                lines: (1..=text.lines().count())
                    .map(|line| vec![self.of(top, Some(line))])
                    .collect(),
            }));
        }
        let text = self.rendered(self.environment, top)?;
        for detail in [Detail::All, Detail::Text] {
            if let Some(lines) = self.marked(top, &text, detail) {
                let mut traced = Traced { text, lines };
                traced.fill();
                return Ok(Some(traced));
            }
        }
        self.by_versions(chain).map(Some)
    }

    /// Follows the lines by marks; none where the marks change what comes out.
    fn marked(&mut self, top: &Part<'a>, text: &str, detail: Detail) -> Option<Vec<Vec<Origin>>> {
        let sources = sources(self.renderer.template, self.stack.parts());
        let marks = Marks::in_texts(&sources, detail)?;
        let known = self.renderer.problems.len();
        let stack = std::iter::once(self.stack);
        let environment = self
            .renderer
            .environment_of(stack, self.seed, |name, source| {
                marks.text(name).unwrap_or(source)
            });
        // What is wrong with a template was said when it was compiled without marks.
        self.renderer.problems.truncate(known);
        let marked = self.rendered(&environment, top).ok()?;
        let lines = marks.read(&marked, text)?;
        let origins = |spots: Vec<Spot>| spots.iter().map(|spot| self.origin(spot)).collect();
        Some(lines.into_iter().map(origins).collect())
    }

    fn origin(&self, spot: &Spot) -> Origin {
        let part = self.stack.parts().find(|part| part.file.name == spot.file);
        part.map_or_else(
            || Origin::shared(spot.file, Some(spot.line)),
            |part| self.of(part, Some(spot.line)),
        )
    }

    fn of(&self, part: &Part, line: Option<usize>) -> Origin {
        Origin::of(self.renderer.template, part, line)
    }

    /// Follows the lines from part to part, by what each of them changes.
    fn by_versions(&mut self, chain: &[Part<'a>]) -> Result<Traced> {
        let mut traced = Traced::default();
        for part in chain {
            let text = self.rendered(self.environment, part)?;
            let lines: Vec<&str> = text.lines().collect();
            traced = blame::follow(&traced, text.clone(), |_, index| {
                let line = lines.get(index).copied().unwrap_or_default();
                vec![self.likely(part, line)]
            })?;
        }
        Ok(traced)
    }

    /// Finds the line of a part or of a macro that a line most likely comes from.
    fn likely(&self, part: &Part<'a>, line: &str) -> Origin {
        let own = match &part.file.content {
            Content::Rendered { source, .. } => source.as_ref(),
            Content::Verbatim(_) => "",
        };
        let same = |source: &str| source.lines().position(|known| known.trim() == line.trim());
        let at = |index: usize| Some(index + 1);
        if let Some(index) = same(own) {
            return self.of(part, at(index));
        }
        for (name, source) in &self.renderer.template.macros {
            if let Some(index) = same(source) {
                return Origin::shared(name, at(index));
            }
        }
        self.of(part, blame::likeliest(own, line).and_then(at))
    }

    fn rendered(&mut self, environment: &Environment, part: &Part) -> Result<String> {
        let name = &part.file.name;
        let bytes = self
            .renderer
            .text(environment, name)
            .map_err(|error| Error::failed(format!("{name}: {}", language::message(&error))))?;
        String::from_utf8(bytes).map_err(|error| Error::failed(error.to_string()))
    }
}
