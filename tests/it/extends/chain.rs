//! `extends`: which template lies below, in which version, and how far down.

use super::{BELOW, Company, HEAD, has};
use crate::support::Sandbox;

/// Begins a manifest that extends by a table.
fn table(extends: &str) -> String {
    format!("name = \"acme\"\nversion = \"1.0.0\"\nsummary = \"Acme's\"\n\n[extends]\n{extends}")
}

/// Gives what is said about a template on top of the one below.
#[track_caller]
fn refused(manifest: &str) -> String {
    let sandbox = Sandbox::new();
    sandbox.template(&BELOW);
    sandbox.write("acme/template.toml", manifest);
    let run = sandbox.run("new p --template ../acme --yes --no-git");
    run.code(1);
    run.stderr()
}

#[test]
fn the_template_below_can_be_asked_for_a_version() {
    let sandbox = Sandbox::new();
    sandbox.template(&BELOW);
    for extends in [
        table("source = \"../template\"\nversion = \">=1.2, <2\"\n"),
        HEAD.replace(
            "\"../template\"",
            "{ source = \"../template\", version = \">=1\" }",
        ),
    ] {
        sandbox.write("acme/template.toml", extends);
        sandbox
            .run("new p --template ../acme --yes --no-git --dry-run")
            .ok();
    }
    has(
        &refused(&table("source = \"../template\"\nversion = \">=2\"\n")),
        &[
            "acme/template.toml:7:11",
            "template base has version 1.4.0, but >=2 is wanted",
            "extend a version that fits, or change the range",
        ],
    );
    has(
        &refused(&table("source = \"../template\"\nversion = \"new\"\n")),
        &["'new' is not a version range", "write >=0.1 or >=0.1, <1"],
    );
    has(
        &refused(&table("source = \"builtin\"\nversion = \">=99\"\n")),
        &["template builtin has version", "but >=99 is wanted"],
    );
}

#[test]
fn a_version_without_three_numbers_fits_no_range() {
    let sandbox = Sandbox::new();
    sandbox.template(&[("template.toml", "name = \"base\"\nversion = \"1\"\n")]);
    sandbox.write(
        "acme/template.toml",
        table("source = \"../template\"\nversion = \">=1\"\n"),
    );
    sandbox
        .run("new p --template ../acme --yes --no-git")
        .code(1)
        .says("template base has version '1', which no range can be compared with");
}

#[test]
fn what_extends_says_wrongly_is_an_error_at_its_place() {
    has(
        &refused(&table("source = \"../template\"\nversoin = \"1\"\n")),
        &["unknown key 'versoin', did you mean 'version'?"],
    );
    has(
        &refused(&table("version = \">=1\"\n")),
        &["'source' is missing"],
    );
    has(
        &refused(&table("source = \"../template\"\nref = \"main\"\n")),
        &[
            "acme/template.toml:6:10",
            "'main' can't be taken of template",
            "a folder is used as it is",
        ],
    );
    has(
        &refused(&HEAD.replace("\"../template\"", "3")),
        &["'extends' must be a table, [extends]"],
    );
    has(
        &refused(&HEAD.replace("../template", "../nowhere")),
        &[
            "template '../nowhere' is not a folder that exists",
            "acme/template.toml:4:11",
            "it is extended here",
        ],
    );
}

#[test]
fn mistakes_below_are_told_without_those_that_follow_from_them() {
    let company = Company::new("[defaults]\nstore = \"live\"\n", &[]);
    company
        .sandbox
        .write("template/store/question.toml", "prompt = [\n");
    let said = company.refused();
    has(&said, &["template/store/question.toml"]);
    assert!(!said.contains("no question is called"), "{said}");
}

#[test]
fn a_chain_of_three_is_one_template() {
    let company = Company::new(
        "[defaults]\ncoverage = 95\n[answers]\nframework = \"quick\"\n[[hide]]\nchoice = \"features/chat\"\nbecause = \"no chat\"\n[[question]]\nname = \"team\"\ndefault = \"core\"\n",
        &[(
            "base/files/README.md.jinja",
            "{% extends \"below\" %}\n{% block about %}\n{{ super() }}Acme {{ team }}.\n{% endblock %}\n",
        )],
    );
    company.sandbox.write(
        "shop/template.toml",
        "name = \"shop\"\nversion = \"1.0.0\"\nextends = \"../acme\"\n[defaults]\ncoverage = 97\n[answers]\nteam = \"shop\"\nframework = \"quick\"\n[[hide]]\nchoice = \"features/chat\"\n[[hide]]\nchoice = \"store/live\"\n",
    );
    company.sandbox.write(
        "shop/base/files/README.md.jinja",
        "{% extends \"below\" %}\n{% block about %}\n{{ super() }}In the shop.\n{% endblock %}\n",
    );
    let new = "new p --template ../shop --yes --no-git --no-lock";
    let run = company.sandbox.run(&format!("{new} --json"));
    let made = run.ok().json();
    assert_eq!(made["answers"]["coverage"], 97);
    assert_eq!(made["answers"]["store"], "rows");
    has(
        &company.read("README.md"),
        &["A service.\nAcme shop.\nIn the shop.\n"],
    );
    let again = |flags: &str| {
        let run = company.sandbox.run(
            &new.replace("new p", "new q")
                .replace("--yes", &format!("--yes {flags}")),
        );
        run.code(2);
        run.stderr()
    };
    has(
        &again("--team web"),
        &["template shop fixes team to 'shop'"],
    );
    has(&again("--framework grand"), &["template acme"]);
    has(
        &again("--features chat"),
        &["template acme doesn't offer it: no chat"],
    );

    // What lies below stays fixed and hidden.
    company.sandbox.write(
        "shop/template.toml",
        "name = \"shop\"\nversion = \"1.0.0\"\nextends = \"../acme\"\n[defaults]\nframework = \"grand\"\nfeatures = [\"chat\"]\n[answers]\nframework = \"grand\"\n[[hide]]\nchoice = \"framework/quick\"\n",
    );
    let run = company.sandbox.run("new q --template ../shop --yes");
    run.code(1);
    has(
        &run.stderr(),
        &[
            "template acme fixes framework to 'quick', so that a default does nothing",
            "template acme fixes framework to 'quick' already",
            "'chat' can't be the features: template acme doesn't offer it: no chat",
            "shop/template.toml:10:10",
            "template acme fixes framework to 'quick'",
        ],
    );
}

#[test]
fn a_circle_is_an_error_that_shows_the_way() {
    let sandbox = Sandbox::new();
    for (name, below) in [("one", "two"), ("two", "three"), ("three", "one")] {
        let text = format!("name = \"{name}\"\nversion = \"1.0.0\"\nextends = \"../{below}\"\n");
        sandbox.write(&format!("{name}/template.toml"), text);
    }
    let run = sandbox.run("new p --template ../one --yes");
    run.code(1).says("extends itself");
    has(
        &run.stderr(),
        &[
            "it is extended here",
            "one/template.toml:3:11",
            "two/template.toml:3:11",
            "three/template.toml:3:11",
        ],
    );
}

#[test]
fn a_chain_has_an_end() {
    let sandbox = Sandbox::new();
    for number in 0..9 {
        let text = format!(
            "name = \"t{number}\"\nversion = \"1.0.0\"\nextends = \"../t{}\"\n",
            number + 1
        );
        sandbox.write(&format!("t{number}/template.toml"), text);
    }
    sandbox.write("t9/template.toml", "name = \"t9\"\nversion = \"1.0.0\"\n");
    sandbox
        .run("new p --template ../t0 --yes --no-git")
        .code(1)
        .says("more than 8 templates lie on top of each other");
    sandbox.run("options --template ../t2").ok();
}

#[test]
fn a_layer_that_is_not_there_is_an_error_at_its_place() {
    let company = Company::new(
        "",
        &[
            ("bridges/b/layer.toml", "requires = [\"store/row\"]\n"),
            (
                "store/sky/layer.toml",
                "conflicts = [\"features/chatt\", \"features/docs\"]\n",
            ),
        ],
    );
    has(
        &company.refused(),
        &[
            "2 mistakes",
            "acme/bridges/b/layer.toml:1:13",
            "there is no layer 'store/row', did you mean 'store/rows'?",
            "acme/store/sky/layer.toml:1:14",
            "there is no layer 'features/chatt', did you mean 'features/chat'?",
        ],
    );
}
