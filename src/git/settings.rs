//! Git's configuration, as the `git` program would see it.

use std::collections::HashMap;
use std::env;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use git2::{Config, ConfigLevel, Repository, RepositoryOpenFlags};

use crate::file;
use crate::git::conditional::{self, Place};
use crate::git::work_tree::{Asked, WorkTree};

/// The largest file of settings that is read, in bytes.
pub(super) const MAX_FILE: u64 = 4 * 1024 * 1024;

/// What git is told to do: files, and the environment over them.
pub(super) struct Settings {
    config: Option<Config>,
    /// What holds over the files, by lower-case key: what the environment says, and what only the
    /// `git` program can find in them.
    overrides: HashMap<String, String>,
    /// The files that hold in this place only.
    conditional: Vec<PathBuf>,
}

impl Settings {
    /// Reads the user's and the system's settings.
    pub(super) fn global() -> Self {
        Settings {
            config: global_config().ok(),
            overrides: overrides(),
            conditional: Vec::new(),
        }
    }

    /// Reads the settings that hold around a folder, which need not be there yet: those of the
    /// repository that it lies in or, where there is none, those of a new one in it.
    pub(super) fn around(folder: &Path) -> Self {
        let Ok(folder) = std::path::absolute(folder) else {
            return Settings::global();
        };
        let there = folder.ancestors().find(|above| above.is_dir());
        match there.map(|there| (there, WorkTree::find(there))) {
            Some((there, Ok(Some(work_tree)))) => {
                let missing = folder.strip_prefix(there).unwrap_or(Path::new(""));
                // The empty end makes it a folder to git's rules.
                let inside = work_tree.path("").join(missing).join("");
                if missing.as_os_str().is_empty() || !work_tree.ignores_path(&inside) {
                    return Settings::of_work_tree(&work_tree);
                }
                Settings::for_new(&folder)
            }
            _ => Settings::for_new(&folder),
        }
    }

    /// Reads the settings that will hold in the repository of a folder, which is not there yet.
    pub(super) fn for_new(folder: &Path) -> Self {
        let mut settings = Settings::global();
        let branch = super::default_branch(&settings);
        let place = Place::of(folder, branch);
        let files: Vec<PathBuf> = global_files().into_iter().map(|(file, _)| file).collect();
        let found = conditional::read(&files, &place);
        for (key, value) in found.values {
            settings.overrides.entry(key).or_insert(value);
        }
        settings.conditional = found.files;
        settings
    }

    /// Reads the settings that hold in the repository of a project.
    fn of_work_tree(work_tree: &WorkTree) -> Self {
        match &work_tree.asked {
            Asked::Library(repository) => Settings::of(repository),
            Asked::Program(program) => {
                let listed = program.run(&["config", "--list", "--includes", "-z"]);
                let listed = listed.unwrap_or_default();
                let pairs = String::from_utf8_lossy(&listed);
                let pairs = pairs.split('\0').filter_map(|pair| pair.split_once('\n'));
                let pairs = pairs.map(|(key, value)| (key.to_owned(), value.to_owned()));
                Settings {
                    config: None,
                    overrides: pairs.collect(),
                    conditional: Vec::new(),
                }
            }
        }
    }

    /// Reads the settings that hold in a repository, those of `includeIf` among them.
    pub(super) fn of(repository: &Repository) -> Self {
        let config = match asked(repository) {
            Some(asked) => asked.config(),
            None => repository.config(),
        };
        Settings {
            config: config.ok(),
            overrides: overrides(),
            conditional: Vec::new(),
        }
    }

    /// Gives a setting as text, when it is set to something; its key is in lower case.
    pub(super) fn text(&self, key: &str) -> Option<String> {
        let text = match self.overrides.get(key) {
            Some(text) => Some(text.clone()),
            None => self.config.as_ref()?.get_string(key).ok(),
        };
        text.filter(|text| !text.trim().is_empty())
    }

    /// Tells whether a setting is on; its key is in lower case.
    pub(super) fn is_on(&self, key: &str) -> bool {
        let set = match self.overrides.get(key) {
            Some(text) => Config::parse_bool(text.as_str()),
            None => match &self.config {
                Some(config) => config.get_bool(key),
                None => return false,
            },
        };
        set.unwrap_or(false)
    }

    /// Gives the files of the configuration.
    pub(super) fn config(&self) -> Option<&Config> {
        self.config.as_ref()
    }

    /// Gives the files that hold in this place only.
    pub(super) fn conditional(&self) -> &[PathBuf] {
        &self.conditional
    }
}

/// Opens a repository once more, with what the environment says about configuration.
///
/// It knows `GIT_CONFIG_GLOBAL`, but `GIT_INDEX_FILE`, too: it is only asked, never used.
pub(super) fn asked(repository: &Repository) -> Option<Repository> {
    let flags = RepositoryOpenFlags::FROM_ENV
        | RepositoryOpenFlags::NO_SEARCH
        | RepositoryOpenFlags::NO_DOTGIT;
    let none: [&OsStr; 0] = [];
    Repository::open_ext(repository.path(), flags, none).ok()
}

/// Gives one of the user's and the system's settings; its key is in lower case.
pub fn setting(key: &str) -> Option<String> {
    Settings::global().text(key)
}

/// Opens the files outside of any repository; one that can't be read says nothing, as to git.
fn global_config() -> Result<Config, git2::Error> {
    let mut config = Config::new()?;
    for (file, level) in global_files() {
        if file::own_text(&file, MAX_FILE).is_ok() {
            config.add_file(&file, level, false)?;
        }
    }
    Ok(config)
}

/// Finds the files outside of any repository, with what the environment says about them; the later
/// ones win.
fn global_files() -> Vec<(PathBuf, ConfigLevel)> {
    let mut files = Vec::new();
    let mut add = |path: Option<PathBuf>, level| files.extend(path.map(|path| (path, level)));
    if !is_set("GIT_CONFIG_NOSYSTEM") {
        let system = named("GIT_CONFIG_SYSTEM").or_else(|| Config::find_system().ok());
        add(system, ConfigLevel::System);
    }
    if let Some(global) = named("GIT_CONFIG_GLOBAL") {
        add(Some(global), ConfigLevel::Global);
    } else {
        add(Config::find_xdg().ok(), ConfigLevel::XDG);
        add(Config::find_global().ok(), ConfigLevel::Global);
    }
    files
}

/// Gives the file that a variable names.
fn named(variable: &str) -> Option<PathBuf> {
    env::var_os(variable).map(PathBuf::from)
}

/// Tells whether a variable is on.
fn is_set(variable: &str) -> bool {
    env::var(variable).is_ok_and(|text| Config::parse_bool(text.as_str()).unwrap_or(false))
}

/// Reads the settings that lie in the environment.
fn overrides() -> HashMap<String, String> {
    let count = env::var("GIT_CONFIG_COUNT").ok();
    let count: usize = count.and_then(|count| count.parse().ok()).unwrap_or(0);
    (0..count.min(1000))
        .filter_map(|number| {
            let key = env::var(format!("GIT_CONFIG_KEY_{number}")).ok()?;
            let value = env::var(format!("GIT_CONFIG_VALUE_{number}")).ok()?;
            Some((key.to_lowercase(), value))
        })
        .collect()
}
