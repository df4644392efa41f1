//! Compares what is made of a template's cases with what its author accepted.

use std::io::Write;
use std::path::Path;

use fs_err as fs;
use tempfile::NamedTempFile;

use super::Bench;
use super::report::{self, Report};
use crate::check::{self, Case};
use crate::error::{Error, Result};
use crate::template::Source;

impl Bench<'_> {
    /// Compares the cases, or takes what is made of them as it is.
    pub(super) fn snapshots(&self, cases: &[Case], report: &mut Report) -> Result<()> {
        let source = &self.subject.template.source;
        let accepts = self.matches.get_flag("accept");
        let mut compared = 0;
        for case in cases {
            let Some(made) = &case.made else { continue };
            let file = format!("{source}/{}", case.path);
            if accepts {
                if case.accepted.as_ref() != Some(made) {
                    let Source::Folder(folder) = source else {
                        return Err(Error::request(format!(
                            "can't write snapshots into template '{source}'"
                        ))
                        .hint("get it into a folder, and check that"));
                    };
                    write(&folder.join(&case.path), made)?;
                    report.accept(file);
                }
                continue;
            }
            let Some(accepted) = &case.accepted else {
                report.add([check::missing(&file)]);
                continue;
            };
            compared += 1;
            report.add(check::compare(&file, accepted, made)?);
        }
        report.did(
            "snapshots",
            compared,
            format!("compared {}", report::counted(compared, "snapshot")),
        );
        Ok(())
    }
}

/// Writes a file as a whole or not at all.
fn write(path: &Path, text: &str) -> Result<()> {
    let folder = path.parent().unwrap_or(path);
    let mut file = NamedTempFile::new_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.persist(path).map_err(|error| error.error)?;
    readable(path)
}

/// Lets a file be read by whom others of its kind can be read: a temporary one is its owner's alone.
#[cfg(unix)]
fn readable(path: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;

    Ok(fs::set_permissions(path, PermissionsExt::from_mode(0o644))?)
}

#[cfg(not(unix))]
fn readable(_: &Path) -> Result<()> {
    Ok(())
}
