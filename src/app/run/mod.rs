//! The run as the page knows it: the worker's client with its watchdog, the state machine, the state.
//!
//! Views read [`use_run`], [`use_grade`], [`live_all`] and [`live_link`] and give [`RunCommand`]s by
//! [`use_run_dispatch`]. Must not live here: anything that is seen (see `strip` and `charts`), simulation.

mod client;
mod envelope;
mod gradings;
mod hand;
mod input;
mod live;
mod machine;
mod once;
mod provider;
mod save;
mod state;
#[cfg(test)]
mod tests;
mod toggle;

pub use gradings::{GradeTold, Gradings};
#[cfg(test)]
pub use hand::Hand;
pub use hand::{Answer, Turn};
pub use input::RunCommand;
pub use live::{Live, LiveLink, live_all, live_link, live_links};
pub use once::{Documents, OneRun, Told};
pub use provider::{RunDispatch, RunProvider, use_grade, use_run, use_run_dispatch};
pub use save::{save_as, save_file};
#[cfg(test)]
pub use state::{Data, Previous};
pub use state::{GradeState, LossState, RunState, SPEEDS, Status, Trouble, same_behaviour};
pub use toggle::{use_run_start, use_run_toggle};
