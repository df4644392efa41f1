//! Checks that are relaxed for files which fail them, and the settings that say so.
//!
//! What is relaxed is remembered nowhere but in the settings: a file is, when merging its
//! relaxation into them changes nothing. So people can edit them as they like.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::LazyLock;

use minijinja::{Value, context};
use regex_lite::Regex;

use super::PlannedStep;
use crate::answer::Answers;
use crate::error::{Error, Result};
use crate::formats::{Format, FormatError, Merged};
use crate::language;
use crate::layers;
use crate::resolve::{self, Input, Resolver};
use crate::steps::Step;
use crate::template::{Layer, Located, Relax, Role, Template};
use crate::tree::ProjectPath;

/// A text in a file of settings, in quotes.
static QUOTED: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r#""([^"\\\n]+)"|'([^'\n]+)'"#).ok());

/// A file with Python code, as a path and as a module.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Module {
    /// The path in the project.
    pub path: String,
    /// What it is imported by.
    pub name: String,
}

impl Module {
    /// Gives the module at a path; `names` are the paths of all files of the project.
    ///
    /// Its name begins at the topmost folder that is a package.
    pub fn at(path: &str, names: &BTreeSet<String>) -> Self {
        let is_package = |folder: &&str| {
            ["py", "pyi"]
                .iter()
                .any(|end| names.contains(&format!("{folder}/__init__.{end}")))
        };
        let mut folders = path.match_indices('/').map(|(end, _)| &path[..end]);
        let package = folders.find(is_package);
        let start = package.map_or(path, |package| package).rfind('/');
        let inner = start.map_or(path, |start| &path[start + 1..]);
        let inner = inner
            .rsplit_once('.')
            .map_or(inner, |(module, _)| module)
            .trim_end_matches("/__init__");
        Module {
            path: path.to_owned(),
            name: inner.replace('/', "."),
        }
    }

    /// Looks for the file of a module that is known by its name.
    fn found(self, names: &BTreeSet<String>) -> Self {
        if names.contains(&self.path) {
            return self;
        }
        let is_code = |path: &&String| path.ends_with(".py") || path.ends_with(".pyi");
        let code = names.iter().filter(is_code);
        let mut modules = code.map(|path| Module::at(path, names));
        let found = modules.find(|module| module.name == self.name);
        found.unwrap_or(self)
    }

    /// Reads a text that may stand for a module in a file of settings.
    fn parse(text: &str, names: &BTreeSet<String>) -> Option<Self> {
        if text.ends_with(".py") || text.ends_with(".pyi") {
            let is_path = !text.contains(['*', '?', '[', '{']) && ProjectPath::parse(text).is_ok();
            return is_path.then(|| Module::at(text, names));
        }
        let is_plain = |letter: char| letter.is_alphanumeric() || "_-".contains(letter);
        let is_name = text
            .split('.')
            .all(|part| !part.is_empty() && part.chars().all(is_plain));
        is_name.then(|| Module {
            path: format!("{}.py", text.replace('.', "/")),
            name: text.to_owned(),
        })
    }
}

/// A check that a template lets be relaxed.
pub struct Relaxation<'t> {
    /// Whether a layer that is on declares it.
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
    let of_layer = |layer: &'t Layer| {
        let is_on = on.contains(&(layer.depth, layer.name.as_str()));
        let context = context.clone();
        layer.relax.iter().map(move |relax| Relaxation {
            is_on,
            is_builtin,
            layer,
            relax,
            context: context.clone(),
        })
    };
    Ok(template.layers.iter().flat_map(of_layer).collect())
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
            },
            is_builtin: self.is_builtin,
        })
    }

    /// Gives the files of a project that fail, read off what the check said.
    pub fn failing(&self, output: &str, root: &Path, names: &BTreeSet<String>) -> BTreeSet<Module> {
        let inside = |path: &str| {
            let path = Path::new(path);
            let inner = path.strip_prefix(root).unwrap_or(path);
            let inner = inner.strip_prefix(".").unwrap_or(inner);
            let inner = inner.to_str()?.replace('\\', "/");
            ProjectPath::parse(&inner).ok()
        };
        let paths = self.relax.failing(output).filter_map(inside);
        paths.map(|path| Module::at(path.as_str(), names)).collect()
    }

    /// Gives what some settings relax; `names` are the paths of all files of the project.
    pub fn relaxed(&self, settings: &str, names: &BTreeSet<String>) -> Result<BTreeSet<Module>> {
        let quoted = QUOTED
            .iter()
            .flat_map(|quoted| quoted.captures_iter(settings));
        let texts = quoted.filter_map(|found| Some(found.get(1).or(found.get(2))?.as_str()));
        let modules: Vec<Module> = texts
            .filter_map(|text| Module::parse(text, names))
            .collect();
        let mut relaxed = BTreeSet::new();
        self.find_relaxed(settings, &modules, &mut relaxed)?;
        Ok(relaxed
            .into_iter()
            .map(|module| module.found(names))
            .collect())
    }

    /// Finds which modules some settings relax. They stand together, so it is first tried whether
    /// all of some modules are among them, or none.
    fn find_relaxed(
        &self,
        settings: &str,
        modules: &[Module],
        relaxed: &mut BTreeSet<Module>,
    ) -> Result<()> {
        let together = modules.iter().cloned().collect();
        let (none, all) = (self.settings(&BTreeSet::new())?, self.settings(&together)?);
        let keeps = |base: &str, desired: &str| {
            let merged = self.merge(base, settings, desired);
            merged.is_ok_and(|merged| merged == settings)
        };
        if modules.is_empty() || keeps(&all, &none) {
            return Ok(());
        }
        if keeps("", &all) {
            relaxed.extend(together);
        } else if modules.len() > 1 {
            let (before, behind) = modules.split_at(modules.len() / 2);
            self.find_relaxed(settings, before, relaxed)?;
            self.find_relaxed(settings, behind, relaxed)?;
        }
        Ok(())
    }

    /// Relaxes some files in the settings, instead of those that they relax now.
    pub fn relax(
        &self,
        settings: &str,
        relaxed: &BTreeSet<Module>,
        failing: &BTreeSet<Module>,
    ) -> Result<String> {
        let base = if relaxed.is_empty() {
            String::new()
        } else {
            self.settings(relaxed)?
        };
        if !failing.is_empty() {
            return self.merge(&base, settings, &self.settings(failing)?);
        }
        // Lists keep what else is in them; only an empty one goes.
        let empty = self.settings(failing)?;
        let emptied = self.merge(&base, settings, &empty)?;
        self.merge(&empty, &emptied, "")
    }

    /// Renders the settings that relax some files, and nothing else.
    fn settings(&self, modules: &BTreeSet<Module>) -> Result<String> {
        let paths: BTreeSet<String> = modules.iter().map(|module| module.path.clone()).collect();
        let names: BTreeSet<String> = modules.iter().map(|module| module.name.clone()).collect();
        let lists = context! { paths, modules => names };
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_begin_at_the_topmost_package() {
        let names = [
            "src/shop/__init__.py",
            "tests/__init__.py",
            "src/shop/a/b/c.py",
        ];
        let names: BTreeSet<String> = names.map(str::to_owned).into();
        let cases = [
            ("src/shop/__init__.py", "shop"),
            ("src/shop/views.py", "shop.views"),
            ("src/shop/a/b/c.py", "shop.a.b.c"),
            ("src/other/x.pyi", "x"),
            ("tests/test_a.py", "tests.test_a"),
            ("manage.py", "manage"),
            ("run-it.py", "run-it"),
        ];
        for (path, name) in cases {
            assert_eq!(Module::at(path, &names).name, name, "{path}");
        }
    }

    #[test]
    fn only_paths_and_names_stand_for_modules() {
        let names = BTreeSet::new();
        for text in ["a.*", "**/b.py", "../b.py", "a b", ">=1", "src/", ""] {
            assert_eq!(Module::parse(text, &names), None, "{text}");
        }
        let name = |text| Module::parse(text, &names).unwrap().name;
        assert_eq!([name("a.b"), name("x/b.py")], ["a.b", "b"]);
    }
}
