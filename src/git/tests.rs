//! Repositories of ours, judged by the real `git` program.
//!
//! Each is made by a process of its own: git's configuration comes from the environment.

use std::borrow::Cow;
use std::env;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use tempfile::TempDir;

use super::*;
use crate::interrupt::Interrupt;
use crate::project::{NewProject, Staging, Target};
use crate::tree::{Entry, ProjectPath, Tree};

/// The variables that tell the child where to make a project, and where to say what came of it.
const TARGET: &str = "PYSCAFFOLD_TEST_TARGET";
const REPORT: &str = "PYSCAFFOLD_TEST_REPORT";

pub(super) const IDENTITY: &str = "[user]\n\tname = Ada\n\temail = ada@example.org\n";

/// A home without anything of the user's.
pub(super) struct Test {
    home: TempDir,
    variables: Vec<(String, String)>,
}

impl Test {
    pub(super) fn new(config: &str) -> Self {
        let home = tempfile::tempdir().unwrap();
        std::fs::write(home.path().join("config"), config).unwrap();
        Test {
            home,
            variables: Vec::new(),
        }
    }

    pub(super) fn variable(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.home.path().canonicalize().unwrap().join(name)
    }

    fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        command
            .env_clear()
            .env("PATH", env::var_os("PATH").unwrap())
            .env("HOME", self.home.path())
            .env("GIT_CONFIG_GLOBAL", self.path("config"))
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .stdin(Stdio::null());
        command
    }

    /// Makes the project at a path below home, and gives what came of it.
    fn make(&self, target: &str) -> String {
        self.run_child("git::tests::child", target, &[])
    }

    /// Runs a test in a process of its own, and gives what it reports.
    pub(super) fn run_child(
        &self,
        child: &str,
        target: &str,
        variables: &[(&str, &str)],
    ) -> String {
        let report = self.path("report");
        let made = self
            .command(env::current_exe().unwrap())
            .args(["--exact", child])
            .env(TARGET, self.path(target))
            .env(REPORT, &report)
            .envs(self.variables.iter().cloned())
            .envs(variables.iter().copied())
            .output()
            .unwrap();
        assert!(
            made.status.success(),
            "{}",
            String::from_utf8_lossy(&made.stdout)
        );
        std::fs::read_to_string(report).unwrap()
    }

    /// Writes a file below home, with the folders above it.
    pub(super) fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    /// Runs `git` in the project and gives its output; it must succeed.
    pub(super) fn git(&self, target: &str, arguments: &[&str]) -> String {
        let ran = self.try_git(target, arguments);
        ran.unwrap_or_else(|text| panic!("git {arguments:?}: {text}"))
    }

    /// Runs `git` in the project and gives its output, as an error where it failed.
    pub(super) fn try_git(&self, target: &str, arguments: &[&str]) -> Result<String, String> {
        let output = self
            .command("git")
            .args(arguments)
            .current_dir(self.path(target))
            .output()
            .unwrap();
        let text = [output.stdout, output.stderr].concat();
        let text = String::from_utf8(text).unwrap();
        if output.status.success() {
            Ok(text)
        } else {
            Err(text)
        }
    }

    /// Makes `git` sign with a program of ours.
    #[cfg(unix)]
    fn sign_with(&self, script: &str) {
        use std::os::unix::fs::PermissionsExt;

        let path = self.path("sign");
        std::fs::write(&path, script).unwrap();
        std::fs::set_permissions(&path, PermissionsExt::from_mode(0o755)).unwrap();
        let path = path.display();
        let config = format!("{IDENTITY}[commit]\n\tgpgSign = true\n[gpg]\n\tprogram = {path}\n");
        std::fs::write(self.path("config"), config).unwrap();
    }
}

fn project() -> NewProject {
    let mut tree = Tree::new();
    for (path, text, executable) in [
        (".gitignore", ".env\n.venv/\n.ignored\n", false),
        (".pyscaffold/answers.toml", "", false),
        ("README.md", "# demo\n", false),
        ("scripts/run.sh", "#!/bin/sh\n", true),
        ("src/demo/__init__.py", "\"\"\"Demo.\"\"\"\n", false),
        ("windows.txt", "one\r\ntwo\r\n", false),
    ] {
        let bytes = Cow::Borrowed(text.as_bytes());
        tree.insert(
            ProjectPath::parse(path).unwrap(),
            Entry { bytes, executable },
        )
        .unwrap();
    }
    let mut once = Tree::new();
    let bytes = Cow::Borrowed(b"SECRET=1\n" as &[u8]);
    let path = ProjectPath::parse(".env").unwrap();
    let executable = false;
    once.insert(path, Entry { bytes, executable }).unwrap();
    NewProject { tree, once }
}

/// Gives what a test that runs as a child works on, and where it reports.
pub(super) fn assignment() -> Option<(PathBuf, PathBuf)> {
    let target = env::var_os(TARGET)?;
    Some((target.into(), env::var_os(REPORT)?.into()))
}

/// Runs in a process of its own, started by the tests below.
#[test]
fn child() {
    let Some((target, report)) = assignment() else {
        return;
    };
    let project = project();
    let staging = Staging::create(Target::parse(&target).unwrap()).unwrap();
    staging.write(&project, &Interrupt::new()).unwrap();
    std::fs::write(staging.root().join("tool.lock"), "version = 1\n").unwrap();
    std::fs::write(staging.root().join(".ignored"), "").unwrap();
    let extra = ["tool.lock", ".ignored"].map(|path| ProjectPath::parse(path).unwrap());
    let outcome = init_and_commit(&NewRepository {
        root: staging.root(),
        target: &target,
        tree: &project.tree,
        extra: &extra,
        message: "Start the project",
    });
    staging.publish().unwrap();
    let outcome = match outcome.unwrap() {
        Outcome::Committed { branch, .. } => format!("committed to {branch}"),
        other => format!("{other:?}"),
    };
    let identity = identity(&target).map(|it| format!("{} <{}>", it.name, it.email));
    std::fs::write(
        report,
        format!("{outcome}; {}", identity.unwrap_or_default()),
    )
    .unwrap();
}

#[test]
fn everything_is_committed_and_git_finds_nothing_to_say() {
    let test = Test::new(IDENTITY);
    let outcome = test.make("demo");
    assert_eq!(outcome, "committed to main; Ada <ada@example.org>");
    assert_eq!(test.git("demo", &["diff-files"]), "");
    assert_eq!(test.git("demo", &["status", "--porcelain"]), "");
    assert_eq!(test.git("demo", &["fsck", "--strict", "--full"]), "");
    assert_eq!(
        test.git(
            "demo",
            &["ls-tree", "-r", "--format=%(objectmode) %(path)", "HEAD"]
        ),
        "100644 .gitignore\n\
         100644 .pyscaffold/answers.toml\n\
         100644 README.md\n\
         100755 scripts/run.sh\n\
         100644 src/demo/__init__.py\n\
         100644 tool.lock\n\
         100644 windows.txt\n"
    );
    assert_eq!(
        test.git("demo", &["log", "--format=%an <%ae> %cn <%ce>%n%B"])
            .trim_end(),
        "Ada <ada@example.org> Ada <ada@example.org>\nStart the project"
    );
    assert_eq!(
        test.git(
            "demo",
            &["reflog", "show", "HEAD", "--format=%gn <%ge> %gs"]
        ),
        "Ada <ada@example.org> commit (initial): Start the project\n"
    );
    assert_eq!(
        test.git("demo", &["show", "HEAD:windows.txt"]),
        "one\r\ntwo\r\n"
    );
}

#[test]
fn objects_lie_in_one_pack_and_no_hook_is_there() {
    let test = Test::new(IDENTITY);
    test.make("demo");
    let counted = test.git("demo", &["count-objects", "-v"]);
    assert!(counted.starts_with("count: 0\n"), "{counted}");
    assert!(counted.contains("\npacks: 1\n"), "{counted}");
    assert!(counted.contains("\ngarbage: 0\n"), "{counted}");
    assert!(!test.path("demo/.git/packing").exists());
    let hooks = std::fs::read_dir(test.path("demo/.git/hooks")).unwrap();
    let hooks: Vec<_> = hooks.map(|hook| hook.unwrap().file_name()).collect();
    assert_eq!(hooks, ["README.sample"]);
}

#[test]
fn nothing_in_it_says_where_it_was_made() {
    let test = Test::new(IDENTITY);
    test.make("demo");
    for file in ["config", "HEAD", "index", "logs/HEAD", "info/exclude"] {
        let bytes = std::fs::read(test.path("demo/.git").join(file)).unwrap();
        let content = String::from_utf8_lossy(&bytes);
        assert!(!content.contains("pyscaffold-"), "{file}: {content}");
    }
}

#[test]
fn an_empty_folder_is_as_clean() {
    let test = Test::new(IDENTITY);
    std::fs::create_dir(test.path("demo")).unwrap();
    assert!(test.make("demo").starts_with("committed to main"));
    assert_eq!(test.git("demo", &["diff-files"]), "");
    assert_eq!(test.git("demo", &["status", "--porcelain"]), "");
    assert_eq!(test.git("demo", &["fsck", "--strict"]), "");
}

#[test]
fn the_branch_comes_from_the_configuration() {
    let config = format!("{IDENTITY}[init]\n\tdefaultBranch = trunk\n");
    assert!(
        Test::new(&config)
            .make("demo")
            .starts_with("committed to trunk;")
    );
    let config = format!("{IDENTITY}[init]\n\tdefaultBranch = ..bad\n");
    assert!(
        Test::new(&config)
            .make("demo")
            .starts_with("committed to main;")
    );
}

#[test]
fn without_an_identity_everything_waits_in_the_index() {
    let test = Test::new("");
    assert_eq!(test.make("demo"), "NoIdentity { branch: \"main\" }; ");
    let status = test.git("demo", &["status", "--porcelain"]);
    assert_eq!(
        status
            .lines()
            .filter(|line| line.starts_with("A  "))
            .count(),
        7
    );
    assert_eq!(status.lines().count(), 7);
    test.git("demo", &["fsck", "--strict"]);
    test.git(
        "demo",
        &[
            "-c",
            "user.name=A",
            "-c",
            "user.email=b@c.d",
            "commit",
            "-qm",
            "x",
        ],
    );
    assert_eq!(test.git("demo", &["status", "--porcelain"]), "");
    let branch = "main".to_owned();
    assert!(
        Outcome::NoIdentity { branch }
            .hint()
            .unwrap()
            .contains("git config")
    );
}

#[test]
fn the_environment_says_who_commits_and_when() {
    let test = Test::new(IDENTITY)
        .variable("GIT_AUTHOR_NAME", "Grace")
        .variable("GIT_AUTHOR_EMAIL", "grace@example.org")
        .variable("GIT_COMMITTER_NAME", "Joan")
        .variable("GIT_AUTHOR_DATE", "1700000000 +0100")
        .variable("GIT_COMMITTER_DATE", "2024-01-02T03:04:05Z");
    let outcome = test.make("demo");
    assert_eq!(outcome, "committed to main; Grace <grace@example.org>");
    assert_eq!(
        test.git(
            "demo",
            &["log", "--format=%an <%ae> %ad, %cn <%ce> %ct", "--date=raw"]
        ),
        "Grace <grace@example.org> 1700000000 +0100, Joan <ada@example.org> 1704164645\n"
    );
    assert_eq!(
        test.git(
            "demo",
            &["reflog", "show", "main", "--format=%gn <%ge> %gs"]
        ),
        "Joan <ada@example.org> commit (initial): Start the project\n"
    );
}

#[test]
fn the_configuration_can_lie_in_the_environment() {
    let test = Test::new("")
        .variable("GIT_CONFIG_COUNT", "2")
        .variable("GIT_CONFIG_KEY_0", "user.name")
        .variable("GIT_CONFIG_VALUE_0", "Grace")
        .variable("GIT_CONFIG_KEY_1", "User.Email")
        .variable("GIT_CONFIG_VALUE_1", "grace@example.org");
    let outcome = test.make("demo");
    assert_eq!(outcome, "committed to main; Grace <grace@example.org>");
}

#[test]
fn an_identity_can_depend_on_the_place() {
    let test = Test::new(IDENTITY);
    let work = test.path("work");
    let include = format!(
        "{IDENTITY}[includeIf \"gitdir:{}/\"]\n\tpath = work.config\n",
        work.display()
    );
    std::fs::write(test.path("config"), include).unwrap();
    std::fs::write(
        test.path("work.config"),
        "[user]\n\temail = ada@work.example\n",
    )
    .unwrap();
    test.make("work/demo");
    let author = test.git("work/demo", &["log", "--format=%an <%ae>"]);
    assert_eq!(author, "Ada <ada@work.example>\n");
}

#[test]
fn where_another_repository_lies_makes_no_difference() {
    let test = Test::new(IDENTITY);
    let other = test.path("other");
    std::fs::create_dir(&other).unwrap();
    test.git("other", &["init", "--quiet"]);
    let git = other.join(".git");
    let before = test.git("other", &["status", "--porcelain", "--ignored"]);
    let mut test = test;
    for (name, path) in [
        ("GIT_DIR", git.clone()),
        ("GIT_WORK_TREE", other.clone()),
        ("GIT_INDEX_FILE", git.join("index")),
        ("GIT_OBJECT_DIRECTORY", git.join("objects")),
        ("GIT_COMMON_DIR", git.clone()),
        ("GIT_PREFIX", PathBuf::from("x/")),
    ] {
        test = test.variable(name, path.to_str().unwrap());
    }
    assert!(test.make("demo").starts_with("committed to main"));
    assert_eq!(test.git("demo", &["status", "--porcelain"]), "");
    assert_eq!(test.git("demo", &["fsck", "--strict"]), "");
    assert_eq!(
        test.git("other", &["status", "--porcelain", "--ignored"]),
        before
    );
    assert!(!git.join("index").exists());
}

#[test]
fn line_endings_stay_as_they_are() {
    for value in ["true", "input"] {
        let config = format!("{IDENTITY}[core]\n\tautocrlf = {value}\n\tsafecrlf = true\n");
        let test = Test::new(&config);
        test.make("demo");
        assert_eq!(test.git("demo", &["status", "--porcelain"]), "");
        let shown = test.git("demo", &["cat-file", "blob", "HEAD:windows.txt"]);
        assert_eq!(shown, "one\r\ntwo\r\n");
    }
}

#[test]
fn inside_a_repository_none_is_made() {
    let test = Test::new(IDENTITY);
    std::fs::create_dir(test.path("outer")).unwrap();
    test.git("outer", &["init", "--quiet"]);
    let expected = format!("InsideRepository({:?})", test.path("outer"));
    assert!(test.make("outer/deep/demo").starts_with(&expected));
    assert!(!test.path("outer/deep/demo/.git").exists());
    assert_eq!(
        enclosing_repository(&test.path("outer/x/y")),
        Ok(Some(test.path("outer")))
    );
    assert_eq!(enclosing_repository(&test.path("elsewhere/x")), Ok(None));
}

#[test]
fn a_repository_that_lies_elsewhere_is_found_too() {
    let test = Test::new(IDENTITY);
    std::fs::create_dir(test.path("outer")).unwrap();
    let option = format!("--separate-git-dir={}", test.path("store").display());
    test.git("outer", &["init", "--quiet", &option]);
    test.write("outer/.gitignore", "/build/\n");
    assert_eq!(
        enclosing_repository(&test.path("outer/x")),
        Ok(Some(test.path("outer")))
    );
    assert_eq!(enclosing_repository(&test.path("outer/build/x")), Ok(None));
}

#[test]
fn inside_what_a_repository_ignores_one_is_made() {
    let test = Test::new(IDENTITY);
    std::fs::create_dir(test.path("outer")).unwrap();
    test.git("outer", &["init", "--quiet"]);
    std::fs::write(test.path("outer/.gitignore"), "/demo/\n/build/\n").unwrap();
    assert!(test.make("outer/demo").starts_with("committed to main"));
    assert!(
        test.make("outer/build/demo")
            .starts_with("committed to main")
    );
}

#[cfg(unix)]
#[test]
fn a_signed_commit_is_made_by_git() {
    let test = Test::new("");
    test.sign_with(
        "#!/bin/sh\ncat >/dev/null\necho '[GNUPG:] SIG_CREATED ' >&2\n\
         echo '-----BEGIN PGP SIGNATURE-----'\necho\necho '-----END PGP SIGNATURE-----'\n",
    );
    let outcome = test.make("demo");
    assert_eq!(outcome, "committed to main; Ada <ada@example.org>");
    assert!(
        test.git("demo", &["cat-file", "commit", "HEAD"])
            .contains("gpgsig ")
    );
    assert_eq!(test.git("demo", &["status", "--porcelain"]), "");
    assert_eq!(test.git("demo", &["fsck", "--strict"]), "");
}

#[cfg(unix)]
#[test]
fn a_commit_that_can_not_be_signed_is_not_made() {
    let test = Test::new("");
    test.sign_with("#!/bin/sh\necho 'no secret key' >&2\nexit 2\n");
    let outcome = test.make("demo");
    assert!(
        outcome.starts_with("Unsigned { branch: \"main\", reason: "),
        "{outcome}"
    );
    assert!(outcome.contains("failed to sign"), "{outcome}");
    let status = test.git("demo", &["status", "--porcelain"]);
    assert_eq!(
        status
            .lines()
            .filter(|line| line.starts_with("A  "))
            .count(),
        7
    );
}

#[test]
fn a_condition_on_the_place_holds_before_the_project_is_there() {
    let more = "[user]\n\temail = ada@work.example\n";
    for condition in [
        "gitdir:~/work/",
        "gitdir:~/work/demo/",
        "gitdir:work/",
        "gitdir/i:~/WORK/",
        "gitdir:~/w?rk/*/.git",
        "onbranch:main",
    ] {
        let test = Test::new(IDENTITY);
        test.write(
            "config",
            &format!("{IDENTITY}[includeIf \"{condition}\"]\n\tpath = work.inc\n"),
        );
        test.write("work.inc", more);
        std::fs::create_dir(test.path("work")).unwrap();
        let made = test.make("work/demo");
        assert_eq!(
            made, "committed to main; Ada <ada@work.example>",
            "{condition}"
        );
        let author = test.git("work/demo", &["log", "-1", "--format=%ae"]);
        assert_eq!(author.trim(), "ada@work.example", "{condition}");
        let known = test.git("work/demo", &["config", "user.email"]);
        assert_eq!(known.trim(), "ada@work.example", "{condition}");
    }
}

#[test]
fn a_condition_on_another_place_and_what_stands_after_it_win() {
    let place = "[includeIf \"gitdir:~/work/\"]\n\tpath = work.inc\n";
    for (config, target) in [
        (format!("{IDENTITY}{place}"), "home/demo"),
        (format!("{place}{IDENTITY}"), "work/demo"),
        (
            format!(
                "{IDENTITY}{}",
                place.replace("gitdir", "hasconfig:remote.*.url")
            ),
            "work/demo",
        ),
        (
            format!("{IDENTITY}{}", place.replace("~/work/", "~/w{o}rk/")),
            "work/demo",
        ),
    ] {
        let test = Test::new(&config);
        test.write(
            "work.inc",
            "[user]\n\temail = ada@work.example\n[bare]\n\tkey\n",
        );
        for folder in ["home", "work"] {
            std::fs::create_dir(test.path(folder)).unwrap();
        }
        let made = test.make(target);
        assert_eq!(made, "committed to main; Ada <ada@example.org>", "{config}");
        let known = test.git(target, &["config", "user.email"]);
        assert_eq!(known.trim(), "ada@example.org", "{config}");
    }
}

#[test]
fn a_repository_is_of_the_kind_that_the_user_wants() {
    for (setting, question, answer) in [
        (
            "defaultObjectFormat = sha256",
            "--show-object-format",
            "sha256",
        ),
        (
            "defaultRefFormat = reftable",
            "--show-ref-format",
            "reftable",
        ),
    ] {
        let config = format!(
            "{IDENTITY}[init]\n\t{setting}\n\tdefaultBranch = trunk\n[core]\n\tautocrlf = true\n"
        );
        let test = Test::new(&config);
        let made = test.make("demo");
        assert_eq!(
            made, "committed to trunk; Ada <ada@example.org>",
            "{setting}"
        );
        if let Ok(known) = test.try_git("demo", &["rev-parse", question]) {
            assert_eq!(known.trim(), answer);
        }
        assert_eq!(test.git("demo", &["status", "--porcelain"]), "");
        test.git("demo", &["fsck", "--strict", "--full"]);
        let others = Test::new(IDENTITY);
        others.make("demo");
        let files = ["ls-tree", "-r", "--format=%(objectmode) %(path)", "HEAD"];
        assert_eq!(test.git("demo", &files), others.git("demo", &files));
    }
}

#[test]
fn the_files_that_the_user_wants_in_a_repository_are_there() {
    let test = Test::new(IDENTITY);
    let templates = test.path("templates");
    test.write("templates/hooks/pre-push", "#!/bin/sh\n");
    let config = format!(
        "{IDENTITY}[init]\n\ttemplateDir = {}\n",
        templates.display()
    );
    test.write("config", &config);
    assert_eq!(
        test.make("demo"),
        "committed to main; Ada <ada@example.org>"
    );
    assert!(test.path("demo/.git/hooks/pre-push").is_file());
}
