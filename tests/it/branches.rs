//! Projects that two branches changed, and projects that lost a part of what they remember.

use std::path::PathBuf;

use crate::support::{Run, Sandbox};

struct Project {
    sandbox: Sandbox,
}

impl Project {
    fn new() -> Self {
        let sandbox = Sandbox::new();
        sandbox.template(&[
            (
                "template.toml",
                "name = \"small\"\nversion = \"1.0.0\"\nsummary = \"For tests\"\n",
            ),
            ("base/layer.toml", "title = \"Base\"\n"),
            ("base/files/README.md", "# demo\n\none\n"),
            (
                "extras/question.toml",
                "type = \"choices\"\nprompt = \"Extras\"\norder = 20\n",
            ),
            ("extras/docs/layer.toml", "title = \"Docs\"\n"),
            ("extras/docs/files/docs.md", "# Docs\n"),
            ("extras/chat/layer.toml", "title = \"Chat\"\n"),
            ("extras/chat/files/chat.md", "# Chat\n"),
            (
                "bridges/both/layer.toml",
                "when = \"'docs' in extras and 'chat' in extras\"\n",
            ),
            ("bridges/both/files/both.md", "# Both\n"),
        ]);
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

    /// Runs `git`, and tells whether it succeeded.
    fn git(&self, arguments: &str) -> bool {
        let mut command = self.sandbox.command("git");
        command.args(arguments.split(' ')).current_dir(self.root());
        command.output().unwrap().status.success()
    }

    fn commit(&self) {
        self.sandbox.commit_in("work/demo");
    }

    fn read(&self, path: &str) -> String {
        self.sandbox.read(&format!("work/demo/{path}"))
    }

    /// Adds a part on each of two branches, and merges them.
    fn merge_two_branches(&self) {
        assert!(self.git("checkout --quiet -b other"));
        self.run("add chat --yes --no-lock").ok();
        self.commit();
        assert!(self.git("checkout --quiet main"));
        self.run("add docs --yes --no-lock").ok();
        self.commit();
        assert!(!self.git("merge --quiet other"));
    }
}

#[test]
fn two_branches_that_added_something_are_brought_together_as_it_is_said() {
    let project = Project::new();
    project.merge_two_branches();
    let commands: Vec<String> = [
        "change --yes",
        "add docs --yes",
        "update --yes",
        "status",
        "diff",
    ]
    .map(|command| {
        let run = project.run(command);
        run.code(1)
            .says(".pyscaffold/answers.toml:")
            .says("git checkout --ours .pyscaffold");
        let said = run.stderr();
        let command = said
            .split("bring in what the other side has: pyscaffold ")
            .nth(1);
        command.unwrap().lines().next().unwrap().to_owned()
    })
    .into();
    assert!(
        commands.iter().all(|command| *command == commands[0]),
        "{commands:?}"
    );
    project.run("status --check").code(5).says("two branches");

    assert!(project.git("checkout --ours .pyscaffold"));
    assert!(project.git("add .pyscaffold"));
    assert!(project.git("commit --quiet --message Merge"));
    project.run(&format!("{} --no-lock", commands[0])).ok();
    project.run("status --check").ok();
    for (path, text) in [
        ("docs.md", "# Docs\n"),
        ("chat.md", "# Chat\n"),
        ("both.md", "# Both\n"),
    ] {
        assert_eq!(project.read(path), text);
    }
    let answers = project.read(".pyscaffold/answers.toml");
    assert!(
        answers.contains("extras = [\"chat\", \"docs\"]"),
        "{answers}"
    );
    // What was taken in is there to be worked with.
    project.commit();
    project.run("remove chat --yes --no-lock").ok();
    assert!(!project.root().join("chat.md").exists() && !project.root().join("both.md").exists());
}

#[test]
fn answers_that_were_brought_together_by_hand_are_taken() {
    let project = Project::new();
    project.merge_two_branches();
    assert!(project.git("checkout --theirs .pyscaffold"));
    let answers = project.read(".pyscaffold/answers.toml");
    let answers = answers.replace("[\"chat\"]", "[\"docs\", \"chat\"]");
    project
        .sandbox
        .write("work/demo/.pyscaffold/answers.toml", answers);
    project.commit();
    project.run("status --check").code(5);
    project.run("change --yes --no-lock").ok();
    project.run("status --check").ok();
    assert_eq!(project.read("both.md"), "# Both\n");
}

#[test]
fn a_snapshot_that_is_lost_is_made_again_from_the_answers() {
    for damage in ["missing", "damaged"] {
        let project = Project::new();
        project.run("add docs --yes --no-lock").ok();
        project.commit();
        let place = project.root().join(".pyscaffold/snapshot.tar.gz");
        let snapshot = std::fs::read(&place).unwrap();
        match damage {
            "missing" => std::fs::remove_file(&place).unwrap(),
            _ => std::fs::write(&place, &snapshot[..20]).unwrap(),
        }
        project
            .sandbox
            .write("work/demo/README.md", "# demo\n\none\n\nmine\n");
        project.commit();
        project.run("diff").code(1).says("pyscaffold change --yes");
        project
            .run("status --check")
            .code(5)
            .says("it is made again");
        project
            .run("change --yes --no-lock")
            .ok()
            .says("it is made again");
        assert_eq!(std::fs::read(&place).unwrap(), snapshot, "{damage}");
        assert_eq!(project.read("README.md"), "# demo\n\none\n\nmine\n");
        project.run("status --check").ok();
        project.commit();
        // A newer template doesn't give what was there: an update would take it for the base.
        std::fs::remove_file(&place).unwrap();
        project.commit();
        let manifest = project.sandbox.read("template/template.toml");
        project
            .sandbox
            .write("template/template.toml", manifest.replace("1.0.0", "2.0.0"));
        project
            .run("update --yes --no-lock")
            .code(1)
            .says("template as it was");
        project.run("status --check").code(5);
        assert!(!place.exists());
    }
}
