//! The sandbox of a case, with a canary beside the project.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};

use super::case::{Case, Generate, Packed};
use crate::support::{Run, Sandbox};

/// The manifest of a template that has none.
const MANIFEST: &str = "name = \"small\"\nversion = \"1.0.0\"\nsummary = \"Small\"\n\n[[question]]\nname = \"name\"\ntype = \"text\"\ndefault = \"{{ input.directory }}\"\n";

/// The seconds of the processor that a run may take.
const SECONDS: u32 = 60;

/// The kilobytes of memory that a run may ask for, with what its threads reserve.
const KILOBYTES: u32 = 6 * 1024 * 1024;

/// The length from which on a file isn't compared.
const LARGE: u64 = 1024 * 1024 * 1024;

/// What a case runs in.
pub struct Scene {
    sandbox: Sandbox,
}

impl Scene {
    /// Lays out everything that a case speaks of.
    pub fn prepare(case: &Case) -> Self {
        let scene = Scene {
            sandbox: Sandbox::new(),
        };
        scene.sandbox.write("outside/canary.txt", "alive\n");
        scene.sandbox.write("work/canary.txt", "alive\n");
        scene.sandbox.template(&[("template.toml", MANIFEST)]);
        if case.start {
            let files = [("base/files/README.md", "# Small\n")];
            scene.sandbox.template(&files);
            scene
                .sandbox
                .run("new p --template ../template --yes --no-git")
                .ok();
            std::fs::remove_dir_all(scene.sandbox.path("template/base")).unwrap();
        }
        for (path, text) in &case.template {
            scene.sandbox.write(&format!("template/{path}"), text);
        }
        for (path, text) in &case.project {
            scene.sandbox.write(&format!("work/p/{path}"), text);
        }
        for (path, text) in &case.beside {
            scene.sandbox.write(path, text);
        }
        for (folder, links) in [
            ("template", &case.template_links),
            ("work/p", &case.project_links),
        ] {
            for (path, to) in links {
                scene.link(&format!("{folder}/{path}"), to);
            }
        }
        for (path, size) in &case.sparse {
            let place = scene.sandbox.write(path, "");
            let file = std::fs::OpenOptions::new().write(true).open(place);
            file.unwrap().set_len(*size).unwrap();
        }
        for path in &case.sockets {
            let place = scene.sandbox.path(path);
            std::fs::create_dir_all(place.parent().unwrap()).unwrap();
            drop(UnixListener::bind(place).unwrap());
        }
        for generate in &case.generate {
            scene.generate(generate);
        }
        if !case.snapshot.is_empty() {
            let packed = pack(&case.snapshot);
            let path = "work/p/.pyscaffold/snapshot.tar.gz";
            scene.sandbox.write(path, packed);
        }
        if let Some(body) = &case.journal {
            let hash = format!("{:x}", Sha256::digest(body));
            let text = format!("pyscaffold change 1\n{hash}\n{body}");
            let path = "work/p/.pyscaffold/local/change/journal";
            scene.sandbox.write(path, text);
        }
        scene
    }

    /// Makes a link; `{sandbox}` is the folder of everything.
    fn link(&self, path: &str, to: &str) {
        let place = self.sandbox.path(path);
        let place = place.to_str().unwrap().trim_end_matches('/');
        let place = Path::new(place.trim_end_matches("/."));
        std::fs::create_dir_all(place.parent().unwrap()).unwrap();
        let _ = std::fs::remove_dir_all(place).or_else(|_| std::fs::remove_file(place));
        let root = self.sandbox.path("");
        let to = to.replace("{sandbox}", root.to_str().unwrap().trim_end_matches('/'));
        std::os::unix::fs::symlink(to, place).unwrap();
    }

    fn generate(&self, generate: &Generate) {
        let mut text = generate.begin.clone();
        for number in 0..generate.times {
            if generate.repeat.contains("{}") {
                text += &generate.repeat.replace("{}", &number.to_string());
            } else {
                text += &generate.repeat;
            }
        }
        text += &generate.end;
        for number in 0..generate.files {
            let path = generate.path.replace("{}", &number.to_string());
            let path = self.sandbox.path(&path);
            let bytes = path.into_os_string().into_encoded_bytes();
            let place: Vec<&[u8]> = split(&bytes, b"{ff}").collect();
            let place = PathBuf::from(OsString::from_vec(place.join(&0xff)));
            std::fs::create_dir_all(place.parent().unwrap()).unwrap();
            std::fs::write(place, &text).unwrap();
        }
    }

    /// Runs the program within bounds of time and memory.
    pub fn run(&self, case: &Case) -> Run {
        let limits = format!("ulimit -t {SECONDS}; ulimit -v {KILOBYTES}; exec \"$0\" \"$@\"");
        let mut command = self.sandbox.command("sh");
        command.args(["-c", &limits, env!("CARGO_BIN_EXE_pyscaffold")]);
        command.args(&case.run).stdin(Stdio::null());
        if case.run.first().is_some_and(|word| word != "new") {
            command.current_dir(self.sandbox.path("work/p"));
        }
        Run(command.output().unwrap())
    }

    /// Gives every file, link and folder of the sandbox, with what is in it.
    pub fn everything(&self) -> BTreeMap<String, Vec<u8>> {
        let mut found = BTreeMap::new();
        collect(&self.sandbox.path(""), "", &mut found);
        found
    }
}

fn collect(folder: &Path, prefix: &str, found: &mut BTreeMap<String, Vec<u8>>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = format!("{prefix}{}", entry.file_name().display());
        // It isn't written to, and can have more files than can be compared in time.
        if name == "template" {
            continue;
        }
        let path = entry.path();
        let kind = entry.file_type().unwrap();
        if kind.is_symlink() {
            let to = std::fs::read_link(&path).unwrap();
            found.insert(name, to.into_os_string().into_encoded_bytes());
        } else if kind.is_dir() {
            collect(&path, &format!("{name}/"), found);
            found.insert(name, Vec::new());
        } else if kind.is_file() && entry.metadata().unwrap().len() > LARGE {
            found.insert(name, b"large".to_vec());
        } else if kind.is_file() {
            found.insert(name, std::fs::read(&path).unwrap());
        } else {
            found.insert(name, b"special".to_vec());
        }
    }
}

/// Splits bytes at others.
fn split<'b>(bytes: &'b [u8], at: &'b [u8]) -> impl Iterator<Item = &'b [u8]> {
    let mut rest = Some(bytes);
    std::iter::from_fn(move || {
        let bytes = rest?;
        let found = bytes.windows(at.len()).position(|window| window == at);
        rest = found.map(|place| &bytes[place + at.len()..]);
        Some(&bytes[..found.unwrap_or(bytes.len())])
    })
}

/// Packs an archive, whatever its entries are called.
fn pack(entries: &[Packed]) -> Vec<u8> {
    let mut archive = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
    for entry in entries {
        let mut header = tar::Header::new_gnu();
        let name = &mut header.as_old_mut().name;
        name[..entry.path.len()].copy_from_slice(entry.path.as_bytes());
        header.set_mode(0o644);
        header.set_size(entry.size);
        header.set_entry_type(tar::EntryType::Regular);
        if let Some(to) = &entry.link {
            header.set_entry_type(tar::EntryType::Symlink);
            header.set_link_name(to).unwrap();
        }
        header.set_cksum();
        let zeros = std::io::Read::take(std::io::repeat(0), entry.size);
        archive.append(&header, zeros).unwrap();
    }
    archive.into_inner().unwrap().finish().unwrap()
}
