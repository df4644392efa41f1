//! Starts that are refused, and `.env`.

use super::Environment;
use super::http::Request;
use super::process::{Check, KEY, PASSWORD, Variables};
use super::server::Server;

/// Starts production without what it needs, and expects one message that names all of it.
pub fn refused_starts(check: &mut Check) {
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
pub fn dotenv(check: &mut Check) {
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
