//! What is put aside when the page may be gone before the shelf has answered: on leaving and on a crash.
//!
//! `localStorage` writes at once, so nothing is lost; the next visit carries it to the shelf.

use std::cell::RefCell;
use std::rc::Rc;

use archplay_model::Design;
use archplay_model::format::write_design;
use serde::{Deserialize, Serialize};

use super::local;
use super::record::DrawingRecord;

const PREFIX: &str = "archplay/rescue/";

thread_local! {
    /// The newest version of the open drawing that the shelf does not hold yet.
    static LATEST: RefCell<Option<Pending>> = const { RefCell::new(None) };
}

/// A version of the open drawing that still has to be kept.
#[derive(Clone)]
pub struct Pending {
    /// Everything but the JSON, which is written only when needed.
    pub record: DrawingRecord,
    /// The drawing.
    pub design: Rc<Design>,
    /// The versions it may take the place of: the one it was made from, and one that is on its way.
    pub seen_ms: Vec<f64>,
}

impl Pending {
    /// The record with its JSON.
    pub fn written(&self) -> DrawingRecord {
        DrawingRecord {
            json: write_design(&self.design),
            ..self.record.clone()
        }
    }
}

/// A version that was put aside.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Aside {
    /// The drawing.
    pub record: DrawingRecord,
    /// The versions it may take the place of.
    pub seen_ms: Vec<f64>,
}

/// Remembers what would be lost if the page ended now; `None` when all is kept.
pub fn set_latest(pending: Option<Pending>) {
    LATEST.with(|latest| {
        if let Ok(mut latest) = latest.try_borrow_mut() {
            *latest = pending;
        }
    });
}

/// Puts the newest version aside at once. Tells whether nothing is lost.
pub fn put_latest_aside() -> bool {
    let pending = LATEST.with(|latest| latest.try_borrow().ok().and_then(|p| p.clone()));
    let Some(pending) = pending else {
        return true;
    };
    let aside = Aside {
        record: pending.written(),
        seen_ms: pending.seen_ms,
    };
    let text = serde_json::to_string(&aside).unwrap_or_default();
    local::set(&format!("{PREFIX}{}", aside.record.id), &text)
}

/// Forgets what was put aside of a drawing: the shelf holds it now.
pub fn forget(id: &str) {
    local::remove(&format!("{PREFIX}{id}"));
}

/// All that was put aside. What cannot be read is removed.
pub fn take_all() -> Vec<Aside> {
    let mut out = Vec::new();
    for key in local::keys(PREFIX) {
        match local::get(&key).and_then(|text| serde_json::from_str(&text).ok()) {
            Some(aside) => out.push(aside),
            None => local::remove(&key),
        }
    }
    out
}
