//! Which modules of a project are worth reading: those where it is put together.

use super::split;

/// What the names of modules begin with that say what a project is built on.
const NAMES: [&str; 12] = [
    "__init__", "app", "asgi", "config", "conf", "database", "db", "main", "server", "session",
    "settings", "wsgi",
];

/// The deepest folder that is looked into; what is below is about one thing.
const MAX_DEPTH: usize = 4;

/// What folders are called that hold projects and packages beside the project itself.
const BESIDE: [&str; 20] = [
    "benchmark",
    "benchmarks",
    "demo",
    "demos",
    "doc",
    "docs",
    "example",
    "examples",
    "fixtures",
    "migrations",
    "node_modules",
    "sample",
    "samples",
    "site-packages",
    "template",
    "templates",
    "test",
    "tests",
    "third_party",
    "vendor",
];

/// Tells whether a path is that of a module where a project is put together.
pub(super) fn says_much(path: &str) -> bool {
    let (folder, name) = split(path);
    let Some(stem) = name.strip_suffix(".py") else {
        return false;
    };
    let is_named = NAMES.iter().any(|known| stem.starts_with(known));
    let is_inside = ["settings", "config", "core"].contains(&split(folder).1);
    path.matches('/').count() <= MAX_DEPTH && (is_named || is_inside) && !is_beside(path)
}

/// Tells whether a path lies where other projects lie.
pub(super) fn is_beside(path: &str) -> bool {
    split(path).0.split('/').any(|part| BESIDE.contains(&part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_are_told_by_their_names_and_places() {
        for path in [
            "app.py",
            "shop/settings.py",
            "shop/settings/base.py",
            "src/shop/__init__.py",
            "backend/app/core/config.py",
            "backend/app/core/security.py",
            "src/shop/database.py",
        ] {
            assert!(says_much(path), "{path}");
        }
        for path in [
            "shop/views.py",
            "settings.toml",
            "tests/settings.py",
            "examples/shop/app.py",
            "a/b/c/d/e/app.py",
            "migrations/__init__.py",
        ] {
            assert!(!says_much(path), "{path}");
        }
    }
}
