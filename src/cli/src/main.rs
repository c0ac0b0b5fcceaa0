//! The `archplay` command line.
fn main() {}
