//! What systems, interpreters and editors leave lying about, which is no part of a template.

/// Names of files and folders that programs leave behind.
const NAMES: [&str; 7] = [
    ".DS_Store",
    ".git",
    ".hypothesis",
    "Thumbs.db",
    "__pycache__",
    "desktop.ini",
    "node_modules",
];

/// Tells whether a file or a folder of this name is left out.
pub(super) fn is_litter(name: &str) -> bool {
    let is_hidden = |end: &str| name.starts_with('.') && name.ends_with(end);
    NAMES.contains(&name)
        || name.ends_with('~')
        || name.ends_with(".pyc")
        || name.starts_with(".#")
        || name.starts_with("._")
        || (name.len() > 1 && name.starts_with('#') && name.ends_with('#'))
        || ["_cache", ".swp", ".swo"].into_iter().any(is_hidden)
}

/// Tells whether a path leads through something that is left out.
pub(super) fn has_litter(path: &str) -> bool {
    path.split('/').any(is_litter)
}
