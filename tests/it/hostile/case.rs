//! What a case says: the template, the project, the command, and how it has to end.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

/// What the program makes in a project before it reads anything of it: its lock.
const OWN: [&str; 3] = [
    "work/p/.pyscaffold/local",
    "work/p/.pyscaffold/local/.gitignore",
    "work/p/.pyscaffold/local/lock",
];

/// A `case.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Case {
    /// What is tried, in a sentence.
    pub about: String,
    /// The arguments of the program.
    #[serde(default = "new_project")]
    pub run: Vec<String>,
    /// The code that it ends with.
    #[serde(default = "failed")]
    pub code: i32,
    /// What people are told.
    pub says: Vec<String>,
    /// What people are never told.
    #[serde(default)]
    pub hides: Vec<String>,
    /// Whether something is written in the project, and nowhere else.
    #[serde(default)]
    pub writes: bool,
    /// Whether a small project is made in `work/p` first, by a template that isn't hostile.
    #[serde(default)]
    pub start: bool,
    /// The files of the template; it gets a manifest where it has none.
    #[serde(default)]
    pub template: BTreeMap<String, String>,
    /// Links in the template.
    #[serde(default)]
    pub template_links: BTreeMap<String, String>,
    /// Files that are too long or too many to be written down.
    #[serde(default)]
    pub generate: Vec<Generate>,
    /// Files that say to be so long, without anything in them, by their path in the sandbox.
    #[serde(default)]
    pub sparse: BTreeMap<String, u64>,
    /// Sockets, which are no files, by their path in the sandbox.
    #[serde(default)]
    pub sockets: Vec<String>,
    /// Files in `work/p`, over what is there already.
    #[serde(default)]
    pub project: BTreeMap<String, String>,
    /// Links in `work/p`, or `work/p` itself.
    #[serde(default)]
    pub project_links: BTreeMap<String, String>,
    /// Files beside the project, by their path in the sandbox.
    #[serde(default)]
    pub beside: BTreeMap<String, String>,
    /// What the snapshot of the project holds instead.
    #[serde(default)]
    pub snapshot: Vec<Packed>,
    /// The journal of a change that isn't finished; what it says is hashed.
    pub journal: Option<String>,
}

/// A file made of a text that repeats, or many files.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Generate {
    /// The path in the sandbox; `{}` is the number of the file, `{ff}` a byte that isn't UTF-8.
    pub path: String,
    /// What the text begins with.
    #[serde(default)]
    pub begin: String,
    /// What repeats; `{}` is the number of the repetition.
    #[serde(default)]
    pub repeat: String,
    /// How often it repeats.
    #[serde(default)]
    pub times: usize,
    /// What the text ends with.
    #[serde(default)]
    pub end: String,
    /// How many files there are.
    #[serde(default = "one")]
    pub files: usize,
}

/// An entry of an archive.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Packed {
    /// The path, as it stands in the archive.
    pub path: String,
    /// How many zeros the file holds.
    #[serde(default)]
    pub size: u64,
    /// Where a link leads.
    pub link: Option<String>,
}

fn new_project() -> Vec<String> {
    let words = "new p --template ../template --yes --no-git";
    words.split(' ').map(str::to_owned).collect()
}

fn failed() -> i32 {
    1
}

fn one() -> usize {
    1
}

impl Case {
    /// Reads the case in a folder.
    pub fn read(folder: &Path) -> Self {
        let path = folder.join("case.toml");
        let text = std::fs::read_to_string(&path).unwrap();
        let case: Case = toml_edit::de::from_str(&text)
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        assert!(!case.about.is_empty() && !case.says.is_empty());
        case
    }

    /// Tells whether the program may change a path of the sandbox.
    pub fn may_write(&self, path: &str) -> bool {
        (self.writes && path.starts_with("work/p")) || OWN.contains(&path)
    }
}
