//! Reads the files of settings that Python projects have as data: TOML, JSON, YAML and INI.

use std::collections::BTreeMap;

use saphyr::{LoadableYamlNode, Scalar, Yaml};
use saphyr_parser::{BufferedInput, Event, Parser};
use serde_json::Value as Json;

use super::split;

/// The longest YAML that is read, in bytes: what is nested by indentation can't be deep in it.
const MAX_YAML: usize = 16 * 1024;

/// The most levels that one line of YAML may open; the reader nests as deep as a text does.
const MAX_LEVELS: usize = 64;

/// The most aliases of a YAML text: with each level of them, it grows by a factor.
const MAX_ALIASES: usize = 16;

/// The names of files that are INI without saying so.
const INI: [&str; 2] = [".coveragerc", ".flake8"];

/// The names of files that are TOML without saying so.
const TOML: [&str; 1] = ["Pipfile"];

/// Parses a text by the name of its file; `None` where it is no data, or broken.
pub(super) fn parse(path: &str, text: &str) -> Option<Json> {
    let name = split(path).1;
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    match ending {
        _ if TOML.contains(&name) => toml_edit::de::from_str(text).ok(),
        _ if INI.contains(&name) => Some(ini(text)),
        "toml" => toml_edit::de::from_str(text).ok(),
        "json" => serde_json::from_str(text).ok(),
        "yml" | "yaml" => yaml(text),
        "cfg" | "ini" => Some(ini(text)),
        _ => None,
    }
}

/// Reads the first document of a YAML text.
fn yaml(text: &str) -> Option<Json> {
    if text.len() > MAX_YAML || text.lines().any(|line| levels(line) > MAX_LEVELS) {
        return None;
    }
    if aliases(text) > MAX_ALIASES {
        return None;
    }
    let documents = Yaml::load_from_str(text).ok()?;
    documents.first().map(from_yaml)
}

/// Counts what stands for something else; the reader puts a copy of it there.
fn aliases(text: &str) -> usize {
    let events = Parser::new(BufferedInput::new(text.chars())).map_while(Result::ok);
    let is_alias = |(event, _): &(Event, _)| matches!(event, Event::Alias(_));
    events.filter(is_alias).count()
}

/// Counts the lists and keys that a line of YAML may open.
fn levels(line: &str) -> usize {
    let words = line.split_whitespace();
    words
        .filter(|word| matches!(*word, "-" | "?" | ":"))
        .count()
}

fn from_yaml(value: &Yaml) -> Json {
    match value {
        Yaml::Value(scalar) => from_scalar(scalar),
        Yaml::Sequence(values) => values.iter().map(from_yaml).collect(),
        Yaml::Mapping(pairs) => {
            let named = pairs
                .iter()
                .filter_map(|(key, value)| Some((key.as_str()?.to_owned(), from_yaml(value))));
            Json::Object(named.collect())
        }
        Yaml::Tagged(_, value) => from_yaml(value),
        Yaml::Representation(..) | Yaml::Alias(_) | Yaml::BadValue => Json::Null,
    }
}

fn from_scalar(scalar: &Scalar) -> Json {
    match scalar {
        Scalar::Null => Json::Null,
        Scalar::Boolean(yes) => Json::from(*yes),
        Scalar::Integer(number) => Json::from(*number),
        Scalar::FloatingPoint(number) => Json::from(number.into_inner()),
        Scalar::String(text) => Json::from(text.as_ref()),
    }
}

/// Reads an INI file as tables of texts; an indented line goes on with the value before it.
fn ini(text: &str) -> Json {
    let mut sections: BTreeMap<&str, BTreeMap<&str, String>> = BTreeMap::new();
    let (mut section, mut key) = ("", "");
    for line in text.lines() {
        let content = line.trim();
        if content.is_empty() || content.starts_with(['#', ';']) {
            continue;
        }
        if line.starts_with([' ', '\t']) {
            let value = sections.entry(section).or_default().entry(key).or_default();
            *value += &format!("\n{content}");
        } else if let Some(name) = content.strip_prefix('[') {
            section = name.trim_end_matches(']');
            sections.entry(section).or_default();
        } else {
            let (name, value) = content.split_once(['=', ':']).unwrap_or((content, ""));
            key = name.trim_end();
            let values = sections.entry(section).or_default();
            values.insert(key, value.trim_start().to_owned());
        }
    }
    serde_json::to_value(sections).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn files_are_read_by_their_names() {
        let cases = [
            ("pyproject.toml", "[a]\nb = 1\n", json!({"a": {"b": 1}})),
            ("Pipfile", "[a]\nb = \"*\"\n", json!({"a": {"b": "*"}})),
            (".cruft.json", "{\"a\": [1]}", json!({"a": [1]})),
            (
                ".copier-answers.yml",
                "# no\n_commit: v1\na: yes please\nb: 3.12\nc: [x, true, null]\nd: '3.12'\n",
                json!({"_commit": "v1", "a": "yes please", "b": 3.12, "c": ["x", true, null], "d": "3.12"}),
            ),
            (
                "setup.cfg",
                "[metadata]\nname = a\n# no\n[options]\ninstall_requires =\n    b>=1\n    c\n[tool:pytest]\naddopts: -q\n",
                json!({
                    "metadata": {"name": "a"},
                    "options": {"install_requires": "\nb>=1\nc"},
                    "tool:pytest": {"addopts": "-q"},
                }),
            ),
            (
                ".coveragerc",
                "[report]\nfail_under = 80",
                json!({"report": {"fail_under": "80"}}),
            ),
        ];
        for (path, text, expected) in cases {
            assert_eq!(parse(path, text), Some(expected), "{path}");
        }
    }

    #[test]
    fn broken_files_are_no_data() {
        let deep = ["- ", "? ", "[", "{a: "].map(|open| open.repeat(MAX_YAML / open.len()));
        let cases = [
            ("pyproject.toml", "[a"),
            ("a.json", "{"),
            ("a.yml", "a: [b"),
            ("a.yml", &deep[0]),
            ("a.yml", &deep[1]),
            ("a.yml", &deep[2]),
            ("a.yml", &deep[3]),
            ("a.yml", &" ".repeat(MAX_YAML + 1)),
            ("Makefile", "a: b"),
        ];
        for (path, text) in cases {
            assert_eq!(parse(path, text), None, "{path}");
        }
        parse("a.cfg", "[\n =\n x\n:").unwrap();
        let lines: Vec<String> = (0..170).map(|depth| " ".repeat(depth) + "-").collect();
        parse("a.yml", &lines.join("\n")).unwrap();
    }
}
