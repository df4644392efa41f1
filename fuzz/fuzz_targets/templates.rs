//! Templates by anybody: rendering ends within the limits, whatever is written.

#![no_main]

use std::io;

use libfuzzer_sys::fuzz_target;
use minijinja::value::{Serde, Value};
use pyscaffold::language::{self, Expression, Scan};

fuzz_target!(|source: &str| {
    let values = serde_json::json!({
        "name": "demo", "number": 7, "yes": true, "absent": null,
        "list": ["one", "two", "three"],
        "table": {"key": "value", "inner": {"deep": [1, 2, 3]}},
    });
    let values = Value::from(Serde(&values));
    let _ = Scan::of(source);
    if let Ok(expression) = Expression::parse(source) {
        let _ = expression.holds(&values);
    }
    // What is refused before it is compiled never is.
    if language::check_template(source).is_err() {
        return;
    }
    let environment = language::environment();
    if let Ok(template) = environment.template_from_str(source) {
        let _ = template.render_captured_to(&values, io::sink());
    }
});
