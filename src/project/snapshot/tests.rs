use std::borrow::Cow;

use super::*;

fn tree(files: &[(&str, &[u8], bool)]) -> Tree {
    let mut tree = Tree::new();
    for (path, bytes, executable) in files {
        let entry = Entry {
            bytes: Cow::Owned(bytes.to_vec()),
            executable: *executable,
        };
        tree.insert(ProjectPath::parse(path).unwrap(), entry)
            .unwrap();
    }
    tree
}

/// Compresses an archive that somebody made by hand.
fn compress(archive: &[u8]) -> Vec<u8> {
    let mut gzip = GzBuilder::new().write(Vec::new(), LEVEL);
    gzip.write_all(archive).unwrap();
    gzip.finish().unwrap()
}

/// Makes an archive of one entry, whatever its name and kind are.
fn archive(name: &[u8], kind: EntryType, size: u64, bytes: &[u8]) -> Vec<u8> {
    let mut header = Header::new_gnu();
    header.as_mut_bytes()[..name.len()].copy_from_slice(name);
    header.set_entry_type(kind);
    header.set_mode(0o644);
    header.set_size(size);
    header.set_cksum();
    let mut archive = header.as_bytes().to_vec();
    archive.extend(bytes);
    archive.resize(archive.len().next_multiple_of(512) + 1024, 0);
    archive
}

fn refusal(bytes: &[u8]) -> String {
    let error = unpack(bytes).unwrap_err();
    assert_eq!(error.hints.len(), 1);
    error.message
}

#[test]
fn what_is_packed_comes_back() {
    let long = format!("{}/{}.py", "folder".repeat(30), "name".repeat(50));
    let tree = tree(&[
        ("README.md", b"# demo\n", false),
        ("empty", b"", false),
        ("scripts/run.sh", b"#!/bin/sh\n", true),
        ("src/\u{fc}mlaut.py", b"\xff\x00\xfe", false),
        (&long, &vec![7; 100_000], false),
    ]);
    assert_eq!(unpack(&pack(&tree).unwrap()).unwrap(), tree);
    assert_eq!(unpack(&pack(&Tree::new()).unwrap()).unwrap(), Tree::new());
}

#[test]
fn the_same_tree_gives_the_same_bytes() {
    let one = tree(&[("a", b"1", false), ("b/c", b"2", true)]);
    let other = tree(&[("b/c", b"2", true), ("a", b"1", false)]);
    let bytes = pack(&one).unwrap();
    assert_eq!(bytes, pack(&other).unwrap());
    // No time, and no operating system.
    assert_eq!(bytes[4..8], [0; 4]);
    assert_eq!(bytes[9], 255);
}

#[test]
fn paths_that_lead_outside_are_refused() {
    for name in [
        "../x",
        "/etc/passwd",
        "a/../../x",
        ".git/hooks/post-commit",
        "a\\b",
        "C:x",
    ] {
        let bytes = compress(&archive(name.as_bytes(), EntryType::Regular, 0, b""));
        let message = refusal(&bytes);
        assert!(
            message.starts_with("the project's snapshot is wrong: path"),
            "{message}"
        );
    }
    let bytes = compress(&archive(b"\xff", EntryType::Regular, 0, b""));
    assert_eq!(
        refusal(&bytes),
        "the project's snapshot holds a path that isn't UTF-8"
    );
}

#[test]
fn anything_but_plain_files_is_refused() {
    for kind in [
        EntryType::Symlink,
        EntryType::Link,
        EntryType::Directory,
        EntryType::Fifo,
        EntryType::Char,
        EntryType::Block,
    ] {
        let bytes = compress(&archive(b"name", kind, 0, b""));
        let message = refusal(&bytes);
        assert!(
            message.ends_with("which isn't a plain file"),
            "{kind:?}: {message}"
        );
    }
}

#[test]
fn a_long_name_is_bounded_before_it_is_read() {
    let link = b"././@LongLink";
    // It says how long it is; nobody waits for the rest.
    let claimed = archive(link, EntryType::GNULongName, 150_000_000, b"");
    let message = refusal(&compress(&claimed));
    assert_eq!(
        message,
        "the project's snapshot holds a path that is too long"
    );
    let name = vec![b'a'; MAX_PATH + 1];
    let whole = archive(link, EntryType::GNULongName, name.len() as u64, &name);
    assert_eq!(
        refusal(&compress(&whole)),
        "the project's snapshot ends in the middle of a name"
    );
    let file = archive(b"short", EntryType::Regular, 0, b"");
    let both = [&whole[..whole.len() - 1024], &file].concat();
    assert!(refusal(&compress(&both)).contains("is longer than 1024 bytes"));
    // Another way to write names, which is never ours.
    let other = archive(b"PaxHeaders/x", EntryType::XHeader, 12, b"12 path=../x\n");
    assert!(refusal(&compress(&other)).contains("isn't a plain file"));
}

#[test]
fn a_path_that_is_there_twice_is_refused() {
    let one = archive(b"name", EntryType::Regular, 0, b"");
    let other = archive(b"NAME", EntryType::Regular, 0, b"");
    let both = [&one[..512], &other].concat();
    assert!(refusal(&compress(&both)).contains("are the same on some file systems"));
}

#[test]
fn too_much_is_refused() {
    let claimed = archive(b"name", EntryType::Regular, MAX_BYTES + 1, b"");
    let message = refusal(&compress(&claimed));
    assert_eq!(message, "the project's snapshot holds more than 64 MiB");

    let zeros = vec![0; usize::try_from(MAX_ARCHIVE).unwrap() + 1];
    assert!(refusal(&compress(&zeros)).ends_with("it is too large"));
}

#[test]
fn a_damaged_snapshot_is_refused() {
    let bytes = pack(&tree(&[("a", &[1; 5000], false), ("b", b"2", false)])).unwrap();
    for length in 0..bytes.len() {
        assert!(unpack(&bytes[..length]).is_err(), "cut after {length}");
    }
    let mut damaged = bytes.clone();
    let last = damaged.len() - 6;
    damaged[last] ^= 1;
    assert!(refusal(&damaged).contains("can't be read"));
    assert!(refusal(b"not an archive").contains("can't be read"));
    assert!(
        unpack(&compress(
            &archive(b"name", EntryType::Regular, 9, b"")[..512]
        ))
        .is_err()
    );
}
