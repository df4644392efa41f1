//! `pyscaffold undo`: takes back the last change, update, add, remove, adopt or relax.

use std::collections::BTreeSet;
use std::path::Path;

use clap::Command;
use serde_json::json;

use super::existing::{self, Transitions, node_at};
use crate::cli::{self, Cli};
use crate::error::{Ending, Error, Result};
use crate::git;
use crate::interrupt::Interrupt;
use crate::merge::{self, Both, Change, Kept, Labels, Own, Plan, Sides};
use crate::project;
use crate::project::change::{self, ChangeSet, Transition};
use crate::state;
use crate::template::Template;
use crate::tree::{Entry, Node, Tree};

/// What the command is called.
pub const NAME: &str = "undo";

/// Builds the command's part of the command line.
pub fn command(_: &Template) -> Command {
    Command::new(NAME)
        .about("Takes back the last change, update, add or remove")
        .long_about("Takes back the last change, update, add, remove, adopt or relax.\n\nWhat you edited since then is merged. To take the undo back, say undo again.")
        .arg(cli::switch("dry-run", "Shows what would be done, and does nothing"))
        .arg(cli::json_flag())
}

/// Takes the last change back.
pub fn run(cli: &Cli) -> Result<Ending> {
    let matches = super::matches(cli, NAME)?;
    let root = state::find(&std::env::current_dir()?)?;
    let is_dry = matches.get_flag("dry-run");
    existing::recover(cli.ui, &root)?;
    let interrupt = Interrupt::install()?;
    let Some(last) = change::last(&root)? else {
        return Err(Error::failed("there is nothing to take back")
            .hint("what pyscaffold did last is remembered in the folder that it was done in, and not in git"));
    };
    let (plan, transitions) = decide(&root, &last)?;
    let shown: Vec<Change> = plan
        .changes
        .iter()
        .filter(|change| !state::is_ours(&change.path))
        .cloned()
        .collect();
    existing::show_changes(cli.ui, &shown);
    let conflicts: Vec<&str> = plan
        .conflicts()
        .map(|change| change.path.as_str())
        .collect();
    if !is_dry {
        let set = ChangeSet {
            title: format!("undo of {}", last.title),
            transitions,
        };
        change::apply(&root, &set, &interrupt)?;
        let before: Vec<_> = last
            .transitions
            .iter()
            .map(|one| (one.path.clone(), file(one.before.as_ref()).cloned()))
            .collect();
        git::clear_conflicts(&root, &before)?;
        cli.ui.done(&format!("Took back: {}", last.title));
    }
    if cli.ui.is_json {
        let changes: Vec<_> = shown.iter().map(Change::data).collect();
        cli.ui.data(&json!({
            "undone": last.title,
            "dry_run": is_dry,
            "changes": changes,
            "conflicts": conflicts,
        }));
    }
    Ok(if conflicts.is_empty() || is_dry {
        Ending::Done
    } else {
        Ending::Conflicts
    })
}

/// Gives every path back what was there before; where the user edited something since then, by a
/// merge backwards.
fn decide(root: &Path, last: &ChangeSet) -> Result<(Plan, Vec<Transition>)> {
    let mut edited = false;
    for one in &last.transitions {
        edited |= node_at(root, &one.path)? != one.after;
    }
    let mut plan = if edited {
        merge_back(root, last)?
    } else {
        exactly_back(last)
    };
    let private = last.transitions.iter().filter(|one| one.is_private);
    let private: BTreeSet<_> = private.map(|one| &one.path).collect();
    for change in &mut plan.changes {
        change.is_private = private.contains(&change.path);
    }
    let transitions = Transitions::of(&plan.changes).into_list();
    Ok((plan, transitions))
}

/// Gives back exactly what was there.
fn exactly_back(last: &ChangeSet) -> Plan {
    let mut plan = Plan::default();
    for one in &last.transitions {
        let (before, after) = (one.after.as_ref(), one.before.as_ref());
        plan.push(Change::of(&one.path, before, after));
    }
    plan
}

/// Merges from what was written to what was there before.
fn merge_back(root: &Path, last: &ChangeSet) -> Result<Plan> {
    let side = |of: fn(&Transition) -> Option<&Node>| -> Result<Tree> {
        let mut tree = Tree::new();
        for one in &last.transitions {
            if let Some(entry) = file(of(one)) {
                tree.insert(one.path.clone(), entry.clone())?;
            }
        }
        Ok(tree)
    };
    let base = side(|one| one.after.as_ref())?;
    let desired = side(|one| one.before.as_ref())?;
    let yours = project::read(root, &base, &desired, &[])?;
    let labels = Labels::new("written then", "before that");
    let sides = Sides {
        base: &base,
        kept: &Kept::new(),
        yours: &yours,
        desired: &desired,
        labels: &labels,
        both: Both::Markers,
        // What moved along is in the change; what didn't, stays.
        own: Own::Stay,
    };
    let mut plan = merge::merge(sides)?;
    for one in &last.transitions {
        let is_link = |node: Option<&Node>| matches!(node, Some(Node::Link(_)));
        let (before, after) = (one.after.as_ref(), one.before.as_ref());
        // A link is in no tree: it goes back where nobody touched it.
        if (is_link(before) || is_link(after)) && node_at(root, &one.path)?.as_ref() == before {
            plan.push(Change::of(&one.path, before, after));
        }
    }
    plan.sort();
    Ok(plan)
}

fn file(node: Option<&Node>) -> Option<&Entry> {
    match node {
        Some(Node::File(entry)) => Some(entry),
        Some(Node::Link(_)) | None => None,
    }
}
