//! Projects of a company layer, while both templates go on.

use super::{Company, has};

/// A company layer of a few lines, with a project in `work/p`.
fn made(manifest: &str, flags: &str) -> Company {
    let company = Company::new(
        manifest,
        &[
            (
                "base/files/README.md.jinja",
                "{% extends \"below\" %}\n{% block about %}\nAcme's.\n{{ super() }}{% endblock %}\n",
            ),
            ("base/files/CODEOWNERS", "* @acme/core\n"),
        ],
    );
    company.make(flags).ok();
    company
}

#[test]
fn an_update_brings_what_is_new_on_both_sides_and_keeps_edits() {
    let company = made("[defaults]\ncoverage = 95\n", "");
    company
        .sandbox
        .write("work/p/notes.txt", "one\n\ntwo\n\nthree, mine\n");
    company.change_below("template.toml", "1.4.0", "1.5.0");
    company.change_below("base/files/notes.txt", "one", "one, better");
    company.change_below(
        "base/files/README.md.jinja",
        "A service.",
        "A good service.",
    );
    company
        .sandbox
        .write("template/region/question.toml", "order = 60\n");
    company
        .sandbox
        .write("template/region/here/files/region.txt", "here\n");
    company
        .sandbox
        .write("template/region/there/files/region.txt", "there\n");
    company
        .sandbox
        .write("template/store/sky/files/store.py", "KIND = 'sky'\n");
    company.manifest("[defaults]\ncoverage = 95\nregion = \"there\"\n");
    company
        .sandbox
        .write("acme/base/files/CODEOWNERS", "* @acme/all\n");

    company
        .run("update --yes --no-lock")
        .ok()
        .says("region: not asked → there");
    assert_eq!(
        company.read("notes.txt"),
        "one, better\n\ntwo\n\nthree, mine\n"
    );
    has(&company.read("README.md"), &["Acme's.\nA good service.\n"]);
    assert_eq!(company.read("CODEOWNERS"), "* @acme/all\n");
    assert_eq!(company.read("region.txt"), "there\n");
    company.run("change --yes --no-lock --store sky").ok();
    has(&company.read("store.py"), &["sky"]);
    has(
        &company.read(".pyscaffold/answers.toml"),
        &[
            "source = \"../../acme\"",
            "coverage = 95",
            "store = \"sky\"",
        ],
    );
}

#[test]
fn a_block_that_is_renamed_below_is_a_clear_error_and_changes_nothing() {
    let company = made("", "");
    let before = company.sandbox.files("work/p");
    company.change_below("base/files/README.md.jinja", "block about", "block abouts");
    let run = company.run("update --yes --no-lock");
    run.code(1);
    has(
        &run.stderr(),
        &[
            "acme/base/files/README.md.jinja:2:10",
            "no file below has a block 'about', did you mean 'abouts'?",
        ],
    );
    assert_eq!(company.sandbox.files("work/p"), before);
    has(&company.read("README.md"), &["Acme's."]);
}

#[test]
fn a_file_that_is_gone_below_is_a_clear_error() {
    let company = made("", "");
    let text = company.sandbox.read("template/base/files/README.md.jinja");
    std::fs::remove_file(company.sandbox.path("template/base/files/README.md.jinja")).unwrap();
    company
        .sandbox
        .write("template/base/files/READ.md.jinja", text);
    let run = company.run("update --yes --no-lock");
    run.code(1);
    has(
        &run.stderr(),
        &[
            "acme/base/files/README.md.jinja:1",
            "no layer below has a file 'README.md', did you mean 'READ.md'?",
        ],
    );
}

#[test]
fn a_project_comes_to_what_is_fixed_from_now_on() {
    let company = made("", "--framework grand --coverage 80");
    company.manifest("[answers]\nframework = \"quick\"\ncoverage = 100\n");
    let status = company.run("status");
    status.ok();
    company
        .run("update --yes --no-lock")
        .ok()
        .says("framework: grand → quick (template acme fixes it)")
        .says("coverage: 80 → 100 (template acme fixes it)")
        .says("store: own → rows ('own': template acme doesn't offer it: framework is always 'quick')");
    has(&company.read("app.py"), &["quick"]);
    has(&company.read("store.py"), &["rows"]);
    has(
        &company.read(".pyscaffold/answers.toml"),
        &["framework = \"quick\"", "coverage = 100"],
    );
    company
        .run("update --yes --no-lock")
        .ok()
        .says("Nothing to do");
}

#[test]
fn a_project_with_a_choice_that_is_hidden_later_says_what_it_becomes() {
    let company = made("", "--store live --features docs,chat");
    company
        .sandbox
        .write("template/store/sky/files/store.py", "KIND = 'sky'\n");
    company.manifest(
        "[[hide]]\nchoice = \"store/live\"\nbecause = \"too new\"\n[[hide]]\nchoice = \"features/chat\"\nbecause = \"too loud\"\n",
    );
    for command in [
        "update --yes --no-lock",
        "change --yes --coverage 80",
        "remove docs --yes",
    ] {
        company
            .run(command)
            .code(2)
            .says("--store: the project has 'live', but template acme doesn't offer it: too new")
            .says("say what it is to become: --store rows or sky");
    }
    has(&company.read("store.py"), &["live"]);
    company
        .run("status")
        .ok()
        .says("the project has 'live', but template acme doesn't offer it: too new; an update needs --store");
    let run = company.run("update --yes --no-lock --store rows --json");
    let data = run.ok().json();
    assert_eq!(data["answers"]["store"]["to"], "rows");
    has(
        data["answers"]["features"]["because"].as_str().unwrap(),
        &["'chat': template acme doesn't offer it: too loud"],
    );
    has(&company.read("store.py"), &["rows"]);
    assert!(!company.sandbox.path("work/p/chat.md").exists());
    assert!(company.sandbox.path("work/p/docs.md").exists());
}

#[test]
fn a_hidden_choice_becomes_the_only_one_that_is_left() {
    let company = made("[answers]\nframework = \"quick\"\n", "--store live");
    company.manifest(
        "[answers]\nframework = \"quick\"\n[[hide]]\nchoice = \"store/live\"\nbecause = \"too new\"\n",
    );
    company
        .run("update --yes --no-lock")
        .ok()
        .says("store: live → rows ('live': template acme doesn't offer it: too new)");
    has(&company.read("store.py"), &["rows"]);
}

#[test]
fn an_adopted_project_comes_to_what_is_fixed_and_offered() {
    let company = Company::new("[answers]\nframework = \"quick\"\n", &[]);
    company.sandbox.write("work/p/grand.txt", "");
    company
        .sandbox
        .run("adopt p --yes --no-lock --template ../acme")
        .ok();
    has(&company.read("app.py"), &["quick"]);
    let company = Company::new("", &[]);
    company.sandbox.write("work/p/grand.txt", "");
    company
        .sandbox
        .run("adopt p --yes --no-lock --template ../acme")
        .ok();
    has(&company.read("app.py"), &["grand"]);
}
