//! Versions as the data files write them: as few numbers as needed.

/// Gives a newer version as precisely as the present one is written; `None` if it isn't newer.
pub fn raised(present: &str, newest: &str) -> Option<String> {
    let precision = present.split('.').count();
    let shortened: Vec<&str> = newest.split('.').take(precision).collect();
    let shortened = shortened.join(".");
    (numbers(&shortened)? > numbers(present)?).then_some(shortened)
}

/// Reads a version of nothing but numbers.
pub fn numbers(version: &str) -> Option<Vec<u64>> {
    version.split('.').map(|part| part.parse().ok()).collect()
}
