//! Slices that run backwards, which are refused before they are compiled: the engine ends the
//! program over one of an empty list.

use minijinja::machinery::{Token, tokenize};

use super::scan::bytes;
use super::size::Refusal;
use super::syntax;

/// The number of colons after which the step of a slice begins.
const BEFORE_STEP: usize = 2;

/// Refuses slices whose step isn't a plain number above zero.
pub(super) fn check(source: &str, is_expression: bool) -> Result<(), Refusal> {
    // How many colons each bracket, brace and parenthesis has that isn't closed; only in a bracket
    // they make a slice.
    let mut open: Vec<Option<usize>> = Vec::new();
    let tokens = tokenize(source, is_expression, syntax()).map_while(Result::ok);
    let mut tokens = tokens.peekable();
    while let Some((token, span)) = tokens.next() {
        match token {
            Token::BracketOpen => open.push(Some(0)),
            Token::ParenOpen | Token::BraceOpen => open.push(None),
            Token::BracketClose | Token::ParenClose | Token::BraceClose => {
                open.pop();
            }
            Token::BlockStart | Token::VariableStart => open.clear(),
            Token::Colon => {
                let Some(Some(colons)) = open.last_mut() else {
                    continue;
                };
                *colons += 1;
                if *colons < BEFORE_STEP {
                    continue;
                }
                if matches!(tokens.peek(), Some((Token::Int(step), _)) if *step > 0) {
                    tokens.next();
                }
                if !matches!(tokens.peek(), Some((Token::BracketClose, _))) {
                    let message = "the step of the slice isn't a number above zero; to go backwards, write |reverse";
                    return Err(Refusal {
                        message: message.to_owned(),
                        range: bytes(span),
                    });
                }
            }
            _ => {}
        }
    }
    Ok(())
}
