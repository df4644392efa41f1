//! What a check finds fault with, and how it is read off texts.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use minijinja::{Value, context};
use regex_lite::Regex;

use crate::tree::ProjectPath;

/// A text in a file of settings, in quotes.
static QUOTED: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r#""([^"\\\n]+)"|'([^'\n]+)'"#).ok());

/// A number in a file of settings.
static NUMBER: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"[0-9]+(?:\.[0-9]+)?").ok());

/// What the names of files with code end with.
const CODE: [&str; 3] = [".py", ".pyi", ".ipynb"];

/// What a check finds fault with.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Finding {
    /// A file.
    File(Module),
    /// A file that breaks a rule.
    Rule(Module, String),
    /// The whole project, which comes to this number.
    Value(String),
}

/// A file with Python code, as a path and as a module.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Module {
    /// The path in the project.
    pub path: String,
    /// What it is imported by.
    pub name: String,
}

impl Finding {
    /// Gives the file, where it is about one.
    pub fn module(&self) -> Option<&Module> {
        match self {
            Finding::File(module) | Finding::Rule(module, _) => Some(module),
            Finding::Value(_) => None,
        }
    }

    /// Gives the rule that is broken, or the number that is reached.
    pub fn detail(&self) -> &str {
        match self {
            Finding::File(_) => "",
            Finding::Rule(_, detail) | Finding::Value(detail) => detail,
        }
    }

    /// Tells whether two findings are about the same: a file can be known by its path or its name.
    pub fn is_about(&self, other: &Finding) -> bool {
        match (self.module(), other.module()) {
            (Some(one), Some(other_one)) => {
                (one.path == other_one.path || one.name == other_one.name)
                    && self.detail() == other.detail()
            }
            _ => self == other,
        }
    }

    /// Looks for the file of a module that is known by its name.
    pub(super) fn found(self, names: &BTreeSet<String>) -> Self {
        match self {
            Finding::File(module) => Finding::File(module.found(names)),
            other => other,
        }
    }

    /// Gives what some settings may name: files.
    pub(super) fn files_in(settings: &str, names: &BTreeSet<String>) -> Vec<Self> {
        let modules = quoted(settings).filter_map(|text| Module::parse(text, names));
        modules.map(Finding::File).collect()
    }

    /// Gives what some settings may name: rules, behind their files.
    pub(super) fn rules_in(settings: &str, names: &BTreeSet<String>) -> Vec<Self> {
        let mut rules = Vec::new();
        // What stands behind the end of its list is no rule of a file.
        for list in settings.split(']') {
            let mut module = None;
            for text in quoted(list) {
                if is_code(text) {
                    module = Module::parse(text, names);
                } else if let Some(module) = &module {
                    rules.push(Finding::Rule(module.clone(), text.to_owned()));
                }
            }
        }
        rules
    }

    /// Gives what some settings may name: numbers.
    pub(super) fn values_in(settings: &str) -> impl Iterator<Item = Self> {
        let numbers = NUMBER.iter().flat_map(|number| number.find_iter(settings));
        numbers.map(|found| Finding::Value(found.as_str().to_owned()))
    }
}

/// Gives what a template sees of findings.
pub(super) fn context(findings: &BTreeSet<Finding>) -> Value {
    let mut files: BTreeMap<&Module, BTreeSet<&str>> = BTreeMap::new();
    let mut value = Value::from(());
    for finding in findings {
        if let Finding::Value(number) = finding {
            value = Value::from(number.as_str());
        }
        if let Some(module) = finding.module() {
            let rules = files.entry(module).or_default();
            rules.extend(Some(finding.detail()).filter(|rule| !rule.is_empty()));
        }
    }
    let paths: BTreeSet<String> = files.keys().map(|module| module.path.clone()).collect();
    let modules: BTreeSet<String> = files.keys().map(|module| module.name.clone()).collect();
    let files = files.iter().map(|(module, rules)| {
        let rules: Vec<Value> = rules.iter().copied().map(Value::from).collect();
        context! { path => module.path.clone(), module => module.name.clone(), rules }
    });
    let files: Vec<Value> = files.collect();
    context! { paths, modules, files, value }
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
        let code = names.iter().filter(|path| is_code(path));
        let mut modules = code.map(|path| Module::at(path, names));
        let found = modules.find(|module| module.name == self.name);
        found.unwrap_or(self)
    }

    /// Reads a text that may stand for a module in a file of settings.
    fn parse(text: &str, names: &BTreeSet<String>) -> Option<Self> {
        if is_code(text) {
            // What lies at the top may be written so that it isn't found in every folder.
            let text = text.strip_prefix("./").unwrap_or(text);
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

fn is_code(path: &str) -> bool {
    CODE.iter().any(|end| path.ends_with(end))
}

fn quoted(settings: &str) -> impl Iterator<Item = &str> {
    let quoted = QUOTED
        .iter()
        .flat_map(|quoted| quoted.captures_iter(settings));
    quoted.filter_map(|found| Some(found.get(1).or(found.get(2))?.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rules_of_a_file_end_with_its_list() {
        let settings =
            "[a]\n\"x.py\" = [\"D100\"]\n\n[b]\nc = [\"-ra\"]\n\"y.py\" = [\n\"E1\",\n\"E2\",\n]\n";
        let found = Finding::rules_in(settings, &BTreeSet::new());
        let rules: Vec<&str> = found.iter().map(Finding::detail).collect();
        assert_eq!(rules, ["D100", "E1", "E2"]);
    }

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
        assert_eq!(
            [name("a.b"), name("x/b.py"), name("./c.py")],
            ["a.b", "b", "c"]
        );
    }

    #[test]
    fn rules_stand_behind_their_files() {
        let settings = "select = [\"A\"]\n\"./a.py\" = [\"E1\", 'E2']\n\"tests/**\" = [\"D\"]\n\"x/b.py\" = [\"F\"]\n";
        let found = Finding::rules_in(settings, &BTreeSet::new());
        let found: Vec<(&str, &str)> = found
            .iter()
            .map(|finding| (finding.module().unwrap().path.as_str(), finding.detail()))
            .collect();
        assert!(
            found.starts_with(&[("a.py", "E1"), ("a.py", "E2")]),
            "{found:?}"
        );
        assert!(found.contains(&("x/b.py", "F")), "{found:?}");
    }
}
