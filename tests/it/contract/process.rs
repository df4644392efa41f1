//! Holds the start, the log and the end of a service to CONTRACT.md.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::http::{Answer, Client, Request, read};
use super::log::{Log, request_id};
use super::probe::{ITEMS, faults};
use super::server::{End, STOP, Server};
use super::{Environment, Service};

/// A key of exactly the length that is asked for; must never be shown.
const KEY: &str = "zq7-secret-key-of-32-characters!";

/// A password that must never be shown.
const PASSWORD: &str = "zq7-password";

/// How to start a service.
pub struct Launch<'a> {
    /// Prepares the server's command, which has to work from any folder: each check gives it a
    /// folder and variables of its own.
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

type Variables<'a> = Vec<(&'a str, &'a str)>;

/// A name for what deviates, and what to do.
type Group = (&'static str, fn(&mut Check));

/// Starts and stops a service in all ways of the contract and gives every deviation as a line.
pub fn deviations(launch: &Launch) -> Vec<String> {
    let groups: [Group; 8] = [
        ("refused start", refused_starts),
        ("dotenv", dotenv),
        ("log", log),
        ("stop", running_request_ends),
        ("stop", stuck_request_is_left),
        ("unhandled error", unhandled_error),
        ("unavailable", unavailable),
        ("unavailable", unresponsive),
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
struct Check<'a> {
    launch: &'a Launch<'a>,
    folder: &'a Path,
    deviations: Vec<String>,
}

impl<'a> Check<'a> {
    fn command(&self) -> Command {
        let mut command = (self.launch.command)();
        command.current_dir(self.folder);
        command
    }

    /// Gives the variables that production needs.
    fn production(&self) -> Variables<'a> {
        [
            vec![("ENVIRONMENT", "production"), ("SECRET_KEY", KEY)],
            self.database(),
        ]
        .concat()
    }

    fn database(&self) -> Variables<'a> {
        self.launch
            .database
            .iter()
            .map(|it| ("DATABASE_URL", it.url.as_str()))
            .collect()
    }

    fn start(&mut self, variables: &[(&str, &str)]) -> Option<Server> {
        Server::start(self.command(), variables)
            .map_err(|error| self.deviates(format!("expected a start, but {error}")))
            .ok()
    }

    /// Sends SIGTERM and expects success in time; no secret may have been printed.
    fn stop(&mut self, mut server: Server) -> Option<End> {
        server.terminate();
        self.stopped(&mut server, Instant::now())
    }

    fn stopped(&mut self, server: &mut Server, since: Instant) -> Option<End> {
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

    fn keeps_secrets(&mut self, end: &End) {
        for secret in [&KEY[..31], PASSWORD] {
            self.holds(!end.output().contains(secret), "a secret is printed");
        }
    }

    fn holds(&mut self, holds: bool, deviation: impl Into<String>) {
        if !holds {
            self.deviates(deviation);
        }
    }

    fn deviates(&mut self, deviation: impl Into<String>) {
        self.deviations.push(deviation.into());
    }

    /// Asks, and holds the answer also to what the contract says of every one.
    fn ask(&mut self, server: &Server, request: &Request, environment: Environment) -> Answer {
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

    fn equal(&mut self, what: &str, got: &Value, expected: &Value) {
        self.holds(
            got == expected,
            format!("{what}: expected {expected}, got {got}"),
        );
    }
}

/// Starts production without what it needs, and expects one message that names all of it.
fn refused_starts(check: &mut Check) {
    let url = format!("postgresql://user:{PASSWORD}@127.0.0.1/db");
    let database: &[&str] = if check.launch.database.is_some() {
        &["DATABASE_URL"]
    } else {
        &[]
    };
    let production = ("ENVIRONMENT", "production");
    let mut cases: Vec<(&str, Variables, Vec<&str>)> = vec![
        (
            "nothing",
            vec![production],
            [&["SECRET_KEY"], database].concat(),
        ),
        (
            "an empty SECRET_KEY",
            vec![production, ("SECRET_KEY", ""), ("DATABASE_URL", "")],
            [&["SECRET_KEY"], database].concat(),
        ),
        (
            "no SECRET_KEY",
            vec![production, ("DATABASE_URL", &url)],
            vec!["SECRET_KEY"],
        ),
        (
            "a SECRET_KEY of 31 characters",
            vec![
                production,
                ("SECRET_KEY", &KEY[..31]),
                ("DATABASE_URL", &url),
            ],
            vec!["SECRET_KEY"],
        ),
        (
            "an unknown ENVIRONMENT",
            vec![("ENVIRONMENT", "prod")],
            vec!["ENVIRONMENT"],
        ),
    ];
    if check.launch.database.is_some() {
        let variables = vec![production, ("SECRET_KEY", KEY)];
        cases.push(("no DATABASE_URL", variables, vec!["DATABASE_URL"]));
    }
    for (note, variables, named) in cases {
        refused(check, note, &variables, &named);
    }
    let text = format!("SECRET_KEY={KEY}\nDATABASE_URL={url}\n");
    let written = std::fs::write(check.folder.join(".env"), text);
    check.holds(written.is_ok(), "no .env could be written");
    refused(
        check,
        "nothing but a .env, which is not for production",
        &[production],
        &["SECRET_KEY"],
    );
}

fn refused(check: &mut Check, note: &str, variables: &[(&str, &str)], named: &[&str]) {
    match Server::spawn(check.command(), variables).and_then(Server::refusal) {
        Err(error) => check.deviates(format!("with {note}: expected a refusal, but {error}")),
        Ok(end) => {
            let output = end.output();
            let all = named.iter().all(|name| output.contains(name));
            check.holds(
                !end.status.success(),
                format!("with {note}: expected an exit code but 0"),
            );
            check.holds(
                all,
                format!("with {note}: expected {named:?} in {output:?}"),
            );
            let trace = output.contains("Traceback");
            check.holds(
                !trace,
                format!("with {note}: expected one message, got a trace"),
            );
            check.keeps_secrets(&end);
        }
    }
}

/// Expects that development reads `.env`, and that commas separate lists.
fn dotenv(check: &mut Check) {
    let origins = ["https://a.example", "https://b.example"];
    let text = format!("CORS_ORIGINS={}\n", origins.join(","));
    let written = std::fs::write(check.folder.join(".env"), text);
    check.holds(written.is_ok(), "no .env could be written");
    let Some(server) = check.start(&[]) else {
        return;
    };
    for origin in origins {
        let request = Request::get("/health/live").header("origin", origin);
        let answer = check.ask(&server, &request, Environment::Development);
        let allowed = answer.header("access-control-allow-origin") == Some(origin);
        check.holds(allowed, format!("expected {origin} of .env to be allowed"));
    }
    check.stop(server);
}

/// Expects one line for each request, all lines JSON, and an end despite an idle connection.
fn log(check: &mut Check) {
    let variables = [check.production(), vec![("LOG_FORMAT", "json")]].concat();
    let Some(server) = check.start(&variables) else {
        return;
    };
    let large = " ".repeat(1024 * 1024 + 1);
    let requests = [
        Request::get("/health/live"),
        Request::get("/health/ready"),
        Request::get(ITEMS),
        Request::get("/nowhere"),
        Request::get("/%0a{\"forged\":1}"),
        Request::new("PATCH", ITEMS),
        Request::json("POST", ITEMS, &json!({"name": ""})),
        Request::new("POST", ITEMS).typed("text/plain", "n"),
        Request::new("POST", ITEMS).typed("application/json", large),
        Request::get(ITEMS).header("x-request-id", "the caller's\", \"a\": \"b"),
    ];
    let mut sent = Vec::new();
    for (number, request) in requests.into_iter().enumerate() {
        let known = request.header_value("x-request-id").is_some();
        let id = format!("log-{number}");
        let request = if known {
            request
        } else {
            request.header("x-request-id", &id)
        };
        let answer = check.ask(&server, &request, Environment::Production);
        sent.push((request, answer));
    }
    let idle = idle_connection(&server.client);
    check.holds(idle.is_some(), "expected a connection that stays open");
    let Some(end) = check.stop(server) else {
        return;
    };
    drop(idle);

    let log = Log::read(&end.stdout);
    for line in &log.broken {
        check.deviates(format!("expected JSON objects on stdout, got {line:?}"));
    }
    for (request, answer) in sent {
        let id = answer.header("x-request-id").unwrap_or_default();
        let lines: Vec<_> = log.access(id).collect();
        check.holds(
            lines.len() == 1,
            format!("{request}: expected one line, got {}", lines.len()),
        );
        for line in lines {
            if let Some(fault) = line.fault(&request.method, &request.target, answer.status) {
                check.deviates(format!("{request}: {fault}"));
            }
        }
    }
    check.holds(
        log.traces().is_empty(),
        "expected no trace without an unhandled error",
    );
}

/// Opens a connection, asks once, and keeps it open as a browser does.
fn idle_connection(client: &Client) -> Option<TcpStream> {
    let mut stream = client.connect().ok()?;
    let head = Request::get("/health/live").head(client.host());
    stream
        .write_all(head.replace("connection: close\r\n", "").as_bytes())
        .ok()?;
    let read = stream.read(&mut [0; 4096]).ok()?;
    (read > 0).then_some(stream)
}

/// Expects that a request that runs at SIGTERM is answered, while new ones aren't taken.
fn running_request_ends(check: &mut Check) {
    let variables = check.database();
    let Some(mut server) = check.start(&variables) else {
        return;
    };
    let name = format!("stop {}", server.base);
    let body = json!({"name": name}).to_string();
    let Ok(mut stream) = begin(&server.client, body.len()) else {
        return check.deviates("expected a request to begin");
    };
    server.terminate();
    let since = Instant::now();
    let client = server.client.clone();
    let closed = server.until(Duration::from_secs(5), |_| {
        client.send(&Request::get("/health/live")).is_err()
    });
    check.holds(
        closed.is_some(),
        "expected no new request to be taken after SIGTERM",
    );
    let status = stream
        .write_all(body.as_bytes())
        .map_err(|error| error.to_string());
    let status = status
        .and_then(|()| read(&mut stream))
        .map(|answer| answer.status);
    check.holds(
        status == Ok(201),
        format!("expected 201 for the running request, got {status:?}"),
    );
    drop(stream);
    check.stopped(&mut server, since);
    clean_up(check, &variables, &name);
}

/// Deletes the item of a request that ran, where it was kept.
fn clean_up(check: &mut Check, variables: &[(&str, &str)], name: &str) {
    if variables.is_empty() {
        return;
    }
    let Some(server) = check.start(variables) else {
        return;
    };
    let page = check
        .ask(&server, &Request::get(ITEMS), Environment::Development)
        .json();
    let items = page["items"].as_array().into_iter().flatten();
    let ids: Vec<_> = items
        .filter(|it| it["name"] == name)
        .filter_map(|it| it["id"].as_str())
        .collect();
    check.holds(
        ids.len() == 1,
        "expected the item of the running request to be kept",
    );
    for id in ids {
        check.ask(
            &server,
            &Request::new("DELETE", &format!("{ITEMS}/{id}")),
            Environment::Development,
        );
    }
    check.stop(server);
}

/// Begins to create an item, and waits until the service waits for the body.
fn begin(client: &Client, length: usize) -> std::io::Result<TcpStream> {
    let mut stream = client.connect()?;
    let head = Request::new("POST", ITEMS)
        .header("content-type", "application/json")
        .header("expect", "100-continue")
        .head(client.host())
        .replace("content-length: 0", &format!("content-length: {length}"));
    stream.write_all(head.as_bytes())?;
    let mut interim = [0; 25];
    stream.read_exact(&mut interim)?;
    if interim.starts_with(b"HTTP/1.1 100 Continue") {
        return Ok(stream);
    }
    Err(std::io::Error::other("another answer than 100"))
}

/// Expects that a client that never finishes its request can't hold the end up.
fn stuck_request_is_left(check: &mut Check) {
    let Some(server) = check.start(&[]) else {
        return;
    };
    let stuck = begin(&server.client, 100);
    check.holds(stuck.is_ok(), "expected a request to begin");
    check.stop(server);
    drop(stuck);
}

/// Breaks the database's tables, and expects a 500 that tells nothing and one trace in the log.
fn unhandled_error(check: &mut Check) {
    if check.launch.database.is_none() {
        return;
    }
    let url = format!("sqlite:///{}", check.folder.join("empty.db").display());
    let Some(server) = check.start(&[("DATABASE_URL", &url), ("LOG_FORMAT", "json")]) else {
        return;
    };
    let request = Request::get(ITEMS).header("x-request-id", "broken");
    let answer = check.ask(&server, &request, Environment::Development);
    let status = answer.status;
    check.holds(
        status == 500,
        format!("{request} without tables: expected 500, got {status}"),
    );
    let told = ["items", "sqlite", "Traceback"]
        .iter()
        .any(|it| answer.text().contains(it));
    check.holds(
        !told,
        format!(
            "{request} without tables: expected no details, got {}",
            answer.text()
        ),
    );
    let Some(end) = check.stop(server) else {
        return;
    };
    let log = Log::read(&end.stdout);
    let traces = log.traces();
    let once = traces.len() == 1 && !end.stderr.contains("Traceback");
    check.holds(
        once,
        format!(
            "expected one trace, got {} and on stderr {:?}",
            traces.len(),
            end.stderr
        ),
    );
    let ours = traces.iter().all(|line| request_id(line) == "broken");
    check.holds(ours, "expected the request id with the trace");
    let lines: Vec<_> = log.access("broken").collect();
    let right = lines.len() == 1
        && lines
            .iter()
            .all(|line| line.fault("GET", ITEMS, 500).is_none());
    check.holds(right, "expected one line about the request with status 500");
}

/// Takes the database away, and expects that readiness tells, at once.
fn unavailable(check: &mut Check) {
    if check.launch.database.is_some() {
        let url = format!(
            "sqlite:///{}",
            check.folder.join("absent/items.db").display()
        );
        unready(check, &url);
    }
}

/// Lets the database accept connections but never answer.
fn unresponsive(check: &mut Check) {
    if check
        .launch
        .database
        .as_ref()
        .is_none_or(|database| !database.postgresql)
    {
        return;
    }
    let listener = TcpListener::bind("127.0.0.1:0");
    let Ok(port) = listener
        .as_ref()
        .map_err(drop)
        .and_then(|it| it.local_addr().map_err(drop))
    else {
        return check.deviates("no port for a silent database");
    };
    unready(check, &format!("postgresql://user:{PASSWORD}@{port}/db"));
}

fn unready(check: &mut Check, url: &str) {
    let Some(server) = check.start(&[("DATABASE_URL", url)]) else {
        return;
    };
    let begun = Instant::now();
    let request = Request::get("/health/ready");
    let answer = check.ask(&server, &request, Environment::Development);
    let slow = begun.elapsed() > Duration::from_secs(2);
    check.holds(!slow, format!("{request}: expected an answer within 2 s"));
    check.holds(
        answer.status == 503,
        format!("{request}: expected 503, got {}", answer.status),
    );
    let expected = json!({"status": "unavailable", "checks": {"database": "unavailable"}});
    check.equal(&format!("{request}: body"), &answer.json(), &expected);
    let live = check.ask(
        &server,
        &Request::get("/health/live"),
        Environment::Development,
    );
    check.holds(
        live.status == 200,
        format!("expected to be alive, got {}", live.status),
    );
    check.stop(server);
}
