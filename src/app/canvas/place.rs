//! The small search that a double click on empty canvas opens: type a name, Enter places it there.

use archplay_editor::Point;
use archplay_model::Kind;
use archplay_text::Lang;
use web_sys::{HtmlInputElement, InputEvent, KeyboardEvent};
use yew::prelude::*;

use crate::app::combo::{Step, use_combo};
use crate::app::icons::{Icon, IconName};
use crate::app::lang::{tr, use_lang};
use crate::app::palette::use_allowed;

use super::names::kind_name;

/// Where it stands and what it tells.
#[derive(Properties, PartialEq)]
pub struct PlaceSearchProps {
    /// The point of the view.
    pub at: (f64, f64),
    /// A kind was chosen.
    pub on_place: Callback<(Kind, Point)>,
    /// It is closed without.
    pub on_close: Callback<()>,
}

/// Whether a kind is meant by what was typed.
pub fn matches(kind: Kind, query: &str) -> bool {
    let query = query.trim().to_lowercase();
    if query.is_empty() {
        return true;
    }
    let named = Lang::ALL.into_iter().any(|lang| {
        let name = kind_name(kind, lang).to_lowercase();
        name.contains(&query) || name.replace(' ', "").contains(&query.replace(' ', ""))
    });
    let aws = kind
        .aws_name()
        .is_some_and(|name| name.to_lowercase().contains(&query));
    let slug = kind.slug().replace('_', " ").contains(&query);
    named
        || aws
        || slug
        || kind
            .synonyms()
            .iter()
            .any(|word| word.contains(query.as_str()))
}

/// The search.
#[component]
pub fn PlaceSearch(props: &PlaceSearchProps) -> Html {
    let lang = use_lang();
    let combo = use_combo();
    let input = use_node_ref();
    use_effect_with((), {
        let input = input.clone();
        move |()| {
            if let Some(input) = input.cast::<HtmlInputElement>() {
                // An element that cannot be focused can still be clicked.
                let _ = input.focus();
            }
        }
    });
    let allowed = use_allowed();
    let find = move |query: &str| -> Vec<Kind> {
        let kinds = allowed.iter().copied();
        kinds.filter(|kind| matches(*kind, query)).collect()
    };
    let found = find(&combo.query());
    let index = combo.at(found.len());
    let at = Point::new(props.at.0, props.at.1);
    let oninput = {
        let combo = combo.clone();
        Callback::from(move |event: InputEvent| {
            if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
                combo.take(input.value());
            }
        })
    };
    let onkeydown = {
        let (on_place, on_close) = (props.on_place.clone(), props.on_close.clone());
        Callback::from(move |event: KeyboardEvent| {
            event.stop_propagation();
            if event.is_composing() || event.key_code() == 229 {
                return;
            }
            // By what is typed, not by what is drawn.
            let found = find(&combo.query());
            let step = |step: Step| {
                combo.step(step, found.len());
            };
            match event.key().as_str() {
                "Escape" => on_close.emit(()),
                "ArrowDown" => step(Step::Next),
                "ArrowUp" => step(Step::Previous),
                "Enter" => {
                    if let Some(kind) = found.get(combo.at(found.len())) {
                        on_place.emit((*kind, at));
                    }
                }
                _ => return,
            }
            event.prevent_default();
        })
    };
    let option_id = |kind: Kind| format!("place-{}", kind.slug());
    let active = found.get(index).map(|kind| option_id(*kind));
    let style = format!("left:{}px;top:{}px", props.at.0, props.at.1);
    html! {
        <div class="place-search popover" data-float="" {style}>
            <input ref={input} class="input" type="text" role="combobox" autocomplete="off" spellcheck="false"
                aria-expanded="true" aria-controls="place-list" aria-activedescendant={active}
                placeholder={tr(lang, "canvas.place_placeholder")} aria-label={tr(lang, "canvas.place_placeholder")}
                {oninput} {onkeydown} />
            <ul id="place-list" role="listbox" aria-label={tr(lang, "canvas.place_list")}>
                for (i, kind) in found.iter().copied().enumerate() {
                    <li key={kind.slug()} id={option_id(kind)} role="option" class="menu-item"
                        aria-selected={(i == index).to_string()}
                        onclick={{
                            let on_place = props.on_place.clone();
                            move |_: MouseEvent| on_place.emit((kind, at))
                        }}>
                        <Icon name={IconName::of(kind)} size={18} />
                        { kind_name(kind, lang) }
                    </li>
                }
                if found.is_empty() {
                    <li class="place-none">{ tr(lang, "canvas.place_none") }</li>
                }
            </ul>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_by_korean_english_and_aws_names() {
        let check = |query: &str, kind: Kind| assert!(matches(kind, query), "{query} {kind:?}");
        check("", Kind::Zone);
        check("rds", Kind::Database);
        check("EC2", Kind::Server);
        check("CloudFront", Kind::Cdn);
        check("데이터", Kind::Database);
        check("load b", Kind::LoadBalancer);
        assert!(!matches(Kind::Client, "rds"));
    }
}
