//! The user's own `git` program, told to fetch and to do nothing else.

use std::env;
use std::io;
use std::path::Path;
use std::time::{Duration, Instant};

use super::address::{Address, Credentials};
use super::cache::{COMMITS, Shelf};
use super::{Attendance, Event, Remote};
use crate::child::{Call, Said};
use crate::error::{Error, Result};
use crate::git::{self, Format, Oid};
use crate::interrupt::Interrupt;

/// What holds whatever the user's configuration says: no hook, no clean-up, no log, nothing
/// fetched besides what is asked for, everything checked.
const SETTINGS: [&str; 16] = [
    "core.hooksPath=/dev/null",
    "core.fsmonitor=false",
    "core.logAllRefUpdates=false",
    "fetch.fsckObjects=true",
    "fetch.prune=false",
    "fetch.pruneTags=false",
    "fetch.recurseSubmodules=false",
    "fetch.unpackLimit=1",
    "fetch.writeCommitGraph=false",
    "gc.auto=0",
    "http.lowSpeedLimit=1000",
    "http.lowSpeedTime=30",
    "maintenance.auto=false",
    "submodule.recurse=false",
    "transfer.fsckObjects=true",
    "transfer.unpackLimit=1",
];

/// The only ways to a repository.
const PROTOCOLS: [&str; 3] = ["https", "ssh", "file"];

/// The `ssh` that asks nobody and waits for nobody for long.
const SSH: &str =
    "ssh -o BatchMode=yes -o ConnectTimeout=30 -o ServerAliveInterval=15 -o ServerAliveCountMax=4";

/// How often it is measured what a fetch has brought.
const MEASURE: Duration = Duration::from_millis(300);

/// What is fetched where single commits aren't given.
const EVERYTHING: [&str; 2] = [
    "+refs/heads/*:refs/pyscaffold/heads/*",
    "+refs/tags/*:refs/pyscaffold/tags/*",
];

/// The program, for one repository.
pub(super) struct Program<'a> {
    pub remote: &'a Remote,
    pub address: &'a Address,
    pub shelf: &'a Shelf,
    pub interrupt: &'a Interrupt,
}

impl Program<'_> {
    /// Asks the server for its branches and tags.
    pub(super) fn list(&self) -> Result<String> {
        // It tells of objects in either format.
        self.shelf.make(Format::default())?;
        let mut call = self.call("ls-remote", Format::default())?;
        call.args(["--", self.address.plain_url()])
            .args(["HEAD", "refs/heads/*", "refs/tags/*"]);
        let said = call.run(&mut |_| {}, &mut || self.interrupt.check())?;
        let said = said.map_err(|error| cannot_run(&error))?;
        if said.status.success() {
            return Ok(String::from_utf8_lossy(&said.stdout).into_owned());
        }
        Err(self.failed(&said))
    }

    /// Fetches one commit without its history; the inner error says why git couldn't.
    pub(super) fn fetch_one(&self, commit: Oid) -> Result<Result<()>> {
        let wanted = format!("+{commit}:{COMMITS}{commit}");
        self.fetch(commit.format(), &["--depth=1"], &[&wanted])
    }

    /// Fetches all branches and tags; the inner error says why git couldn't.
    pub(super) fn fetch_all(&self, format: Format) -> Result<Result<()>> {
        // What was fetched without its history would hide what lies before it.
        let is_shallow = self.shelf.repository(format).join("shallow").is_file();
        let flags: &[&str] = if is_shallow { &["--unshallow"] } else { &[] };
        self.fetch(format, flags, &EVERYTHING)
    }

    fn fetch(&self, format: Format, flags: &[&str], wanted: &[&str]) -> Result<Result<()>> {
        let mut call = self.call("fetch", format)?;
        call.args(["--progress", "--no-tags", "--no-recurse-submodules"])
            .args(["--no-write-fetch-head"])
            .args(flags)
            .args(["--", self.address.plain_url()])
            .args(wanted);
        let objects = self.shelf.repository(format).join("objects");
        let before = size(&objects);
        let is_too_much = || size(&objects).saturating_sub(before) > self.remote.most;
        let mut measured = Instant::now();
        let fetched = call.run(&mut |line| self.hear(line), &mut || {
            self.interrupt.check()?;
            if measured.elapsed() >= MEASURE {
                measured = Instant::now();
                if is_too_much() {
                    return Err(self.too_much());
                }
            }
            Ok(())
        });
        if is_too_much() {
            self.shelf.renew()?;
            return Err(self.too_much());
        }
        let said = fetched?.map_err(|error| cannot_run(&error))?;
        Ok(if said.status.success() {
            Ok(())
        } else {
            Err(self.failed(&said))
        })
    }

    /// Prepares git to work on the repository in the cache.
    fn call(&self, verb: &str, format: Format) -> Result<Call> {
        let repository = self.shelf.repository(format);
        let mut call = Call::of("git", repository).ok_or_else(|| {
            Error::failed("there is no 'git' program, which templates are fetched by")
                .hint("install git")
        })?;
        call.args(["--git-dir".as_ref(), repository.as_os_str()]);
        for setting in SETTINGS {
            call.args(["-c", setting]);
        }
        if let Some(credentials) = self.address.credentials() {
            hand_over(&mut call, &credentials);
        }
        call.args([verb])
            .env("GIT_ALLOW_PROTOCOL", protocols())
            .env("LC_ALL", "C")
            .without(&["LANGUAGE"]);
        match self.remote.attendance {
            Attendance::Unattended => {
                call.env("GIT_TERMINAL_PROMPT", "0")
                    .env("GCM_INTERACTIVE", "never")
                    .env("SSH_ASKPASS_REQUIRE", "never")
                    .without(&["SSH_ASKPASS"]);
                if !has_own_ssh() {
                    call.env("GIT_SSH_COMMAND", SSH);
                }
            }
            Attendance::Attended => {
                call.attended();
            }
        }
        Ok(call)
    }

    /// Tells how far a fetch is.
    fn hear(&self, line: &str) {
        if let Some(percent) = percent(line) {
            let title = self.address.to_string();
            (self.remote.tell)(Event::Receiving(title, percent));
        }
    }

    /// Says why git couldn't do it, in its own words.
    fn failed(&self, said: &Said) -> Error {
        let address = self.address;
        let told = String::from_utf8_lossy(&said.told);
        let lines: Vec<&str> = told
            .split(['\n', '\r'])
            .filter(|line| !line.is_empty())
            .collect();
        let reason = address.without_credentials(reason(&lines));
        let reason: String = reason
            .chars()
            .filter(|letter| !letter.is_control())
            .collect();
        Error::failed(format!("can't fetch template '{address}': {reason}")).hint(format!(
            "check the address, your keys and the network; this has to work: git ls-remote {}",
            address.plain_url()
        ))
    }

    fn too_much(&self) -> Error {
        let most = self.remote.most / 1024 / 1024;
        let address = self.address;
        Error::failed(format!(
            "template '{address}' is too large: its repository brings more than {most} MiB"
        ))
        .hint("keep a template in a repository of its own, without large files")
    }
}

/// Says that git is there and doesn't start.
fn cannot_run(error: &io::Error) -> Error {
    Error::failed(format!("can't run 'git': {error}"))
}

/// What git runs to learn the user and the password of an address. It prints both to nobody else:
/// the arguments of a program can be read by all users of a machine, its environment can't.
const HELPER: &str = "!f() { test \"$1\" = get || exit 0; \
    printf 'username=%s\\n' \"$PYSCAFFOLD_GIT_USER\"; \
    test -z \"$PYSCAFFOLD_GIT_PASSWORD\" || printf 'password=%s\\n' \"$PYSCAFFOLD_GIT_PASSWORD\"; }; f";

/// Lets git know the credentials of an address, for its own server alone.
fn hand_over(call: &mut Call, credentials: &Credentials) {
    let count = env::var("GIT_CONFIG_COUNT").ok();
    let count: usize = count.and_then(|count| count.parse().ok()).unwrap_or(0);
    let helper = format!("credential.{}.helper", credentials.server);
    // A helper of the user's would store what was typed.
    for (number, key, value) in [
        (count, "credential.helper", ""),
        (count + 1, helper.as_str(), HELPER),
    ] {
        call.env(&format!("GIT_CONFIG_KEY_{number}"), key)
            .env(&format!("GIT_CONFIG_VALUE_{number}"), value);
    }
    call.env("GIT_CONFIG_COUNT", (count + 2).to_string())
        .env("PYSCAFFOLD_GIT_USER", &credentials.user)
        .env("PYSCAFFOLD_GIT_PASSWORD", &credentials.password);
}

/// Gives the protocols that git may use, in a form that wins over any configuration and holds for
/// redirections, too; a user who allows fewer of them is obeyed.
fn protocols() -> String {
    let own = env::var("GIT_ALLOW_PROTOCOL").ok();
    let may_be_used = |protocol: &&str| {
        let own = own.as_deref();
        own.is_none_or(|own| own.split(':').any(|allowed| allowed == *protocol))
    };
    let protocols: Vec<&str> = PROTOCOLS.into_iter().filter(may_be_used).collect();
    protocols.join(":")
}

/// Tells whether the user chose how `ssh` is called; that is theirs to keep.
fn has_own_ssh() -> bool {
    let is_set = |name: &&str| env::var_os(name).is_some();
    ["GIT_SSH_COMMAND", "GIT_SSH"].iter().any(is_set) || git::setting("core.sshcommand").is_some()
}

/// Reads how much of a fetch is here.
fn percent(line: &str) -> Option<u64> {
    let (percent, _) = line.strip_prefix("Receiving objects:")?.split_once('%')?;
    percent.trim().parse().ok()
}

/// Chooses the line that says why it failed: the last fatal one, or the one before where it says
/// only that something did.
fn reason<'l>(lines: &[&'l str]) -> &'l str {
    let is_fatal = |line: &&str| line.starts_with("fatal:") || line.starts_with("error:");
    let position = lines.iter().rposition(is_fatal);
    let Some(position) = position.or(lines.len().checked_sub(1)) else {
        return "git says nothing about it";
    };
    let is_vague = lines[position].contains("Could not read from remote repository");
    let line = match lines[..position].last() {
        Some(before) if is_vague => before,
        _ => lines[position],
    };
    let line = line.trim_start_matches("fatal:");
    line.trim_start_matches("error:").trim()
}

/// Measures a folder; what comes and goes meanwhile doesn't matter.
fn size(folder: &Path) -> u64 {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let sizes = entries.map(|entry| match entry.metadata() {
        Ok(metadata) if metadata.is_dir() => size(&entry.path()),
        Ok(metadata) => metadata.len(),
        Err(_) => 0,
    });
    sizes.sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_is_read_off_what_git_says() {
        let line = "Receiving objects:  45% (9/20), 1.20 MiB | 3.00 MiB/s";
        assert_eq!(percent(line), Some(45));
        assert_eq!(percent("Receiving objects: 100% (20/20), done."), Some(100));
        assert_eq!(percent("remote: Counting objects: 100% (20/20)"), None);
        assert_eq!(percent("Receiving objects: many"), None);
    }

    #[test]
    fn the_line_that_says_most_is_chosen() {
        let reason_of = |text: &str| {
            let lines: Vec<&str> = text.lines().collect();
            reason(&lines).to_owned()
        };
        let denied = "hello\nPermission denied (publickey).\nfatal: Could not read from remote repository.\n\nPlease make sure you have the correct access rights\nand the repository exists.";
        assert_eq!(reason_of(denied), "Permission denied (publickey).");
        assert_eq!(
            reason_of("remote: no\nfatal: repository not found\n"),
            "repository not found"
        );
        assert_eq!(
            reason_of("fatal: Could not read from remote repository."),
            "Could not read from remote repository."
        );
        assert_eq!(reason_of("something else"), "something else");
        assert_eq!(reason_of(""), "git says nothing about it");
    }
}
