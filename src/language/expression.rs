//! A condition of a manifest, compiled once.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use minijinja::{Environment, Error, Value};

/// The language's settings; nothing is ever added to it.
static ENVIRONMENT: LazyLock<Environment<'static>> = LazyLock::new(super::short_environment);

/// A condition such as `framework == 'a' and container != 'none'`.
#[derive(Debug)]
pub struct Expression {
    source: String,
    names: BTreeSet<String>,
    compiled: minijinja::Expression<'static, 'static>,
}

impl Expression {
    /// Compiles a condition.
    pub fn parse(source: &str) -> Result<Self, Error> {
        super::size::check_expression(source)?;
        let compiled = ENVIRONMENT.compile_expression_owned(source.to_owned())?;
        Ok(Expression {
            source: source.to_owned(),
            names: compiled.undeclared_variables(false).into_iter().collect(),
            compiled,
        })
    }

    /// Tells whether the condition holds for some values.
    pub fn holds(&self, values: &Value) -> Result<bool, Error> {
        Ok(self.compiled.eval(values.clone())?.is_true())
    }

    /// Gives the names of the values that the condition looks at.
    pub fn names(&self) -> &BTreeSet<String> {
        &self.names
    }

    /// Gives the condition as it was written.
    pub fn source(&self) -> &str {
        &self.source
    }
}
