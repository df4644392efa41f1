//! What is kept of fetched templates, and what happens without a network.

use std::process::Stdio;

use crate::support::Sandbox;
use crate::support::repositories::Repository;

const CACHE: &str = "home/.cache/pyscaffold/git";

#[test]
fn what_was_fetched_is_there_without_a_network() {
    let sandbox = Sandbox::new();
    let repository = Repository::with_template(&sandbox, "api");
    let url = repository.url();
    let early = sandbox.run(&format!("new demo --yes --template {url} --offline"));
    early
        .code(1)
        .says("is not in the cache")
        .says("go on without --offline");
    sandbox.make(&format!("--no-git --template {url}"));
    let commit = &sandbox.recorded("commit").unwrap()[..7];
    repository.release("2.0.0", "two\n");
    let offline = sandbox.in_demo("update --yes --offline");
    offline.ok().says(&format!(
        "is used as it was less than a day ago: commit {commit}, version 1.0.0"
    ));
    assert_eq!(sandbox.read("work/demo/text.txt"), "one\n");
    std::fs::rename(repository.path(), sandbox.path("away")).unwrap();
    for command in ["update --yes", "status"] {
        sandbox
            .in_demo(command)
            .ok()
            .says("warning: can't fetch template")
            .says(&format!("commit {commit}, version 1.0.0"));
    }
    let other = sandbox.run(&format!("new other --yes --no-lock --template {url}"));
    other.ok().says("warning: can't fetch template");
    sandbox
        .run(&format!(
            "new third --yes --template {url} --offline --ref v2.0.0"
        ))
        .code(2)
        .says("has no branch, tag or commit 'v2.0.0'")
        .says("this is what is in the cache");
    // The commit that the project was made from needs no server.
    let changed = sandbox.in_demo("change --yes --team web");
    assert!(!changed.ok().stderr().contains("warning"));
    sandbox.in_demo("change --yes --team db --offline").ok();
}

#[test]
fn a_cache_that_is_broken_is_made_again() {
    let sandbox = Sandbox::new();
    let repository = Repository::with_template(&sandbox, "api");
    sandbox.make(&format!("--no-git --template {}", repository.url()));
    let folder = |end: &str| {
        let entries = std::fs::read_dir(sandbox.path(CACHE)).unwrap().flatten();
        let mut paths = entries.map(|entry| entry.path());
        paths
            .find(|path| path.to_string_lossy().ends_with(end))
            .unwrap()
    };
    let cache = folder(".git");
    let pack = |cache: &std::path::Path| {
        let entries = std::fs::read_dir(cache.join("objects/pack")).unwrap();
        let mut paths = entries.flatten().map(|entry| entry.path());
        paths.find(|path| path.extension().is_some_and(|end| end == "pack"))
    };
    for (team, damage) in [("a", 0), ("b", 1), ("c", 2), ("d", 3)] {
        match damage {
            0 => std::fs::remove_file(cache.join("HEAD")).unwrap(),
            1 => std::fs::remove_dir_all(cache.join("objects")).unwrap(),
            2 => {
                // Only the contents of files are damaged: the commit and its folders are first.
                let pack = pack(&cache).unwrap();
                let mut bytes = std::fs::read(&pack).unwrap();
                let from = bytes.len() / 2;
                bytes[from..].fill(0);
                std::fs::remove_file(&pack).unwrap();
                std::fs::write(&pack, bytes).unwrap();
            }
            _ => {
                let refs = folder(".refs");
                std::fs::write(refs, "no listing\0\n\t\n").unwrap();
            }
        }
        sandbox.in_demo(&format!("change --yes --team {team}")).ok();
        assert_eq!(sandbox.read("work/demo/team.txt"), format!("{team}\n"));
    }
    // A run that was killed leaves such files.
    std::fs::write(cache.join("shallow.lock"), "").unwrap();
    std::fs::write(cache.join("objects/pack/tmp_pack_abc"), "half").unwrap();
    repository.release("2.0.0", "two\n");
    sandbox.in_demo("update --yes").ok();
    assert_eq!(sandbox.read("work/demo/text.txt"), "two\n");
    assert!(!cache.join("objects/pack/tmp_pack_abc").exists());
}

#[test]
fn parallel_runs_share_the_cache() {
    let sandbox = Sandbox::new();
    let repository = Repository::with_template(&sandbox, "api");
    let url = repository.url();
    let running: Vec<_> = (0..4)
        .map(|number| {
            let mut command = sandbox.command(env!("CARGO_BIN_EXE_pyscaffold"));
            let name = format!("demo{number}");
            command
                .args(["new", &name, "--yes", "--no-lock", "--no-git"])
                .args(["--template", &url])
                .stdin(Stdio::null())
                .stderr(Stdio::piped());
            (name, command.spawn().unwrap())
        })
        .collect();
    for (name, child) in running {
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{output:?}");
        assert_eq!(sandbox.read(&format!("work/{name}/text.txt")), "one\n");
    }
}

#[test]
fn fetched_commits_survive_a_clean_up() {
    let sandbox = Sandbox::new();
    let repository = Repository::with_template(&sandbox, "api");
    sandbox.make(&format!("--no-git --template {}", repository.url()));
    repository.release("2.0.0", "two\n");
    sandbox
        .run(&format!("options --template {}", repository.url()))
        .ok();
    let caches = std::fs::read_dir(sandbox.path(CACHE)).unwrap().flatten();
    for cache in caches.filter(|cache| cache.path().is_dir()) {
        let mut git = sandbox.command("git");
        git.arg("--git-dir").arg(cache.path());
        let cleaned = git.args(["gc", "--quiet", "--prune=now"]).status().unwrap();
        assert!(cleaned.success());
    }
    std::fs::rename(repository.path(), sandbox.path("away")).unwrap();
    sandbox.in_demo("change --yes --team web").ok();
}

#[cfg(unix)]
#[test]
fn nobody_else_can_look_into_the_cache() {
    use std::os::unix::fs::PermissionsExt;

    let sandbox = Sandbox::new();
    let repository = Repository::with_template(&sandbox, "api");
    sandbox.make(&format!("--no-git --template {}", repository.url()));
    let mode = std::fs::metadata(sandbox.path(CACHE))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o077, 0);
}

#[test]
fn without_a_place_for_the_cache_it_is_said_where_it_was_to_be() {
    let sandbox = Sandbox::new();
    let file = sandbox.write("file", "");
    let arguments = ["new", "demo", "--yes", "--template", "gh:acme/api"];
    sandbox
        .run_with(&arguments, &[("XDG_CACHE_HOME", file.to_str().unwrap())])
        .code(1)
        .says("can't make the folder '")
        .says("file/pyscaffold/git' for fetched templates");
    let source = pyscaffold::template::Source::parse("gh:acme/api", std::path::Path::new(""));
    let error = pyscaffold::template::Template::load(source.unwrap()).unwrap_err();
    assert!(
        error.message.ends_with("there is no folder for a cache"),
        "{error}"
    );
}
