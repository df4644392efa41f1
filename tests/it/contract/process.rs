//! Holds the start, the log and the end of a service to CONTRACT.md.

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use super::http::{Answer, Request};
use super::probe::faults;
use super::server::{End, STOP, Server};
use super::{Environment, Service, outage, start, stop};

/// A key of exactly the length that is asked for; must never be shown.
pub const KEY: &str = "zq7-secret-key-of-32-characters!";

/// A password that must never be shown.
pub const PASSWORD: &str = "zq7-password";

/// How to start a service.
pub struct Launch<'a> {
    /// Prepares the server's command, which has to work from any folder: each check gives it a
    /// folder and variables of its own. What it starts gets the SIGTERM, so no wrapper before it.
    pub command: &'a dyn Fn() -> Command,
    /// The database, where there is one.
    pub database: Option<Database>,
}

/// The database of a service.
pub struct Database {
    /// Its `DATABASE_URL`, with all migrations done.
    pub url: String,
    /// Whether the service can use `PostgreSQL` too.
    pub postgresql: bool,
}

pub type Variables<'a> = Vec<(&'a str, &'a str)>;

/// A name for what deviates, and what to do.
type Group = (&'static str, fn(&mut Check));

/// Starts and stops a service in all ways of the contract and gives every deviation as a line.
pub fn deviations(launch: &Launch) -> Vec<String> {
    let groups: [Group; 8] = [
        ("refused start", start::refused_starts),
        ("dotenv", start::dotenv),
        ("log", stop::log),
        ("stop", stop::running_request_ends),
        ("stop", stop::stuck_request_is_left),
        ("unhandled error", outage::unhandled_error),
        ("unavailable", outage::unavailable),
        ("unavailable", outage::unresponsive),
    ];
    let mut deviations = Vec::new();
    for (name, check) in groups {
        match tempfile::tempdir() {
            Ok(folder) => {
                let mut found = Check {
                    launch,
                    folder: folder.path(),
                    deviations: Vec::new(),
                };
                check(&mut found);
                deviations.extend(
                    found
                        .deviations
                        .into_iter()
                        .map(|it| format!("{name}: {it}")),
                );
            }
            Err(error) => deviations.push(format!("{name}: no folder to start in: {error}")),
        }
    }
    deviations
}

/// One way to start and stop a service, in an empty folder.
pub struct Check<'a> {
    pub launch: &'a Launch<'a>,
    pub folder: &'a Path,
    deviations: Vec<String>,
}

impl<'a> Check<'a> {
    pub fn command(&self) -> Command {
        let mut command = (self.launch.command)();
        command.current_dir(self.folder);
        command
    }

    /// Gives the variables that production needs.
    pub fn production(&self) -> Variables<'a> {
        [
            vec![("ENVIRONMENT", "production"), ("SECRET_KEY", KEY)],
            self.database(),
        ]
        .concat()
    }

    pub fn database(&self) -> Variables<'a> {
        self.launch
            .database
            .iter()
            .map(|it| ("DATABASE_URL", it.url.as_str()))
            .collect()
    }

    pub fn start(&mut self, variables: &[(&str, &str)]) -> Option<Server> {
        Server::start(self.command(), variables)
            .map_err(|error| self.deviates(format!("expected a start, but {error}")))
            .ok()
    }

    /// Sends SIGTERM and expects success in time; no secret may have been printed.
    pub fn stop(&mut self, mut server: Server) -> Option<End> {
        server.terminate();
        self.stopped(&mut server, Instant::now())
    }

    pub fn stopped(&mut self, server: &mut Server, since: Instant) -> Option<End> {
        let Some(end) = server.end(STOP.saturating_sub(since.elapsed())) else {
            self.deviates(format!(
                "expected an end within {STOP:?} of SIGTERM, got none"
            ));
            return None;
        };
        self.holds(
            end.status.success(),
            format!("expected exit code 0, got {}", end.status),
        );
        self.keeps_secrets(&end);
        Some(end)
    }

    pub fn keeps_secrets(&mut self, end: &End) {
        for secret in [&KEY[..31], PASSWORD] {
            self.holds(!end.output().contains(secret), "a secret is printed");
        }
    }

    pub fn holds(&mut self, holds: bool, deviation: impl Into<String>) {
        if !holds {
            self.deviates(deviation);
        }
    }

    pub fn deviates(&mut self, deviation: impl Into<String>) {
        self.deviations.push(deviation.into());
    }

    /// Asks, and holds the answer also to what the contract says of every one.
    pub fn ask(&mut self, server: &Server, request: &Request, environment: Environment) -> Answer {
        match server.client.send(request) {
            Ok(answer) => {
                let service = Service {
                    base: server.base.clone(),
                    has_database: self.launch.database.is_some(),
                    environment,
                    cors_origin: String::new(),
                    allowed_host: String::new(),
                };
                for fault in faults(&service, request, &answer) {
                    self.deviates(format!("{request}: {fault}"));
                }
                answer
            }
            Err(error) => {
                self.deviates(format!("{request}: expected an answer, got {error}"));
                Answer::default()
            }
        }
    }
}
