//! Finds blanks and line ends in rendered texts that editors and linters change at once.

/// Formats in which blanks at the ends of lines mean something, or belong to somebody's data.
const FREE: [&str; 6] = [".md", ".csv", ".tsv", ".patch", ".diff", ".svg"];

/// Says what is odd about the blanks and line ends of a file.
pub(super) fn oddities(path: &str, bytes: &[u8]) -> Vec<String> {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) if !text.is_empty() && !text.contains('\0') => text,
        _ => return Vec::new(),
    };
    let mut oddities = Vec::new();
    let mut tell = |what: &str| oddities.push(format!("'{path}' {what}"));
    if !text.ends_with('\n') {
        tell("doesn't end with a line end");
    } else if text.ends_with("\n\n") || text.ends_with("\n\r\n") || text == "\n" {
        tell("ends with empty lines");
    }
    let windows = text.matches("\r\n").count();
    if windows > 0 && windows < text.matches('\n').count() {
        tell("has line ends of both kinds");
    }
    let ends_blank = |line: &str| {
        let line = line.strip_suffix('\r').unwrap_or(line);
        line.ends_with([' ', '\t'])
    };
    if !FREE.iter().any(|end| path.ends_with(end)) && text.split('\n').any(ends_blank) {
        tell("has blanks at the end of a line");
    }
    oddities
}
