//! Programs of others: which one is started, and what it may not do.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use crate::support::Sandbox;

#[test]
fn a_file_of_a_project_is_never_taken_for_a_program() {
    let path = std::env::var("PATH").unwrap();
    let before = format!(".:{path}");
    let empty = format!(":{path}");
    let after = format!("{path}:");
    for path in [&before, &empty, &after] {
        let sandbox = Sandbox::new();
        sandbox.write(
            "home/.gitconfig",
            "[user]\nname = Ada\nemail = ada@example.org\n[commit]\ngpgsign = true\n[gpg]\nprogram = signer-of-ours\n",
        );
        let manifest = "name = \"small\"\nversion = \"1.0.0\"\nsummary = \"Small\"\n\n[[question]]\nname = \"name\"\ntype = \"text\"\ndefault = \"p\"\n";
        sandbox.template(&[("template.toml", manifest)]);
        let script = format!("#!/bin/sh\ntouch {}\n", sandbox.path("pwned").display());
        for name in ["git", "gpg", "signer-of-ours", "sh"] {
            let file = sandbox.write(&format!("template/base/files/{name}"), &script);
            fs::set_permissions(file, fs::Permissions::from_mode(0o755)).unwrap();
        }
        let arguments = ["new", "p", "--template", "../template", "--yes"];
        sandbox
            .run_with(&arguments, &[("PATH", path)])
            .ok()
            .says("git is told to sign commits and couldn't");
        assert!(sandbox.path("work/p/git").is_file());
        assert!(!sandbox.path("pwned").exists(), "PATH={path}");
    }
}
