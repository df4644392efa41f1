//! Tier 2: a covering array installs, type-checks, passes its tests at the target and its scan,
//! and its real server holds the contract.

use crate::support::combinations::{all, builtin};
use crate::support::projects::check_all;

#[test]
fn every_pair_of_choices_is_green_and_runs() {
    let template = builtin();
    let failures = check_all(&template, &all(&template).covering(2));
    assert!(
        failures.is_empty(),
        "{} failed:\n{}",
        failures.len(),
        failures.join("\n\n")
    );
}
