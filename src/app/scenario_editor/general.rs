//! The scenario as a whole: name, clock, what counts, what may be used.

use archplay_editor::scenario::At;
use yew::prelude::*;

use super::field::{Fields, Problems};
use crate::app::lang::{tr, use_lang};

/// The section.
#[component]
pub fn General() -> Html {
    let lang = use_lang();
    html! {
        <div class="sced-detail">
            <section aria-label={tr(lang, "scenario.tab.general")}>
                <h3>{ tr(lang, "scenario.tab.general") }</h3>
                <Fields at={At::Scenario} />
                for list in ["datasets", "operations", "journeys", "audiences", "faults"] {
                    <Problems key={list} path={list} />
                }
            </section>
            <section aria-label={tr(lang, "scenario.allowed")}>
                <h3>{ tr(lang, "scenario.allowed") }</h3>
                <Fields at={At::Allowed} />
            </section>
        </div>
    }
}
