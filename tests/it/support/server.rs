//! Starts the real server of a project and holds it to the contract.

use std::process::Command;

use super::projects::{Project, succeed};
use crate::contract::process::{self, Database, KEY, Launch};
use crate::contract::{self, Environment, Server, Service};

/// The origin that servers under test allow.
const ORIGIN: &str = "https://shop.example";

/// The host name that servers under test answer to.
const HOST: &str = "service.example";

/// Migrates a database, and asks the server everything, in production.
pub fn check_answers(project: &Project) -> Result<(), String> {
    let database = migrated(project, "answers.db")?;
    let mut variables = vec![
        ("ENVIRONMENT", "production"),
        ("SECRET_KEY", KEY),
        ("CORS_ORIGINS", ORIGIN),
        ("ALLOWED_HOSTS", HOST),
    ];
    variables.extend(database.as_deref().map(|url| ("DATABASE_URL", url)));
    let server = Server::start(serve(project), &variables)?;
    none(&contract::deviations(&Service {
        base: server.base.clone(),
        has_database: database.is_some(),
        environment: Environment::Production,
        cors_origin: ORIGIN.to_owned(),
        allowed_host: HOST.to_owned(),
    }))
}

/// Starts and stops the server in all ways.
pub fn check_process(project: &Project) -> Result<(), String> {
    let url = migrated(project, "process.db")?;
    let postgresql = project.has_postgresql();
    let database = url.map(|url| Database { url, postgresql });
    none(&process::deviations(&Launch {
        command: &|| serve(project),
        database,
    }))
}

fn none(deviations: &[String]) -> Result<(), String> {
    if deviations.is_empty() {
        Ok(())
    } else {
        Err(deviations.join("\n"))
    }
}

/// Makes a database and gives its address; none for a project without.
fn migrated(project: &Project, name: &str) -> Result<Option<String>, String> {
    if !project.has_database() {
        return Ok(None);
    }
    let url = format!("sqlite:///{}", project.root.join(name).display());
    succeed(project.verb("migrate").env("DATABASE_URL", &url))?;
    Ok(Some(url))
}

/// Prepares the command that the project's own verb runs, without the wrapper around it.
fn serve(project: &Project) -> Command {
    let mut command = project.command("python");
    command.args(["-m", &project.package()]);
    command
}
