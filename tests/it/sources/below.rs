//! Templates in repositories that extend others, and are extended.

use crate::support::Sandbox;
use crate::support::repositories::Repository;

fn layer(extends: &str) -> String {
    format!(
        "name = \"layer\"\nversion = \"1.0.0\"\nsummary = \"On top\"\nextends = \"{extends}\"\n"
    )
}

#[test]
fn a_folder_extends_a_repository_and_the_commit_is_remembered() {
    let sandbox = Sandbox::new();
    let repository = Repository::with_template(&sandbox, "api");
    let first = repository.git("rev-parse HEAD");
    let url = repository.url();
    sandbox.template(&[
        ("template.toml", &layer(&url)),
        ("base/layer.toml", ""),
        ("base/files/top.txt", "top\n"),
    ]);
    sandbox.make("--no-git --template ../template");
    assert_eq!(sandbox.read("work/demo/text.txt"), "one\n");
    assert_eq!(sandbox.recorded("commit"), None);
    let below = |key: &str| {
        let origin = sandbox.origin();
        origin["template"]["below"][0][key]
            .as_str()
            .unwrap()
            .to_owned()
    };
    assert_eq!(below("source"), url);
    assert_eq!(below("version"), "1.0.0");
    assert_eq!(below("commit"), first);
    let second = repository.release("2.0.0", "two\n");
    sandbox.in_demo("change --yes --team web").ok();
    assert_eq!(sandbox.read("work/demo/text.txt"), "one\n");
    assert_eq!(below("commit"), first);
    sandbox.in_demo("update --yes").ok();
    assert_eq!(sandbox.read("work/demo/text.txt"), "two\n");
    assert_eq!(below("commit"), second);
    assert_eq!(below("version"), "2.0.0");
}

#[test]
fn a_repository_extends_its_own_folders_and_no_others() {
    let sandbox = Sandbox::new();
    let repository = Repository::with_template(&sandbox, "api");
    let extending = |source: &str| {
        repository.write_all(
            "layers/acme/",
            &[
                ("template.toml", layer(source).as_str()),
                ("base/layer.toml", ""),
                ("base/files/top.txt", "top\n"),
            ],
        );
        repository.commit()
    };
    let commit = extending("../..");
    let url = repository.url();
    let source = format!("{url}#layers/acme");
    sandbox.make(&format!("--no-git --template {source} --ref main"));
    assert_eq!(sandbox.read("work/demo/top.txt"), "top\n");
    assert_eq!(sandbox.read("work/demo/text.txt"), "one\n");
    assert_eq!(sandbox.recorded("commit"), Some(commit));
    assert!(sandbox.origin()["template"].get("below").is_none());
    repository.write_all("", &[("base/files/text.txt", "two\n")]);
    repository.commit();
    sandbox.in_demo("change --yes --team web").ok();
    assert_eq!(sandbox.read("work/demo/text.txt"), "one\n");
    for (outside, reason) in [
        ("../../../api", "leads out of the repository"),
        ("/etc", "is not a folder in the same repository"),
        ("../../none", "the commit has no such folder"),
    ] {
        extending(outside);
        sandbox
            .run(&format!("new other --yes --template {source} --ref main"))
            .code(1)
            .says(reason);
    }
    extending(&source);
    sandbox
        .run(&format!("new other --yes --template {source} --ref main"))
        .code(1)
        .says("extends itself");
}

#[test]
fn what_others_use_never_reads_this_machine() {
    let sandbox = Sandbox::new();
    let private = Repository::with_template(&sandbox, "private");
    let repository = Repository::new(&sandbox, "api.git");
    repository.write_all("", &[("template.toml", layer(&private.url()).as_str())]);
    repository.commit();
    sandbox.stand_in(&["https://github.com/acme/"]);
    sandbox
        .run("new demo --yes --template gh:acme/api")
        .code(1)
        .says("template 'gh:acme/api' extends 'file://")
        .says("which is on this machine");
}
