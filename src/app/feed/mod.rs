//! The news feed as a person meets it: what a sample stands for, the calculation on the back of an envelope
//! beside what the run measured, and the phone on which a person reads and posts.
//!
//! Shown only where the scenario has a feed. `asks`, `budget`, `envelope::inputs`, `envelope::measured` and most of `phone` are
//! pure. Must not live here: what a feed does (see the crate `archplay-feed`), charts.

pub mod asks;
mod budget;
mod envelope;
mod host;
mod measures;
mod phone;
mod scale;

pub use budget::{has_lists, list_budget_mb};
pub use host::{EnvelopeButton, FeedButtons, FeedHost, use_feeds};
pub use measures::FeedMeasured;
pub use phone::{Stop, stops, told, user_name};
pub use scale::FeedScale;
