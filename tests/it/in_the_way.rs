//! Files where a folder is wanted, and folders where a file is: under folders that the user moved,
//! and where `undo` brings something back.

use crate::support::{Run, Sandbox};

/// A project of a template with certain files.
struct Made(Sandbox);

impl Made {
    fn of(files: &[(&str, &str)]) -> Self {
        let made = Made(Sandbox::new());
        made.template("1.0.0", files);
        made.0
            .run("new demo --yes --template ../template --no-git --no-lock")
            .ok();
        made
    }

    fn template(&self, version: &str, files: &[(&str, &str)]) {
        let _ = std::fs::remove_dir_all(self.0.path("template"));
        self.0.write(
            "template/template.toml",
            format!("name = \"small\"\nversion = \"{version}\"\nsummary = \"For tests\"\n"),
        );
        for (path, text) in files {
            self.0.write(&format!("template/base/files/{path}"), text);
        }
    }

    fn run(&self, arguments: &str) -> Run {
        self.0.run_in("work/demo", arguments)
    }

    fn move_folder(&self, from: &str, to: &str) {
        let place = |path: &str| self.0.path(&format!("work/demo/{path}"));
        std::fs::rename(place(from), place(to)).unwrap();
    }

    fn files(&self) -> Vec<String> {
        let files = self.0.files("work/demo").into_iter();
        files
            .filter(|path| !path.starts_with(".pyscaffold/"))
            .collect()
    }
}

const FILE: [(&str, &str); 2] = [
    ("src/tool", "one\ntwo\nthree\n"),
    ("src/app.py", "a\nb\nc\n"),
];
const FOLDER: [(&str, &str); 2] = [("src/tool/main", "other\n"), ("src/app.py", "a\nb\nc\n")];

#[test]
fn a_file_that_becomes_a_folder_under_a_moved_one_is_put_beside() {
    let made = Made::of(&FILE);
    made.move_folder("src", "lib");
    made.template("2.0.0", &FOLDER);
    made.run("update --yes")
        .code(3)
        .says("lib/tool is in the way");
    let updated = ["lib/app.py", "lib/tool", "lib/tool.pyscaffold-new/main"];
    assert_eq!(made.files(), updated);
    made.run("undo").ok();
    assert_eq!(made.files(), ["lib/app.py", "lib/tool"]);
    made.run("update --yes").code(3);
    assert_eq!(made.files(), updated);
}

#[test]
fn a_folder_that_becomes_a_file_under_a_moved_one_is_put_beside() {
    let made = Made::of(&FOLDER);
    made.move_folder("src", "lib");
    made.template("2.0.0", &FILE);
    made.run("update --yes")
        .code(3)
        .says("lib/tool is in the way");
    let updated = ["lib/app.py", "lib/tool.pyscaffold-new", "lib/tool/main"];
    assert_eq!(made.files(), updated);
    made.run("undo").ok();
    assert_eq!(made.files(), ["lib/app.py", "lib/tool/main"]);
}

#[test]
fn what_the_user_made_in_place_of_a_dropped_file_stays_when_it_comes_back() {
    let kept = ("README.md", "x\n");
    let made = Made::of(&[kept, ("notes", "one\ntwo\n")]);
    made.template("2.0.0", &[kept]);
    made.run("update --yes").ok();
    made.0.write("work/demo/notes/today", "mine\n");
    made.run("undo").code(3).says("notes is in the way");
    let undone = ["README.md", "notes.pyscaffold-new", "notes/today"];
    assert_eq!(made.files(), undone);
}

#[test]
fn what_the_user_made_in_place_of_a_dropped_folder_stays_when_it_comes_back() {
    let kept = ("README.md", "x\n");
    let made = Made::of(&[kept, ("notes/today", "one\ntwo\n")]);
    made.template("2.0.0", &[kept]);
    made.run("update --yes").ok();
    made.0.write("work/demo/notes", "mine\n");
    made.run("undo").code(3).says("notes is in the way");
    let undone = ["README.md", "notes", "notes.pyscaffold-new/today"];
    assert_eq!(made.files(), undone);
}
