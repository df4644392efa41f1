//! `undo` and `redo`, from the outside: files, modes and git's index, through a whole history.

use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use sha2::Digest;

use crate::support::{Run, Sandbox};

/// A template with a text, a binary file, and parts to add.
const TEMPLATE: [(&str, &str); 10] = [
    (
        "template.toml",
        "name = \"small\"\nversion = \"1.0.0\"\nsummary = \"For tests\"\n",
    ),
    ("base/layer.toml", "title = \"Base\"\n"),
    ("base/files/.gitignore.jinja", "*.log\n"),
    ("base/files/README.md", "# demo\n\none\n\ntwo\n\nthree\n"),
    ("base/files/logo.bin", "\0first"),
    (
        "extras/question.toml",
        "type = \"choices\"\nprompt = \"Extras\"\norder = 20\n",
    ),
    ("extras/docs/layer.toml", "title = \"Docs\"\n"),
    ("extras/docs/files/docs.md", "# Docs\n"),
    ("extras/chat/layer.toml", "title = \"Chat\"\n"),
    ("extras/chat/files/chat.md", "# Chat\n"),
];

/// A project of the template, in a repository with one commit.
struct Project {
    sandbox: Sandbox,
}

/// All that an undo has to give back: bytes and modes, and what git says and holds.
#[derive(Debug, PartialEq, Eq)]
struct Everything {
    files: BTreeMap<String, String>,
    status: String,
    index: String,
    flags: String,
}

impl Project {
    fn new() -> Self {
        let sandbox = Sandbox::new();
        sandbox.template(&TEMPLATE);
        sandbox
            .run("new demo --yes --template ../template --no-lock")
            .ok();
        Project { sandbox }
    }

    fn root(&self) -> PathBuf {
        self.sandbox.path("work/demo")
    }

    fn run(&self, arguments: &str) -> Run {
        self.sandbox.run_in("work/demo", arguments)
    }

    fn git(&self, arguments: &str) -> String {
        let arguments: Vec<&str> = arguments.split(' ').collect();
        self.sandbox.git_in("work/demo", &arguments)
    }

    fn commit(&self) {
        self.sandbox.commit_in("work/demo");
    }

    fn write(&self, path: &str, text: &str) {
        self.sandbox.write(&format!("work/demo/{path}"), text);
    }

    fn read(&self, path: &str) -> String {
        self.sandbox.read(&format!("work/demo/{path}"))
    }

    fn remove(&self, path: &str) {
        std::fs::remove_file(self.root().join(path)).unwrap();
    }

    /// Lets the template have a version that changes what the user changes, too.
    fn retemplate(&self, change: &str) {
        let base = |path: &str| format!("template/base/files/{path}");
        match change {
            "text" => {
                let text = "# demo\n\none\n\ntheirs\n\nthree\n";
                self.sandbox.write(&base("README.md"), text);
            }
            "binary" => {
                self.sandbox.write(&base("logo.bin"), "\0theirs");
            }
            "delete" => std::fs::remove_file(self.sandbox.path(&base("README.md"))).unwrap(),
            "rename" => {
                self.sandbox
                    .write(&base("ABOUT.md"), "# demo\n\none\n\ntheirs\n\nthree\n");
                std::fs::remove_file(self.sandbox.path(&base("README.md"))).unwrap();
            }
            _ => unreachable!("{change}"),
        }
        let manifest = self.sandbox.read("template/template.toml");
        let manifest = manifest.replace("1.0.0", "1.1.0");
        self.sandbox.write("template/template.toml", manifest);
    }

    fn everything(&self) -> Everything {
        let files = self.sandbox.files("work/demo").into_iter();
        let files = files.filter(|path| !path.starts_with(".pyscaffold/local/"));
        let file = |path: String| {
            let place = self.root().join(&path);
            let mode = std::fs::metadata(&place).unwrap().permissions().mode();
            let bytes = std::fs::read(place).unwrap();
            (path, format!("{mode:o} {}", bytes.escape_ascii()))
        };
        Everything {
            files: files.map(file).collect(),
            status: self
                .git("status --porcelain=v2 --untracked-files=all --ignored")
                .lines()
                .filter(|line| !line.contains(".pyscaffold/local/"))
                .collect::<Vec<_>>()
                .join("\n"),
            index: self
                .git("ls-files --stage --debug")
                .lines()
                // What the index knows of the disk changes with every file that is written.
                .filter(|line| !line.starts_with("  ") || line.contains("flags"))
                .map(|line| line.split_once("flags:").map_or(line, |(_, flags)| flags))
                .collect::<Vec<_>>()
                .join("\n"),
            flags: self.git("ls-files -v"),
        }
    }
}

const OURS: &str = "# demo\n\none\n\nours\n\nthree\n";

/// A state of the repository, and what brings a project into it.
type State = (&'static str, fn(&Project));

/// What a user may have done to the files before the change: its name, and how it is done.
const STATES: [State; 14] = [
    ("committed", |project| project.commit()),
    ("unstaged", |_| {}),
    ("staged", |project| {
        project.git("add README.md logo.bin");
    }),
    ("partly staged", |project| {
        project.git("add README.md logo.bin");
        project.write("README.md", &OURS.replace("ours", "ours, more"));
        project.write("logo.bin", "\0ours, more");
    }),
    ("untracked", |project| {
        project.git("rm --quiet --cached README.md logo.bin");
    }),
    ("untracked and committed so", |project| {
        project.git("rm --quiet --cached README.md logo.bin");
        project.git("commit --quiet --message Gone");
    }),
    ("ignored", |project| {
        project.git("rm --quiet --cached README.md logo.bin");
        project.write(".gitignore", "*.log\nREADME.md\nlogo.bin\n");
        project.git("add .gitignore");
        project.git("commit --quiet --message Gone");
    }),
    ("to be added", |project| {
        project.git("rm --quiet --cached README.md logo.bin");
        project.git("commit --quiet --message Gone");
        project.git("add --intent-to-add README.md logo.bin");
    }),
    ("deleted", |project| {
        project.remove("README.md");
        project.remove("logo.bin");
    }),
    ("deletion staged", |project| {
        project.git("rm --quiet --force README.md logo.bin");
    }),
    ("renamed", |project| {
        project.git("mv README.md DOC.md");
        project.git("mv logo.bin picture.bin");
    }),
    ("executable", |project| {
        for path in ["README.md", "logo.bin"] {
            let mode = PermissionsExt::from_mode(0o755);
            std::fs::set_permissions(project.root().join(path), mode).unwrap();
        }
        project.git("add README.md");
    }),
    ("taken for unchanged", |project| {
        project.git("update-index --assume-unchanged README.md logo.bin");
    }),
    ("before the first commit", |project| {
        project.git("add --all");
        project.git("update-ref -d HEAD");
    }),
];

#[test]
fn undo_gives_back_files_and_index_and_redo_what_was_done() {
    let mut conflicts = 0;
    for change in ["text", "binary", "delete", "rename"] {
        for (state, prepare) in STATES {
            let context = format!("{change} over {state}");
            let project = Project::new();
            project.write("README.md", OURS);
            project.write("logo.bin", "\0ours");
            prepare(&project);
            project.retemplate(change);
            let before = project.everything();

            let run = project.run("update --yes --no-lock --allow-dirty");
            let code = run.0.status.code();
            assert!(
                code == Some(0) || code == Some(3),
                "{context}: {}",
                run.stderr()
            );
            let after = project.everything();
            conflicts += u32::from(after.status.contains("\nu ") || after.status.starts_with("u "));

            for _ in 0..2 {
                project.run("undo").ok();
                assert_eq!(project.everything(), before, "{context}: undo");
                let run = project.run("redo");
                assert_eq!(
                    run.0.status.code(),
                    code,
                    "{context}: redo: {}",
                    run.stderr()
                );
                assert_eq!(project.everything(), after, "{context}: redo");
            }
        }
    }
    assert!(conflicts > 15, "only {conflicts} conflicts in the index");
}

#[test]
fn an_adoption_is_given_back_with_its_index() {
    for both in ["beside", "markers", "keep"] {
        let project = Project::new();
        std::fs::remove_dir_all(project.root().join(".pyscaffold")).unwrap();
        project.write("README.md", OURS);
        project.write("logo.bin", "\0ours");
        project.commit();
        let before = project.everything();
        let adopt = format!("adopt --yes --no-lock --template ../../template --both {both}");
        let code = project.run(&adopt).0.status.code();
        assert_eq!(code, Some(if both == "keep" { 0 } else { 3 }));
        let after = project.everything();
        assert_eq!(after.status.contains("u AA"), both != "keep", "{after:?}");
        project.run("undo").ok();
        assert_eq!(project.everything(), before, "{both}");
        project.git("stash --include-untracked");
        assert_eq!(project.run("redo").0.status.code(), code);
        assert_eq!(project.everything(), after, "{both}");
    }
}

#[test]
fn a_conflict_that_comes_back_is_told_like_the_first_time() {
    let project = Project::new();
    project.write("README.md", OURS);
    project.commit();
    project.retemplate("text");
    project.run("update --yes --no-lock").code(3);
    project
        .run("undo")
        .ok()
        .says("Took back: update to small 1.1.0");
    let data = project.run("redo --json").code(3).json();
    assert_eq!(data["redone"], "update to small 1.1.0");
    assert_eq!(data["conflicts"], serde_json::json!(["README.md"]));
    project.run("undo").ok();
    project.run("redo").code(3).says("conflict  README.md");
    assert!(project.git("status --porcelain").contains("UU README.md"));
}

#[test]
fn what_the_user_staged_to_resolve_a_conflict_stays() {
    let project = Project::new();
    project.write("README.md", OURS);
    project.commit();
    project.retemplate("text");
    project.run("update --yes --no-lock").code(3);
    project.write("README.md", &OURS.replace("ours", "both"));
    project.git("add README.md");
    let staged = project.git("ls-files --stage README.md");
    let data = project.run("undo --json").code(3).json();
    assert_eq!(data["undone"], "update to small 1.1.0");
    assert_eq!(data["conflicts"], serde_json::json!(["README.md"]));
    assert_eq!(project.git("ls-files --stage README.md"), staged);
    assert!(project.read("README.md").contains("<<<<<<< yours\nboth\n"));
}

#[test]
fn an_undo_that_is_in_conflict_says_so_to_git() {
    let project = Project::new();
    project.retemplate("text");
    project.run("update --yes --no-lock").ok();
    project.write("README.md", &OURS.replace("ours", "later"));
    project.commit();
    let before = project.everything();
    project.run("undo").code(3).says("conflict  README.md");
    let after = project.everything();
    assert!(after.status.contains("u UU"), "{after:?}");
    project.run("redo").ok();
    assert_eq!(project.everything(), before);
    project.run("undo").code(3);
    assert_eq!(project.everything(), after);
}

#[test]
fn an_index_that_is_locked_stops_an_undo_before_anything_is_undone() {
    let project = Project::new();
    project.write("README.md", OURS);
    project.commit();
    project.retemplate("text");
    let before = project.everything();
    let lock = project.root().join(".git/index.lock");
    let locked = |command: &str| {
        std::fs::write(&lock, "").unwrap();
        project
            .run(command)
            .code(1)
            .says("can't change git's index")
            .says("nothing was changed");
        std::fs::remove_file(&lock).unwrap();
    };
    locked("update --yes --no-lock");
    assert_eq!(project.everything(), before);
    project.run("update --yes --no-lock").code(3);
    let after = project.everything();
    locked("undo");
    assert_eq!(project.everything(), after);
    project.run("undo").ok();
    assert_eq!(project.everything(), before);
    locked("redo");
    assert_eq!(project.everything(), before);
    project.run("redo").code(3);
    assert_eq!(project.everything(), after);
}

#[test]
fn several_changes_are_gone_back_on_one_after_the_other() {
    let project = Project::new();
    let mut states = vec![project.everything()];
    for command in ["add docs", "add chat", "remove docs"] {
        project
            .run(&format!("{command} --yes --no-lock --allow-dirty"))
            .ok();
        states.push(project.everything());
    }
    let listed = |command: &str| project.run(command).ok().stdout();
    assert_eq!(
        listed("undo --list"),
        "remove docs (3 files)\nadd chat (3 files)\nadd docs (3 files)\n"
    );
    let dry = project.run("undo --dry-run");
    dry.ok().says("Would take back: remove docs");
    for (state, title) in [(2, "remove docs"), (1, "add chat"), (0, "add docs")] {
        project
            .run("undo")
            .ok()
            .says(&format!("Took back: {title}"));
        assert_eq!(project.everything(), states[state]);
    }
    project
        .run("undo")
        .code(1)
        .says("there is nothing to take back");
    let data = project.run("redo --list --json").ok().json();
    assert_eq!(
        data["redo"][0],
        serde_json::json!({ "title": "add docs", "paths": 3 })
    );
    assert_eq!(data["redo"].as_array().unwrap().len(), 3);
    for (state, title) in [(1, "add docs"), (2, "add chat")] {
        project
            .run("redo")
            .ok()
            .says(&format!("Did again: {title}"));
        assert_eq!(project.everything(), states[state]);
    }
    // Something new ends what could be done again.
    assert_eq!(listed("redo --list"), "remove docs (3 files)\n");
    project
        .run("remove chat --yes --no-lock --allow-dirty")
        .ok();
    assert_eq!(project.everything(), states[1]);
    project
        .run("redo")
        .code(1)
        .says("there is nothing to do again");
    project.run("undo").ok();
    assert_eq!(project.everything(), states[2]);
    project.run("undo").ok().says("Took back: add chat");
    project.run("undo").ok().says("Took back: add docs");
    assert_eq!(project.everything(), states[0]);
}

#[test]
fn what_was_edited_in_between_is_merged_both_ways() {
    let project = Project::new();
    project.retemplate("text");
    project.run("update --yes --no-lock").ok();
    let edited = "# demo\n\none\n\ntheirs\n\nthree\n\nmine\n";
    project.write("README.md", edited);
    project.run("undo").ok();
    assert_eq!(project.read("README.md"), edited.replace("theirs", "two"));
    project.write(
        "README.md",
        &edited.replace("theirs", "two").replace("# demo", "# Demo"),
    );
    project.run("redo").ok();
    assert_eq!(
        project.read("README.md"),
        edited.replace("# demo", "# Demo")
    );
    project.run("undo").ok();
    assert_eq!(
        project.read("README.md"),
        edited.replace("theirs", "two").replace("# demo", "# Demo")
    );
}

#[test]
fn only_so_many_changes_are_remembered() {
    let project = Project::new();
    for number in 0..12 {
        for command in ["add docs", "remove docs"] {
            project
                .run(&format!("{command} --yes --no-lock --allow-dirty"))
                .ok();
        }
        let data = project.run("undo --list --json").ok().json();
        let remembered = data["undo"].as_array().unwrap().len();
        assert_eq!(remembered, (2 * number + 2).min(20));
    }
    let history = project.root().join(".pyscaffold/local/history");
    assert_eq!(std::fs::read_dir(history).unwrap().count(), 20);
}

#[test]
fn what_an_older_version_remembered_is_taken_back_with_its_conflicts() {
    let project = Project::new();
    project.write("README.md", OURS);
    project.write("logo.bin", "\0ours");
    project.commit();
    project.retemplate("text");
    project.retemplate("binary");
    let before = project.everything();
    project.run("update --yes --no-lock").code(3);
    // It kept the last change in another folder, and wrote less down.
    let local = project.root().join(".pyscaffold/local");
    std::fs::rename(local.join("history/1"), local.join("last")).unwrap();
    std::fs::remove_dir(local.join("history")).unwrap();
    let journal = std::fs::read_to_string(local.join("last/journal")).unwrap();
    let (heading, rest) = journal.split_once('\n').unwrap();
    let mut body: serde_json::Value =
        serde_json::from_str(rest.split_once('\n').unwrap().1).unwrap();
    let fields = body.as_object_mut().unwrap();
    for field in ["name", "index", "conflicts"] {
        fields.remove(field).unwrap();
    }
    let body = serde_json::to_string_pretty(&body).unwrap();
    let hash = format!("{:x}", sha2::Sha256::digest(&body));
    std::fs::write(
        local.join("last/journal"),
        format!("{heading}\n{hash}\n{body}"),
    )
    .unwrap();

    project
        .run("undo")
        .ok()
        .says("Took back: update to small 1.1.0");
    assert_eq!(project.everything(), before);
    project.run("redo").ok();
    project.run("undo").ok();
    assert_eq!(project.everything(), before);
}

#[test]
fn what_a_change_wrote_is_nobodys_work() {
    let project = Project::new();
    project.write("README.md", OURS);
    project.commit();
    let states = [project.everything(), {
        project.run("add docs --yes --no-lock").ok();
        project.everything()
    }];
    // Over what an earlier change wrote, over what the user staged of it, and over an undo.
    project.run("add chat --yes --no-lock").ok();
    project.run("undo").ok();
    assert_eq!(project.everything(), states[1]);
    project.git("add --all");
    project.run("add chat --yes --no-lock").ok();
    project.run("remove docs --yes --no-lock").ok();
    project.git("commit --quiet --all --message Some");
    project.run("remove chat --yes --no-lock").ok();
    for title in ["remove chat", "remove docs", "add chat", "add docs"] {
        project
            .run("undo")
            .ok()
            .says(&format!("Took back: {title}"));
    }
    assert_eq!(project.everything().files, states[0].files);
    project.run("redo").ok();
    project.run("remove docs --yes --no-lock").ok();
}

#[test]
fn what_the_user_did_since_a_change_is_the_users_work() {
    for (edit, path) in [
        ("edited", "docs.md"),
        ("staged", "docs.md"),
        ("executable", "docs.md"),
        ("deleted", "docs.md"),
        ("new", "notes.txt"),
    ] {
        let project = Project::new();
        project.run("add docs --yes --no-lock").ok();
        match edit {
            "edited" => project.write("docs.md", "# Docs\n\nmine\n"),
            "staged" => {
                let text = project.read("docs.md");
                project.write("docs.md", "mine\n");
                project.git("add docs.md");
                project.write("docs.md", &text);
            }
            "executable" => {
                let mode = PermissionsExt::from_mode(0o755);
                std::fs::set_permissions(project.root().join("docs.md"), mode).unwrap();
            }
            "deleted" => project.remove("docs.md"),
            _ => project.write("notes.txt", "mine\n"),
        }
        if edit == "deleted" {
            // It is neither in git nor in the folder: nothing of it is there to be lost.
            project.run("add chat --yes --no-lock").ok();
            continue;
        }
        let before = project.everything();
        project
            .run("add chat --yes --no-lock")
            .code(1)
            .says(&format!("uncommitted work in the project: {path}"));
        assert_eq!(project.everything(), before, "{edit}");
        project.run("add chat --yes --no-lock --allow-dirty").ok();
        project.run("undo").ok();
        assert_eq!(project.everything(), before, "{edit}");
    }
}

#[test]
fn what_the_user_wrote_before_a_change_stays_the_users_work() {
    let project = Project::new();
    project.retemplate("text");
    project.write("README.md", "# demo\n\none\n\ntwo\n\nthree\n\nmine\n");
    project.run("update --yes --no-lock --allow-dirty").ok();
    project
        .run("add docs --yes --no-lock")
        .code(1)
        .says("uncommitted work in the project: README.md");
}

#[test]
fn a_conflict_that_is_open_is_told_with_the_change_that_left_it() {
    let project = Project::new();
    project.write("README.md", OURS);
    project.commit();
    project.retemplate("text");
    project.run("update --yes --no-lock").code(3);
    // Said to be resolved, and it isn't.
    project.git("add README.md");
    project
        .run("add docs --yes --no-lock")
        .code(1)
        .says("'update to small 1.1.0' left a conflict in 'README.md' that is still open");
    project.write("README.md", OURS);
    project.git("add README.md");
    project.run("add docs --yes --no-lock").ok();
}

#[test]
fn a_lock_file_that_a_step_made_is_nobodys_work() {
    let project = Project::new();
    project.sandbox.write(
        "template/extras/docs/layer.toml",
        "title = \"Docs\"\n[[step]]\nname = \"lock\"\nrun = [\"cp\", \"README.md\", \"docs.lock\"]\nmakes = [\"docs.lock\"]\n",
    );
    let before = project.everything();
    project.run("add docs --yes --trust").ok();
    assert!(project.root().join("docs.lock").exists());
    project.run("add chat --yes --trust").ok();
    project.run("undo").ok();
    project.run("undo").ok();
    assert_eq!(project.everything(), before);
}
