//! What can't be seen from outside: limits that are too large to reach.

use super::*;

/// Makes a repository with one file of bytes that can't be made smaller.
fn repository(folder: &std::path::Path) -> Oid {
    let repository = git2::Repository::init_bare(folder).unwrap();
    let mut state = 1_u32;
    let bytes: Vec<u8> = std::iter::repeat_with(|| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state.to_be_bytes()[0]
    })
    .take(200_000)
    .collect();
    let blob = repository.blob(&bytes).unwrap();
    let mut builder = repository.treebuilder(None).unwrap();
    builder.insert("template.toml", blob, 0o100_644).unwrap();
    let tree = repository.find_tree(builder.write().unwrap()).unwrap();
    let who = git2::Signature::new("Ada", "ada@example.org", &git2::Time::new(0, 0)).unwrap();
    let commit = repository.commit(Some("HEAD"), &who, &who, "One", &tree, &[]);
    commit.unwrap().into()
}

fn remote(cache: PathBuf, most: u64) -> Remote {
    Remote {
        cache,
        reach: Reach::Network,
        attendance: Attendance::Unattended,
        most,
        interrupt: || Ok(Interrupt::new()),
        tell: Box::new(|_| {}),
        scratch: OnceCell::new(),
    }
}

#[test]
fn a_repository_that_is_too_large_is_not_kept() {
    let folder = tempfile::tempdir().unwrap();
    let commit = repository(&folder.path().join("large.git"));
    let url = format!("file://{}/large.git", folder.path().display());
    let address = Address::parse(&url).unwrap();
    let cache = folder.path().join("cache");
    let error = remote(cache.clone(), 100_000)
        .fetch(&address, &At::Newest)
        .unwrap_err();
    assert!(error.message.contains("is too large"), "{error}");
    let left = std::fs::read_dir(&cache).unwrap().flatten();
    assert!(left.map(|entry| entry.path()).all(|path| path.is_file()));
    let fetched = remote(cache, 1_000_000)
        .fetch(&address, &At::Newest)
        .unwrap();
    assert_eq!(fetched.stored.commit, commit);
}

#[test]
fn who_wants_to_stop_gets_no_fetch() {
    let folder = tempfile::tempdir().unwrap();
    repository(&folder.path().join("small.git"));
    let url = format!("file://{}/small.git", folder.path().display());
    let address = Address::parse(&url).unwrap();
    let mut remote = remote(folder.path().join("cache"), MOST);
    remote.interrupt = || {
        let interrupt = Interrupt::new();
        interrupt.raise();
        Ok(interrupt)
    };
    let error = remote.fetch(&address, &At::Newest).unwrap_err();
    assert_eq!(error.kind, Kind::Interrupted);
}
