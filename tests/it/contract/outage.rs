//! A database that is broken, gone or silent.

use std::net::TcpListener;
use std::time::{Duration, Instant};

use serde_json::json;

use super::Environment;
use super::http::Request;
use super::log::{Log, request_id};
use super::probe::ITEMS;
use super::process::{Check, PASSWORD};

/// Breaks the database's tables, and expects a 500 that tells nothing and one trace in the log.
pub fn unhandled_error(check: &mut Check) {
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
pub fn unavailable(check: &mut Check) {
    if check.launch.database.is_some() {
        let url = format!(
            "sqlite:///{}",
            check.folder.join("absent/items.db").display()
        );
        unready(check, &url);
    }
}

/// Lets the database accept connections but never answer.
pub fn unresponsive(check: &mut Check) {
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
    let body = answer.json();
    check.holds(
        body == expected,
        format!("{request}: expected {expected}, got {body}"),
    );
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
