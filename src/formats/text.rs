//! What counts as a text.

/// The largest text, in bytes; what is larger is neither merged nor compared by lines.
const MAX_BYTES: usize = 256 * 1024 * 1024;

/// Tells whether bytes are a text, whatever its encoding: there is no NUL in them.
///
/// Git looks at the first 8000 bytes alone. Here all count, so that the answer stays the same when
/// lines end otherwise, or a byte order mark goes.
pub fn is_text(bytes: &[u8]) -> bool {
    bytes.len() <= MAX_BYTES && !bytes.contains(&0)
}

#[cfg(test)]
mod tests {
    use super::is_text;

    #[test]
    fn a_nul_anywhere_makes_bytes_no_text() {
        let late = [vec![b'a'; 100_000], vec![0]].concat();
        assert!(is_text(b"") && is_text(b"a\xff\r\n") && is_text(&late[..100_000]));
        assert!(!is_text(b"\0") && !is_text(&late));
    }
}
