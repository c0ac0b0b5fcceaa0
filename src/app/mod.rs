//! The app: what a person sees and touches.

pub mod lang;
pub mod store;

/// Mounts the app into the document's body.
pub fn mount() {}
