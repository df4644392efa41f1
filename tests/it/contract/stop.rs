//! What a service logs, and how it ends with connections and requests that are still open.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use serde_json::json;

use super::Environment;
use super::http::{Client, Request, read};
use super::log::Log;
use super::probe::ITEMS;
use super::process::Check;

/// Expects one line for each request, all lines JSON, and an end despite an idle connection.
pub fn log(check: &mut Check) {
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
pub fn running_request_ends(check: &mut Check) {
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
pub fn stuck_request_is_left(check: &mut Check) {
    let Some(server) = check.start(&[]) else {
        return;
    };
    let stuck = begin(&server.client, 100);
    check.holds(stuck.is_ok(), "expected a request to begin");
    check.stop(server);
    drop(stuck);
}
