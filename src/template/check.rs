//! Finds the mistakes of a template that can be seen without answers, all at once.

mod below;

use std::collections::BTreeSet;

use minijinja::Environment;

use super::adoption::GIVEN;
use super::{Content, Default, File, Layer, Located, Question, Role, Template};
use crate::answer::ADOPTED;
use crate::combinations::{self, Ways};
use crate::found;
use crate::language::{self, Expression, Scan};
use crate::problem::{Problem, Rule};

/// What templates can call besides questions and data.
const FUNCTIONS: [&str; 4] = ["secret", "self", "super", "loop"];

/// What defaults can use besides questions and data.
const INPUT: &str = "input";

/// What a relaxation sees besides questions and data: the files that fail, their modules, both with
/// the rules that they break, and what the project comes to.
const FAILING: [&str; 4] = ["paths", "modules", "files", "value"];

/// Checks everything about a template that doesn't depend on answers.
pub(super) fn check(template: &Template) -> Vec<Problem> {
    let mut check = Check {
        template,
        used: BTreeSet::new(),
        ways: Ways::new(template),
        problems: Vec::new(),
    };
    for (position, question) in template.questions.iter().enumerate() {
        check.question(position, question);
    }
    for layer in &template.layers {
        check.layer(layer);
    }
    check.traits();
    check.files();
    check.layer_names();
    if check.problems.is_empty() {
        check.unused_questions();
    }
    check.problems
}

struct Check<'a> {
    template: &'a Template,
    /// The names that something uses.
    used: BTreeSet<String>,
    /// What conditions are tried on.
    ways: Ways<'a>,
    problems: Vec<Problem>,
}

impl Check<'_> {
    /// Checks that a question's conditions look only at what is known when it is asked.
    fn question(&mut self, position: usize, question: &Question) {
        let data = self.template.data.keys().map(String::as_str);
        let earlier = self.template.questions[..position]
            .iter()
            .map(|question| question.name.as_str());
        let mut known: BTreeSet<&str> = data.chain(earlier).collect();
        let choices = question
            .choices()
            .iter()
            .filter_map(|choice| choice.when.as_ref());
        for condition in question
            .when
            .iter()
            .chain(choices.map(|condition| &condition.expression))
        {
            self.condition(condition, &known);
        }
        known.insert(&question.name);
        for refusal in &question.refusals {
            self.names(&refusal.expression, &known);
        }
        if let Some(Default::Fixed(answer)) = &question.default {
            let missing = answer
                .chosen()
                .iter()
                .find(|value| question.choice(value).is_none());
            if let Some(missing) = missing.filter(|_| !question.choices().is_empty()) {
                let message = format!(
                    "the default '{missing}' of '{}' is not one of its choices",
                    question.name
                );
                self.problems.push(Problem::error(&question.file, message));
            }
        }
        known.insert(INPUT);
        let fixed = question.fixed.as_ref().map(|fixed| &fixed.answer);
        for answer in question.default.iter().chain(fixed) {
            if let Default::Template(source) = answer {
                self.template(source, &known);
            }
        }
        known.remove(question.name.as_str());
        self.signs(question, known);
        self.choices(question);
    }

    /// Checks that the signs of an answer look at what is known when it is guessed.
    fn signs(&mut self, question: &Question, mut known: BTreeSet<&str>) {
        known.extend([found::NAME, INPUT]);
        let choices = question.choices().iter().flat_map(|choice| &choice.detect);
        let others = question.unoffered.iter().flat_map(|other| &other.detect);
        for sign in choices.chain(others) {
            self.names(sign, &known);
            self.asked(sign, &format!("{{{{ {} }}}}", sign.value.source()));
        }
        for text in &question.detect {
            self.template(text, &known);
            self.asked(text, &text.value);
        }
    }

    /// Checks that a project can be asked what a sign asks.
    fn asked<T>(&mut self, sign: &Located<T>, source: &str) {
        for member in Scan::members_of(source, found::NAME) {
            if !found::METHODS.contains(&member) {
                let known = BTreeSet::from(found::METHODS);
                let message = match crate::suggest::nearest(member, known.iter().copied()) {
                    Some(meant) => format!("did you mean '{}.{meant}'?", found::NAME),
                    None => format!("there are {}", found::METHODS.join(", ")),
                };
                let message = format!("unknown sign '{}.{member}', {message}", found::NAME);
                self.problems
                    .push(sign.error(message).of(Rule::UnknownName));
            }
        }
    }

    /// Checks that a person can tell the choices of a question apart, and so can a flag.
    fn choices(&mut self, question: &Question) {
        let (mut values, mut titles) = (BTreeSet::new(), BTreeSet::new());
        for choice in question.choices() {
            let twin = match (values.insert(&choice.value), titles.insert(&choice.title)) {
                (false, _) => format!("the value '{}'", choice.value),
                (true, false) => format!("the title '{}'", choice.title),
                (true, true) => continue,
            };
            let message = format!("two choices of '{}' have {twin}", question.name);
            self.problems.push(Problem::error(&question.file, message));
        }
    }

    /// Compiles a template that stands in a manifest, and looks for names that nothing defines.
    fn template(&mut self, source: &Located<String>, known: &BTreeSet<&str>) {
        let environment = language::environment();
        if let Err(refusal) = language::check_template(&source.value) {
            let problem = source.error(refusal.message);
            self.problems.push(problem.of(Rule::Syntax));
            return;
        }
        match environment.template_from_str(&source.value) {
            Err(error) => {
                let problem = source.error(language::message(&error));
                self.problems.push(problem.of(Rule::Syntax));
            }
            Ok(compiled) => {
                for name in compiled.undeclared_variables(false) {
                    if !known.contains(name.as_str()) {
                        let problem = source.error(unknown(&name, known));
                        self.problems.push(problem.of(Rule::UnknownName));
                    }
                    self.used.insert(name);
                }
            }
        }
    }

    /// Checks that what is asked of an adopted project looks at what is known then.
    fn traits(&mut self) {
        let mut known = super::known_names(self.template);
        known.insert(found::NAME);
        known.remove(ADOPTED);
        for one in &self.template.traits {
            self.template(&one.text, &known);
            self.asked(&one.text, &one.text.value);
        }
    }

    fn layer(&mut self, layer: &Layer) {
        let known = super::known_names(self.template);
        if let (Role::Bridge | Role::Base, Some(condition)) = (&layer.role, &layer.when) {
            self.condition(&condition.expression, &known);
        }
        self.hidden_layer(layer);
        let rules = layer.rules.iter().filter_map(|rule| rule.when.as_ref());
        let checks = layer.checks.iter().filter_map(|check| check.when.as_ref());
        let relax = layer.relax.iter().filter_map(|relax| relax.when.as_ref());
        for condition in rules
            .chain(checks)
            .chain(relax)
            .chain(layer.next.iter().filter_map(|next| next.when.as_ref()))
        {
            self.condition(condition, &known);
        }
        for next in &layer.next {
            self.template(&next.run, &known);
        }
        let mut seen = known.clone();
        seen.extend([found::NAME, GIVEN]);
        for leave in &layer.leaves {
            self.names(&leave.when, &seen);
            self.asked(
                &leave.when,
                &format!("{{{{ {} }}}}", leave.when.value.source()),
            );
        }
        for relax in &layer.relax {
            self.template(&relax.run, &known);
            let mut known = known.clone();
            known.extend(FAILING);
            self.template(&relax.add, &known);
        }
    }

    /// Checks a condition's names, and that some answers make it true.
    fn condition(&mut self, condition: &Located<Expression>, known: &BTreeSet<&str>) {
        if self.names(condition, known)
            && self.is_own(condition.file())
            && !self.can_hold(condition)
        {
            let problem = condition.error("this can never be true");
            self.problems.push(problem.of(Rule::NeverTrue));
        }
    }

    /// Checks that all names of a condition are known.
    fn names(&mut self, condition: &Located<Expression>, known: &BTreeSet<&str>) -> bool {
        let names = condition.value.names();
        self.used.extend(names.iter().cloned());
        let unknown_names: Vec<_> = names
            .iter()
            .filter(|name| !known.contains(name.as_str()))
            .collect();
        let problems = unknown_names.iter().map(|name| {
            let message = match self.template.question(name) {
                Some(_) => format!(
                    "question '{name}' is asked later: give it a lower 'order', or this one a higher one"
                ),
                None => unknown(name, known),
            };
            condition.error(message).of(Rule::UnknownName)
        });
        self.problems.extend(problems);
        unknown_names.is_empty()
    }

    /// Tries a condition on every valid combination of the questions it depends on.
    fn can_hold(&mut self, condition: &Located<Expression>) -> bool {
        // No combination of answers says whether a project was adopted.
        if condition.value.names().contains(ADOPTED) {
            return true;
        }
        let names = combinations::closure(self.template, condition.value.names());
        let is_open = |name: &String| {
            self.template
                .question(name)
                .is_some_and(|question| !combinations::is_finite(question))
        };
        if names.iter().any(is_open) {
            return true;
        }
        // A condition that fails to evaluate is found again, with its reason, where it is used.
        self.ways.of(names).is_none_or(|mut ways| {
            ways.any(|(_, resolver)| resolver.holds(condition).unwrap_or(true))
        })
    }

    /// Compiles every file, and looks for names that nothing defines and blocks that nobody has.
    fn files(&mut self) {
        let template = self.template;
        let mut known = super::known_names(template);
        known.extend(FUNCTIONS);
        let environment = language::environment();
        let globals: BTreeSet<String> = environment
            .globals()
            .map(|(name, _)| name.to_owned())
            .collect();
        known.extend(globals.iter().map(String::as_str));
        for (name, source) in &template.macros {
            self.source(&environment, name, source, &known);
        }
        for layer in &template.layers {
            for file in &layer.files {
                self.source(&environment, &file.name, &file.path, &known);
                if let Content::Rendered { source, scan } = &file.content {
                    self.source(&environment, &file.name, source, &known);
                    self.blocks(layer, file, source, scan);
                }
            }
        }
    }

    fn source(
        &mut self,
        environment: &Environment,
        name: &str,
        source: &str,
        known: &BTreeSet<&str>,
    ) {
        if !source.contains('{') {
            return;
        }
        if let Err(refusal) = language::check_template(source) {
            let problem = Problem::error(name, refusal.message).of(Rule::Syntax);
            self.problems
                .push(problem.at(&source.into(), refusal.range));
            return;
        }
        let compiled = match environment.template_from_named_str(name, source) {
            Ok(compiled) => compiled,
            Err(error) => {
                let range = error.range().unwrap_or_default();
                let message = language::message(&error) + foreign(source, range.start);
                let problem = Problem::error(name, message).of(Rule::Syntax);
                self.problems.push(problem.at(&source.into(), range));
                return;
            }
        };
        let mut names: Vec<String> = compiled.undeclared_variables(false).into_iter().collect();
        names.sort();
        for undeclared in names {
            if !known.contains(undeclared.as_str()) {
                let range = Scan::place_of(source, &undeclared).unwrap_or_default();
                let message = unknown(&undeclared, known) + foreign(source, range.start);
                let problem = Problem::error(name, message).of(Rule::UnknownName);
                self.problems.push(problem.at(&source.into(), range));
            }
            self.used.insert(undeclared);
        }
    }

    /// Checks that some file that can lie below has each block that a file overrides.
    fn blocks(&mut self, layer: &Layer, file: &File, source: &str, scan: &Scan) {
        let Some(place) = &scan.extends_below else {
            return;
        };
        let below = self
            .template
            .layers
            .iter()
            .filter(|other| other.name != layer.name || other.depth != layer.depth);
        let below: Vec<&File> = below.flat_map(|other| &other.files).collect();
        let same = below.iter().filter(|other| other.path == file.path);
        // A path with answers in it can be written in several ways.
        if same.clone().next().is_none() && !file.path.contains('{') {
            let paths = below.iter().map(|other| other.path.as_str());
            let problem = below::no_file(file, paths).at(&source.into(), place.clone());
            self.problems.push(problem);
            return;
        }
        let blocks: BTreeSet<&str> = same
            .filter_map(|other| match &other.content {
                Content::Rendered { scan, .. } => Some(scan),
                Content::Verbatim(_) => None,
            })
            .flat_map(|scan| &scan.blocks)
            .map(|block| block.name.as_str())
            .collect();
        for block in scan.blocks.iter().filter(|block| !block.is_nested()) {
            if !blocks.contains(block.name.as_str()) {
                let message = match crate::suggest::nearest(&block.name, blocks.iter().copied()) {
                    Some(meant) => format!(
                        "no file below has a block '{}', did you mean '{meant}'?",
                        block.name
                    ),
                    None => format!("no file below has a block '{}'", block.name),
                };
                let problem = Problem::error(&file.name, message).of(Rule::UnknownBlock);
                self.problems
                    .push(problem.at(&source.into(), block.range.clone()));
            }
        }
    }

    fn unused_questions(&mut self) {
        for question in &self.template.questions {
            let has_layers = self.template.layers.iter().any(|layer| {
                matches!(&layer.role, Role::Choice { question: name, .. } if *name == question.name)
            });
            if !has_layers && self.is_own(&question.file) && !self.used.contains(&question.name) {
                let message = format!("nothing uses the question '{}'", question.name);
                let problem = Problem::warning(&question.file, message);
                self.problems.push(problem.of(Rule::UnusedQuestion));
            }
        }
    }
}

/// Says what to do where a tag of another language, as in `${{ secrets.KEY }}`, was read as ours.
fn foreign(source: &str, place: usize) -> &'static str {
    let before = source.get(..place).unwrap_or_default();
    let line = &before[before.rfind('\n').map_or(0, |end| end + 1)..];
    let opened = line
        .rfind("${{")
        .is_some_and(|open| !line[open..].contains("}}"));
    if opened {
        "; '${{' is read as '$' and a tag: put it between {% raw %} and {% endraw %}, or let the file be copied, without '.jinja'"
    } else {
        ""
    }
}

fn unknown(name: &str, known: &BTreeSet<&str>) -> String {
    match crate::suggest::nearest(name, known.iter().copied()) {
        Some(meant) => format!("unknown name '{name}', did you mean '{meant}'?"),
        None => format!("unknown name '{name}': no question and no data file defines it"),
    }
}
