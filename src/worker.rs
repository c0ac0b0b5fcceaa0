//! The worker: serves the engine, nothing else.

#[path = "worker/mod.rs"]
mod serve;

fn main() {
    serve::register();
}
