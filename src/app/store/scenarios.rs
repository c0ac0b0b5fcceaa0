//! Own scenarios as the browser keeps them. Pure, but for what is put aside on leaving.

use archplay_model::scenario::LocalText;
use serde::{Deserialize, Serialize};

use super::local;
use super::shelf::Kept;

const ASIDE_PREFIX: &str = "archplay/rescue-scenario/";

/// One scenario of a person's own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScenarioRecord {
    /// Unique within the browser.
    pub id: String,
    /// The name people see; the same stands in the scenario.
    pub name: LocalText,
    /// Scenario JSON.
    pub json: String,
    /// When it was last changed, in milliseconds since 1970; also tells one version from the next.
    pub modified_ms: f64,
}

impl Kept for ScenarioRecord {
    const DATABASE: &'static str = "archplay-scenarios";
    const STORE: &'static str = "scenarios";
    const LOCAL_PREFIX: &'static str = "archplay/scenario-of-mine/";

    fn id(&self) -> &str {
        &self.id
    }

    fn modified_ms(&self) -> f64 {
        self.modified_ms
    }
}

/// Puts a version aside at once, for a page that may be gone before the shelf answers.
pub fn put_aside(record: &ScenarioRecord) {
    let text = serde_json::to_string(record).unwrap_or_default();
    local::set(&format!("{ASIDE_PREFIX}{}", record.id), &text);
}

/// Takes back what was put aside. What cannot be read is dropped.
pub fn take_aside() -> Vec<ScenarioRecord> {
    local::keys(ASIDE_PREFIX)
        .iter()
        .filter_map(|key| {
            let text = local::get(key);
            local::remove(key);
            serde_json::from_str(&text?).ok()
        })
        .collect()
}
