//! What is guessed of projects that were made by hand or by another tool.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use pyscaffold::answer::{Answer, Answers};
use pyscaffold::combinations::Combination;
use pyscaffold::detect::{Found, Guess, guess};
use pyscaffold::given::{Gathered, Unanswered};
use pyscaffold::render::{self, Rendered, Seed};
use pyscaffold::resolve::Given;
use pyscaffold::template::{Source, Template};

use crate::support::Sandbox;
use crate::support::combinations::{NAMES, all, builtin, describe, input};

/// Where projects lie as other tools make them, each with what is guessed of it.
const PROJECTS: &str = "tests/adopt";

/// Looks at a project in memory.
fn found<'a>(files: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> Found {
    let (mut paths, mut texts) = (BTreeSet::new(), BTreeMap::new());
    for (path, bytes) in files {
        paths.insert(path.to_owned());
        if let (true, Ok(text)) = (Found::wants(path), std::str::from_utf8(bytes)) {
            texts.insert(path.to_owned(), text.to_owned());
        }
    }
    Found::new(paths, texts)
}

/// Guesses the answers of a project while none are given.
fn look(template: &Template, name: &str, found: &Found) -> Vec<Guess> {
    let guesses = guess(template, &input(name), found, &BTreeMap::new());
    guesses.unwrap().answers
}

/// Guesses about files of which only these are there.
fn guesses(template: &Template, files: &[(&str, &str)]) -> Vec<Guess> {
    let files = files.iter().map(|(path, text)| (*path, text.as_bytes()));
    look(template, "adopted", &found(files))
}

/// Writes guesses one a line, each with its reason.
fn write(guesses: &[Guess]) -> String {
    let line = |guess: &Guess| {
        let answer = toml_edit::ser::ValueSerializer::new();
        let answer = serde::Serialize::serialize(&guess.answer, answer).unwrap();
        format!("{} = {answer} # {}\n", guess.question, guess.because)
    };
    guesses.iter().map(line).collect()
}

/// Reads all files below a folder.
fn read(folder: &Path, prefix: &str, files: &mut Vec<(String, Vec<u8>)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = format!("{prefix}{}", path.file_name().unwrap().to_str().unwrap());
        if path.is_dir() {
            read(&path, &format!("{name}/"), files);
        } else {
            files.push((name, std::fs::read(&path).unwrap()));
        }
    }
}

/// What is guessed of a project of another tool is in `expected.toml`; `BLESS=1` writes it anew.
#[test]
fn projects_of_other_tools_are_recognised() {
    let template = builtin();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(PROJECTS);
    let mut count = 0;
    for entry in std::fs::read_dir(root).unwrap() {
        let folder = entry.unwrap().path();
        let mut files = Vec::new();
        read(&folder.join("project"), "", &mut files);
        let files = files.iter().map(|(path, bytes)| (path.as_str(), &**bytes));
        let guesses = look(&template, "adopted", &found(files));
        let (written, expected) = (write(&guesses), folder.join("expected.toml"));
        if std::env::var_os("BLESS").is_some() {
            std::fs::write(&expected, &written).unwrap();
        }
        let expected = std::fs::read_to_string(&expected).unwrap_or_default();
        assert_eq!(written, expected, "{}", folder.display());
        count += 1;
    }
    assert!(count >= 10);
}

/// Renders a combination with texts that no default has.
fn project(template: &Template, combination: &Combination, name: &str) -> (Answers, Rendered) {
    let chosen = combination
        .iter()
        .filter_map(|(name, answer)| Some((name.clone(), Given::Typed(answer.as_ref()?.typed()))));
    let texts = [
        ("description", "Counts \"stock\", and more."),
        ("author", "Grace Example"),
        ("email", "grace@example.org"),
        ("coverage", "85"),
    ];
    let texts = texts.map(|(name, text)| (name.to_owned(), Given::Typed(text.to_owned())));
    let answers = Gathered::of(chosen.chain(texts))
        .answer(template, &input(name), Unanswered::Default)
        .unwrap();
    let rendered = render::render(template, &answers, &Seed::default()).unwrap();
    (answers, rendered)
}

/// Gives the lock file that a new project has.
fn lock_file(template: &Template, answers: &Answers) -> String {
    let files = template.data["managers"].get_attr("lock_file").unwrap();
    let manager = answers.get("package_manager").unwrap().value();
    files.get_item(&manager).unwrap().to_string()
}

#[test]
fn what_a_project_was_made_from_is_guessed_from_its_files() {
    let template = builtin();
    for (index, combination) in all(&template).covering(2).into_iter().enumerate() {
        let (answers, rendered) = project(&template, &combination, NAMES[index % NAMES.len()]);
        let lock = lock_file(&template, &answers);
        let trees = rendered.tree.iter().chain(rendered.once.iter());
        let files = trees.map(|(path, entry)| (path.as_str(), &*entry.bytes));
        let found = found(files.chain([(lock.as_str(), &b""[..])]));
        let guesses = look(&template, "elsewhere", &found);
        for (question, answer) in answers.iter() {
            let guessed = guesses.iter().find(|guess| guess.question == question);
            // Nothing speaks of what is the default because nothing is there.
            let is_absence = *answer == Answer::List(Vec::new())
                || (question == "database" && answer.typed() == "sqlite");
            assert!(
                guessed.map_or(is_absence, |guess| guess.answer == *answer),
                "{question} is {answer:?} and not {guessed:?}\n{}\n{}",
                describe(&combination),
                write(&guesses)
            );
        }
        assert!(guesses.iter().all(|guess| !guess.because.is_empty()));
    }
}

#[test]
fn what_does_not_go_together_is_not_guessed() {
    let template = builtin();
    let files = [("requirements.txt", "flask\ntortoise-orm\n")];
    let guesses = guesses(&template, &files);
    let has = |question: &str| guesses.iter().any(|guess| guess.question == question);
    assert!(has("framework") && !has("orm"), "{}", write(&guesses));
}

/// A template with a question of every type.
const SMALL: [(&str, &str); 6] = [
    (
        "template.toml",
        r#"
name = "small"
version = "1.0.0"

[[question]]
name = "size"
type = "integer"
maximum = 9
detect = ["{{ found.key('tool.a.size') }}", "{{ found.text('*.txt', 'size (\\d+)') }}"]
aliases = ["how_big"]

[[question]]
name = "fast"
type = "bool"
detect = "{% if found.file('fast*') %}yes{% endif %}"

[[question]]
name = "color"
choices = [
    { value = "red", title = "Red" },
    { value = "blue", title = "Deep blue", detect = ["found.file('blue')", "found.file('sky')"] },
    { value = "green", title = "Green", detect = "size == 3 and found.dependency('Green_Paint')" },
]

[[question]]
name = "key"
type = "text"
secret = true
detect = "{{ found.text('key', '.+') }}"
"#,
    ),
    ("extras/question.toml", "type = \"choices\"\n"),
    (
        "extras/one/layer.toml",
        "detect = \"found.file('one')\"\norder = 1\n",
    ),
    (
        "extras/two/layer.toml",
        "detect = [\"found.file('2')\", \"found.file('two')\"]\norder = 2\nconflicts = [\"extras/one\"]\n",
    ),
    (
        "extras/three/layer.toml",
        "detect = \"found.file('three')\"\norder = 3\n",
    ),
    (
        "base/files/a.txt.jinja",
        "{{ size }}{{ fast }}{{ color }}{{ key }}",
    ),
];

/// Loads a template of a few files.
fn load(files: &[(&str, &str)]) -> (Sandbox, Template) {
    let sandbox = Sandbox::new();
    let folder = sandbox.template(files);
    let template = Template::load(Source::Folder(folder)).unwrap();
    (sandbox, template)
}

/// Guesses with the small template.
fn small(files: &[(&str, &str)]) -> String {
    let (_sandbox, template) = load(&SMALL);
    write(&guesses(&template, files))
}

#[test]
fn the_surest_sign_wins() {
    let pyproject = (
        "pyproject.toml",
        "[project]\ndependencies = ['green-paint']\n[tool.a]\nsize = 3\n",
    );
    assert_eq!(
        small(&[pyproject, ("sky", "")]),
        "size = 3 # pyproject.toml: tool.a.size\n\
         color = \"green\" # pyproject.toml: dependency Green_Paint\n"
    );
    assert_eq!(
        small(&[pyproject, ("blue", "")]),
        "size = 3 # pyproject.toml: tool.a.size\ncolor = \"blue\" # blue\n"
    );
    assert_eq!(small(&[("sky", "")]), "color = \"blue\" # sky\n");
}

#[test]
fn every_type_of_question_can_be_guessed() {
    let pyproject = ("pyproject.toml", "[tool.a]\nsize = 10\n");
    assert_eq!(
        small(&[pyproject, ("notes.txt", "of size 4"), ("fast.py", "")]),
        "size = 4 # notes.txt: size 4\nfast = true # fast.py\n"
    );
    assert_eq!(
        small(&[("one", ""), ("two", ""), ("three", "")]),
        "extras = [\"one\", \"three\"] # one, three\n"
    );
    assert_eq!(small(&[("two", "")]), "extras = [\"two\"] # two\n");
    assert_eq!(small(&[("key", "geheim")]), "");
}

#[test]
fn what_other_tools_were_answered_goes_before_defaults_and_after_signs() {
    let answers = (
        ".copier-answers.yml",
        "how_big: 5\nfast: true\ncolor: deep BLUE\nextras: [three]\nkey: geheim\n",
    );
    assert_eq!(
        small(&[answers, ("notes.txt", "size 4")]),
        "size = 4 # notes.txt: size 4\n\
         fast = true # .copier-answers.yml: fast\n\
         color = \"blue\" # .copier-answers.yml: color\n\
         extras = [\"three\"] # .copier-answers.yml: extras\n"
    );
    let cruft = r#"{"context": {"cookiecutter": {"size": "7", "fast": "no", "color": "pink"}}}"#;
    assert_eq!(
        small(&[(".cruft.json", cruft)]),
        "size = 7 # .cruft.json: size\nfast = false # .cruft.json: fast\n"
    );
    let own = "[answers]\nsize = 2\nhow_big = 3\n";
    assert_eq!(
        small(&[(".pyscaffold/answers.toml", own), answers]),
        "size = 2 # .pyscaffold/answers.toml: size\n\
         fast = true # .copier-answers.yml: fast\n\
         color = \"blue\" # .copier-answers.yml: color\n\
         extras = [\"three\"] # .copier-answers.yml: extras\n"
    );
}

#[test]
fn a_sign_that_fails_is_a_mistake_of_the_template() {
    let manifest = "name = \"small\"\nversion = \"1.0.0\"\n[[question]]\nname = \"a\"\ndetect = \"{{ found.text('*', '(') }}\"\n";
    let files = [
        ("template.toml", manifest),
        ("base/files/a.jinja", "{{ a }}"),
    ];
    let (_sandbox, template) = load(&files);
    let error = guess(&template, &input("adopted"), &found([]), &BTreeMap::new()).unwrap_err();
    assert_eq!(error.problems.len(), 1);
    let message = &error.problems[0].message;
    assert!(message.starts_with("invalid operation: '('"), "{message}");
}
