//! Renders combinations of the built-in template under several names.

use pyscaffold::answer::Answers;
use pyscaffold::combinations::{Combination, Combinations};
use pyscaffold::given::{Gathered, Unanswered};
use pyscaffold::render::{self, Rendered, Seed};
use pyscaffold::resolve::{Given, Input};
use pyscaffold::template::{Source, Template};
use pyscaffold::tree::ProjectPath;

/// Names that are short, long, with and without separators, before and after the frameworks'.
pub const NAMES: [&str; 7] = [
    "ab",
    "zz",
    "orders",
    "acme-orders.api",
    "x9_y8-z7",
    "zebra-stripes-and-other-animals-of-the-z",
    "aardvarks",
];

/// Loads the built-in template.
pub fn builtin() -> Template {
    Template::load(Source::Builtin).unwrap()
}

/// Gives what is known from outside for a project of a name.
pub fn input(name: &str) -> Input {
    Input {
        directory: name.to_owned(),
        ..Input::sample()
    }
}

/// Gives all combinations of a template.
pub fn all(template: &Template) -> Combinations {
    Combinations::of(template, &Input::sample()).unwrap()
}

/// Answers all questions for a combination and a name.
pub fn answers(template: &Template, combination: &Combination, name: &str) -> Answers {
    let chosen = combination
        .iter()
        .filter_map(|(name, answer)| Some((name, answer.as_ref()?)));
    let given = chosen.map(|(name, answer)| (name.clone(), Given::Typed(answer.typed())));
    Gathered::of(given)
        .answer(template, &input(name), Unanswered::Default)
        .unwrap()
}

/// Renders the files of a combination that are wanted, under a name.
pub fn render_where(
    template: &Template,
    combination: &Combination,
    name: &str,
    is_wanted: impl Fn(&ProjectPath) -> bool,
) -> Rendered {
    let answers = answers(template, combination, name);
    render::render_where(template, &answers, &Seed::default(), is_wanted)
        .unwrap_or_else(|error| panic!("{}: {error}: {:#?}", describe(combination), error.problems))
}

/// Renders a combination under a name.
pub fn render(template: &Template, combination: &Combination, name: &str) -> Rendered {
    render_where(template, combination, name, |_| true)
}

/// Describes a combination in one line.
pub fn describe(combination: &Combination) -> String {
    let answers = combination
        .iter()
        .filter_map(|(name, answer)| Some(format!("{name}={}", answer.as_ref()?.typed())));
    answers.collect::<Vec<_>>().join(" ")
}
