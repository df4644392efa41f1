//! Parses, runs, prints the error and chooses the exit code.

use std::ffi::OsString;
use std::process::ExitCode;
use std::thread;

use pyscaffold::cli::{self, Cli};
use pyscaffold::commands;
use pyscaffold::error::{Ending, Error, Kind};
use pyscaffold::visible;

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
    match Cli::parse(&arguments) {
        Ok(Ok(cli)) => finish(&arguments, commands::run(&cli)),
        Ok(Err(error)) => explain(&arguments, &error),
        Err(error) => finish(&arguments, Err(error)),
    }
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
    if error.use_stderr() && arguments.any(|argument| argument.contains(visible::is_hidden)) {
        ui.refusal(&error.to_string());
        return Kind::Request.into();
    }
    // Nobody is left to tell when this can't be printed.
    let _ = error.print();
    if error.use_stderr() {
        Kind::Request.into()
    } else {
        ExitCode::SUCCESS
    }
}
