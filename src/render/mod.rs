//! From layers and answers to a tree: pure, strict and limited.

mod explain;
mod limited;
mod overview;
mod relax;
mod rendered;
mod secrets;
mod stack;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use minijinja::{Environment, Error as TemplateError, Value};

use crate::answer::Answers;
use crate::error::{Error, Result};
use crate::formats::Format;
use crate::language::{self, BELOW};
use crate::layers;
use crate::problem::Problem;
use crate::resolve::{self, Input, Resolver};
use crate::template::{Content, File, Layer, Rule, Template};
use crate::tree::{Entry, ProjectPath};
pub use explain::{Explanation, Line, Origin, explain};
use limited::Limited;
pub use overview::{LayerFiles, Overview, overview};
pub use relax::{Finding, Relaxation, relaxations};
pub use rendered::{PlannedStep, Rendered};
pub use secrets::Seed;
pub use stack::{Joins, Placed};
use stack::{Part, Stack};

/// The most bytes that a project may come out as.
const MAX_PROJECT: usize = 256 * 1024 * 1024;

/// Instructions that all files of a project may take; the built-in template's take a few thousand.
const MAX_STEPS: u64 = 50_000_000;

/// Renders a project.
///
/// The same template, answers and seed give the same bytes. All mistakes come at once.
pub fn render(template: &Template, answers: &Answers, seed: &Seed) -> Result<Rendered> {
    render_where(template, answers, seed, |_| true)
}

/// Renders the files of a project that are wanted, and looks at no other.
pub fn render_where(
    template: &Template,
    answers: &Answers,
    seed: &Seed,
    is_wanted: impl Fn(&ProjectPath) -> bool,
) -> Result<Rendered> {
    let input = Input::default();
    let mut resolver = Resolver::new(template, &input);
    resolver.answers = answers.clone();
    let layers = layers::choose(template, &resolver)?;
    let mut renderer = Renderer::new(template, &resolver);
    let stacks = renderer.stacks(&layers, is_wanted);
    let mut environment = renderer.environment(&stacks, seed);
    let mut rendered = Rendered {
        steps: steps(&layers),
        workspaces: layers
            .iter()
            .flat_map(|layer| layer.workspaces.clone())
            .collect(),
        next: renderer.next(&layers)?,
        checks: renderer.checks(&layers)?,
        ..Rendered::default()
    };
    let mut size = 0;
    for (path, stack) in &stacks {
        environment.set_fuel(Some(renderer.steps_left.min(language::MAX_STEPS)));
        if let Some(entry) = renderer.entry(&environment, stack) {
            rendered
                .makers
                .insert(path.clone(), stack.name().to_owned());
            size += entry.bytes.len();
            let tree = if stack.is_once {
                &mut rendered.once
            } else {
                &mut rendered.tree
            };
            if let Err(error) = tree.insert(path.clone(), entry) {
                let problem = Problem::error(stack.name(), error.message);
                renderer
                    .problems
                    .push(problem.of(crate::problem::Rule::Path));
            }
        }
        if size > MAX_PROJECT {
            return Err(Error::failed(format!(
                "the project is larger than {MAX_PROJECT} bytes"
            )));
        }
    }
    renderer.finish(rendered)
}

fn steps(layers: &[&Layer]) -> Vec<PlannedStep> {
    let plan = |layer: &Layer| {
        let is_builtin = layer.is_builtin;
        layer
            .steps
            .clone()
            .into_iter()
            .map(move |step| PlannedStep { step, is_builtin })
    };
    layers.iter().flat_map(|layer| plan(layer)).collect()
}

struct Renderer<'r, 'a> {
    template: &'a Template,
    resolver: &'r Resolver<'r>,
    context: Value,
    problems: Vec<Problem>,
    steps_left: u64,
}

impl<'r, 'a> Renderer<'r, 'a> {
    /// Begins with the answers of a resolver, and without mistakes.
    fn new(template: &'a Template, resolver: &'r Resolver<'r>) -> Self {
        Renderer {
            template,
            resolver,
            context: resolve::context(template, &resolver.answers),
            problems: Vec::new(),
            steps_left: MAX_STEPS,
        }
    }

    /// Renders the commands that the user is told to type next.
    fn next(&mut self, layers: &[&Layer]) -> Result<Vec<String>> {
        let environment = language::environment();
        let mut next = Vec::new();
        for command in layers.iter().flat_map(|layer| &layer.next) {
            let when = command.when.as_ref();
            if !when.map_or(Ok(true), |when| self.resolver.holds(when))? {
                continue;
            }
            match environment.render_str(&command.run.value, &self.context) {
                Ok(run) => next.push(run),
                Err(error) => {
                    let problem = command.run.error(language::message(&error));
                    self.problems.push(problem);
                }
            }
        }
        Ok(next)
    }

    /// Gives the commands that have to work in the project.
    fn checks(&self, layers: &[&Layer]) -> Result<Vec<PlannedStep>> {
        let mut checks = Vec::new();
        for layer in layers {
            for check in &layer.checks {
                let when = check.when.as_ref();
                if when.map_or(Ok(true), |when| self.resolver.holds(when))? {
                    checks.push(PlannedStep {
                        step: check.step.clone(),
                        is_builtin: layer.is_builtin,
                    });
                }
            }
        }
        Ok(checks)
    }

    /// Collects which layers have a file at each path that is wanted.
    fn stacks(
        &mut self,
        layers: &[&'a Layer],
        is_wanted: impl Fn(&ProjectPath) -> bool,
    ) -> BTreeMap<ProjectPath, Stack<'a>> {
        let mut stacks: BTreeMap<ProjectPath, Stack<'a>> = BTreeMap::new();
        let environment = language::short_environment();
        for layer in layers {
            for file in &layer.files {
                match self.place(&environment, layer, file) {
                    Ok(Some((path, _))) if !is_wanted(&path) => {}
                    Ok(Some((path, rules))) => {
                        let new = Stack::new(&path);
                        let stack = stacks.entry(path).or_insert(new);
                        stack.push(Part { layer, file }, rules, &mut self.problems);
                    }
                    Ok(None) => {}
                    Err(problem) => self.problems.push(problem),
                }
            }
        }
        stacks
    }

    /// Finds out where a file goes; nowhere when its path or its rule leaves it out.
    fn place(
        &self,
        environment: &Environment,
        layer: &'a Layer,
        file: &File,
    ) -> Result<Option<(ProjectPath, Vec<&'a Rule>)>, Problem> {
        let Some(path) = self.target(environment, file)? else {
            return Ok(None);
        };
        let mut rules = Vec::new();
        for rule in layer.rules_for(path.as_str()) {
            if let Some(when) = &rule.when
                && !self
                    .resolver
                    .holds(when)
                    .map_err(|error| when.error(error.message))?
            {
                return Ok(None);
            }
            rules.push(rule);
        }
        Ok(Some((path, rules)))
    }

    /// Finds out where a file goes as far as its path says it; nowhere when a part of it is empty.
    fn target(
        &self,
        environment: &Environment,
        file: &File,
    ) -> Result<Option<ProjectPath>, Problem> {
        let mut path = Cow::Borrowed(file.path.as_str());
        if path.contains('{') {
            let source = &file.path;
            let rendered = environment
                .template_from_named_str(&file.name, source)
                .and_then(|template| template.render(&self.context))
                .map_err(|error| problem(&file.name, &error))?;
            if rendered.matches('/').count() != source.matches('/').count() {
                return Err(Problem::error(
                    &file.name,
                    "a part of its path is rendered to more than one name",
                ));
            }
            if rendered.split('/').any(str::is_empty) {
                return Ok(None);
            }
            path = Cow::Owned(rendered);
        }
        ProjectPath::parse_foreign(&path)
            .map(Some)
            .map_err(|error| {
                Problem::error(&file.name, error.message).of(crate::problem::Rule::Path)
            })
    }

    /// Makes the environment that holds all files of this project, and knows which lies below which.
    fn environment(
        &mut self,
        stacks: &BTreeMap<ProjectPath, Stack<'a>>,
        seed: &Seed,
    ) -> Environment<'a> {
        self.environment_of(stacks.values(), seed, |_, source| source)
    }

    /// Makes the environment of some stacks, with other texts than the files have.
    fn environment_of<'e, 's>(
        &mut self,
        stacks: impl Iterator<Item = &'s Stack<'a>>,
        seed: &Seed,
        text_of: impl Fn(&'e str, &'e str) -> &'e str,
    ) -> Environment<'e>
    where
        'a: 'e + 's,
    {
        let mut environment = language::environment();
        for (name, source) in &self.template.macros {
            self.add(&mut environment, name, text_of(name, source));
        }
        let mut below = BTreeMap::new();
        let mut once = BTreeSet::new();
        for stack in stacks {
            stack.note_below(&mut below);
            for part in stack.parts() {
                if let Content::Rendered { source, .. } = &part.file.content {
                    let name = &part.file.name;
                    self.add(&mut environment, name, text_of(name, source));
                    if stack.is_once {
                        once.insert(part.file.name.clone());
                    }
                }
            }
        }
        let macros: BTreeSet<String> = self.template.macros.keys().cloned().collect();
        environment.set_path_join_callback(move |name, parent| match below.get(parent) {
            Some(found) if name == BELOW => Cow::Owned(found.clone()),
            _ if macros.contains(name) => Cow::Borrowed(name),
            // Nothing has this name: another file could be one that may hold secrets.
            _ => Cow::Owned(format!("{name} (neither '{BELOW}' nor in macros/)")),
        });
        secrets::register(&mut environment, seed.clone(), once);
        environment
    }

    fn add<'e>(&mut self, environment: &mut Environment<'e>, name: &'e str, source: &'e str) {
        if let Err(error) = environment.add_template(name, source) {
            self.problems.push(problem(name, &error));
        }
    }

    /// Renders and composes what lies at one path.
    fn entry(&mut self, environment: &Environment, stack: &Stack) -> Option<Entry> {
        let mut composed: Option<Cow<'static, [u8]>> = None;
        for chain in stack.chains() {
            let above = match &chain.file.content {
                Content::Verbatim(bytes) => bytes.clone(),
                Content::Rendered { .. } => match self.text(environment, &chain.file.name) {
                    Ok(text) => Cow::Owned(text),
                    Err(error) => {
                        self.problems.push(problem(&chain.file.name, &error));
                        return None;
                    }
                },
            };
            composed = Some(match composed {
                None => above,
                Some(below) => match compose(stack.format, &below, &above, chain) {
                    Ok(text) => Cow::Owned(text.into_bytes()),
                    Err(problem) => {
                        // That two parts can't be one file was told when they met.
                        if stack.format != Format::Text {
                            self.problems.push(problem);
                        }
                        return None;
                    }
                },
            });
        }
        Some(Entry {
            bytes: composed?,
            executable: stack.is_executable,
        })
    }

    fn text(&mut self, environment: &Environment, name: &str) -> Result<Vec<u8>, TemplateError> {
        let mut limited = Limited::default();
        let template = environment.get_template(name)?;
        let given = environment.fuel().unwrap_or_default();
        let rendered = template.render_captured_to(&self.context, &mut limited);
        // What fails may have taken all that it was given.
        let taken = match &rendered {
            Ok(captured) => captured
                .state()
                .fuel_levels()
                .map_or(given, |(taken, _)| taken),
            Err(_) => given,
        };
        self.steps_left = self.steps_left.saturating_sub(taken);
        rendered.map(|_| ()).map(|()| limited.bytes)
    }

    fn finish(mut self, rendered: Rendered) -> Result<Rendered> {
        self.refuse().map(|()| rendered)
    }

    /// Ends with all mistakes at once, when there is one.
    fn refuse(&mut self) -> Result<()> {
        if self.problems.is_empty() {
            return Ok(());
        }
        self.problems.dedup();
        let message = format!("template '{}' can't be rendered", self.template.source);
        let problems = std::mem::take(&mut self.problems);
        Err(Error::failed(message).with_problems(problems))
    }
}

/// Lays a file over what the layers below it made.
fn compose(format: Format, below: &[u8], above: &[u8], part: &Part) -> Result<String, Problem> {
    let refuse = |reason: &str| Problem::error(&part.file.name, reason);
    let texts = (std::str::from_utf8(below), std::str::from_utf8(above));
    let (Ok(below), Ok(above)) = texts else {
        return Err(refuse(
            "lies over another file, and one of them is not a text",
        ));
    };
    match format.compose(below, above) {
        Some(Ok(text)) => Ok(text),
        Some(Err(error)) => Err(refuse(&error.message)),
        None => Err(refuse(
            "lies over another file, and this format can't be merged",
        )),
    }
}

/// Turns an error of the language into a problem at its place.
fn problem(fallback: &str, error: &TemplateError) -> Problem {
    let problem = Problem::error(error.name().unwrap_or(fallback), language::message(error));
    match (error.template_source(), error.range()) {
        (Some(source), Some(range)) => problem.at(&source.into(), range),
        _ => problem,
    }
}
