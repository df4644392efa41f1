//! The user's own `git` program, for what libgit2 can't do: signed commits, and repositories of a
//! kind that it can't read.
//!
//! Whatever the configuration says, no hook and no monitor runs, nothing is fetched, and nothing
//! that only the repository's own configuration names is run: a project may come from elsewhere.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use crate::child::{Call, Said};
use crate::interrupt::Interrupt;

/// What holds whatever the configuration says.
const SETTINGS: [&str; 4] = [
    "core.fsmonitor=false",
    "core.hooksPath=/dev/null",
    "gc.auto=0",
    "maintenance.auto=false",
];

/// The program, at work in one folder.
#[derive(Debug, Clone)]
pub(super) struct Program {
    folder: PathBuf,
    /// What is set for every run besides.
    settings: Vec<String>,
    variables: Vec<(&'static str, OsString)>,
}

/// Why the program didn't do it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Refusal {
    /// There is no such program.
    Missing,
    /// It said no, in these words.
    Said(String),
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Refusal::Missing => formatter.write_str("there is no 'git' program"),
            Refusal::Said(words) => formatter.write_str(words),
        }
    }
}

impl Program {
    /// Takes the program for a folder that is there.
    pub(super) fn at(folder: &Path) -> Self {
        Program {
            folder: folder.to_owned(),
            settings: Vec::new(),
            variables: Vec::new(),
        }
    }

    /// Takes the program for git's own folder of a repository, whatever lies around it.
    pub(super) fn of_bare(folder: &Path) -> Self {
        let mut program = Program::at(folder);
        program.variables.push(("GIT_DIR", folder.into()));
        program
    }

    /// Sets something for every run: `key=value`.
    pub(super) fn set(&mut self, setting: String) {
        self.settings.push(setting);
    }

    /// Sets a variable for every run.
    pub(super) fn set_variable(&mut self, name: &'static str, value: impl Into<OsString>) {
        self.variables.push((name, value.into()));
    }

    /// Lets no filter run that only the repository's own configuration names.
    pub(super) fn distrust_filters(&mut self) -> Result<(), Refusal> {
        let pattern = r"^filter\..*\.(clean|smudge|process|required)$";
        let listed = self.output(
            &[
                "config",
                "--show-scope",
                "--name-only",
                "-z",
                "--get-regexp",
                pattern,
            ],
            b"",
        )?;
        // Nothing found is a failure to it.
        if !matches!(listed.status.code(), Some(0 | 1)) {
            return Err(said(&listed));
        }
        let words: Vec<&[u8]> = listed.stdout.split(|byte| *byte == 0).collect();
        for pair in words.chunks_exact(2) {
            if matches!(pair[0], b"local" | b"worktree") {
                let key = String::from_utf8_lossy(pair[1]);
                let value = if key.ends_with(".required") {
                    "false"
                } else {
                    ""
                };
                self.settings.push(format!("{key}={value}"));
            }
        }
        Ok(())
    }

    /// Runs it to its end, and gives what it printed.
    pub(super) fn run<A: AsRef<OsStr>>(&self, arguments: &[A]) -> Result<Vec<u8>, Refusal> {
        self.run_with(arguments, b"")
    }

    /// Runs it to its end with an input, and gives what it printed.
    pub(super) fn run_with<A: AsRef<OsStr>>(
        &self,
        arguments: &[A],
        input: &[u8],
    ) -> Result<Vec<u8>, Refusal> {
        let output = self.output(arguments, input)?;
        if output.status.success() {
            return Ok(output.stdout);
        }
        Err(said(&output))
    }

    /// Runs it to its end, and reads the path that it printed.
    pub(super) fn path<A: AsRef<OsStr>>(&self, arguments: &[A]) -> Result<PathBuf, Refusal> {
        let printed = self.run(arguments)?;
        let line = printed.strip_suffix(b"\n").unwrap_or(&printed);
        Ok(path_of(line.strip_suffix(b"\r").unwrap_or(line)))
    }

    /// Asks it something, and tells whether the answer is yes.
    pub(super) fn says_yes<A: AsRef<OsStr>>(
        &self,
        arguments: &[A],
        input: &[u8],
    ) -> Result<bool, Refusal> {
        Ok(self.output(arguments, input)?.status.success())
    }

    /// Commits what is in the index, without hooks, and gives the commit's id.
    pub(super) fn commit(&self, message: &str) -> Result<String, Refusal> {
        let mut call =
            self.prepared(&["commit", "--quiet", "--no-verify", "--message", message])?;
        // The program that signs may ask for the secret of a key.
        call.attended();
        let committed = Self::call(call, b"")?;
        if !committed.status.success() {
            return Err(said(&committed));
        }
        let commit = self.run(&["rev-parse", "HEAD"])?;
        Ok(String::from_utf8_lossy(&commit).trim().to_owned())
    }

    /// Tells whether the rules of the repository keep a path, as seen from its folder, out of it.
    pub(super) fn ignores(&self, path: &Path) -> Result<bool, Refusal> {
        // The beginning keeps it from meaning more than a path.
        let mut input = b"./".to_vec();
        input.extend(path.as_os_str().as_encoded_bytes());
        input.push(0);
        let words = ["check-ignore", "--quiet", "--no-index", "-z", "--stdin"];
        let output = self.output(&words, &input)?;
        match output.status.code() {
            Some(0) => Ok(true),
            Some(1) => Ok(false),
            _ => Err(said(&output)),
        }
    }

    /// Runs it to its end, however that is.
    fn output<A: AsRef<OsStr>>(&self, arguments: &[A], input: &[u8]) -> Result<Said, Refusal> {
        Self::call(self.prepared(arguments)?, input)
    }

    fn call(mut call: Call, input: &[u8]) -> Result<Said, Refusal> {
        if !input.is_empty() {
            call.input(input.to_vec());
        }
        let said = Interrupt::install()
            .and_then(|interrupt| call.run(&mut |_| {}, &mut || interrupt.check()));
        match said {
            Ok(Ok(said)) => Ok(said),
            Ok(Err(error)) => Err(Refusal::Said(error.to_string())),
            Err(error) => Err(Refusal::Said(error.message)),
        }
    }

    fn prepared<A: AsRef<OsStr>>(&self, arguments: &[A]) -> Result<Call, Refusal> {
        let mut call = Call::of("git", &self.folder).ok_or(Refusal::Missing)?;
        call.args(["--no-optional-locks"]);
        let settings = SETTINGS
            .into_iter()
            .chain(self.settings.iter().map(String::as_str));
        for setting in settings {
            call.args(["-c", setting]);
        }
        call.args(arguments)
            // What a partial clone lacks stays there.
            .env("GIT_ALLOW_PROTOCOL", "none")
            .env("GIT_NO_LAZY_FETCH", "1")
            .env("GIT_DISCOVERY_ACROSS_FILESYSTEM", "1")
            .env("GIT_TERMINAL_PROMPT", "0")
            .env("LC_ALL", "C")
            .without(&["LANGUAGE"]);
        for (name, value) in &self.variables {
            call.env(name, value);
        }
        Ok(call)
    }
}

/// Reads a path the way the program prints it.
#[cfg(unix)]
fn path_of(printed: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt;

    OsStr::from_bytes(printed).into()
}

#[cfg(not(unix))]
fn path_of(printed: &[u8]) -> PathBuf {
    String::from_utf8_lossy(printed).into_owned().into()
}

/// Takes what says why out of what it said.
fn said(output: &Said) -> Refusal {
    let said = String::from_utf8_lossy(&output.told);
    let is_reason = |line: &&str| line.starts_with("fatal:") || line.starts_with("error:");
    let mut lines = said.lines().skip_while(|line| !is_reason(line));
    let reason = lines.next().or_else(|| said.lines().next());
    let reason = reason.unwrap_or("git says nothing about it");
    let reason = reason
        .trim_start_matches("fatal:")
        .trim_start_matches("error:");
    // What it is about may stand on a line of its own.
    let rest = lines
        .next()
        .filter(|_| reason.ends_with(':'))
        .unwrap_or_default();
    let reason = format!("{} {}", reason.trim(), rest.trim());
    let plain: String = reason
        .chars()
        .filter(|letter| !letter.is_control())
        .collect();
    Refusal::Said(plain.trim().to_owned())
}
