//! Renders a project in memory with the library, and prints its files: `cargo run --example render`.
//!
//! Nothing is written: the template, the answers and the seed go in, and a tree comes out.

use std::io::{self, Write};

use pyscaffold::error::Result;
use pyscaffold::given::{Gathered, Unanswered};
use pyscaffold::render::{self, Seed};
use pyscaffold::resolve::{Given, Input};
use pyscaffold::template::{Source, Template};

/// What is answered; every other question takes its default.
const ANSWERS: [(&str, &str); 3] = [
    ("orm", "none"),
    ("type_checker", "ty"),
    ("container", "none"),
];

fn main() -> Result<()> {
    let template = Template::load(Source::Builtin)?;
    // Defaults come from the folder's name and from who the user is.
    let input = Input {
        directory: "events-gateway".to_owned(),
        ..Input::default()
    };
    let given = ANSWERS.map(|(name, typed)| (name.to_owned(), Given::Typed(typed.to_owned())));
    let answers = Gathered::of(given).answer(&template, &input, Unanswered::Default)?;
    // The seed makes the secrets of `.env`; the same one always gives the same bytes.
    let project = render::render(&template, &answers, &Seed::random()?)?;

    let mut stdout = io::stdout().lock();
    for (path, entry) in project.tree.iter().chain(project.once.iter()) {
        writeln!(stdout, "{:>6}  {path}", entry.bytes.len())?;
    }
    Ok(())
}
