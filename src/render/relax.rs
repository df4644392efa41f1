//! Checks that are relaxed for what fails them, and the settings that say so.
//!
//! What is relaxed is remembered nowhere but in the settings: something is, when merging its
//! relaxation into them changes nothing. So people can edit them as they like.

mod finding;

use std::collections::BTreeSet;
use std::path::Path;

use minijinja::{Value, context};

use super::PlannedStep;
use crate::answer::Answers;
use crate::error::{Error, Result};
use crate::formats::{Format, FormatError, Merged};
use crate::language;
use crate::layers;
use crate::resolve::{self, Input, Resolver};
use crate::steps::Step;
use crate::template::{Finds, Layer, Located, Relax, Role, Template};
use crate::tree::ProjectPath;

pub use finding::{Finding, Module};

/// A check that a template lets be relaxed.
pub struct Relaxation<'t> {
    /// Whether a layer that is on declares it, for the project's answers.
    pub is_on: bool,
    is_builtin: bool,
    layer: &'t Layer,
    relax: &'t Relax,
    context: Value,
}

/// Gives all checks that a template lets be relaxed; those of layers that are off may have left
/// something in the settings.
pub fn relaxations<'t>(template: &'t Template, answers: &Answers) -> Result<Vec<Relaxation<'t>>> {
    let input = Input::default();
    let mut resolver = Resolver::new(template, &input);
    resolver.answers = answers.clone();
    let on: BTreeSet<(usize, &str)> = layers::choose(template, &resolver)?
        .into_iter()
        .map(|layer| (layer.depth, layer.name.as_str()))
        .collect();
    let context = resolve::context(template, answers);
    // A check reads the files of the project: what they say can run something, too.
    let is_builtin = template.layers.iter().all(|layer| layer.is_builtin);
    let mut relaxations = Vec::new();
    for layer in &template.layers {
        let is_on = on.contains(&(layer.depth, layer.name.as_str()));
        for relax in &layer.relax {
            let holds = relax.when.as_ref().map(|when| resolver.holds(when));
            relaxations.push(Relaxation {
                is_on: is_on && holds.unwrap_or(Ok(true))?,
                is_builtin,
                layer,
                relax,
                context: context.clone(),
            });
        }
    }
    Ok(relaxations)
}

impl Relaxation<'_> {
    /// Gives the file of settings.
    pub fn file(&self) -> &ProjectPath {
        &self.relax.file
    }

    /// Tells whether it belongs to an answer.
    pub fn belongs_to(&self, question: &str, answer: &str) -> bool {
        matches!(&self.layer.role, Role::Choice { question: own, value } if own == question && value == answer)
    }

    /// Gives the command that checks.
    pub fn check(&self) -> Result<PlannedStep> {
        let line = render(&self.relax.run, &self.context)?;
        Ok(PlannedStep {
            step: Step {
                name: "check".to_owned(),
                title: format!("Run {line}"),
                run: line.split_whitespace().map(str::to_owned).collect(),
                makes: Vec::new(),
                mark: None,
            },
            is_builtin: self.is_builtin,
        })
    }

    /// Says what is checked, for people; the command where nothing does.
    pub fn title(&self) -> Result<String> {
        match &self.relax.title {
            Some(title) => Ok(title.clone()),
            None => render(&self.relax.run, &self.context),
        }
    }

    /// Tells whether the check measures the whole project.
    pub fn measures(&self) -> bool {
        matches!(self.relax.finds, Finds::Value(_))
    }

    /// Gives what a check finds fault with in a project, read off what it said, each time that it
    /// says so.
    pub fn failing(&self, output: &str, root: &Path, names: &BTreeSet<String>) -> Vec<Finding> {
        let inside = |path: &str| {
            let path = Path::new(path);
            let inner = path.strip_prefix(root).unwrap_or(path);
            let inner = inner.strip_prefix(".").unwrap_or(inner);
            let inner = inner.to_str()?.replace('\\', "/");
            let path = ProjectPath::parse(&inner).ok()?;
            Some(Module::at(path.as_str(), names))
        };
        let finding = |(found, rule): (&str, Option<&str>)| match &self.relax.finds {
            Finds::Value(_) => Some(Finding::Value(found.to_owned())),
            Finds::Files(_) => inside(found).map(Finding::File),
            Finds::Rules(_) => Some(Finding::Rule(inside(found)?, rule?.to_owned())),
        };
        let found = self.relax.finds.all(output);
        found.into_iter().filter_map(finding).collect()
    }

    /// Gives what some settings relax; `names` are the paths of all files of the project.
    pub fn relaxed(&self, settings: &str, names: &BTreeSet<String>) -> Result<BTreeSet<Finding>> {
        let mut relaxed = BTreeSet::new();
        let candidates = match &self.relax.finds {
            Finds::Value(_) => return self.value(settings),
            Finds::Files(_) => Finding::files_in(settings, names),
            Finds::Rules(_) => Finding::rules_in(settings, names),
        };
        self.find_relaxed(settings, &candidates, &mut relaxed)?;
        Ok(relaxed
            .into_iter()
            .map(|finding| finding.found(names))
            .collect())
    }

    /// Gives the number that some settings are content with, unless it is the template's own.
    fn value(&self, settings: &str) -> Result<BTreeSet<Finding>> {
        let says = |value: &BTreeSet<Finding>| {
            let merged = self.merge("", settings, &self.settings(value)?);
            Ok::<_, Error>(merged.is_ok_and(|merged| merged == settings))
        };
        if says(&BTreeSet::new())? {
            return Ok(BTreeSet::new());
        }
        let tried: BTreeSet<Finding> = Finding::values_in(settings).collect();
        for value in tried {
            let value = BTreeSet::from([value]);
            if says(&value)? {
                return Ok(value);
            }
        }
        Ok(BTreeSet::new())
    }

    /// Finds what some settings relax. It stands together, so it is first tried whether all of
    /// some findings are among it, or none.
    fn find_relaxed(
        &self,
        settings: &str,
        findings: &[Finding],
        relaxed: &mut BTreeSet<Finding>,
    ) -> Result<()> {
        let together = findings.iter().cloned().collect();
        let (none, all) = (self.settings(&BTreeSet::new())?, self.settings(&together)?);
        let keeps = |base: &str, desired: &str| {
            let merged = self.merge(base, settings, desired);
            merged.is_ok_and(|merged| merged == settings)
        };
        if findings.is_empty() || keeps(&all, &none) {
            return Ok(());
        }
        if keeps("", &all) {
            relaxed.extend(together);
        } else if findings.len() > 1 {
            let (before, behind) = findings.split_at(findings.len() / 2);
            self.find_relaxed(settings, before, relaxed)?;
            self.find_relaxed(settings, behind, relaxed)?;
        }
        Ok(())
    }

    /// Relaxes what fails in the settings, instead of what they relax now.
    pub fn relax(
        &self,
        settings: &str,
        relaxed: &BTreeSet<Finding>,
        failing: &BTreeSet<Finding>,
    ) -> Result<String> {
        let base = if relaxed.is_empty() && !self.measures() {
            String::new()
        } else {
            self.settings(relaxed)?
        };
        if !failing.is_empty() || self.measures() {
            return self.merge(&base, settings, &self.settings(failing)?);
        }
        // Lists keep what else is in them; only an empty one goes.
        let empty = self.settings(failing)?;
        let emptied = self.merge(&base, settings, &empty)?;
        self.merge(&empty, &emptied, "")
    }

    /// Renders the settings that relax some findings, and nothing else.
    fn settings(&self, findings: &BTreeSet<Finding>) -> Result<String> {
        let lists = finding::context(findings);
        let context = context! { ..lists, ..self.context.clone() };
        render(&self.relax.add, &context)
    }

    fn merge(&self, base: &str, yours: &str, desired: &str) -> Result<String> {
        let file = self.file();
        let refuse = |reason: &str| Error::failed(format!("can't relax '{file}': {reason}"));
        match Format::of(file).merge(base, yours, desired) {
            Some(Ok(Merged::Clean(text))) => Ok(text),
            Some(Err(FormatError { message, .. })) => Err(refuse(&message)),
            Some(Ok(Merged::Conflict { .. })) | None => {
                Err(refuse("it says something else where the template relaxes"))
            }
        }
    }
}

/// Renders a template of a manifest.
fn render(source: &Located<String>, context: &Value) -> Result<String> {
    let rendered = language::environment().render_str(&source.value, context);
    rendered.map_err(|error| {
        let problem = source.error(language::message(&error));
        Error::failed("the template can't say how to relax").with_problems(vec![problem])
    })
}
