//! What a project remembers: its answers, for people, and its snapshot, for merging.

use std::path::Path;

use toml_edit::{Array, DocumentMut, Item, Table, value};

use crate::answer::{Answer, Answers};
use crate::error::Result;
use crate::project::snapshot;
use crate::template::Template;
use crate::tree::{Entry, ProjectPath, Tree};

/// The version of the format of both files.
const FORMAT: i64 = 1;

/// Where the answers lie in a project.
pub const ANSWERS: &str = ".pyscaffold/answers.toml";

/// Where the snapshot lies in a project.
pub const SNAPSHOT: &str = ".pyscaffold/snapshot.tar.gz";

/// What the answers file begins with.
const HEADER: &str =
    "# What this project was made from. pyscaffold reads it to change or update the project.\n\n";

/// Adds the state of a project to its tree; `project` is the folder where it will lie.
pub fn add_to(
    tree: &mut Tree,
    template: &Template,
    answers: &Answers,
    project: &Path,
) -> Result<()> {
    let snapshot = snapshot::pack(tree)?;
    let answers = describe(template, answers, project).into_bytes();
    for (path, bytes) in [(ANSWERS, answers), (SNAPSHOT, snapshot)] {
        let entry = Entry {
            bytes: bytes.into(),
            executable: false,
        };
        tree.insert(ProjectPath::parse(path)?, entry)?;
    }
    Ok(())
}

/// Writes the answers file. Secret answers are left out.
fn describe(template: &Template, answers: &Answers, project: &Path) -> String {
    let mut document = DocumentMut::new();
    document["format"] = value(FORMAT);
    let mut origin = Table::new();
    origin["source"] = value(template.source.seen_from(project));
    origin["name"] = value(template.name.as_str());
    origin["version"] = value(template.version.as_str());
    document["template"] = Item::Table(origin);
    let mut stored = Table::new();
    for (name, answer) in answers.iter() {
        if !template
            .question(name)
            .is_some_and(|question| question.secret)
        {
            stored[name] = item(answer);
        }
    }
    document["answers"] = Item::Table(stored);
    format!("{HEADER}{document}")
}

fn item(answer: &Answer) -> Item {
    match answer {
        Answer::Text(text) => value(text.as_str()),
        Answer::Integer(number) => value(*number),
        Answer::Bool(yes) => value(*yes),
        Answer::List(values) => value(values.iter().collect::<Array>()),
    }
}
