//! What `setup.py` asks for. It is a program, and never run: only its literals are read.

use regex_lite::Regex;

use crate::formats;

/// What the file is called.
pub(super) const NAME: &str = "setup.py";

/// Gives the names in all lists that are called after what is required.
pub(super) fn requirements(text: &str) -> impl Iterator<Item = String> {
    let mut names = Vec::new();
    // A list, or a table of lists, under a name such as `install_requires` or `REQUIREMENTS`.
    let Ok(beginning) = Regex::new(r#"(?i)[a-z_]*requir[a-z_]*["']?\s*[=:]\s*[\[({]"#) else {
        return names.into_iter();
    };
    for found in beginning.find_iter(text) {
        names.extend(literals(&text[found.end()..]).filter_map(formats::package_name));
    }
    names.into_iter()
}

/// Gives which versions of Python are supported.
pub(super) fn python(text: &str) -> Option<&str> {
    let pattern = Regex::new(r#"python_requires\s*=\s*["']([^"']+)["']"#).ok()?;
    Some(pattern.captures(text)?.get(1)?.as_str())
}

/// Gives the texts up to the end of a list, without the keys of a table.
fn literals(text: &str) -> impl Iterator<Item = &str> {
    let (mut depth, mut rest, mut literals) = (1, text, Vec::new());
    while let Some(place) = rest.find(['"', '\'', '[', ']', '(', ')', '{', '}', '#']) {
        let mark = &rest[place..=place];
        rest = &rest[place + 1..];
        match mark {
            "[" | "(" | "{" => depth += 1,
            "]" | ")" | "}" => depth -= 1,
            "#" => rest = rest.split_once('\n').map_or("", |(_, after)| after),
            quote => {
                let Some((literal, after)) = rest.split_once(quote) else {
                    break;
                };
                rest = after;
                if !rest.trim_start().starts_with(':') {
                    literals.push(literal);
                }
            }
        }
        if depth == 0 {
            break;
        }
    }
    literals.into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_of_lists_are_read() {
        let text = r#"
from distutils.core import setup

TEST_REQUIREMENTS = ["pytest>=7"]  # "no"
setup(
    name="shop",
    install_requires=[
        'Celery>=2.2,<3',  # ['no']
        "requests[x]==3.9",
        *base,
    ],
    extras_require={"dev": ["coverage", 'ruff'], 'docs': ("mkdocs",)},
    python_requires=">=3.6, <4",
    scripts=["no"],
)
"#;
        let names: Vec<String> = requirements(text).collect();
        assert_eq!(
            names,
            ["pytest", "celery", "requests", "coverage", "ruff", "mkdocs"]
        );
        assert_eq!(python(text), Some(">=3.6, <4"));
        assert_eq!(python("python_requires='~=3.12'"), Some("~=3.12"));
        assert_eq!(python("python_requires=VERSION)"), None);
        assert_eq!(
            requirements("install_requires=[\"a\"").next().as_deref(),
            Some("a")
        );
        assert_eq!(requirements("install_requires=[\"a").next(), None);
    }
}
