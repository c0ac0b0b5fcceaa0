//! The palette: kinds to put on the canvas. A rail of icons that opens to names and a search.
//!
//! Drag a kind onto the canvas, or click it and then the canvas, or press Enter on it. Must not live here:
//! what a kind is (the catalogue's), where a component may stand (the editor's).

pub mod drag;
mod item;
pub mod search;

use archplay_editor::Tool;
use archplay_model::{Kind, Role};
use web_sys::{HtmlInputElement, InputEvent, KeyboardEvent};
use yew::prelude::*;

use crate::app::dialog::{Toast, use_toasts};
use crate::app::icons::{Icon, IconName};
use crate::app::lang::{tr, trf, use_lang};
use crate::app::problems::refused;
use crate::app::scenario::use_scenario;
use crate::app::session::{use_dispatch, use_interaction};
use crate::app::store::local;

use self::drag::focus_canvas;
use self::item::Item;

const OPEN_KEY: &str = "archplay/palette-open";

/// The kinds that the chosen scenario allows, in the order of the palette.
#[hook]
pub fn use_allowed() -> Vec<Kind> {
    let scenario = use_scenario();
    let allow = scenario
        .as_ref()
        .and_then(|chosen| chosen.scenario.allow.as_ref());
    Kind::ALL
        .into_iter()
        .filter(|kind| allow.is_none_or(|allow| allow.contains(kind)))
        .collect()
}

/// From this many kinds on they stand under headings.
const SECTIONS_FROM: usize = 10;

/// The kinds by the part they play, in the order of the palette. What was searched for, and a short list,
/// stays in one piece without a heading.
fn sections(kinds: &[Kind], in_one: bool) -> Vec<(Option<Role>, Vec<Kind>)> {
    if in_one || kinds.len() < SECTIONS_FROM {
        return vec![(None, kinds.to_vec())];
    }
    let of = |role: Role| {
        kinds
            .iter()
            .copied()
            .filter(move |kind| kind.role() == role)
    };
    Role::ALL
        .into_iter()
        .map(|role| (Some(role), of(role).collect::<Vec<Kind>>()))
        .filter(|(_, kinds)| !kinds.is_empty())
        .collect()
}

/// The rail with the kinds.
#[component]
pub fn Rail() -> Html {
    let lang = use_lang();
    let allowed = use_allowed();
    let interaction = use_interaction();
    let dispatch = use_dispatch();
    let toasts = use_toasts();
    let open = use_state_eq(|| local::get(OPEN_KEY).as_deref() == Some("1"));
    let query = use_state_eq(String::new);
    let field = use_node_ref();

    let first = use_mut_ref(|| true);
    use_effect_with(*open, {
        let field = field.clone();
        move |open| {
            // Opened by hand, not by the page's memory: the search is what one wants next.
            if !first.replace(false)
                && *open
                && let Some(field) = field.cast::<HtmlInputElement>()
            {
                let _ = field.focus();
            }
        }
    });

    let toggle = {
        let (open, query) = (open.clone(), query.clone());
        Callback::from(move |_: MouseEvent| {
            local::set(OPEN_KEY, if *open { "0" } else { "1" });
            query.set(String::new());
            open.set(!*open);
        })
    };
    let refuse = {
        let toasts = toasts.clone();
        Callback::from(move |refusal| toasts.emit(Toast::bad(refused(lang, refusal))))
    };
    let shown = if *open {
        search::search(&query, &allowed)
    } else {
        allowed.clone()
    };
    let oninput = {
        let query = query.clone();
        Callback::from(move |event: InputEvent| {
            if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
                query.set(input.value());
            }
        })
    };
    let onkeydown = {
        let (query, dispatch, refuse) = (query.clone(), dispatch.clone(), refuse.clone());
        Callback::from(move |event: KeyboardEvent| {
            if event.is_composing() || event.key_code() == 229 {
                return;
            }
            // What is typed may not be drawn yet.
            let field = event.target_dyn_into::<HtmlInputElement>();
            let typed = field.map(|field| field.value()).unwrap_or_default();
            match event.key().as_str() {
                "Enter" if !typed.is_empty() => {
                    let found = search::search(&typed, &allowed);
                    let Some(kind) = found.first().copied() else {
                        return;
                    };
                    event.prevent_default();
                    match dispatch.update(|editor| editor.place_in_view(kind)) {
                        Ok(_) => {
                            query.set(String::new());
                            focus_canvas();
                        }
                        Err(refusal) => refuse.emit(refusal),
                    }
                }
                "Escape" => {
                    event.prevent_default();
                    event.stop_propagation();
                    if typed.is_empty() {
                        focus_canvas();
                    } else {
                        query.set(String::new());
                    }
                }
                _ => {}
            }
        })
    };
    let armed = match &interaction.tool {
        Tool::Place(placing) => Some(placing.kind),
        Tool::Select(_) | Tool::Connect(_) => None,
    };
    let toggle_label = tr(
        lang,
        if *open {
            "palette.close"
        } else {
            "palette.open"
        },
    );
    html! {
        <nav class={classes!("rail", open.then_some("rail-open"))} aria-label={tr(lang, "palette.label")}>
            <div class="rail-body">
                <div class="rail-head">
                    <button type="button" class="icon-btn rail-toggle" aria-expanded={open.to_string()}
                        aria-label={toggle_label.clone()} title={toggle_label} onclick={toggle}>
                        <Icon name={if *open { IconName::ChevronLeft } else { IconName::Search }} size={18} />
                    </button>
                    if *open {
                        <input ref={field} class="input rail-search" type="search" autocomplete="off"
                            spellcheck="false" value={(*query).clone()}
                            placeholder={tr(lang, "palette.search")} aria-label={tr(lang, "palette.search")}
                            {oninput} {onkeydown} />
                    }
                </div>
                for (role, kinds) in sections(&shown, !query.trim().is_empty()) {
                    <div class="rail-list" key={role.map_or("all", Role::slug)} role="group"
                        aria-label={role.map(|role| tr(lang, &format!("palette.role.{}", role.slug())))}>
                        if let Some(role) = role.filter(|_| *open) {
                            <p class="rail-role" aria-hidden="true">
                                { tr(lang, &format!("palette.role.{}", role.slug())) }
                            </p>
                        }
                        for kind in kinds {
                            <Item key={kind.slug()} {kind} open={*open} armed={armed == Some(kind)}
                                refuse={refuse.clone()} />
                        }
                    </div>
                }
                if shown.is_empty() {
                    <p class="rail-empty" role="status">
                        { trf(lang, "palette.none", &[("query", query.trim())]) }
                    </p>
                }
                if armed.is_some() && *open {
                    <p class="rail-hint" role="status">{ tr(lang, "palette.armed") }</p>
                }
            </div>
        </nav>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_kinds_stand_in_sections_and_none_is_lost() {
        let all = sections(&Kind::ALL, false);
        let roles: Vec<Option<Role>> = all.iter().map(|(role, _)| *role).collect();
        assert_eq!(roles, Role::ALL.map(Some));
        assert_eq!(
            all.iter().map(|(_, kinds)| kinds.len()).sum::<usize>(),
            Kind::ALL.len()
        );
        assert_eq!(sections(&Kind::ALL, true).len(), 1);
        let few = [Kind::Client, Kind::Server, Kind::Database];
        assert_eq!(sections(&few, false), [(None, few.to_vec())]);
    }
}
