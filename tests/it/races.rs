//! Two runs at once: what comes out is what one after the other gives, and nobody lies about it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::support::{Run, Sandbox};

/// How much later than the first the second run starts, in milliseconds.
const STAGGERED: [u64; 8] = [0, 1, 3, 6, 10, 16, 25, 40];

const TEMPLATE: [(&str, &str); 11] = [
    (
        "template.toml",
        "name = \"small\"\nversion = \"1.0.0\"\nsummary = \"For tests\"\n\n[[question]]\nname = \"name\"\ntype = \"text\"\nprompt = \"Name\"\ndefault = \"demo\"\n",
    ),
    (
        "base/files/README.md.jinja",
        "# {{ name }}\n\none\n\ntwo\n\nthree\n",
    ),
    (
        "base/files/settings.toml",
        "[project]\nuses = [\n    \"alpha\",\n]\n",
    ),
    (
        "store/question.toml",
        "prompt = \"Store\"\norder = 10\ndefault = \"none\"\n",
    ),
    ("store/none/layer.toml", "title = \"None\"\n"),
    ("store/disk/layer.toml", "title = \"Disk\"\n"),
    (
        "store/disk/files/settings.toml",
        "[project]\nuses = [\"disk\"]\n",
    ),
    ("store/disk/files/store.py", "DISK = True\n"),
    (
        "extras/question.toml",
        "type = \"choices\"\nprompt = \"Extras\"\norder = 20\n",
    ),
    ("extras/docs/layer.toml", "title = \"Docs\"\n"),
    ("extras/docs/files/docs/index.md", "# Docs\n"),
];

/// The files of a folder with their bytes, without what pyscaffold keeps for itself.
type Files = BTreeMap<String, Vec<u8>>;

/// What two runs came to: how each ended, and what lies there.
type Outcome = (Option<i32>, Option<i32>, Files);

/// A folder that is copied for each race.
struct Scene {
    sandbox: Sandbox,
    copies: u32,
}

impl Scene {
    /// A project with an edited file in `work/demo`.
    fn new() -> Self {
        let sandbox = Sandbox::new();
        sandbox.template(&TEMPLATE);
        sandbox.template(&[
            ("extras/chat/layer.toml", "title = \"Chat\"\n"),
            ("extras/chat/files/chat.txt", "hello\n"),
        ]);
        sandbox
            .run("new demo --yes --template ../template --no-lock --no-git --extras chat")
            .ok();
        let readme = sandbox.read("work/demo/README.md");
        sandbox.write("work/demo/README.md", readme.replace("two", "mine"));
        sandbox.write("work/demo/mine.txt", "mine\n");
        Scene { sandbox, copies: 0 }
    }

    /// Raises the template's version, with another text.
    fn raise(&self) {
        let manifest = self.sandbox.read("template/template.toml");
        self.sandbox
            .write("template/template.toml", manifest.replace("1.0.0", "2.0.0"));
        let readme = "template/base/files/README.md.jinja";
        let text = self.sandbox.read(readme);
        self.sandbox.write(readme, text.replace("three", "four"));
    }

    fn copy(&mut self) -> PathBuf {
        self.copies += 1;
        // The name of a project's folder is in it, so each copy has the same.
        let copy = self.sandbox.path(&format!("{}/demo", self.copies));
        copy_folder(&self.sandbox.path("work/demo"), &copy);
        copy
    }

    fn start(&self, root: &Path, arguments: &str) -> Child {
        let program = env!("CARGO_BIN_EXE_pyscaffold");
        let mut command: Command = self.sandbox.command(program);
        command.args(arguments.split(' ')).current_dir(root);
        command.stdin(Stdio::null()).stdout(Stdio::piped());
        command.stderr(Stdio::piped()).spawn().unwrap()
    }

    fn run(&self, root: &Path, arguments: &str) -> Run {
        Run(self.start(root, arguments).wait_with_output().unwrap())
    }

    /// Races two commands, and compares with one after the other, in both orders.
    fn race(&mut self, first: &str, second: &str) {
        let serial: Vec<Outcome> = [false, true]
            .into_iter()
            .map(|is_swapped| {
                let root = self.copy();
                let (one, other) = if is_swapped {
                    (second, first)
                } else {
                    (first, second)
                };
                let one = self.run(&root, one).0.status.code();
                let other = self.run(&root, other).0.status.code();
                let (one, other) = if is_swapped {
                    (other, one)
                } else {
                    (one, other)
                };
                (one, other, files(&root))
            })
            .collect();
        for later in STAGGERED {
            let root = self.copy();
            let one = self.start(&root, first);
            std::thread::sleep(Duration::from_millis(later));
            let other = self.start(&root, second);
            let ended = [one, other].map(|child| Run(child.wait_with_output().unwrap()));
            let [one, other] = [&ended[0], &ended[1]].map(|run| run.0.status.code());
            let context = format!(
                "'{first}', and '{second}' {later} ms later\n{}\n{}",
                ended[0].stderr(),
                ended[1].stderr()
            );
            let outcome = (one, other, files(&root));
            assert!(serial.contains(&outcome), "{context}: {outcome:?}");
            assert_eq!(outcome.2["mine.txt"], b"mine\n", "{context}");
            let status = self.run(&root, "status --check");
            let is_behind = status.0.status.code() == Some(5);
            let has_updated = first.contains("update") || second.contains("update");
            assert!(!is_behind || !has_updated, "{context}: {}", status.stderr());
            assert!([Some(0), Some(5)].contains(&status.0.status.code()));
        }
    }
}

fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let place = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_folder(&entry.path(), &place);
        } else {
            std::fs::copy(entry.path(), place).unwrap();
        }
    }
}

fn files(root: &Path) -> Files {
    let mut found = Files::new();
    visit(root, "", &mut found);
    found
}

fn visit(folder: &Path, prefix: &str, found: &mut Files) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = format!("{prefix}{}", entry.file_name().to_str().unwrap());
        if name == ".pyscaffold/local" {
            continue;
        }
        if entry.file_type().unwrap().is_dir() {
            visit(&entry.path(), &format!("{name}/"), found);
        } else {
            found.insert(name, std::fs::read(entry.path()).unwrap());
        }
    }
}

#[test]
fn two_changes_at_once_are_one_after_the_other() {
    let mut scene = Scene::new();
    scene.race(
        "change --store disk --yes",
        "change --extras docs,chat --yes",
    );
    scene.race(
        "change --store disk --yes",
        "change --store none --extras docs --yes",
    );
}

#[test]
fn a_part_is_added_while_another_is_removed() {
    Scene::new().race("add docs --yes", "remove chat --yes");
}

#[test]
fn a_change_and_an_update_at_once_are_one_after_the_other() {
    let mut scene = Scene::new();
    scene.raise();
    scene.race("change --store disk --yes", "update --yes");
    scene.race("update --yes", "update --yes");
}

#[test]
fn a_change_and_an_undo_at_once_are_one_after_the_other() {
    let mut scene = Scene::new();
    let demo = scene.sandbox.path("work/demo");
    scene.run(&demo, "add docs --yes").ok();
    scene.race("change --store disk --yes", "undo");
    scene.race("undo", "undo");
}

#[test]
fn one_of_two_adoptions_at_once_is_refused() {
    let mut scene = Scene::new();
    std::fs::remove_dir_all(scene.sandbox.path("work/demo")).unwrap();
    scene.sandbox.write("work/demo/mine.txt", "mine\n");
    let adopt = "adopt --yes --template ../../template --no-lock --allow-dirty";
    scene.race(
        &format!("{adopt} --store disk"),
        &format!("{adopt} --extras docs"),
    );
}
