//! What Python's index has, asked through uv.

use std::io::Write;
use std::process::Stdio;

use super::data::{Data, Found};
use super::support::python::{interpreter, uv_command};
use super::version::raised;

/// Finds newer packages and programs.
pub fn newest(data: &Data) -> Found {
    let mut found = Found::default();
    for (name, present) in data.packages() {
        match ask(name) {
            Ok(newest) => {
                let version = raised(present, &newest);
                let change = version.map(|version| data.package(name, version));
                found.changes.extend(change);
            }
            Err(reason) => found.unknown.push((name.to_owned(), reason)),
        }
    }
    for (name, requirement) in data.tools() {
        let (package, present) = requirement.split_once("~=").unwrap_or((requirement, ""));
        match ask(package) {
            Ok(newest) => {
                // Any release of a minor version is as good as another one.
                let minor: Vec<&str> = newest.split('.').take(2).collect();
                let minor = minor.join(".");
                if raised(present, &format!("{minor}.0")).is_some() {
                    let requirement = format!("{package}~={minor}.0");
                    let tag = data.image(name).map(|_| minor);
                    found.changes.push(data.tool(name, requirement, tag));
                }
            }
            Err(reason) => found.unknown.push((format!("tools.{name}"), reason)),
        }
    }
    found
}

/// Gives the newest release of a package that can be installed, with all that it needs, on the
/// lowest Python that a project can be for.
fn ask(package: &str) -> Result<String, String> {
    let (_, python) = interpreter("3.12");
    let mut asking = uv_command(python)
        .args(["pip", "compile", "--quiet", "--no-header", "--no-annotate"])
        .args(["--python-version", "3.12", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| error.to_string())?;
    if let Some(mut input) = asking.stdin.take() {
        input
            .write_all(package.as_bytes())
            .map_err(|error| error.to_string())?;
    }
    let output = asking
        .wait_with_output()
        .map_err(|error| error.to_string())?;
    let answer = String::from_utf8_lossy(&output.stdout);
    let newest = answer
        .lines()
        .filter_map(|line| line.split_once("=="))
        .find(|(found, _)| without_extras(found) == without_extras(package))
        .map(|(_, version)| version.to_owned());
    newest.ok_or_else(|| {
        let reason = String::from_utf8_lossy(&output.stderr);
        format!("the index gives none: {}", reason.trim())
    })
}

/// Gives the name of a package that may have extras behind it.
fn without_extras(package: &str) -> &str {
    package.split_once('[').map_or(package, |(name, _)| name)
}
