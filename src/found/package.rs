//! What a project is imported as, told by its folders.

use std::collections::BTreeSet;

use super::split;

/// Folders that can be imported and are yet not what the project is about.
const BESIDE: [&str; 9] = [
    "config",
    "docs",
    "examples",
    "migrations",
    "scripts",
    "src",
    "test",
    "tests",
    "tools",
];

/// Finds the file that makes a folder the project's package, and the package's name.
///
/// What lies in `src/` goes before what lies at the top. One of several must have the name of the
/// project in another spelling.
pub(super) fn find<'a>(files: &'a BTreeSet<String>, project: &str) -> Option<(&'a str, &'a str)> {
    let inside = packages(files, "src/");
    let candidates = if inside.is_empty() {
        packages(files, "")
    } else {
        inside
    };
    match candidates.as_slice() {
        [only] => Some(*only),
        several => several
            .iter()
            .copied()
            .find(|(_, name)| letters(name).eq(letters(project))),
    }
}

/// Gives the packages right under a folder.
fn packages<'a>(files: &'a BTreeSet<String>, folder: &str) -> Vec<(&'a str, &'a str)> {
    let package = |path: &'a String| {
        let (name, "__init__.py") = split(path.strip_prefix(folder)?) else {
            return None;
        };
        let is_package = !name.is_empty() && !name.contains('/') && !BESIDE.contains(&name);
        is_package.then_some((path.as_str(), name))
    };
    files.iter().filter_map(package).collect()
}

/// Gives what is left of a name in every spelling.
fn letters(name: &str) -> impl Iterator<Item = char> {
    name.chars()
        .filter(|letter| letter.is_alphanumeric())
        .flat_map(char::to_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_package_is_the_only_one_or_has_the_name() {
        let cases = [
            (
                "src/a_b/__init__.py src/a_b/c/__init__.py d/__init__.py",
                "a_b",
            ),
            ("src/e/__init__.py src/My_Name/__init__.py", "My_Name"),
            ("src/e/__init__.py src/f/__init__.py", ""),
            ("a/__init__.py tests/__init__.py config/__init__.py", "a"),
            ("a/__init__.py myname/__init__.py", "myname"),
            ("src/__init__.py src/main.py", ""),
            ("__init__.py app.py", ""),
            ("app.py", ""),
        ];
        for (files, expected) in cases {
            let files = files.split(' ').map(str::to_owned).collect();
            let found = find(&files, "my-name").map_or("", |(_, name)| name);
            assert_eq!(found, expected, "{files:?}");
        }
    }
}
