use super::*;
use crate::error::Kind;

fn refusal(path: &Path) -> String {
    let error = Target::parse(path).unwrap_err();
    assert_eq!(error.kind, Kind::Request, "{error}");
    error.message
}

#[test]
fn a_path_where_nothing_is() {
    let root = tempfile::tempdir().unwrap();
    let root = root.path().canonicalize().unwrap();
    let target = Target::parse(&root.join("a/b/demo/")).unwrap();
    assert_eq!(target.path(), root.join("a/b/demo"));
    assert_eq!(target.name(), Some("demo"));
    let parents = vec![root.join("a"), root.join("a/b")];
    let path = root.join("a/b/demo");
    assert_eq!(target, Target::Absent { path, parents });
}

#[test]
fn an_empty_folder() {
    let root = tempfile::tempdir().unwrap();
    let path = root.path().canonicalize().unwrap();
    assert_eq!(Target::parse(root.path()).unwrap(), Target::Empty { path });
}

#[test]
fn a_folder_with_something_in_it() {
    let root = tempfile::tempdir().unwrap();
    for name in ["f", "b", "a", "d", "c", "e", "g"] {
        std::fs::write(root.path().join(name), "").unwrap();
    }
    let message = refusal(root.path());
    assert!(
        message.ends_with("isn't empty: it has 'a', 'b', 'c', 'd', 'e' and 2 more"),
        "{message}"
    );
}

#[test]
fn a_file_and_what_is_below_one() {
    let root = tempfile::tempdir().unwrap();
    let file = root.path().join("file");
    std::fs::write(&file, "").unwrap();
    assert!(refusal(&file).ends_with("it is a file"));
    assert!(refusal(&file.join("demo")).ends_with("file' is a file"));
}

#[cfg(unix)]
#[test]
fn links() {
    let root = tempfile::tempdir().unwrap();
    let link = root.path().join("link");
    std::os::unix::fs::symlink("nothing", &link).unwrap();
    assert!(refusal(&link).ends_with("link' is a link to nothing"));
    assert!(refusal(&link.join("demo")).ends_with("link' is a link to nothing"));
}

#[test]
fn back_through_what_is_not_there() {
    let root = tempfile::tempdir().unwrap();
    let message = refusal(&root.path().join("missing/../demo"));
    assert!(message.ends_with("it leads back through a folder that isn't there"));
}
