//! The largest file that a template can make.

use std::io::Write;

/// The most bytes that one file may come out as.
const MAX_FILE: usize = 16 * 1024 * 1024;

/// Takes what a file is rendered to, up to a limit.
#[derive(Default)]
pub(super) struct Limited {
    /// What was written.
    pub bytes: Vec<u8>,
}

impl Write for Limited {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if self.bytes.len() + bytes.len() > MAX_FILE {
            return Err(std::io::Error::other(format!(
                "the file is larger than {MAX_FILE} bytes"
            )));
        }
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
