//! Messages that fit on a screen, whatever they quote: a name can have a million letters, and a list
//! as many names.

use std::borrow::Cow;

/// The most lines of a message.
const LINES: usize = 16;

/// The most characters of a message that is one line, and of each of several lines.
const LINE: usize = 1200;
const LINE_OF_SEVERAL: usize = 240;

/// How much of a line that is too long stays at its end, which often says why.
const END: usize = 100;

/// Cuts a message that is longer than a screen, and says how much is left out.
pub(super) fn cut(text: &str) -> Cow<'_, str> {
    let text = text.trim_end();
    let count = text.lines().count();
    let most = if count > 1 { LINE_OF_SEVERAL } else { LINE };
    if count <= LINES && text.lines().all(|line| fits(line, most)) {
        return text.into();
    }
    let mut lines: Vec<Cow<'_, str>> = text
        .lines()
        .take(LINES)
        .map(|line| shorten(line, most))
        .collect();
    if count > LINES {
        lines.push(format!("… and {} more lines", count - LINES).into());
    }
    lines.join("\n").into()
}

/// Tells whether a line has at most so many characters.
fn fits(line: &str, most: usize) -> bool {
    line.len() <= most || line.chars().nth(most).is_none()
}

/// Takes the middle out of a line that is too long.
fn shorten(line: &str, most: usize) -> Cow<'_, str> {
    if fits(line, most) {
        return line.into();
    }
    let count = line.chars().count();
    let begin: String = line.chars().take(most - END).collect();
    let end: String = line.chars().skip(count - END).collect();
    let left_out = count - most;
    format!("{begin} … {left_out} more characters … {end}").into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fits_stays() {
        let lines = "line\n".repeat(LINES);
        for text in ["", "short", &"x".repeat(LINE), lines.trim_end()] {
            assert_eq!(cut(text), text);
        }
    }

    #[test]
    fn a_long_line_keeps_its_ends() {
        let text = format!("name '{}' is too long", "ä".repeat(1_000_000));
        let cut = cut(&text);
        assert!(cut.starts_with("name 'ää") && cut.ends_with("ää' is too long"));
        assert!(cut.contains(" … 998819 more characters … "), "{cut}");
        assert!(cut.chars().count() < LINE + 50);
    }

    #[test]
    fn a_long_list_says_how_much_is_left_out() {
        let text = format!("first\n{}", "x\n".repeat(1000));
        let cut = cut(&text);
        assert!(cut.starts_with("first\nx\n") && cut.ends_with("\n… and 985 more lines"));
    }

    #[test]
    fn long_lines_of_several_are_shorter() {
        let text = format!("{}\n", "x".repeat(5000)).repeat(100);
        assert!(cut(&text).len() < 80 * 80);
    }
}
