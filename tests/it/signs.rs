//! Where `adopt` looks: every place that tells what a project is made with, from the outside.

use crate::support::Sandbox;

/// The files of a project.
type Files = &'static [(&'static str, &'static str)];

/// Projects that ask for a framework, each with the file that does.
const ASKING: [(Files, &str); 16] = [
    (
        &[("backend/requirements.txt", "flask\n")],
        "backend/requirements.txt",
    ),
    (
        &[("requirements/prod.txt", "flask\n")],
        "requirements/prod.txt",
    ),
    (
        &[
            ("requirements.txt", "-r deps/all.txt\n"),
            ("deps/all.txt", "--requirement=web.txt # all\n"),
            ("deps/web.txt", "Flask==3\n"),
        ],
        "deps/web.txt",
    ),
    (
        &[
            (
                "setup.py",
                "setup(install_requires=open('deps.txt').read().split())\n",
            ),
            ("deps.txt", "flask\n"),
        ],
        "deps.txt",
    ),
    (
        &[
            (
                "pyproject.toml",
                "[tool.setuptools.dynamic]\ndependencies = { file = [\"deps/in.txt\"] }\n",
            ),
            ("deps/in.txt", "flask\n"),
        ],
        "deps/in.txt",
    ),
    (
        &[(
            "setup.py",
            "REQUIRES = ['flask>=2']\nsetup(install_requires=REQUIRES)\n",
        )],
        "setup.py",
    ),
    (
        &[("setup.cfg", "[options]\ninstall_requires =\n    flask>=2\n")],
        "setup.cfg",
    ),
    (&[("Pipfile", "[packages]\nflask = \"*\"\n")], "Pipfile"),
    (
        &[(
            "environment.yml",
            "dependencies:\n  - conda-forge::flask=3.0\n",
        )],
        "environment.yml",
    ),
    (
        &[(
            "environment.yml",
            "dependencies:\n  - pip:\n      - flask>=3\n",
        )],
        "environment.yml",
    ),
    (
        &[(
            "tox.ini",
            "[testenv:py312]\ndeps =\n    pytest\n    flask\n",
        )],
        "tox.ini",
    ),
    (
        &[(
            "pyproject.toml",
            "[tool.poetry.group.web.dependencies]\nflask = \"^3\"\n",
        )],
        "pyproject.toml",
    ),
    (
        &[("pyproject.toml", "[dependency-groups]\nweb = [\"flask\"]\n")],
        "pyproject.toml",
    ),
    (
        &[(
            "pyproject.toml",
            "[tool.pdm.dev-dependencies]\nweb = [\"flask\"]\n",
        )],
        "pyproject.toml",
    ),
    (
        &[("web/app.py", "import os\nfrom flask import Flask\n")],
        "web/app.py",
    ),
    (
        &[(".copier-answers.api.yml", "framework: Flask\n")],
        ".copier-answers.api.yml",
    ),
];

/// Says what is found of a project of a few files.
fn adopt(files: &[(&str, &str)]) -> String {
    let sandbox = Sandbox::new();
    for (path, text) in files {
        sandbox.write(&format!("work/shop/{path}"), text);
    }
    let run = sandbox.run("adopt shop --no-lock --dry-run --yes");
    run.stderr()
}

#[test]
fn every_place_that_asks_for_packages_is_read() {
    for (files, place) in ASKING {
        let said = adopt(files);
        let line = format!("framework = flask  {place}: ");
        assert!(said.contains(&line), "{files:?}\n{said}");
    }
}

#[test]
fn what_is_beside_a_project_is_not_its_own() {
    let cases: [Files; 5] = [
        &[("examples/web/requirements.txt", "flask\n")],
        &[("docs/requirements.txt", "flask\n")],
        &[("tests/app.py", "from flask import Flask\n")],
        &[
            ("requirements.txt", "-c constraints.txt\nattrs\n"),
            ("constraints.txt", "flask\n"),
        ],
        &[
            ("requirements/base.txt", "-c constraints.txt\nattrs\n"),
            ("requirements/constraints.txt", "flask\n"),
        ],
    ];
    for files in cases {
        let said = adopt(files);
        assert!(
            said.contains("nothing in the project answers 'framework'"),
            "{files:?}\n{said}"
        );
    }
}

#[test]
fn what_else_a_project_has_is_told_by_its_files() {
    let flask = ("requirements.txt", "flask\nflask-sqlalchemy\n");
    let cases = [
        (
            "prod.Dockerfile",
            "FROM python:3.12-slim\n",
            "container = slim",
        ),
        ("Dockerfile.dev", "FROM python:3.12\n", "container = slim"),
        (
            "backend/Dockerfile",
            "FROM python:3.12\n",
            "container = slim",
        ),
        (
            "runtime.txt",
            "python-3.12.1\n",
            "python = 3.12  runtime.txt: 3.12.1",
        ),
        (".python-version", "3.14\n", "python = 3.14"),
        (".tool-versions", "python 3.12.1\n", "python = 3.12"),
        (".python-version", "3.10\n", "python = 3.12"),
        (
            "setup.py",
            "setup(python_requires='>=3.12')\n",
            "python = 3.12  setup.py: python_requires >=3.12",
        ),
        (
            "deploy/docker-compose.yml",
            "services:\n  db:\n    image: \"postgres:16\"\n",
            "database = postgresql",
        ),
        (
            "web/config.py",
            "URI = 'postgresql+psycopg://db/shop'\n",
            "database = postgresql",
        ),
        (
            "web/config.py",
            "URI = 'sqlite:///shop.db'\n",
            "database = sqlite",
        ),
        ("pdm.lock", "", "package_manager = pdm"),
        ("uv.lock", "", "package_manager = uv"),
        ("poetry.lock", "", "package_manager = poetry"),
        ("Pipfile.lock", "{}", "Pipenv"),
        (".circleci/config.yml", "version: 2\n", "CircleCI"),
        (
            "setup.py",
            "setup(author='Grace Example', author_email=\"g@example.org\")\n",
            "author = Grace Example",
        ),
        (
            ".cruft.json",
            "{\"context\": {\"cookiecutter\": {\"open_source_license\": \"Apache Software License 2.0\"}}}",
            "license = apache-2.0  .cruft.json: open_source_license",
        ),
        (
            ".copier-answers.yml",
            "python_version: '>=3.14'\n",
            "python = 3.14  .copier-answers.yml: python_version",
        ),
        (".copier-answers.yml", "ci: GitHub Actions\n", "ci = none"),
    ];
    for (path, text, found) in cases {
        let said = adopt(&[flask, (path, text)]);
        assert!(said.contains(found), "{path}: {text}\n{said}");
    }
}
