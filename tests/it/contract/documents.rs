//! Health routes, the docs page and the `OpenAPI` document.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use regex_lite::Regex;
use serde_json::{Value, json};

use super::http::Request;
use super::probe::{ITEMS, Probe};

const HTML: &str = "text/html";
const JSON: &str = "application/json";
const PROBLEM: &str = "application/problem+json";

/// A method and a path, with the statuses and content types it must be documented to answer.
type Operation = (
    &'static str,
    &'static str,
    &'static [(u16, Option<&'static str>)],
);

/// The operations of the contract.
const OPERATIONS: [Operation; 7] = [
    ("get", "/health/live", &[(200, Some(JSON))]),
    (
        "get",
        "/health/ready",
        &[(200, Some(JSON)), (503, Some(JSON))],
    ),
    ("get", ITEMS, &[(200, Some(JSON)), (422, Some(PROBLEM))]),
    (
        "post",
        ITEMS,
        &[
            (201, Some(JSON)),
            (400, Some(PROBLEM)),
            (409, Some(PROBLEM)),
            (413, Some(PROBLEM)),
            (415, Some(PROBLEM)),
            (422, Some(PROBLEM)),
        ],
    ),
    (
        "get",
        "/api/v1/items/{}",
        &[
            (200, Some(JSON)),
            (404, Some(PROBLEM)),
            (422, Some(PROBLEM)),
        ],
    ),
    (
        "put",
        "/api/v1/items/{}",
        &[
            (200, Some(JSON)),
            (400, Some(PROBLEM)),
            (404, Some(PROBLEM)),
            (409, Some(PROBLEM)),
            (413, Some(PROBLEM)),
            (415, Some(PROBLEM)),
            (422, Some(PROBLEM)),
        ],
    ),
    (
        "delete",
        "/api/v1/items/{}",
        &[(204, None), (404, Some(PROBLEM)), (422, Some(PROBLEM))],
    ),
];

/// Holds the probes to their exact bodies, and readiness to its time.
pub fn health(probe: &mut Probe) {
    let checks = if probe.service.has_database {
        json!({"database": "ok"})
    } else {
        json!({})
    };
    let cases = [
        ("/health/live", json!({"status": "ok"})),
        ("/health/ready", json!({"status": "ok", "checks": checks})),
    ];
    for (path, expected) in cases {
        let begun = Instant::now();
        let answer = probe.expect(&Request::get(path), 200);
        let slow = begun.elapsed() > Duration::from_secs(2);
        probe.holds(!slow, format!("GET {path}: slower than 2 s"));
        probe.equal(
            &format!("GET {path}: media type"),
            answer.media_type(),
            JSON,
        );
        probe.equal(&format!("GET {path}: body"), answer.json(), expected);
    }
}

/// Holds the docs page to working without the internet.
pub fn docs(probe: &mut Probe) {
    let page = probe.expect(&Request::get("/docs"), 200);
    probe.equal("GET /docs: media type", page.media_type(), HTML);
    let html = page.text();
    let outside = links(&html)
        .into_iter()
        .filter(|link| is_outside(link))
        .collect::<Vec<_>>();
    probe.equal(
        "GET /docs: references to other hosts",
        outside,
        Vec::<String>::new(),
    );
    let policy = page.header("content-security-policy").unwrap_or_default();
    let wide: Vec<_> = policy
        .split([' ', ';'])
        .filter(|word| ["*", "http:", "https:"].contains(word) || word.contains("//"))
        .collect();
    probe.equal(
        "GET /docs: other hosts in its content security policy",
        wide,
        Vec::<&str>::new(),
    );
    let inline = Regex::new("<script>").is_ok_and(|script| script.is_match(&html));
    let allowed = ["'sha256-", "'nonce-", "'unsafe-inline'"]
        .iter()
        .any(|it| policy.contains(it));
    probe.holds(
        !inline || allowed,
        "GET /docs: its policy forbids its own script",
    );
    let mut read = 0;
    for link in links(&html)
        .iter()
        .filter(|link| !is_outside(link) && !link.starts_with("data:"))
    {
        let target = if link.starts_with('/') {
            link.clone()
        } else {
            format!("/{link}")
        };
        let part = probe.expect(&Request::get(&target).noted("of the docs page"), 200);
        probe.holds(
            !part.body.is_empty(),
            format!("GET {target}: expected a body, got none"),
        );
        let media_type = part.media_type().unwrap_or_default();
        for (end, expected) in [(".js", "javascript"), (".css", "text/css")] {
            let right = !target.ends_with(end) || media_type.contains(expected);
            probe.holds(
                right,
                format!("GET {target}: expected {expected}, got {media_type}"),
            );
        }
        read += 1;
    }
    probe.holds(
        read > 0 || html.len() > 10_000,
        "GET /docs: a page that refers to nothing",
    );
}

/// Gives what a page or style sheet loads or links to.
fn links(html: &str) -> Vec<String> {
    let pattern = r#"(?:src|href|action|srcset)\s*=\s*["']?([^"'\s>]+)|url\(["']?([^"')]+)|@import\s+["']([^"']+)|["']((?:https?:)?//[^"'\s]+)"#;
    let Ok(pattern) = Regex::new(pattern) else {
        return Vec::new();
    };
    let links = pattern.captures_iter(html).filter_map(|found| {
        (1..=4)
            .find_map(|group| found.get(group))
            .map(|link| link.as_str().to_owned())
    });
    links.filter(|link| !link.starts_with('#')).collect()
}

fn is_outside(link: &str) -> bool {
    link.starts_with("//") || link.contains("://")
}

/// Compares the `OpenAPI` document with the contract and with all that was answered before.
pub fn openapi(probe: &mut Probe) {
    let answer = probe.expect(&Request::get("/openapi.json"), 200);
    probe.equal("GET /openapi.json: media type", answer.media_type(), JSON);
    let document = answer.json();
    let version = document["openapi"].as_str().unwrap_or_default();
    probe.holds(
        version.starts_with("3.1."),
        format!("openapi: expected 3.1, got {version:?}"),
    );
    for part in ["title", "version"] {
        let given = document["info"][part]
            .as_str()
            .is_some_and(|text| !text.is_empty());
        probe.holds(given, format!("info.{part}: expected a text"));
    }

    for (method, route, answers) in OPERATIONS {
        let Some(operation) = operation(&document, method, route) else {
            probe.holds(
                false,
                format!("{method} {route}: expected to be documented"),
            );
            continue;
        };
        for (status, media_type) in answers {
            let documented = media_types(operation, *status);
            let expected = Some(media_type.iter().collect::<Vec<_>>());
            probe.equal(&format!("{method} {route} {status}"), documented, expected);
        }
        if ["post", "put"].contains(&method) {
            let accepted = keys(&operation["requestBody"]["content"]);
            probe.equal(&format!("{method} {route}: accepts"), accepted, [JSON]);
        }
    }
    let created = operation(&document, "post", ITEMS).map(|it| &it["responses"]["201"]["headers"]);
    let located = created
        .map(keys)
        .is_some_and(|names| names.iter().any(|it| it == "Location"));
    probe.holds(
        located,
        format!("post {ITEMS} 201: expected the header Location"),
    );

    for ((method, route, status, media_type), body) in probe.seen.clone() {
        let Some(operation) = operation(&document, &method, &route) else {
            continue;
        };
        let documented = media_types(operation, status);
        let what = format!("{method} {route} {status}");
        if let Some(media_type) = &media_type
            && documented.iter().flatten().any(|known| known == media_type)
        {
            let answers = format!("responses/{status}/content");
            let place = pointer(&document, (&method, &route), &answers, media_type);
            let fault = mismatch(&document, &place, &body);
            probe.holds(fault.is_none(), format!("{what}: {fault:?}: {body}"));
        }
        let expected = Some(media_type.into_iter().collect::<BTreeSet<_>>());
        probe.equal(
            &format!("{what}: documented as it is sent"),
            documented,
            expected,
        );
    }
    for (method, route) in [("post", ITEMS), ("put", "/api/v1/items/{}")] {
        let place = pointer(&document, (method, route), "requestBody/content", JSON);
        for (body, is_right) in bodies() {
            let fault = mismatch(&document, &place, &body);
            let what = format!("{method} {route}: documented to take {body}");
            probe.equal(&what, fault.is_none(), is_right);
        }
    }
    dangling(probe, &document, &document);
}

/// Gives bodies of items, and whether they are right.
fn bodies() -> [(Value, bool); 7] {
    [
        (json!({"name": "bolt"}), true),
        (
            json!({"name": "bolt", "description": null, "quantity": 2_147_483_647}),
            true,
        ),
        (json!({"quantity": 1}), false),
        (json!({"name": ""}), false),
        (json!({"name": "bolt", "quantity": -1}), false),
        (
            json!({"name": "bolt", "description": "x".repeat(2001)}),
            false,
        ),
        (json!({"name": "bolt", "colour": "red"}), false),
    ]
}

/// Says why a value doesn't match the schema at a place of the document.
fn mismatch(document: &Value, place: &str, value: &Value) -> Option<String> {
    const URL: &str = "https://document.example/openapi.json";
    let mut compiler = boon::Compiler::new();
    let mut schemas = boon::Schemas::new();
    compiler.add_resource(URL, document.clone()).ok()?;
    let schema = match compiler.compile(&format!("{URL}#{place}"), &mut schemas) {
        Ok(schema) => schema,
        Err(error) => return Some(format!("{place}: {error}")),
    };
    let result = schemas.validate(value, schema);
    result.err().map(|error| error.to_string())
}

/// Gives the place of a schema in the document, as a JSON pointer.
fn pointer(document: &Value, operation: (&str, &str), part: &str, media_type: &str) -> String {
    let (method, route) = operation;
    let path = documented_path(document, route).unwrap_or_default();
    let path = path
        .replace('/', "~1")
        .replace('{', "%7B")
        .replace('}', "%7D");
    let media_type = media_type.replace('/', "~1").replace('+', "%2B");
    format!("/paths/{path}/{method}/{part}/{media_type}/schema")
}

fn operation<'a>(document: &'a Value, method: &str, route: &str) -> Option<&'a Value> {
    document["paths"][documented_path(document, route)?].get(method)
}

/// Finds how the document writes a route.
fn documented_path<'a>(document: &'a Value, route: &str) -> Option<&'a str> {
    let parameter = Regex::new(r"\{[^}]+\}").ok()?;
    let mut paths = document["paths"].as_object()?.keys();
    paths
        .find(|path| parameter.replace_all(path, "{}") == route)
        .map(String::as_str)
}

/// Gives the content types documented for a status, or nothing when it isn't documented.
fn media_types(operation: &Value, status: u16) -> Option<BTreeSet<String>> {
    let answer = operation["responses"].get(status.to_string())?;
    Some(keys(&answer["content"]))
}

fn keys(value: &Value) -> BTreeSet<String> {
    value
        .as_object()
        .into_iter()
        .flat_map(|object| object.keys().cloned())
        .collect()
}

/// Finds references to schemas that aren't there.
fn dangling(probe: &mut Probe, document: &Value, value: &Value) {
    if let Some(reference) = value.get("$ref").and_then(Value::as_str) {
        let found = reference
            .strip_prefix('#')
            .and_then(|pointer| document.pointer(pointer));
        probe.holds(
            found.is_some(),
            format!("{reference}: expected to be in the document"),
        );
    }
    let object = value
        .as_object()
        .into_iter()
        .flat_map(|object| object.values());
    for inner in object.chain(value.as_array().into_iter().flatten()) {
        dangling(probe, document, inner);
    }
}
