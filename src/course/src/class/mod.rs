//! What leads a class: the day's timetable, the discussion timer, the lock on hints and answers, the teams' table.
//!
//! Rules only: times are handed in, and what is kept is read from a text and written to one. Must not live here: the
//! clock, storage, sound, display text.

mod clock;
pub mod csv;
pub mod intake;
mod lock;
pub mod teams;
mod timer;
mod timetable;

pub use clock::{clock_text, read_clock};
pub use lock::{Gate, Lock, SHORTEST_CODE};
pub use timer::{Stage, Timer};
pub use timetable::{LATEST_START, Slot, SlotKind, Timetable, USUAL_START};
