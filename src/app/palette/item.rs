//! One kind in the palette.

use archplay_editor::EditRefusal;
use archplay_model::Kind;
use web_sys::PointerEvent;
use yew::prelude::*;

use crate::app::icons::{Icon, IconName};
use crate::app::lang::{tr, tr_if_here, use_lang};
use crate::app::session::use_dispatch;

use super::drag::{Press, focus_canvas};

/// Which kind, and how it stands.
#[derive(Properties, PartialEq)]
pub struct ItemProps {
    /// The kind.
    pub kind: Kind,
    /// Whether names are shown.
    pub open: bool,
    /// Whether the next click on the canvas places it.
    pub armed: bool,
    /// Told why it could not be placed.
    pub refuse: Callback<EditRefusal>,
}

/// A button that is dragged, clicked or pressed with Enter.
#[component]
pub fn Item(props: &ItemProps) -> Html {
    let lang = use_lang();
    let dispatch = use_dispatch();
    let press = use_mut_ref(Press::default);
    let (kind, armed) = (props.kind, props.armed);

    let onpointerdown = {
        let press = press.clone();
        Callback::from(move |event: PointerEvent| press.borrow_mut().down(&event))
    };
    let onpointermove = {
        let (press, dispatch) = (press.clone(), dispatch.clone());
        Callback::from(move |event: PointerEvent| {
            press.borrow_mut().moved(&event, kind, &dispatch);
        })
    };
    let onpointerup = {
        let (press, dispatch, refuse) = (press.clone(), dispatch.clone(), props.refuse.clone());
        Callback::from(move |event: PointerEvent| {
            let result = press.borrow_mut().up(&event, &dispatch);
            if let Err(refusal) = result {
                refuse.emit(refusal);
            }
        })
    };
    let onpointercancel = {
        let (press, dispatch) = (press.clone(), dispatch.clone());
        Callback::from(move |_: PointerEvent| press.borrow_mut().cancelled(&dispatch))
    };
    let onclick = {
        let (press, dispatch, refuse) = (press, dispatch, props.refuse.clone());
        Callback::from(move |event: MouseEvent| {
            if std::mem::take(&mut press.borrow_mut().dragged) {
                return;
            }
            // No click count: the keyboard pressed it.
            if event.detail() == 0 {
                match dispatch.update(|editor| editor.place_in_view(kind)) {
                    Ok(_) => focus_canvas(),
                    Err(refusal) => refuse.emit(refusal),
                }
            } else if armed {
                dispatch.update(|editor| editor.cancel());
            } else {
                dispatch.update(|editor| editor.arm(kind));
                focus_canvas();
            }
        })
    };
    let name = tr(lang, &format!("kind.{}.name", kind.slug()));
    // Not worth fetching before anything else is wanted.
    let title = match tr_if_here(lang, &format!("kind.{}.about", kind.slug())) {
        Some(about) => format!("{name}: {about}").into(),
        None => name.clone(),
    };
    html! {
        <button type="button" class="rail-item" data-kind={kind.slug()} aria-pressed={armed.to_string()}
            aria-label={name.clone()} {title} {onpointerdown} {onpointermove} {onpointerup} {onpointercancel} {onclick}>
            <Icon name={IconName::of(kind)} size={24} />
            if props.open {
                <span class="rail-name">
                    { name }
                    if let Some(aws) = kind.aws_name() {
                        <small lang="en">{ aws }</small>
                    }
                </span>
            }
        </button>
    }
}
