//! `pyscaffold template explain`: where every line of a file comes from.

use clap::{Arg, Command};
use serde_json::{Value as Json, json};

use super::answered;
use super::show::{self, joins, why};
use crate::cli::Cli;
use crate::error::{Ending, Result};
use crate::render::{self, Explanation, Line, Origin, Placed, Seed};
use crate::template::{Rule, Template};
use crate::ui::{Ui, Volume};

/// What the command is called.
pub const NAME: &str = "explain";

/// Builds the command's part of the command line.
pub fn command(template: &Template) -> Command {
    Command::new(NAME)
        .about("Explains where every line of a project's file comes from")
        .long_about(
            "Explains where every line of a project's file comes from: which layers have a part in it, and for each line the layer and the line of its file.\n\nWhat no flag answers takes its default. Nothing is written or run. --verbose names the files at every line.",
        )
        .arg(
            Arg::new("path")
                .value_name("PATH")
                .required(true)
                .help("Path of the file in the project"),
        )
        .args(answered::flags(template))
}

/// Explains a file.
pub fn run(cli: &Cli) -> Result<Ending> {
    let matches = super::matches(cli, NAME)?;
    let template = &cli.template;
    let answers = answered::answers(matches, template)?;
    let path = matches.get_one::<String>("path").map_or("", String::as_str);
    // Secrets are random in every project, so that those of none are as good.
    let explanation = render::explain(template, &answers, &Seed::default(), path)?;
    if cli.ui.is_json {
        cli.ui.data(&describe(template, &explanation));
    } else {
        draw(cli.ui, template, &explanation);
    }
    Ok(Ending::Done)
}

fn describe(template: &Template, explanation: &Explanation) -> Json {
    let parts: Vec<Json> = explanation
        .parts
        .iter()
        .map(|placed| {
            let mut part = show::part(placed);
            part["layer"] = json!(placed.layer.name);
            part["template"] = json!(template.owner(placed.layer));
            part["why"] = json!(why(placed.layer));
            part
        })
        .collect();
    let lines = explanation.lines.as_ref().map(|lines| {
        let numbered = lines.iter().enumerate();
        numbered
            .map(|(index, line)| describe_line(index + 1, line))
            .collect::<Vec<_>>()
    });
    json!({
        "path": explanation.path.as_str(),
        "template": { "source": template.source.to_string(), "name": template.name, "version": template.version },
        "size": explanation.size,
        "executable": explanation.is_executable,
        "once": explanation.is_once,
        "parts": parts,
        "lines": lines,
    })
}

fn describe_line(number: usize, line: &Line) -> Json {
    let first = line.origins.first();
    let others: Vec<Json> = line.origins.iter().skip(1).map(describe_origin).collect();
    json!({
        "line": number,
        "text": line.text,
        "layer": first.and_then(|origin| origin.layer.as_deref()),
        "template": first.and_then(|origin| origin.template.as_deref()),
        "file": first.map(|origin| &origin.file),
        "template_line": first.and_then(|origin| origin.line),
        "also": others,
    })
}

fn describe_origin(origin: &Origin) -> Json {
    json!({ "layer": origin.layer, "template": origin.template, "file": origin.file, "template_line": origin.line })
}

fn draw(ui: Ui, template: &Template, explanation: &Explanation) {
    let marks = [
        (explanation.is_executable, "executable"),
        (explanation.is_once, "written once"),
    ];
    let marks = marks.iter().filter(|(is_on, _)| *is_on);
    let marks: Vec<&str> = marks.map(|(_, word)| *word).collect();
    ui.title(explanation.path.as_str());
    if !marks.is_empty() {
        ui.print(&format!("{}\n", marks.join(", ")));
    }
    ui.section("Parts, from the bottom to the top");
    for placed in &explanation.parts {
        draw_part(ui, template, placed);
    }
    let Some(lines) = &explanation.lines else {
        ui.print(&format!("\n{} bytes, not a text\n", explanation.size));
        return;
    };
    ui.section("Lines");
    let naming = if ui.volume == Volume::Verbose {
        Naming::Files
    } else if template.below.is_empty() {
        Naming::Layers
    } else {
        Naming::LayersOfTemplates
    };
    draw_lines(ui, naming, lines);
}

fn draw_part(ui: Ui, template: &Template, placed: &Placed) {
    let name = template.full_name(placed.layer);
    let replaced = if placed.is_covered { ", replaced" } else { "" };
    ui.line(
        &format!("  {name}  {}{replaced}  ", joins(placed)),
        &why(placed.layer),
    );
    ui.line("      ", &placed.file.name);
    for rule in &placed.rules {
        ui.line("      ", &write_rule(rule));
    }
}

/// Writes what a rule says, and where it stands.
fn write_rule(rule: &Rule) -> String {
    let (file, line) = rule.path.file_and_line();
    let when = rule.when.as_ref();
    let mut says: Vec<String> = Vec::new();
    says.extend(rule.executable.then(|| "executable".to_owned()));
    says.extend(rule.once.then(|| "once".to_owned()));
    says.extend(when.map(|when| format!("when {}", when.value.source())));
    format!("{file}:{line}: {} is {}", rule.path.value, says.join(", "))
}

/// How the margin names where lines come from.
#[derive(Clone, Copy)]
enum Naming {
    /// By their files.
    Files,
    /// By their layers.
    Layers,
    /// By their layers and the templates of these, as there are several.
    LayersOfTemplates,
}

impl Naming {
    /// Names an origin; by its file where no layer has it.
    fn name(self, origin: &Origin) -> String {
        match (self, &origin.layer, &origin.template) {
            (Naming::LayersOfTemplates, Some(layer), Some(template)) => {
                format!("{template} {layer}")
            }
            (Naming::Layers, Some(layer), _) => layer.clone(),
            _ => origin.file.clone(),
        }
    }
}

/// Draws the lines with their origins before them; one that goes on is named once.
fn draw_lines(ui: Ui, naming: Naming, lines: &[Line]) {
    let mut margins = Vec::new();
    let mut before: Option<String> = None;
    for line in lines {
        let own = line.origins.first().map(|origin| naming.name(origin));
        let is_same = own.is_some() && own == before && line.origins.len() == 1;
        before = own;
        margins.push(if is_same {
            line.origins.iter().map(number).collect()
        } else {
            margin(naming, line)
        });
    }
    let widest = margins.iter().map(|margin| margin.chars().count()).max();
    let width = widest.unwrap_or(0);
    for (line, margin) in lines.iter().zip(margins) {
        ui.margin(&format!("  {margin:>width$} │"), &line.text);
    }
}

/// Writes where a line comes from; who has several lines in it is named once.
fn margin(naming: Naming, line: &Line) -> String {
    let mut named = None;
    let written = line.origins.iter().map(|origin| {
        let own = Some(naming.name(origin));
        if named == own {
            return number(origin);
        }
        let text = format!("{}:{}", naming.name(origin), number(origin));
        named = own;
        text
    });
    written.collect::<Vec<_>>().join(" + ")
}

fn number(origin: &Origin) -> String {
    origin
        .line
        .map_or_else(|| "?".to_owned(), |line| line.to_string())
}
