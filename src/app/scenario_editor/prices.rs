//! What things cost, and what the visitors are worth.

use archplay_editor::scenario::At;
use yew::prelude::*;

use super::field::Fields;
use crate::app::lang::{tr, use_lang};

/// The section.
#[component]
pub fn Prices() -> Html {
    let lang = use_lang();
    let part = |key: &str, at: At| {
        html! {
            <section aria-label={tr(lang, key)}>
                <h3>{ tr(lang, key) }</h3>
                <Fields {at} />
            </section>
        }
    };
    let folded = |key: &str, at: At| {
        html! {
            <details class="param-more">
                <summary>{ tr(lang, key) }</summary>
                <Fields {at} />
            </details>
        }
    };
    html! {
        <div class="sced-detail">
            { part("scenario.prices", At::Prices) }
            { folded("scenario.hour_prices", At::HourPrices) }
            { folded("scenario.request_prices", At::RequestPrices) }
            { part("scenario.business", At::Business) }
        </div>
    }
}
