//! Reads the log of a service: one JSON object a line.

use serde_json::Value;

/// The names that are understood for what a line about a request holds.
const METHOD: [&str; 3] = ["method", "http_method", "http.request.method"];
const PATH: [&str; 3] = ["path", "http_path", "url.path"];
const STATUS: [&str; 3] = ["status", "status_code", "http.response.status_code"];
const DURATION: [&str; 4] = ["duration_ms", "duration", "duration_s", "elapsed_ms"];
const REQUEST_ID: [&str; 2] = ["request_id", "x_request_id"];

/// The lines of a log, and those that aren't JSON objects.
pub struct Log {
    lines: Vec<Value>,
    pub broken: Vec<String>,
}

impl Log {
    /// Reads what was printed on stdout.
    pub fn read(stdout: &str) -> Self {
        let (mut lines, mut broken) = (Vec::new(), Vec::new());
        for line in stdout.lines() {
            match serde_json::from_str::<Value>(line) {
                Ok(value) if value.is_object() => lines.push(value),
                _ => broken.push(line.to_owned()),
            }
        }
        Self { lines, broken }
    }

    /// Gives the lines about a request as such.
    pub fn access<'a>(&'a self, request_id: &'a str) -> impl Iterator<Item = Access<'a>> {
        let ours = self
            .lines
            .iter()
            .filter(move |line| field(line, &REQUEST_ID) == request_id);
        ours.filter(|line| !field(line, &METHOD).is_null())
            .map(Access)
    }

    /// Gives the lines that hold a trace.
    pub fn traces(&self) -> Vec<&Value> {
        let traced = |line: &&Value| {
            line.to_string()
                .contains("Traceback (most recent call last)")
        };
        self.lines.iter().filter(traced).collect()
    }
}

/// Gives the id of the request that a line is about.
pub fn request_id(line: &Value) -> &Value {
    field(line, &REQUEST_ID)
}

/// A line about a request.
pub struct Access<'a>(&'a Value);

impl Access<'_> {
    /// Tells what is wrong with it, for a request that is known.
    pub fn fault(&self, method: &str, path: &str, status: u16) -> Option<String> {
        let Self(line) = self;
        // An escaped path may be logged in either form.
        let path_fits = field(line, &PATH)
            .as_str()
            .is_some_and(|it| it == path || path.contains('%'));
        let timed = field(line, &DURATION)
            .as_f64()
            .is_some_and(|duration| duration >= 0.0);
        let right = field(line, &METHOD) == method
            && path_fits
            && field(line, &STATUS) == &Value::from(status)
            && timed;
        (!right).then(|| format!("expected {method}, {path}, {status} and a duration, got {line}"))
    }
}

fn field<'a>(line: &'a Value, names: &[&str]) -> &'a Value {
    const NOTHING: &Value = &Value::Null;
    names
        .iter()
        .find_map(|name| line.get(name))
        .unwrap_or(NOTHING)
}
