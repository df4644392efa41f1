//! Git's configuration, as the `git` program would see it.

use std::collections::HashMap;
use std::env;
use std::ffi::OsStr;
use std::path::PathBuf;

use git2::{Config, ConfigLevel, Repository, RepositoryOpenFlags};

/// What git is told to do: files, and the environment over them.
pub(super) struct Settings {
    config: Option<Config>,
    /// What `GIT_CONFIG_COUNT` and its companions set, by lower-case key.
    overrides: HashMap<String, String>,
    /// What the configuration was read for; conditional includes refer to it.
    repository: Option<Repository>,
}

impl Settings {
    /// Reads the user's and the system's settings.
    pub(super) fn global() -> Self {
        Settings {
            config: global_config().ok(),
            overrides: overrides(),
            repository: None,
        }
    }

    /// Reads the settings that hold in a repository, those of `includeIf` among them.
    pub(super) fn of(repository: &Repository) -> Self {
        let flags = RepositoryOpenFlags::FROM_ENV
            | RepositoryOpenFlags::NO_SEARCH
            | RepositoryOpenFlags::NO_DOTGIT;
        let none: [&OsStr; 0] = [];
        // This one knows GIT_CONFIG_GLOBAL, but GIT_INDEX_FILE too: it is only asked, never used.
        let asked = Repository::open_ext(repository.path(), flags, none).ok();
        let config = match &asked {
            Some(asked) => asked.config(),
            None => repository.config(),
        };
        Settings {
            config: config.ok(),
            overrides: overrides(),
            repository: asked,
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

    /// Gives the repository that the settings hold in.
    pub(super) fn repository(&self) -> Option<&Repository> {
        self.repository.as_ref()
    }
}

/// Gives one of the user's and the system's settings; its key is in lower case.
pub fn setting(key: &str) -> Option<String> {
    Settings::global().text(key)
}

/// Opens the files outside of any repository, with what the environment says about them.
fn global_config() -> Result<Config, git2::Error> {
    let mut config = Config::new()?;
    let mut add = |path: Option<PathBuf>, level| match path {
        Some(path) => config.add_file(&path, level, false),
        None => Ok(()),
    };
    if !is_set("GIT_CONFIG_NOSYSTEM") {
        let system = named("GIT_CONFIG_SYSTEM").or_else(|| Config::find_system().ok());
        add(system, ConfigLevel::System)?;
    }
    if let Some(global) = named("GIT_CONFIG_GLOBAL") {
        add(Some(global), ConfigLevel::Global)?;
    } else {
        add(Config::find_xdg().ok(), ConfigLevel::XDG)?;
        add(Config::find_global().ok(), ConfigLevel::Global)?;
    }
    Ok(config)
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
