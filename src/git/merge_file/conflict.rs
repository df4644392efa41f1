//! One conflict over whole texts, where no part of them can be merged.

/// Lines with their ends.
type Lines<'text> = &'text [&'text [u8]];

/// Writes whole texts into one conflict: `base`, `yours` and `desired`.
///
/// The labels stand in the markers, for `yours`, `base` and `desired` in this order. What all three
/// begin and end with stands around the markers, and so does what the two sides have alike; of the
/// rest, the base is shown whole.
pub fn whole_conflict(texts: [&[u8]; 3], labels: [&str; 3]) -> Vec<u8> {
    let split = texts.map(|text| {
        let lines = text.split_inclusive(|byte| *byte == b'\n');
        lines.collect::<Vec<_>>()
    });
    let [base, yours, desired] = split.each_ref().map(Vec::as_slice);
    let ([base, yours, desired], head, tail) = trim([base, yours, desired]);
    let ([yours, desired], inner_head, inner_tail) = trim([yours, desired]);
    let [yours_label, base_label, desired_label] = labels.map(plain);
    let mut text = [head.concat(), inner_head.concat()].concat();
    push(&mut text, &format!("<<<<<<< {yours_label}"), yours);
    push(&mut text, &format!("||||||| {base_label}"), base);
    push(&mut text, "=======", desired);
    push(&mut text, &format!(">>>>>>> {desired_label}"), &[]);
    text.extend(inner_tail.concat());
    text.extend(tail.concat());
    text
}

/// Takes off the lines that all begin with, then those that all end with, and gives both.
fn trim<const N: usize>(texts: [Lines; N]) -> ([Lines; N], Lines, Lines) {
    let first = texts[0];
    let alike = |texts: [Lines; N], line: fn(Lines, usize) -> Option<&[u8]>| {
        let is_alike = |place: &usize| {
            let expected = line(texts[0], *place);
            expected.is_some() && texts.iter().all(|text| line(text, *place) == expected)
        };
        (0..texts[0].len()).take_while(is_alike).count()
    };
    let head = alike(texts, |lines, place| lines.get(place).copied());
    let rest = texts.map(|lines| &lines[head..]);
    let tail = alike(rest, |lines, place| lines.iter().rev().nth(place).copied());
    let middle = rest.map(|lines| &lines[..lines.len() - tail]);
    (middle, &first[..head], &first[first.len() - tail..])
}

/// Adds a marker, and lines of which the last one ends.
fn push(text: &mut Vec<u8>, marker: &str, lines: Lines) {
    text.extend(marker.bytes());
    text.push(b'\n');
    text.extend(lines.concat());
    if text.last() != Some(&b'\n') {
        text.push(b'\n');
    }
}

/// Leaves out of a label what can't be on the line of a marker.
pub(super) fn plain(label: &str) -> String {
    label.replace(char::is_control, " ")
}
