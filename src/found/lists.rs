//! What lists of requirements ask for, as it can stand in `pyproject.toml`.

use std::collections::{BTreeMap, BTreeSet};

use super::requirements::is_made;
use super::split;
use crate::formats;

/// What some lists ask for.
#[derive(Debug, Default)]
pub(super) struct Listed {
    /// The requirements in their order, each package with a marker once.
    pub(super) requirements: Vec<String>,
    /// The files that they stand in.
    pub(super) files: Vec<String>,
    /// The lines that can't stand elsewhere: options, and what has no name.
    pub(super) left: Vec<String>,
    known: BTreeSet<(String, String)>,
}

impl Listed {
    /// Reads the lists at some paths, and those that they include.
    pub(super) fn read<'t>(
        texts: &'t BTreeMap<String, String>,
        paths: impl Iterator<Item = &'t str>,
    ) -> Self {
        let mut listed = Listed::default();
        for path in paths {
            listed.add(texts, path);
        }
        listed
    }

    fn add(&mut self, texts: &BTreeMap<String, String>, path: &str) {
        let Some(text) = texts.get(path).filter(|text| !is_made(path, text, texts)) else {
            return;
        };
        if self.files.iter().any(|known| known == path) {
            return;
        }
        self.files.push(path.to_owned());
        for line in logical_lines(text) {
            if let Some(included) = option(&line, ["-r", "--requirement"]) {
                match beside(path, included).filter(|path| texts.contains_key(path)) {
                    Some(included) => self.add(texts, &included),
                    None => self.left.push(line),
                }
            } else if let Some(requirement) = requirement(&line) {
                self.push(requirement);
            } else if !is_itself(&line) {
                self.left.push(line);
            }
        }
    }

    fn push(&mut self, requirement: String) {
        let name = formats::package_name(&requirement).unwrap_or_default();
        let marker = requirement.split_once(';').map_or("", |(_, marker)| marker);
        if self.known.insert((name, marker.trim().to_owned())) {
            self.requirements.push(requirement);
        }
    }
}

/// Gives the lines without comments, those that go on below as one.
fn logical_lines(text: &str) -> impl Iterator<Item = String> {
    let joined = text.replace("\\\r\n", " ").replace("\\\n", " ");
    let lines: Vec<String> = joined
        .lines()
        .map(|line| {
            let comment = if line.trim_start().starts_with('#') {
                Some(0)
            } else {
                line.find(" #")
            };
            line[..comment.unwrap_or(line.len())].trim().to_owned()
        })
        .filter(|line| !line.is_empty())
        .collect();
    lines.into_iter()
}

/// Gives the argument of an option, where a line is one of these.
fn option<'l>(line: &'l str, names: [&str; 2]) -> Option<&'l str> {
    let argument = names.iter().find_map(|name| {
        let rest = line.strip_prefix(name)?;
        let is_whole = rest.starts_with([' ', '=', '\t']) || !name.starts_with("--");
        is_whole.then_some(rest)
    })?;
    let argument = argument.trim_start_matches('=').trim();
    (!argument.is_empty()).then_some(argument)
}

/// Gives the path that a file calls another one by.
fn beside(path: &str, name: &str) -> Option<String> {
    let mut folders: Vec<&str> = split(path)
        .0
        .split('/')
        .filter(|part| !part.is_empty())
        .collect();
    for part in name.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                folders.pop()?;
            }
            part => folders.push(part),
        }
    }
    Some(folders.join("/"))
}

/// Tells whether a line installs the project that it is in.
fn is_itself(line: &str) -> bool {
    let editable = option(line, ["-e", "--editable"]).unwrap_or(line);
    editable == "." || editable.starts_with(".[")
}

/// Writes a line as a requirement that has a name.
fn requirement(line: &str) -> Option<String> {
    // What the environment fills in would be taken as it stands.
    if line.contains("${") {
        return None;
    }
    let line = option(line, ["-e", "--editable"]).unwrap_or(line);
    let line = line.split(" --").next().unwrap_or(line).trim();
    if !line.contains("://") || line.contains(" @ ") {
        let is_path = line.starts_with(['-', '.', '/']);
        return (!is_path && formats::package_name(line).is_some()).then(|| line.to_owned());
    }
    let name = match line.split_once("#egg=") {
        Some((_, name)) => name.split('&').next().unwrap_or(name).to_owned(),
        None => wheel(line)?,
    };
    let address = line.split('#').next().unwrap_or(line);
    let named = format!("{name} @ {address}");
    formats::package_name(&named).map(|_| named)
}

/// Gives the name of the package that a wheel's address ends with.
fn wheel(address: &str) -> Option<String> {
    let file = address.rsplit('/').next()?.strip_suffix(".whl")?;
    Some(file.split('-').next()?.replace('_', "-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(files: &[(&str, &str)], path: &str) -> Listed {
        let texts = files
            .iter()
            .map(|(path, text)| ((*path).to_owned(), (*text).to_owned()))
            .collect();
        Listed::read(&texts, std::iter::once(path))
    }

    #[test]
    fn every_kind_of_line_is_a_requirement_or_left() {
        let text = "\
# web\n\
Web[async]==3.1.0  # pinned\n\
requests>=2.32 ; python_version < '4' --hash=sha256:00\n\
web<9\n\
a-b==1 \\\n    --hash=sha256:00\n\
named @ https://example.org/named.zip\n\
git+https://example.org/x.git@v1#egg=x-y&subdirectory=z\n\
-e git+https://example.org/e.git#egg=e\n\
https://example.org/w_w-1.0-py3-none-any.whl\n\
--index-url https://example.org/simple\n\
-c constraints.txt\n\
-e .\n\
.[dev]\n\
-e ./lib\n\
./lib.whl\n\
https://${TOKEN}@example.org/x-1-py3-none-any.whl\n\
-r missing.txt\n\
-r sub/other.txt\n";
        let other = "--requirement=../again.txt\nother~=1\n";
        let files = [
            ("requirements.txt", text),
            ("sub/other.txt", other),
            ("again.txt", "-r requirements.txt\nagain\nWEB\n"),
        ];
        let listed = read(&files, "requirements.txt");
        assert_eq!(
            listed.requirements,
            [
                "Web[async]==3.1.0",
                "requests>=2.32 ; python_version < '4'",
                "a-b==1",
                "named @ https://example.org/named.zip",
                "x-y @ git+https://example.org/x.git@v1",
                "e @ git+https://example.org/e.git",
                "w-w @ https://example.org/w_w-1.0-py3-none-any.whl",
                "again",
                "other~=1",
            ]
        );
        assert_eq!(
            listed.left,
            [
                "--index-url https://example.org/simple",
                "-c constraints.txt",
                "-e ./lib",
                "./lib.whl",
                "https://${TOKEN}@example.org/x-1-py3-none-any.whl",
                "-r missing.txt",
            ]
        );
        assert_eq!(
            listed.files,
            ["requirements.txt", "sub/other.txt", "again.txt"]
        );
    }

    #[test]
    fn what_a_tool_made_is_not_read() {
        let made = "# This file is autogenerated by a tool\na==1\n";
        assert!(
            read(&[("requirements.txt", made)], "requirements.txt")
                .files
                .is_empty()
        );
    }
}
