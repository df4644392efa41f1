//! Manifests by anybody: whatever they say, reading the template ends, soon and without a panic.

#![no_main]

use std::fs;

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use pyscaffold::combinations::Combinations;
use pyscaffold::resolve::Input;
use pyscaffold::template::{Source, Template};

/// The files of a template that hold most of what there is to read wrongly.
#[derive(Debug, Arbitrary)]
struct Files<'a> {
    template: &'a str,
    question: &'a str,
    layer: &'a str,
    base: &'a str,
    data: &'a str,
    file: &'a str,
}

fuzz_target!(|files: Files| {
    // `extends` would read this machine's own folders.
    if files.template.contains("extends") {
        return;
    }
    let Ok(folder) = tempfile::tempdir() else {
        return;
    };
    let all = [
        ("template.toml", files.template),
        ("kind/question.toml", files.question),
        ("kind/one/layer.toml", files.layer),
        ("kind/two/files/two.txt", ""),
        ("base/layer.toml", files.base),
        ("base/files/one.txt.jinja", files.file),
        ("data/table.toml", files.data),
    ];
    for (path, text) in all {
        let path = folder.path().join(path);
        let made = path.parent().map(fs::create_dir_all);
        if made.is_some_and(|made| made.is_err()) || fs::write(path, text).is_err() {
            return;
        }
    }
    if let Ok(template) = Template::load(Source::Folder(folder.path().to_owned())) {
        let _ = Combinations::of(&template, &Input::sample());
    }
});
