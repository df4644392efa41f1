//! Which repository and which of its commits is taken, and what is remembered of it.

use pyscaffold::template::{Template, versions};

use crate::support::Sandbox;
use crate::support::repositories::{Repository, TEMPLATE};

#[test]
fn every_form_of_address_is_fetched_and_remembered_as_it_was_typed() {
    let sandbox = Sandbox::new();
    let repository = Repository::with_template(&sandbox, "api.git");
    sandbox.stand_in(&[
        "https://example.org/acme/",
        "ssh://git@example.org/acme/",
        "git@example.org:acme/",
        "https://github.com/acme/",
        "https://gitlab.com/acme/team/",
        "https://bitbucket.org/acme/",
    ]);
    let commit = repository.git("rev-parse HEAD");
    for address in [
        "https://example.org/acme/api.git",
        "ssh://git@example.org/acme/api.git",
        "git@example.org:acme/api.git",
        "gh:acme/api",
        "gl:acme/team/api",
        "bb:acme/api",
        &repository.url(),
    ] {
        let made = sandbox.make(&format!("--no-git --json --template {address}"));
        let facts = made.json();
        assert_eq!(facts["template"]["source"], address);
        assert_eq!(facts["template"]["commit"], commit.as_str());
        let command = facts["command"].as_str().unwrap();
        assert!(
            command.contains(&format!("--template {address} ")),
            "{command}"
        );
        assert_eq!(sandbox.recorded("source").as_deref(), Some(address));
        assert_eq!(sandbox.recorded("commit"), Some(commit.clone()));
        assert_eq!(sandbox.recorded("ref"), None);
        assert_eq!(sandbox.read("work/demo/text.txt"), "one\n");
        std::fs::remove_dir_all(sandbox.path("work/demo")).unwrap();
    }
}

#[test]
fn the_newest_version_is_taken_unless_something_is_named() {
    let sandbox = Sandbox::new();
    let repository = Repository::with_template(&sandbox, "api");
    let first = repository.git("rev-parse HEAD");
    let second = repository.release("1.10.0", "ten\n");
    repository.git("branch --quiet old");
    repository.release("1.9.0", "nine\n");
    let last = repository.release("2.0.0-rc.1", "early\n");
    let url = repository.url();
    for (reference, text, commit, branch) in [
        ("", "ten\n", &second, None),
        ("--ref 1.0.0", "one\n", &first, None),
        (
            "--ref v1.9.0",
            "nine\n",
            &repository.git("rev-parse v1.9.0"),
            None,
        ),
        ("--ref main", "early\n", &last, Some("main")),
        ("--ref refs/heads/old", "ten\n", &second, Some("old")),
        (&format!("--ref {first}"), "one\n", &first, None),
        (&format!("--ref {}", &first[..8]), "one\n", &first, None),
    ] {
        let made = sandbox.make(&format!("--no-git --template {url} {reference}"));
        made.says(reference);
        assert_eq!(sandbox.read("work/demo/text.txt"), text, "{reference}");
        assert_eq!(sandbox.recorded("commit").as_ref(), Some(commit));
        assert_eq!(sandbox.recorded("ref").as_deref(), branch, "{reference}");
        std::fs::remove_dir_all(sandbox.path("work/demo")).unwrap();
    }
    sandbox
        .run(&format!("new demo --yes --template {url} --ref v1.9"))
        .code(2)
        .says("has no branch, tag or commit 'v1.9'; its versions are 2.0.0-rc.1, 1.10.0, 1.9.0, 1.0.0")
        .says("did you mean 'v1.9.0'?");
    sandbox
        .run(&format!("new demo --yes --template {url} --ref abcdef12"))
        .code(2)
        .says("has no branch, tag or commit 'abcdef12'");
    let unknown = "0123456789012345678901234567890123456789";
    sandbox
        .run(&format!("new demo --yes --template {url} --ref {unknown}"))
        .code(1)
        .says("commit 0123456 of template")
        .says("is neither in the cache nor on the server");
}

#[test]
fn a_commit_that_no_branch_ends_with_is_found_on_a_server_that_gives_only_branches() {
    let sandbox = Sandbox::new();
    let repository = Repository::with_template(&sandbox, "api");
    repository.git("tag --delete v1.0.0");
    let first = repository.git("rev-parse HEAD");
    repository.release("2.0.0", "two\n");
    let config = sandbox.read("home/.gitconfig");
    sandbox.write("home/.gitconfig", config + "[protocol]\nversion = 0\n");
    sandbox.make(&format!("--template {} --ref {first}", repository.url()));
    assert_eq!(sandbox.read("work/demo/text.txt"), "one\n");
    assert_eq!(sandbox.recorded("commit"), Some(first));
}

#[test]
fn a_short_id_of_an_old_commit_is_found_although_the_newest_is_here() {
    let sandbox = Sandbox::new();
    let repository = Repository::with_template(&sandbox, "api");
    repository.git("tag --delete v1.0.0");
    let first = repository.git("rev-parse HEAD");
    repository.release("2.0.0", "two\n");
    let url = repository.url();
    sandbox.run(&format!("options --template {url}")).ok();
    sandbox.make(&format!("--template {url} --ref {}", &first[..9]));
    assert_eq!(sandbox.recorded("commit"), Some(first));
}

#[test]
fn a_template_without_versions_is_its_default_branch() {
    let sandbox = Sandbox::new();
    let repository = Repository::new(&sandbox, "api");
    let url = repository.url();
    sandbox
        .run(&format!("new demo --yes --template {url}"))
        .code(1)
        .says("is empty");
    repository.write_all("", &TEMPLATE);
    let commit = repository.commit();
    repository.git("tag nightly");
    sandbox.make(&format!("--template {url}"));
    assert_eq!(sandbox.recorded("commit"), Some(commit));
    assert_eq!(sandbox.recorded("ref"), None);
}

#[test]
fn a_template_in_a_folder_is_found_after_the_hash() {
    let sandbox = Sandbox::new();
    let repository = Repository::new(&sandbox, "all");
    repository.write_all("templates/api/", &TEMPLATE);
    repository.write_all("", &[("README.md", "# All\n")]);
    repository.commit();
    let url = repository.url();
    sandbox.make(&format!("--no-git --template {url}#templates/api"));
    assert_eq!(
        sandbox.recorded("source"),
        Some(format!("{url}#templates/api"))
    );
    sandbox
        .run(&format!("new other --yes --template {url}"))
        .code(1)
        .says("is not a template: it has no template.toml")
        .says("there are templates in templates/api");
    sandbox
        .run(&format!("new other --yes --template {url}#templates/none"))
        .code(1)
        .says("the commit has no such folder");
}

#[test]
fn only_a_repository_has_branches_tags_and_commits() {
    let sandbox = Sandbox::new();
    sandbox.template(&TEMPLATE);
    sandbox
        .run("new demo --yes --ref v1")
        .code(2)
        .says("'v1' can't be taken of template 'builtin'");
    let path = sandbox.path("work/../template");
    sandbox
        .run("new demo --yes --template ../template --ref v1")
        .code(2)
        .says("a folder is used as it is")
        .says(&format!("--template file://{}", path.display()));
    for name in ["-x", "a..b", "a~1", "a:b", "@{upstream}", "a.lock", ""] {
        let arguments = ["new", "demo", "--yes", "--template", "gh:acme/api"];
        let reference = format!("--ref={name}");
        let arguments = [arguments.as_slice(), &[&reference]].concat();
        sandbox
            .run_with(&arguments, &[])
            .code(2)
            .says("can't be the name of a branch, a tag or a commit");
    }
}

#[test]
fn an_alias_stands_for_a_template() {
    let sandbox = Sandbox::new();
    let repository = Repository::with_template(&sandbox, "api.git");
    sandbox.stand_in(&["git@example.org:acme/"]);
    sandbox.write(
        "home/.config/pyscaffold/config.toml",
        "team = \"ours\"\n[templates]\nacme = \"git@example.org:acme/api.git\"\nnear = \"near\"\nlost = \"./lost\"\n",
    );
    let manifest = "name = \"folder\"\nversion = \"3.0.0\"\nsummary = \"A folder\"\n";
    sandbox.write("work/acme/template.toml", manifest);
    sandbox.write("home/.config/pyscaffold/near/template.toml", manifest);
    let made = sandbox.make("--no-git --template acme --ref main");
    made.says("--template acme --ref main --team ours");
    assert_eq!(
        sandbox.recorded("source").as_deref(),
        Some("git@example.org:acme/api.git")
    );
    assert_eq!(sandbox.recorded("ref").as_deref(), Some("main"));
    repository.release("2.0.0", "two\n");
    sandbox.in_demo("update --yes --no-lock").ok();
    assert_eq!(sandbox.read("work/demo/text.txt"), "two\n");
    std::fs::remove_dir_all(sandbox.path("work/demo")).unwrap();
    for typed in ["./acme", "near"] {
        sandbox.make(&format!("--no-git --template {typed}"));
        assert_eq!(sandbox.recorded("name").as_deref(), Some("folder"));
        std::fs::remove_dir_all(sandbox.path("work/demo")).unwrap();
    }
    sandbox
        .run("new demo --yes --template lost")
        .code(2)
        .says("is not a folder that exists")
        .says("'lost' is called that in");
}

#[test]
fn the_table_of_aliases_is_no_answer() {
    let sandbox = Sandbox::new();
    let manifest = "name = \"small\"\nversion = \"1.0.0\"\nsummary = \"x\"\n[[question]]\nname = \"templates\"\nprompt = \"Templates\"\ndefault = \"none\"\n";
    sandbox.template(&[
        ("template.toml", manifest),
        ("base/layer.toml", ""),
        ("base/files/t.txt.jinja", "{{ templates }}\n"),
    ]);
    let config = "home/.config/pyscaffold/config.toml";
    sandbox.write(config, "[templates]\nacme = \"gh:acme/api\"\n");
    sandbox.make("--no-git --template ../template");
    assert_eq!(sandbox.read("work/demo/t.txt"), "none\n");
    for (text, reason) in [
        ("templates = 1\n", "'templates' must be a table"),
        ("[templates]\nx = 1\n", "the template 'x' must be a text"),
        (
            "[templates]\n\"a/b\" = \"c\"\n",
            "'a/b' can't be a template's name",
        ),
        ("[templates\n", "config.toml: "),
    ] {
        sandbox.write(config, text);
        let failed = sandbox.run("new other --yes --template acme");
        failed.code(2).says(reason);
    }
}

#[test]
fn a_repository_can_be_of_any_kind_that_git_knows() {
    let kinds = ["--object-format=sha256", "--ref-format=reftable"];
    let mut made = 0;
    for kind in kinds {
        let sandbox = Sandbox::new();
        let repository = Repository {
            sandbox: &sandbox,
            name: "api",
        };
        std::fs::create_dir_all(repository.path()).unwrap();
        let init = ["init", "--quiet", "--initial-branch", "main", kind];
        let mut command = sandbox.command("git");
        command.args(init).current_dir(repository.path());
        if !command.output().unwrap().status.success() {
            continue;
        }
        made += 1;
        repository.write_all("", &TEMPLATE);
        let first = repository.commit();
        repository.git("tag v1.0.0");
        sandbox.make(&format!("--no-git --template {}", repository.url()));
        assert_eq!(sandbox.recorded("commit"), Some(first.clone()), "{kind}");
        let second = repository.release("2.0.0", "two\n");
        sandbox.in_demo("status").ok();
        sandbox.in_demo("update --yes --no-lock").ok();
        assert_eq!(sandbox.recorded("commit"), Some(second), "{kind}");
        assert_eq!(sandbox.read("work/demo/text.txt"), "two\n");
        // Without the server, and by the beginning of an id.
        std::fs::rename(repository.path(), sandbox.path("away")).unwrap();
        let short = &first[..9];
        let back = format!("update --yes --no-lock --offline --ref {short}");
        sandbox.in_demo(&back).ok();
        assert_eq!(sandbox.recorded("commit"), Some(first), "{kind}");
        assert_eq!(sandbox.read("work/demo/text.txt"), "one\n");
        // The template's author has its versions, too.
        let found = versions(&sandbox.path("away")).unwrap();
        let names: Vec<String> = found
            .iter()
            .map(|(version, _)| version.to_string())
            .collect();
        assert_eq!(names, ["1.0.0", "2.0.0"], "{kind}");
        for (version, source) in found {
            assert_eq!(
                Template::load(source).unwrap().version,
                version.to_string(),
                "{kind}"
            );
        }
    }
    assert!(made > 0, "this git makes none of {kinds:?}");
}
