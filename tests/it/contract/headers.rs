//! Request ids, other origins and other hosts.

use serde_json::json;

use super::http::{Answer, Request};
use super::probe::{ITEMS, MARKER, Probe};

/// Sends request ids that are kept and others that are replaced, by an answer of each kind.
///
/// Which of the two it must be is known to the check of every answer.
pub fn request_ids(probe: &mut Probe) {
    let longest = "a".repeat(64);
    let too_long = "a".repeat(65);
    let kept = ["a", "A-z_0.9", "-", longest.as_str()];
    let marked = format!("{MARKER}!");
    let replaced = [
        "",
        "a b",
        "a/b",
        "a,b",
        "ä",
        "{\"a\": 1}",
        &marked,
        &too_long,
    ];
    let invalid = json!({"name": ""});
    let kinds = [
        Request::get("/health/live"),
        Request::get("/docs"),
        Request::get(ITEMS),
        Request::get("/nowhere"),
        Request::new("PATCH", ITEMS),
        Request::json("POST", ITEMS, &invalid),
        Request::get("/openapi.json").header("host", MARKER),
    ];
    let mut ids = Vec::new();
    for kind in kinds {
        for id in kept.iter().chain(&replaced) {
            let note = format!("with the request id {id:?}");
            probe.send(&kind.clone().header("x-request-id", id).noted(note));
        }
        for _ in 0..2 {
            let answer = probe.send(&kind.clone().noted("without a request id"));
            ids.extend(answer.header("x-request-id").map(str::to_owned));
        }
    }
    let count = ids.len();
    ids.sort();
    ids.dedup();
    probe.equal("different new request ids", ids.len(), count);
    probe.holds(count > 0, "expected new request ids, got none");
}

/// Asks from the allowed origin and from others.
pub fn cors(probe: &mut Probe) {
    let ours = probe.service.cors_origin.clone();
    let others = [
        format!("{ours}.{MARKER}.example"),
        format!("{ours}:1"),
        ours.replacen("http", "ftp", 1),
        format!("https://{MARKER}.example"),
        "null".to_owned(),
    ];
    let invalid = json!({"name": ""});
    let kinds = [
        Request::get(ITEMS),
        Request::get("/nowhere"),
        Request::new("PATCH", ITEMS),
        Request::json("POST", ITEMS, &invalid),
        Request::new("POST", ITEMS).typed("text/plain", "n"),
        Request::new("POST", ITEMS).typed("application/json", "{"),
        Request::new("POST", ITEMS).typed("application/json", " ".repeat(1024 * 1024 + 1)),
    ];
    for kind in kinds {
        let ask = |origin: &str| {
            kind.clone()
                .header("origin", origin)
                .noted(format!("from {origin}"))
        };
        let answer = probe.send(&ask(&ours));
        let what = format!("{kind} from {ours}");
        probe.equal(
            &format!("{what}: allowed origin"),
            allowed_origin(&answer),
            Some(ours.clone()),
        );
        let varies = answer
            .list("vary")
            .iter()
            .any(|name| name.eq_ignore_ascii_case("origin"));
        probe.holds(varies, format!("{what}: expected Vary: Origin"));
        for origin in &others {
            let answer = probe.send(&ask(origin));
            probe.equal(
                &format!("{kind} from {origin}: allowed origin"),
                allowed_origin(&answer),
                None::<&str>,
            );
        }
        let answer = probe.send(&kind);
        probe.equal(
            &format!("{kind} from no origin: allowed origin"),
            allowed_origin(&answer),
            None::<&str>,
        );
    }
    preflights(probe, &ours, &others);
}

fn allowed_origin(answer: &Answer) -> Option<String> {
    answer
        .header("access-control-allow-origin")
        .map(str::to_owned)
}

fn preflights(probe: &mut Probe, ours: &str, others: &[String]) {
    let item = format!("{ITEMS}/00000000-0000-4000-8000-000000000000");
    for (method, path) in [
        ("GET", ITEMS),
        ("POST", ITEMS),
        ("GET", &item),
        ("PUT", &item),
        ("DELETE", &item),
    ] {
        let ask = |origin: &str| {
            Request::new("OPTIONS", path)
                .header("origin", origin)
                .header("access-control-request-method", method)
                .header(
                    "access-control-request-headers",
                    "content-type,x-request-id",
                )
                .noted(format!("before {method} from {origin}"))
        };
        let request = ask(ours);
        let answer = probe.expect_any(&request, &[200, 204]);
        probe.equal(
            &format!("{request}: allowed origin"),
            allowed_origin(&answer),
            Some(ours.to_owned()),
        );
        for (header, wanted) in [
            ("access-control-allow-methods", method),
            ("access-control-allow-headers", "content-type"),
            ("access-control-allow-headers", "x-request-id"),
        ] {
            let allowed = answer.list(header);
            let found = allowed.iter().any(|it| it.eq_ignore_ascii_case(wanted));
            probe.holds(
                found,
                format!("{request}: expected {wanted} in {header}, got {allowed:?}"),
            );
        }
        for origin in others {
            let request = ask(origin);
            let answer = probe.send(&request);
            probe.equal(
                &format!("{request}: allowed origin"),
                allowed_origin(&answer),
                None::<&str>,
            );
        }
    }
}

/// Asks for our host and for others.
pub fn hosts(probe: &mut Probe) {
    let ours = probe.service.allowed_host.clone();
    let others = [
        format!("{MARKER}.example"),
        format!("{ours}.{MARKER}.example"),
        format!("{MARKER}{ours}"),
        format!("{MARKER}.{ours}"),
        format!("{MARKER}:80"),
        "127.0.0.1".to_owned(),
        String::new(),
    ];
    let refusals: Vec<u16> = (400..500).filter(|status| *status != 404).collect();
    for host in &others {
        let ask = |path: &str| {
            Request::get(path)
                .header("host", host)
                .noted(format!("for host {host:?}"))
        };
        for path in [ITEMS, "/docs", "/openapi.json", "/nowhere"] {
            let request = ask(path);
            let status = probe.send(&request).status;
            let refused = refusals.contains(&status);
            probe.holds(
                refused,
                format!("{request}: expected to be refused, got {status}"),
            );
        }
        for path in ["/health/live", "/health/ready"] {
            probe.expect(&ask(path), 200);
        }
    }
    for host in [ours.clone(), format!("{ours}:1"), ours.to_uppercase()] {
        let request = Request::get(ITEMS).header("host", &host);
        probe.expect(&request.noted(format!("for host {host:?}")), 200);
    }
}
