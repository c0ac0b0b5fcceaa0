//! The documents of Archplay and what is allowed in them.
//!
//! Here live the [`Design`] a student draws, the [`Scenario`] that says who comes and what breaks, the
//! [`catalogue`] of component kinds with their parameters, the [`check`]er, [`placement`] (which component
//! can serve what) and the file [`format`]s.
//!
//! Must not live here: anything of the browser, files, clocks, randomness, simulation or display text.
//! Texts are keys (see `archplay-text`); a [`Problem`] carries a code, a place and parameters.

pub mod by_hand;
pub mod catalogue;
pub mod check;
mod component;
mod design;
mod difference;
pub mod format;
mod id;
mod kind;
pub mod limits;
mod link_rule;
mod place;
pub mod placement;
pub mod presets;
mod problem;
pub mod scenario;
mod scenario_check;
#[cfg(feature = "schema")]
pub mod schema;
mod time;

pub use component::{
    CARD_H, CARD_W, Component, DATABASE_BASE_MIB, Link, LinkKey, Params, Rect, Value,
    connection_limit,
};
pub use design::Design;
pub use difference::{Added, Changed, Difference, Moved, Wires};
pub use id::{Id, IdError};
pub use kind::{Kind, Role};
pub use link_rule::{LinkRefusal, link_rule, may_link_itself};
pub use place::Place;
pub use problem::{Location, Problem, Severity};
pub use scenario::Scenario;
pub use time::{ClockTime, ClockTimeError};
