//! Changes an answer of a project in memory, and prints what would change:
//! `cargo run --example update`.
//!
//! Three trees go in: the project as the template made it, as the user has it, and as the template
//! makes it for the new answer. A plan comes out, which nothing has carried out yet.

use std::io::{self, Write};

use pyscaffold::error::Result;
use pyscaffold::git;
use pyscaffold::given::{Gathered, Unanswered};
use pyscaffold::merge::{self, Both, Change, Kept, Labels, Own, Sides, Yours};
use pyscaffold::render::{self, Seed};
use pyscaffold::resolve::{Given, Input};
use pyscaffold::template::{Source, Template};
use pyscaffold::tree::{Node, Tree};

fn main() -> Result<()> {
    let template = Template::load(Source::Builtin)?;
    let base = project(&template, "90")?;
    let yours = edited(&base)?;
    let desired = project(&template, "100")?;

    let plan = merge::merge(Sides {
        base: &base,
        kept: &Kept::new(),
        yours: &Yours::from(&yours),
        desired: &desired,
        labels: &Labels::new("coverage 90", "coverage 100"),
        both: Both::Markers,
        own: Own::Follow,
    })?;

    let mut stdout = io::stdout().lock();
    for change in &plan.changes {
        writeln!(stdout, "{}  {}", change.verb.name(), change.path)?;
        stdout.write_all(patch(change)?.as_bytes())?;
    }
    Ok(())
}

/// Writes what becomes of a file that is there, and stays.
fn patch(change: &Change) -> Result<String> {
    let (Some(Node::File(before)), Some(Node::File(after))) = (&change.before, &change.after)
    else {
        return Ok(String::new());
    };
    let path = change.path.as_str();
    git::patch(Some((path, &before.bytes)), Some((path, &after.bytes)))
}

/// Renders a project that asks for a share of code to be covered by tests.
fn project(template: &Template, coverage: &str) -> Result<Tree> {
    let given = [("coverage".to_owned(), Given::Typed(coverage.to_owned()))];
    let input = Input {
        directory: "events-gateway".to_owned(),
        ..Input::default()
    };
    let answers = Gathered::of(given).answer(template, &input, Unanswered::Default)?;
    Ok(render::render(template, &answers, &Seed::random()?)?.tree)
}

/// Has the report of coverage list every file, right beside the line that the template changes.
fn edited(base: &Tree) -> Result<Tree> {
    let mut yours = Tree::new();
    for (path, entry) in base.iter() {
        let mut entry = entry.clone();
        if path.as_str() == "pyproject.toml" {
            let text = String::from_utf8_lossy(&entry.bytes);
            let text = text.replace("skip_covered = true", "skip_covered = false");
            entry.bytes = text.into_bytes().into();
        }
        yours.insert(path.clone(), entry)?;
    }
    Ok(yours)
}
