//! stub
use crate::{answer::Answers, error::*, resolve::*, template::Template};
use std::collections::BTreeMap;
use std::path::Path;
pub fn ask(
    _: &Template,
    _: &Input,
    _: &BTreeMap<String, Given>,
    _: Option<&Path>,
) -> Result<Answers> {
    Err(Error::interrupted())
}
pub fn confirm(_: &str) -> Result<bool> {
    Ok(false)
}
