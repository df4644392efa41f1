//! A document laid over another one.

use std::collections::HashSet;

use super::document::{Kind, Node};
use super::{FormatError, Side};

/// Lays a value over another one, and writes what comes out with one member a line.
pub(super) fn lay_over(below: &Node, above: &Node, unit: &str) -> Result<String, FormatError> {
    let mut composition = Composition {
        unit,
        path: Vec::new(),
    };
    let text = composition.lay_over(below, above)?;
    Ok(text + "\n")
}

struct Composition<'a> {
    /// What a level is indented by.
    unit: &'a str,
    /// The keys from the root.
    path: Vec<String>,
}

impl Composition<'_> {
    fn lay_over(&mut self, below: &Node, above: &Node) -> Result<String, FormatError> {
        match (&below.kind, &above.kind) {
            (Kind::Object(lower), Kind::Object(upper)) => {
                let new = upper.by_name();
                let known = lower.by_name();
                let mut members = Vec::new();
                for member in &lower.members {
                    let value = match new.get(member.name.as_str()) {
                        Some(over) => {
                            self.path.push(member.name.clone());
                            let value = self.lay_over(&member.value, &over.value)?;
                            self.path.pop();
                            value
                        }
                        None => self.write(&member.value),
                    };
                    members.push(format!("{}: {value}", member.key));
                }
                for member in &upper.members {
                    if !known.contains_key(member.name.as_str()) {
                        members.push(format!("{}: {}", member.key, self.write(&member.value)));
                    }
                }
                Ok(self.frame("{}", &members))
            }
            (Kind::Array(lower), Kind::Array(upper)) => {
                let items = lower.members.iter();
                let mut known: HashSet<_> = items.map(|member| member.value.class).collect();
                let upper = upper.members.iter();
                let new = upper.filter(|member| known.insert(member.value.class));
                let members: Vec<String> = lower
                    .members
                    .iter()
                    .chain(new)
                    .map(|member| self.write(&member.value))
                    .collect();
                Ok(self.frame("[]", &members))
            }
            (Kind::Scalar, Kind::Scalar) => Ok(above.text.to_owned()),
            _ => Err(self.conflict(below, above)),
        }
    }

    fn write(&self, node: &Node) -> String {
        let (brackets, parts) = match &node.kind {
            Kind::Scalar => return node.text.to_owned(),
            Kind::Object(parts) => ("{}", parts),
            Kind::Array(parts) => ("[]", parts),
        };
        let members = parts.members.iter().map(|member| {
            let value = self.write(&member.value);
            if member.key.is_empty() {
                value
            } else {
                format!("{}: {value}", member.key)
            }
        });
        self.frame(brackets, &members.collect::<Vec<_>>())
    }

    /// Writes members between brackets, each on its line.
    fn frame(&self, brackets: &str, members: &[String]) -> String {
        let (open, close) = brackets.split_at(1);
        if members.is_empty() {
            return brackets.to_owned();
        }
        let line = format!("\n{}", self.unit);
        let members: Vec<String> = members
            .iter()
            .map(|member| format!("{line}{}", member.replace('\n', &line)))
            .collect();
        format!("{open}{}\n{close}", members.join(","))
    }

    fn conflict(&self, below: &Node, above: &Node) -> FormatError {
        let place = if self.path.is_empty() {
            "the document".to_owned()
        } else {
            format!("key '{}'", self.path.join("."))
        };
        let (below, above) = (kind(below), kind(above));
        FormatError {
            message: format!("{place} is {below} below and {above} above"),
            range: None,
            side: Side::Above,
        }
    }
}

fn kind(node: &Node) -> &'static str {
    match node.kind {
        Kind::Object(_) => "an object",
        Kind::Array(_) => "an array",
        Kind::Scalar => "a single value",
    }
}
