//! Templates that take too much: every command that reads one ends itself, and changes nothing.

use crate::support::Sandbox;

/// What a project is made from.
const MANIFEST: &str = "name = \"small\"\nversion = \"1.0.0\"\nsummary = \"Small\"\n\n[[question]]\nname = \"name\"\ntype = \"text\"\ndefault = \"p\"\n";

/// The commands that render, each in the folder where it is run.
const RENDERING: [(&str, &str); 7] = [
    ("work", "new q --template ../template --yes --no-git"),
    (
        "work/p",
        "change --template ../../template --yes --set name=r",
    ),
    ("work/p", "update --template ../../template --yes"),
    ("work/p", "status --template ../../template"),
    ("work/old", "adopt --template ../../template --yes"),
    ("work", "template check ../template"),
    ("work", "template explain a.txt --template ../template"),
];

#[test]
fn no_command_is_filled_by_a_template() {
    let sandbox = Sandbox::new();
    let file = "base/files/a.txt.jinja";
    sandbox.template(&[("template.toml", MANIFEST), (file, "small\n")]);
    sandbox
        .run("new p --template ../template --yes --no-git")
        .ok();
    sandbox.write("work/old/a.txt", "mine\n");
    let doubled = "{% set a = a ~ a %}".repeat(40);
    let bomb = format!("{{% set a = 'xxxxxxxx' %}}{doubled}{{{{ a|length }}}}");
    sandbox.template(&[(file, &bomb)]);
    let before = sandbox.files("work");
    for (folder, arguments) in RENDERING {
        let mut command = sandbox.command(env!("CARGO_BIN_EXE_pyscaffold"));
        command.args(arguments.split(' '));
        command.current_dir(sandbox.path(folder));
        command.stdin(std::process::Stdio::null());
        let run = crate::support::Run(command.output().unwrap());
        let said = run.stderr();
        assert_eq!(run.0.status.code(), Some(1), "{arguments}: {said}");
        assert!(
            said.contains("takes too much memory"),
            "{arguments}: {said}"
        );
        assert!(
            said.contains("; nothing was changed"),
            "{arguments}: {said}"
        );
        // A command that is ended so can't take its lock's file away; the next one does.
        let mut after = sandbox.files("work");
        after.retain(|file| !file.contains("/.pyscaffold/local/"));
        assert_eq!(after, before, "{arguments}");
    }
}
