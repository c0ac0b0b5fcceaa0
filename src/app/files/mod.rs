//! Files: a drawing goes out as design JSON and comes in by a button or by a drop on the page.
//!
//! Must not live here: the format (the model's), the report file (the run's).

mod drop;
mod folder;
mod import;
mod message;
mod name;

pub use drop::{DropTarget, take_drops};
pub use folder::{Incoming, file_of, picked, within};
pub use import::{Pick, pick, pick_file, use_import};
pub use message::{refusal, size, warnings, warnings_about};
pub use name::scenario_file;

use archplay_model::Design;
use archplay_model::format::write_design;
use archplay_text::t;

use crate::app::lang::current_lang;
use crate::app::run::save_file;

/// Hands the drawing to the person as a file.
pub fn export_design(design: &Design) {
    let fallback = t(current_lang(), "drawings.untitled");
    save_file(
        &name::design_file(&design.name, &fallback),
        &write_design(design),
    );
}
