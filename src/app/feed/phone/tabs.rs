//! The tabs of the phone: the feed, the way of the last request, its call.

use wasm_bindgen::JsCast;
use web_sys::HtmlElement;
use yew::prelude::*;

use crate::app::lang::{tr, use_lang};

/// What the phone shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tab {
    /// Posts.
    Feed,
    /// Where the last request spent its time.
    Way,
    /// Request and answer as JSON.
    Calls,
}

impl Tab {
    const ALL: [Self; 3] = [Self::Feed, Self::Way, Self::Calls];

    const fn slug(self) -> &'static str {
        match self {
            Self::Feed => "feed",
            Self::Way => "way",
            Self::Calls => "calls",
        }
    }
}

/// The id of a tab.
pub fn tab_id(tab: Tab) -> String {
    format!("phone-tab-{}", tab.slug())
}

/// The id of what they show.
pub const fn panel_id() -> &'static str {
    "phone-panel"
}

/// What the tabs work with.
#[derive(Properties, PartialEq)]
pub struct TabsProps {
    /// The chosen one.
    pub tab: Tab,
    /// Chooses another.
    pub choose: Callback<Tab>,
}

/// The tabs; arrow keys go from one to the next.
#[component]
pub fn Tabs(props: &TabsProps) -> Html {
    let TabsProps { tab, choose } = props;
    let (now, lang) = (*tab, use_lang());
    let onkeydown = {
        let choose = choose.clone();
        Callback::from(move |event: KeyboardEvent| {
            let n = Tab::ALL.len();
            let to = match event.key().as_str() {
                "ArrowRight" => (now as usize + 1) % n,
                "ArrowLeft" => (now as usize + n - 1) % n,
                "Home" => 0,
                "End" => n - 1,
                _ => return,
            };
            event.prevent_default();
            if let Some(to) = Tab::ALL.get(to) {
                choose.emit(*to);
                focus(*to);
            }
        })
    };
    html! {
        <div class="tabs phone-tabs" role="tablist" aria-label={tr(lang, "feed.phone.tabs")} {onkeydown}>
            for tab in Tab::ALL {
                <button type="button" key={tab.slug()} class="tab" role="tab" id={tab_id(tab)}
                    aria-controls={panel_id()} aria-selected={(tab == now).to_string()}
                    tabindex={if tab == now { "0" } else { "-1" }} onclick={choose.reform(move |_: MouseEvent| tab)}>
                    { tr(lang, &format!("feed.phone.tab.{}", tab.slug())) }
                </button>
            }
        </div>
    }
}

fn focus(tab: Tab) {
    let element = gloo::utils::document()
        .get_element_by_id(&tab_id(tab))
        .and_then(|element| element.dyn_into::<HtmlElement>().ok());
    if let Some(element) = element {
        // Without focus the tab is still chosen.
        let _ = element.focus();
    }
}
