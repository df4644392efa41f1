//! What nobody can choose is said: when it is typed, and when an adopted project has it.

use crate::support::{Run, Sandbox};

/// The files of a project.
type Files<'a> = &'a [(&'a str, &'a str)];

/// Adopts a project of a few files, and gives how that ended.
fn adopt(files: &[(&str, &str)], flags: &str) -> (Sandbox, Run) {
    let sandbox = Sandbox::new();
    std::fs::create_dir_all(sandbox.path("work/shop")).unwrap();
    for (path, text) in files {
        sandbox.write(&format!("work/shop/{path}"), text);
    }
    let run = sandbox.run(&format!("adopt shop --no-lock --dry-run {flags}"));
    (sandbox, run)
}

#[test]
fn a_value_that_is_not_offered_is_refused_with_the_reason() {
    let cases = [
        (
            "--framework litestar",
            "Litestar",
            "choose 'fastapi' instead",
        ),
        ("--orm mongodb", "MongoDB", "choose 'none' instead"),
        ("--orm beanie", "MongoDB", "choose 'none' instead"),
        // The nearest choice doesn't go together with the other answers.
        (
            "--framework django --orm peewee",
            "Peewee",
            "only 'django' can be chosen",
        ),
        (
            "--type-checker pyre",
            "pyrefly is its successor",
            "choose 'pyrefly' instead",
        ),
    ];
    for (flags, because, hint) in cases {
        let sandbox = Sandbox::new();
        let run = sandbox.run(&format!("new demo --yes {flags}"));
        run.code(2).says(because).says(hint);
        assert!(!sandbox.path("work/demo").exists());
    }
    let listed = Sandbox::new().run("options --json").ok().stdout();
    let listed: serde_json::Value = serde_json::from_str(&listed).unwrap();
    let questions = listed["questions"].as_array().unwrap();
    let orm = questions.iter().find(|it| it["name"] == "orm").unwrap();
    let mongodb = &orm["unoffered"][0];
    assert_eq!(
        (&mongodb["value"], &mongodb["instead"]),
        (&"mongodb".into(), &"none".into())
    );
    let values: Vec<_> = orm["choices"].as_array().unwrap().iter().collect();
    assert!(values.iter().all(|choice| choice["value"] != "mongodb"));
}

#[test]
fn without_a_sign_nothing_is_invented_that_brings_code() {
    let library = "[project]\nname = \"shop\"\nversion = \"1\"\ndependencies = [\"attrs\"]\n";
    let django = ("requirements.txt", "Django\n");
    let flask = ("requirements.txt", "flask\nflask-sqlalchemy\n");
    let cases: [(Files, &str, &str); 6] = [
        (&[], "framework", "--framework flask"),
        (
            &[("README.md", "# Shop\n")],
            "framework",
            "no dependency fastapi",
        ),
        (
            &[("pyproject.toml", library)],
            "framework",
            "a library, a command-line tool",
        ),
        (
            &[("requirements.txt", "litestar\n")],
            "framework",
            "no choice for Litestar",
        ),
        (&[django], "api", "--api drf"),
        (&[flask], "database", "--database postgresql"),
    ];
    for (files, question, said) in cases {
        let (sandbox, run) = adopt(files, "--yes");
        let refusal = format!("nothing in the project answers '{question}'");
        run.code(2).says(&refusal).says(said);
        // Neither where nobody can be asked.
        let run = sandbox.run("adopt shop --no-lock --dry-run");
        run.code(2).says(&format!("--{question}"));
        assert_eq!(sandbox.files("work/shop").len(), files.len());
    }
}

#[test]
fn what_only_a_person_knows_can_be_given() {
    let readme = [("README.md", "# Shop\n")];
    let flask = "--framework flask --orm none";
    adopt(&readme, &format!("--yes {flask}")).1.ok();
    // Only the first question is named that others may depend on.
    let (_, run) = adopt(&readme, "--yes --framework flask");
    run.code(2).says("answers 'orm'");
    let (_, run) = adopt(&readme, "--yes --framework django");
    run.code(2).says("answers 'api'");
    let (_, run) = adopt(&readme, "--yes --framework djnago");
    run.code(2).says("did you mean 'django'?");
    // A default for all projects says nothing of this one; a variable is for this run.
    let sandbox = Sandbox::new();
    sandbox.write("work/shop/README.md", "# Shop\n");
    sandbox.write(
        "home/.config/pyscaffold/config.toml",
        "framework = \"flask\"\norm = \"none\"\n",
    );
    let adopt = ["adopt", "shop", "--no-lock", "--dry-run", "--yes"];
    sandbox
        .run_with(&adopt, &[])
        .code(2)
        .says("answers 'framework'");
    let variables = [
        ("PYSCAFFOLD_FRAMEWORK", "flask"),
        ("PYSCAFFOLD_ORM", "none"),
    ];
    sandbox.run_with(&adopt, &variables).ok();
}

#[test]
fn what_has_no_choice_is_kept_and_said() {
    let cases = [
        ("fastapi\nmotor\n", "MongoDB", "and orm is none"),
        ("fastapi\nbeanie\n", "MongoDB", "and orm is none"),
        (
            "fastapi\nasyncpg\n",
            "SQL without an ORM",
            "and orm is none",
        ),
        ("flask\npeewee\npsycopg2\n", "Peewee", "and orm is none"),
        (
            "flask\nsqlmodel\npymysql\n",
            "MySQL or MariaDB",
            "and database is sqlite",
        ),
        // What has a choice is the answer, and the rest is said all the same.
        (
            "flask\nsqlalchemy\npsycopg\npymongo\n",
            "MongoDB",
            "and orm is sqlalchemy",
        ),
    ];
    for (requirements, title, answer) in cases {
        let (_, run) = adopt(&[("requirements.txt", requirements)], "--yes");
        run.ok().says(title).says(answer);
    }
    // A driver below an ORM is no choice of its own, nor is what a framework is built on.
    let (_, run) = adopt(
        &[(
            "requirements.txt",
            "fastapi\nstarlette\nsqlalchemy\nasyncpg\n",
        )],
        "--yes",
    );
    assert!(!run.ok().stderr().contains("no choice"), "{}", run.stderr());
}

/// A template whose question says what it doesn't offer.
fn template(unoffered: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    let question = format!("unfound = \"it matters\"\n{unoffered}");
    sandbox.template(&[
        ("template.toml", "name = \"small\"\nversion = \"1.0.0\"\n"),
        ("color/question.toml", &question),
        ("color/red/layer.toml", "detect = \"found.file('red')\"\n"),
        ("color/blue/layer.toml", ""),
        ("color/blue/files/a.txt", "blue\n"),
        ("base/files/b.txt.jinja", "{{ color }}\n"),
    ]);
    sandbox
}

#[test]
fn mistakes_about_what_is_not_offered_have_a_place() {
    let entry = |rest: &str| format!("[[unoffered]]\nvalue = \"green\"\nbecause = \"x\"\n{rest}");
    let cases = [
        (
            "[[unoffered]]\nvalue = \"green\"\n".to_owned(),
            "'because' is missing",
        ),
        (
            "[[unoffered]]\nbecause = \"x\"\n".to_owned(),
            "'value' is missing",
        ),
        (entry("insted = \"red\"\n"), "did you mean 'instead'?"),
        (
            entry("instead = \"rad\"\n"),
            "'rad' is no choice of 'color', did you mean 'red'?",
        ),
        (
            entry("adopt = \"blu\"\n"),
            "'blu' is no choice of 'color', did you mean 'blue'?",
        ),
        (
            entry("aliases = [\"red\"]\n"),
            "'red' is a choice of 'color'",
        ),
        (
            entry("detect = \"found.fiel('x')\"\n"),
            "did you mean 'found.file'?",
        ),
        (entry(&entry("")), "'green' is there twice"),
    ];
    for (unoffered, said) in cases {
        let sandbox = template(&unoffered);
        sandbox
            .run("template show --template ../template")
            .code(1)
            .says(said);
    }
}

#[test]
fn a_template_on_top_can_offer_it_after_all() {
    let sandbox = template("[[unoffered]]\nvalue = \"green\"\nbecause = \"nobody wears it\"\n");
    let new = "new demo --yes --no-git --no-lock --color green --template";
    sandbox
        .run(&format!("{new} ../template"))
        .code(2)
        .says("nobody wears it");
    sandbox.write(
        "work/top/template.toml",
        "name = \"top\"\nversion = \"1.0.0\"\nextends = \"../../template\"\n",
    );
    sandbox.write("work/top/color/green/layer.toml", "title = \"Green\"\n");
    sandbox.run(&format!("{new} ./top")).ok();
    assert_eq!(sandbox.read("work/demo/b.txt"), "green\n");
}
