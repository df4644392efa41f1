//! Layers: folders that lie over the layers below them and add to the project.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::adoption::{self, Leave};
use super::commands::{self, DeclaredCheck, Next, Relax};
use super::manifest::{Located, Manifest, Problems, Table};
use super::question::Condition;
use super::source::Files;
use super::workspace::{self, Workspace};
use crate::language::{Expression, Scan};
use crate::problem::Problem;
use crate::steps::Step;

/// What a template file's name ends with when it is rendered rather than copied.
const RENDERED: &str = ".jinja";

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
    /// The workspaces that a project can find itself in.
    pub workspaces: Vec<Workspace>,
    /// What isn't brought to projects that have something else.
    pub leaves: Vec<Leave>,
    /// Its files.
    pub files: Vec<File>,
    /// The position of its template among the templates that extend each other; 0 is the lowest.
    pub depth: usize,
    /// Whether it comes with the binary, so that its steps are trusted.
    pub is_builtin: bool,
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
    /// Whether the files are brought to projects that were made by hand or by another tool.
    pub adopt: bool,
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
            workspaces: Vec::new(),
            leaves: Vec::new(),
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
        self.steps = table
            .tables("step")
            .iter()
            .filter_map(commands::read_step)
            .collect();
        self.checks = table
            .tables("check")
            .iter()
            .filter_map(commands::read_check)
            .collect();
        self.next = table
            .tables("next")
            .iter()
            .filter_map(commands::read_next)
            .collect();
        self.relax = table
            .tables("relax")
            .iter()
            .filter_map(commands::read_relax)
            .collect();
        self.workspaces = table
            .tables("workspace")
            .iter()
            .filter_map(workspace::read)
            .collect();
        self.leaves = table
            .tables("leave")
            .iter()
            .filter_map(adoption::read_leave)
            .collect();
        if matches!(self.role, Role::Choice { .. }) {
            // Read with the choice, from the same manifest.
            table.text("hint");
            table.texts("aliases");
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
        adopt: table.boolean("adopt").unwrap_or(true),
        when: table.expression("when"),
    };
    table.refuse_unknown_keys();
    Some(rule)
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
