//! Finds the template among the arguments, or in the project that they are about, before the rest
//! of them can be read: its questions decide what they mean.

use std::borrow::Cow;
use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::Path;

use crate::commands::{self, Questions};
use crate::config;
use crate::error::{Error, Result};
use crate::git::Oid;
use crate::interrupt::Interrupt;
use crate::remote::{At, Attendance, Event, MOST, Named, Reach, Remote};
use crate::state::{self, Origin};
use crate::template::{Called, Library, Source, Template, Wanted};
use crate::ui::Ui;

/// A template that was chosen, and how it is called.
#[derive(Default)]
pub(super) struct Chosen {
    wanted: Option<Wanted>,
    called: Option<Called>,
    /// The branch that updates of the project follow.
    branch: Option<String>,
    /// The commits that the project remembers of the templates below.
    pins: BTreeMap<String, Oid>,
    /// What to do when it can't be opened.
    hint: Option<&'static str>,
}

impl Chosen {
    /// Takes a template as it is now.
    fn newest(source: Source) -> Self {
        Chosen {
            wanted: Some(Wanted::newest(source)),
            ..Chosen::default()
        }
    }

    /// Opens the template.
    pub(super) fn open(self, library: &Library) -> Result<Template> {
        let (hint, branch, called) = (self.hint, self.branch.clone(), self.called.clone());
        let opened = Template::open(library, &self.wanted());
        let mut template = opened.map_err(|error| match hint {
            Some(hint) => error.hint(hint),
            None => error,
        })?;
        template.branch = template.branch.or(branch);
        if let Some(called) = called {
            template.called = called;
        }
        Ok(template)
    }

    /// Gives which template it is.
    pub(super) fn wanted(self) -> Wanted {
        self.wanted
            .unwrap_or_else(|| Wanted::newest(Source::default()))
    }
}

/// Opens the template that the arguments are about.
pub(super) fn open(words: &[&str], root: Option<&Path>, ui: Ui) -> Result<(Library, Template)> {
    let mut chosen = choose(words, root)?;
    let library = Library {
        remote: remote(words, ui),
        pins: std::mem::take(&mut chosen.pins),
    };
    let template = chosen.open(&library)?;
    Ok((library, template))
}

/// Reads the arguments as text.
pub(super) fn words(arguments: &[OsString]) -> Result<Vec<Cow<'_, str>>> {
    refuse_unreadable(arguments)?;
    // One that isn't UTF-8 stays in its place: it may be what belongs to a flag.
    let words = arguments.iter().map(|argument| argument.to_string_lossy());
    Ok(words.take_while(|argument| argument != "--").collect())
}

/// Refuses what says which template is meant and isn't UTF-8.
fn refuse_unreadable(arguments: &[OsString]) -> Result<()> {
    let mut before = "";
    for argument in arguments {
        let shown = argument.to_string_lossy();
        let is_after = |flag: &&&str| before == **flag || shown.starts_with(&format!("{flag}="));
        if argument.to_str().is_none()
            && let Some(flag) = ["--template", "--ref"].iter().find(is_after)
        {
            return Err(Error::request(format!(
                "what {flag} names isn't UTF-8: '{shown}'"
            )));
        }
        before = argument.to_str().unwrap_or_default();
    }
    Ok(())
}

/// Finds the template among the arguments, or in the project that they are about.
fn choose(arguments: &[&str], root: Option<&Path>) -> Result<Chosen> {
    let questions = commands::asked(arguments);
    match questions {
        Questions::Own => return Ok(Chosen::default()),
        Questions::Starter => return Ok(Chosen::newest(Source::Starter)),
        Questions::Builtin | Questions::Here | Questions::Project(_) | Questions::Newest(_) => {}
    }
    let reference = value_of(arguments, "--ref");
    if let Some(source) = value_of(arguments, "--template") {
        return typed(source, reference);
    }
    if questions == Questions::Here {
        return Ok(Chosen::newest(Source::here()));
    }
    // Outside of a project, the command itself says so; its help is for the template built in.
    let Some(root) = root else {
        return match reference {
            Some(reference) => typed("builtin", Some(reference)),
            None => Ok(Chosen::default()),
        };
    };
    let origin = state::origin(root)?;
    if matches!(questions, Questions::Newest(_)) {
        newest(root, &origin, reference)
    } else {
        remembered(root, &origin, reference)
    }
}

/// Reads what was typed about a template.
pub(super) fn typed(text: &str, reference: Option<&str>) -> Result<Chosen> {
    let alias = config::alias(text)?;
    let source = match &alias {
        // A folder in the configuration is looked up from there.
        Some(source) => {
            let file = config::file().unwrap_or_default();
            let here = file.parent().unwrap_or(Path::new(""));
            Source::parse(source, here).map_err(|error| {
                error.hint(format!("'{text}' is called that in {}", file.display()))
            })?
        }
        None => Source::parse(text, Path::new(""))?,
    };
    let called = Called {
        source: alias.map_or_else(|| source.to_string(), |_| text.to_owned()),
        reference: reference.map(str::to_owned),
    };
    let wanted = match reference {
        Some(reference) => Wanted::named(source, reference)?,
        None => Wanted::newest(source),
    };
    Ok(Chosen {
        wanted: Some(wanted),
        called: Some(called),
        ..Chosen::default()
    })
}

/// Takes a project's template as it is now; a branch that was named is followed.
fn newest(root: &Path, origin: &Origin, reference: Option<&str>) -> Result<Chosen> {
    let source = source_of(root, origin)?;
    let wanted = match (reference, &origin.branch) {
        (Some(reference), _) => Wanted::named(source, reference)?,
        (None, Some(branch)) => Wanted {
            source,
            at: At::Branch(Named::parse(branch)?),
        },
        (None, None) => Wanted::newest(source),
    };
    Ok(Chosen {
        wanted: Some(wanted),
        hint: Some(MOVED),
        ..Chosen::default()
    })
}

/// Takes a project's template as it was, with all below it.
fn remembered(root: &Path, origin: &Origin, reference: Option<&str>) -> Result<Chosen> {
    let source = source_of(root, origin)?;
    if let Some(reference) = reference {
        return Ok(Chosen {
            wanted: Some(Wanted::named(source, reference)?),
            hint: Some(MOVED),
            ..Chosen::default()
        });
    }
    let mut pins = BTreeMap::new();
    for below in &origin.below {
        if let At::Exactly(commit) = At::recorded(&below.commit)? {
            pins.insert(below.source.clone(), commit);
        }
    }
    let at = match &origin.commit {
        Some(commit) => At::recorded(commit)?,
        None => At::Newest,
    };
    let hint = match source {
        Source::Git(_) => GONE,
        Source::Builtin | Source::Starter | Source::Folder(_) | Source::Past(_) => MOVED,
    };
    Ok(Chosen {
        wanted: Some(Wanted { source, at }),
        branch: origin.branch.clone(),
        pins,
        hint: Some(hint),
        ..Chosen::default()
    })
}

/// What to do where a project's template can't be found.
const MOVED: &str =
    "the project was made from it; if it has moved, say where it is now: --template SOURCE";

/// What to do where a project's template can't be had as it was.
const GONE: &str = "the project was made from it; 'pyscaffold update' goes on with the newest version, and --template SOURCE with one from elsewhere";

fn source_of(root: &Path, origin: &Origin) -> Result<Source> {
    Source::parse(&origin.source, root).map_err(|error| error.hint(MOVED))
}

/// Prepares fetching; nothing where there is no place for a cache.
fn remote(arguments: &[&str], ui: Ui) -> Option<Remote> {
    let has = |flags: &[&str]| arguments.iter().any(|argument| flags.contains(argument));
    let is_yes = |argument: &&str| {
        // Short flags can be written together.
        let short = argument
            .strip_prefix('-')
            .filter(|rest| !rest.starts_with('-'));
        **argument == *"--yes" || short.is_some_and(|letters| letters.contains('y'))
    };
    let can_ask = Ui::can_ask() && !ui.is_json && !arguments.iter().any(is_yes);
    Some(Remote {
        cache: config::cache()?.join("git"),
        reach: if has(&["--offline"]) {
            Reach::Cache
        } else {
            Reach::Network
        },
        attendance: if can_ask {
            Attendance::Attended
        } else {
            Attendance::Unattended
        },
        most: MOST,
        interrupt: Interrupt::install,
        tell: Box::new(teller(ui)),
        scratch: OnceCell::new(),
    })
}

/// Tells people what goes on while something is fetched.
fn teller(ui: Ui) -> impl Fn(Event) {
    let shown = RefCell::new(None);
    move |event| match event {
        Event::Asking(what) => ui.detail(&format!("asking the server of {what} for its versions")),
        Event::Receiving(what, percent) => shown
            .borrow_mut()
            .get_or_insert_with(|| ui.progress(&format!("Fetching {what}")))
            .set(percent),
        Event::Arrived => drop(shown.take()),
        Event::Warning(text) => ui.warn(&text),
    }
}

/// Finds what was typed after a flag.
fn value_of<'a>(arguments: &[&'a str], flag: &str) -> Option<&'a str> {
    let mut arguments = arguments.iter();
    while let Some(argument) = arguments.next() {
        match argument.strip_prefix(flag) {
            Some("") => return arguments.next().copied(),
            Some(rest) if rest.starts_with('=') => return rest.strip_prefix('='),
            _ => {}
        }
    }
    None
}
