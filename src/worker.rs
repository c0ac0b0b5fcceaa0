//! The fast worker: serves the engine, nothing else. It is fetched after the first run, which the page's own
//! program has served; both give the same bytes.

#[path = "worker/mod.rs"]
mod serve;

fn main() {
    serve::register();
}
