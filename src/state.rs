//! What a project remembers: its answers, for people, and its snapshot, for merging.

mod branches;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::Value as Json;
use toml_edit::{Array, ArrayOfTables, DocumentMut, Item, Table, value};

use crate::answer::{ADOPTED, Answer, Answers, Traits};
use crate::error::{Error, Result};
use crate::file;
use crate::given::Written;
use crate::merge::{Both, Kept, KeptFile};
use crate::problem::Problem;
use crate::project::snapshot;
use crate::resolve::Given;
use crate::suggest;
use crate::template::{Lower, Template};
use crate::tree::{Entry, ProjectPath, Tree};
use branches::Branches;

/// The newest version of the format of both files.
const FORMAT: i64 = 2;

/// The version of a project that keeps no file of the user's in the place of the template's, which
/// is all that the first one can say.
const FIRST_FORMAT: i64 = 1;

/// Where the answers lie in a project.
pub const ANSWERS: &str = ".pyscaffold/answers.toml";

/// Where the snapshot lies in a project.
pub const SNAPSHOT: &str = ".pyscaffold/snapshot.tar.gz";

/// Where a project keeps what isn't shared.
const LOCAL: &str = ".pyscaffold/local";

/// The largest answers file and snapshot that are read, in bytes; ours have some thousands.
const MAX_BYTES: u64 = 64 * 1024 * 1024;

/// What the answers file begins with.
const HEADER: &str =
    "# What this project was made from. pyscaffold reads it to change or update the project.\n\n";

/// What a project remembers of itself.
#[derive(Debug, Clone)]
pub struct State {
    /// Where its template comes from, as seen from the project.
    pub source: String,
    /// The template's name.
    pub name: String,
    /// The template's version.
    pub version: String,
    /// The commit of the template, where it is in a repository of others.
    pub commit: Option<String>,
    /// The files that its steps made, such as a lock file.
    pub made: Vec<String>,
    /// Globs over the files of the template that the project goes without.
    pub skip: Vec<String>,
    /// The files of the template in whose place the user's own stayed, with what becomes of news.
    pub kept: BTreeMap<String, Both>,
    /// What is known of it, where it was adopted without the template's example.
    pub adopted: Option<Traits>,
    /// The answers, by the question's name.
    pub answers: BTreeMap<String, Given>,
    /// Where they stand in their file.
    pub written: Written,
    /// The tree as it was last rendered.
    pub snapshot: Tree,
    /// Whether the snapshot on disk isn't that tree, and has to be written again.
    pub is_lost: bool,
}

impl State {
    /// Splits the tree that was rendered last into the files that the project's come from, and
    /// those in whose place the user's own stayed.
    pub fn sides(&self) -> Result<(Tree, Kept)> {
        let (mut base, mut kept) = (Tree::new(), Kept::new());
        for (path, entry) in self.snapshot.iter() {
            match self.kept.get(path.as_str()) {
                Some(both) => {
                    let last = entry.clone();
                    kept.insert(path.clone(), KeptFile { last, both: *both });
                }
                None => base.insert(path.clone(), entry.clone())?,
            }
        }
        Ok((base, kept))
    }

    /// Tells whether the project was last brought to this release of a template.
    pub fn is_of(&self, template: &Template) -> bool {
        self.name == template.name
            && self.version == template.version
            && self.commit == template.commit.map(|commit| commit.to_string())
    }

    /// Gives where the answers stand, for a template that looks at them.
    pub fn written_for(&self, template: &Template) -> Written {
        self.written.clone().for_release(self.is_of(template))
    }
}

/// What the answers file holds.
const KEYS: [&str; 7] = [
    "format", "template", "made", "skip", "kept", "adopted", "answers",
];

/// The answers file.
#[derive(Debug, Deserialize)]
struct Stored {
    template: Origin,
    #[serde(default)]
    made: Vec<String>,
    #[serde(default)]
    skip: Vec<String>,
    adopted: Option<Traits>,
    #[serde(default)]
    kept: BTreeMap<String, Both>,
    #[serde(default)]
    answers: BTreeMap<String, Json>,
    /// The keys that nobody knows.
    #[serde(flatten)]
    others: BTreeMap<String, Json>,
}

/// Where a project's template comes from, as the answers file says it.
#[derive(Debug, Clone, Deserialize)]
pub struct Origin {
    /// The source, as seen from the project.
    pub source: String,
    /// The template's name.
    pub name: String,
    /// The template's version.
    pub version: String,
    /// The commit, where the template is in a repository of others.
    pub commit: Option<String>,
    /// The branch that updates follow.
    #[serde(rename = "ref")]
    pub branch: Option<String>,
    /// The templates below it that are in repositories of others.
    #[serde(default)]
    pub below: Vec<Below>,
}

/// A template below a project's own.
#[derive(Debug, Clone, Deserialize)]
pub struct Below {
    /// The source.
    pub source: String,
    /// The commit.
    pub commit: String,
}

/// Tells whether a path is one of the state's own.
pub fn is_ours(path: &ProjectPath) -> bool {
    path.as_str() == ANSWERS || path.as_str() == SNAPSHOT
}

/// Finds the project that a path is in.
pub fn find(path: &Path) -> Result<PathBuf> {
    find_where(path, is_project)
}

/// Finds the project that a path is in, or the folder that was one until that was taken back.
pub fn find_past(path: &Path) -> Result<PathBuf> {
    find_where(path, |folder| {
        is_project(folder) || folder.join(LOCAL).is_dir()
    })
}

/// Tells whether a folder is a project; whatever its answers are, reading them says what is wrong.
fn is_project(folder: &Path) -> bool {
    fs_err::symlink_metadata(folder.join(ANSWERS)).is_ok()
}

fn find_where(path: &Path, is_wanted: impl Fn(&Path) -> bool) -> Result<PathBuf> {
    let absolute = std::path::absolute(path)?;
    let found = absolute.ancestors().find(|folder| is_wanted(folder));
    found.map(Path::to_owned).ok_or_else(|| {
        Error::request(format!(
            "'{}' is not in a project of pyscaffold: there is no {ANSWERS}",
            path.display()
        ))
        .hint("go to the project's folder; make a project with 'pyscaffold new', or bring one in with 'pyscaffold adopt'")
    })
}

/// Reads where a project's template comes from; after a merge with conflicts, what the side says
/// that is checked out.
pub fn origin(root: &Path) -> Result<Origin> {
    let text = answers_text(root)?;
    let text = Branches::of(&text).map_or(text, |branches| branches.ours);
    parse_answers(&text).map(|stored| stored.template)
}

/// Reads what a project remembers.
pub fn read(root: &Path) -> Result<State> {
    read_or(root, |_, lost| {
        Err(lost.hint("or let it be made again from the answers: pyscaffold change --yes"))
    })
}

/// Reads what a project remembers; a snapshot that can't be read is made again from the rest, by
/// somebody who is told why it can't be.
pub fn read_or(
    root: &Path,
    make_again: impl FnOnce(&State, Error) -> Result<Tree>,
) -> Result<State> {
    let mut state = read_without_snapshot(root)?;
    match read_snapshot(root) {
        Ok(snapshot) => state.snapshot = snapshot,
        Err(lost) => {
            state.snapshot = make_again(&state, lost)?;
            state.is_lost = true;
        }
    }
    Ok(state)
}

fn read_snapshot(root: &Path) -> Result<Tree> {
    let path = root.join(SNAPSHOT);
    let packed = file::read(&path, MAX_BYTES).map_err(|error| {
        Error::failed(format!("can't read the project's snapshot: {error}"))
            .hint(format!("restore '{SNAPSHOT}' from the project's history"))
    })?;
    snapshot::unpack(&packed)
}

fn read_without_snapshot(root: &Path) -> Result<State> {
    let (stored, text) = read_answers(root)?;
    Ok(State {
        source: stored.template.source,
        name: stored.template.name,
        version: stored.template.version,
        commit: stored.template.commit,
        made: stored.made,
        skip: stored.skip,
        kept: stored.kept,
        adopted: stored.adopted,
        answers: stored
            .answers
            .into_iter()
            .map(|(name, answer)| (name, Given::Data(answer)))
            .collect(),
        written: Written::read(ANSWERS, &text),
        snapshot: Tree::new(),
        is_lost: false,
    })
}

/// Fails when two branches changed the answers, and git couldn't bring that together.
pub fn refuse_two_branches(root: &Path) -> Result<()> {
    let text = answers_text(root)?;
    Branches::of(&text).map_or(Ok(()), |branches| Err(branches.error(&text)))
}

fn answers_text(root: &Path) -> Result<String> {
    file::text(&root.join(ANSWERS), MAX_BYTES)
        .map_err(|error| Error::from(error).hint("restore it from the project's history"))
}

/// Reads the answers file, and gives its text, too.
fn read_answers(root: &Path) -> Result<(Stored, String)> {
    refuse_two_branches(root)?;
    let text = answers_text(root)?;
    Ok((parse_answers(&text)?, text))
}

fn parse_answers(text: &str) -> Result<Stored> {
    let wrong = |error: toml_edit::de::Error| {
        let problem = Problem::error(ANSWERS, error.message())
            .at(&text.into(), error.span().unwrap_or_default());
        Error::failed("can't read what the project was made from")
            .with_problems(vec![problem])
            .hint("mend the file, or restore it from the project's history")
    };
    let document: toml_edit::DocumentMut = text
        .parse()
        .map_err(|error: toml_edit::TomlError| wrong(error.into()))?;
    // The version comes first: what a newer one means by the other keys is unknown.
    match document.get("format").and_then(Item::as_integer) {
        Some(format) if format > FORMAT => Err(Error::failed(format!(
            "the project's state has format {format}, and this pyscaffold knows formats up to {FORMAT}"
        ))
        .hint("use a newer pyscaffold for this project")),
        Some(1..) => {
            let stored: Stored = toml_edit::de::from_str(text).map_err(wrong)?;
            refuse_misspelled(&stored, text)?;
            Ok(stored)
        }
        _ => Err(Error::failed(format!("{ANSWERS} doesn't say which format it has"))
            .hint("restore it from the project's history")),
    }
}

/// Refuses keys that were meant to be others: what stands under them would be forgotten. All else
/// that is unknown may come from a newer version.
fn refuse_misspelled(stored: &Stored, text: &str) -> Result<()> {
    let problem = |name: &String| {
        let meant = suggest::nearest(name, KEYS).filter(|_| !KEYS.contains(&name.as_str()))?;
        let message = format!("'{name}' is unknown; did you mean '{meant}'?");
        Some(Written::read(ANSWERS, text).problem(name, &message))
    };
    let problems: Vec<Problem> = stored.others.keys().filter_map(problem).collect();
    if problems.is_empty() {
        return Ok(());
    }
    Err(Error::request("can't read what the project was made from")
        .with_problems(problems)
        .hint("mend the file, or restore it from the project's history"))
}

/// What a project is to remember besides its tree.
#[derive(Debug, Clone, Copy)]
pub struct Memory<'a> {
    /// The template that it is made from.
    pub template: &'a Template,
    /// The answers to its questions.
    pub answers: &'a Answers,
    /// What its steps make.
    pub made: &'a [String],
    /// Globs over the files of the template that it goes without.
    pub skip: &'a [String],
    /// The files of the template in whose place the user's own stay.
    pub kept: &'a BTreeMap<ProjectPath, Both>,
}

/// Adds the state of a project to its tree; `project` is the folder where it will lie.
pub fn add_to(tree: &mut Tree, memory: Memory, project: &Path) -> Result<()> {
    for (path, bytes) in files(tree, memory, project)? {
        let entry = Entry {
            bytes: bytes.into(),
            executable: false,
        };
        tree.insert(path, entry)?;
    }
    Ok(())
}

/// Gives the files that remember a tree and what it was made from.
pub fn files(tree: &Tree, memory: Memory, project: &Path) -> Result<[(ProjectPath, Vec<u8>); 2]> {
    let snapshot = snapshot::pack(tree)?;
    let answers = describe(memory, project).into_bytes();
    Ok([
        (ProjectPath::parse(ANSWERS)?, answers),
        (ProjectPath::parse(SNAPSHOT)?, snapshot),
    ])
}

/// Writes the answers file. Secret answers are left out.
fn describe(memory: Memory, project: &Path) -> String {
    let Memory {
        template, answers, ..
    } = memory;
    let mut document = DocumentMut::new();
    let format = if memory.kept.is_empty() {
        FIRST_FORMAT
    } else {
        FORMAT
    };
    document["format"] = value(format);
    for (key, names) in [("made", memory.made), ("skip", memory.skip)] {
        if !names.is_empty() {
            document[key] = value(names.iter().collect::<Array>());
        }
    }
    let mut origin = Table::new();
    origin["source"] = value(template.source.seen_from(project));
    origin["name"] = value(template.name.as_str());
    origin["version"] = value(template.version.as_str());
    if let Some(commit) = template.commit {
        origin["commit"] = value(commit.to_string());
    }
    if let Some(branch) = &template.branch {
        origin["ref"] = value(branch.as_str());
    }
    let below: ArrayOfTables = template.below.iter().filter_map(describe_below).collect();
    if !below.is_empty() {
        origin["below"] = Item::ArrayOfTables(below);
    }
    document["template"] = Item::Table(origin);
    if !memory.kept.is_empty() {
        let kept = memory.kept.iter();
        let kept = kept.map(|(path, both)| (path.as_str(), value(both.name())));
        document["kept"] = Item::Table(kept.collect());
    }
    let mut stored = Table::new();
    for (name, answer) in answers.iter() {
        if !template.is_secret(name) {
            stored[name] = item(answer);
        }
    }
    if let Some(traits) = answers.adopted() {
        let mut table = Table::new();
        for (name, text) in traits {
            table[name] = value(text.as_str());
        }
        document[ADOPTED] = Item::Table(table);
    }
    document["answers"] = Item::Table(stored);
    format!("{HEADER}{document}")
}

/// Describes a template below that is in a repository of others.
fn describe_below(below: &Lower) -> Option<Table> {
    let commit = below.commit?;
    let mut table = Table::new();
    table["source"] = value(below.source.to_string());
    table["version"] = value(below.version.as_str());
    table["commit"] = value(commit.to_string());
    Some(table)
}

fn item(answer: &Answer) -> Item {
    match answer {
        Answer::Text(text) => value(text.as_str()),
        Answer::Integer(number) => value(*number),
        Answer::Bool(yes) => value(*yes),
        Answer::List(values) => value(values.iter().collect::<Array>()),
    }
}
