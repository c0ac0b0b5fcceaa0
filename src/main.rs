//! The page's program: mounts the app. In a worker it serves the engine instead, for the runs of a first visit;
//! page and worker then share one program, and what both need of it is fetched once. `worker.rs` is the fast one.

mod app;
#[path = "worker/mod.rs"]
mod serve;

fn main() {
    // A worker has no window.
    if web_sys::window().is_some() {
        app::mount();
    } else {
        serve::register();
    }
}
