//! Scenarios of a merge, as data.
//!
//! Each folder of `tests/scenarios/` is one: what the template made (`base/`), what the user has
//! (`yours/`), what the template makes now (`desired/`), and what must come out (`expected/`). Its
//! `scenario.toml` says what it is about and lists every change of the plan.
//!
//! Part of a path that starts with `dot.` stands for a hidden one, so that an ignore file of a
//! scenario doesn't act on this repository. What git can't hold well on every system, such as twins
//! of a name or empty folders, stands in the tables `base_text`, `yours_text`, `desired_text` and
//! `expected_text`: a path with its text; one that ends with `/` is an empty folder.

mod files;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::Duration;

use pyscaffold::commands::existing::Transitions;
use pyscaffold::interrupt::Interrupt;
use pyscaffold::merge::{self, Both, Kept, KeptFile, Labels, Own, Plan, Sides};
use pyscaffold::project;
use pyscaffold::project::change::{self, ChangeSet, Hold, Patience, Way};
use pyscaffold::tree::Tree;
use serde::Deserialize;

use crate::support::Sandbox;
use files::Files;

/// Fewer scenarios than this are a sign that they weren't found.
const LEAST: usize = 65;

/// What must be there for a command to find the project.
const ANSWERS: &str =
    "format = 1\n\n[template]\nsource = \"builtin\"\nname = \"demo\"\nversion = \"2.0\"\n";

/// What goes wrong in a scenario.
type Checked<T = ()> = Result<T, String>;

/// The file `scenario.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Manifest {
    /// What the scenario shows, in one sentence.
    about: String,
    /// What becomes of files that both sides made: `markers`, `beside` or `keep`.
    #[serde(default)]
    both: Option<String>,
    /// The files of the base that the user's don't come from.
    #[serde(default)]
    kept: BTreeMap<String, Both>,
    /// Those of the template that the user's don't come from afterwards.
    #[serde(default)]
    kept_after: BTreeMap<String, Both>,
    /// Whether it shows names that are one on some file systems, where it can't be run.
    #[serde(default)]
    exact_names: bool,
    /// All changes of the plan.
    #[serde(default)]
    changes: BTreeMap<String, Expected>,
    #[serde(default)]
    base_text: BTreeMap<String, String>,
    #[serde(default)]
    yours_text: BTreeMap<String, String>,
    #[serde(default)]
    desired_text: BTreeMap<String, String>,
    #[serde(default)]
    expected_text: BTreeMap<String, String>,
}

/// A change that must be in the plan.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Expected {
    At(String),
    Moved { verb: String, from: String },
}

/// A scenario, read.
struct Scenario {
    both: Both,
    kept: BTreeMap<String, Both>,
    kept_after: BTreeMap<String, Both>,
    exact_names: bool,
    changes: BTreeMap<String, String>,
    base: Files,
    yours: Files,
    desired: Files,
    expected: Files,
}

#[test]
fn every_scenario_comes_out_as_it_must() {
    let names = names();
    assert!(names.len() >= LEAST, "only {} scenarios", names.len());
    let mut failures = Vec::new();
    for name in &names {
        let result = Scenario::read(&folder().join(name)).and_then(|scenario| scenario.run());
        if let Err(problem) = result {
            let indented = problem.trim_end().replace('\n', "\n    ");
            failures.push(format!("tests/scenarios/{name}:\n    {indented}"));
        }
    }
    assert!(
        failures.is_empty(),
        "{} of {} scenarios failed:\n\n{}\n",
        failures.len(),
        names.len(),
        failures.join("\n\n")
    );
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios")
}

fn names() -> BTreeSet<String> {
    let entries = std::fs::read_dir(folder()).unwrap();
    entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect()
}

impl Scenario {
    fn read(folder: &Path) -> Checked<Self> {
        let text = std::fs::read_to_string(folder.join("scenario.toml"))
            .map_err(|error| format!("scenario.toml: {error}"))?;
        let manifest: Manifest =
            toml_edit::de::from_str(&text).map_err(|error| format!("scenario.toml: {error}"))?;
        if !manifest.about.ends_with('.') {
            return Err("scenario.toml: 'about' is no sentence".to_owned());
        }
        let known = ["base", "yours", "desired", "expected", "scenario.toml"];
        for entry in std::fs::read_dir(folder).unwrap() {
            let name = entry.unwrap().file_name();
            if !known.iter().any(|known| name == *known) {
                return Err(format!("{} is no part of a scenario", name.display()));
            }
        }
        let both = match manifest.both.as_deref() {
            None | Some("markers") => Both::Markers,
            Some("beside") => Both::Beside,
            Some("keep") => Both::Keep,
            Some(other) => return Err(format!("scenario.toml: both = '{other}'")),
        };
        let changes = manifest.changes.into_iter().map(|(path, expected)| {
            let change = match expected {
                Expected::At(verb) => verb,
                Expected::Moved { verb, from } => moved(&verb, &from),
            };
            (path, change)
        });
        Ok(Scenario {
            both,
            kept: manifest.kept,
            kept_after: manifest.kept_after,
            exact_names: manifest.exact_names,
            changes: changes.collect(),
            base: files::read(&folder.join("base"), &manifest.base_text)?,
            yours: files::read(&folder.join("yours"), &manifest.yours_text)?,
            desired: files::read(&folder.join("desired"), &manifest.desired_text)?,
            expected: files::read(&folder.join("expected"), &manifest.expected_text)?,
        })
    }

    /// Does it, and checks what must hold for this one and for all.
    fn run(&self) -> Checked {
        let sandbox = Sandbox::new();
        // What lies above a project that isn't in a repository is not about it.
        sandbox.write(".gitignore", "*\n");
        let root = sandbox.path("work");
        if self.exact_names && sandbox.path("WORK").exists() {
            return Ok(());
        }
        files::write(&root, &self.yours)?;
        let (base, desired) = (files::tree(&self.base)?, files::tree(&self.desired)?);

        let plan = self.merge(&root, (&base, &self.kept), &desired)?;
        let set = change_set(&plan);
        let mut problems = vec![self.check_changes(&plan)];
        let kept = plan.kept.iter();
        let kept: BTreeMap<String, Both> =
            kept.map(|(path, both)| (path.to_string(), *both)).collect();
        if kept != self.kept_after {
            problems.push(Err(format!("it keeps others: {kept:?}")));
        }
        if !set.transitions.is_empty() {
            apply(&root, &set).map_err(|error| with(&problems, &error))?;
        }
        let after = files::read(&root, &BTreeMap::new())?;
        problems.push(files::compare("it comes out", &self.expected, &after));
        problems.push(files::lost(&self.base, &self.yours, &after));

        let again = self.merge(&root, (&desired, &kept), &desired)?;
        if !again.changes.is_empty() {
            let changes = describe(&again);
            problems.push(Err(format!(
                "the second time, there is more to do: {changes:?}"
            )));
        }
        if !set.transitions.is_empty() {
            problems.push(self.take_back(&sandbox, &root, &after));
        }
        let failed: Vec<String> = problems.into_iter().filter_map(Result::err).collect();
        if failed.is_empty() {
            Ok(())
        } else {
            Err(failed.join("\n"))
        }
    }

    fn merge(
        &self,
        root: &Path,
        (rendered, own): (&Tree, &BTreeMap<String, Both>),
        desired: &Tree,
    ) -> Checked<Plan> {
        let (mut base, mut kept) = (Tree::new(), Kept::new());
        for (path, entry) in rendered.iter() {
            let last = entry.clone();
            match own.get(path.as_str()) {
                Some(both) => drop(kept.insert(path.clone(), KeptFile { last, both: *both })),
                None => base
                    .insert(path.clone(), last)
                    .map_err(|error| said(&error))?,
            }
        }
        let beside = merge::beside_kept(&kept).map_err(|error| said(&error))?;
        let yours =
            project::read(root, &base, desired, &[&beside]).map_err(|error| said(&error))?;
        merge::merge(Sides {
            base: &base,
            kept: &kept,
            yours: &yours,
            desired,
            labels: &Labels::new("demo 1.0", "demo 2.0"),
            both: self.both,
            own: Own::Follow,
        })
        .map_err(|error| said(&error))
    }

    fn check_changes(&self, plan: &Plan) -> Checked {
        let found = describe(plan);
        if found == self.changes {
            return Ok(());
        }
        let mut problem = String::from("the plan is another:\n");
        let paths: BTreeSet<&String> = found.keys().chain(self.changes.keys()).collect();
        for path in paths {
            let [expected, found] = [&self.changes, &found]
                .map(|changes| changes.get(path).map_or("nothing", String::as_str));
            if expected != found {
                problem += &format!("  {path:?}: {found}, and not {expected}\n");
            }
        }
        Err(problem)
    }

    /// Takes it back, once by itself and once by the command.
    fn take_back(&self, sandbox: &Sandbox, root: &Path, after: &Files) -> Checked {
        let back = |way: Way| -> Checked {
            let last = change::last(root, way).map_err(|error| said(&error))?;
            let last = last.ok_or("it isn't remembered what was done")?;
            apply(root, &last.reversed(way))
        };
        // An empty folder that made place for a file doesn't come back: nothing was in it.
        let filled = |mut files: Files| -> Files {
            files.retain(|_, file| file.is_some());
            files
        };
        let is = |what: &str, files: &Files| -> Checked {
            let there = files::read(root, &BTreeMap::new())?;
            files::compare(what, &filled(files.clone()), &filled(there))
        };
        back(Way::Undo)?;
        is("taken back, it is", &self.yours)?;
        back(Way::Redo)?;
        is("done again, it is", after)?;
        sandbox.write("work/.pyscaffold/answers.toml", ANSWERS);
        let run = sandbox.run("undo");
        if run.0.status.code() != Some(0) {
            return Err(format!("undo failed: {}", run.stderr()));
        }
        is("after undo, it is", &self.yours)
    }
}

fn change_set(plan: &Plan) -> ChangeSet {
    ChangeSet {
        title: "scenario".to_owned(),
        transitions: Transitions::of(&plan.changes).into_list(),
        ..ChangeSet::default()
    }
}

fn apply(root: &Path, set: &ChangeSet) -> Checked {
    let interrupt = Interrupt::new();
    let patience = Patience {
        longest: Duration::ZERO,
        interrupt: &interrupt,
        tell: &|_| {},
    };
    let hold = Hold::take(root, &patience).map_err(|error| said(&error))?;
    change::apply(&hold, set, &interrupt).map_err(|error| said(&error))
}

/// Gives the changes of a plan the way they are written in a scenario.
fn describe(plan: &Plan) -> BTreeMap<String, String> {
    let changes = plan.changes.iter().map(|change| {
        let verb = match &change.from {
            Some(from) => moved(change.verb.name(), from.as_str()),
            None => change.verb.name().to_owned(),
        };
        (change.path.to_string(), verb)
    });
    changes.collect()
}

fn moved(verb: &str, from: &str) -> String {
    format!("{verb} from {from:?}")
}

/// Adds what went wrong earlier to what went wrong now.
fn with(problems: &[Checked], error: &str) -> String {
    let earlier = problems.iter().filter_map(|problem| problem.as_ref().err());
    let mut all: Vec<&str> = earlier.map(String::as_str).collect();
    all.push(error);
    all.join("\n")
}

fn said(error: &pyscaffold::error::Error) -> String {
    format!("it failed: {error}")
}
