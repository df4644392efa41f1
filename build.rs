//! Rebuilds the binary when a file of the embedded template comes or goes.

fn main() {
    println!("cargo:rerun-if-changed=templates");
}
