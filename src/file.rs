//! Files, opened so that whatever lies in their place can neither hang the program nor fill it, nor
//! lead it elsewhere.
//!
//! A pipe, a device or a socket in the place of a file is an error at once, and so is a file that
//! is larger than what is read of it. Nothing else in the program opens a file to read it.

pub mod listing;
pub mod repository;

use std::fs::{Metadata, OpenOptions};
use std::io::{self, Read};
use std::path::Path;

/// The flags that keep the opening of a file from waiting for somebody who writes into it.
#[cfg(unix)]
const NO_WAIT: i32 = nix::fcntl::OFlag::O_NONBLOCK.bits();

/// What becomes of a link in the place of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Links {
    Followed,
    Refused,
}

/// Reads a file of at most so many bytes; a link in its place is refused.
pub fn read(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    read_with(path, most, Links::Refused)
}

/// Reads a text of at most so many bytes; a link in its place is refused.
pub fn text(path: &Path, most: u64) -> io::Result<String> {
    as_text(path, read(path, most)?)
}

/// Reads a text of the user's own, which may lie elsewhere by a link of theirs.
pub fn own_text(path: &Path, most: u64) -> io::Result<String> {
    as_text(path, read_with(path, most, Links::Followed)?)
}

/// Reads a text that the user named to be read once: a pipe, too, such as `/dev/stdin`.
pub fn named_text(path: &Path, most: u64) -> io::Result<String> {
    // What comes through a pipe comes when somebody writes it.
    let file = fs_err::File::open(path)?;
    as_text(path, at_most(path, file, most)?)
}

/// Fails where a library that is about to read a file would wait or never end: a program that
/// changes the file between the two is not noticed. A link is followed; where nothing is, or a
/// folder, nothing is read.
pub fn refuse_endless(path: &Path, most: u64) -> io::Result<()> {
    match std::fs::metadata(path) {
        Ok(found) if found.is_dir() => Ok(()),
        Ok(found) => refuse_other(path, &found, most),
        // The library says what is wrong with the path.
        Err(_) => Ok(()),
    }
}

/// Opens a file to hold a lock on, and makes it where it is missing; a link could make it somewhere
/// else.
pub fn open_lock(path: &Path) -> io::Result<fs_err::File> {
    if path.is_symlink() {
        let message = format!("'{}' is a link, and a lock can't be one", path.display());
        return Err(io::Error::other(message));
    }
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    open(path, options, Links::Refused)
}

/// Opens a file that is there to hold a lock on.
pub fn open_lock_there(path: &Path) -> io::Result<fs_err::File> {
    let mut options = OpenOptions::new();
    options.write(true);
    open(path, options, Links::Refused)
}

fn read_with(path: &Path, most: u64, links: Links) -> io::Result<Vec<u8>> {
    let mut options = OpenOptions::new();
    options.read(true);
    let file = open(path, options, links)?;
    refuse_other(path, &file.metadata()?, most)?;
    at_most(path, file, most)
}

/// Opens a plain file; what lies there is looked at before, because opening a device can do
/// something, and afterwards, because it may be another one by then.
fn open(path: &Path, mut options: OpenOptions, links: Links) -> io::Result<fs_err::File> {
    let found = match links {
        Links::Followed => std::fs::metadata(path),
        Links::Refused => std::fs::symlink_metadata(path),
    };
    if let Ok(found) = found {
        refuse_other(path, &found, u64::MAX)?;
    }
    set_flags(&mut options, links);
    let file = fs_err::OpenOptions::from_options(options).open(path)?;
    refuse_other(path, &file.metadata()?, u64::MAX)?;
    Ok(file)
}

#[cfg(unix)]
fn set_flags(options: &mut OpenOptions, links: Links) {
    use std::os::unix::fs::OpenOptionsExt;

    options.custom_flags(match links {
        Links::Followed => NO_WAIT,
        Links::Refused => NO_WAIT | nix::fcntl::OFlag::O_NOFOLLOW.bits(),
    });
}

#[cfg(windows)]
fn set_flags(options: &mut OpenOptions, links: Links) {
    use std::os::windows::fs::OpenOptionsExt;

    /// Opens a link itself, which is no plain file then.
    const FILE_FLAG_OPEN_REPARSE_POINT: u32 = 0x0020_0000;
    if links == Links::Refused {
        options.custom_flags(FILE_FLAG_OPEN_REPARSE_POINT);
    }
}

/// Refuses what isn't a plain file of at most so many bytes.
fn refuse_other(path: &Path, found: &Metadata, most: u64) -> io::Result<()> {
    let path = path.display();
    if found.is_symlink() {
        return Err(io::Error::other(format!(
            "'{path}' is a link, and only a file is read there"
        )));
    }
    if !found.is_file() {
        return Err(io::Error::other(format!("'{path}' is not a file")));
    }
    if found.len() > most {
        return Err(too_large(&path, most));
    }
    Ok(())
}

/// Reads to the end, which has to come soon enough: a file can grow while it is read.
fn at_most(path: &Path, file: fs_err::File, most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.take(most.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most {
        return Err(too_large(&path.display(), most));
    }
    Ok(bytes)
}

fn too_large(path: &std::path::Display<'_>, most: u64) -> io::Error {
    io::Error::other(format!("'{path}' is larger than {most} bytes"))
}

fn as_text(path: &Path, bytes: Vec<u8>) -> io::Result<String> {
    String::from_utf8(bytes).map_err(|_| {
        let message = format!("'{}' is not UTF-8", path.display());
        io::Error::new(io::ErrorKind::InvalidData, message)
    })
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::os::unix::fs::symlink;
    use std::path::PathBuf;

    use nix::sys::stat::Mode;
    use nix::unistd::mkfifo;
    use tempfile::TempDir;

    use super::*;

    /// Makes one of everything that can lie in the place of a file.
    fn scene() -> (TempDir, impl Fn(&str) -> PathBuf) {
        let folder = TempDir::new().unwrap();
        let root = folder.path().to_owned();
        let at = move |name: &str| root.join(name);
        std::fs::write(at("file"), "four").unwrap();
        std::fs::create_dir(at("folder")).unwrap();
        symlink("file", at("link")).unwrap();
        symlink("/dev/zero", at("endless")).unwrap();
        symlink("nothing", at("loose")).unwrap();
        mkfifo(&at("pipe"), Mode::S_IRWXU).unwrap();
        symlink("pipe", at("link-to-pipe")).unwrap();
        drop(std::os::unix::net::UnixListener::bind(at("socket")).unwrap());
        (folder, at)
    }

    #[test]
    fn only_a_plain_file_is_read() {
        let (_folder, at) = scene();
        assert_eq!(text(&at("file"), 4).unwrap(), "four");
        let missing = read(&at("missing"), 4).unwrap_err();
        assert_eq!(missing.kind(), io::ErrorKind::NotFound);
        for (name, reason) in [
            ("file", "' is larger than 3 bytes"),
            ("folder", "' is not a file"),
            ("pipe", "' is not a file"),
            ("socket", "' is not a file"),
            ("link", "' is a link, and only a file is read there"),
            ("endless", "' is a link, and only a file is read there"),
        ] {
            let error = read(&at(name), 3).unwrap_err().to_string();
            assert!(error.ends_with(&format!("/{name}{reason}")), "{error}");
        }
    }

    #[test]
    fn a_link_of_the_users_own_leads_to_a_plain_file_too() {
        let (_folder, at) = scene();
        assert_eq!(own_text(&at("link"), 4).unwrap(), "four");
        for name in ["endless", "pipe", "link-to-pipe", "socket", "folder"] {
            let error = own_text(&at(name), 4).unwrap_err().to_string();
            assert!(error.ends_with("' is not a file"), "{error}");
        }
    }

    #[test]
    fn what_was_named_can_come_through_a_pipe() {
        let (_folder, at) = scene();
        for (most, is_read) in [(4, true), (3, false)] {
            let pipe = at("pipe");
            let writer = std::thread::spawn(move || std::fs::write(pipe, "four"));
            assert_eq!(named_text(&at("pipe"), most).is_ok(), is_read);
            let _ = writer.join();
        }
        assert!(named_text(&at("endless"), 4).is_err());
    }

    #[test]
    fn a_library_is_kept_from_what_never_ends() {
        let (_folder, at) = scene();
        for name in ["file", "link", "folder", "loose", "missing"] {
            refuse_endless(&at(name), 4).unwrap();
        }
        refuse_endless(&at("file"), 3).unwrap_err();
        for name in ["endless", "pipe", "link-to-pipe", "socket"] {
            refuse_endless(&at(name), 4).unwrap_err();
        }
    }

    #[test]
    fn a_lock_is_a_plain_file_and_keeps_what_is_in_it() {
        let (_folder, at) = scene();
        for open in [open_lock, open_lock_there] {
            open(&at("file")).unwrap();
            for name in ["link", "loose", "endless", "pipe", "socket", "folder"] {
                open(&at(name)).unwrap_err();
            }
        }
        assert!(!at("nothing").exists());
        assert_eq!(text(&at("file"), 4).unwrap(), "four");
        open_lock_there(&at("new")).unwrap_err();
        open_lock(&at("new")).unwrap();
    }
}
