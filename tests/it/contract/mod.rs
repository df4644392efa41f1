//! Holds a running service to CONTRACT.md, from the outside.
//!
//! It owns what every generated service must answer, whatever it was made with. It never looks
//! into a project, and never starts or changes one.

mod bodies;
mod documents;
mod errors;
mod headers;
mod http;
mod instant;
mod items;
mod listing;
mod log;
mod outage;
mod probe;
pub mod process;
mod server;
mod start;
mod stop;
#[cfg(test)]
mod stub;

pub use server::Server;

use http::Request;
use probe::Probe;

/// Where a service believes to run: `ENVIRONMENT`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Environment {
    /// Without HSTS.
    Development,
    /// With HSTS.
    Production,
}

/// What is particular about a service under test.
pub struct Service {
    /// Where it listens: `http://127.0.0.1:8000`.
    pub base: String,
    /// Whether there is a database, which readiness then tells about.
    pub has_database: bool,
    /// Its `ENVIRONMENT`.
    pub environment: Environment,
    /// The only one of its `CORS_ORIGINS`, such as `https://app.example`.
    pub cors_origin: String,
    /// The only one of its `ALLOWED_HOSTS`, a plain name such as `service.example`.
    pub allowed_host: String,
}

/// A name for what deviates, and what to ask.
type Group = (&'static str, fn(&mut Probe));

/// Walks the whole contract and gives every deviation as a line; none when it holds.
///
/// Nobody else may use the service meanwhile. The items it makes are deleted in the end.
pub fn deviations(service: &Service) -> Vec<String> {
    let mut probe = Probe::new(service);
    if let Err(error) = probe.client.send(&Request::get("/health/live")) {
        return vec![format!("{}: expected a service, got {error}", service.base)];
    }
    let groups: [Group; 12] = [
        ("health", documents::health),
        ("docs", documents::docs),
        ("items", items::life),
        ("valid bodies", bodies::valid),
        ("list", listing::list),
        ("concurrency", items::concurrency),
        ("invalid bodies", bodies::invalid),
        ("errors", errors::check),
        ("request id", headers::request_ids),
        ("cors", headers::cors),
        ("hosts", headers::hosts),
        // Last, because it compares the document with all that was answered before.
        ("openapi", documents::openapi),
    ];
    for (name, check) in groups {
        probe.begin(name);
        check(&mut probe);
    }
    probe.finish()
}
