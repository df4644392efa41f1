//! Parses, runs, prints the error and chooses the exit code.

use std::ffi::OsString;
use std::process::ExitCode;
use std::thread;

use pyscaffold::cli::{self, Cli};
use pyscaffold::commands;
use pyscaffold::error::{Ending, Error, Kind};
use pyscaffold::ui;
use pyscaffold::visible;
use pyscaffold::watch::watch;

/// The stack, in bytes: what a template nests is parsed and dropped by functions that call
/// themselves, and some systems give the first thread little.
const STACK: usize = 64 * 1024 * 1024;

fn main() -> ExitCode {
    let thread = thread::Builder::new().stack_size(STACK).spawn(run);
    // What goes wrong in there has been said.
    let ended = thread.map(|thread| thread.join().unwrap_or(ExitCode::FAILURE));
    ended.unwrap_or_else(|_| run())
}

fn run() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    watch(cli::ui_for(&arguments), || {
        let ended = match Cli::parse(&arguments) {
            Ok(Ok(cli)) => finish(&arguments, commands::run(&cli)),
            Ok(Err(error)) => explain(&arguments, &error),
            Err(error) => finish(&arguments, Err(error)),
        };
        // Whatever came of it, who wanted data has to know that it is not all there.
        match ui::written() {
            Ok(()) => ended,
            Err(error) => {
                cli::ui_for(&arguments).unwritten(&error);
                error.kind.into()
            }
        }
    })
}

fn finish(arguments: &[OsString], result: Result<Ending, Error>) -> ExitCode {
    match result {
        Ok(ending) => ending.into(),
        Err(error) => {
            cli::ui_for(arguments).error(&error);
            error.kind.into()
        }
    }
}

/// Shows help and version on stdout, and what is wrong with a flag on stderr.
fn explain(arguments: &[OsString], error: &clap::Error) -> ExitCode {
    let ui = cli::ui_for(arguments);
    if ui.is_json && error.use_stderr() {
        let message = error.to_string();
        let message = message.trim().trim_start_matches("error: ");
        return finish(arguments, Err(Error::request(message)));
    }
    let mut arguments = arguments.iter().map(|argument| argument.to_string_lossy());
    if !error.use_stderr() {
        ui.help(&error.render().ansi().to_string());
        return ExitCode::SUCCESS;
    }
    let text = error.to_string();
    if arguments.any(|argument| argument.contains(visible::is_hidden)) || !ui::fits(&text) {
        ui.refusal(&text);
    } else {
        // Nobody is left to tell when this can't be printed.
        let _ = error.print();
    }
    Kind::Request.into()
}
