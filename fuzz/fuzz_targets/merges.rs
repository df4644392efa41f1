//! Three texts by anybody: merging them ends, what comes out clean is valid, and nothing is lost
//! where only one side changed.

#![no_main]

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use pyscaffold::formats::{Format, Merged};
use pyscaffold::merge::{self, Content, Labels};
use pyscaffold::tree::ProjectPath;

/// One file name for each format.
const NAMES: [&str; 5] = ["a.toml", "a.json", ".gitignore", "a.yaml", "a.txt"];

#[derive(Debug, Arbitrary)]
struct Sides<'a> {
    format: u8,
    base: &'a str,
    yours: &'a str,
    desired: &'a str,
}

fuzz_target!(|sides: Sides| {
    let Sides {
        base,
        yours,
        desired,
        ..
    } = sides;
    let name = NAMES[usize::from(sides.format) % NAMES.len()];
    let Ok(path) = ProjectPath::parse(name) else {
        return;
    };
    let format = Format::of(&path);
    let labels = Labels::new("base", "desired");
    if let Some(Ok(Merged::Clean(text))) = format.merge(base, yours, desired) {
        // What one side has alone is taken as it is, valid or not.
        let is_valid = |text: &&str| format.check(text).is_ok();
        let are_valid = [base, yours, desired].iter().all(is_valid);
        assert!(!are_valid || format.check(&text).is_ok());
    }
    if let Some(Ok(composed)) = format.compose(base, desired) {
        assert!(format.check(&composed).is_ok());
    }
    let merged = |base: &str, yours: &str, desired: &str| {
        let [base, yours, desired] = [base, yours, desired].map(str::as_bytes);
        merge::merge_content(&path, Some(base), yours, desired, &labels)
    };
    let _ = merged(base, yours, desired);
    let _ = merge::gain(&path, yours.as_bytes(), desired.as_bytes());
    if let Ok(unchanged) = merged(base, yours, base) {
        assert_eq!(unchanged, Content::Yours);
    }
    match merged(base, base, desired) {
        Ok(Content::Desired(bytes)) => assert_eq!(bytes, desired.as_bytes()),
        Ok(Content::Yours) => assert_eq!(base, desired),
        Ok(other) => panic!("an untouched file becomes {other:?}"),
        Err(_) => {}
    }
});
