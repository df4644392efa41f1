//! The short forms of addresses on well-known servers.

/// The short forms: what each begins with, its server, and how many names its paths have.
const HOSTS: [(&str, &str, std::ops::RangeInclusive<usize>); 3] = [
    ("gh", "github.com", 2..=2),
    ("gl", "gitlab.com", 2..=20),
    ("bb", "bitbucket.org", 2..=2),
];

/// Gives what each short form begins with, and its server. Everybody can publish on these.
pub fn known() -> impl Iterator<Item = (&'static str, &'static str)> {
    HOSTS.iter().map(|(start, host, _)| (*start, *host))
}

/// Gives the URL that a short form stands for, or why it stands for none; nothing when a text
/// isn't one.
pub(super) fn short_form(text: &str) -> Option<Result<String, String>> {
    let (start, path) = text.split_once(':')?;
    let (_, host, count) = HOSTS.iter().find(|(known, ..)| *known == start)?;
    let path = path.split('#').next().unwrap_or(path);
    let path = path.strip_suffix(".git").unwrap_or(path);
    let names: Vec<&str> = path.split('/').collect();
    if !count.contains(&names.len()) || !names.iter().all(|name| is_name(name)) {
        return Some(Err(format!(
            "is not a repository on {host}: after '{start}:' comes its owner, a '/' and its name"
        )));
    }
    Some(Ok(format!("https://{host}/{path}.git")))
}

fn is_name(name: &str) -> bool {
    let is_letter = |letter: char| letter.is_ascii_alphanumeric() || "-_.".contains(letter);
    !name.is_empty() && !name.starts_with(['-', '.']) && name.chars().all(is_letter)
}
