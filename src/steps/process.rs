//! One step as a child process.

use std::io;
use std::path::Path;

use super::{environment, program};
use crate::child::Call;
use crate::interrupt::Interrupt;

/// How a process ended.
#[derive(Debug)]
pub(super) enum Ended {
    Success,
    Missing(String),
    Failure { code: Option<i32>, output: String },
    Interrupted,
}

/// Runs a program in a folder until it ends or the user wants to stop; of what it says, the last
/// bytes are kept.
pub(super) fn run(words: &[String], folder: &Path, interrupt: &Interrupt, kept: usize) -> Ended {
    let Some((program, arguments)) = words.split_first() else {
        return could_not("it names no program");
    };
    let located = match program::locate(program, folder) {
        Ok(Some(located)) => located,
        Ok(None) => return Ended::Missing(program.clone()),
        Err(reason) => return could_not(&reason),
    };
    let mut call = Call::at(&located, folder);
    call.args(arguments).together(kept);
    environment::clean(&mut call);
    match call.run(&mut |_| {}, &mut || interrupt.check()) {
        Ok(Ok(said)) if said.status.success() => Ended::Success,
        Ok(Ok(said)) => Ended::Failure {
            code: said.status.code(),
            output: String::from_utf8_lossy(&said.told).trim_end().to_owned(),
        },
        Ok(Err(error)) if error.kind() == io::ErrorKind::NotFound => {
            Ended::Missing(program.clone())
        }
        Ok(Err(error)) => could_not(&error.to_string()),
        Err(_) => Ended::Interrupted,
    }
}

/// Says that a process couldn't be run at all.
fn could_not(reason: &str) -> Ended {
    Ended::Failure {
        code: None,
        output: reason.to_owned(),
    }
}
