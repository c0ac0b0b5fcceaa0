//! The page: mounts the app, nothing else.

mod app;

fn main() {
    app::mount();
}
