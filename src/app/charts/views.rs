//! What the panel of the charts shows: charts, traces or the log; tabs to choose.

use archplay_text::Lang;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent};
use yew::prelude::*;

use crate::app::lang::tr;

/// A view of the panel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum View {
    /// Lines over time.
    #[default]
    Lines,
    /// Single requests.
    Traces,
    /// What happened.
    Log,
}

impl View {
    const ALL: [Self; 3] = [Self::Lines, Self::Traces, Self::Log];

    /// The name in keys and ids.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Lines => "lines",
            Self::Traces => "traces",
            Self::Log => "log",
        }
    }
}

/// The tabs; arrow keys go from one to the next.
pub fn tabs(now: View, choose: &Callback<View>, lang: Lang) -> Html {
    let onkeydown = {
        let choose = choose.clone();
        Callback::from(move |event: KeyboardEvent| {
            let n = View::ALL.len();
            let at = now as usize;
            let to = match event.key().as_str() {
                "ArrowRight" => (at + 1) % n,
                "ArrowLeft" => (at + n - 1) % n,
                "Home" => 0,
                "End" => n - 1,
                _ => return,
            };
            event.prevent_default();
            choose.emit(View::ALL[to]);
            focus(View::ALL[to]);
        })
    };
    html! {
        <div class="charts-tabs" role="tablist" aria-label={tr(lang, "charts.views")} {onkeydown}>
            for view in View::ALL {
                <button type="button" key={view.slug()} class="btn btn-quiet" role="tab" id={element_id(view)}
                    aria-controls="charts-view" aria-selected={(view == now).to_string()}
                    tabindex={if view == now { "0" } else { "-1" }} onclick={choose.reform(move |_: MouseEvent| view)}>
                    { tr(lang, &format!("charts.tab.{}", view.slug())) }
                </button>
            }
        </div>
    }
}

/// The id of a tab.
pub fn element_id(view: View) -> String {
    format!("charts-tab-{}", view.slug())
}

fn focus(view: View) {
    let tab = gloo::utils::document()
        .get_element_by_id(&element_id(view))
        .and_then(|tab| tab.dyn_into::<HtmlElement>().ok());
    if let Some(tab) = tab {
        // Without focus the tab is still chosen.
        let _ = tab.focus();
    }
}
