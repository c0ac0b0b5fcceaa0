//! What the browser keeps for a person: settings, sizes, drawings, scenarios.
//!
//! Must not live here: what is shown of it. Nothing here speaks to a person.

pub mod keeper;
pub mod local;
pub mod record;
mod recover;
pub mod rescue;
pub mod scenarios;
pub mod shelf;
