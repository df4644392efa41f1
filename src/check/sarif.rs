//! Findings as SARIF 2.1.0, which code hosts show beside the lines that they are about.

use serde_json::{Value as Json, json};

use super::finding::{Finding, level};
use crate::problem::{Place, Rule};

/// Writes findings as one SARIF log. Files are relative to the template's folder; `root` is what
/// stands before them in messages.
pub fn sarif(findings: &[Finding], root: &str) -> Json {
    let rules: Vec<Json> = Rule::ALL
        .iter()
        .map(|rule| json!({ "id": rule.name(), "shortDescription": { "text": rule.summary() } }))
        .collect();
    let results: Vec<Json> = findings
        .iter()
        .map(|finding| result(finding, root))
        .collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "pyscaffold",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            } },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    })
}

fn result(finding: &Finding, root: &str) -> Json {
    let problem = finding.shown();
    let index = Rule::ALL.iter().position(|rule| *rule == problem.rule);
    let file = problem.file.strip_prefix(root).unwrap_or(&problem.file);
    let mut location = json!({
        "artifactLocation": { "uri": uri(file.trim_start_matches('/')) },
    });
    if let Some(place) = &problem.place {
        location["region"] = region(place);
    }
    let text = if finding.detail.is_empty() {
        problem.message.clone()
    } else {
        format!("{}\n\n{}", problem.message, finding.detail)
    };
    json!({
        "ruleId": problem.rule.name(),
        "ruleIndex": index,
        "level": level(&problem),
        "message": { "text": text },
        "locations": [{ "physicalLocation": location }],
    })
}

/// Gives the lines and columns of a place, counted from 1; the end is behind the last character.
fn region(place: &Place) -> Json {
    let (line, column) = place.line_and_column();
    let end = place.range.end.max(place.range.start);
    let end = Place {
        text: place.text.clone(),
        range: end..end,
    };
    let (end_line, end_column) = end.line_and_column();
    json!({ "startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column })
}

/// Writes a path as a relative reference.
fn uri(path: &str) -> String {
    let mut uri = String::new();
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            uri += &format!("%{byte:02X}");
        }
    }
    uri
}
