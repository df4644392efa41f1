//! Who may run commands: what is asked, what is remembered, and what runs.

use std::os::unix::fs::PermissionsExt;

use serde_json::json;

use super::prompts::{ENTER, ESCAPE, Terminal};
use super::support::{Run, Sandbox};

const MANIFEST: &str = "name = \"acme\"\nversion = \"1.0.0\"\nsummary = \"For tests\"\n";

/// Where what is trusted is remembered.
const LIST: &str = "home/.local/share/pyscaffold/trust.toml";

const NEW: &str = "new made --no-git --template ../template";

/// A sandbox with a template that declares one command.
fn acme() -> Sandbox {
    with_step(r#"["touch", "made by step"]"#)
}

fn with_step(run: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    let step = format!("[[step]]\nname = \"lock\"\ntitle = \"Lock\"\nrun = {run}\n");
    sandbox.template(&[
        ("template.toml", MANIFEST),
        ("base/layer.toml", &step),
        ("base/files/README.md", "# Made\n"),
    ]);
    sandbox
}

/// Gives what the template's folder is called in the list.
fn source(sandbox: &Sandbox) -> String {
    let folder = sandbox.path("template").canonicalize().unwrap();
    format!("{}/", folder.display())
}

fn trusted(sandbox: &Sandbox) -> serde_json::Value {
    sandbox.run("trust --json").ok().json()["trusted"].clone()
}

fn ask(sandbox: &Sandbox) -> Terminal {
    let mut terminal = Terminal::spawn(sandbox, NEW, (40, 160));
    terminal.wait_for("Make the project?");
    terminal.send(ENTER);
    terminal.wait_for("Let it run them? ›");
    terminal
}

/// Answers by typing what the answer is called.
fn answer(sandbox: &Sandbox, keys: &str) -> (u32, String) {
    let mut terminal = ask(sandbox);
    terminal.send(keys);
    terminal.finish()
}

fn refused(run: &Run) -> serde_json::Value {
    let error = run.code(4).json()["error"].clone();
    assert_eq!(error["exit_code"], 4);
    error
}

#[test]
fn a_template_that_only_renders_needs_no_trust() {
    let sandbox = Sandbox::new();
    sandbox.template(&[("template.toml", MANIFEST), ("base/files/README.md", "x\n")]);
    // It isn't even looked for whom the user trusts.
    sandbox.write(LIST, "broken");
    sandbox.run(&format!("{NEW} --yes")).ok();
    assert_eq!(sandbox.files("work/made")[2..], ["README.md"]);
}

#[test]
fn without_a_terminal_nothing_runs_and_nothing_is_written() {
    let sandbox = acme();
    for arguments in ["", " --yes", " --quiet", " --yes --quiet"] {
        let run = sandbox.run(&format!("{NEW}{arguments}"));
        run.code(4)
            .says("wants to run a command in the project:")
            .says("\n  touch 'made by step'\n")
            .says("is not trusted")
            .says("say --trust for this run")
            .says("--no-lock");
        assert!(sandbox.files("work").is_empty());
    }
    assert!(!sandbox.path(LIST).exists());
}

#[test]
fn the_commands_come_as_data_too() {
    let sandbox = with_step(r#"["sh", "-c", "echo \u001b[2J \u202e"]"#);
    let run = sandbox.run(&format!("{NEW} --yes --json"));
    let commands = json!([["sh", "-c", "echo \u{1b}[2J \u{202e}"]]);
    assert_eq!(refused(&run)["commands"], commands);
    assert!(
        !run.stdout().contains(['\u{1b}', '\u{202e}']),
        "{}",
        run.stdout()
    );
}

#[test]
fn a_flag_trusts_for_one_run() {
    let sandbox = acme();
    sandbox.run(&format!("{NEW} --yes --trust")).ok();
    assert!(sandbox.path("work/made/made by step").exists());
    assert_eq!(trusted(&sandbox), json!([]));
    sandbox
        .run("new again --template ../template --yes")
        .code(4);
}

#[test]
fn a_dry_run_asks_nothing_and_runs_nothing() {
    let sandbox = acme();
    sandbox
        .run(&format!("{NEW} --yes --dry-run"))
        .ok()
        .says("Then it would run:");
    assert!(sandbox.files("work").is_empty());
}

#[test]
fn no_is_the_default_and_escape_is_no() {
    for keys in [ENTER, ESCAPE, "No\r"] {
        let sandbox = acme();
        let (code, screen) = answer(&sandbox, keys);
        assert_eq!(code, 4, "{screen}");
        assert!(screen.contains("is not trusted"), "{screen}");
        assert!(sandbox.files("work").is_empty());
        assert_eq!(trusted(&sandbox), json!([]));
    }
}

#[test]
fn ctrl_c_at_the_question_changes_nothing() {
    let sandbox = acme();
    let (code, screen) = answer(&sandbox, "\x03");
    assert_eq!(code, 130, "{screen}");
    assert!(sandbox.files("work").is_empty());
}

#[test]
fn once_is_remembered_nowhere() {
    let sandbox = acme();
    let (code, screen) = answer(&sandbox, "Once\r");
    assert_eq!(code, 0, "{screen}");
    assert!(sandbox.path("work/made/made by step").exists());
    assert_eq!(trusted(&sandbox), json!([]));
}

#[test]
fn a_content_is_trusted_until_any_file_changes() {
    let sandbox = acme();
    let (code, screen) = answer(&sandbox, "This content\r");
    assert_eq!(code, 0, "{screen}");
    let entries = trusted(&sandbox);
    assert_eq!(entries[0]["source"], source(&sandbox));
    assert!(
        entries[0]["content"]
            .as_str()
            .unwrap()
            .starts_with("sha256:")
    );
    sandbox.run("new again --template ../template --yes").ok();

    sandbox.write("template/base/files/README.md", "# Other\n");
    sandbox
        .run("new third --template ../template --yes")
        .code(4)
        .says("It has changed since you trusted it");
    std::fs::remove_dir_all(sandbox.path("work/made")).unwrap();
    let mut terminal = ask(&sandbox);
    terminal.wait_for("? It has changed since you trusted it. Let it run them?");
    terminal.send(ENTER);
    assert_eq!(terminal.finish().0, 4);

    // What was trusted is trusted still.
    sandbox.write("template/base/files/README.md", "# Made\n");
    sandbox.run("new third --template ../template --yes").ok();
    // The same content elsewhere isn't.
    let copied = sandbox
        .command("cp")
        .args(["-r", "../template", "../copy"])
        .status();
    assert!(copied.unwrap().success());
    sandbox.run("new fourth --template ../copy --yes").code(4);
}

#[test]
fn a_source_is_trusted_whatever_becomes_of_it() {
    let sandbox = acme();
    let (code, screen) = answer(&sandbox, "This source\r");
    assert_eq!(code, 0, "{screen}");
    let entry = json!([{ "source": source(&sandbox), "content": null }]);
    assert_eq!(trusted(&sandbox), entry);
    sandbox.write("template/base/files/README.md", "# Other\n");
    sandbox.run("new again --template ../template --yes").ok();
    // The way it is typed doesn't matter.
    sandbox
        .run("new third --template .././template/../template/ --yes")
        .ok();
    std::os::unix::fs::symlink("template", sandbox.path("linked")).unwrap();
    sandbox.run("new fourth --template ../linked --yes").ok();
    // A folder that begins alike isn't in it.
    std::fs::rename(sandbox.path("template"), sandbox.path("template2")).unwrap();
    sandbox
        .run("new fifth --template ../template2 --yes")
        .code(4);
}

#[test]
fn a_change_asks_for_what_it_runs() {
    let sandbox = acme();
    sandbox.run(&format!("{NEW} --yes --no-lock")).ok();
    sandbox.write("template/base/files/README.md", "# Other\n");
    let update = |arguments: &str| {
        let mut command = sandbox.command(env!("CARGO_BIN_EXE_pyscaffold"));
        command.current_dir(sandbox.path("work/made"));
        command
            .args(["update", "--yes"])
            .args(arguments.split_whitespace());
        Run(command.output().unwrap())
    };
    update("").code(4).says("  touch 'made by step'");
    assert_eq!(sandbox.read("work/made/README.md"), "# Made\n");
    update("--dry-run").ok();
    sandbox.run("trust add ../template").ok();
    update("").ok();
    assert!(sandbox.path("work/made/made by step").exists());
}

#[test]
fn all_that_a_template_extends_has_to_be_trusted() {
    let sandbox = acme();
    sandbox.write(
        "company/template.toml",
        "name = \"company\"\nversion = \"1.0.0\"\nsummary = \"On top\"\nextends = \"../template\"\n",
    );
    sandbox.write("company/base/files/COMPANY", "x\n");
    let new = |name: &str| sandbox.run(&format!("new {name} --template ../company --yes"));
    // The command is declared in the middle of the chain, and who extends it doesn't answer for it.
    new("a").code(4).says("  touch 'made by step'");
    sandbox.run("trust add ../company").ok();
    new("a").code(4);
    sandbox.run("trust revoke ../company").ok();
    let mut terminal = Terminal::spawn(&sandbox, "new a --template ../company", (40, 160));
    terminal.wait_for("Make the project?");
    terminal.send(ENTER);
    terminal.wait_for("Let it run them? ›");
    let listed = format!("It extends, and is trusted with:\n  {}", source(&sandbox));
    assert!(terminal.screen().contains(&listed), "{}", terminal.screen());
    terminal.send("This source\r");
    assert_eq!(terminal.finish().0, 0);
    assert_eq!(trusted(&sandbox).as_array().unwrap().len(), 2);
    sandbox.run("trust revoke ../template").ok();
    new("b").code(4);

    // A content is that of all of them, whether one of them is trusted as a whole or not.
    let mut terminal = Terminal::spawn(&sandbox, "new b --template ../company", (40, 160));
    terminal.wait_for("Make the project?");
    terminal.send(ENTER);
    terminal.wait_for("Let it run them? ›");
    terminal.send("This content\r");
    assert_eq!(terminal.finish().0, 0);
    new("d").ok();
    sandbox.run("trust revoke --all").ok();
    new("e").code(4);
    sandbox.run("trust add ../company --content").ok();
    new("e").ok();
    sandbox.write("template/base/files/README.md", "# Other\n");
    new("c").code(4).says("It has changed since you trusted it");
}

#[test]
fn what_comes_with_the_binary_is_left_out_over_files_of_others() {
    let sandbox = Sandbox::new();
    let manifest = format!("{MANIFEST}extends = \"builtin\"\n");
    sandbox.template(&[("template.toml", &manifest), ("base/files/COMPANY", "x\n")]);
    // No program is found, so that no lock is made.
    let path = sandbox.path("none").display().to_string();
    let arguments = [
        "new",
        "made",
        "--yes",
        "--no-git",
        "--template",
        "../template",
    ];
    let run = sandbox.run_with(&arguments, &[("PATH", &path)]);
    run.ok()
        .says("is not trusted and this reads its files: uv lock; run it later, or say --trust");
    assert!(!run.stderr().contains("is not installed"));
    let arguments = [&arguments[..1], &["trusted", "--trust"], &arguments[2..]].concat();
    let run = sandbox.run_with(&arguments, &[("PATH", &path)]);
    run.ok().says("is not installed");
}

#[test]
fn the_whole_command_is_shown_and_nothing_in_it_is_hidden() {
    let sandbox = with_step(
        r#"["sh", "-c", "true\r\u001b[1A\u001b[2K", "a b", "\u202etxt.exe", "zero\u200bwidth", "", "it's"]"#,
    );
    let shown = r"  sh -c $'true\r\u{1b}[1A\u{1b}[2K' 'a b' $'\u{202e}txt.exe' $'zero\u{200b}width' '' 'it'\''s'";
    sandbox.run(&format!("{NEW} --yes")).code(4).says(shown);
    // A quiet run shows it, too: somebody is asked.
    let mut terminal = Terminal::spawn(&sandbox, &format!("{NEW} --quiet"), (40, 160));
    terminal.wait_for("Make the project?");
    terminal.send(ENTER);
    terminal.wait_for("? Let it run them?");
    assert!(terminal.screen().contains(shown), "{}", terminal.screen());
    terminal.send(ENTER);
    assert_eq!(terminal.finish().0, 4);
}

#[test]
fn a_long_command_is_shown_to_its_end() {
    let padding = "x".repeat(3000);
    let sandbox = with_step(&format!(r#"["sh", "-c", "true {padding}; evil"]"#));
    sandbox
        .run(&format!("{NEW} --yes"))
        .code(4)
        .says(&format!("  sh -c 'true {padding}; evil'\n"));
}

#[test]
fn a_command_runs_once_without_a_shell_in_the_project() {
    let sandbox = Sandbox::new();
    let step = "[[step]]\nname = \"lock\"\nrun = [\"./scripts/note.sh\", \"$HOME;x\"]\n\
                [[files]]\npath = \"scripts/*\"\nexecutable = true\n";
    sandbox.template(&[
        ("template.toml", MANIFEST),
        ("base/layer.toml", step),
        ("base/files/README.md", "x\n"),
        (
            "base/files/scripts/note.sh",
            "#!/bin/sh\nls README.md >> note\necho \"$1\" >> note\n",
        ),
    ]);
    sandbox.run(&format!("{NEW} --yes --trust")).ok();
    assert_eq!(sandbox.read("work/made/note"), "README.md\n$HOME;x\n");
}

#[test]
fn the_project_is_not_searched_for_programs() {
    let sandbox = Sandbox::new();
    let step = "[[step]]\nname = \"lock\"\ntitle = \"Lock\"\nrun = [\"tool-of-the-project\"]\n\
                [[files]]\npath = \"tool-of-the-project\"\nexecutable = true\n";
    sandbox.template(&[
        ("template.toml", MANIFEST),
        ("base/layer.toml", step),
        ("base/files/tool-of-the-project", "#!/bin/sh\n: > ran\n"),
    ]);
    for (name, path) in [
        ("a", ".:/usr/bin:/bin"),
        ("b", ":/usr/bin:/bin:"),
        ("c", "."),
        ("d", ""),
    ] {
        let arguments = [
            "new",
            name,
            "--yes",
            "--no-git",
            "--trust",
            "--template",
            "../template",
        ];
        sandbox
            .run_with(&arguments, &[("PATH", path)])
            .ok()
            .says("tool-of-the-project is not installed");
        assert!(!sandbox.path(&format!("work/{name}/ran")).exists());
    }
}

#[test]
fn a_program_outside_of_the_project_is_a_mistake_of_the_template() {
    for program in ["../tool", "scripts/../../tool", "./../tool"] {
        let sandbox = with_step(&format!("[\"{program}\"]"));
        sandbox
            .run(&format!("{NEW} --yes --trust"))
            .code(1)
            .says(&format!("program '{program}' is not a file in the project"))
            .says("layer.toml:4:7");
        assert!(sandbox.files("work").is_empty());
    }
}

#[test]
fn the_list_is_shown_added_to_and_revoked() {
    let sandbox = acme();
    sandbox.run("trust").ok().says("Nobody is trusted");
    sandbox
        .run("trust add https://ada:secret@GitHub.com/acme/api.git/")
        .ok()
        .says("Trusted: https://github.com/acme/api\n");
    let added = sandbox.run("trust add gh:acme/other --json").ok().json();
    let entry = json!([{ "source": "https://github.com/acme/other", "content": null }]);
    assert_eq!(added, json!({ "added": entry }));
    sandbox.run("trust add ../template --content").ok();
    let listed = sandbox.run("trust").ok().stdout();
    let lines: Vec<&str> = listed.lines().collect();
    assert!(lines[0].starts_with(&format!("{} sha256:", source(&sandbox))));
    assert_eq!(
        lines[1..],
        [
            "https://github.com/acme/api",
            "https://github.com/acme/other"
        ]
    );
    let file = sandbox.run("trust --json").ok().json()["file"].clone();
    assert_eq!(file, sandbox.path(LIST).display().to_string());

    let revoked = sandbox
        .run("trust revoke gh:acme/other ../template --json")
        .ok()
        .json();
    assert_eq!(revoked["revoked"].as_array().unwrap().len(), 2);
    assert_eq!(
        sandbox.run("trust").ok().stdout(),
        "https://github.com/acme/api\n"
    );
    sandbox
        .run("trust revoke --all")
        .ok()
        .says("Revoked: https://github.com/acme/api");
    assert_eq!(trusted(&sandbox), json!([]));
}

#[test]
fn what_is_not_trusted_can_not_be_revoked() {
    let sandbox = acme();
    sandbox.run("trust add gh:acme/api").ok();
    sandbox
        .run("trust revoke gh:acme/apis")
        .code(2)
        .says("'gh:acme/apis' is not trusted by itself")
        .says("did you mean 'https://github.com/acme/api'?");
    // Nothing is revoked when something can't be.
    sandbox.run("trust revoke gh:acme/api /nowhere").code(2);
    assert_eq!(
        trusted(&sandbox)[0]["source"],
        "https://github.com/acme/api"
    );
    sandbox
        .run("trust revoke gh:acme/api#web")
        .code(2)
        .says("it is trusted with all of https://github.com/acme/api");
    sandbox.run("trust revoke").code(2).says("SOURCE");
    sandbox.run("trust add gh:acme").ok();
    sandbox
        .run("trust revoke gh:acme/api")
        .ok()
        .says("is still trusted, with all of https://github.com/acme");
    sandbox.run("trust revoke --all").ok();
    sandbox
        .run("trust revoke gh:acme/api")
        .code(2)
        .says("'pyscaffold trust' lists what is");
}

#[test]
fn a_folder_that_is_gone_can_be_revoked() {
    let sandbox = acme();
    sandbox.run("trust add ../template").ok();
    let listed = source(&sandbox);
    std::fs::remove_dir_all(sandbox.path("template")).unwrap();
    sandbox.run(&format!("trust revoke {listed}")).ok();
    assert_eq!(trusted(&sandbox), json!([]));
}

#[test]
fn what_has_no_safe_name_can_not_be_trusted() {
    let sandbox = acme();
    for (typed, reason) in [
        ("builtin", "is always trusted"),
        ("../nowhere", "neither a URL nor an absolute path"),
        ("https://github.com", "no owner of repositories"),
        ("https://github.com/acme/../evil", "its path holds '..'"),
        ("http://git.example/acme", "neither https, ssh nor file"),
        ("/", "the whole disk"),
    ] {
        sandbox
            .run(&format!("trust add {typed}"))
            .code(2)
            .says(reason);
    }
    sandbox
        .run("trust add builtin --content")
        .code(2)
        .says("is always trusted");
    sandbox.run("trust add ../nowhere --content").code(2);
    assert!(!sandbox.path(LIST).exists());
}

#[test]
fn the_list_belongs_to_its_owner() {
    let sandbox = acme();
    sandbox.run("trust add ../template").ok();
    let mode = |path| {
        std::fs::metadata(sandbox.path(path))
            .unwrap()
            .permissions()
            .mode()
            & 0o777
    };
    assert_eq!(mode(LIST), 0o600);
    assert_eq!(mode("home/.local/share/pyscaffold"), 0o700);
    let shared = std::fs::Permissions::from_mode(0o666);
    std::fs::set_permissions(sandbox.path(LIST), shared).unwrap();
    for arguments in [
        "trust",
        "trust add gh:acme",
        "new made --template ../template --yes",
    ] {
        sandbox
            .run(arguments)
            .code(1)
            .says("can be written by others")
            .says("hint: look at it, then: chmod 600");
    }
    assert!(sandbox.files("work").is_empty());
}

#[test]
fn a_broken_list_trusts_nobody_and_says_how_to_mend_it() {
    let sandbox = acme();
    sandbox.run("trust add ../template").ok();
    let list = sandbox.read(LIST);
    for broken in [
        String::new(),
        list.replace("format = 1", "format = 0"),
        list.replace("source =", "sources ="),
        format!("{list}[[trusted]]\nsource = \"gh:acme/api\"\n"),
        format!("{list}content = \"sha256:12\"\n"),
        format!("{list}\u{0}"),
    ] {
        sandbox.write(LIST, &broken);
        for arguments in [NEW, "trust", "trust add gh:acme/api", "trust revoke --all"] {
            sandbox
                .run(arguments)
                .code(1)
                .says("can't read whom you trust")
                .says("trust.toml")
                .says("hint: mend the file, or delete it to trust nobody");
        }
        assert_eq!(sandbox.read(LIST), broken);
    }
    sandbox.write(LIST, list.replace("format = 1", "format = 2"));
    sandbox
        .run("trust")
        .code(1)
        .says("format 2")
        .says("use a newer pyscaffold");
    assert!(sandbox.files("work").is_empty());
}

#[test]
fn the_list_lies_in_the_data_folder() {
    let sandbox = acme();
    let mut command = sandbox.command(env!("CARGO_BIN_EXE_pyscaffold"));
    command
        .args(["trust"])
        .env("XDG_DATA_HOME", sandbox.path("data"));
    Run(command.output().unwrap())
        .ok()
        .says("Nobody is trusted");
    let mut command = sandbox.command(env!("CARGO_BIN_EXE_pyscaffold"));
    command
        .args(["trust", "add", "gh:acme"])
        .env("XDG_DATA_HOME", sandbox.path("data"));
    Run(command.output().unwrap()).ok();
    assert!(sandbox.path("data/pyscaffold/trust.toml").exists());
    assert!(!sandbox.path(LIST).exists());
}
