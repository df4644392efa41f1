//! What git says about the user, as far as a template takes it.

use super::{Input, Resolver};
use crate::error::{Kind, Result};
use crate::template::{Default, Template};

impl Input {
    /// Leaves out what no question takes of the user's name and address, and says why.
    ///
    /// Nobody gave it for this project, so that it is no reason to end.
    pub fn usable(mut self, template: &Template) -> Result<(Self, Vec<String>)> {
        let mut reasons = Vec::new();
        for question in &template.questions {
            let Some(Default::Template(source)) = &question.default else {
                continue;
            };
            for (variable, key) in [("user_name", "user.name"), ("user_email", "user.email")] {
                if !source.value.contains(&format!("input.{variable}")) {
                    continue;
                }
                let resolver = Resolver::new(template, &self);
                // One that is made from other answers is looked at when they are known.
                let Some(answer) = resolver.fill(question, source)? else {
                    continue;
                };
                match resolver.check(question, &answer) {
                    Ok(()) => {}
                    Err(error) if error.kind == Kind::Request => {
                        let field = match variable {
                            "user_name" => &mut self.user_name,
                            _ => &mut self.user_email,
                        };
                        if !field.is_empty() {
                            field.clear();
                            reasons.push(format!("git's {key} is left out: {}", error.message));
                        }
                    }
                    Err(error) => return Err(error),
                }
            }
        }
        Ok((self, reasons))
    }
}
