//! Errors: what isn't there, isn't allowed, isn't understood or is too large.

use serde_json::json;

use super::http::Request;
use super::probe::{ITEMS, MARKER, NOBODY, Probe};

/// The largest body that is read.
const LIMIT: usize = 1024 * 1024;

/// Asks for everything that must be refused, apart from invalid items.
pub fn check(probe: &mut Probe) {
    let name = probe.name();
    let (item, _) = probe.create(&json!({"name": name}));
    unknown(probe);
    bad_ids(probe);
    methods(probe, &item);
    media_types(probe, &item);
    sizes(probe, &item);
}

fn unknown(probe: &mut Probe) {
    let nested = format!("/docs/{MARKER}");
    let marked = format!("/{MARKER}?{MARKER}={MARKER}");
    let paths = [
        "/",
        "/health",
        "/health/",
        "/health/live/",
        "/api",
        "/api/v1",
        "/api/v1/items/",
        "/api/v1/items/5ca1ab1e-0000-4000-8000-c0ffee15dead/",
        "/api/v1/items/5ca1ab1e-0000-4000-8000-c0ffee15dead/more",
        "/api/v2/items",
        "/docs/..%2f..%2fpyproject.toml",
        "/docs/%00",
        "/%00",
        "/%ff",
        "/%0a",
        &nested,
        &marked,
    ];
    for path in paths {
        probe.expect(&Request::get(path), 404);
    }
    for method in ["POST", "PUT", "PATCH", "DELETE"] {
        probe.expect(&Request::new(method, "/nowhere"), 404);
    }
}

fn bad_ids(probe: &mut Probe) {
    let body = json!({"name": "n", "description": null, "quantity": 0});
    let long = "a".repeat(2000);
    for id in [
        "1",
        MARKER,
        "%00",
        "%ff",
        "5ca1ab1e-0000-4000-8000-c0ffee15dea",
        &long,
    ] {
        let path = format!("{ITEMS}/{id}");
        let put = Request::json("PUT", &path, &body);
        for request in [Request::get(&path), put, Request::new("DELETE", &path)] {
            let problem = probe.expect(&request, 422).json();
            let location = problem["errors"][0]["location"]
                .as_str()
                .unwrap_or_default();
            let in_path = location.starts_with("path.");
            probe.holds(
                in_path,
                format!("{request}: expected an error in path., got {location:?}"),
            );
            let message = problem["errors"][0]["message"].as_str();
            let quotes = message.is_some_and(|message| message.contains("found `"));
            probe.holds(!quotes, format!("{request}: quotes input: {message:?}"));
        }
    }
}

/// Expects 405 with all methods of the path, and no other that doesn't work.
fn methods(probe: &mut Probe, item: &str) {
    let absent = format!("{ITEMS}/{NOBODY}");
    let paths = [
        ("/health/live", &["GET"][..]),
        ("/health/ready", &["GET"]),
        ("/openapi.json", &["GET"]),
        ("/docs", &["GET"]),
        (ITEMS, &["GET", "POST"]),
        (item, &["DELETE", "GET", "PUT"]),
        (&absent, &["DELETE", "GET", "PUT"]),
    ];
    for (path, expected) in paths {
        for method in ["POST", "PUT", "PATCH", "DELETE"] {
            if expected.contains(&method) {
                continue;
            }
            let request = Request::new(method, path);
            let mut allowed = probe.expect(&request, 405).list("allow");
            allowed.sort();
            for extra in ["HEAD", "OPTIONS"] {
                if allowed.iter().any(|it| it == extra) {
                    allowed.retain(|it| it != extra);
                    let answer = probe.send(&Request::new(extra, path));
                    // What isn't there is neither there without its body.
                    let is_absent = probe.send(&Request::get(path)).status == 404;
                    probe.holds(
                        answer.status < 400 || (is_absent && answer.status == 404),
                        format!("{extra} {path}: allowed, but {}", answer.status),
                    );
                }
            }
            probe.equal(&format!("{request}: Allow"), allowed, expected.to_vec());
        }
    }
}

fn media_types(probe: &mut Probe, item: &str) {
    let text = |name: String| json!({"name": name}).to_string();
    for (method, path, success) in [("POST", ITEMS, 201), ("PUT", item, 200)] {
        for media_type in [
            "text/plain",
            "text/json",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=b",
            "application/xml",
            "application/jsonx",
            "application/problem+json",
            "application/octet-stream",
            "text/plain; application/json",
            MARKER,
            "",
        ] {
            let request = Request::new(method, path).typed(media_type, text(probe.name()));
            probe.expect(&request.noted(format!("with {media_type:?}")), 415);
        }
        let request = Request::new(method, path).body(text(probe.name()));
        probe.expect(&request.noted("without a content type"), 415);
        for media_type in [
            "application/json; charset=utf-8",
            "Application/JSON",
            "application/json;charset=UTF-8",
        ] {
            let request = Request::new(method, path).typed(media_type, text(probe.name()));
            let answer = probe.expect(&request.noted(format!("with {media_type:?}")), success);
            probe.own(&answer);
        }
    }
}

/// Sends bodies of exactly 1 MiB, which are read, and one byte more, which are not.
fn sizes(probe: &mut Probe, item: &str) {
    for (method, path, success) in [("POST", ITEMS, 201), ("PUT", item, 200)] {
        for (size, status, note) in [
            (LIMIT, success, "of 1 MiB"),
            (LIMIT + 1, 413, "of 1 MiB and a byte"),
            (3 * LIMIT, 413, "of 3 MiB"),
        ] {
            let mut body = json!({"name": probe.name()}).to_string();
            body.push_str(&" ".repeat(size - body.len()));
            let request = Request::new(method, path).typed("application/json", body);
            let whole = request.clone().noted(note);
            let chunked = request.chunked().noted(format!("{note} in chunks"));
            let answer = probe.expect(&whole, status);
            probe.own(&answer);
            probe.expect(&chunked, if status == 201 { 409 } else { status });
        }
    }
}
