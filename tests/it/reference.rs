//! The reference of all keys in the documents is made from the schemas.

use std::fmt::Write;
use std::path::Path;

use serde_json::Value as Json;

/// The manifests, in the order of the reference.
const MANIFESTS: [&str; 3] = ["template", "question", "layer"];

/// Gives a path in this repository.
fn here(inner: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(inner)
}

/// Writes the tables of all keys.
fn reference() -> String {
    let mut text = String::new();
    for name in MANIFESTS {
        let schema = std::fs::read_to_string(here(&format!("schemas/{name}.json"))).unwrap();
        let schema: Json = serde_json::from_str(&schema).unwrap();
        let title = schema["title"].as_str().unwrap();
        let about = schema["description"].as_str().unwrap();
        write!(text, "\n### `{title}`\n\n{about}\n").unwrap();
        table(&mut text, &schema);
        let parts = schema["$defs"].as_object().unwrap();
        for (name, part) in parts
            .iter()
            .filter(|(_, part)| part["properties"].is_object())
        {
            write!(text, "\nKeys of `{name}`:\n").unwrap();
            table(&mut text, part);
        }
    }
    text
}

/// Writes the table of the keys of an object.
fn table(text: &mut String, object: &Json) {
    text.push_str("\n| key | means |\n|---|---|\n");
    for (key, property) in object["properties"].as_object().unwrap() {
        let means = property["description"].as_str().unwrap();
        writeln!(text, "| `{key}` | {} |", means.replace('|', "\\|")).unwrap();
    }
}

#[test]
fn the_guide_lists_every_key_of_the_schemas() {
    let guide = std::fs::read_to_string(here("docs/templates.md")).unwrap();
    let (_, rest) = guide.split_once("<!-- keys: start -->\n").unwrap();
    let (listed, _) = rest.split_once("\n<!-- keys: end -->").unwrap();
    let made = reference();
    assert!(
        listed.trim() == made.trim(),
        "put this between the marks in docs/templates.md:\n{made}"
    );
}
