//! What SECURITY.md promises: each promise names what holds it, and each case holds one.

use std::collections::BTreeSet;
use std::path::Path;

use super::names;

/// What a line begins with that names cases and tests.
const HELD_BY: &str = "Held by: ";

/// Gives what SECURITY.md names, promise by promise.
fn promises() -> Vec<Vec<String>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("SECURITY.md");
    let text = std::fs::read_to_string(path).unwrap();
    let lines = text.lines().filter_map(|line| line.strip_prefix(HELD_BY));
    let named = |line: &str| {
        let words = line.split('`').skip(1).step_by(2);
        words.map(str::to_owned).collect()
    };
    lines.map(named).collect()
}

/// Gives the cases that a name stands for: one, or all that begin with what is before the `*`.
fn cases<'n>(name: &str, names: &'n [String]) -> BTreeSet<&'n String> {
    let is_meant = |case: &&String| match name.strip_suffix('*') {
        Some(family) => case.starts_with(family),
        None => *case == name,
    };
    names.iter().filter(is_meant).collect()
}

/// Tells whether there is a test, as `module::name` or deeper.
fn is_test(name: &str) -> bool {
    let Some((module, name)) = name.rsplit_once("::") else {
        return false;
    };
    let module = module.replace("::", "/");
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it");
    let text = std::fs::read_to_string(tests.join(format!("{module}.rs")));
    text.is_ok_and(|text| text.contains(&format!("#[test]\nfn {name}()")))
}

#[test]
fn every_promise_is_held_by_cases_or_tests_that_exist() {
    let names = names();
    let promises = promises();
    assert!(promises.len() > 10);
    for promise in promises {
        assert!(!promise.is_empty());
        for name in promise {
            let holds = !cases(&name, &names).is_empty() || is_test(&name);
            assert!(holds, "SECURITY.md names '{name}', which isn't there");
        }
    }
}

#[test]
fn every_case_holds_a_promise() {
    let names = names();
    let promised = promises().concat();
    for case in &names {
        let holds = |name: &String| cases(name, &names).contains(case);
        assert!(
            promised.iter().any(holds),
            "SECURITY.md has no promise for '{case}'"
        );
    }
}
