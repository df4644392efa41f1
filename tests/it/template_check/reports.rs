//! What the check says, and how it ends.

use serde_json::{Value as Json, json};

use super::{check, template};

/// The parts of SARIF 2.1.0 that are written here, as its specification has them.
fn schema() -> Json {
    let text = json!({
        "type": "object", "required": ["text"], "additionalProperties": false,
        "properties": { "text": { "type": "string", "minLength": 1 } },
    });
    let line = json!({ "type": "integer", "minimum": 1 });
    let region = json!({
        "type": "object", "additionalProperties": false,
        "properties": { "startLine": line, "startColumn": line, "endLine": line, "endColumn": line },
    });
    let physical = json!({
        "type": "object", "required": ["artifactLocation"], "additionalProperties": false,
        "properties": {
            "artifactLocation": {
                "type": "object", "additionalProperties": false,
                "properties": { "uri": { "type": "string", "pattern": "^[A-Za-z0-9._~/%-]+$" } },
            },
            "region": region,
        },
    });
    let result = json!({
        "type": "object", "required": ["message"], "additionalProperties": false,
        "properties": {
            "ruleId": { "type": "string" },
            "ruleIndex": { "type": "integer", "minimum": 0 },
            "level": { "enum": ["none", "note", "warning", "error"] },
            "message": text,
            "locations": { "type": "array", "items": {
                "type": "object", "additionalProperties": false,
                "properties": { "physicalLocation": physical },
            } },
        },
    });
    let rule = json!({
        "type": "object", "required": ["id"], "additionalProperties": false,
        "properties": { "id": { "type": "string", "pattern": "^[a-z-]+$" }, "shortDescription": text },
    });
    let driver = json!({
        "type": "object", "required": ["name"], "additionalProperties": false,
        "properties": {
            "name": { "type": "string" },
            "semanticVersion": { "type": "string" },
            "rules": { "type": "array", "uniqueItems": true, "items": rule },
        },
    });
    json!({
        "type": "object", "required": ["version", "runs"], "additionalProperties": false,
        "properties": {
            "$schema": { "type": "string", "format": "uri" },
            "version": { "const": "2.1.0" },
            "runs": { "type": "array", "minItems": 1, "items": {
                "type": "object", "required": ["tool"], "additionalProperties": false,
                "properties": {
                    "tool": { "type": "object", "required": ["driver"], "properties": { "driver": driver } },
                    "columnKind": { "enum": ["utf16CodeUnits", "unicodeCodePoints"] },
                    "results": { "type": "array", "items": result },
                },
            } },
        },
    })
}

#[track_caller]
fn validate(log: &Json) {
    let mut compiler = boon::Compiler::new();
    compiler.add_resource("sarif.json", schema()).unwrap();
    let mut schemas = boon::Schemas::new();
    let index = compiler.compile("sarif.json", &mut schemas).unwrap();
    if let Err(error) = schemas.validate(log, index) {
        panic!("{error:#}");
    }
}

/// A mistake with a place, and something odd about a whole file.
const WRONG: [(&str, &str); 2] = [
    ("base/files/a b.txt.jinja", "ä\n{{ naem }}\n"),
    ("stray.txt", ""),
];

#[test]
fn findings_are_written_as_sarif() {
    let sandbox = template(&WRONG);
    check(&sandbox, "--sarif out.sarif").code(1);
    let log: Json = serde_json::from_str(&sandbox.read("work/out.sarif")).unwrap();
    validate(&log);
    let run = &log["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.len(), 2);
    let location = |result: &Json| result["locations"][0]["physicalLocation"].clone();
    for result in results {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[index]["id"], result["ruleId"]);
    }
    assert_eq!(results[0]["ruleId"], "unknown-name");
    assert_eq!(results[0]["level"], "error");
    assert_eq!(
        location(&results[0]),
        json!({
            "artifactLocation": { "uri": "base/files/a%20b.txt.jinja" },
            "region": { "startLine": 2, "startColumn": 4, "endLine": 2, "endColumn": 8 },
        })
    );
    assert_eq!(
        location(&results[1]),
        json!({ "artifactLocation": { "uri": "stray.txt" } })
    );
    let run = check(&sandbox, "--sarif - --json");
    assert_eq!(run.json(), log);
}

#[test]
fn a_clean_template_is_valid_sarif_too() {
    let log = check(&template(&[]), "--sarif -").ok().json();
    validate(&log);
    assert_eq!(log["runs"][0]["results"], json!([]));
}

#[test]
fn warnings_alone_are_no_failure_unless_they_are_to_be() {
    let sandbox = template(&[("stray.txt", "")]);
    check(&sandbox, "").ok().says("no errors and 1 warning");
    check(&sandbox, "--strict")
        .code(1)
        .says("1 error and no warnings");
}

#[test]
fn people_see_the_line_that_is_wrong() {
    let run = check(&template(&WRONG), "");
    run.code(1)
        .says("base/files/a b.txt.jinja:2:4")
        .says("{{ naem }}")
        .says("1 error and 1 warning");
    assert_eq!(run.stdout(), "");
}

#[test]
fn json_is_one_object_with_everything() {
    let run = check(&template(&WRONG), "--json");
    let data = run.code(1).json();
    assert_eq!((&data["errors"], &data["warnings"]), (&json!(1), &json!(1)));
    let finding = &data["findings"][0];
    assert_eq!(finding["source"], "{{ naem }}");
    assert_eq!(
        (&finding["line"], &finding["column"]),
        (&json!(2), &json!(4))
    );
}
