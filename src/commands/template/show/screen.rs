//! A template for people: a table of its questions and the stack of its layers.

use super::{View, joins, why};
use crate::render::{Joins, LayerFiles};
use crate::template::{Choice, Default, Kind, Question};
use crate::ui::{Ui, Volume};

/// Draws everything that there is to show; the details only where they are asked for.
pub fn draw(ui: Ui, view: &View) {
    draw_template(ui, view);
    draw_questions(ui, view);
    draw_layers(ui, view);
    draw_commands(ui, view);
    if ui.volume < Volume::Verbose {
        ui.note("\n--verbose shows every choice and every file, too.");
    }
}

fn draw_template(ui: Ui, view: &View) {
    let template = view.template;
    ui.title(&format!("{} {}", template.name, template.version));
    if !template.summary.is_empty() {
        ui.line(&template.summary, "");
    }
    ui.line("  source   ", &template.source.to_string());
    for below in &template.below {
        let mut remark = format!("{} {}", below.name, below.version);
        let source = below.source.to_string();
        if source != below.name {
            remark += &format!(", {source}");
        }
        ui.line("  extends  ", &remark);
    }
    let data: Vec<String> = template.data.keys().cloned().collect();
    if !data.is_empty() {
        ui.line("  data     ", &data.join(", "));
    }
}

fn draw_questions(ui: Ui, view: &View) {
    let questions = &view.template.questions;
    ui.section("Questions");
    let flag_width = width(questions.iter().map(Question::flag));
    let open = questions.iter().filter(|question| question.is_open());
    let answer_width = width(open.map(possible));
    for question in questions {
        let mut text = format!(
            "  {:flag_width$}  {:7}",
            question.flag(),
            question.kind.name()
        );
        if question.is_open() {
            text += &format!("  {:answer_width$}", possible(question));
        }
        ui.line(&text, &remark(question));
        if ui.volume == Volume::Verbose {
            draw_choices(ui, question);
        }
    }
}

/// Says when a question is asked, where that isn't always.
fn remark(question: &Question) -> String {
    match (&question.fixed, &question.when) {
        (Some(fixed), _) => format!("  fixed by {}: {}", fixed.by, fixed.typed()),
        (None, _) if question.is_idle => "  never asked here".to_owned(),
        (None, Some(when)) => format!("  when {}", when.value.source()),
        (None, None) => String::new(),
    }
}

/// Writes what can be answered, the default first.
fn possible(question: &Question) -> String {
    let values: Vec<&str> = question
        .choices()
        .iter()
        .map(|choice| choice.value.as_str())
        .collect();
    match (&question.default, &question.kind) {
        (_, Kind::Choice(_)) => values.join(" | "),
        (_, Kind::Choices(_)) => values.join(", "),
        (Some(Default::Fixed(answer)), _) => answer.typed(),
        (Some(Default::Template(source)), _) => source.value.clone(),
        (None, _) => String::new(),
    }
}

fn draw_choices(ui: Ui, question: &Question) {
    if !question.help.is_empty() {
        ui.line("      ", &question.help);
    }
    // What nobody is asked can't be chosen.
    let choices = if question.is_open() {
        question.choices()
    } else {
        &[]
    };
    let shown = choices.iter().map(|choice| &choice.value);
    let hidden = question.hidden.iter().map(|hidden| &hidden.value);
    let value_width = width(shown.chain(hidden));
    for choice in choices {
        ui.line(
            &format!("      {:value_width$}  ", choice.value),
            &describe(choice),
        );
    }
    for hidden in &question.hidden {
        ui.line(
            &format!("      {:value_width$}  ", hidden.value),
            &format!("not here: {}", hidden.reason()),
        );
    }
}

fn describe(choice: &Choice) -> String {
    let mut text = choice.title.clone();
    if !choice.hint.is_empty() {
        text += &format!(": {}", choice.hint);
    }
    if let Some(when) = &choice.when {
        text += &format!("; only when {}", when.expression.value.source());
        if !when.because.is_empty() {
            text += &format!(", because {}", when.because);
        }
    }
    text
}

fn draw_layers(ui: Ui, view: &View) {
    let layers = &view.overview.layers;
    ui.section("Layers, from the bottom to the top");
    let name_width = width(layers.iter().map(|on| &on.layer.name));
    let count_width = width(layers.iter().map(count));
    let template = view.template;
    let indent = if template.below.is_empty() { "" } else { "  " };
    for group in layers.chunk_by(|one, next| one.layer.depth == next.layer.depth) {
        if let Some(first) = group.first()
            && !template.below.is_empty()
        {
            ui.line(&format!("  {}", template.owner(first.layer)), "");
        }
        for on in group {
            ui.line(
                &format!(
                    "{indent}  {:name_width$}  {:count_width$}  ",
                    on.layer.name,
                    count(on),
                ),
                &why(on.layer),
            );
            if ui.volume == Volume::Verbose {
                draw_files(ui, indent, on);
            }
        }
    }
}

fn draw_files(ui: Ui, indent: &str, on: &LayerFiles) {
    for (path, placed) in &on.files {
        let replaced = if placed.is_covered { ", replaced" } else { "" };
        ui.line(
            &format!("{indent}      {path}  "),
            &format!("{}{replaced}", joins(placed)),
        );
    }
}

/// Counts the files of a layer by how they come to those below.
fn count(on: &LayerFiles) -> String {
    let kinds = [
        (Joins::First, "new"),
        (Joins::Extends, "extended"),
        (Joins::Merges, "merged"),
        (Joins::Replaces, "replaced"),
    ];
    let counts = kinds.map(|(kind, word)| {
        let files = on.files.iter();
        (
            files.filter(|(_, placed)| placed.joins == kind).count(),
            word,
        )
    });
    let counts: Vec<String> = counts
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{count} {word}"))
        .collect();
    if counts.is_empty() {
        return "no files".to_owned();
    }
    counts.join(", ")
}

fn draw_commands(ui: Ui, view: &View) {
    let layers = view.overview.layers.iter();
    let steps: Vec<_> = layers
        .flat_map(|on| on.layer.steps.iter().map(move |step| (step, on.layer)))
        .collect();
    if !steps.is_empty() {
        ui.section("Steps");
    }
    let name_width = width(steps.iter().map(|(step, _)| &step.name));
    for (step, layer) in steps {
        let command = step.command_line();
        ui.line(
            &format!("  {:name_width$}  {command}", step.name),
            &format!("  {}", view.template.full_name(layer)),
        );
    }
    if !view.overview.next.is_empty() {
        ui.section("Next");
    }
    for command in &view.overview.next {
        ui.line(&format!("  {command}"), "");
    }
}

/// Gives the width of a column.
fn width<T: AsRef<str>>(texts: impl Iterator<Item = T>) -> usize {
    texts
        .map(|text| text.as_ref().chars().count())
        .max()
        .unwrap_or(0)
}
