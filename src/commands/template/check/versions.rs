//! Updates projects of the versions of a template that are tagged in its repository.

use semver::Version;

use super::Bench;
use super::report::{self, Report};
use crate::check::{self, Case, Finding};
use crate::error::Result;
use crate::problem::{Problem, Rule};
use crate::template::{self, Source, Template};

/// The manifest of a template.
const MANIFEST: &str = "template.toml";

impl Bench<'_> {
    /// Updates projects of each earlier version.
    pub(super) fn versions(&self, cases: &[Case], report: &mut Report) -> Result<()> {
        let template = self.subject.template;
        let Source::Folder(folder) = &template.source else {
            return Ok(());
        };
        let current = Version::parse(&template.version).ok();
        let is_earlier = |version: &Version| current.as_ref().is_none_or(|own| version <= own);
        let _spinner = self.ui.spinner("Updating from earlier versions");
        let mut told: Vec<(Finding, Vec<String>)> = Vec::new();
        let (mut tried, mut projects) = (0, 0);
        for (version, source) in template::versions(folder)? {
            self.interrupt.begin_part()?;
            if !is_earlier(&version) || !has_template(&source) {
                continue;
            }
            let old = match Template::load(source) {
                Ok(old) => old,
                Err(error) => {
                    let first = error.problems.first().map(|first| first.message.clone());
                    let reason = first.unwrap_or(error.message);
                    let message = format!(
                        "version {version} can't be read, so no update from it is tried: {reason}"
                    );
                    report.add([self.about_manifest(message)]);
                    continue;
                }
            };
            let updated = check::update(&old, template, cases)?;
            tried += 1;
            projects += updated.projects;
            for finding in updated.findings {
                match told.iter_mut().find(|(known, _)| *known == finding) {
                    Some((_, versions)) => versions.push(version.to_string()),
                    None => told.push((finding, vec![version.to_string()])),
                }
            }
        }
        report.add(told.into_iter().map(|(mut finding, versions)| {
            finding.problem.message += &format!(" (update from {})", versions.join(", "));
            finding
        }));
        report.did(
            "versions",
            tried,
            format!(
                "updated {} of {}",
                report::counted(projects, "project"),
                report::counted(tried, "version")
            ),
        );
        Ok(())
    }

    fn about_manifest(&self, message: String) -> Problem {
        let file = format!("{}/{MANIFEST}", self.subject.template.source);
        Problem::warning(file, message).of(Rule::Update)
    }
}

/// Tells whether a version had a template at this place.
fn has_template(source: &Source) -> bool {
    source
        .read()
        .is_ok_and(|files| files.contains_key(MANIFEST))
}
