//! What layers on top add to the ones below.

use super::{Company, has};

#[test]
fn choices_are_added_to_questions_below() {
    let company = Company::new(
        "[defaults]\nstore = \"sky\"\n",
        &[
            (
                "store/sky/layer.toml",
                "title = \"Sky\"\nhint = \"what Acme runs\"\norder = 9\nwhen = \"framework == 'quick'\"\nbecause = \"Sky has no driver for Grand\"\n",
            ),
            ("store/sky/files/store.py", "KIND = 'sky'\n"),
            ("features/radio/files/radio.md", "# Radio\n"),
            ("features/radio/layer.toml", "requires = [\"store/sky\"]\n"),
        ],
    );
    has(
        &company.help(),
        &[
            "[sky, rows, live, own] [default: sky]",
            "Sky: what Acme runs",
            "radio",
        ],
    );
    assert_eq!(company.choices("store"), ["sky", "rows", "live", "own"]);
    company
        .make("--framework grand --store sky")
        .code(2)
        .says("Sky has no driver for Grand")
        .says("only 'own' can be chosen");
    company
        .make("--store live --features radio")
        .code(2)
        .says("it needs store/sky");
    company.make("--features radio,docs").ok();
    has(&company.read("store.py"), &["sky"]);
    has(&company.read("radio.md"), &["# Radio"]);
    let combinations = company.options()["combinations"].as_u64().unwrap();
    // Grand with either API and its own store, and Quick with three; radio only with one of them.
    assert_eq!(combinations, (2 + 2) * 4 + 5);
}

#[test]
fn a_choice_added_to_what_is_fixed_below_is_a_warning() {
    let company = Company::new("[answers]\nframework = \"quick\"\n", &[]);
    let shop = "name = \"shop\"\nversion = \"1.0.0\"\nextends = \"../acme\"\n";
    company.sandbox.write("shop/template.toml", shop);
    company
        .sandbox
        .write("shop/framework/tiny/files/app.py", "APP = 'tiny'\n");
    company
        .sandbox
        .run("new p --template ../shop --yes --no-git --no-lock")
        .ok()
        .says("nobody can choose 'framework/tiny', so that this layer does nothing")
        .says("framework is always 'quick'");
    has(&company.read("app.py"), &["quick"]);
}

#[test]
fn what_needs_a_hidden_choice_is_refused() {
    let company = Company::new(
        "[[hide]]\nchoice = \"store/live\"\n",
        &[("features/radio/layer.toml", "requires = [\"store/live\"]\n")],
    );
    company
        .make("--features radio")
        .code(2)
        .says("'radio' can't be chosen here: it needs store/live");
}

#[test]
fn files_extend_merge_and_replace_those_below() {
    let company = Company::new(
        "[[question]]\nname = \"team\"\ndefault = \"core\"\n",
        &[
            ("base/layer.toml", "replaces = [\"notes.txt\"]\n"),
            ("base/files/notes.txt", "Acme's notes\n"),
            ("base/files/CODEOWNERS.jinja", "* @acme/{{ team }}\n"),
            (
                "base/files/README.md.jinja",
                "{% extends \"below\" %}\n{% block about %}\nOwned by {{ team }}.\n{{ super() }}{% endblock %}\n",
            ),
            (
                "base/files/pyproject.toml",
                "[project]\ndependencies = [\"acme-log>=2\", \"alpha>=3\"]\n\n[tool.acme]\nlevel = 1\n",
            ),
            (
                "store/rows/files/store.py.jinja",
                "{% extends \"below\" %}\n{% block more %}\nOWNER = '{{ team }}'\n{% endblock %}\n",
            ),
            (
                "bridges/mine/layer.toml",
                "when = \"store == 'live' or 'docs' in features\"\n",
            ),
            ("bridges/mine/files/mine.txt", "mine\n"),
        ],
    );
    company.make("--features docs").ok();
    assert_eq!(company.read("notes.txt"), "Acme's notes\n");
    assert_eq!(company.read("CODEOWNERS"), "* @acme/core\n");
    has(
        &company.read("README.md"),
        &["Owned by core.\nA service.\n"],
    );
    has(
        &company.read("pyproject.toml"),
        &[
            "\"acme-log>=2\"",
            "\"alpha>=3\"",
            "minimum = 90",
            "[tool.acme]\nlevel = 1",
        ],
    );
    assert!(!company.read("pyproject.toml").contains("alpha>=1"));
    assert_eq!(company.read("store.py"), "KIND = 'rows'\nOWNER = 'core'\n");
    assert_eq!(company.read("mine.txt"), "mine\n");
}

#[test]
fn ten_lines_are_a_company_layer_on_the_template_in_the_binary() {
    let company = Company::new("", &[]);
    company.sandbox.write(
        "acme/template.toml",
        r#"
name = "acme"
version = "1.0.0"
extends = { source = "builtin", version = ">=0.1" }
[defaults]
coverage = 95
[answers]
license = "proprietary"
[[hide]]
choice = "orm/tortoise"
because = "nobody here runs it"
"#,
    );
    company
        .make("--orm tortoise")
        .code(2)
        .says("nobody here runs it")
        .says("choose");
    company
        .sandbox
        .run("new shop --template ../acme --yes --no-git --no-lock")
        .ok();
    let settings = company.sandbox.read("work/shop/pyproject.toml");
    has(&settings, &["fail_under = 95"]);
    let help = company.help();
    assert!(
        !help.contains("--license") && !help.contains("tortoise"),
        "{help}"
    );
}
