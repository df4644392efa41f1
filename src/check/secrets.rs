//! Finds secrets where a commit or the snapshot would hold them.

use ignore::gitignore::GitignoreBuilder;

use super::Subject;
use crate::language::{self, Scan};
use crate::problem::{Problem, Rule};
use crate::render::Rendered;
use crate::template::{Content, File, Layer};
use crate::tree::ProjectPath;

/// The file that says what git leaves alone.
const IGNORES: &str = ".gitignore";

/// Finds files that hold the answer to a secret question and are merged and committed.
pub(super) fn look(subject: Subject) -> Vec<Problem> {
    let questions = &subject.template.questions;
    let secrets: Vec<&str> = questions
        .iter()
        .filter(|question| question.secret)
        .map(|question| question.name.as_str())
        .collect();
    if secrets.is_empty() {
        return Vec::new();
    }
    let files = subject
        .layers()
        .flat_map(|layer| layer.files.iter().map(move |file| (layer, file)));
    let exposed = files.filter(|(layer, file)| !is_once(layer, file));
    exposed
        .flat_map(|(_, file)| secrets.iter().filter_map(|name| exposes(file, name)))
        .collect()
}

fn is_once(layer: &Layer, file: &File) -> bool {
    layer.rules_for(&file.path).iter().any(|rule| rule.once)
}

/// Says where a file writes a secret answer.
fn exposes(file: &File, secret: &str) -> Option<Problem> {
    let Content::Rendered { source, .. } = &file.content else {
        return None;
    };
    let environment = language::environment();
    let compiled = environment.template_from_str(source).ok()?;
    if !compiled.undeclared_variables(false).contains(secret) {
        return None;
    }
    let message = format!(
        "'{secret}' is a secret, and this file is committed and kept in the snapshot: give it 'once = true' in a [[files]] rule"
    );
    let place = Scan::place_of(source, secret).unwrap_or_default();
    let problem = Problem::error(&file.name, message).of(Rule::Exposed);
    Some(problem.at(&source.as_ref().into(), place))
}

/// Finds files that are written once, and that git would take for work to commit.
pub(super) fn not_ignored(rendered: &Rendered) -> Vec<Problem> {
    let open = rendered
        .once
        .iter()
        .filter(|(path, _)| !is_ignored(rendered, path));
    open.map(|(path, _)| {
        let maker = rendered.makers.get(path).map_or("", String::as_str);
        let message = format!(
            "makes '{path}', which is written once and may hold secrets: add it to a .gitignore of the project"
        );
        Problem::warning(maker, message).of(Rule::Exposed)
    })
    .collect()
}

fn is_ignored(rendered: &Rendered, path: &ProjectPath) -> bool {
    let folders = path.folders().map(|folder| format!("{folder}/"));
    [String::new()].into_iter().chain(folders).any(|folder| {
        let Some(ignores) = rendered.tree.get(&format!("{folder}{IGNORES}")) else {
            return false;
        };
        let mut builder = GitignoreBuilder::new("");
        for line in String::from_utf8_lossy(&ignores.bytes).lines() {
            // A line that git can't read ignores nothing.
            let _ = builder.add_line(None, line);
        }
        let inner = &path.as_str()[folder.len()..];
        let matched = builder.build().ok();
        matched.is_some_and(|rules| rules.matched_path_or_any_parents(inner, false).is_ignore())
    })
}
