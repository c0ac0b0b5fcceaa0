//! The editor of a scenario, without a screen: fields, commands, undo, curves.
//!
//! What can be set of a scenario stands once, in the tables under `fields`: name, control, range, how it is
//! read and written. The page draws the fields it is given ([`fields`]) and sends commands back.
//!
//! Must not live here: what a scenario means (the model's), anything of the browser, display text.

mod apply;
mod command;
pub mod curve;
mod demand_kind;
mod editor;
mod fields;
mod lists;
mod names;
pub mod shape;
pub mod tree;
mod value;
mod words;

pub use command::{At, DemandPath, List, ScenarioCommand, ScenarioRefusal};
pub use demand_kind::{DemandKind, Wrapper};
pub use editor::ScenarioEditor;
pub use fields::fields;
pub use names::{path, uses};
pub use tree::{DemandRow, Way};
pub use value::{Choice, Control, FieldValue, FieldView, Refer, Unit};
pub use words::{Word, every_choice};
