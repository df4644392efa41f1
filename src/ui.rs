//! The only place that prints: data on stdout, everything for people on stderr.

use std::io::{IsTerminal, Write};
use std::time::Duration;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use anstyle::{AnsiColor, Style};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value as Json, json};

use crate::error::Error;
use crate::problem::{Place, Problem, Severity};

const GOOD: Style = AnsiColor::Green.on_default().bold();
const BAD: Style = AnsiColor::Red.on_default().bold();
const CARE: Style = AnsiColor::Yellow.on_default().bold();
const STRONG: Style = Style::new().bold();
const FAINT: Style = Style::new().dimmed();

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
        std::io::stdin().is_terminal() && can_animate()
    }

    /// Says that something was done.
    pub fn done(self, text: &str) {
        self.say(Volume::Normal, format_args!("{GOOD}✔{GOOD:#} {text}"));
    }

    /// Says something in passing.
    pub fn note(self, text: &str) {
        self.say(Volume::Normal, format_args!("{text}"));
    }

    /// Says how something was done.
    pub fn detail(self, text: &str) {
        self.say(Volume::Verbose, format_args!("{FAINT}{text}{FAINT:#}"));
    }

    /// Shows a heading and the commands under it.
    pub fn commands(self, heading: &str, commands: &[String]) {
        self.say(
            Volume::Normal,
            format_args!("\n{STRONG}{heading}{STRONG:#}"),
        );
        for command in commands {
            self.say(Volume::Normal, format_args!("  {command}"));
        }
    }

    /// Shows a heading.
    pub fn heading(self, text: &str) {
        self.say(Volume::Normal, format_args!("\n{STRONG}{text}{STRONG:#}"));
    }

    /// Shows a line of a list: a word in its tone, what it is about, and a remark.
    pub fn entry(self, (tone, word): (Tone, &str), subject: &str, remark: &str) {
        let style = tone.style();
        let remark = if remark.is_empty() {
            String::new()
        } else {
            format!("  {FAINT}{remark}{FAINT:#}")
        };
        self.say(
            Volume::Normal,
            format_args!("  {style}{word:<8}{style:#}  {subject}{remark}"),
        );
    }

    /// Shows the difference between two texts.
    pub fn patch(self, patch: &str) {
        for line in patch.lines() {
            let style = match line.as_bytes().first() {
                Some(b'+') => AnsiColor::Green.on_default(),
                Some(b'-') => AnsiColor::Red.on_default(),
                Some(b'@') => AnsiColor::Cyan.on_default(),
                _ => Style::new(),
            };
            write_all(
                &mut anstream::stdout(),
                format_args!("{style}{line}{style:#}\n"),
            );
        }
    }

    /// Warns; this is never silenced.
    pub fn warn(self, text: &str) {
        self.say(Volume::Quiet, format_args!("{CARE}warning:{CARE:#} {text}"));
    }

    /// Shows mistakes that don't stop anything.
    pub fn problems(self, problems: &[Problem]) {
        for problem in problems {
            self.say(Volume::Quiet, format_args!("{}", excerpt(problem)));
        }
    }

    /// Shows why a command failed, and what to do.
    pub fn error(self, error: &Error) {
        if self.is_json {
            self.data(&json!({ "error": describe(error) }));
        }
        self.say(Volume::Quiet, format_args!("{BAD}error:{BAD:#} {error}"));
        self.problems(&error.problems);
        for hint in &error.hints {
            self.say(
                Volume::Quiet,
                format_args!("{STRONG}hint:{STRONG:#} {hint}"),
            );
        }
    }

    /// Prints text that was asked for on stdout.
    pub fn print(self, text: &str) {
        write_all(&mut anstream::stdout(), format_args!("{text}"));
    }

    /// Prints the one JSON object on stdout.
    pub fn data(self, data: &Json) {
        write_all(&mut anstream::stdout(), format_args!("{data:#}\n"));
    }

    /// Shows that something is going on, until the guard is dropped.
    pub fn spinner(self, title: &str) -> Spinner {
        if self.volume < Volume::Normal || !can_animate() {
            return Spinner(ProgressBar::hidden());
        }
        let bar = ProgressBar::new_spinner().with_message(format!("{title}…"));
        bar.set_style(ProgressStyle::default_spinner());
        bar.enable_steady_tick(Duration::from_millis(100));
        Spinner(bar)
    }

    fn say(self, volume: Volume, text: std::fmt::Arguments) {
        if volume <= self.volume {
            write_all(&mut anstream::stderr(), format_args!("{text}\n"));
        }
    }
}

fn can_animate() -> bool {
    std::io::stderr().is_terminal() && std::env::var_os("CI").is_none()
}

/// A sign that something is going on.
pub struct Spinner(ProgressBar);

impl Drop for Spinner {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}

/// Writes, and gives up silently where nobody reads any more: there is nobody left to tell.
fn write_all(stream: &mut impl Write, text: std::fmt::Arguments) {
    let _ = stream.write_fmt(text);
}

/// Shows a mistake with the line that it is on.
fn excerpt(problem: &Problem) -> String {
    let level = match problem.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let Some(place) = &problem.place else {
        return format!("  {problem}");
    };
    let Place { text, range } = place;
    let end = range.end.clamp(range.start, text.len());
    let start = range.start.min(end);
    let annotation = AnnotationKind::Primary.span(start..end);
    let snippet = Snippet::source(&**text)
        .path(problem.file.as_str())
        .annotation(annotation);
    let report = [level
        .primary_title(problem.message.as_str())
        .element(snippet)];
    Renderer::styled().render(&report)
}

/// Describes an error as data.
fn describe(error: &Error) -> Json {
    let problems: Vec<Json> = error.problems.iter().map(describe_problem).collect();
    json!({
        "exit_code": error.kind.code(),
        "message": error.message,
        "problems": problems,
        "hints": error.hints,
    })
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
