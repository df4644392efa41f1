//! `change`, `add`, `remove`, `update`, `adopt`, `status`, `diff` and `undo`, from the outside.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::support::{Run, Sandbox};

/// A template with a question of one choice, one of several, a step that locks, and a secret.
const TEMPLATE: [(&str, &str); 11] = [
    (
        "template.toml",
        r#"
name = "small"
version = "1.0.0"
summary = "For tests"

[[question]]
name = "name"
type = "text"
prompt = "Name"
default = "{{ input.directory }}"
"#,
    ),
    (
        "base/layer.toml",
        "[[files]]\npath = \".env\"\nonce = true\n",
    ),
    ("base/files/.env.jinja", "KEY={{ secret(\"KEY\") }}\n"),
    ("base/files/.gitignore.jinja", ".env\n"),
    (
        "base/files/README.md.jinja",
        "# {{ name }}\n\none\n\ntwo\n\nthree\n",
    ),
    (
        "base/files/pyproject.toml.jinja",
        "[project]\nname = \"{{ name }}\"\ndependencies = [\n    \"alpha>=1\",\n]\n",
    ),
    (
        "store/question.toml",
        "prompt = \"Store\"\norder = 10\ndefault = \"none\"\n",
    ),
    ("store/none/layer.toml", "title = \"None\"\n"),
    (
        "store/disk/layer.toml",
        "title = \"Disk\"\n[[step]]\nname = \"lock\"\nrun = [\"cp\", \"pyproject.toml\", \"disk.lock\"]\nmakes = [\"disk.lock\"]\n",
    ),
    (
        "store/disk/files/pyproject.toml",
        "[project]\ndependencies = [\"disk>=2\"]\n",
    ),
    ("store/disk/files/store.py", "DISK = True\n"),
];

/// A project of the template, in a repository with one commit.
struct Made {
    sandbox: Sandbox,
}

impl Made {
    fn new() -> Self {
        let sandbox = Sandbox::new();
        let mut files = TEMPLATE.to_vec();
        files.extend([
            (
                "extras/question.toml",
                "type = \"choices\"\nprompt = \"Extras\"\norder = 20\n",
            ),
            ("extras/docs/layer.toml", "title = \"Docs\"\n"),
            ("extras/docs/files/docs/index.md", "# Docs\n"),
            (
                "extras/docs/files/pyproject.toml",
                "[tool.docs]\nstrict = true\n",
            ),
            ("extras/chat/layer.toml", "title = \"Chat\"\n"),
            ("extras/chat/files/chat.txt", "hello\n"),
        ]);
        sandbox.template(&files);
        sandbox
            .run("new demo --yes --template ../template --no-lock")
            .ok();
        Made { sandbox }
    }

    fn root(&self) -> PathBuf {
        self.sandbox.path("work/demo")
    }

    fn run(&self, arguments: &str) -> Run {
        self.sandbox.run_in("work/demo", arguments)
    }

    fn git(&self, arguments: &[&str]) -> String {
        self.sandbox.git_in("work/demo", arguments)
    }

    fn commit(&self) {
        self.sandbox.commit_in("work/demo");
    }

    fn read(&self, path: &str) -> String {
        self.sandbox.read(&format!("work/demo/{path}"))
    }

    fn write(&self, path: &str, text: &str) {
        self.sandbox.write(&format!("work/demo/{path}"), text);
    }

    /// Changes a file of the template.
    fn retemplate(&self, path: &str, from: &str, to: &str) {
        let path = format!("template/{path}");
        let text = self.sandbox.read(&path);
        assert!(text.contains(from), "{path} has no {from:?}: {text}");
        self.sandbox.write(&path, text.replace(from, to));
    }

    /// All files with their bytes, without what pyscaffold keeps for itself.
    fn bytes(&self) -> BTreeMap<String, Vec<u8>> {
        let files = self.sandbox.files("work/demo").into_iter();
        files
            .filter(|path| !path.starts_with(".pyscaffold/local/"))
            .map(|path| {
                let bytes = std::fs::read(self.root().join(&path)).unwrap();
                (path, bytes)
            })
            .collect()
    }
}

/// The verbs of a plan by path.
fn verbs(data: &serde_json::Value) -> BTreeMap<String, String> {
    let changes = data["changes"].as_array().unwrap().iter();
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    changes
        .map(|change| (text(&change["path"]), text(&change["verb"])))
        .collect()
}

fn of<const N: usize>(pairs: [(&str, &str); N]) -> BTreeMap<String, String> {
    pairs
        .map(|(path, verb)| (path.to_owned(), verb.to_owned()))
        .into()
}

#[test]
fn a_part_that_is_added_and_removed_leaves_no_trace() {
    let made = Made::new();
    let before = made.bytes();
    let added = made.run("add docs chat --yes --no-lock --json").ok().json();
    let expected = of([
        ("chat.txt", "create"),
        ("docs/index.md", "create"),
        ("pyproject.toml", "update"),
    ]);
    assert_eq!(verbs(&added), expected);
    assert_eq!(
        added["answers"]["extras"]["to"],
        serde_json::json!(["chat", "docs"])
    );
    assert!(made.read("pyproject.toml").contains("[tool.docs]"));
    made.commit();
    made.run("remove chat docs --yes --no-lock").ok();
    assert_eq!(made.bytes(), before);
}

#[test]
fn a_part_is_found_by_its_name() {
    let made = Made::new();
    made.run("add dosc --yes")
        .code(2)
        .says("did you mean 'docs'?");
    made.run("add disk --yes")
        .code(2)
        .says("pyscaffold change --store disk");
    made.run("add extras/docs --yes --no-lock").ok();
    assert!(made.root().join("docs/index.md").exists());
}

#[test]
fn edits_and_changes_are_merged() {
    let made = Made::new();
    let pyproject = made.read("pyproject.toml");
    let own = pyproject.replace("    \"alpha", "    \"own\", # ours\n    \"alpha");
    made.write("pyproject.toml", &own);
    made.commit();
    let run = made.run("change --store disk --yes --no-lock");
    run.ok()
        .says("store: none → disk")
        .says("merge     pyproject.toml");
    assert_eq!(
        made.read("pyproject.toml"),
        own.replace("\n]", "\n    \"disk>=2\",\n]")
    );
    assert_eq!(made.read("store.py"), "DISK = True\n");
    assert!(
        made.read(".pyscaffold/answers.toml")
            .contains("store = \"disk\"")
    );
    made.run("change --store disk --yes --no-lock --allow-dirty")
        .ok()
        .says("Nothing to do");
}

#[test]
fn a_plan_shows_everything_and_writes_nothing() {
    let made = Made::new();
    let before = made.bytes();
    let run = made.run("change --store disk --yes --dry-run --diff");
    run.ok()
        .says("create    store.py")
        .says("Nothing was written");
    assert!(
        run.stdout().contains("+    \"disk>=2\","),
        "{}",
        run.stdout()
    );
    let data = made
        .run("change --store disk --yes --dry-run --json --diff")
        .ok()
        .json();
    assert_eq!(data["dry_run"], true);
    assert_eq!(
        data["steps"],
        serde_json::json!(["cp pyproject.toml disk.lock"])
    );
    let expected = of([("pyproject.toml", "update"), ("store.py", "create")]);
    assert_eq!(verbs(&data), expected);
    assert!(
        data["changes"][0]["diff"]
            .as_str()
            .unwrap()
            .contains("+    \"disk>=2\",")
    );
    assert_eq!(made.bytes(), before);
    assert!(!made.root().join(".pyscaffold/local").exists());
}

#[test]
fn uncommitted_work_is_refused_or_given_back() {
    let made = Made::new();
    made.write("README.md", "# mine\n");
    made.write("notes.txt", "not tracked\n");
    let before = made.bytes();
    made.run("change --store disk --yes --no-lock")
        .code(1)
        .says("README.md, notes.txt")
        .says("--allow-dirty");
    assert_eq!(made.bytes(), before);
    made.run("change --store disk --yes --no-lock --allow-dirty")
        .ok();
    assert_ne!(made.bytes(), before);
    made.run("undo").ok().says("Took back: change --store disk");
    assert_eq!(made.bytes(), before);
    made.run("redo").ok();
    assert!(made.root().join("store.py").exists());
}

#[test]
fn a_conflict_holds_up_nothing_else() {
    let made = Made::new();
    made.write("README.md", "# demo\n\none\n\nours\n\nthree\n");
    made.commit();
    let before = made.bytes();
    made.retemplate("base/files/README.md.jinja", "two", "theirs");
    made.retemplate("base/files/pyproject.toml.jinja", "alpha>=1", "alpha>=2");
    made.retemplate("template.toml", "1.0.0", "1.1.0");
    let run = made.run("update --yes --no-lock --json");
    let data = run.code(3).json();
    assert_eq!(data["conflicts"], serde_json::json!(["README.md"]));
    let expected = of([("README.md", "conflict"), ("pyproject.toml", "update")]);
    assert_eq!(verbs(&data), expected);
    assert_eq!(
        made.read("README.md"),
        "# demo\n\none\n\n<<<<<<< yours\nours\n||||||| base: small 1.0.0\ntwo\n=======\ntheirs\n>>>>>>> template: small 1.1.0\n\nthree\n"
    );
    assert!(made.read("pyproject.toml").contains("alpha>=2"));
    assert!(
        made.read(".pyscaffold/answers.toml")
            .contains("version = \"1.1.0\"")
    );
    assert!(
        made.git(&["status", "--porcelain"])
            .contains("UU README.md")
    );
    let stage = |number: &str| made.git(&["show", &format!(":{number}:README.md")]);
    assert!(
        stage("1").contains("two") && stage("2").contains("ours") && stage("3").contains("theirs")
    );

    made.run("status --check").code(5);
    made.run("undo").ok();
    assert_eq!(made.bytes(), before);
    assert_eq!(made.git(&["status", "--porcelain"]), "");
    made.run("update --yes --no-lock").code(3);
    made.write("README.md", "# demo\n\none\n\nboth\n\nthree\n");
    made.commit();
    made.run("status --check").ok();
}

#[test]
fn an_update_asks_what_is_new_and_drops_what_is_gone() {
    let made = Made::new();
    made.retemplate("template.toml", "1.0.0", "2.0.0");
    made.retemplate(
        "template.toml",
        "[[question]]\nname = \"name\"",
        "[[question]]\nname = \"team\"\ntype = \"text\"\nprompt = \"Team\"\n\n[[question]]\nname = \"name\"",
    );
    made.retemplate("base/files/README.md.jinja", "one", "{{ team }}");
    std::fs::remove_dir_all(made.sandbox.path("template/store")).unwrap();
    made.run("update --no-lock").code(2).says("--team");
    made.run("update --team core --no-lock").ok();
    let answers = made.read(".pyscaffold/answers.toml");
    assert!(
        answers.contains("team = \"core\"") && !answers.contains("store"),
        "{answers}"
    );
    assert!(made.read("README.md").contains("core"));
}

#[test]
fn a_renamed_file_carries_its_edits() {
    let made = Made::new();
    made.write("README.md", "# demo\n\nmine\n\none\n\ntwo\n\nthree\n");
    made.commit();
    let text = made.sandbox.read("template/base/files/README.md.jinja");
    std::fs::remove_file(made.sandbox.path("template/base/files/README.md.jinja")).unwrap();
    made.sandbox.write(
        "template/base/files/ABOUT.md.jinja",
        format!("{text}\nfour\n"),
    );
    let data = made.run("update --yes --no-lock --json").ok().json();
    assert_eq!(data["changes"][0]["from"], "README.md");
    assert_eq!(
        made.read("ABOUT.md"),
        "# demo\n\nmine\n\none\n\ntwo\n\nthree\n\nfour\n"
    );
    assert!(!made.root().join("README.md").exists());
}

#[test]
fn status_tells_where_a_project_stands() {
    let made = Made::new();
    let data = made.run("status --json --check").ok().json();
    assert_eq!(data["behind"], false);
    made.write("README.md", "# mine\n");
    std::fs::remove_file(made.root().join("pyproject.toml")).unwrap();
    made.retemplate("base/files/.gitignore.jinja", ".env", ".env\n*.log");
    made.sandbox.write("template/base/files/NEW.md", "new\n");
    let data = made.run("status --json").ok().json();
    let files = data["files"].as_array().unwrap();
    let standing =
        |path: &str| files.iter().find(|file| file["path"] == path).unwrap()["status"].clone();
    assert_eq!(standing("README.md"), "edited");
    assert_eq!(standing("pyproject.toml"), "deleted");
    assert_eq!(standing(".gitignore"), "pristine");
    assert_eq!(data["added_by_template"], serde_json::json!(["NEW.md"]));
    assert_eq!(data["behind"], true);
    made.run("status --check")
        .code(5)
        .says("edited    README.md");
    made.run("update --yes --no-lock --allow-dirty").ok();
    made.run("status --check").ok();
    made.run("status --check README.md").code(5);
    made.run("status --check NEW.md").ok();
}

#[test]
fn diff_shows_what_was_edited() {
    let made = Made::new();
    assert_eq!(made.run("diff").ok().stdout(), "");
    made.write("README.md", "# demo\n\none\n\n2\n\nthree\n");
    let diff = made.run("diff README.md").ok().stdout();
    assert!(diff.contains("-two\n+2\n"), "{diff}");
    assert_eq!(made.run("diff pyproject.toml").ok().stdout(), "");
    made.run("diff ../other").code(2).says("not in the project");
}

#[test]
fn a_lock_is_made_again_once_and_only_with_trust() {
    let made = Made::new();
    let before = made.bytes();
    made.run("change --store disk --yes")
        .code(4)
        .says("cp pyproject.toml disk.lock");
    assert_eq!(made.bytes(), before);
    made.run("change --store disk --yes --trust").ok();
    assert_eq!(made.read("disk.lock"), made.read("pyproject.toml"));
    made.commit();
    let locked = made.bytes();
    let run = made.run("change --store none --yes --trust");
    run.ok().says("delete    disk.lock");
    assert!(!made.root().join("disk.lock").exists());
    made.run("undo").ok();
    assert_eq!(made.bytes(), locked);
}

#[test]
fn what_is_written_once_is_never_touched() {
    let made = Made::new();
    made.write(".env", "KEY=mine\n");
    made.retemplate("base/files/.env.jinja", "KEY", "OTHER");
    made.run("update --yes --no-lock").ok();
    assert_eq!(made.read(".env"), "KEY=mine\n");
    std::fs::remove_file(made.root().join(".env")).unwrap();
    let data = made
        .run("update --yes --no-lock --json --diff --allow-dirty")
        .ok()
        .json();
    assert_eq!(verbs(&data), of([(".env", "create")]));
    assert!(!data.to_string().contains("OTHER="), "{data}");
    assert!(made.read(".env").starts_with("OTHER="));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;

        let mode = std::fs::metadata(made.root().join(".env"))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}

#[test]
fn a_project_can_lie_anywhere() {
    // In a sub-folder of a repository.
    let made = Made::new();
    std::fs::remove_dir_all(made.root().join(".git")).unwrap();
    let outer = made.sandbox.path("work");
    for arguments in [
        &["init", "--quiet"][..],
        &["add", "."],
        &["commit", "--quiet", "-m", "All"],
    ] {
        let mut git = made.sandbox.command("git");
        assert!(
            git.args(arguments)
                .current_dir(&outer)
                .status()
                .unwrap()
                .success()
        );
    }
    std::fs::write(outer.join("unrelated.txt"), "not of the project\n").unwrap();
    made.run("change --store disk --yes --no-lock").ok();
    assert!(made.root().join("store.py").exists());
    // Without any repository; and from a folder inside.
    std::fs::remove_dir_all(outer.join(".git")).unwrap();
    std::fs::create_dir(made.root().join("inner")).unwrap();
    let mut command = made.sandbox.command(env!("CARGO_BIN_EXE_pyscaffold"));
    command.args(["change", "--store", "none", "--yes", "--no-lock"]);
    Run(command
        .current_dir(made.root().join("inner"))
        .output()
        .unwrap())
    .ok();
    assert!(!made.root().join("store.py").exists());
    // In a repository without commits, whose own folder lies elsewhere.
    let elsewhere = made.sandbox.path("elsewhere.git");
    let elsewhere = elsewhere.to_str().unwrap();
    made.git(&["init", "--quiet", "--separate-git-dir", elsewhere]);
    made.run("change --store disk --yes --no-lock")
        .code(1)
        .says("uncommitted work");
    made.run("change --store disk --yes --no-lock --allow-dirty")
        .ok();
    assert!(made.root().join("store.py").exists());
    made.commit();
    made.run("change --store none --yes --no-lock").ok();
    assert!(!made.root().join("store.py").exists());
    // Outside of a project.
    made.sandbox
        .run("change --yes")
        .code(2)
        .says("pyscaffold adopt");
}

#[test]
fn a_template_that_moved_is_named_anew() {
    let made = Made::new();
    std::fs::rename(
        made.sandbox.path("template"),
        made.sandbox.path("elsewhere"),
    )
    .unwrap();
    made.run("update --yes").code(2).says("--template SOURCE");
    made.run("diff").ok();
    made.run("update --yes --no-lock --template ../../elsewhere")
        .ok();
    assert!(
        made.read(".pyscaffold/answers.toml")
            .contains("source = \"../../elsewhere\"")
    );
    made.commit();
    made.run("update --yes --no-lock")
        .ok()
        .says("Nothing to do");
}

#[test]
fn a_state_that_can_not_be_read_is_refused() {
    let made = Made::new();
    let answers = made.read(".pyscaffold/answers.toml");
    let refused = |text: &str, reason: &str| {
        made.write(".pyscaffold/answers.toml", text);
        made.run("update --yes --allow-dirty").code(1).says(reason);
    };
    refused(
        &answers.replace("format = 1", "format = 9"),
        "newer pyscaffold",
    );
    refused(&answers.replace("format = 1", ""), "which format");
    refused("format = [", "answers.toml:1");
    made.write(".pyscaffold/answers.toml", &answers);
    std::fs::write(made.root().join(".pyscaffold/snapshot.tar.gz"), "junk").unwrap();
    made.run("diff")
        .code(1)
        .says("snapshot")
        .says("pyscaffold change --yes");
}

#[test]
fn an_answers_file_edited_by_hand_is_a_change() {
    let made = Made::new();
    let answers = made.read(".pyscaffold/answers.toml");
    made.write(
        ".pyscaffold/answers.toml",
        &answers.replace("store = \"none\"", "store = \"disk\""),
    );
    made.commit();
    made.run("change --yes --no-lock")
        .ok()
        .says("create    store.py");
}

/// Makes a project that knows nothing of pyscaffold.
fn by_hand(files: &[(&str, &str)]) -> Sandbox {
    let sandbox = Sandbox::new();
    for (path, text) in files {
        sandbox.write(&format!("work/shop/{path}"), text);
    }
    sandbox
}

#[test]
fn a_project_is_adopted_without_overwriting_anything() {
    let sandbox = by_hand(&[
        (
            "pyproject.toml",
            "[project]\nname = \"shop\" # ours\ndependencies = [\"flask>=3\"]\n\n[tool.ruff]\nline-length = 100\n",
        ),
        ("README.md", "# Our shop\n"),
        ("src/shop/__init__.py", ""),
        ("src/shop/views.py", "X = 1\n"),
    ]);
    let run = sandbox.run("adopt shop --yes --no-lock --orm none --json");
    let data = run.ok().json();
    let verbs = verbs(&data);
    assert_eq!(verbs["pyproject.toml"], "merge");
    assert!(!verbs.contains_key("README.md"), "{verbs:?}");
    let pyproject = sandbox.read("work/shop/pyproject.toml");
    assert!(
        pyproject.contains("name = \"shop\" # ours") && pyproject.contains("line-length = 100")
    );
    assert!(
        pyproject.contains("[tool.mypy]") && !pyproject.contains("structlog"),
        "{pyproject}"
    );
    assert_eq!(sandbox.read("work/shop/README.md"), "# Our shop\n");
    assert_eq!(
        sandbox.files("work/shop/src"),
        ["shop/__init__.py", "shop/views.py"]
    );
    let answers = sandbox.read("work/shop/.pyscaffold/answers.toml");
    assert!(answers.contains("framework = \"flask\""), "{answers}");
    sandbox.run("adopt shop --yes").code(2).says("already");
}

#[test]
fn what_is_skipped_stays_away() {
    let made = Made::new();
    std::fs::remove_dir_all(made.root().join(".pyscaffold")).unwrap();
    made.commit();
    let adopted = "adopt --yes --no-lock --template ../../template --extras chat --skip *.txt";
    made.run(adopted).ok();
    made.commit();
    made.sandbox.write("template/base/files/more.txt", "more\n");
    made.sandbox.write("template/base/files/more.md", "more\n");
    made.run("update --yes --no-lock").ok();
    assert!(made.root().join("more.md").exists());
    assert!(!made.root().join("more.txt").exists());
    assert!(!made.root().join("chat.txt").exists());
    made.commit();
    made.run("status --check").ok();
}

#[test]
fn an_adopted_project_can_be_given_back() {
    let sandbox = by_hand(&[("README.md", "# Ours\n"), (".gitignore", "*.log\n")]);
    sandbox
        .run(
            "adopt shop --yes --no-lock --framework flask --orm none --with-example --both markers",
        )
        .code(3);
    assert!(
        sandbox
            .read("work/shop/README.md")
            .contains("<<<<<<< yours\n# Ours\n")
    );
    let ignored = sandbox.read("work/shop/.gitignore");
    assert!(
        ignored.starts_with("*.log\n") && ignored.contains("__pycache__"),
        "{ignored}"
    );
    let mut command = sandbox.command(env!("CARGO_BIN_EXE_pyscaffold"));
    Run(command
        .arg("undo")
        .current_dir(sandbox.path("work/shop"))
        .output()
        .unwrap())
    .ok();
    let left: Vec<String> = sandbox.files("work/shop");
    let left: Vec<&String> = left
        .iter()
        .filter(|path| !Path::new(path).starts_with(".pyscaffold/local"))
        .collect();
    assert_eq!(left, [".gitignore", "README.md"]);
    assert_eq!(sandbox.read("work/shop/README.md"), "# Ours\n");
}

#[test]
fn status_says_what_an_update_does() {
    let made = Made::new();
    // What is written once and is gone comes back.
    std::fs::remove_file(made.root().join(".env")).unwrap();
    let updated = made.run("update --yes --no-lock --dry-run --json");
    let data = made.run("status --json").ok().json();
    assert_eq!(data["update"], updated.ok().json()["changes"]);
    assert_eq!(data["behind"], true);
    made.run("status --check")
        .code(5)
        .says("create    .env")
        .never_says("Up to date");
    made.run("update --yes --no-lock").ok();
    made.run("status --check").ok().says("Up to date");
    // What a step made that is no longer there goes.
    made.run("change --store disk --yes --trust").ok();
    made.commit();
    made.retemplate("store/disk/layer.toml", "[[step]]\nname = \"lock\"\nrun = [\"cp\", \"pyproject.toml\", \"disk.lock\"]\nmakes = [\"disk.lock\"]\n", "");
    made.run("update --yes --dry-run")
        .ok()
        .says("delete    disk.lock");
    made.run("status --check")
        .code(5)
        .says("delete    disk.lock");
    made.run("update --yes").ok();
    // A new question alone is an update, too.
    made.run("status --check").ok();
    made.retemplate(
        "template.toml",
        "[[question]]",
        "[[question]]\nname = \"team\"\ntype = \"text\"\nprompt = \"Team\"\ndefault = \"a\"\n\n[[question]]",
    );
    let data = made.run("status --json --check").code(5).json();
    assert_eq!(data["behind"], true);
    assert_eq!(data["update"], serde_json::json!([]));
    made.run("status").ok().never_says("Up to date");
    made.run("update --yes --no-lock --allow-dirty").ok();
    made.run("status --check").ok();
}

#[test]
fn status_never_calls_an_open_conflict_up_to_date() {
    let made = Made::new();
    made.write("README.md", "# demo\n\none\n\nmine\n\nthree\n");
    made.commit();
    made.retemplate("base/files/README.md.jinja", "two", "theirs");
    made.run("update --yes --no-lock").code(3);
    made.run("status --check")
        .code(5)
        .says("conflict  README.md")
        .says("1 conflict is open")
        .never_says("Up to date");
    made.write("README.md", "# demo\n\none\n\nboth\n\nthree\n");
    made.run("status --check").ok().says("Up to date");
}

#[test]
fn nothing_to_do_does_not_hide_what_was_edited() {
    let made = Made::new();
    made.run("update --yes --no-lock")
        .ok()
        .says("Nothing to do")
        .never_says("as the template has");
    made.write("README.md", "# mine\n");
    made.commit();
    made.run("update --yes --no-lock")
        .ok()
        .says("Nothing to do")
        .says("1 file isn't as the template has it, and stays");
    std::fs::remove_file(made.root().join("pyproject.toml")).unwrap();
    made.commit();
    made.run("change --yes --no-lock")
        .ok()
        .says("2 files aren't as the template has them, and stay");
}

#[test]
fn adding_what_is_there_and_removing_what_is_not_is_said() {
    let made = Made::new();
    made.run("remove docs --yes --no-lock")
        .ok()
        .says("the project has no 'docs'")
        .says("Nothing to do");
    made.run("add docs --yes --no-lock")
        .ok()
        .never_says("already");
    made.commit();
    made.run("add docs chat --yes --no-lock")
        .ok()
        .says("the project has 'docs' already")
        .says("create    chat.txt");
}

#[test]
fn a_flag_that_takes_several_can_be_said_several_times() {
    let made = Made::new();
    made.run("change --extras docs --extras chat --yes --no-lock")
        .ok()
        .says("create    chat.txt")
        .says("docs/index.md");
}

#[test]
fn the_lock_of_a_workspace_is_left_alone() {
    let made = Made::new();
    let table = "title = \"Disk\"\n[[workspace]]\nfile = \"all.toml\"\nmembers = \"members\"\nbecause = \"it is\"\n";
    made.retemplate("store/disk/layer.toml", "title = \"Disk\"\n", table);
    made.sandbox
        .write("work/all.toml", "members = [\"demo\"]\n");
    made.run("change --store disk --yes --trust")
        .ok()
        .says("nothing is locked: the project is a member of the workspace in");
    assert!(!made.root().join("disk.lock").exists());
}
