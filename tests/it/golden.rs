//! What a new user does, with the real tools.

use crate::support::walk::walk;

#[test]
fn a_new_project_is_locked_installed_and_green() {
    let said = walk("uv", &[]);
    assert!(said.contains("Total coverage: 100.00%"), "{said}");
}
