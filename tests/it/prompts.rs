//! The prompts of `new`, driven through a pseudo-terminal.

use std::io::{Read, Write};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

use super::support::Sandbox;

/// How long a screen may take to appear before the test fails.
const PATIENCE: Duration = Duration::from_secs(30);

pub const ENTER: &str = "\r";
pub const ESCAPE: &str = "\x1b";
pub const DOWN: &str = "\x1b[B";
const CTRL_C: &str = "\x03";

/// What is asked once all questions are answered.
const CONFIRMATION: &str = "Make the project?";

/// A template with one question of each kind.
const TEMPLATE: &str = r#"
name = "small"
version = "1.0.0"
summary = "For tests"

[[question]]
name = "title"
order = 1
prompt = "Title"
default = "shop"
pattern = "[a-z]+"

[[question]]
name = "workers"
order = 2
prompt = "Workers"
type = "integer"
default = 4
minimum = 1
maximum = 9

[[question]]
name = "fruit"
order = 3
prompt = "Fruit"
help = "What grows on trees."
type = "choices"

[[question.choices]]
value = "apple"
title = "Apple"
hint = "keeps over the winter"

[[question.choices]]
value = "pear"
title = "Pear"
hint = "sweet, does not keep, and has a hint that is too long for a narrow window"

[[question.choices]]
value = "plum"
title = "Plum"
hint = "cakes"

[[question]]
name = "drink"
order = 4
prompt = "Drink"
type = "choice"
default = "tea"

[[question.choices]]
value = "coffee"
title = "Coffee"
hint = "beans"

[[question.choices]]
value = "tea"
title = "Tea"
hint = "leaves"

[[question]]
name = "open"
order = 5
prompt = "Open"
type = "bool"
default = false

[[question]]
name = "token"
order = 6
prompt = "Token"
secret = true
"#;

/// The program on a screen of its own.
pub struct Terminal {
    screen: vt100::Parser,
    output: Receiver<Vec<u8>>,
    input: Box<dyn Write + Send>,
    master: Box<dyn MasterPty + Send>,
    child: Box<dyn Child + Send + Sync>,
}

impl Terminal {
    /// Runs the program in `work/` of a sandbox, on a screen of rows and columns.
    pub fn spawn(sandbox: &Sandbox, arguments: &str, size: (u16, u16)) -> Self {
        Self::spawn_in(sandbox, "work", arguments, size)
    }

    /// Runs the program in a folder of a sandbox.
    pub fn spawn_in(
        sandbox: &Sandbox,
        folder: &str,
        arguments: &str,
        (rows, cols): (u16, u16),
    ) -> Self {
        let pair = native_pty_system()
            .openpty(PtySize {
                rows,
                cols,
                ..PtySize::default()
            })
            .unwrap();
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_pyscaffold"));
        command.args(arguments.split(' '));
        command.cwd(sandbox.path(folder));
        command.env_clear();
        for (name, value) in sandbox.command("").get_envs() {
            command.env(name, value.unwrap_or_default());
        }
        command.env("TERM", "xterm-256color");
        let child = pair.slave.spawn_command(command).unwrap();
        let mut reader = pair.master.try_clone_reader().unwrap();
        let (sender, output) = channel();
        std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(count @ 1..) = reader.read(&mut buffer) {
                if sender.send(buffer[..count].to_vec()).is_err() {
                    return;
                }
            }
        });
        let input = pair.master.take_writer().unwrap();
        // The other end stays open until here, so that the terminal's modes can be looked at.
        let terminal = Terminal {
            screen: vt100::Parser::new(rows, cols, 0),
            output,
            input,
            master: pair.master,
            child,
        };
        drop(pair.slave);
        terminal
    }

    /// Types.
    pub fn send(&mut self, keys: &str) {
        self.input.write_all(keys.as_bytes()).unwrap();
        self.input.flush().unwrap();
    }

    /// Gives the rows of the screen, without empty ones at the end.
    pub fn screen(&self) -> String {
        self.screen
            .screen()
            .contents()
            .lines()
            .map(str::trim_end)
            .collect::<Vec<_>>()
            .join("\n")
            .trim_end()
            .to_owned()
    }

    /// Waits until the screen shows a text.
    pub fn wait_for(&mut self, text: &str) {
        self.wait_until(text, |screen| screen.contains(text));
    }

    /// Waits until the screen is as wanted.
    fn wait_until(&mut self, wanted: &str, is_wanted: impl Fn(&str) -> bool) {
        let end = Instant::now() + PATIENCE;
        while !is_wanted(&self.screen()) {
            let left = end.saturating_duration_since(Instant::now());
            let Ok(bytes) = self.output.recv_timeout(left) else {
                panic!("waited for {wanted}, but the screen is\n{}", self.screen());
            };
            self.screen.process(&bytes);
        }
    }

    /// Waits until something is asked that isn't what was asked before.
    fn wait_for_other_question(&mut self, before: &str) {
        self.wait_until("another question", |screen| {
            question(screen).is_some_and(|asked| asked != before)
        });
    }

    /// Takes what is offered until a question of this title comes.
    fn enter_until(&mut self, title: &str) {
        self.wait_until("a question", |screen| question(screen).is_some());
        loop {
            let screen = self.screen();
            let before = question(&screen).unwrap_or_default();
            if before.starts_with(title) {
                return;
            }
            assert_ne!(before, CONFIRMATION, "'{title}' was never asked");
            self.send(ENTER);
            self.wait_for_other_question(before);
        }
    }

    /// Gives the title in the active row of a list.
    fn active(&self) -> String {
        let screen = self.screen();
        let row = screen
            .lines()
            .find_map(|row| row.strip_prefix("❯ "))
            .unwrap_or_default();
        row.split("  ").next().unwrap_or_default().to_owned()
    }

    /// Waits for the end; the terminal has to be as it was before. Gives the exit code.
    pub fn finish(mut self) -> (u32, String) {
        let end = Instant::now() + PATIENCE;
        let mut code = None;
        while code.is_none() {
            assert!(Instant::now() < end, "it goes on\n{}", self.screen());
            if let Ok(bytes) = self.output.recv_timeout(Duration::from_millis(20)) {
                self.screen.process(&bytes);
            }
            code = self.child.try_wait().unwrap();
        }
        while let Ok(bytes) = self.output.recv_timeout(Duration::from_millis(50)) {
            self.screen.process(&bytes);
        }
        assert!(!self.screen.screen().hide_cursor(), "the cursor is hidden");
        #[cfg(unix)]
        {
            let modes = format!("{:?}", self.master.get_termios().unwrap().local_flags);
            assert!(
                modes.contains("ICANON") && modes.contains("ECHO"),
                "the terminal is left raw: {modes}"
            );
        }
        (code.unwrap().exit_code(), self.screen())
    }
}

/// Finds what a screen asks; a narrow one shows the beginning of it.
fn question(screen: &str) -> Option<&str> {
    let row = screen
        .lines()
        .rev()
        .find_map(|row| row.strip_prefix("? "))?;
    row.split(" ›").next()
}

/// Makes a sandbox with the template of one question of each kind.
fn small() -> (Sandbox, String) {
    let sandbox = Sandbox::new();
    let template = sandbox.template(&[
        ("template.toml", TEMPLATE),
        (
            "base/files/README.md.jinja",
            "{{ title }} {{ fruit | join('+') }} {{ open }}\n",
        ),
        ("base/layer.toml", ""),
    ]);
    let arguments = format!(
        "new made --no-git --no-lock --template {}",
        template.display()
    );
    (sandbox, arguments)
}

fn work_is_empty(sandbox: &Sandbox) -> bool {
    std::fs::read_dir(sandbox.path("work"))
        .unwrap()
        .next()
        .is_none()
}

#[test]
fn arrows_and_enter_choose_and_the_summary_is_confirmed() {
    let sandbox = Sandbox::new();
    let mut terminal = Terminal::spawn(&sandbox, "new shop --no-git --no-lock", (40, 100));
    terminal.enter_until("License");
    let first = terminal.active();
    terminal.send(DOWN);
    terminal.wait_until("the next row", |screen| {
        !screen.contains(&format!("❯ {first}"))
    });
    let second = terminal.active();
    terminal.send(ENTER);
    terminal.wait_for(&format!("✔ License · {second}"));
    terminal.enter_until(CONFIRMATION);
    let summary = terminal.screen();
    let line = |title: &str| {
        summary
            .lines()
            .find(|row| row.trim_start().starts_with(title))
            .map(str::to_owned)
    };
    assert!(line("License").unwrap().ends_with(&second), "{summary}");
    assert!(line("Folder").unwrap().ends_with("shop"), "{summary}");
    terminal.send(ENTER);
    let (code, screen) = terminal.finish();
    assert_eq!(code, 0, "{screen}");
    assert!(sandbox.path("work/shop/pyproject.toml").exists());
}

#[test]
fn typing_filters() {
    let (sandbox, arguments) = small();
    let mut terminal = Terminal::spawn(&sandbox, &arguments, (24, 80));
    terminal.enter_until("Drink");
    terminal.wait_for("❯ Tea     leaves");
    terminal.send("cof");
    terminal.wait_until("one row", |screen| {
        screen.contains("❯ Coffee  beans") && !screen.contains("Tea")
    });
    terminal.send("x");
    terminal.wait_for("nothing matches");
    terminal.send("\x7f");
    terminal.wait_for("❯ Coffee");
    terminal.send(ENTER);
    terminal.wait_for("✔ Drink · Coffee");
    terminal.wait_for("? Open");
    terminal.send(CTRL_C);
    assert_eq!(terminal.finish().0, 130);
}

#[test]
fn space_marks_several() {
    let (sandbox, arguments) = small();
    let mut terminal = Terminal::spawn(&sandbox, &arguments, (24, 80));
    terminal.enter_until("Fruit");
    terminal.send(" ");
    terminal.wait_for("❯ [x] Apple");
    terminal.send(DOWN);
    terminal.wait_for("❯ [ ] Pear");
    terminal.send(DOWN);
    terminal.wait_for("❯ [ ] Plum");
    terminal.send(" ");
    terminal.wait_for("❯ [x] Plum");
    terminal.send(ENTER);
    terminal.wait_for("✔ Fruit · Apple, Plum");
    terminal.enter_until("Token");
    terminal.send("hush");
    terminal.wait_for("› ****");
    terminal.send(ENTER);
    terminal.wait_for(CONFIRMATION);
    assert!(!terminal.screen().contains("hush"), "{}", terminal.screen());
    terminal.send(ENTER);
    let (code, screen) = terminal.finish();
    assert_eq!(code, 0, "{screen}");
    assert_eq!(
        sandbox.read("work/made/README.md"),
        "shop apple+plum False\n"
    );
}

#[test]
fn escape_goes_back_one_question_each_time() {
    let (sandbox, arguments) = small();
    let mut terminal = Terminal::spawn(&sandbox, &arguments, (24, 80));
    terminal.wait_for("? Title › [shop]");
    terminal.send("market\r");
    terminal.wait_for("? Workers (1 to 9) › [4]");
    terminal.send(ENTER);
    terminal.wait_for("? Fruit");
    terminal.send(ESCAPE);
    terminal.wait_for("? Workers");
    assert!(
        !terminal.screen().contains("✔ Workers"),
        "{}",
        terminal.screen()
    );
    terminal.send(ESCAPE);
    terminal.wait_for("? Title › market");
    assert_eq!(
        terminal.screen().matches("Title").count(),
        1,
        "{}",
        terminal.screen()
    );
    terminal.send("s\r");
    terminal.wait_for("✔ Title · markets");
    terminal.enter_until("Token");
    terminal.send("x\r");
    terminal.wait_for(CONFIRMATION);
    terminal.send(ESCAPE);
    terminal.wait_for("? Token");
    terminal.wait_for("✔ Title · markets");
    assert!(
        !terminal.screen().contains(CONFIRMATION),
        "{}",
        terminal.screen()
    );
    terminal.send(CTRL_C);
    assert_eq!(terminal.finish().0, 130);
}

#[test]
fn a_wrong_answer_stays_with_the_reason() {
    let (sandbox, arguments) = small();
    let mut terminal = Terminal::spawn(&sandbox, &arguments, (24, 80));
    terminal.wait_for("? Title");
    terminal.send("Shop\r");
    terminal.wait_for("✘ 'Shop' doesn't match the pattern [a-z]+");
    terminal.wait_for("? Title › Shop");
    terminal.send("\x1b[H");
    terminal.send("\x1b[3~");
    terminal.send("s\r");
    terminal.wait_for("✔ Title · shop");
    terminal.wait_for("? Workers");
    terminal.send("10\r");
    terminal.wait_for("✘ 10 is not between 1 and 9");
    terminal.send(CTRL_C);
    assert_eq!(terminal.finish().0, 130);
}

#[test]
fn ctrl_c_leaves_nothing_behind() {
    let sandbox = Sandbox::new();
    for title in ["Name", "License", CONFIRMATION] {
        let mut terminal = Terminal::spawn(&sandbox, "new shop --no-git --no-lock", (40, 100));
        terminal.enter_until(title);
        terminal.send(CTRL_C);
        let (code, screen) = terminal.finish();
        assert_eq!(code, 130, "{screen}");
        assert!(
            screen.ends_with("\nerror: interrupted; nothing was changed"),
            "{screen}"
        );
        assert!(work_is_empty(&sandbox));
    }
}

#[cfg(unix)]
#[test]
fn a_signal_ends_a_prompt_at_once() {
    let sandbox = Sandbox::new();
    for signal in ["-INT", "-TERM"] {
        let mut terminal = Terminal::spawn(&sandbox, "new shop --no-git --no-lock", (40, 100));
        terminal.enter_until("License");
        let process = terminal.child.process_id().unwrap().to_string();
        assert!(
            std::process::Command::new("kill")
                .args([signal, &process])
                .status()
                .unwrap()
                .success()
        );
        let (code, screen) = terminal.finish();
        assert_eq!(code, 130, "{screen}");
        assert!(work_is_empty(&sandbox));
    }
}

#[test]
fn no_changes_nothing() {
    let sandbox = Sandbox::new();
    let mut terminal = Terminal::spawn(&sandbox, "new shop --no-git --no-lock", (40, 100));
    terminal.enter_until(CONFIRMATION);
    terminal.send("n");
    let (code, screen) = terminal.finish();
    assert_eq!(code, 130, "{screen}");
    assert!(screen.contains("nothing was changed"), "{screen}");
    assert!(work_is_empty(&sandbox));
}

#[test]
fn a_tiny_window_is_enough() {
    let (sandbox, arguments) = small();
    let mut terminal = Terminal::spawn(&sandbox, &arguments, (5, 20));
    terminal.enter_until("Fruit");
    terminal.wait_for("❯ [ ] Apple  keeps…");
    terminal.send(DOWN);
    terminal.wait_for("❯ [ ] Pear   sweet…");
    terminal.send(DOWN);
    terminal.wait_for("❯ [ ] Plum   cakes");
    terminal.send(ENTER);
    terminal.enter_until("Token");
    terminal.send("a long secret that doesn't fit\r");
    terminal.wait_for("? Make the project?");
    terminal.send(ENTER);
    let (code, screen) = terminal.finish();
    assert_eq!(code, 0, "{screen}");
}

#[test]
fn a_change_offers_the_present_answers_and_shows_its_plan() {
    let (sandbox, arguments) = small();
    sandbox
        .run(&format!(
            "{arguments} --yes --token x --drink coffee --fruit pear"
        ))
        .ok();
    let readme = sandbox.read("work/made/README.md");
    let ask = || Terminal::spawn_in(&sandbox, "work/made", "change --no-lock", (40, 100));
    for reply in [ENTER, CTRL_C, "n"] {
        let mut terminal = ask();
        terminal.enter_until("Drink");
        assert_eq!(terminal.active(), "Coffee");
        terminal.send(DOWN);
        terminal.send(ENTER);
        terminal.enter_until("Token");
        terminal.send("x\r");
        terminal.wait_for("drink: coffee → ");
        terminal.wait_for("? Do it?");
        terminal.send(reply);
        let (code, screen) = terminal.finish();
        assert_eq!(code, 130, "{screen}");
        assert_eq!(sandbox.read("work/made/README.md"), readme);
    }
    let mut terminal = ask();
    terminal.wait_for("? Title");
    terminal.send("\u{15}other\r");
    terminal.enter_until("Token");
    terminal.send("x\r");
    terminal.wait_for("update    README.md");
    terminal.wait_for("? Do it?");
    terminal.send("y");
    let (code, screen) = terminal.finish();
    assert_eq!(code, 0, "{screen}");
    assert_eq!(
        sandbox.read("work/made/README.md"),
        readme.replace("shop", "other")
    );
}

#[test]
fn what_a_template_on_top_fixes_or_hides_is_not_asked() {
    let (sandbox, _) = small();
    sandbox.write(
        "acme/template.toml",
        "name = \"acme\"\nversion = \"1.0.0\"\nextends = \"../template\"\n[defaults]\nworkers = 7\n[answers]\ntitle = \"store\"\nopen = true\n[[hide]]\nchoice = \"fruit/plum\"\n",
    );
    let new = "new made --no-git --no-lock --template ../acme";
    let mut terminal = Terminal::spawn(&sandbox, new, (40, 100));
    terminal.enter_until("Workers");
    assert!(
        !terminal.screen().contains("Title"),
        "{}",
        terminal.screen()
    );
    terminal.wait_for("7");
    terminal.enter_until("Fruit");
    assert!(!terminal.screen().contains("Plum"), "{}", terminal.screen());
    terminal.enter_until("Drink");
    terminal.send(ENTER);
    terminal.wait_for_other_question("Drink");
    let screen = terminal.screen();
    assert_eq!(question(&screen), Some("Token"), "{screen}");
    terminal.send("s3cret\r");
    terminal.wait_for(CONFIRMATION);
    let summary = terminal.screen();
    assert!(summary.contains("store"), "{summary}");
    terminal.send(ENTER);
    assert_eq!(terminal.finish().0, 0);
    assert_eq!(sandbox.read("work/made/README.md"), "store  True\n");
}

#[test]
fn a_project_with_a_hidden_choice_is_asked_what_it_becomes() {
    let (sandbox, _) = small();
    let acme = "name = \"acme\"\nversion = \"1.0.0\"\nextends = \"../template\"\n";
    sandbox.write("acme/template.toml", acme);
    sandbox.template(&[(
        "template.toml",
        &TEMPLATE.replace(
            "[[question.choices]]\nvalue = \"tea\"",
            "[[question.choices]]\nvalue = \"milk\"\ntitle = \"Milk\"\n\n[[question.choices]]\nvalue = \"tea\"",
        ),
    )]);
    sandbox
        .run("new made --yes --no-git --no-lock --template ../acme --token x")
        .ok();
    let hide = "[[hide]]\nchoice = \"drink/tea\"\nbecause = \"we drink no leaves\"\n";
    sandbox.write("acme/template.toml", format!("{acme}{hide}"));
    let update = "update --no-lock --token x";
    let mut terminal = Terminal::spawn_in(&sandbox, "work/made", update, (40, 100));
    terminal.wait_for("? Drink");
    terminal.wait_for("we drink no leaves");
    terminal.send(DOWN);
    terminal.wait_for("❯ Milk");
    terminal.send(ENTER);
    terminal.wait_for("Do it?");
    assert!(
        terminal.screen().contains("drink: tea → milk"),
        "{}",
        terminal.screen()
    );
    terminal.send("y");
    assert_eq!(terminal.finish().0, 0);
    assert!(
        sandbox
            .read("work/made/.pyscaffold/answers.toml")
            .contains("drink = \"milk\"")
    );
}
