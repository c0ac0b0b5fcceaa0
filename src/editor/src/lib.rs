//! The editor of a design, without a screen: commands, undo, selection, tools, snapping, routing, layout.
//!
//! A document changes only through a [`Command`]; a gesture changes it by previews of a command between a
//! mark and a commit. Camera, hover and selection are not document and are never undone.
//!
//! Must not live here: anything of the browser, clocks, display text, or what a run shows.

mod apply;
mod camera;
mod change;
mod clipboard;
mod command;
mod connect;
mod editor;
mod geometry;
mod history;
mod hit;
mod invariants;
mod layout;
mod mend;
mod nesting;
mod placing;
mod reading_order;
mod refusal;
mod route;
mod route_path;
pub mod scenario;
mod seen;
mod selection;
mod snap;
mod tool;
mod tool_connect;
mod tool_keys;
mod tool_pointer;

pub use camera::{Camera, MAX_ZOOM, MIN_ZOOM};
pub use change::Change;
pub use command::{Command, MergeKey, Outcome, Policy};
pub use connect::Candidate;
pub use editor::Editor;
pub use geometry::{Direction, GRID, Point, Side};
pub use history::MAX_STEPS;
pub use hit::{Handle, Hit};
pub use nesting::{GROUP_HEADER, GROUP_PAD, MIN_GROUP_H, MIN_GROUP_W};
pub use refusal::EditRefusal;
pub use route::{Route, Routes};
pub use seen::{MANY, Seen};
pub use selection::Selection;
pub use snap::Guide;
pub use tool::{ConnectMode, Connecting, Modifiers, Overlay, Placing, SelectState, Tool};
pub use tool_keys::ToolKey;
