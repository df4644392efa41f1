//! Repositories that want to do harm, or can't be templates.

use git2::{Oid, Repository as Stored, Signature, Time};

use crate::support::Sandbox;
use crate::support::repositories::{Repository, TEMPLATE};

#[test]
fn nothing_of_a_repository_takes_effect() {
    let sandbox = Sandbox::new();
    let repository = Repository::with_template(&sandbox, "api");
    let touch = format!("touch {}", sandbox.path("harm").display());
    // Somebody who has this filter has it for files of their own.
    let config = sandbox.read("home/.gitconfig");
    let filter = format!("[filter \"harm\"]\nsmudge = {touch}\nclean = cat\nrequired = true\n");
    sandbox.write("home/.gitconfig", config + &filter);
    repository.write_all(
        "",
        &[
            (
                ".gitattributes",
                "*.txt filter=harm eol=crlf ident export-ignore\n",
            ),
            ("base/files/text.txt", "$Id$\n"),
            ("docs/a.md", "# A\n"),
        ],
    );
    repository.release("2.0.0", "$Id$\nplain\n");
    for hook in [
        "post-checkout",
        "post-merge",
        "reference-transaction",
        "post-update",
    ] {
        let path = format!("server/api/.git/hooks/{hook}");
        let path = sandbox.write(&path, format!("#!/bin/sh\n{touch}\n"));
        let executable = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        std::fs::set_permissions(path, executable).unwrap();
    }
    repository.git(&format!(
        "config core.fsmonitor {}",
        touch.replace(' ', "-")
    ));
    let _ = std::fs::remove_file(sandbox.path("harm"));
    let url = repository.url();
    sandbox.make(&format!("--no-git --template {url}"));
    assert_eq!(sandbox.read("work/demo/text.txt"), "$Id$\nplain\n");
    assert!(!sandbox.path("harm").exists());
    let work = sandbox.files("home/.cache");
    assert!(
        work.iter().all(|path| !path.ends_with("text.txt")),
        "{work:?}"
    );
}

#[test]
fn a_project_in_a_repository_doesnt_lead_git_elsewhere() {
    let sandbox = Sandbox::new();
    let repository = Repository::with_template(&sandbox, "api");
    let other = Repository::new(&sandbox, "other");
    let url = repository.url();
    let arguments = [
        "new",
        "demo",
        "--yes",
        "--no-lock",
        "--no-git",
        "--template",
        &url,
    ];
    let folder = other.path().join(".git");
    let variables = [
        ("GIT_DIR", folder.to_str().unwrap()),
        ("GIT_WORK_TREE", "/nowhere"),
        ("GIT_INDEX_FILE", "/nowhere/index"),
    ];
    sandbox.run_with(&arguments, &variables).ok();
    assert_eq!(
        sandbox.recorded("commit"),
        Some(repository.git("rev-parse HEAD"))
    );
    assert_eq!(other.git("for-each-ref"), "");
}

#[test]
fn links_and_submodules_are_no_part_of_a_template() {
    let sandbox = Sandbox::new();
    let repository = Repository::with_template(&sandbox, "api");
    let url = repository.url();
    let link = repository.path().join("base/files/passwords");
    std::os::unix::fs::symlink("/etc/passwd", link).unwrap();
    repository.commit();
    sandbox
        .run(&format!("new demo --yes --template {url} --ref main"))
        .code(1)
        .says("'base/files/passwords' in commit")
        .says("is a link, and a template can't hold links")
        .says("put the file itself there");
    repository.git("rm --quiet base/files/passwords");
    let head = repository.git("rev-parse HEAD");
    repository.git(&format!(
        "update-index --add --cacheinfo 160000,{head},base/files/module"
    ));
    repository.git("commit --quiet --message Module");
    sandbox
        .run(&format!("new demo --yes --template {url} --ref main"))
        .code(1)
        .says("'base/files/module' in commit")
        .says("is a submodule");
    assert!(!sandbox.path("work/demo").exists());
}

/// Commits a tree by hand, since git itself wouldn't.
fn commit_tree(repository: &Repository, tree: Oid) {
    let stored = Stored::open(repository.path()).unwrap();
    let who = Signature::new("Ada", "ada@example.org", &Time::new(0, 0)).unwrap();
    let tree = stored.find_tree(tree).unwrap();
    let commit = stored
        .commit(None, &who, &who, "By hand", &tree, &[])
        .unwrap();
    stored
        .reference("refs/heads/hand", commit, true, "")
        .unwrap();
}

/// Writes a tree of raw entries: a mode, a name, and what it is.
fn write_tree(stored: &Stored, entries: &[(&str, &[u8], Oid)]) -> Oid {
    let mut bytes = Vec::new();
    for (mode, name, id) in entries {
        bytes.extend([mode.as_bytes(), b" ", name, b"\0", id.as_bytes()].concat());
    }
    let database = stored.odb().unwrap();
    database.write(git2::ObjectType::Tree, &bytes).unwrap()
}

#[test]
fn a_tree_that_is_in_itself_a_thousand_times_ends_soon() {
    let sandbox = Sandbox::new();
    let repository = Repository::with_template(&sandbox, "api");
    let stored = Stored::open(repository.path()).unwrap();
    let mut tree = {
        let blob = stored.blob(b"x").unwrap();
        write_tree(&stored, &[("100644", b"x", blob)])
    };
    for _ in 0..12 {
        let names: [&[u8]; 10] = [b"a", b"b", b"c", b"d", b"e", b"f", b"g", b"h", b"i", b"j"];
        tree = write_tree(&stored, &names.map(|name| ("40000", name, tree)));
    }
    commit_tree(&repository, tree);
    sandbox
        .run(&format!(
            "new demo --yes --template {} --ref hand",
            repository.url()
        ))
        .code(1)
        .says("too much for a template");
    let mut deep = stored.treebuilder(None).unwrap().write().unwrap();
    for _ in 0..100 {
        deep = write_tree(&stored, &[("40000", b"a", deep)]);
    }
    commit_tree(&repository, deep);
    sandbox
        .run(&format!(
            "new demo --yes --template {} --ref hand",
            repository.url()
        ))
        .code(1)
        .says("lies in more than 64 folders");
}

#[test]
fn names_that_lead_elsewhere_are_refused() {
    let sandbox = Sandbox::new();
    let repository = Repository::with_template(&sandbox, "api");
    let stored = Stored::open(repository.path()).unwrap();
    let blob = stored.blob(b"x").unwrap();
    for (name, reason) in [
        (&b".."[..], "contains '..'"),
        (b".git", "contains '.git'"),
        (b".GIT", "contains '.git'"),
        (b"a/b", "contains full pathnames"),
        (b"a\\b", "has a name that can't be a file's in a template"),
        (b"a\nb", "has a name that can't be a file's in a template"),
        (b"a\xffb", "has a name that can't be a file's in a template"),
    ] {
        commit_tree(&repository, write_tree(&stored, &[("100644", name, blob)]));
        let url = repository.url();
        let failed = sandbox.run(&format!("new demo --yes --template {url} --ref hand"));
        let said = failed.code(1).stderr();
        // What git finds is said in git's words.
        let is_refused = said.contains(reason) || said.contains("can't fetch template");
        assert!(is_refused, "{reason}: {said}");
    }
}

#[test]
fn addresses_never_run_anything() {
    let sandbox = Sandbox::new();
    let repository = Repository::with_template(&sandbox, "api");
    let harm = sandbox.path("harm");
    let harm = harm.display();
    let path = repository.path();
    let path = path.display();
    for address in [
        format!("ext::sh -c 'touch {harm}'"),
        format!("ext::sh%20-c%20touch%20{harm}"),
        format!("ssh://-oProxyCommand=touch%20{harm}/x"),
        format!("-oProxyCommand=touch@{harm}:x"),
        format!("git@-oProxyCommand=touch {harm}:x"),
        format!("--upload-pack=touch {harm}://{path}"),
        "fd::17,18/x".to_owned(),
        format!("file://{path}\n--upload-pack=touch {harm}"),
        format!("file://{path}#../../etc"),
        "http://example.org/x".to_owned(),
        "git://example.org/x".to_owned(),
    ] {
        let flag = format!("--template={address}");
        let failed = sandbox.run_with(&["new", "demo", "--yes", &flag], &[]);
        failed.code(2).says("error:");
        assert!(!sandbox.path("harm").exists(), "{address}");
        assert!(!sandbox.path("home/.cache").exists(), "{address}");
    }
}

#[test]
fn what_isnt_a_template_says_so() {
    let sandbox = Sandbox::new();
    let repository = Repository::new(&sandbox, "none");
    repository.write_all("", &[("README.md", "# None\n")]);
    repository.commit();
    sandbox
        .run(&format!("new demo --yes --template {}", repository.url()))
        .code(1)
        .says("is not a template: it has no template.toml")
        .says("name the folder of the repository that holds it: SOURCE#FOLDER");
    let broken = Repository::new(&sandbox, "broken");
    broken.write_all("", &TEMPLATE);
    broken.write_all("", &[("base/layer.toml", "nope = 1\n")]);
    broken.commit();
    let failed = sandbox.run(&format!("new demo --yes --template {}", broken.url()));
    failed.code(1).says("base/layer.toml").says("nope");
}

#[test]
fn who_allows_fewer_protocols_is_obeyed() {
    let sandbox = Sandbox::new();
    let repository = Repository::with_template(&sandbox, "api");
    let url = repository.url();
    let arguments = ["new", "demo", "--yes", "--template", &url];
    sandbox
        .run_with(&arguments, &[("GIT_ALLOW_PROTOCOL", "https:ext")])
        .code(1)
        .says("transport 'file' not allowed");
}
