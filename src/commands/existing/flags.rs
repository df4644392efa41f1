//! The flags of the commands on a project that is there already.

use clap::Arg;

use crate::cli;
use crate::template::Template;

/// Gives the flags of the commands that answer questions.
pub fn flags(template: &Template) -> Vec<Arg> {
    let mut flags = cli::answer_flags().to_vec();
    flags.extend(common_flags());
    flags.push(cli::switch("no-lock", "Makes no new lock file"));
    flags.extend(cli::question_flags(template));
    flags
}

/// Gives the flags of all commands that change a project.
pub fn common_flags() -> Vec<Arg> {
    let mut flags = cli::template_flags().to_vec();
    flags.extend([
        cli::switch(
            "yes",
            "Asks nothing; what has no answer yet takes its default",
        )
        .short('y'),
        cli::switch("dry-run", "Shows what would be done, and does nothing"),
        cli::switch("diff", "Shows the text of every change, too"),
        cli::json_flag(),
        cli::switch(
            "allow-dirty",
            "Goes on although git has uncommitted work; undo gives it back",
        ),
        cli::switch(
            "trust",
            "Lets the template run the commands that it declares",
        ),
    ]);
    flags
}
