//! A project by anybody: what lies in its `.pyscaffold/` is read or refused, and stays inside.

#![no_main]

use std::fs;
use std::io::Write;
use std::time::Duration;

use arbitrary::Arbitrary;
use flate2::Compression;
use flate2::write::GzEncoder;
use libfuzzer_sys::fuzz_target;
use pyscaffold::interrupt::Interrupt;
use pyscaffold::project::change::{self, Hold, Patience};
use pyscaffold::project::snapshot;
use pyscaffold::state;
use sha2::{Digest, Sha256};

#[derive(Debug, Arbitrary)]
struct State<'a> {
    answers: &'a str,
    archive: &'a [u8],
    journal: &'a str,
    content: &'a [u8],
}

impl State<'_> {
    /// Packs the archive, whose checksum nobody would find by chance.
    fn snapshot(&self) -> Vec<u8> {
        let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
        let _ = packed.write_all(self.archive);
        packed.finish().unwrap_or_default()
    }

    /// Gives the journal with the hashes that it has to have.
    fn journal(&self) -> String {
        let content = format!("{:x}", Sha256::digest(self.content));
        let body = self.journal.replace("HASH", &content);
        let hash = Sha256::digest(&body);
        format!("pyscaffold change 1\n{hash:x}\n{body}")
    }
}

fuzz_target!(|given: State| {
    let snapshot = given.snapshot();
    if let Ok(tree) = snapshot::unpack(&snapshot) {
        let packed = snapshot::pack(&tree).expect("what was read can be written");
        assert!(snapshot::unpack(&packed).is_ok_and(|again| again == tree));
    }
    let Ok(folder) = tempfile::tempdir() else {
        return;
    };
    let project = folder.path().join("project");
    let change = project.join(".pyscaffold/local/change");
    let written = fs::create_dir_all(&change)
        .and_then(|()| fs::write(folder.path().join("canary"), "alive"))
        .and_then(|()| fs::write(project.join("mine.txt"), "mine"))
        .and_then(|()| fs::write(project.join(state::ANSWERS), given.answers))
        .and_then(|()| fs::write(project.join(state::SNAPSHOT), snapshot))
        .and_then(|()| fs::create_dir(change.join("new")))
        .and_then(|()| fs::create_dir(change.join("after")))
        .and_then(|()| fs::create_dir(change.join("before")))
        .and_then(|()| fs::write(change.join("new/0"), given.content))
        .and_then(|()| fs::write(change.join("after/0"), given.content))
        .and_then(|()| fs::write(change.join("journal"), given.journal()));
    if written.is_err() {
        return;
    }
    let _ = state::read(&project);
    let interrupt = Interrupt::new();
    let patience = Patience {
        longest: Duration::ZERO,
        interrupt: &interrupt,
        tell: &|_| {},
    };
    if let Ok(hold) = Hold::take(&project, &patience) {
        let _ = change::recover_change(&hold);
    }
    let left: Vec<_> = fs::read_dir(folder.path()).into_iter().flatten().collect();
    assert_eq!(left.len(), 2);
    let canary = fs::read_to_string(folder.path().join("canary"));
    assert!(canary.is_ok_and(|text| text == "alive"));
});
