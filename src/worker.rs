//! The worker: serves the engine, nothing else.
fn main() {}
