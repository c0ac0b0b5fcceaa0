//! Drawings: which one is open, that it is kept, and the list of all that the browser keeps.
//!
//! Must not live here: how drawings are stored (see `store`), how they are edited (see `session`).

mod desk;
mod list;
mod load;
mod ops;
mod row;
mod shelf_ops;

pub use desk::{DeskActions, DeskProvider, use_desk};
pub use list::DrawingsDialog;
pub use ops::{Replaced, bring_back, rename, replace, take_back};
