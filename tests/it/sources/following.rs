//! What the commands on a project that is there take of its template.

use crate::support::Sandbox;
use crate::support::repositories::Repository;

#[test]
fn change_takes_the_template_as_it_was_and_update_as_it_is() {
    let sandbox = Sandbox::new();
    let repository = Repository::with_template(&sandbox, "api");
    let first = repository.git("rev-parse HEAD");
    sandbox.make(&format!("--no-git --template {}", repository.url()));
    let second = repository.release("2.0.0", "two\n");
    sandbox.in_demo("change --team web --yes").ok();
    assert_eq!(sandbox.read("work/demo/team.txt"), "web\n");
    assert_eq!(sandbox.read("work/demo/text.txt"), "one\n");
    sandbox.in_demo("add chat --yes").ok();
    assert_eq!(sandbox.read("work/demo/chat.txt"), "hello\n");
    sandbox.in_demo("remove chat --yes").ok();
    assert_eq!(sandbox.recorded("commit"), Some(first.clone()));

    let shown = sandbox.in_demo("status");
    let line = format!(
        "api 1.0.0 ({}) from {}; the newest is 2.0.0 ({})\n",
        &first[..7],
        repository.url(),
        &second[..7]
    );
    assert!(shown.stdout().starts_with(&line), "{}", shown.stdout());
    let data = sandbox.in_demo("status --json").json();
    assert_eq!(data["template"]["commit"], first.as_str());
    assert_eq!(data["template"]["newest_commit"], second.as_str());
    sandbox.in_demo("status --check").code(5);

    let updated = sandbox.in_demo("update --yes --json");
    let data = updated.ok().json();
    assert_eq!(data["template"]["from_commit"], first.as_str());
    assert_eq!(data["template"]["commit"], second.as_str());
    assert_eq!(sandbox.read("work/demo/text.txt"), "two\n");
    assert_eq!(sandbox.read("work/demo/team.txt"), "web\n");
    assert_eq!(sandbox.recorded("commit"), Some(second));
    sandbox.in_demo("status --check").ok();
    sandbox.in_demo("update --yes --ref v1.0.0").ok();
    assert_eq!(sandbox.recorded("commit"), Some(first));
    assert_eq!(sandbox.recorded("ref"), None);
}

#[test]
fn a_branch_is_followed_as_long_as_it_is_there() {
    let sandbox = Sandbox::new();
    let repository = Repository::with_template(&sandbox, "api");
    repository.git("checkout --quiet -b next");
    let url = repository.url();
    sandbox.make(&format!("--no-git --template {url} --ref next"));
    repository.write_all("", &[("base/files/text.txt", "next\n")]);
    let commit = repository.commit();
    let before = sandbox.recorded("commit").unwrap();
    let arrow = format!("api: 1.0.0 ({}) → 1.0.0 ({})", &before[..7], &commit[..7]);
    sandbox.in_demo("update --yes").ok().says(&arrow);
    assert_eq!(sandbox.read("work/demo/text.txt"), "next\n");
    assert_eq!(sandbox.recorded("commit"), Some(commit));
    assert_eq!(sandbox.recorded("ref").as_deref(), Some("next"));
    sandbox.in_demo("change --yes --team web").ok();
    repository.git("checkout --quiet main");
    repository.git("branch --quiet -D next");
    let updated = sandbox.in_demo("update --yes");
    updated
        .ok()
        .says("has no branch 'next' any more; the newest version is used");
    assert_eq!(sandbox.read("work/demo/text.txt"), "one\n");
    assert_eq!(sandbox.recorded("ref"), None);
}

#[test]
fn a_template_that_moved_is_found_where_it_is_said_to_be() {
    let sandbox = Sandbox::new();
    let repository = Repository::with_template(&sandbox, "api");
    sandbox.make(&format!("--no-git --template {}", repository.url()));
    let moved = Repository {
        sandbox: &sandbox,
        name: "moved",
    };
    std::fs::rename(repository.path(), moved.path()).unwrap();
    moved.release("2.0.0", "two\n");
    std::fs::remove_dir_all(sandbox.path("home/.cache")).unwrap();
    sandbox
        .in_demo("update --yes")
        .code(1)
        .says("can't fetch template 'file://")
        .says("does not appear to be a git repository")
        .says("this has to work: git ls-remote file://")
        .says("if it has moved, say where it is now: --template SOURCE");
    let update = format!("update --yes --template {}", moved.url());
    sandbox.in_demo(&update).ok();
    assert_eq!(sandbox.recorded("source"), Some(moved.url()));
    assert_eq!(sandbox.read("work/demo/text.txt"), "two\n");
}

#[test]
fn rewritten_history_and_lost_tags_dont_stop_an_update() {
    let sandbox = Sandbox::new();
    let repository = Repository::with_template(&sandbox, "api");
    let url = repository.url();
    sandbox.make(&format!("--no-git --template {url} --ref v1.0.0"));
    sandbox.write("work/demo/own.txt", "mine\n");
    repository.git("checkout --quiet --orphan fresh");
    repository.git("tag --delete v1.0.0");
    repository.git("branch --quiet -D main");
    repository.git("branch --quiet -m main");
    let commit = repository.release("3.0.0", "three\n");
    repository.git("reflog expire --expire=now --all");
    repository.git("gc --quiet --prune=now");
    // What is in the cache is enough to change the project.
    sandbox.in_demo("change --yes --team web").ok();
    assert_eq!(sandbox.read("work/demo/text.txt"), "one\n");
    std::fs::remove_dir_all(sandbox.path("home/.cache")).unwrap();
    sandbox
        .in_demo("change --yes --team db")
        .code(1)
        .says("is neither in the cache nor on the server")
        .says("'pyscaffold update' goes on with the newest version");
    sandbox.in_demo("update --yes").ok();
    assert_eq!(sandbox.recorded("commit"), Some(commit));
    assert_eq!(sandbox.read("work/demo/text.txt"), "three\n");
    assert_eq!(sandbox.read("work/demo/own.txt"), "mine\n");
}

#[test]
fn what_a_project_remembers_is_checked_as_if_it_was_typed() {
    let sandbox = Sandbox::new();
    let repository = Repository::with_template(&sandbox, "api");
    sandbox.make(&format!("--no-git --template {}", repository.url()));
    let answers = "work/demo/.pyscaffold/answers.toml";
    let text = sandbox.read(answers);
    let commit = sandbox.recorded("commit").unwrap();
    for (from, to, code, reason) in [
        (
            repository.url(),
            "ext::sh".to_owned(),
            2,
            "names the helper 'ext'",
        ),
        (repository.url(), "-oX@a:b".to_owned(), 2, "begins with '-'"),
        (
            commit.clone(),
            "--all".to_owned(),
            1,
            "'--all' is not the id of a commit",
        ),
    ] {
        sandbox.write(answers, text.replace(&from, &to));
        sandbox
            .in_demo("change --yes --team web")
            .code(code)
            .says(reason);
    }
    let with_branch = text.replace("commit = ", "ref = \"--all\"\ncommit = ");
    sandbox.write(answers, with_branch);
    sandbox
        .in_demo("update --yes")
        .code(2)
        .says("'--all' can't be the name of a branch");
}
