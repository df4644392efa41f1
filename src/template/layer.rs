//! Layers: folders that lie over the layers below them and add to the project.

use std::borrow::Cow;
use std::collections::BTreeSet;

use regex_lite::Regex;

use super::manifest::{Located, Manifest, Problems, Table};
use super::question::Condition;
use super::source::Files;
use crate::formats::Format;
use crate::language::{self, Expression, Scan};
use crate::problem::Problem;
use crate::steps::{self, Step};
use crate::tree::ProjectPath;

/// What a template file's name ends with when it is rendered rather than copied.
const RENDERED: &str = ".jinja";

/// The group of a pattern that is a file.
const PATH: &str = "path";

/// The name of a command that is declared as a check.
const CHECK: &str = "check";

/// Who turns a layer on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Role {
    /// Always on.
    Base,
    /// On when a question is answered with this choice.
    Choice {
        /// The question's name.
        question: String,
        /// The choice's value.
        value: String,
    },
    /// On when its condition holds; nobody chooses it.
    Bridge,
}

/// A folder that adds files and steps to the project.
#[derive(Debug)]
pub struct Layer {
    /// The folder's path in its template, such as `orm/none`.
    pub name: String,
    /// Who turns it on.
    pub role: Role,
    /// When it is on, beyond its role.
    pub when: Option<Condition>,
    /// Layers that have to be there too; they lie below this one.
    pub requires: BTreeSet<String>,
    /// The layers that its manifest names, with the places: those it needs, and those it stands
    /// against.
    pub named: Vec<Located<String>>,
    /// Paths in the project that it replaces as a whole.
    pub replaces: BTreeSet<String>,
    /// What is special about some of its files.
    pub rules: Vec<Rule>,
    /// What is run after writing.
    pub steps: Vec<Step>,
    /// What the template's own check runs in every project that it makes.
    pub checks: Vec<DeclaredCheck>,
    /// What the user is told to type next.
    pub next: Vec<Next>,
    /// The checks that can be relaxed for files that fail them.
    pub relax: Vec<Relax>,
    /// Its files.
    pub files: Vec<File>,
    /// The position of its template among the templates that extend each other; 0 is the lowest.
    pub depth: usize,
    /// Whether it comes with the binary, so that its steps are trusted.
    pub is_builtin: bool,
}

/// A command that the user is told to type after the project was made.
#[derive(Debug)]
pub struct Next {
    /// The command, as a template.
    pub run: Located<String>,
    /// When it makes sense.
    pub when: Option<Located<Expression>>,
}

/// A command that has to work in every project with the layer. It is run when the template is
/// checked, and never when a project is made or changed.
#[derive(Debug)]
pub struct DeclaredCheck {
    /// The command.
    pub step: Step,
    /// When it makes sense.
    pub when: Option<Located<Expression>>,
}

/// A check that can be relaxed for files that fail it.
#[derive(Debug)]
pub struct Relax {
    /// The command that checks, as a template; split at spaces.
    pub run: Located<String>,
    /// What finds the files that fail in what the command says: each is its group `path`.
    pub path: Regex,
    /// The file of settings that the check reads.
    pub file: ProjectPath,
    /// What is merged into that file, as a template over `paths` and `modules`.
    pub add: Located<String>,
}

/// What is special about the files at some paths.
#[derive(Debug)]
pub struct Rule {
    /// A glob over paths in the project.
    pub path: Located<String>,
    /// Whether the files can be run.
    pub executable: bool,
    /// Whether the files are written where they are missing, and never again.
    pub once: bool,
    /// When the files are there.
    pub when: Option<Located<Expression>>,
}

/// A file of a layer.
#[derive(Debug)]
pub struct File {
    /// The path in the project; parts of it may be templates.
    pub path: String,
    /// The file's own path, for messages; unique among all templates in use.
    pub name: String,
    /// What it holds.
    pub content: Content,
}

/// What a file of a layer holds.
#[derive(Debug)]
pub enum Content {
    /// Bytes that are copied.
    Verbatim(Cow<'static, [u8]>),
    /// A template that is rendered.
    Rendered {
        /// The template's text.
        source: Cow<'static, str>,
        /// What can be read off it.
        scan: Scan,
    },
}

/// Where a template's files are, and how they are called in messages.
pub(super) struct Origin<'a> {
    /// All files of the template.
    pub files: &'a Files,
    /// The template's source, as it leads file names in messages.
    pub root: &'a str,
    /// The template's position among those that extend each other.
    pub depth: usize,
    /// Whether the template comes with the binary.
    pub is_builtin: bool,
}

impl Origin<'_> {
    /// Parses a manifest of the template, if it is there.
    pub fn manifest(&self, path: &str, problems: &Problems) -> Option<Manifest> {
        let bytes = self.files.get(path)?;
        Manifest::parse(&self.name(path), bytes, problems)
    }

    /// Gives a file's name in messages.
    pub fn name(&self, path: &str) -> String {
        format!("{}/{path}", self.root)
    }
}

impl Relax {
    /// Gives the files that fail, as the command calls them.
    pub fn failing<'o>(&self, output: &'o str) -> impl Iterator<Item = &'o str> {
        let found = self.path.captures_iter(output);
        found.filter_map(|captures| Some(captures.name(PATH)?.as_str()))
    }
}

impl Layer {
    /// Reads a layer from its folder.
    pub(super) fn read(origin: &Origin, name: &str, role: Role, problems: &Problems) -> Self {
        let mut layer = Layer {
            name: name.to_owned(),
            role,
            when: None,
            requires: BTreeSet::new(),
            named: Vec::new(),
            replaces: BTreeSet::new(),
            rules: Vec::new(),
            steps: Vec::new(),
            checks: Vec::new(),
            next: Vec::new(),
            relax: Vec::new(),
            is_builtin: origin.is_builtin,
            files: read_files(origin, name, problems),
            depth: origin.depth,
        };
        if let Some(manifest) = origin.manifest(&format!("{name}/layer.toml"), problems) {
            let table = manifest.table(problems);
            layer.read_manifest(&table);
            table.refuse_unknown_keys();
        }
        layer
    }

    fn read_manifest(&mut self, table: &Table) {
        table.text("title");
        self.when = read_condition(table);
        self.requires = read_names(table, "requires");
        self.replaces = read_names(table, "replaces");
        self.rules = table.tables("files").iter().filter_map(read_rule).collect();
        self.steps = table.tables("step").iter().filter_map(read_step).collect();
        self.checks = table
            .tables("check")
            .iter()
            .filter_map(read_check)
            .collect();
        self.next = table.tables("next").iter().filter_map(read_next).collect();
        self.relax = table
            .tables("relax")
            .iter()
            .filter_map(read_relax)
            .collect();
        if matches!(self.role, Role::Choice { .. }) {
            // Read with the choice, from the same manifest.
            table.text("hint");
            table.expressions("detect");
            table.integer("order");
            table.texts("conflicts");
            self.named = table.places("conflicts");
        }
        self.named.extend(table.places("requires"));
    }

    /// Gives what the rules say about a path; a later rule wins over an earlier one.
    pub fn rules_for<'a>(&'a self, path: &str) -> Vec<&'a Rule> {
        self.rules
            .iter()
            .filter(|rule| fast_glob::glob_match(&rule.path.value, path))
            .collect()
    }
}

/// Reads `when` and `because`.
pub(super) fn read_condition(table: &Table) -> Option<Condition> {
    let because = table.text("because").unwrap_or_default();
    let expression = table.expression("when")?;
    Some(Condition {
        expression,
        because,
    })
}

/// Reads a list of names.
pub(super) fn read_names(table: &Table, key: &'static str) -> BTreeSet<String> {
    table
        .texts(key)
        .map(|names| names.value.into_iter().collect())
        .unwrap_or_default()
}

fn read_rule(table: &Table) -> Option<Rule> {
    let rule = Rule {
        path: table.required_text("path")?,
        executable: table.boolean("executable").unwrap_or(false),
        once: table.boolean("once").unwrap_or(false),
        when: table.expression("when"),
    };
    table.refuse_unknown_keys();
    Some(rule)
}

fn read_step(table: &Table) -> Option<Step> {
    let name = table.required_text("name")?.value;
    let title = table.text("title").unwrap_or_else(|| name.clone());
    let run = read_run(table);
    let makes = table.texts("makes");
    let is_wrong = |name: &String| ProjectPath::parse_foreign(name).err();
    if let Some(makes) = &makes
        && let Some(wrong) = makes.value.iter().find_map(is_wrong)
    {
        table.report(makes.error(format!("'makes' can't be: {}", wrong.message)));
    }
    let makes = makes.map_or_else(Vec::new, |makes| makes.value);
    table.refuse_unknown_keys();
    Some(Step {
        name,
        title,
        run: run?,
        makes,
    })
}

fn read_check(table: &Table) -> Option<DeclaredCheck> {
    let title = table.text("title");
    let run = read_run(table);
    let when = table.expression("when");
    table.refuse_unknown_keys();
    let run = run?;
    let step = Step {
        name: CHECK.to_owned(),
        title: title.unwrap_or_else(|| run.join(" ")),
        run,
        makes: Vec::new(),
    };
    Some(DeclaredCheck { step, when })
}

/// Reads a command, which names at least a program.
fn read_run(table: &Table) -> Option<Vec<String>> {
    let run = table.required_texts("run")?;
    if run.value.is_empty() {
        let message = "'run' must name a program, as in run = [\"program\", \"argument\"]";
        table.report(run.error(message));
        return None;
    }
    if let Some(refused) = run
        .value
        .first()
        .and_then(|program| steps::refusal(program))
    {
        table.report(run.error(refused));
    }
    Some(run.value)
}

fn read_next(table: &Table) -> Option<Next> {
    let next = Next {
        run: table.required_text("run")?,
        when: table.expression("when"),
    };
    table.refuse_unknown_keys();
    Some(next)
}

fn read_relax(table: &Table) -> Option<Relax> {
    let run = table.required_text("run");
    let path = table.required_text("path");
    let file = table.required_text("file");
    let add = table.required_text("add");
    table.refuse_unknown_keys();
    let path = path.and_then(|source| parse(table, &source, parse_failing));
    let file = file.and_then(|source| parse(table, &source, parse_settings));
    Some(Relax {
        run: run?,
        path: path?,
        file: file?,
        add: add?,
    })
}

/// Parses a text of a manifest, and reports why it can't be.
fn parse<T>(
    table: &Table,
    source: &Located<String>,
    parse: impl Fn(&str) -> Result<T, String>,
) -> Option<T> {
    let parsed = parse(&source.value);
    parsed
        .map_err(|message| table.report(source.error(message)))
        .ok()
}

/// Parses what finds the files that fail.
fn parse_failing(source: &str) -> Result<Regex, String> {
    let regex = language::pattern(source).map_err(|error| error.to_string())?;
    if regex.capture_names().flatten().any(|name| name == PATH) {
        return Ok(regex);
    }
    Err(format!(
        "the pattern has no group '{PATH}', as in (?P<{PATH}>.+)"
    ))
}

/// Parses the path of a file that settings can be merged into.
fn parse_settings(source: &str) -> Result<ProjectPath, String> {
    let path = ProjectPath::parse_foreign(source).map_err(|error| error.message)?;
    match Format::of(&path) {
        Format::Toml | Format::Json => Ok(path),
        Format::Lines | Format::Yaml | Format::Text => {
            Err("only a TOML or a JSON file can be merged into".to_owned())
        }
    }
}

fn read_files(origin: &Origin, layer: &str, problems: &Problems) -> Vec<File> {
    let folder = format!("{layer}/files/");
    let inside = origin
        .files
        .range(folder.clone()..)
        .take_while(|(path, _)| path.starts_with(&folder));
    inside
        .filter_map(|(path, bytes)| {
            read_file(origin, path, &path[folder.len()..], bytes.clone(), problems)
        })
        .collect()
}

fn read_file(
    origin: &Origin,
    path: &str,
    target: &str,
    bytes: Cow<'static, [u8]>,
    problems: &Problems,
) -> Option<File> {
    let name = origin.name(path);
    let Some(target) = target.strip_suffix(RENDERED) else {
        let content = Content::Verbatim(bytes);
        return Some(File {
            path: target.to_owned(),
            name,
            content,
        });
    };
    let Some(source) = text(bytes) else {
        problems.borrow_mut().push(Problem::error(
            name,
            "is not UTF-8, so it can't be rendered; without '.jinja' it is copied",
        ));
        return None;
    };
    let scan = Scan::of(&source);
    Some(File {
        path: target.to_owned(),
        name,
        content: Content::Rendered { source, scan },
    })
}

/// Reads bytes as text, without copying those of the binary.
pub(super) fn text(bytes: Cow<'static, [u8]>) -> Option<Cow<'static, str>> {
    match bytes {
        Cow::Borrowed(bytes) => std::str::from_utf8(bytes).ok().map(Cow::Borrowed),
        Cow::Owned(bytes) => String::from_utf8(bytes).ok().map(Cow::Owned),
    }
}
