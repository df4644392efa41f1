//! Which template lies below another one, and whether it fits.
//!
//! It owns the key `extends`. How a source is read is said in [`source`](super::source).

use semver::{Version, VersionReq};

use super::library::Narrowed;
use super::manifest::{Located, Table};
use super::source::Source;
use crate::error::{Error, Kind, Result};
use crate::problem::Problem;

/// The most templates that can lie on top of each other.
const DEEPEST: usize = 8;

/// The template that another one extends, as its manifest names it.
#[derive(Debug)]
pub(super) struct Below {
    /// Where it comes from.
    pub source: Located<String>,
    /// The versions that fit.
    pub version: Option<Located<VersionReq>>,
    /// The branch, tag or commit, for a source in git.
    pub reference: Option<Located<String>>,
}

impl Below {
    /// Reads `extends`: a source, or a table with one.
    pub fn read(table: &Table) -> Option<Self> {
        if table.is_text("extends") {
            return Some(Below {
                source: table.located_text("extends")?,
                version: None,
                reference: None,
            });
        }
        let table = table.table("extends")?;
        let source = table.required_text("source");
        let version = table.located_text("version");
        let reference = table.located_text("ref");
        table.refuse_unknown_keys();
        Some(Below {
            source: source?,
            version: version.and_then(|range| read_range(&table, &range)),
            reference,
        })
    }

    /// Gives what is wanted of the template besides its source.
    pub fn narrowed(&self) -> Narrowed<'_> {
        Narrowed {
            version: self.version.as_ref().map(|range| &range.value),
            reference: self.reference.as_ref().map(|name| name.value.as_str()),
        }
    }

    /// Refuses a template that is read already, and one below too many others.
    pub fn refuse_circle(source: &Source, above: &[Source]) -> Result<()> {
        if above.iter().any(|known| known.is_same(source)) {
            let error = Error::failed(format!("template '{source}' extends itself"));
            return Err(error.hint("let the lowest template extend none, or 'builtin'"));
        }
        if above.len() >= DEEPEST {
            return Err(Error::failed(format!(
                "more than {DEEPEST} templates lie on top of each other"
            ))
            .hint("put the layers of some of them into one template"));
        }
        Ok(())
    }

    /// Points an error about the template below at the place that names it: the template above
    /// is wrong then, not the request.
    pub fn named(&self, mut error: Error) -> Error {
        if error.kind == Kind::Request {
            error.kind = Kind::Failed;
        }
        error.with_problems(vec![self.source.error("it is extended here")])
    }

    /// Says why the template that was found doesn't fit.
    pub fn refuse(&self, name: &str, version: &str) -> Option<Problem> {
        let range = self.version.as_ref()?;
        let wanted = &range.value;
        match Version::parse(version) {
            Ok(found) if wanted.matches(&found) => None,
            Ok(found) => Some(range.error(format!(
                "template {name} has version {found}, but {wanted} is wanted: extend a version that fits, or change the range when this one was tried"
            ))),
            Err(_) => Some(range.error(format!(
                "template {name} has version '{version}', which no range can be compared with: it needs three numbers, such as 1.0.0"
            ))),
        }
    }
}

fn read_range(table: &Table, range: &Located<String>) -> Option<Located<VersionReq>> {
    match VersionReq::parse(&range.value) {
        Ok(parsed) => Some(range.with(parsed)),
        Err(error) => {
            let message = format!(
                "'{}' is not a version range: {error}; write >=0.1 or >=0.1, <1",
                range.value
            );
            table.report(range.error(message));
            None
        }
    }
}
