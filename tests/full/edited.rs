//! Projects that were worked on for weeks, and what becomes of them when they are changed.

use std::collections::{BTreeMap, BTreeSet};

use pyscaffold::answer::{Answer, Answers};
use pyscaffold::given::{Gathered, Unanswered};
use pyscaffold::merge::{Both, Kept, Labels, Own, Plan, Sides, Verb, Yours, merge};
use pyscaffold::render::{self, Rendered, Seed};
use pyscaffold::resolve::Given;
use pyscaffold::template::{Kind, Template};
use pyscaffold::tree::{Entry, Node, ProjectPath, Tree};

use crate::support::combinations::input;
use crate::support::projects::check;

/// The name of the projects; that of the package, too.
const NAME: &str = "shop";

/// The projects that are worked on.
const PROJECTS: [&[(&str, &str)]; 4] = [
    &[],
    &[("framework", "django")],
    &[("framework", "flask"), ("orm", "sqlmodel")],
    &[
        ("orm", "none"),
        ("type_checker", "pyright"),
        ("features", "docs,pre-commit"),
    ],
];

/// Questions whose answers are changed with all checks afterwards.
const CHECKED: [&str; 4] = ["type_checker", "package_manager", "container", "orm"];

/// Files by path, as text.
type Files = BTreeMap<String, String>;

/// Changes every answer of every project by itself: merges, and checks that nothing is lost.
///
/// With `is_green`, what merges clean for the questions that matter most has to pass its own checks.
pub fn change_all(template: &Template, is_green: bool) -> Result<(), String> {
    let (mut clean, mut conflicting, mut green, mut back) = (0, 0, 0, 0);
    let mut lost = Vec::new();
    for given in PROJECTS {
        let answers = answer(template, &Answers::default(), given)?;
        let base = rendered(template, &answers)?;
        let own = edit(&files(&base.tree));
        for (question, value) in alternatives(template, &answers) {
            let Ok(changed) = answer(template, &answers, &[(question.as_str(), value.as_str())])
            else {
                continue;
            };
            let desired = rendered(template, &changed)?;
            let (plan, after) = apply(&base.tree, &own, &desired.tree);
            let title = format!("{given:?}: {question} {value}");
            lost.extend(losses(&base.tree, &own, &after).map(|line| format!("{title}: {line}")));
            let conflicts: Vec<&str> = plan
                .conflicts()
                .map(|change| change.path.as_str())
                .collect();
            if !conflicts.is_empty() {
                conflicting += 1;
                println!("{title}: conflict in {}", conflicts.join(", "));
                continue;
            }
            clean += 1;
            let (_, returned) = apply(&desired.tree, &after, &base.tree);
            back += usize::from(returned == own);
            if is_green && CHECKED.contains(&question.as_str()) {
                let merged = Rendered {
                    tree: tree(&after),
                    ..desired
                };
                match check(&changed, &merged) {
                    Ok(()) => green += 1,
                    Err(reason) => println!("{title}: clean, but not green\n{reason}"),
                }
            }
        }
    }
    println!(
        "{clean} clean ({green} checked and green; {back} the same bytes after changing back), {conflicting} in conflict, {} lost",
        lost.len()
    );
    if lost.is_empty() {
        Ok(())
    } else {
        Err(lost.join("\n"))
    }
}

/// Updates projects of an earlier template, worked on for weeks, to the one of today, and checks them.
pub fn update_all(earlier: &Template, template: &Template) -> Result<(), String> {
    for given in PROJECTS {
        let Ok(answers) = answer(earlier, &Answers::default(), given) else {
            println!("{given:?}: was not possible then");
            continue;
        };
        let base = rendered(earlier, &answers)?;
        let own = edit(&files(&base.tree));
        let answers = answer(template, &answers, &[])?;
        let desired = rendered(template, &answers)?;
        let (plan, after) = apply(&base.tree, &own, &desired.tree);
        let lost: Vec<String> = losses(&base.tree, &own, &after).collect();
        if !lost.is_empty() {
            return Err(format!("{given:?} lost {lost:?}"));
        }
        let count = |verb| {
            plan.changes
                .iter()
                .filter(|change| change.verb == verb)
                .count()
        };
        let conflicts: Vec<&str> = plan
            .conflicts()
            .map(|change| change.path.as_str())
            .collect();
        let merged = Rendered {
            tree: tree(&after),
            ..desired
        };
        let outcome = if conflicts.is_empty() {
            match check(&answers, &merged) {
                Ok(()) => "green".to_owned(),
                Err(reason) => format!("not green\n{reason}"),
            }
        } else {
            format!("conflict in {}", conflicts.join(", "))
        };
        println!(
            "{given:?}: {} updated, {} merged, {} created, {} deleted: {outcome}",
            count(Verb::Update),
            count(Verb::Merge),
            count(Verb::Create),
            count(Verb::Delete)
        );
    }
    Ok(())
}

/// Answers all questions: what is given, else as before, else the default.
fn answer(
    template: &Template,
    before: &Answers,
    given: &[(&str, &str)],
) -> Result<Answers, String> {
    let kept = before.iter().map(|(name, answer)| {
        let value = serde_json::to_value(answer).unwrap();
        (name.to_owned(), Given::Data(value))
    });
    let mut gathered = Gathered::remembered(kept.collect());
    for (name, value) in given {
        gathered
            .given
            .insert((*name).to_owned(), Given::Typed((*value).to_owned()));
    }
    gathered
        .answer(template, &input(NAME), Unanswered::Default)
        .map_err(|error| error.to_string())
}

fn rendered(template: &Template, answers: &Answers) -> Result<Rendered, String> {
    render::render(template, answers, &Seed::default()).map_err(|error| error.to_string())
}

/// Gives every other answer to every question that was asked and has choices.
fn alternatives(template: &Template, answers: &Answers) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for question in &template.questions {
        let Some(present) = answers.get(&question.name) else {
            continue;
        };
        for choice in question.choices() {
            let has = present.chosen().contains(&choice.value);
            let value = match (&question.kind, present) {
                (Kind::Choices(_), Answer::List(values)) => {
                    let mut values: BTreeSet<&String> = values.iter().collect();
                    if has {
                        values.remove(&choice.value);
                    } else {
                        values.insert(&choice.value);
                    }
                    values.into_iter().cloned().collect::<Vec<_>>().join(",")
                }
                _ if has => continue,
                _ => choice.value.clone(),
            };
            all.push((question.name.clone(), value));
        }
    }
    all.push(("package".to_owned(), "store".to_owned()));
    all.push(("coverage".to_owned(), "75".to_owned()));
    all.push(("name".to_owned(), "store".to_owned()));
    all
}

/// Works on a project as a developer would over weeks.
fn edit(files: &Files) -> Files {
    let mut own = Files::new();
    for (path, text) in files {
        // A module of the template is renamed, and everything that imports it says so.
        let path = path.replace("/log.py", "/logging_setup.py");
        let mut text = text.replace(".log import", ".logging_setup import");
        match path.as_str() {
            "pyproject.toml" => {
                text = text.replacen(
                    "dependencies = [\n",
                    "dependencies = [\n    \"rich>=14\", # reports\n",
                    1,
                );
                text = text.replacen(
                    "[tool.ruff.lint]",
                    "# Reports are wide.\n[tool.ruff.lint]",
                    1,
                );
                text += "\n[tool.reports]\nwidth = 120 # columns\n";
            }
            "README.md" => {
                text = text.replacen("\n## ", "\n## What we sell\n\nShoes.\n\n## ", 1);
                text += "\n## Who to call\n\nThe shop team.\n";
            }
            ".gitignore" => text += "\n# Reports\nreports/\n",
            ".env.example" => text += "\n# Reports\nREPORT_WIDTH=120\n",
            "AGENTS.md" => text += "\nReports are written by `reports.py`.\n",
            _ if path.ends_with("/settings.py") => {
                text = text.replacen(
                    "    port: Annotated[int, Field(ge=1, le=65535)] = 8000\n",
                    "    port: Annotated[int, Field(ge=1, le=65535)] = 8000\n    report_width: Annotated[int, Field(ge=20)] = 120\n",
                    1,
                );
            }
            _ => {}
        }
        own.insert(path, text);
    }
    own.insert(
        format!("src/{NAME}/reports.py"),
        "\"\"\"Reports for the warehouse.\"\"\"\n\n\ndef title(name: str, width: int) -> str:\n    \"\"\"Return a title in the middle of a line.\"\"\"\n    return name.center(width)\n".to_owned(),
    );
    own.insert(
        "tests/test_reports.py".to_owned(),
        format!("from {NAME}.reports import title\n\n\ndef test_title_is_centred() -> None:\n    assert title(\"bolts\", 9) == \"  bolts  \"\n"),
    );
    own
}

/// Merges, and gives what is in the folder afterwards.
fn apply(base: &Tree, own: &Files, desired: &Tree) -> (Plan, Files) {
    let mut yours = Yours::default();
    for (path, text) in own {
        let entry = Entry {
            bytes: text.clone().into_bytes().into(),
            executable: false,
        };
        yours
            .nodes
            .insert(ProjectPath::parse(path).unwrap(), Node::File(entry));
        yours.names.insert(path.clone());
    }
    let labels = Labels::new("before", "after");
    let sides = Sides {
        base,
        kept: &Kept::new(),
        yours: &yours,
        desired,
        labels: &labels,
        both: Both::Markers,
        own: Own::Follow,
    };
    let plan = merge(sides).unwrap();
    let mut after = own.clone();
    for change in plan.changes.iter().filter(|change| change.writes()) {
        after.remove(change.from.as_ref().unwrap_or(&change.path).as_str());
    }
    for change in plan.changes.iter().filter(|change| change.writes()) {
        if let Some(Node::File(entry)) = &change.after {
            let text = String::from_utf8(entry.bytes.to_vec()).unwrap();
            after.insert(change.path.to_string(), text);
        }
    }
    (plan, after)
}

/// Gives the lines that the user had written and that are nowhere any more.
fn losses<'a>(base: &Tree, own: &'a Files, after: &'a Files) -> impl Iterator<Item = String> + 'a {
    let before: BTreeSet<String> = files(base)
        .values()
        .flat_map(|text| text.lines().map(str::to_owned).collect::<Vec<_>>())
        .collect();
    let left: BTreeSet<&str> = after.values().flat_map(|text| text.lines()).collect();
    own.iter().flat_map(move |(path, text)| {
        let lost = text
            .lines()
            .filter(|line| !before.contains(*line) && !left.contains(*line));
        // An import of what was renamed by the user follows a package that was renamed by the template.
        let lost: Vec<&str> = lost
            .filter(|line| !line.contains("logging_setup import"))
            .collect();
        lost.into_iter()
            .map(|line| format!("{path}: {line}"))
            .collect::<Vec<_>>()
    })
}

fn files(tree: &Tree) -> Files {
    tree.iter()
        .map(|(path, entry)| {
            (
                path.to_string(),
                String::from_utf8(entry.bytes.to_vec()).unwrap(),
            )
        })
        .collect()
}

fn tree(files: &Files) -> Tree {
    let mut tree = Tree::new();
    for (path, text) in files {
        let entry = Entry {
            bytes: text.clone().into_bytes().into(),
            executable: false,
        };
        tree.insert(ProjectPath::parse(path).unwrap(), entry)
            .unwrap();
    }
    tree
}
