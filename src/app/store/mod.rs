//! What the browser keeps for a person: settings, sizes, drawings.
//!
//! Must not live here: what is done with it. Nothing here shows anything.

pub mod local;
