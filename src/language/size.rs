//! What a template may be, told before it is compiled: the compiler descends into what is nested,
//! and ends the program where that is too deep.

use std::ops::Range;

use minijinja::machinery::{Token, tokenize};
use minijinja::{Error, ErrorKind};

use super::scan::bytes;
use super::{slices, syntax};

/// The most tokens of one tag or expression. A list of five hundred texts has a thousand.
const MAX_TOKENS: usize = 2_000;

/// The most `elif` of one template; each is nested in the one before it.
const MAX_BRANCHES: usize = 500;

/// Why a text can't be compiled, and what in it is the reason, in bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// What is wrong.
    pub message: String,
    /// Where it stands.
    pub range: Range<usize>,
}

/// Refuses a template with a tag that is too long to be compiled, or that the engine can't stand.
pub fn check_template(source: &str) -> Result<(), Refusal> {
    check(source, false)
}

/// Refuses an expression that is too long to be compiled, or that the engine can't stand.
pub(super) fn check_expression(source: &str) -> Result<(), Error> {
    check(source, true).map_err(|refusal| Error::new(ErrorKind::SyntaxError, refusal.message))
}

fn check(source: &str, is_expression: bool) -> Result<(), Refusal> {
    let (mut count, mut branches) = (0_usize, 0_usize);
    for (token, span) in tokenize(source, is_expression, syntax()).map_while(Result::ok) {
        count += 1;
        match token {
            Token::BlockStart | Token::VariableStart => count = 0,
            Token::Ident("elif") => branches += 1,
            _ => {}
        }
        let refuse = |message: String| {
            Err(Refusal {
                message,
                range: bytes(span),
            })
        };
        if count > MAX_TOKENS {
            return refuse(format!("the expression has more than {MAX_TOKENS} parts"));
        }
        if branches > MAX_BRANCHES {
            return refuse(format!(
                "there are more than {MAX_BRANCHES} 'elif' up to here"
            ));
        }
    }
    slices::check(source, is_expression)
}
