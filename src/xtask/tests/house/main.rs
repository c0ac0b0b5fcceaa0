//! The house rules as tests: what no compiler checks and no reviewer should have to.
//!
//! Each rule is one test that lists every place that breaks it, so one run shows all.
#![expect(clippy::unwrap_used, reason = "tests")]

mod layers;
mod sources;
mod tree;
