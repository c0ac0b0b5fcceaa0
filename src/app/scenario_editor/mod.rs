//! The editor of a scenario: audiences with their curves, journeys, operations, data, faults, prices.
//!
//! A dialog over the page (address `#/scenario`). Fields come from `archplay_editor::scenario`: here they
//! are only drawn. An own scenario is kept with every change; a preset or a task's scenario becomes an own
//! one with the first change. Must not live here: what can be set and what it may be (the editor crate's),
//! what is wrong with a scenario (the model's), how scenarios are stored (see `scenario`, `store`).

mod audiences;
mod control;
mod curve;
mod curve_hands;
mod curve_shapes;
mod datasets;
mod demand_tools;
mod demands;
mod dialog;
mod edit;
mod faults;
mod feed;
mod field;
mod general;
mod journeys;
mod list;
mod operations;
mod points;
mod prices;
mod tabs;
mod text;
mod timeline;
mod tools;
mod transfer;

pub use dialog::ScenarioDialog;
