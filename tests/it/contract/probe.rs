//! Asks, holds every answer to what the contract says of all of them, and remembers.

use std::collections::BTreeMap;

use regex_lite::Regex;
use serde::Serialize;
use serde_json::{Map, Value, json, to_value};

use super::http::{Answer, Client, Request};
use super::{Environment, Service, instant};

/// Where items are.
pub const ITEMS: &str = "/api/v1/items";

/// The id of no item.
pub const NOBODY: &str = "5ca1ab1e-0000-4000-8000-c0ffee15dead";

/// Stands for input that must not come back in an error.
pub const MARKER: &str = "zq7-rejected-input";

/// An answer as the `OpenAPI` document describes it: method, path, status and content type.
pub type Seen = (String, String, u16, Option<String>);

/// Asks a service and collects its deviations.
pub struct Probe<'a> {
    pub service: &'a Service,
    pub client: Client,
    /// What was answered, with the last body of it; null where that wasn't JSON.
    pub seen: BTreeMap<Seen, Value>,
    group: &'static str,
    deviations: Vec<String>,
    faults: BTreeMap<String, (usize, String)>,
    items: Vec<String>,
    names: usize,
    started: f64,
}

impl<'a> Probe<'a> {
    /// Prepares to ask a service.
    pub fn new(service: &'a Service) -> Self {
        Self {
            service,
            client: Client::new(&service.base, &service.allowed_host),
            seen: BTreeMap::new(),
            group: "",
            deviations: Vec::new(),
            faults: BTreeMap::new(),
            items: Vec::new(),
            names: 0,
            started: instant::now(),
        }
    }

    /// Begins a group of checks, which is named in front of its deviations.
    pub fn begin(&mut self, group: &'static str) {
        self.group = group;
    }

    /// Deletes what was made, and gives all deviations.
    pub fn finish(mut self) -> Vec<String> {
        self.begin("items");
        for item in std::mem::take(&mut self.items) {
            self.expect(&Request::new("DELETE", &item).noted("to clean up"), 204);
        }
        let faults = self
            .faults
            .into_iter()
            .map(|(fault, (count, first))| match count {
                1 => format!("every answer: {first}: {fault}"),
                _ => format!("every answer: {first} and {} more: {fault}", count - 1),
            });
        self.deviations.into_iter().chain(faults).collect()
    }

    /// Asks, and expects a status.
    pub fn expect(&mut self, request: &Request, status: u16) -> Answer {
        self.expect_any(request, &[status])
    }

    /// Asks, and expects one of several statuses.
    pub fn expect_any(&mut self, request: &Request, statuses: &[u16]) -> Answer {
        let answer = self.send(request);
        if answer.status != 0 && !statuses.contains(&answer.status) {
            let expected = statuses
                .iter()
                .map(u16::to_string)
                .collect::<Vec<_>>()
                .join(" or ");
            self.deviates(format!(
                "{request}: expected {expected}, got {}",
                answer.status
            ));
        }
        answer
    }

    /// Asks, and expects no particular status.
    pub fn send(&mut self, request: &Request) -> Answer {
        let result = self.client.send(request);
        self.judge(request, result)
    }

    /// Holds to the contract what was answered to a request.
    pub fn judge(&mut self, request: &Request, result: Result<Answer, String>) -> Answer {
        let answer = result.unwrap_or_else(|error| {
            self.deviates(format!("{request}: expected an answer, got {error}"));
            Answer::default()
        });
        if answer.status == 0 {
            return answer;
        }
        for fault in faults(self.service, request, &answer) {
            let known = self.faults.entry(fault).or_insert((0, request.to_string()));
            known.0 += 1;
        }
        let (method, route) = (request.method.to_lowercase(), route(&request.target));
        self.seen.insert(
            (method, route, answer.status, answer.media_type()),
            answer.json(),
        );
        answer
    }

    /// Expects something of the answer to a request to be a value.
    pub fn equal(&mut self, what: &str, got: impl Serialize, expected: impl Serialize) {
        let [got, expected] = [to_value(got), to_value(expected)].map(Result::unwrap_or_default);
        if got != expected {
            self.deviates(format!("{what}: expected {expected}, got {got}"));
        }
    }

    /// Notes a deviation unless something holds.
    pub fn holds(&mut self, holds: bool, deviation: impl Into<String>) {
        if !holds {
            self.deviates(deviation);
        }
    }

    fn deviates(&mut self, deviation: impl Into<String>) {
        self.deviations
            .push(format!("{}: {}", self.group, shortened(&deviation.into())));
    }

    /// Gives a name that no item has.
    pub fn name(&mut self) -> String {
        self.names += 1;
        format!("contract {:x} {}", self.started.to_bits(), self.names)
    }

    /// Gives a name of a length, filled up with a character.
    pub fn name_of(&mut self, length: usize, filling: char) -> String {
        let name = self.name();
        let missing = length - name.len();
        name + &filling.to_string().repeat(missing)
    }

    /// Creates an item, and gives its path and how it was answered.
    pub fn create(&mut self, body: &Value) -> (String, Answer) {
        self.create_by(&Request::json("POST", ITEMS, body))
    }

    /// Creates an item by a particular request.
    pub fn create_by(&mut self, request: &Request) -> (String, Answer) {
        let answer = self.expect(request, 201);
        (self.own(&answer), answer)
    }

    /// Takes on the deletion of an item that was created, and gives its path.
    pub fn own(&mut self, answer: &Answer) -> String {
        let path = format!("{ITEMS}/{}", answer.json()["id"].as_str().unwrap_or(NOBODY));
        if answer.status == 201 {
            self.items.push(path.clone());
        }
        path
    }

    /// Gives up an item that is deleted already.
    pub fn disown(&mut self, path: &str) {
        self.items.retain(|item| item != path);
    }
}

/// Shortens a line whose middle is of no interest.
fn shortened(line: &str) -> String {
    let length = line.chars().count();
    if length <= 400 {
        return line.to_owned();
    }
    let (start, end) = (line.chars().take(200), line.chars().skip(length - 200));
    start.chain(" … ".chars()).chain(end).collect()
}

/// Gives the path as the `OpenAPI` document has it, with `{}` for a parameter.
fn route(target: &str) -> String {
    let path = target.split('?').next().unwrap_or_default();
    match path
        .strip_prefix(ITEMS)
        .and_then(|rest| rest.strip_prefix('/'))
    {
        Some(id) if !id.is_empty() && !id.contains('/') => format!("{ITEMS}/{{}}"),
        _ => path.to_owned(),
    }
}

/// Finds what the contract says of every answer and this one lacks.
pub fn faults(service: &Service, request: &Request, answer: &Answer) -> Vec<String> {
    let mut faults = Vec::new();
    for (name, expected) in [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("x-frame-options", "DENY"),
    ] {
        let values: Vec<_> = answer.all(name).collect();
        if values != [expected] {
            faults.push(format!(
                "{name}: expected {expected:?} once, got {values:?}"
            ));
        }
    }
    faults.extend(request_id_fault(request, answer));
    let secured = answer
        .header("strict-transport-security")
        .is_some_and(|value| {
            let age = value
                .split(';')
                .find_map(|part| part.trim().strip_prefix("max-age="));
            age.and_then(|age| age.parse::<u64>().ok())
                .is_some_and(|age| age > 0)
        });
    if secured != (service.environment == Environment::Production) {
        faults.push(format!(
            "strict-transport-security in {:?}: {secured}",
            service.environment
        ));
    }
    if answer.media_type().as_deref() == Some("text/html")
        && answer
            .header("content-security-policy")
            .is_none_or(|policy| !policy.contains("-src "))
    {
        faults.push("no content-security-policy with HTML".to_owned());
    }
    let unready = answer.status == 503 && request.target == "/health/ready";
    if answer.status >= 400 && !unready {
        faults.extend(problem_fault(request, answer));
        faults.extend(echo_fault(request, answer));
    }
    faults
}

fn request_id_fault(request: &Request, answer: &Answer) -> Option<String> {
    let ids: Vec<_> = answer.all("x-request-id").collect();
    let [id] = ids[..] else {
        return Some(format!("x-request-id: expected one, got {ids:?}"));
    };
    match request
        .header_value("x-request-id")
        .filter(|id| matches("^[A-Za-z0-9._-]{1,64}$", id))
    {
        Some(given) => (id != given).then(|| format!("x-request-id: expected {given}, got {id}")),
        None => (!is_uuid(id)).then(|| format!("x-request-id: expected a new UUID, got {id:?}")),
    }
}

/// Tells whether an error has another form than it must.
fn problem_fault(request: &Request, answer: &Answer) -> Option<String> {
    let media_type = answer.media_type();
    if media_type.as_deref() != Some("application/problem+json") {
        return Some(format!(
            "an error as {media_type:?}, not application/problem+json"
        ));
    }
    if request.method == "HEAD" {
        return None;
    }
    let problem = answer.json();
    let well_formed = has_keys(&problem, &["type", "title", "status", "detail", "errors"])
        && problem["type"] == "about:blank"
        && problem["status"] == answer.status
        && [&problem["title"], &problem["detail"]]
            .iter()
            .all(|text| is_text(text))
        && problem["errors"].as_array().is_some_and(|errors| {
            errors.iter().all(|error| {
                let texts = [&error["location"], &error["message"]];
                has_keys(error, &["location", "message"]) && texts.iter().all(|text| is_text(text))
            })
        });
    (!well_formed).then(|| format!("an error of another form than the contract's: {problem}"))
}

/// Tells whether an error repeats what it rejects; only a location may name an unknown field.
fn echo_fault(request: &Request, answer: &Answer) -> Option<String> {
    let mut body = answer.json();
    for error in body["errors"].as_array_mut().into_iter().flatten() {
        error["location"] = json!(null);
    }
    let body = if body.is_null() {
        answer.text()
    } else {
        body.to_string()
    };
    let headers = answer.headers.iter().map(|(_, value)| value.as_str());
    let texts: Vec<&str> = headers.chain([body.as_str()]).collect();
    let echoed = [MARKER, NOBODY]
        .into_iter()
        .find(|input| request.mentions(input) && texts.iter().any(|text| text.contains(input)))?;
    Some(format!(
        "status {} repeats the rejected input {echoed}",
        answer.status
    ))
}

/// Tells whether a value is an object with exactly these keys.
pub fn has_keys(value: &Value, keys: &[&str]) -> bool {
    let count = value.as_object().map(Map::len);
    count == Some(keys.len()) && keys.iter().all(|key| value.get(key).is_some())
}

fn is_text(value: &Value) -> bool {
    value.as_str().is_some_and(|text| !text.is_empty())
}

/// Tells whether a text is a UUID in its usual form.
pub fn is_uuid(text: &str) -> bool {
    matches("^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", text)
}

fn matches(pattern: &str, text: &str) -> bool {
    Regex::new(pattern).is_ok_and(|pattern| pattern.is_match(text))
}
