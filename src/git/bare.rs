//! A bare repository of our own, as the cache of templates has them.

use std::path::Path;

use git2::{Repository, RepositoryInitOptions};

use crate::git::oid::{Format, Oid};
use crate::git::program::Program;

/// A bare repository of our own.
#[derive(Debug, Clone, Copy)]
pub struct Bare<'p> {
    folder: &'p Path,
    format: Format,
}

impl<'p> Bare<'p> {
    /// Takes a folder for objects of a format; it need not be there yet.
    pub fn new(folder: &'p Path, format: Format) -> Self {
        Bare { folder, format }
    }

    /// Makes it, without anything of the user's in it.
    pub fn make(&self) -> Result<(), String> {
        let mut options = RepositoryInitOptions::new();
        options.bare(true).no_reinit(true).external_template(false);
        if self.format == Format::Sha1 && Repository::init_opts(self.folder, &options).is_ok() {
            return Ok(());
        }
        std::fs::create_dir_all(self.folder).map_err(|error| error.to_string())?;
        let format = format!("--object-format={}", self.format.as_str());
        let words = ["init", "--quiet", "--bare", "--template=", &format];
        let made = Program::at(self.folder).run(&words);
        made.map(|_| ()).map_err(|refusal| refusal.to_string())
    }

    /// Tells whether all that references below a name are about can be read, as far as that is seen
    /// without reading it.
    pub fn is_sound(&self, references: &str) -> bool {
        if !self.folder.is_dir() {
            return false;
        }
        let Some(repository) = self.open() else {
            let listed = ["for-each-ref", "--format=%(objectname)^{tree}", references];
            let listed = self.program().run(&listed);
            let check = ["cat-file", "--batch-check"];
            let checked = listed.and_then(|names| self.program().run_with(&check, &names));
            return checked.is_ok_and(|said| !said.windows(8).any(|words| words == b" missing"));
        };
        let check = || {
            for reference in repository.references_glob(&format!("{references}*"))? {
                reference?.peel_to_tree()?;
            }
            Ok::<_, git2::Error>(())
        };
        check().is_ok()
    }

    /// Tells whether a commit is there, with its files as far as that is seen without reading them.
    pub fn has(&self, commit: Oid) -> bool {
        if !self.folder.is_dir() {
            return false;
        }
        let Some(repository) = self.open() else {
            let tree = format!("{commit}^{{tree}}");
            let found = self.program().says_yes(&["cat-file", "-e", &tree], b"");
            return found.unwrap_or(false);
        };
        let found = commit.try_into().and_then(|id| repository.find_commit(id));
        found.is_ok_and(|commit| commit.tree().is_ok())
    }

    /// Lets a reference be about a commit.
    pub fn refer(&self, name: &str, commit: Oid) -> Result<(), String> {
        let Some(repository) = self.open() else {
            let referred = self.program().run(&["update-ref", name, commit.as_str()]);
            return referred.map(|_| ()).map_err(|refusal| refusal.to_string());
        };
        let refer = || repository.reference(name, commit.try_into()?, true, "");
        refer().map(|_| ()).map_err(|error| words(&error))
    }

    /// Finds a commit by the beginning of its id.
    pub fn find(&self, name: &str) -> Result<Oid, String> {
        let Some(repository) = self.open() else {
            let commit = format!("{name}^{{commit}}");
            let found = self.program().run(&["rev-parse", "--verify", &commit]);
            let found = found.map_err(|refusal| refusal.to_string())?;
            let found = Oid::parse(String::from_utf8_lossy(&found).trim());
            return found.ok_or_else(|| "git printed no id of a commit".to_owned());
        };
        let find = || repository.revparse_single(name)?.peel_to_commit();
        find()
            .map(|commit| commit.id().into())
            .map_err(|error| words(&error))
    }

    /// Opens it, where the library can.
    fn open(&self) -> Option<Repository> {
        let opened = Repository::open_bare(self.folder).ok();
        opened.filter(|_| self.format == Format::Sha1)
    }

    fn program(&self) -> Program {
        Program::of_bare(self.folder)
    }
}

fn words(error: &git2::Error) -> String {
    error.message().to_owned()
}
