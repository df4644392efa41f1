//! Text of others, so that a terminal shows it and doesn't obey it.
//!
//! A template, a file's name, a message of another program or an answer can hold characters that
//! move the cursor, reorder what stands beside them, or can't be seen. Here they are written out,
//! as in `\u{202e}`. It never prints.

use std::borrow::Cow;
use std::fmt::Write;

/// The characters that no terminal shows as what they are, beside the control characters: those
/// that reorder text, have no width, or are blank and yet a letter.
const HIDDEN: [(char, char); 24] = [
    ('\u{ad}', '\u{ad}'),
    ('\u{34f}', '\u{34f}'),
    ('\u{61c}', '\u{61c}'),
    ('\u{115f}', '\u{1160}'),
    ('\u{17b4}', '\u{17b5}'),
    ('\u{180b}', '\u{180f}'),
    ('\u{200b}', '\u{200f}'),
    ('\u{2028}', '\u{202e}'),
    ('\u{2060}', '\u{206f}'),
    ('\u{2800}', '\u{2800}'),
    ('\u{3164}', '\u{3164}'),
    ('\u{fdd0}', '\u{fdef}'),
    ('\u{fe00}', '\u{fe0f}'),
    ('\u{feff}', '\u{feff}'),
    ('\u{ffa0}', '\u{ffa0}'),
    ('\u{fff0}', '\u{fffb}'),
    ('\u{fffe}', '\u{ffff}'),
    ('\u{13430}', '\u{13440}'),
    ('\u{1bca0}', '\u{1bca3}'),
    ('\u{1d159}', '\u{1d159}'),
    ('\u{1d173}', '\u{1d17a}'),
    ('\u{e0000}', '\u{e0fff}'),
    ('\u{ffffe}', '\u{fffff}'),
    ('\u{10fffe}', '\u{10ffff}'),
];

/// What makes a picture of the character before it; writing it out would help nobody.
const PICTURE: char = '\u{fe0f}';

/// Tells whether a character isn't seen, or changes how others are seen.
pub fn is_hidden(character: char) -> bool {
    let is_in = |(first, last): &(char, char)| (*first..=*last).contains(&character);
    character.is_control() || HIDDEN.iter().any(is_in)
}

/// Writes out what is hidden in a text of several lines; their ends and tabs stay.
pub fn text(text: &str) -> Cow<'_, str> {
    write_out(text, |character| {
        is_hidden(character) && !matches!(character, '\n' | '\t' | PICTURE)
    })
}

/// Writes out what is hidden in a text, the ends of lines too: it stays one line.
pub fn line(text: &str) -> Cow<'_, str> {
    write_out(text, |character| {
        is_hidden(character) && !matches!(character, '\t' | PICTURE)
    })
}

/// Writes a word of a command so that it is clear where it begins, where it ends and what is in
/// it; a shell reads it as that word, unless something in it is hidden.
pub fn word(word: &str) -> String {
    // A blank that isn't the usual one looks like it and is another argument.
    let is_odd = |letter: char| is_hidden(letter) || (letter.is_whitespace() && letter != ' ');
    let is_plain = |letter: char| letter.is_alphanumeric() || "-_./,@:+=%".contains(letter);
    if word.chars().any(is_odd) {
        let escaped = word.replace('\\', r"\\").replace('\'', r"\'");
        return format!("$'{}'", write_out(&escaped, is_odd));
    }
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

/// Writes a command as one line.
pub fn command(words: &[String]) -> String {
    let words: Vec<String> = words.iter().map(|one| word(one)).collect();
    words.join(" ")
}

/// Writes out what is hidden in a JSON document, in the way of JSON: it is the same document.
pub fn json(document: &str) -> String {
    let mut written = String::with_capacity(document.len());
    for character in document.chars() {
        if character != '\n' && is_hidden(character) {
            for unit in character.encode_utf16(&mut [0; 2]) {
                // Writing to a string can't fail.
                let _ = write!(written, "\\u{unit:04x}");
            }
        } else {
            written.push(character);
        }
    }
    written
}

fn write_out(text: &str, is_written_out: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !text.chars().any(&is_written_out) {
        return Cow::Borrowed(text);
    }
    let mut written = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        match character {
            _ if !is_written_out(character) => written.push(character),
            '\n' | '\r' | '\t' => written.extend(character.escape_default()),
            _ => written.extend(character.escape_unicode()),
        }
    }
    Cow::Owned(written)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_obeys_is_written_out() {
        let tricks = [
            ("\x1b[2Jgone", r"\u{1b}[2Jgone"),
            ("\x1b]0;title\x07", r"\u{1b}]0;title\u{7}"),
            ("\u{9b}2J", r"\u{9b}2J"),
            ("done\rfailed", r"done\rfailed"),
            ("ab\x08\x08cd", r"ab\u{8}\u{8}cd"),
            ("\x7f", r"\u{7f}"),
            ("user\u{202e}txt.exe", r"user\u{202e}txt.exe"),
            ("\u{2066}a\u{2069}", r"\u{2066}a\u{2069}"),
            ("zero\u{200b}width", r"zero\u{200b}width"),
            ("\u{feff}", r"\u{feff}"),
            ("tag\u{e0041}", r"tag\u{e0041}"),
            ("filler\u{3164}", r"filler\u{3164}"),
            ("a\u{2028}b", r"a\u{2028}b"),
        ];
        for (trick, seen) in tricks {
            assert_eq!(text(trick), seen);
            assert_eq!(line(trick), seen);
        }
        assert_eq!(text("a\n\tb"), "a\n\tb");
        assert_eq!(line("a\n\tb"), "a\\n\tb");
    }

    #[test]
    fn what_people_write_stays() {
        for plain in [
            "Zoë",
            "日本語",
            "Ελλάδα",
            "⚠\u{fe0f} careful",
            "a\u{a0}b",
            r"C:\u{202e}",
        ] {
            assert_eq!(text(plain), plain);
        }
    }

    #[test]
    fn the_borders_of_a_word_are_clear() {
        let words = [
            ("--flag=a/b.c", "--flag=a/b.c"),
            ("", "''"),
            ("two words", "'two words'"),
            ("it's", r"'it'\''s'"),
            ("$HOME; rm", "'$HOME; rm'"),
            (r"\u{202e}", r"'\u{202e}'"),
            ("\u{202e}", r"$'\u{202e}'"),
            ("a\nb", r"$'a\nb'"),
            ("a\tb", r"$'a\tb'"),
            ("it's\u{200b}", r"$'it\'s\u{200b}'"),
            ("\\n\n", r"$'\\n\n'"),
            ("no\u{a0}break", r"$'no\u{a0}break'"),
            ("⚠\u{fe0f}", r"$'⚠\u{fe0f}'"),
            ("filler\u{3164}", r"$'filler\u{3164}'"),
        ];
        for (typed, seen) in words {
            assert_eq!(word(typed), seen);
        }
        let command_line = command(&["sh".to_owned(), "-c".to_owned(), "a b".to_owned()]);
        assert_eq!(command_line, "sh -c 'a b'");
    }

    #[test]
    fn a_document_stays_the_same() {
        let data = serde_json::json!({ "a": "\u{9b}2J\u{202e}\u{e0041}\x1b\n", "b\u{200b}": [1] });
        let document = json(&format!("{data:#}"));
        assert!(!document.chars().any(|one| one != '\n' && is_hidden(one)));
        assert_eq!(
            serde_json::from_str::<serde_json::Value>(&document).unwrap(),
            data
        );
    }
}
