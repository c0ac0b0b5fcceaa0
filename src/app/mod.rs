//! The app: what a person sees and touches.

/// Mounts the app into the document's body.
pub fn mount() {}
