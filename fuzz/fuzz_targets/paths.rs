//! Paths by anybody: what is taken stays inside, on every system; no two files are the same one.

#![no_main]

use std::collections::BTreeSet;
use std::path::{Component, Path};

use libfuzzer_sys::fuzz_target;
use pyscaffold::tree::{Entry, ProjectPath, Tree};

fuzz_target!(|text: &str| {
    let mut tree = Tree::new();
    let mut folded = BTreeSet::new();
    for line in text.split('\n') {
        let Ok(path) = ProjectPath::parse(line) else {
            continue;
        };
        let is_plain = |part: Component| matches!(part, Component::Normal(_));
        assert!(Path::new(path.as_str()).components().all(is_plain));
        assert_eq!(path.as_str(), line);
        for name in path.as_str().split('/') {
            let seen: String = path.folded();
            assert!(!seen.split('/').any(|name| name == ".git" || name == ".."));
            assert!(!name.contains(['\\', ':', '\0']) && !name.ends_with(['.', ' ']));
        }
        let fold = path.folded();
        if tree.insert(path, Entry::default()).is_ok() {
            assert!(folded.insert(fold));
        }
    }
    assert_eq!(tree.len(), folded.len());
    let paths: Vec<&ProjectPath> = tree.iter().map(|(path, _)| path).collect();
    for path in paths {
        assert!(path.folders().all(|folder| tree.get(folder).is_none()));
    }
});
