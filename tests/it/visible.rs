//! What others write never controls the terminal that it is shown on.

use super::prompts::{DOWN, ENTER, Terminal};
use super::support::{Run, Sandbox};

/// Clears the screen, sets its title, goes back over the line, and turns the text around.
const TRICK: &str = r"\u001b[2J\u001b]0;mine\u0007\r\b\u009b2J\u202e\u200b";

/// How that is shown.
const SHOWN: &str = r"\u{1b}[2J\u{1b}]0;mine\u{7}\r\u{8}\u{9b}2J\u{202e}\u{200b}";

/// A template that plays the trick wherever people see its text.
fn hostile() -> Sandbox {
    let sandbox = Sandbox::new();
    let manifest = r#"
name = "aTRICK"
version = "1.0.0"
summary = "bTRICK"

[[question]]
name = "plain"
order = 1
prompt = "cTRICK"
help = "dTRICK"
default = "eTRICK"

[[question]]
name = "drink"
order = 2
type = "choice"
prompt = "fTRICK"
help = "gTRICK"
choices = [{ value = "tea", title = "hTRICK", hint = "iTRICK" }, { value = "water", title = "jTRICK" }]

[[question]]
name = "fruit"
order = 3
type = "choices"
prompt = "kTRICK"
choices = [{ value = "pear", title = "lTRICK", hint = "mTRICK" }]

[[question]]
name = "open"
order = 4
type = "bool"
prompt = "nTRICK"
"#;
    sandbox.template(&[
        ("template.toml", &manifest.replace("TRICK", TRICK)),
        (
            "base/layer.toml",
            &"[[step]]\nname = \"lock\"\ntitle = \"oTRICK\"\nrun = [\"sh\", \"-c\", \"printf 'pTRICK' >&2; exit 1\"]\n[[next]]\nrun = \"qTRICK\"\n"
                .replace("TRICK", TRICK),
        ),
        ("base/files/README.md.jinja", "{{ plain }}\n"),
    ]);
    let trick: String = serde_json::from_str(&format!("\"r{TRICK}\"")).unwrap();
    sandbox.write("template/base/files/trick.txt", trick);
    sandbox
}

/// Checks that nothing in what was said is obeyed or hidden.
#[track_caller]
fn is_plain(run: &Run) {
    for said in [run.stdout(), run.stderr()] {
        let trick = said
            .chars()
            .find(|one| (one.is_control() && *one != '\n') || "\u{202e}\u{200b}".contains(*one));
        assert_eq!(trick, None, "{}", said.escape_debug());
    }
}

#[test]
fn a_template_does_not_control_what_is_said() {
    let sandbox = hostile();
    for (arguments, shown) in [
        ("new --help --template ../template", "bcdefghijklmn"),
        ("new -h --template ../template", "cefkn"),
        ("options --template ../template", "bcfhijklmn"),
        (
            "template show --plain x --verbose --template ../template",
            "abdeghijlmpq",
        ),
        (
            "template explain trick.txt --plain x --template ../template",
            "r",
        ),
        (
            "new made --plain x --open=true --no-git --yes --trust --verbose --template ../template",
            "pq",
        ),
        (
            "new again --plain x --open=true --yes --dry-run --template ../template",
            "",
        ),
    ] {
        let run = sandbox.run(arguments);
        run.ok();
        is_plain(&run);
        let said = run.stdout() + &run.stderr();
        for letter in shown.chars() {
            let text = format!("{letter}{SHOWN}");
            assert!(
                said.contains(&text),
                "not said by {arguments}: {text}\n{said}"
            );
        }
    }
    for (arguments, shown) in [
        ("status", "a"),
        ("change --yes --no-lock --drink water", ""),
    ] {
        let mut command = sandbox.command(env!("CARGO_BIN_EXE_pyscaffold"));
        command.current_dir(sandbox.path("work/made"));
        let run = Run(command.args(arguments.split(' ')).output().unwrap());
        run.ok();
        is_plain(&run);
        let text = format!("{shown}{SHOWN}");
        assert!(
            shown.is_empty() || run.stdout().contains(&text),
            "{}",
            run.stdout()
        );
    }
}

#[test]
fn an_answer_or_an_argument_does_not_control_what_is_said() {
    let sandbox = hostile();
    sandbox.write("answers.toml", format!("drink = \"{TRICK}\"\n"));
    let typed: String = serde_json::from_str(&format!("\"{TRICK}\"")).unwrap();
    let cases = [
        vec!["--yes", "--answers", "../answers.toml"],
        vec!["--yes", "--drink", &typed],
        vec!["--yes", &typed],
        vec!["--yes", "--set", &typed],
        vec!["--template", &typed],
    ];
    for arguments in cases {
        let mut all = vec!["new", "made", "--template", "../template"];
        if arguments[0] == "--template" {
            all.truncate(2);
        }
        all.extend(arguments);
        let run = sandbox.run_with(&all, &[]);
        run.code(2).says(r"\u{202e}");
        is_plain(&run);
    }
}

#[test]
fn a_mistake_is_shown_where_it_is_whatever_stands_before_it() {
    let sandbox = Sandbox::new();
    let manifest = format!(
        "name = \"a\"\nversion = \"1.0.0\"\nsummary = \"\"\n# \u{202e}\u{200b}{TRICK}\nextra\u{1b} = 1\n"
    );
    sandbox.template(&[("template.toml", &manifest)]);
    is_plain(sandbox.run("options --template ../template").code(1));
    let manifest = "name = \"a\"\nversion = \"1.0.0\"\nsummary = \"\"\n\"\u{202e}x\" = 1\n";
    sandbox.template(&[("template.toml", manifest)]);
    let run = sandbox.run("options --template ../template");
    run.code(1).says(r#""\u{202e}x" = 1"#);
    is_plain(&run);
}

#[test]
fn a_message_of_several_lines_is_no_other_message() {
    let sandbox = hostile();
    let run = sandbox.run_with(
        &[
            "new",
            "made",
            "--yes",
            "--drink",
            "tea\nerror: all is lost",
            "--template",
            "../template",
        ],
        &[],
    );
    let stderr = run.code(2).stderr();
    assert_eq!(
        stderr
            .lines()
            .filter(|line| line.starts_with("error:"))
            .count(),
        1,
        "{stderr}"
    );
    assert!(stderr.contains("\n  error: all is lost"), "{stderr}");
}

#[test]
fn data_is_the_same_and_safe_to_show() {
    let sandbox = hostile();
    let run = sandbox.run("options --json --template ../template");
    is_plain(&run);
    let summary: String = serde_json::from_str(&format!("\"b{TRICK}\"")).unwrap();
    assert_eq!(run.ok().json()["template"]["summary"], summary);
}

#[test]
fn prompts_show_what_they_are_told() {
    let sandbox = hostile();
    let arguments = "new made --no-git --no-lock --template ../template";
    let mut terminal = Terminal::spawn(&sandbox, arguments, (40, 250));
    terminal.wait_for(&format!("? c{SHOWN} › [e{SHOWN}]"));
    assert!(terminal.screen().contains(&format!("d{SHOWN}")));
    terminal.send("x\u{202e}y\r");
    terminal.wait_for(&format!("✔ c{SHOWN} · x\\u{{202e}}y"));
    terminal.wait_for(&format!("❯ h{SHOWN}  i{SHOWN}"));
    terminal.send(DOWN);
    terminal.wait_for(&format!("❯ j{SHOWN}"));
    terminal.send(ENTER);
    terminal.wait_for(&format!("l{SHOWN}  m{SHOWN}"));
    terminal.send(" \r");
    terminal.wait_for(&format!("? n{SHOWN}"));
    terminal.send("y");
    terminal.wait_for("Make the project?");
    // Nothing was cleared.
    assert!(
        terminal.screen().contains(&format!("k{SHOWN}")),
        "{}",
        terminal.screen()
    );
    terminal.send(ENTER);
    let (code, screen) = terminal.finish();
    assert_eq!(code, 0, "{screen}");
    // The command that repeats it says what the answer is.
    assert!(screen.contains(r"--plain $'x\u{202e}y'"), "{screen}");
}

#[test]
fn the_text_of_a_file_is_safe_on_a_terminal_and_whole_for_a_program() {
    let sandbox = hostile();
    sandbox
        .run("new made --plain x --open=true --no-git --no-lock --yes --template ../template")
        .ok();
    sandbox.write("work/made/README.md", "\u{1b}[2J\u{202e}\r\nend\r\n");
    let mut command = sandbox.command(env!("CARGO_BIN_EXE_pyscaffold"));
    command.current_dir(sandbox.path("work/made")).arg("diff");
    let diff = Run(command.output().unwrap()).ok().stdout();
    assert!(
        diff.contains("\n+\u{1b}[2J\u{202e}\r\n+end\r\n"),
        "{}",
        diff.escape_debug()
    );
    let terminal = Terminal::spawn_in(&sandbox, "work/made", "diff", (40, 100));
    let (code, screen) = terminal.finish();
    assert_eq!(code, 0, "{screen}");
    assert!(screen.contains(r"+\u{1b}[2J\u{202e}"), "{screen}");
    assert!(screen.contains("+++ "), "{screen}");
}
