//! Templates of other programs, so that who names one is told what it is.

/// The files that make a folder a template of another program, each with its name.
const MANIFESTS: [(&str, &str); 4] = [
    ("cookiecutter.json", "cookiecutter"),
    ("copier.yml", "copier"),
    ("copier.yaml", "copier"),
    ("cargo-generate.toml", "cargo-generate"),
];

/// Names the program whose template a folder is, by the files that are directly in it.
pub(super) fn program(has: impl Fn(&str) -> bool) -> Option<&'static str> {
    let known = MANIFESTS.iter().find(|(manifest, _)| has(manifest));
    known.map(|(_, program)| *program)
}

/// Says what to do with such a template.
pub(super) fn hint(program: &str) -> String {
    format!(
        "make the project with {program} and bring it in with 'pyscaffold adopt', or begin a template of your own with 'pyscaffold template new'"
    )
}
