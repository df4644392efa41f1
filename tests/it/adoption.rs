//! What `adopt` brings to projects that were made by hand or by another tool, and what it leaves
//! alone: what is there wins, and what passed goes on passing.

use crate::support::{Run, Sandbox};

/// The files of a project, each with its text.
type Files = &'static [(&'static str, &'static str)];

/// A project that knows nothing of pyscaffold, beside a template.
struct Shop(Sandbox);

impl Shop {
    fn new(files: &[(&str, &str)]) -> Self {
        let sandbox = Sandbox::new();
        for (path, text) in files {
            sandbox.write(&format!("work/shop/{path}"), text);
        }
        Shop(sandbox)
    }

    fn run(&self, arguments: &str) -> Run {
        self.0.run_in("work/shop", arguments)
    }

    /// Adopts it with the built-in template, for a framework that needs nothing else.
    fn adopt(&self, more: &str) -> Run {
        self.run(&format!("adopt --yes --framework flask --orm none{more}"))
    }

    fn read(&self, path: &str) -> String {
        self.0.read(&format!("work/shop/{path}"))
    }

    fn has(&self, path: &str) -> bool {
        self.0.path(&format!("work/shop/{path}")).exists()
    }

    fn pyproject(&self) -> toml_edit::DocumentMut {
        self.read("pyproject.toml").parse().unwrap()
    }
}

/// Tells whether a document has something at a dotted key.
fn has_key(document: &toml_edit::DocumentMut, key: &str) -> bool {
    let mut item = document.as_item();
    for name in key.split('.') {
        if let Some(list) = item.as_array() {
            let mut texts = list.iter().filter_map(toml_edit::Value::as_str);
            return texts.any(|text| text.starts_with(name));
        }
        match item.get(name) {
            Some(inner) => item = inner,
            None => return false,
        }
    }
    true
}

const FLASK: [(&str, &str); 3] = [
    ("shop/__init__.py", ""),
    (
        "shop/app.py",
        "from flask import Flask\n\napp = Flask(__name__)\n",
    ),
    ("tests/test_shop.py", "def test_it():\n    assert True\n"),
];

/// A template whose step copies a file, so that no tool has to be there.
const COPYING: [(&str, &str); 4] = [
    (
        "template.toml",
        "name = \"copying\"\nversion = \"1.0.0\"\nsummary = \"For tests\"\n",
    ),
    (
        "store/question.toml",
        "prompt = \"Store\"\ndefault = \"disk\"\n",
    ),
    (
        "store/disk/layer.toml",
        "[[step]]\nname = \"lock\"\nrun = [\"cp\", \"made.txt\", \"disk.lock\"]\nmakes = [\"disk.lock\"]\nmark = \"made by cp\"\n",
    ),
    ("base/files/made.txt", "made by cp\n"),
];

#[test]
fn a_step_never_writes_a_file_that_no_run_of_it_made() {
    let shop = Shop::new(&[("disk.lock", "mine\n")]);
    let mut files = COPYING.to_vec();
    files.push(("store/none/layer.toml", "title = \"None\"\n"));
    shop.0.template(&files);
    let plan = shop.run("adopt --yes --trust --template ../../template --dry-run");
    plan.ok()
        .says("keep      disk.lock")
        .says("no run of pyscaffold made it");
    assert!(
        !plan.stderr().contains("Then it would run"),
        "{}",
        plan.stderr()
    );
    let run = shop.run("adopt --yes --trust --template ../../template");
    run.ok().says("run `cp made.txt disk.lock` yourself");
    assert_eq!(shop.read("disk.lock"), "mine\n");
    assert!(!shop.read(".pyscaffold/answers.toml").contains("made ="));
    // Nor does a later run write or delete it.
    shop.0.write("template/base/files/more.txt", "more\n");
    shop.run("update --yes --trust").ok();
    shop.run("change --yes --trust --store none").ok();
    assert_eq!(shop.read("disk.lock"), "mine\n");
}

#[test]
fn a_file_that_somebody_put_in_the_place_of_a_lock_is_theirs() {
    let shop = Shop::new(&[("notes.txt", "")]);
    let mut files = COPYING.to_vec();
    files.push(("store/none/layer.toml", "title = \"None\"\n"));
    shop.0.template(&files);
    shop.run("adopt --yes --trust --template ../../template")
        .ok();
    assert_eq!(shop.read("disk.lock"), "made by cp\n");
    // What the step made is its own.
    shop.0
        .write("template/base/files/made.txt", "made by cp again\n");
    shop.run("update --yes --trust").ok();
    assert_eq!(shop.read("disk.lock"), "made by cp again\n");
    shop.0.write("work/shop/disk.lock", "mine\n");
    shop.0.write("template/base/files/more.txt", "more\n");
    shop.run("update --yes --trust")
        .ok()
        .says("no run of pyscaffold made it");
    shop.run("change --yes --trust --store none").ok();
    assert_eq!(shop.read("disk.lock"), "mine\n");
}

#[test]
fn requirements_go_into_the_project_and_the_list_stays() {
    let list = "# web\nFlask==3.1.0\nrequests>=2.32 # http\n-r more.txt\n-e .\n--index-url https://example.org/simple\n";
    let mut files = FLASK.to_vec();
    files.extend([
        ("requirements.txt", list),
        (
            "more.txt",
            "git+https://example.org/x.git#egg=x-y\nflask<9\n",
        ),
        (
            "requirements-dev.txt",
            "-r requirements.txt\npytest==8.0.0\nblack\n",
        ),
    ]);
    let shop = Shop::new(&files);
    let run = shop.adopt(" --package-manager pip-tools");
    run.code(0)
        .says("requirements = Flask==3.1.0, requests>=2.32, x-y @ git+https://example.org/x.git")
        .says("'--index-url https://example.org/simple' stays there alone")
        .says("keep      requirements.txt");
    assert_eq!(shop.read("requirements.txt"), list);
    let pyproject = shop.pyproject();
    let texts = |item: &toml_edit::Item| -> Vec<String> {
        let items = item.as_array().unwrap().iter();
        items
            .map(|item| item.as_str().unwrap().to_owned())
            .collect()
    };
    let mut dependencies = texts(&pyproject["project"]["dependencies"]);
    dependencies.sort();
    assert_eq!(
        dependencies,
        [
            "Flask==3.1.0",
            "requests>=2.32",
            "x-y @ git+https://example.org/x.git",
        ]
    );
    let development = texts(&pyproject["project"]["optional-dependencies"]["dev"]);
    assert!(
        development.contains(&"pytest==8.0.0".to_owned()),
        "{development:?}"
    );
    assert!(development.contains(&"black".to_owned()), "{development:?}");
}

#[test]
fn tools_come_first_and_the_example_when_it_is_asked_for() {
    let shop = Shop::new(&FLASK);
    shop.adopt(" --no-lock")
        .ok()
        .says("--with-example brings it");
    for path in [
        "src",
        "LICENSE",
        "README.md",
        "AGENTS.md",
        ".env",
        ".env.example",
        "Dockerfile",
        "compose.yaml",
        "tests/conftest.py",
        "tests/__init__.py",
        ".python-version",
    ] {
        assert!(!shop.has(path), "{path}");
    }
    let pyproject = shop.pyproject();
    for key in [
        "project.license",
        "project.license-files",
        "project.scripts",
        "project.dependencies",
        "project.readme",
        "build-system",
        "tool.hatch",
        "tool.pytest",
        "tool.coverage.report.fail_under",
    ] {
        assert!(!has_key(&pyproject, key), "{key}\n{pyproject}");
    }
    for key in [
        "tool.ruff",
        "tool.mypy",
        "tool.coverage",
        "dependency-groups.dev",
    ] {
        assert!(has_key(&pyproject, key), "{key}\n{pyproject}");
    }
    let makefile = shop.read("Makefile");
    assert!(
        makefile.contains("check: lint types test security ##"),
        "{makefile}"
    );
    assert!(!makefile.contains("python -m shop"), "{makefile}");
    // It stays so, whatever comes later.
    shop.run("change --yes --no-lock --orm sqlalchemy --task-runner just")
        .ok();
    assert!(!shop.has("migrations") && !shop.has("src"));
    assert!(!shop.read("justfile").contains("alembic"));
    shop.run("status --check").ok();

    let shop = Shop::new(&FLASK);
    shop.adopt(" --no-lock --with-example --license mit").ok();
    assert!(shop.has("src/shop/app.py") && shop.has("LICENSE") && shop.has("README.md"));
}

#[test]
fn settings_that_are_there_win() {
    const PROJECT: &str = "[project]\nname = \"shop\"\nversion = \"1\"\n";
    const POETRY: &str = "[tool.poetry]\nname = \"shop\"\nversion = \"1\"\n[tool.poetry.dependencies]\npython = \"^3.12\"\n[tool.poetry.group.dev.dependencies]\nruff = \"0.4.0\"\n";
    let cases: [(Files, &[&str]); 17] = [
        (
            &[(
                "pyproject.toml",
                "[tool.pytest.ini_options]\naddopts = \"-q\"\n",
            )],
            &["tool.pytest.addopts"],
        ),
        (&[("pytest.ini", "[pytest]\n")], &["tool.pytest"]),
        (&[("tox.ini", "[pytest]\n")], &["tool.pytest"]),
        (&[("setup.cfg", "[tool:pytest]\n")], &["tool.pytest"]),
        (&[("test_it.py", "def test_it(): pass\n")], &["tool.pytest"]),
        (
            &[("pyproject.toml", POETRY)],
            &["project", "dependency-groups.dev.ruff>=", "build-system"],
        ),
        (
            &[(
                "setup.py",
                "from setuptools import setup\nsetup(name='shop')\n",
            )],
            &["project", "build-system"],
        ),
        (
            &[("setup.cfg", "[metadata]\nname = shop\n")],
            &["project", "build-system"],
        ),
        (
            &[
                (
                    "pyproject.toml",
                    "[project]\nname = \"shop\"\nversion = \"1\"\nlicense = {text = \"MIT\"}\n",
                ),
                ("LICENSE", "MIT License\n"),
            ],
            &["project.license-files", "project.requires-python"],
        ),
        (
            &[(
                "pyproject.toml",
                "[project]\nname = \"shop\"\ndynamic = [\"version\", \"dependencies\"]\n",
            )],
            &[
                "project.version",
                "project.dependencies",
                "project.description",
            ],
        ),
        (&[("ruff.toml", "line-length = 100\n")], &["tool.ruff"]),
        (&[(".ruff.toml", "line-length = 100\n")], &["tool.ruff"]),
        (&[("mypy.ini", "[mypy]\n")], &["tool.mypy"]),
        (&[("setup.cfg", "[mypy]\nstrict = true\n")], &["tool.mypy"]),
        (&[(".coveragerc", "[run]\n")], &["tool.coverage"]),
        (
            &[("pyproject.toml", PROJECT), ("pyrightconfig.json", "{}\n")],
            &["tool.pyright", "tool.mypy"],
        ),
        (
            &[("pyproject.toml", PROJECT), ("ty.toml", "")],
            &["tool.ty", "tool.mypy"],
        ),
    ];
    for (files, absent) in cases {
        let shop = Shop::new(files);
        shop.adopt(" --no-lock --both keep").ok();
        let pyproject = shop.pyproject();
        for key in absent {
            assert!(!has_key(&pyproject, key), "{files:?}: {key}\n{pyproject}");
        }
    }
}

#[test]
fn a_list_that_replaces_another_one_gains_nothing() {
    let text = "[project]\nname = \"shop\"\nversion = \"1\"\n\n[tool.ruff.lint]\nselect = [\"E\", \"F\"]\n\n[dependency-groups]\ndev = [\"ruff==0.4.0\"]\n";
    let shop = Shop::new(&[("pyproject.toml", text)]);
    shop.adopt(" --no-lock").ok();
    let after = shop.read("pyproject.toml");
    assert!(after.contains("select = [\"E\", \"F\"]"), "{after}");
    assert!(
        after.contains("\"ruff==0.4.0\"") && !after.contains("ruff>="),
        "{after}"
    );
    assert!(after.contains("\"pytest\""), "{after}");
    assert!(shop.has("Makefile"));
}

#[test]
fn what_poetry_lists_for_development_is_still_read() {
    const PROJECT: &str = "[tool.poetry]\nname = \"shop\"\nversion = \"1\"\npackages = [{ include = \"shop\" }]\n\n[tool.poetry.dependencies]\npython = \">=3.12,<4\"\nflask = \"*\"\n\n";
    // Poetry drops its own group where the standard's table has one of the same name.
    for table in [
        "tool.poetry.group.dev.dependencies",
        "tool.poetry.dev-dependencies",
    ] {
        let project = format!("{PROJECT}[{table}]\nhttpx = \"*\"\n");
        let shop = Shop::new(&[&FLASK[..], &[("pyproject.toml", project.as_str())]].concat());
        shop.adopt(" --no-lock --task-runner poe --features pre-commit")
            .ok();
        let pyproject = shop.pyproject();
        assert!(!has_key(&pyproject, "dependency-groups.dev"), "{pyproject}");
        for package in ["ruff", "poethepoet", "pre-commit"] {
            let key = format!("dependency-groups.checks.{package}");
            assert!(has_key(&pyproject, &key), "{pyproject}");
        }
    }
    let project = format!("{PROJECT}[tool.poetry.group.test.dependencies]\nhttpx = \"*\"\n");
    let shop = Shop::new(&[&FLASK[..], &[("pyproject.toml", project.as_str())]].concat());
    shop.adopt(" --no-lock").ok();
    assert!(has_key(&shop.pyproject(), "dependency-groups.dev.ruff"));
}

#[test]
fn code_that_is_no_package_is_not_installed_as_one() {
    let next = |more: &[(&str, &str)], manager: &str| {
        let shop = Shop::new(&[&FLASK[..], more].concat());
        let run = shop.adopt(&format!(" --no-lock --json --package-manager {manager}"));
        run.ok().json()["next"].to_string()
    };
    let setup = ("setup.py", "from setuptools import setup\nsetup()\n");
    for manager in ["pip-tools", "hatch"] {
        assert!(!next(&[], manager).contains("--editable"), "{manager}");
        assert!(next(&[setup], manager).contains("--editable"), "{manager}");
    }
}
