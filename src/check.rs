//! Finds what is wrong or odd about a template: what can be seen in its files, and what comes out
//! when it is used.
//!
//! It is pure: whoever asks reads the files, runs what is to be run, and tells people.

mod cases;
mod finding;
mod findings;
mod layout;
mod lost;
mod mentions;
mod names;
mod samples;
mod sarif;
mod secrets;
mod snapshot;
mod spacing;
mod sweep;
mod tags;
mod trial;
mod unused;
mod update;

pub use cases::{Case, cases};
pub use finding::{Finding, When};
pub use findings::told_once;
pub use samples::Samples;
pub use sarif::sarif;
pub use snapshot::{compare, missing, write as write_snapshot};
pub use sweep::{Breadth, Swept, pairs, sweep};
pub use trial::Trial;
pub use update::{Updated, update};

use crate::combinations::Combinations;
use crate::error::Result;
use crate::problem::Problem;
use crate::template::{Files, Template};

/// A template on the bench: what was read of it, and the files that it was read from.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// The template.
    pub template: &'a Template,
    /// Its own files, without those of the template that it extends.
    pub files: &'a Files,
    /// Its combinations of choices.
    pub combinations: &'a Combinations,
}

impl<'a> Subject<'a> {
    /// Gives a file's name in messages.
    fn name(&self, path: &str) -> String {
        format!("{}/{path}", self.template.source)
    }

    /// Gives the layers that are the template's own.
    fn layers(&self) -> impl Iterator<Item = &'a crate::template::Layer> {
        let layers = &self.template.layers;
        let top = layers.iter().map(|layer| layer.depth).max();
        layers.iter().filter(move |layer| Some(layer.depth) == top)
    }
}

/// Finds what can be seen without rendering anything.
pub fn look(subject: Subject) -> Vec<Problem> {
    let looks: [fn(Subject) -> Vec<Problem>; 7] = [
        layout::look,
        names::look,
        tags::look,
        unused::look,
        mentions::look,
        secrets::look,
        lost::look,
    ];
    looks.into_iter().flat_map(|look| look(subject)).collect()
}

/// Finds what can be seen in the files of a template that can't be used, so that it has no layers.
pub fn look_at_files(source: &str, files: &Files) -> Vec<Problem> {
    // Any folder may be a question of a template below, which wasn't read.
    let folders: Vec<&str> = files
        .keys()
        .filter_map(|path| path.split_once('/'))
        .map(|(folder, _)| folder)
        .collect();
    let manifest = files.get("template.toml");
    let has_below = manifest.is_some_and(|text| String::from_utf8_lossy(text).contains("extends"));
    layout::look_at(source, files, if has_below { &folders } else { &[] })
}

/// Computes the combinations of a template's choices.
pub fn combinations(template: &Template) -> Result<Combinations> {
    Combinations::of(template, &crate::resolve::Input::sample())
}
