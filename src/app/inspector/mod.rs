//! The inspector: what is selected, with everything that can be set on it.
//!
//! Fields are generated from the catalogue; a value that is refused stays in its field with the reason, and
//! the design stays as it was. Must not live here: ranges, defaults, units (the catalogue's).

mod by_hand;
mod choice;
mod component;
mod cover;
mod field;
mod link;
mod list;
mod measured;
mod membership;
mod names;
mod number;
mod overview;
mod schedule;
mod text_field;
mod value;

pub use by_hand::focus_by_hand;
pub use field::{default_text, with_unit};
pub use measured::{amount, window};
pub use value::format_number;

use archplay_editor::Selection;
use gloo::timers::callback::Timeout;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, HtmlInputElement, KeyboardEvent};
use yew::prelude::*;

use crate::app::icons::{Icon, IconName};
use crate::app::lang::{tr, use_lang};
use crate::app::palette::drag::focus_canvas;
use crate::app::session::{EditorAction, use_dispatch, use_selection};

use self::component::ComponentPanel;
use self::cover::Cover;
use self::link::LinkPanel;
use self::overview::Overview;

/// The id of the field with the name.
const NAME_FIELD: &str = "inspector-name";

/// What can be set in the panel, and what takes the focus where nothing can be set.
const FIELDS: [&str; 2] = [
    ".inspector-body :is(input:not([type=radio]), input[type=radio]:checked, select)",
    ".inspector-body :is(summary, button)",
];

/// Gives the first field the focus, as Tab would. While nothing is selected, that of the whole drawing.
pub fn focus_inspector() {
    if focus_first_field() {
        return;
    }
    let show = gloo::utils::document().query_selector(".inspector-show");
    let show = show.ok().flatten();
    if let Some(show) = show.and_then(|show| show.dyn_into::<HtmlElement>().ok()) {
        show.click();
        // The panel comes with the next drawing of the page.
        Timeout::new(30, || {
            focus_first_field();
        })
        .forget();
    }
}

/// Returns whether any field took the focus; those behind a closed fold do not.
fn focus_first_field() -> bool {
    let document = gloo::utils::document();
    let takes = |field: HtmlElement| {
        // Whether it worked is asked of the page.
        let _ = field.focus();
        let took = document.active_element().is_some_and(|at| at == *field);
        if let (true, Some(input)) = (took, field.dyn_ref::<HtmlInputElement>()) {
            input.select();
        }
        took
    };
    FIELDS.iter().any(|fields| {
        document.query_selector_all(fields).is_ok_and(|found| {
            (0..found.length())
                .filter_map(|i| found.get(i)?.dyn_into::<HtmlElement>().ok())
                .any(&takes)
        })
    })
}

/// The inspector of the selection; a small button while nothing is selected.
#[component]
pub fn Inspector() -> Html {
    let lang = use_lang();
    let selection = use_selection();
    let dispatch = use_dispatch();
    let overview = use_state_eq(|| false);

    let close = {
        let (dispatch, overview) = (dispatch.clone(), overview.clone());
        Callback::from(move |_: MouseEvent| {
            overview.set(false);
            // Selecting nothing is never refused.
            let _ = dispatch.apply(EditorAction::Select(Selection::default()));
            focus_canvas();
        })
    };
    let show = {
        let overview = overview.clone();
        Callback::from(move |_: MouseEvent| overview.set(true))
    };
    let onkeydown = {
        let overview = overview.clone();
        Callback::from(move |event: KeyboardEvent| {
            let composing = event.is_composing() || event.key_code() == 229;
            if event.key() == "Escape" && !composing && !event.default_prevented() {
                event.prevent_default();
                event.stop_propagation();
                overview.set(false);
                focus_canvas();
            }
        })
    };
    let nothing = selection.is_empty();
    if nothing && !*overview {
        let label = tr(lang, "inspector.show");
        return html! {
            <button type="button" class="icon-btn inspector-show" aria-label={label.clone()} title={label}
                onclick={show}>
                <Icon name={IconName::List} size={18} />
            </button>
        };
    }
    let panel = if nothing {
        html! { <Overview /> }
    } else if let Some(link) = selection.single_link() {
        html! { <LinkPanel key={link.name()} link={link.clone()} /> }
    } else {
        let key: String = selection
            .components
            .iter()
            .map(|id| format!("{id} "))
            .collect();
        html! { <ComponentPanel {key} selection={selection.clone()} /> }
    };
    let label = tr(lang, "inspector.close");
    html! {
        <aside class="inspector" aria-label={tr(lang, "inspector.label")} {onkeydown}>
            <Cover />
            <button type="button" class="icon-btn inspector-close" aria-label={label.clone()} title={label}
                onclick={close}>
                <Icon name={IconName::Close} size={16} />
            </button>
            { panel }
        </aside>
    }
}
