//! A new repository that the user's own `git` makes: of a kind that libgit2 can't make, or where
//! libgit2 can't read what the user has set.

use std::env;
use std::path::Path;

use crate::error::Result;
use crate::git::identity::{self, Identity, Role};
use crate::git::program::{Program, Refusal};
use crate::git::settings::Settings;
use crate::git::stage::{mode_of, mode_on_disk};
use crate::git::{NewRepository, Outcome, failed};
use crate::tree::ProjectPath;

/// The settings of new repositories that libgit2 doesn't know, each with the variable over it.
const FORMATS: [(&str, &str); 3] = [
    ("init.defaultobjectformat", "GIT_DEFAULT_HASH"),
    ("init.defaultrefformat", "GIT_DEFAULT_REF_FORMAT"),
    ("init.templatedir", "GIT_TEMPLATE_DIR"),
];

/// Tells whether the user wants something of new repositories that libgit2 doesn't know.
pub(super) fn is_needed(settings: &Settings) -> bool {
    FORMATS.iter().any(|(key, variable)| {
        let is_set = env::var_os(variable).is_some_and(|value| !value.is_empty());
        is_set || settings.text(key).is_some()
    })
}

/// Takes the program for a folder, with what will hold in its place.
pub(super) fn program(root: &Path, settings: &Settings) -> Program {
    let mut program = Program::at(root);
    for file in settings.conditional() {
        program.set(format!("include.path={}", file.display()));
    }
    program
}

/// Makes a repository and commits the project.
pub(super) fn init_and_commit(
    new: &NewRepository<'_>,
    settings: &Settings,
    branch: String,
) -> Result<Outcome> {
    let failure = |refusal: Refusal| {
        let error = failed(new.root, &refusal);
        match refusal {
            Refusal::Missing => {
                error.hint("or install git, which has to make what your configuration wants")
            }
            Refusal::Said(_) => error,
        }
    };
    let mut program = program(new.root, settings);
    let beginning = format!("--initial-branch={branch}");
    let mut words = vec!["init", "--quiet", beginning.as_str()];
    if !is_set_for_templates(settings) {
        // No hooks that nobody asked for.
        words.push("--template=");
    }
    program.run(&words).map_err(failure)?;
    stage(&program, new)?;
    let author = identity::find(settings, Role::Author);
    let Some((author, committer)) = author.zip(identity::find(settings, Role::Committer)) else {
        return Ok(Outcome::NoIdentity { branch });
    };
    sign(
        &mut program,
        ["GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL"],
        author,
    );
    sign(
        &mut program,
        ["GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL"],
        committer,
    );
    match program.commit(new.message) {
        Ok(commit) => Ok(Outcome::Committed { branch, commit }),
        Err(refusal) if settings.is_on("commit.gpgsign") => Ok(Outcome::Unsigned {
            branch,
            reason: refusal.to_string(),
        }),
        Err(refusal) => Err(failure(refusal)),
    }
}

fn is_set_for_templates(settings: &Settings) -> bool {
    let [.., (key, variable)] = FORMATS;
    env::var_os(variable).is_some() || settings.text(key).is_some()
}

fn sign(program: &mut Program, [name, email]: [&'static str; 2], person: Identity) {
    program.set_variable(name, person.name);
    program.set_variable(email, person.email);
}

/// Puts all files into the index as they are: no filter and no line ending changes them.
fn stage(program: &Program, new: &NewRepository<'_>) -> Result<()> {
    let failure = |refusal: Refusal| failed(new.root, refusal);
    let mut files: Vec<(&ProjectPath, u32)> = Vec::new();
    for (path, entry) in new.tree.iter() {
        files.push((path, mode_of(entry)));
    }
    for path in new.extra {
        let file = new.root.join(path.as_str());
        let metadata = fs_err::symlink_metadata(&file)?;
        let is_taken = metadata.is_file() && new.tree.get(path.as_str()).is_none();
        if is_taken && !program.ignores(Path::new(path.as_str())).map_err(failure)? {
            files.push((path, mode_on_disk(&metadata)));
        }
    }
    let mut names = String::new();
    for (path, _) in &files {
        names += &format!("{path}\n");
    }
    let words = ["hash-object", "-w", "--no-filters", "--stdin-paths"];
    let printed = program
        .run_with(&words, names.as_bytes())
        .map_err(failure)?;
    let ids = String::from_utf8_lossy(&printed).into_owned();
    let mut lines = String::new();
    for ((path, mode), id) in files.iter().zip(ids.lines()) {
        lines += &format!("{mode:o} {id} 0\t{path}\0");
    }
    let words = ["update-index", "--add", "-z", "--index-info"];
    program
        .run_with(&words, lines.as_bytes())
        .map_err(failure)?;
    // What the disk says about the files is looked up now, so that git needn't read them later; it
    // says no where a line ending isn't as it is set.
    program
        .says_yes(&["update-index", "-q", "--refresh"], b"")
        .map_err(failure)?;
    Ok(())
}
