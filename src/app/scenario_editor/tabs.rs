//! The sections of the editor as tabs.

use wasm_bindgen::JsCast;
use web_sys::HtmlElement;
use yew::prelude::*;

use super::audiences::Audiences;
use super::datasets::Datasets;
use super::edit::{Shown, use_shown};
use super::faults::Faults;
use super::feed::FeedSection;
use super::general::General;
use super::journeys::Journeys;
use super::operations::Operations;
use super::prices::Prices;
use crate::app::lang::{tr, trf, use_lang};

/// A section.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tab {
    General,
    Audiences,
    Journeys,
    Operations,
    Datasets,
    Feed,
    Faults,
    Prices,
}

impl Tab {
    const ALL: [Self; 8] = [
        Self::General,
        Self::Audiences,
        Self::Journeys,
        Self::Operations,
        Self::Datasets,
        Self::Feed,
        Self::Faults,
        Self::Prices,
    ];

    const fn slug(self) -> &'static str {
        match self {
            Self::General => "general",
            Self::Audiences => "audiences",
            Self::Journeys => "journeys",
            Self::Operations => "operations",
            Self::Datasets => "datasets",
            Self::Feed => "feed",
            Self::Faults => "faults",
            Self::Prices => "prices",
        }
    }

    /// How much is wrong in it.
    fn problems(self, shown: &Shown) -> usize {
        let count = |path: &str| shown.problems_at(path, true).len();
        match self {
            Self::General => [
                "schema",
                "start",
                "duration_secs",
                "focus",
                "allow",
                "mode",
                "id",
                "name",
            ]
            .into_iter()
            .map(count)
            .sum(),
            Self::Prices => count("prices") + count("business"),
            other => count(other.slug()),
        }
    }
}

/// The tabs and the chosen section.
#[component]
pub fn Tabs() -> Html {
    let lang = use_lang();
    let tab = use_state_eq(|| Tab::Audiences);
    let Some(shown) = use_shown() else {
        return Html::default();
    };
    let onkeydown = {
        let tab = tab.clone();
        Callback::from(move |event: KeyboardEvent| {
            let here = Tab::ALL
                .iter()
                .position(|other| *other == *tab)
                .unwrap_or(0);
            let count = Tab::ALL.len();
            let to = match event.key().as_str() {
                "ArrowRight" => (here + 1) % count,
                "ArrowLeft" => (here + count - 1) % count,
                "Home" => 0,
                "End" => count - 1,
                _ => return,
            };
            event.prevent_default();
            tab.set(Tab::ALL[to]);
            focus_tab(Tab::ALL[to]);
        })
    };
    let buttons = Tab::ALL.map(|other| {
        let selected = other == *tab;
        let count = other.problems(&shown);
        let onclick = {
            let tab = tab.setter();
            Callback::from(move |_: MouseEvent| tab.set(other))
        };
        let problems = trf(lang, "scenario.problems", &[("count", &count.to_string())]);
        html! {
            <button key={other.slug()} type="button" class="tab" role="tab" id={format!("sced-tab-{}", other.slug())}
                aria-selected={selected.to_string()} aria-controls="sced-panel" tabindex={if selected { "0" } else { "-1" }} {onclick}>
                { tr(lang, &format!("scenario.tab.{}", other.slug())) }
                if count > 0 {
                    <span class="chip chip-fail"><span aria-hidden="true">{ count }</span><span class="visually-hidden">{ problems }</span></span>
                }
            </button>
        }
    });
    let body = match *tab {
        Tab::General => html! { <General /> },
        Tab::Audiences => html! { <Audiences /> },
        Tab::Journeys => html! { <Journeys /> },
        Tab::Operations => html! { <Operations /> },
        Tab::Datasets => html! { <Datasets /> },
        Tab::Feed => html! { <FeedSection /> },
        Tab::Faults => html! { <Faults /> },
        Tab::Prices => html! { <Prices /> },
    };
    html! {
        <>
            <div class="tabs sced-tabs" role="tablist" aria-label={tr(lang, "scenario.sections")} {onkeydown}>{ for buttons }</div>
            <div class="sced-panel" id="sced-panel" role="tabpanel" tabindex="0" aria-labelledby={format!("sced-tab-{}", tab.slug())}>
                { body }
            </div>
        </>
    }
}

fn focus_tab(tab: Tab) {
    let element = gloo::utils::document().get_element_by_id(&format!("sced-tab-{}", tab.slug()));
    if let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        // Without the focus the section is still shown.
        let _ = element.focus();
    }
}
