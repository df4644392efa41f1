//! "Did you mean": the known name nearest to a typed one.

/// How alike two names must be, from 0 to 1, before one is suggested for the other.
const ALIKE: f64 = 0.75;

/// Finds the candidate that somebody most likely meant.
pub fn nearest<'a>(typed: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let typed = typed.to_lowercase();
    candidates
        .into_iter()
        .map(|candidate| {
            (
                strsim::jaro_winkler(&typed, &candidate.to_lowercase()),
                candidate,
            )
        })
        .filter(|(likeness, _)| *likeness >= ALIKE)
        .max_by(|one, other| one.0.total_cmp(&other.0))
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn only_a_likely_name_is_suggested() {
        let names = ["framework", "type_checker", "orm"];
        assert_eq!(nearest("type-cheker", names), Some("type_checker"));
        assert_eq!(nearest("Framwork", names), Some("framework"));
        assert_eq!(nearest("zzz", names), None);
    }
}
