//! The only place that prints: data on stdout, everything for people on stderr.
//!
//! What it is given is text of others as far as it knows, so that nothing in it reaches a terminal
//! unseen: see [`visible`]. Only its own styles do.

mod excerpt;
mod screen;

use std::borrow::Cow;
use std::io::{self, ErrorKind, IsTerminal, Write};
use std::sync::OnceLock;
use std::time::Duration;

use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Style};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value as Json, json};

use crate::error::{Error, Result};
use crate::problem::Problem;
use crate::visible;
use excerpt::excerpt;

const GOOD: Style = AnsiColor::Green.on_default().bold();
const BAD: Style = AnsiColor::Red.on_default().bold();
const CARE: Style = AnsiColor::Yellow.on_default().bold();
const STRONG: Style = Style::new().bold();
const FAINT: Style = Style::new().dimmed();

/// The most mistakes that are shown one by one.
const PROBLEMS: usize = 100;

/// How much is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Volume {
    /// Errors and warnings.
    Quiet,
    /// What was done, too.
    Normal,
    /// How it was done, too.
    Verbose,
}

/// How a line is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// As it should be.
    Good,
    /// Worth a look.
    Care,
    /// To be mended.
    Bad,
}

impl Tone {
    fn style(self) -> Style {
        match self {
            Tone::Good => GOOD,
            Tone::Care => CARE,
            Tone::Bad => BAD,
        }
    }
}

/// What people and programs see.
#[derive(Debug, Clone, Copy)]
pub struct Ui {
    /// How much is said.
    pub volume: Volume,
    /// Whether stdout carries one JSON object.
    pub is_json: bool,
}

impl Ui {
    /// Tells whether somebody can be asked.
    pub fn can_ask() -> bool {
        io::stdin().is_terminal() && can_animate()
    }

    /// Says that something was done.
    pub fn done(self, text: &str) {
        self.say(
            Volume::Normal,
            format_args!("{GOOD}✔{GOOD:#} {}", block(text)),
        );
    }

    /// Says something in passing.
    pub fn note(self, text: &str) {
        self.say(Volume::Normal, format_args!("{}", block(text)));
    }

    /// Says how something was done.
    pub fn detail(self, text: &str) {
        self.say(
            Volume::Verbose,
            format_args!("{FAINT}{}{FAINT:#}", block(text)),
        );
    }

    /// Shows a heading and the commands under it.
    pub fn commands(self, heading: &str, commands: &[String]) {
        self.list(Volume::Normal, heading, commands);
    }

    /// Shows commands that somebody has to agree to; this is never silenced.
    pub fn demands(self, heading: &str, commands: &[String]) {
        self.list(Volume::Quiet, heading, commands);
    }

    /// Shows a heading.
    pub fn heading(self, text: &str) {
        self.say(
            Volume::Normal,
            format_args!("\n{STRONG}{}{STRONG:#}", block(text)),
        );
    }

    /// Shows a line of a list: a word in its tone, what it is about, and a remark.
    pub fn entry(self, (tone, word): (Tone, &str), subject: &str, remark: &str) {
        let style = tone.style();
        let remark = if remark.is_empty() {
            String::new()
        } else {
            format!("  {FAINT}{}{FAINT:#}", visible::line(remark))
        };
        let subject = visible::line(subject);
        self.say(
            Volume::Normal,
            format_args!("  {style}{word:<8}{style:#}  {subject}{remark}"),
        );
    }

    /// Shows the difference between two texts; a program gets it byte for byte.
    pub fn patch(self, patch: &str) {
        if is_for_programs() {
            return print(&mut io::stdout(), format_args!("{patch}"));
        }
        for line in patch.lines() {
            let style = match line.as_bytes().first() {
                Some(b'+') => AnsiColor::Green.on_default(),
                Some(b'-') => AnsiColor::Red.on_default(),
                Some(b'@') => AnsiColor::Cyan.on_default(),
                _ => Style::new(),
            };
            print(
                &mut anstream::stdout(),
                format_args!("{style}{}{style:#}\n", visible::line(line)),
            );
        }
    }

    /// Says that something was found wrong; this is never silenced.
    pub fn fault(self, text: &str) {
        self.say(
            Volume::Quiet,
            format_args!("{BAD}error:{BAD:#} {}", message(text)),
        );
    }

    /// Warns; this is never silenced.
    pub fn warn(self, text: &str) {
        self.say(
            Volume::Quiet,
            format_args!("{CARE}warning:{CARE:#} {}", message(text)),
        );
    }

    /// Shows mistakes that don't stop anything.
    pub fn problems(self, problems: &[Problem]) {
        for problem in problems.iter().take(PROBLEMS) {
            self.say(Volume::Quiet, format_args!("{}", excerpt(problem)));
        }
        if let Some(more @ 1..) = problems.len().checked_sub(PROBLEMS) {
            self.say(Volume::Quiet, format_args!("… and {more} more"));
        }
    }

    /// Shows text that belongs to what was said before, such as the end of what a program said.
    pub fn quote(self, text: &str) {
        for line in text.lines() {
            let line = visible::line(line);
            self.say(Volume::Quiet, format_args!("  {FAINT}│{FAINT:#} {line}"));
        }
    }

    /// Shows why a command failed, and what to do.
    pub fn error(self, error: &Error) {
        if self.is_json {
            self.data(&json!({ "error": describe(error) }));
        }
        self.explain(error);
    }

    /// Shows that data is lost: on the standard error alone.
    pub fn unwritten(self, error: &Error) {
        self.explain(error);
    }

    fn explain(self, error: &Error) {
        self.fault(&error.message);
        self.problems(&error.problems);
        for hint in &error.hints {
            self.say(
                Volume::Quiet,
                format_args!("{STRONG}hint:{STRONG:#} {}", message(hint)),
            );
        }
    }

    /// Shows what is wrong with an argument, in the words of the command line's own reader.
    pub fn refusal(self, text: &str) {
        self.say(
            Volume::Quiet,
            format_args!("{}", visible::text(&screen::cut(text))),
        );
    }

    /// Prints help, which has its styles.
    pub fn help(self, text: &str) {
        print(&mut anstream::stdout(), format_args!("{text}"));
    }

    /// Prints text that was asked for on stdout; a program gets it byte for byte.
    pub fn print(self, text: &str) {
        if is_for_programs() {
            return print(&mut io::stdout(), format_args!("{text}"));
        }
        print(
            &mut anstream::stdout(),
            format_args!("{}", visible::text(text)),
        );
    }

    /// Prints a heading that was asked for on stdout.
    pub fn title(self, text: &str) {
        print(
            &mut anstream::stdout(),
            format_args!("{STRONG}{}{STRONG:#}\n", visible::line(text)),
        );
    }

    /// Prints a heading that was asked for on stdout, apart from what is before it.
    pub fn section(self, text: &str) {
        self.print("\n");
        self.title(text);
    }

    /// Prints a line that was asked for on stdout, with a remark behind it that stands back.
    pub fn line(self, text: &str, remark: &str) {
        let text = if remark.is_empty() {
            text.trim_end()
        } else {
            text
        };
        print(
            &mut anstream::stdout(),
            format_args!(
                "{}{FAINT}{}{FAINT:#}\n",
                visible::line(text),
                visible::line(remark)
            ),
        );
    }

    /// Prints a line that was asked for on stdout, with a margin before it that stands back.
    pub fn margin(self, margin: &str, text: &str) {
        print(
            &mut anstream::stdout(),
            format_args!(
                "{FAINT}{}{FAINT:#} {}\n",
                visible::line(margin),
                visible::line(text)
            ),
        );
    }

    /// Prints the one JSON object on stdout.
    pub fn data(self, data: &Json) {
        let document = visible::json(&format!("{data:#}"));
        print(&mut anstream::stdout(), format_args!("{document}\n"));
    }

    /// Shows that something is going on, until the guard is dropped.
    pub fn spinner(self, title: &str) -> Spinner {
        if self.volume < Volume::Normal || !can_animate() {
            return Spinner(ProgressBar::hidden());
        }
        let bar = ProgressBar::new_spinner().with_message(format!("{}…", visible::line(title)));
        bar.set_style(ProgressStyle::default_spinner());
        bar.enable_steady_tick(Duration::from_millis(100));
        Spinner(bar)
    }

    fn list(self, volume: Volume, heading: &str, commands: &[String]) {
        let heading = block(heading);
        self.say(volume, format_args!("\n{STRONG}{heading}{STRONG:#}"));
        for command in commands {
            self.say(volume, format_args!("  {}", visible::line(command)));
        }
    }

    /// Shows how much of something is done, in percent, until the guard is dropped.
    pub fn progress(self, title: &str) -> Progress {
        if self.volume < Volume::Normal || !can_animate() {
            return Progress(ProgressBar::hidden());
        }
        let bar = ProgressBar::new(100).with_message(title.to_owned());
        // A bar without a style of ours is as good, where this one can't be read.
        if let Ok(style) = ProgressStyle::with_template("{msg} {bar:30} {percent}%") {
            bar.set_style(style);
        }
        Progress(bar)
    }

    fn say(self, volume: Volume, text: std::fmt::Arguments) {
        if volume <= self.volume {
            // Nobody is left to tell when this can't be said.
            let _ = writeln!(anstream::stderr(), "{text}");
        }
    }
}

fn can_animate() -> bool {
    io::stderr().is_terminal() && std::env::var_os("CI").is_none()
}

/// A sign that something is going on.
pub struct Spinner(ProgressBar);

impl Drop for Spinner {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}

/// A sign of how much is done.
pub struct Progress(ProgressBar);

impl Progress {
    /// Shows how much is done now, in percent.
    pub fn set(&self, percent: u64) {
        self.0.set_position(percent);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}

/// Why data couldn't be written first.
static UNWRITTEN: OnceLock<io::Error> = OnceLock::new();

/// Writes data; [`written`] tells whether that went well.
fn print(stream: &mut impl Write, text: std::fmt::Arguments) {
    if let Err(error) = stream.write_fmt(text) {
        UNWRITTEN.get_or_init(|| error);
    }
}

/// Tells whether all data has reached who wanted it; one who doesn't read on has had enough.
pub fn written() -> Result<()> {
    if let Err(error) = io::stdout().flush() {
        UNWRITTEN.get_or_init(|| error);
    }
    match UNWRITTEN.get() {
        Some(error) if error.kind() != ErrorKind::BrokenPipe => Err(Error::failed(format!(
            "can't write to the standard output: {error}"
        ))
        .hint("what the command does is done; only what it says about it is lost")),
        _ => Ok(()),
    }
}

/// Tells whether a message can be shown as it is.
pub fn fits(text: &str) -> bool {
    matches!(screen::cut(text), Cow::Borrowed(_))
}

/// Tells whether what goes to stdout is read by a program, and not shown to a person by one.
fn is_for_programs() -> bool {
    let stdout = io::stdout();
    !stdout.is_terminal() && AutoStream::choice(&stdout) == ColorChoice::Never
}

/// Makes a message fit on a screen, and safe to show.
fn message(text: &str) -> String {
    block(&screen::cut(text)).into_owned()
}

/// Makes a text safe to show; a line after the first is set in, so that it isn't taken for the
/// beginning of something else.
fn block(text: &str) -> Cow<'_, str> {
    match visible::text(text) {
        text if text.contains('\n') => text.replace('\n', "\n  ").into(),
        text => text,
    }
}

/// Describes an error as data.
fn describe(error: &Error) -> Json {
    let problems: Vec<Json> = error.problems.iter().map(describe_problem).collect();
    let mut described = json!({
        "exit_code": error.kind.code(),
        "message": error.message,
        "problems": problems,
        "hints": error.hints,
    });
    if !error.commands.is_empty() {
        described["commands"] = json!(error.commands);
    }
    described
}

fn describe_problem(problem: &Problem) -> Json {
    let place = problem
        .place
        .as_ref()
        .map(|place| (place.line_and_column(), place.line()));
    json!({
        "file": problem.file,
        "line": place.map(|((line, _), _)| line),
        "column": place.map(|((_, column), _)| column),
        "source": place.map(|(_, source)| source),
        "message": problem.message,
    })
}
