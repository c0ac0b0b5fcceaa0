//! A scenario goes out as a file and comes in from one.

use archplay_model::Scenario;
use archplay_model::format::{read_scenario, write_scenario};
use archplay_model::limits::MAX_FILE_BYTES;
use archplay_text::Lang;
use wasm_bindgen_futures::JsFuture;
use web_sys::File;
use yew::AttrValue;

use crate::app::files::{refusal, scenario_file, size};
use crate::app::lang::{tr, trf};
use crate::app::run::save_file;
use crate::app::scenario::shown_name;

/// Hands a scenario to the person as a file.
pub fn export(lang: Lang, scenario: &Scenario) {
    let name = shown_name(lang, &scenario.name);
    let fallback = tr(lang, "scenario.untitled");
    save_file(&scenario_file(&name, &fallback), &write_scenario(scenario));
}

/// Reads a scenario from a file.
///
/// # Errors
/// The sentence for the person: what is wrong with the file, and where.
pub async fn import(lang: Lang, file: File) -> Result<Scenario, AttrValue> {
    let name = file.name();
    let about = |key: &str, why: &str| trf(lang, key, &[("file", &name), ("why", why)]);
    if file.size() > MAX_FILE_BYTES as f64 {
        let most = size(lang, MAX_FILE_BYTES as f64);
        return Err(about("scenario.import.too_big", &most));
    }
    let text = JsFuture::from(file.text()).await.ok();
    let text = text.and_then(|text| text.as_string());
    let text = text.ok_or_else(|| about("scenario.import.unreadable", ""))?;
    read_scenario(&text).map_err(|error| about("scenario.import.refused", &refusal(lang, &error)))
}
