//! The files of a folder on disk.

use std::borrow::Cow;
use std::path::Path;

use fs_err as fs;

use super::litter::is_litter;
use super::{Files, LIMITS, MAX_FILE, MAX_FILES};
use crate::error::{Error, Result};
use crate::file;

/// Reads the files of a folder on disk; links are refused, since they can lead outside.
pub(super) fn read(folder: &Path) -> Result<Files> {
    let mut files = Files::new();
    collect(folder, "", &mut files, &mut LIMITS.total.clone())?;
    Ok(files)
}

/// Adds the files of a folder, as long as there is room left, in bytes.
fn collect(folder: &Path, prefix: &str, files: &mut Files, left: &mut usize) -> Result<()> {
    if prefix.matches('/').count() > LIMITS.depth {
        return Err(Error::failed(format!(
            "{} can't be in a template: folders may be {} deep",
            folder.display(),
            LIMITS.depth
        )));
    }
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let path = entry.path();
        let name = entry.file_name();
        let Some(name) = name.to_str() else {
            return Err(Error::failed(format!(
                "{} has a name that is not UTF-8",
                path.display()
            )));
        };
        if is_litter(name) {
            continue;
        }
        let inner = format!("{prefix}{name}");
        let kind = entry.file_type()?;
        if kind.is_symlink() {
            return Err(Error::failed(format!(
                "{} is a link, and a template can't hold links",
                path.display()
            ))
            .hint("put the file itself there"));
        }
        if kind.is_dir() {
            collect(&path, &format!("{inner}/"), files, left)?;
            continue;
        }
        let size = entry.metadata()?.len();
        if !kind.is_file() || size > MAX_FILE as u64 || files.len() >= MAX_FILES {
            return Err(Error::failed(format!(
                "{} can't be in a template: only plain files, at most {MAX_FILES} of them with at most {MAX_FILE} bytes each",
                path.display()
            )));
        }
        let bytes = file::read(&path, MAX_FILE as u64)?;
        *left = left.checked_sub(bytes.len()).ok_or_else(|| {
            Error::failed(format!(
                "the template can't be read: it holds more than {} bytes",
                LIMITS.total
            ))
        })?;
        files.insert(inner, Cow::Owned(bytes));
    }
    Ok(())
}
