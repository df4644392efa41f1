//! `[defaults]`, `[answers]` and `[[hide]]`, and what follows from them.

use super::{Company, has};

#[test]
fn defaults_of_the_template_below_can_be_others() {
    let company = Company::new(
        "[defaults]\ncoverage = 95\nstore = \"live\"\nfeatures = [\"docs\"]\nemail = \"{{ name }}@acme.example\"\n",
        &[],
    );
    company.make("").ok();
    has(&company.read("store.py"), &["live"]);
    has(&company.read("pyproject.toml"), &["minimum = 95"]);
    has(&company.read("README.md"), &["Write to p@acme.example."]);
    has(&company.read("docs.md"), &["# Docs"]);
    has(
        &company.help(),
        &[
            "[live, rows, own] [default: live]",
            "[default: 95]",
            "[default: docs]",
        ],
    );
    assert_eq!(company.choices("store"), ["live", "rows", "own"]);
    // It is no more than a default, and the next choice stands in where it can't be chosen.
    let made = company.sandbox.run(
        "new q --template ../acme --yes --no-git --no-lock --json --framework grand --coverage 80",
    );
    let made = made.ok().json();
    assert_eq!(made["answers"]["store"], "own");
    assert_eq!(made["answers"]["coverage"], 80);
}

#[test]
fn a_default_of_several_choices_leaves_out_what_does_not_go_together() {
    let company = Company::new(
        "[defaults]\nfeatures = [\"docs\", \"chat\"]\n",
        &[(
            "features/radio/layer.toml",
            "when = \"framework == 'grand'\"\n",
        )],
    );
    company.manifest("[defaults]\nfeatures = [\"radio\", \"docs\"]\n");
    company.make("").ok();
    has(
        &company.read(".pyscaffold/answers.toml"),
        &["features = [\"docs\"]"],
    );
}

#[test]
fn what_is_fixed_is_not_asked_and_not_offered_but_recorded() {
    let company = Company::new("[answers]\nframework = \"quick\"\ncoverage = 100\n", &[]);
    let help = company.help();
    assert!(!help.contains("--framework"), "{help}");
    assert!(!help.contains("--coverage"), "{help}");
    assert!(!help.contains("--api"), "nobody can be asked: {help}");
    has(&help, &["--store <CHOICE>", "[rows, live]"]);

    let made = company.make("--json").ok().json();
    assert_eq!(made["answers"]["framework"], "quick");
    assert_eq!(made["answers"]["coverage"], 100);
    let command = made["command"].as_str().unwrap();
    has(command, &["--store rows", "--email"]);
    assert!(
        !command.contains("--framework") && !command.contains("--coverage"),
        "{command}"
    );
    company
        .sandbox
        .run(
            &command
                .replace("pyscaffold new p", "new again")
                .replace(" --features ''", ""),
        )
        .ok();
    has(
        &company.read(".pyscaffold/answers.toml"),
        &["framework = \"quick\"", "coverage = 100"],
    );

    let listed = company.sandbox.run("options --template ../acme");
    let listed = listed.ok().stdout();
    has(
        &listed,
        &[
            "Fixed, and not asked:",
            "framework = quick  (template acme)",
        ],
    );
    assert!(
        !listed.contains("--framework") && !listed.contains("--api"),
        "{listed}"
    );
    assert_eq!(company.options()["combinations"], 2 * 4);
    assert_eq!(company.choices("framework"), ["quick"]);
    assert!(!listed.contains("not with"), "{listed}");
}

#[test]
fn saying_otherwise_than_what_is_fixed_is_refused() {
    let company = Company::new(
        "[answers]\nframework = \"quick\"\nfeatures = [\"docs\", \"chat\"]\n",
        &[],
    );
    company
        .make("--framework grand")
        .code(2)
        .says("--framework: template acme fixes framework to 'quick'")
        .says("leave this answer out");
    company
        .make("--set features=chat")
        .code(2)
        .says("template acme fixes features to 'chat,docs'");
    company
        .make("--features chat,radio")
        .code(2)
        .says("template acme fixes features to 'chat,docs'");
    company
        .sandbox
        .write("work/a.toml", "framework = \"grand\"\n");
    company
        .make("--answers a.toml")
        .code(2)
        .says("framework: template acme fixes framework to 'quick'; leave this answer out")
        .says("--> a.toml:1:13");
    assert_eq!(company.sandbox.files("work"), ["a.toml"]);
    // The same is no contradiction, and defaults for all projects don't reach this one.
    company.sandbox.write(
        "home/.config/pyscaffold/config.toml",
        "framework = \"grand\"\nfeatures = []\n",
    );
    let arguments =
        "new p --template ../acme --yes --no-git --no-lock --framework quick --features docs,chat";
    let words: Vec<&str> = arguments.split(' ').collect();
    let run = company
        .sandbox
        .run_with(&words, &[("PYSCAFFOLD_FRAMEWORK", "grand")]);
    run.ok();
    has(&company.read("app.py"), &["quick"]);
}

#[test]
fn a_fixed_text_can_be_made_of_earlier_answers() {
    let company = Company::new(
        "[answers]\nemail = \"{{ team }}@acme.example\"\n\n[[question]]\nname = \"team\"\norder = 4\ndefault = \"core\"\n",
        &[],
    );
    company.make("--team web").ok();
    has(&company.read("README.md"), &["Write to web@acme.example."]);
    company
        .sandbox
        .run("new q --template ../acme --yes --no-git --email a@b.example")
        .code(2)
        .says("template acme fixes email to 'core@acme.example'");
    company.manifest("[answers]\nemail = \"{{ tema }}\"\n");
    let run = company
        .sandbox
        .run("new q --template ../acme --yes --no-git");
    run.code(1)
        .says("unknown name 'tema'")
        .says("acme/template.toml:6:9");
}

#[test]
fn a_hidden_choice_is_offered_nowhere_and_refused_with_the_reason() {
    let company = Company::new(
        "[[hide]]\nchoice = \"store/rows\"\nbecause = \"rows don't scale here\"\n[[hide]]\nchoice = \"features/chat\"\n",
        &[],
    );
    let help = company.help();
    assert!(!help.contains("rows") && !help.contains("chat"), "{help}");
    has(&help, &["[live, own] [default: live]"]);
    assert_eq!(company.choices("store"), ["live", "own"]);
    company
        .make("--store rows")
        .code(2)
        .says("'rows' can't be chosen here: template acme doesn't offer it: rows don't scale here")
        .says("only 'live' can be chosen");
    company
        .make("--features docs,chat")
        .code(2)
        .says("'chat' can't be chosen here: template acme doesn't offer it");
    company.sandbox.write(
        "home/.config/pyscaffold/config.toml",
        "store = \"rows\"\nfeatures = [\"docs\", \"chat\"]\n",
    );
    company.make("").ok();
    has(&company.read("store.py"), &["live"]);
    has(
        &company.read(".pyscaffold/answers.toml"),
        &["features = [\"docs\"]"],
    );
    company
        .run("add chat")
        .code(2)
        .says("'chat' can't be chosen: template acme doesn't offer it");
    company
        .run("change --yes --store rows")
        .code(2)
        .says("rows don't scale here");
}

#[test]
fn what_goes_only_with_something_else_goes_too() {
    let company = Company::new("[answers]\nstore = \"rows\"\n", &[]);
    assert_eq!(company.choices("framework"), ["quick"]);
    let help = company.help();
    assert!(!help.contains("grand") && !help.contains("--api"), "{help}");
    company.make("--framework grand").code(2).says(
        "'grand' can't be chosen here: template acme doesn't offer it: store is always 'rows'",
    );
    company.manifest("[[hide]]\nchoice = \"store/own\"\n");
    company
        .make("--framework grand")
        .code(2)
        .says("it goes only with store/own, which is hidden");
    company.manifest("[answers]\nframework = \"quick\"\n");
    company
        .make("--store own")
        .code(2)
        .says("framework is always 'quick'");
    company.manifest("[answers]\nframework = \"grand\"\n");
    company
        .make("--store rows")
        .code(2)
        .says("Grand has its own");
    company.make("").ok();
    has(&company.read("store.py"), &["own"]);
}

#[test]
fn answers_that_do_not_go_together_are_an_error_at_their_place() {
    let company = Company::new("[answers]\nframework = \"grand\"\nstore = \"live\"\n", &[]);
    has(
        &company.refused(),
        &[
            "acme/template.toml:7:9",
            "store can't be 'live' with the other answers and choices that are left",
        ],
    );
    company.manifest("[answers]\nframework = \"grand\"\n[[hide]]\nchoice = \"store/own\"\n");
    has(
        &company.refused(),
        &["no choice of 'store' goes together with the other answers and choices that are left"],
    );
}

#[test]
fn mistakes_in_adjustments_come_all_at_once_with_their_places() {
    let company = Company::new(
        r#"
[defaults]
covrage = 95
coverage = 101
framework = "qick"
email = 3
features = ["docs", "nothing"]

[answers]
token = "s3cret"
nobody = 1
store = "live"
name = { x = 1 }

[[hide]]
choice = "store/live"

[[hide]]
choice = "rows"

[[hide]]
choice = "stroe/rows"

[[hide]]
choice = "api/north"

[[hide]]
choice = "api/south"

[[hide]]
because = "nothing"
"#,
        &[],
    );
    has(
        &company.refused(),
        &[
            "13 mistakes",
            "acme/template.toml:7:1",
            "no question is called 'covrage', did you mean 'coverage'?",
            "acme/template.toml:8:12",
            "101 is not between 0 and 100",
            "'framework' has no choice 'qick', did you mean 'quick'?",
            "3 doesn't fit; it must be a text",
            "'features' has no choice 'nothing'",
            "'token' is a secret, and everybody can read a template",
            "no question is called 'nobody', neither here nor in a template below",
            "'live' can't be the store: template acme doesn't offer it",
            "doesn't fit; it must be a text",
            "write it as QUESTION/CHOICE",
            "no question is called 'stroe', did you mean 'store'?",
            "every choice of 'api' is hidden",
            "'choice' is missing",
        ],
    );
    company.manifest("answers = 3\n");
    has(
        &company.refused(),
        &["'answers' must be a table, [answers]"],
    );
}

#[test]
fn a_question_of_the_template_below_cannot_be_asked_again() {
    let company = Company::new("[[question]]\nname = \"coverage\"\n", &[]);
    has(
        &company.refused(),
        &[
            "question 'coverage' is already asked by",
            "change its default in [defaults], fix its answer in [answers], or hide choices with [[hide]]",
        ],
    );
}

#[test]
fn only_own_conditions_have_to_be_possible() {
    // The bridge of the template below, and its choice, can't come up any more.
    let company = Company::new("[answers]\nframework = \"grand\"\n", &[]);
    company.make("").ok();
    let company = Company::new(
        "[[hide]]\nchoice = \"store/live\"\n",
        &[("bridges/mine/layer.toml", "when = \"store == 'live'\"\n")],
    );
    has(
        &company.refused(),
        &["acme/bridges/mine/layer.toml:1:8", "this can never be true"],
    );
}

#[test]
fn a_layer_for_a_hidden_choice_is_a_warning() {
    let company = Company::new(
        "[[hide]]\nchoice = \"store/live\"\nbecause = \"too new\"\n",
        &[("store/live/files/x.txt", "")],
    );
    company
        .make("")
        .ok()
        .says("nobody can choose 'store/live', so that this layer does nothing")
        .says("too new");
    assert!(!company.sandbox.path("work/p/x.txt").exists());
}
